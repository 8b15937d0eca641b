import { destroy, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-dom";
import { contains, fields, models, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { defineOurModels, openForm } from "./helpers";

class Job extends models.Model {
    _name = "skill.cert.print.job";

    name = fields.Char();
    kind = fields.Selection({
        selection: [
            ["form", "Form"],
            ["list", "List"],
        ],
    });
    state = fields.Selection({
        selection: [
            ["waiting", "Waiting"],
            ["running", "Running"],
            ["done", "Done"],
        ],
        default: "waiting",
    });

    _records = [
        { id: 1, name: "waiting", state: "waiting" },
        { id: 2, name: "done", state: "done" },
    ];
}

defineOurModels(Job);

const NODES = `<widget name="skill_cert_refresh"/><field name="name"/><field name="kind"/><field name="state"/>`;
const STATE = "[name=state] input";

/** Every reading is a step, and answered so; without an answer, as the database stands. */
function answerWith(answer) {
    onRpc("skill.cert.print.job", "web_read", () => {
        expect.step("read");
        return answer;
    });
}

test("work in the background is followed until it is done, and then no more", async () => {
    await openForm(Job, NODES, 1);
    answerWith([{ id: 1, state: "running" }]);
    await advanceTime(2000);
    await animationFrame();
    expect(STATE).toHaveValue("Running");
    answerWith([{ id: 1, state: "done" }]);
    await advanceTime(2000);
    await animationFrame();
    expect(STATE).toHaveValue("Done");
    expect.verifySteps(["read", "read"]);
    await advanceTime(10000);
    expect.verifySteps([]);
});

test("what is done is not asked about", async () => {
    await openForm(Job, NODES, 2);
    answerWith();
    await advanceTime(10000);
    expect.verifySteps([]);
});

test("a new record is not loaded anew: what the user has chosen in it stays", async () => {
    onRpc("skill.cert.print.job", "onchange", () => expect.step("defaults"));
    await openForm(Job, NODES);
    expect.verifySteps(["defaults"]);
    await contains("[name=name] input").edit("chosen");
    await advanceTime(10000);
    await animationFrame();
    expect("[name=name] input").toHaveValue("chosen");
    expect.verifySteps([]);
});

test("what is being changed in a saved record stays, too", async () => {
    await openForm(Job, NODES, 1);
    answerWith();
    await contains("[name=name] input").edit("changed");
    await advanceTime(10000);
    await animationFrame();
    expect("[name=name] input").toHaveValue("changed");
    expect.verifySteps([]);
});

test("a slow answer is waited for: no questions queue up behind it", async () => {
    await openForm(Job, NODES, 1);
    const answer = new Deferred();
    answerWith(answer);
    await advanceTime(10000);
    answer.resolve([{ id: 1, state: "running" }]);
    for (let frame = 0; frame < 10; frame++) {
        await animationFrame();
    }
    expect.verifySteps(["read"]);
});

test("who has left the page leaves no clock behind", async () => {
    const clocks = new Set();
    const { setInterval, clearInterval } = window;
    patchWithCleanup(window, {
        setInterval(callback, milliseconds) {
            const clock = setInterval(callback, milliseconds);
            if (milliseconds === 2000) {
                clocks.add(clock);
            }
            return clock;
        },
        clearInterval(clock) {
            clocks.delete(clock);
            clearInterval(clock);
        },
    });
    const form = await openForm(Job, NODES, 1);
    expect(clocks.size).toBe(1);
    destroy(form);
    expect(clocks.size).toBe(0);
});

test("who has left the page asks no more, even if the last answer comes only then", async () => {
    const form = await openForm(Job, NODES, 1);
    const answer = new Deferred();
    answerWith(answer);
    await advanceTime(2000);
    destroy(form);
    answer.resolve([{ id: 1, state: "running" }]);
    await advanceTime(10000);
    expect.verifySteps(["read"]);
});
