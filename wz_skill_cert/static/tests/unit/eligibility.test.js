import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { fields, models } from "@web/../tests/web_test_helpers";
import { defineOurModels, openForm } from "./helpers";

const criterion = (values) => ({ label: "Patents", have: 1, need: 2, percent: 50, met: false, missing: "1 more", ...values });
const condition = (id, met, ...criteria) => ({ id, number: id, text: `Condition ${id}`, met, criteria });
const DISTANCE = [
    {
        level: "technician",
        label: "Technician",
        conditions: [condition(1, false, criterion({}), criterion({ have: 0, percent: 0 })), condition(2, false)],
    },
    {
        level: "senior_worker",
        label: "Senior worker",
        conditions: [
            condition(3, false, criterion({})),
            condition(4, true, criterion({ have: 3, percent: 100, met: true, missing: "" })),
        ],
    },
];

class Employee extends models.Model {
    _name = "skill.cert.test.employee";

    distance = fields.Json();
    eligibility = fields.Text();

    _records = [
        { id: 1, distance: DISTANCE, eligibility: "高级工\n✓ Honour of the county\n✗ 1 patent more\n \n" },
        { id: 2, distance: false, eligibility: false },
    ];
}

defineOurModels(Employee);

const openEmployee = (id) =>
    openForm(
        Employee,
        `<field name="distance" widget="skill_cert_distance"/><field name="eligibility" widget="skill_cert_eligibility" readonly="1"/>`,
        id
    );
const LEVEL = ".o_skill_cert_level";

test("one condition met is enough for its level, and says nothing of the other level", async () => {
    await openEmployee(1);
    expect(queryAllTexts(`${LEVEL} .badge`)).toEqual(["Not yet", "Qualifies"]);
    expect(`${LEVEL}:eq(1) .o_skill_cert_condition.o_met`).toHaveCount(1);
    expect(`${LEVEL}:eq(0) .o_met`).toHaveCount(0);
});

test("a bar is as long as the way that is done: none, part of it, all", async () => {
    await openEmployee(1);
    const bars = queryAll(`${LEVEL} .progress-bar`).map((bar) => [bar.style.width, bar.className.match(/bg-\w+/)[0]]);
    expect(bars).toEqual([
        ["50%", "bg-warning"],
        ["0%", "bg-secondary"],
        ["50%", "bg-warning"],
        ["100%", "bg-success"],
    ]);
});

test("what is missing is said where something is missing, and only there", async () => {
    await openEmployee(1);
    expect(`${LEVEL}:eq(1) .o_skill_cert_criterion:eq(0)`).toHaveText(/1 more/);
    expect(`${LEVEL}:eq(1) .o_skill_cert_criterion:eq(1)`).toHaveText(/^Patents\s+3 \/ 3|^Patents\s+3 \/ 2/);
    expect(`${LEVEL}:eq(1) .o_skill_cert_criterion:eq(1) > .text-muted`).toHaveCount(0);
});

test("an employee about whom nothing is known breaks no form", async () => {
    await openEmployee(2);
    expect(".o_skill_cert_distance").toHaveCount(1);
    expect(`${LEVEL}, .o_skill_cert_eligibility li`).toHaveCount(0);
});

test("the explanation is read line by line: heading, what is met, what is missing", async () => {
    await openEmployee(1);
    expect(queryAllTexts(".o_skill_cert_eligibility li")).toEqual(["高级工", "Honour of the county", "1 patent more"]);
    expect(".o_skill_cert_met .fa-check-circle").toHaveCount(1);
    expect(".o_skill_cert_missing .fa-circle-o").toHaveCount(1);
    expect(".o_skill_cert_heading i").toHaveCount(0);
});
