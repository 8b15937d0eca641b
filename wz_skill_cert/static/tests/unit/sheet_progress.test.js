import { destroy, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-dom";
import { fields, makeServerError, models, onRpc } from "@web/../tests/web_test_helpers";
import { defineOurModels, openForm } from "./helpers";

class SheetImport extends models.Model {
    _name = "skill.cert.sheet.import";

    progress = fields.Float();
    state = fields.Selection({
        selection: [
            ["new", "New"],
            ["checking", "Checking"],
            ["checked", "Checked"],
        ],
    });

    _records = [
        { id: 1, state: "checking", progress: 12.6 },
        { id: 2, state: "new", progress: 0 },
    ];
}

defineOurModels(SheetImport);

const BAR = ".o_field_skill_cert_sheet_progress [role=progressbar]";
const openImport = (id) =>
    openForm(SheetImport, `<field name="state" invisible="1"/><field name="progress" widget="skill_cert_sheet_progress"/>`, id);
const answerWith = (answer) =>
    onRpc("skill.cert.sheet.import", "web_read", () => {
        expect.step("read");
        return answer();
    });

test("the bar follows a check in the background until it has ended, and then asks no more", async () => {
    await openImport(1);
    expect(BAR).toHaveAttribute("aria-valuenow", "13");
    answerWith(() => [{ id: 1, state: "checking", progress: 60 }]);
    await advanceTime(1500);
    await animationFrame();
    expect(BAR).toHaveText("60%");
    answerWith(() => [{ id: 1, state: "checked", progress: 100 }]);
    await advanceTime(1500);
    await animationFrame();
    expect(BAR).toHaveText("100%");
    expect.verifySteps(["read", "read"]);
    await advanceTime(15000);
    expect.verifySteps([]);
});

test("a file that nobody checks yet is not asked about", async () => {
    await openImport(2);
    answerWith(() => undefined);
    await advanceTime(15000);
    expect.verifySteps([]);
});

test("a server that is away for a moment does not stop the bar for ever", async () => {
    expect.errors(1);
    await openImport(1);
    answerWith(() => {
        throw makeServerError({ message: "away" });
    });
    await advanceTime(1500);
    await animationFrame();
    expect.verifyErrors(["away"]);
    answerWith(() => [{ id: 1, state: "checking", progress: 60 }]);
    await advanceTime(1500);
    await animationFrame();
    expect(BAR).toHaveText("60%");
    expect.verifySteps(["read", "read"]);
});

test("who has left the page asks no more, even if the last answer comes only then", async () => {
    const form = await openImport(1);
    const answer = new Deferred();
    answerWith(() => answer);
    await advanceTime(1500);
    destroy(form);
    answer.resolve([{ id: 1, state: "checking", progress: 60 }]);
    await advanceTime(15000);
    expect.verifySteps(["read"]);
});
