import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, queryAllTexts } from "@odoo/hoot-dom";
import { contains, fields, models } from "@web/../tests/web_test_helpers";
import { defineOurModels, openForm } from "./helpers";

const part = (key, label, ...missing) => ({ part: key, label, done: !missing.length, missing });
const PHONE = { field: "phone", text: "The phone number" };
const SUMMARY = { field: "summary", text: "The summary of the work" };
const COMPLETENESS = {
    percent: 60,
    missing: 2,
    parts: [
        part("basis", "Basis"),
        part("person", "Person", PHONE),
        part("work", "Work", SUMMARY),
        { ...part("check", "Check"), done: false },
    ],
};

class Application extends models.Model {
    _name = "skill.cert.application";

    level = fields.Char();
    phone = fields.Char();
    summary = fields.Char();
    completeness = fields.Json();

    _records = [
        { id: 1, completeness: COMPLETENESS },
        { id: 2, completeness: { percent: 100, missing: 0, parts: [part("basis", "Basis"), part("person", "Person")] } },
        { id: 3, completeness: false },
    ];
}

defineOurModels(Application);

const openApplication = (id) =>
    openForm(
        Application,
        `<header><widget name="skill_cert_submit"/></header>
        <field name="completeness" widget="skill_cert_guide"/>
        <sheet><field name="level"/>
            <notebook>
                <page name="work" string="Work"><field name="summary"/></page>
                <page name="person" string="Person"><field name="phone"/></page>
                <page name="check" string="Check"><field name="completeness" widget="skill_cert_checklist"/></page>
            </notebook>
        </sheet>`,
        id
    );
const PART = ".o_skill_cert_guide li";
const MISSING = ".o_skill_cert_missing_line";
const PAGE = ".o_notebook_headers .nav-link.active";

test("each part says whether it is complete or how many things are missing in it", async () => {
    await openApplication(1);
    expect(queryAllTexts(`${PART} .o_skill_cert_mark`)).toEqual(["", "1", "1", ""]);
    expect(`${PART}.o_done`).toHaveCount(1);
    expect(`${PART}:eq(0) button`).toHaveAttribute("aria-label", "Basis: complete");
    expect(`${PART}:eq(1) button`).toHaveAttribute("aria-label", "Person: 1 missing");
    expect(`${PART}:eq(3) button`).toHaveAttribute("aria-label", "Check");
    expect(`${MISSING} .o_skill_cert_share`).toHaveText("Things still missing: 2");
});

test("the first part in which something is missing is the one to go on with", async () => {
    await openApplication(1);
    expect(`${PART}.o_current`).toHaveText(/Person/);
    expect(queryAllTexts(`${MISSING} .o_skill_cert_one`)).toEqual(["The phone number"]);
});

test("a part that is chosen opens its page and says what it lacks", async () => {
    await openApplication(1);
    await contains(`${PART} [data-part=person]`).click();
    expect(PAGE).toHaveAttribute("name", "person");
    await contains(`${PART} [data-part=work]`).click();
    expect(PAGE).toHaveAttribute("name", "work");
    expect(queryAllTexts(`${MISSING} .o_skill_cert_one`)).toEqual(["The summary of the work"]);
});

test("what is missing leads to its field, on another page, too, and marks it for a moment", async () => {
    await openApplication(1);
    await contains(`${MISSING} [data-field=phone]`).click();
    await animationFrame();
    await animationFrame();
    expect(PAGE).toHaveAttribute("name", "person");
    expect("[name=phone] input").toBeFocused();
    expect(".o_field_widget[name=phone]").toHaveClass("o_skill_cert_look");
    await advanceTime(1800);
    expect(".o_field_widget[name=phone]").not.toHaveClass("o_skill_cert_look");
});

test("the basis stands above the pages: the part leads to it without turning a page", async () => {
    await openApplication(1);
    await contains(`${PART} [data-part=person]`).click();
    await contains(`${PART} [data-part=basis]`).click();
    await animationFrame();
    expect(PAGE).toHaveAttribute("name", "person");
    expect("[name=level] input").toBeFocused();
});

test("what is missing and has no field in the form breaks nothing", async () => {
    Application._records[0].completeness = {
        ...COMPLETENESS,
        parts: [part("person", "Person", { field: "nowhere", text: "Something else" })],
    };
    await openApplication(1);
    await contains(`${MISSING} [data-field=nowhere]`).click();
    await advanceTime(2000);
    expect(PAGE).toHaveAttribute("name", "person");
});

test("to submit while something is missing leads to the list of it instead of a refusal", async () => {
    await openApplication(1);
    expect(".o_skill_cert_submit").toHaveText("Submit (2 missing)");
    expect(".o_skill_cert_submit").toHaveAttribute("title", "The phone number\nThe summary of the work");
    await contains(".o_skill_cert_submit").click();
    expect(PAGE).toHaveAttribute("name", "check");
    expect(queryAllTexts(".o_skill_cert_checklist [data-field]")).toEqual([PHONE.text, SUMMARY.text]);
    expect(".o_skill_cert_checklist [role=progressbar]").toHaveAttribute("aria-valuenow", "60");
    await contains(".o_skill_cert_checklist [data-field=summary]").click();
    await animationFrame();
    expect(PAGE).toHaveAttribute("name", "work");
});

test("a complete application asks for nothing", async () => {
    await openApplication(2);
    expect(`${MISSING} .o_skill_cert_share`).toHaveText("Nothing is missing any more");
    expect(`${PART}.o_current, ${MISSING} .o_skill_cert_one`).toHaveCount(0);
});

test("an application that is not judged yet breaks no form", async () => {
    await openApplication(3);
    expect(".o_skill_cert_guide").toHaveCount(1);
    expect(PART).toHaveCount(0);
    expect(".o_skill_cert_submit").toHaveText("Submit (0 missing)");
});
