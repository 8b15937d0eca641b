import { beforeEach, destroy, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, resize } from "@odoo/hoot-dom";
import { contains, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineOurModels } from "./helpers";

const PAPERS = ".o_form_view .o_skill_cert_evidence";
const TOGGLE = ".o_skill_cert_papers_toggle";
const paper = (kind, id, group) => ({
    key: `${kind}-${id}`,
    model: `skill.cert.${kind}`,
    id,
    group,
    name: `${kind} ${id}`,
    files: [{ id, name: `file-${id}`, kind: "other", url: `/web/content/${id}` }],
    checked: false,
});

class Application extends models.Model {
    _name = "skill.cert.application";

    name = fields.Char();
    state = fields.Char();
    user_is_officer = fields.Boolean();
    is_checkable = fields.Boolean();
    user_may_edit = fields.Boolean();
    material_ids = fields.One2many({ relation: "skill.cert.material", relation_field: "application_id" });

    _records = [
        { id: 1, name: "checked", state: "submitted", user_is_officer: true, is_checkable: true, material_ids: [31, 32] },
        { id: 2, name: "own draft", state: "draft", user_may_edit: true },
        { id: 3, name: "decided", state: "certified", user_is_officer: true },
    ];
}

class Material extends models.Model {
    _name = "skill.cert.material";

    name = fields.Char();
    application_id = fields.Many2one({ relation: "skill.cert.application" });

    _records = [
        { id: 31, name: "identity card", application_id: 1 },
        { id: 32, name: "certificate", application_id: 1 },
    ];
}

class Assessment extends models.Model {
    _name = "skill.cert.assessment";

    opinion = fields.Char();
    state = fields.Char();
    application_id = fields.Many2one({ relation: "skill.cert.application" });
    user_may_edit = fields.Boolean();

    _records = [
        { id: 41, state: "draft", application_id: 1, user_may_edit: true },
        { id: 42, state: "invited", application_id: 1, user_may_edit: false },
        { id: 43, state: "submitted", application_id: 1, user_may_edit: false },
    ];
}

defineOurModels(Application, Material, Assessment);

beforeEach(() => {
    onRpc("skill.cert.application", "evidence", ({ args }) => ({
        application: args[0][0],
        title: "示例",
        may_check: true,
        may_verify: false,
        reasons: [],
        checked: 0,
        total: 2,
        papers: [paper("material", 31, "materials"), paper("material", 32, "materials")],
    }));
    onRpc(/^skill\.cert\.(application|assessment)$/, "web_save", ({ model, args }) => {
        expect.step([model, args[1]]);
    });
});

const openForm = (resModel, resId, nodes) =>
    mountView({
        type: "form",
        resModel,
        resId,
        arch: `<form js_class="skill_cert_case_form"><field name="state" invisible="1"/>
            <field name="user_may_edit" invisible="1"/>${nodes}</form>`,
    });
const openCase = (id) =>
    openForm(
        "skill.cert.application",
        id,
        `<field name="user_is_officer" invisible="1"/><field name="is_checkable" invisible="1"/><field name="name"/>
        <field name="material_ids" widget="skill_cert_papers" readonly="not user_may_edit"><list><field name="name"/></list></field>`
    );
const openAssessment = (id) =>
    openForm("skill.cert.assessment", id, `<field name="application_id" invisible="1"/><field name="opinion"/>`);

async function settle() {
    await animationFrame();
    await animationFrame();
}

// The first tests say what is open by itself: no one has chosen anything yet.

test("the papers open by themselves for the officer who has to check them", async () => {
    await openCase(1);
    expect(PAPERS).toHaveCount(1);
    expect(TOGGLE).toHaveAttribute("aria-pressed", "true");
});

test("the papers stay closed beside a draft, and once the case is decided", async () => {
    const draft = await openCase(2);
    expect(PAPERS).toHaveCount(0);
    expect(TOGGLE).toHaveCount(1);
    destroy(draft);
    await openCase(3);
    expect(PAPERS).toHaveCount(0);
});

test("an expert has the papers beside the own assessment", async () => {
    await openAssessment(41);
    expect(PAPERS).toHaveCount(1);
});

test("who has not accepted the invitation yet is shown no papers", async () => {
    await openAssessment(42);
    expect(`${PAPERS}, ${TOGGLE}`).toHaveCount(0);
});

test("a new case has no papers to show", async () => {
    await openCase();
    expect(`${PAPERS}, ${TOGGLE}`).toHaveCount(0);
});

test("an assessment saves itself two seconds after the last change", async () => {
    await openAssessment(41);
    await contains("[name=opinion] input").edit("good");
    await advanceTime(1500);
    await contains("[name=opinion] input").edit("very good");
    await advanceTime(1500);
    expect.verifySteps([]);
    await advanceTime(600);
    await settle();
    expect.verifySteps([["skill.cert.assessment", { opinion: "very good" }]]);
    await advanceTime(10000);
    expect.verifySteps([]);
});

test("an assessment that is submitted does not save itself", async () => {
    await openAssessment(43);
    await contains("[name=opinion] input").edit("too late");
    await advanceTime(10000);
    await settle();
    expect.verifySteps([]);
});

test("an application is never saved without being asked", async () => {
    await openCase(2);
    await contains("[name=name] input").edit("changed");
    await advanceTime(10000);
    await settle();
    expect.verifySteps([]);
});

test("what is ticked beside the form takes nothing away that was typed in it", async () => {
    onRpc("skill.cert.material", "write", () => true);
    await openCase(1);
    await contains("[name=name] input").edit("typed");
    await contains(`${PAPERS} .o_skill_cert_seen:eq(0)`).click();
    await settle();
    expect.verifySteps([["skill.cert.application", { name: "typed" }]]);
    expect("[name=name] input").toHaveValue("typed");
});

test("a row that is only read shows its file beside the form", async () => {
    await openCase(1);
    expect(".o_skill_cert_paper.active").toHaveAttribute("data-paper", "material-31");
    await contains(".o_data_row:eq(1) .o_data_cell").click();
    await settle();
    expect(".o_skill_cert_paper.active").toHaveAttribute("data-paper", "material-32");
    expect(".modal").toHaveCount(0);
});

test("a screen without room shows the papers over the form instead of beside it", async () => {
    await resize({ width: 800 });
    await openCase(1);
    expect(PAPERS).toHaveCount(0);
    await contains(".o_data_row:eq(1) .o_data_cell").click();
    await settle();
    expect(".modal .o_skill_cert_paper.active").toHaveAttribute("data-paper", "material-32");
});

// Last: what a user chooses holds until the page is loaded anew.

test("who closes the papers finds them closed beside the next case", async () => {
    const first = await openCase(1);
    await contains(`${PAPERS} .btn[title='Close the papers']`).click();
    expect(PAPERS).toHaveCount(0);
    destroy(first);
    const second = await openCase(1);
    expect(PAPERS).toHaveCount(0);
    await contains(TOGGLE).click();
    expect(PAPERS).toHaveCount(1);
    destroy(second);
    await openCase(3);
    expect(PAPERS).toHaveCount(1);
});
