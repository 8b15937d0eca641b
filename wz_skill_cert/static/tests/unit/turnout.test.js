import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-dom";
import { contains, fields, makeServerError, models, onRpc } from "@web/../tests/web_test_helpers";
import { defineOurModels, openForm } from "./helpers";

class Session extends models.Model {
    _name = "skill.cert.session";

    name = fields.Char();
    state = fields.Selection({
        selection: [
            ["draft", "Draft"],
            ["open", "Open"],
            ["closed", "Closed"],
        ],
    });
    progress = fields.Selection({
        selection: [
            ["few", "Not yet"],
            ["enough", "Enough"],
            ["all", "Everybody"],
        ],
    });
    may_close = fields.Boolean();

    _records = [
        { id: 1, name: "open", state: "open", progress: "few", may_close: false },
        { id: 2, name: "closed", state: "closed", progress: false, may_close: false },
    ];
}

defineOurModels(Session);

const openTurnout = (id) =>
    openForm(
        Session,
        `<field name="name"/><field name="state" invisible="1"/><field name="may_close" invisible="1"/>
        <field name="progress" widget="skill_cert_turnout"/>`,
        id
    );
const BAR = ".o_field_skill_cert_turnout [role=progressbar]";

test("the turnout of an open vote follows the votes every five seconds", async () => {
    onRpc("skill.cert.session", "turnout", ({ args }) => {
        expect.step(args);
        return { progress: "enough", may_close: false, state: "open" };
    });
    await openTurnout(1);
    expect(".o_field_skill_cert_turnout").toHaveText("Not yet");
    await advanceTime(4900);
    expect.verifySteps([]);
    await advanceTime(200);
    await animationFrame();
    expect.verifySteps([[[1]]]);
    expect(".o_field_skill_cert_turnout").toHaveText("Enough");
});

test("a closed vote is not asked about any more", async () => {
    onRpc("skill.cert.session", "turnout", () => expect.step("asked"));
    await openTurnout(2);
    await advanceTime(20000);
    expect.verifySteps([]);
});

test("a slow answer is waited for: nobody asks a second time meanwhile", async () => {
    const answer = new Deferred();
    onRpc("skill.cert.session", "turnout", async () => {
        expect.step("asked");
        return answer;
    });
    await openTurnout(1);
    await advanceTime(16000);
    expect.verifySteps(["asked"]);
    answer.resolve({ progress: "enough", may_close: false, state: "open" });
    await animationFrame();
    await advanceTime(5000);
    expect.verifySteps(["asked"]);
});

test("a server that is away for a moment costs neither the step nor the next look", async () => {
    let away = true;
    onRpc("skill.cert.session", "turnout", () => {
        expect.step("asked");
        if (away) {
            throw makeServerError({ message: "away" });
        }
        return { progress: "enough", may_close: false, state: "open" };
    });
    await openTurnout(1);
    await advanceTime(5000);
    await animationFrame();
    expect(".o_field_skill_cert_turnout").toHaveText("Not yet");
    away = false;
    await advanceTime(5000);
    await animationFrame();
    expect(".o_field_skill_cert_turnout").toHaveText("Enough");
    expect.verifySteps(["asked", "asked"]);
});

test("the form is read anew as soon as all have voted, and not while something is typed in it", async () => {
    onRpc("skill.cert.session", "turnout", () => ({ progress: "all", may_close: true, state: "open" }));
    onRpc("skill.cert.session", "web_read", () => {
        expect.step("read");
    });
    await openTurnout(1);
    expect.verifySteps(["read"]);
    await contains("[name=name] input").edit("typed", { confirm: false });
    await advanceTime(5000);
    await animationFrame();
    expect("[name=name] input").toHaveValue("typed");
    expect.verifySteps([]);
    await openTurnout(1);
    expect.verifySteps(["read"]);
    await advanceTime(5000);
    await animationFrame();
    expect.verifySteps(["read"]);
});

test("the bar knows steps and no number of votes", async () => {
    await openTurnout(1);
    expect(BAR).toHaveAttribute("aria-valuenow", "1");
    expect(BAR).toHaveAttribute("aria-valuemax", "3");
    expect(`${BAR} .progress-bar`).toHaveStyle({ width: "33%" }, { inline: true });
});

test("where nothing is voted on the bar is empty", async () => {
    await openTurnout(2);
    expect(`${BAR} .progress-bar`).toHaveStyle({ width: "0%" }, { inline: true });
});
