import { expect, test } from "@odoo/hoot";
import { animationFrame, manuallyDispatchProgrammaticEvent, queryOne } from "@odoo/hoot-dom";
import { clickSave, contains, fields, models, onRpc } from "@web/../tests/web_test_helpers";
import { defineOurModels, openForm } from "./helpers";

class Assessment extends models.Model {
    _name = "skill.cert.assessment";

    score = fields.Integer();
    final = fields.Boolean();

    _records = [
        { id: 1, score: 0 },
        { id: 2, score: 80, final: true },
    ];
}

defineOurModels(Assessment);

const NUMBER = ".o_skill_cert_score input[type=number]";
const THUMB = ".o_skill_cert_score input[type=range]";

async function openScore(id) {
    onRpc("skill.cert.assessment", "web_save", ({ args }) => {
        expect.step(args[1].score);
    });
    const nodes = `<field name="final" invisible="1"/><field name="score" widget="skill_cert_score" readonly="final"/>`;
    await openForm(Assessment, nodes, id);
}

async function give(text) {
    await contains(NUMBER).edit(text, { instantly: true });
    await clickSave();
}

test("no score is an empty field, not a 0", async () => {
    await openScore(1);
    expect(NUMBER).toHaveProperty("value", "");
});

test("a score within 1 to 100 is kept as it is, both ends included", async () => {
    await openScore(1);
    await give("1");
    await give("100");
    expect.verifySteps([1, 100]);
    expect(NUMBER).toHaveValue(100);
    expect(THUMB).toHaveValue(100);
});

test("a score above 100 becomes 100", async () => {
    await openScore(1);
    await give("101");
    expect.verifySteps([100]);
    expect(NUMBER).toHaveValue(100);
});

test("a score below 1 is no score", async () => {
    await openScore(1);
    await give("50");
    await give("-5");
    expect.verifySteps([50, 0]);
    expect(NUMBER).toHaveProperty("value", "");
});

test("what is no number is no score", async () => {
    await openScore(1);
    await give("50");
    await contains(NUMBER).clear();
    await clickSave();
    expect.verifySteps([50, 0]);
});

test("the number follows the thumb; the record changes once, when it lets go", async () => {
    await openScore(1);
    const thumb = queryOne(THUMB);
    for (const value of [20, 60]) {
        thumb.value = value;
        await manuallyDispatchProgrammaticEvent(thumb, "input");
        expect(NUMBER).toHaveValue(value);
    }
    await animationFrame();
    expect(".o_form_status_indicator_buttons.invisible").toHaveCount(1);
    await manuallyDispatchProgrammaticEvent(thumb, "change");
    await animationFrame();
    await clickSave();
    expect.verifySteps([60]);
});

test("a submitted score is shown and cannot be changed", async () => {
    await openScore(2);
    expect(".o_skill_cert_score input").toHaveCount(0);
    expect(".o_skill_cert_score").toHaveText("80");
    expect(".progress-bar").toHaveStyle({ width: "80%" }, { inline: true });
});
