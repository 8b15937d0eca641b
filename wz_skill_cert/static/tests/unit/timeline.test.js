import { expect, mockDate, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { fields, models } from "@web/../tests/web_test_helpers";
import { defineOurModels, openForm } from "./helpers";

const TIMELINE = {
    now: { holder: "示例区", since: "2099-03-01T08:00:00+00:00", next: "Assessment" },
    steps: [
        { kind: "done", state: "submitted", label: "Submitted", at: "2099-03-01T08:00:00+00:00", bureau: "示例区" },
        { kind: "now", state: "accepted", label: "Accepted", bureau: "示例区" },
        { kind: "next", state: "assessment", label: "Assessment" },
    ],
};

class Application extends models.Model {
    _name = "skill.cert.application";

    timeline = fields.Json();

    _records = [
        { id: 1, timeline: TIMELINE },
        { id: 2, timeline: false },
        { id: 3, timeline: { now: {}, steps: TIMELINE.steps } },
    ];
}

defineOurModels(Application);

const STEPS = ".o_skill_cert_timeline li";
const openApplication = (id) => openForm(Application, `<field name="timeline" widget="skill_cert_timeline"/>`, id);

test("the course says who has the case, since when, and what comes next", async () => {
    mockDate("2099-03-04 08:00:00", 0);
    await openApplication(1);
    expect(queryAllTexts(".o_skill_cert_timeline dd")).toEqual(["示例区 (3 days ago)", "Assessment"]);
});

test("only what has been is ticked, with its time in the zone of the reader and its bureau", async () => {
    mockDate("2099-03-04 08:00:00", +8);
    await openApplication(1);
    expect(`${STEPS} .fa-check`).toHaveCount(1);
    expect(`${STEPS}.o_done .text-muted`).toHaveText("03/01/2099 16:00 · 示例区");
    expect(`${STEPS}.o_now .text-muted`).toHaveText("示例区");
    expect(`${STEPS}.o_next .text-muted`).toHaveCount(0);
});

test("a case that waits for nobody names nobody", async () => {
    await openApplication(3);
    expect(".o_skill_cert_timeline dl").toHaveCount(0);
    expect(STEPS).toHaveCount(3);
});

test("a case without a course breaks no form", async () => {
    await openApplication(2);
    expect(".o_skill_cert_timeline").toHaveCount(1);
    expect(STEPS).toHaveCount(0);
});
