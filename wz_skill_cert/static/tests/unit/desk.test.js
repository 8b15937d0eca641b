import { beforeEach, expect, mockDate, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, getService, mockService, onRpc } from "@web/../tests/web_test_helpers";
import { defineOurModels, openAction } from "./helpers";

const OWN = ["nominator_id", "in", [3, 4]];

let overview;

defineOurModels();

beforeEach(() => {
    overview = {
        units: [
            { id: 3, name: "示例公司" },
            { id: 4, name: "另例公司" },
        ],
        campaign: { id: 1, name: "2099年", open: true, date_open: "2099-03-01", date_close: "2099-03-31", days: 30 },
        states: { draft: 1, returned: 2, submitted: 3, review: 4, certified: 5, withdrawn: 6 },
        waiting: [
            { state: "submitted", name: "To accept" },
            { state: "accepted", name: "Accepted" },
            { state: "review", name: "In review" },
        ],
        open_states: ["draft", "returned"],
        decided_states: ["passed", "certified", "rejected"],
        papers: [],
        drafts: [{ id: 11, applicant: false, name: false, occupation: "电工", level: "technician", left: 2, percent: 80 }],
        returned: [{ id: 12, applicant: "示例", name: "330300-2099-00901", reason: "The seal is missing." }],
        decided: [{ id: 13, applicant: "另例", occupation: "电工", level: "senior_worker", state: "rejected", day: "2099-02-01" }],
        decided_count: 1,
        prospects: { people: 2, technician: 0, senior_worker: 2 },
        members: { count: 5, given: 3 },
    };
    onRpc("skill.cert.desk", "overview", () => overview);
});

/** Open the desk; from then on, where it leads is a step instead of another page. */
async function openDesk() {
    await openAction("skill_cert_desk");
    mockService("action", {
        doAction: (action, options) => expect.step(options ? [action, options] : action),
    });
}

const section = (name) => `section[name=${name}]`;
const list = (name, domain) => ({
    type: "ir.actions.act_window",
    name,
    res_model: "skill.cert.application",
    views: [
        [false, "list"],
        [false, "form"],
    ],
    domain,
});

test("what is at the bureau is counted by step, without drafts, what is decided and what is withdrawn", async () => {
    await openDesk();
    expect(`${section("waiting")} header .badge`).toHaveText("7");
    expect(queryAllTexts(`${section("waiting")} li b`)).toEqual(["3", "4"]);
});

test("each number leads to the list that it counts, of the own units alone", async () => {
    await openDesk();
    await contains(`${section("returned")} h5`).click();
    await contains(`${section("drafts")} h5`).click();
    await contains(`${section("waiting")} li:eq(1)`).click();
    expect.verifySteps([
        list("Returned for correction", [OWN, ["state", "in", ["returned"]]]),
        list("Drafts", [OWN, ["state", "in", ["draft"]]]),
        list("In review", [OWN, ["state", "in", ["review"]]]),
    ]);
});

test("decided recently means the last 60 days, in the server's time", async () => {
    mockDate("2099-03-02 10:00:00", +8);
    await openDesk();
    await contains(`${section("decided")} h5`).click();
    const states = ["passed", "certified", "rejected"];
    const since = [["state", "in", states], ["decided_on", ">=", "2099-01-01 10:00:00"]];
    expect.verifySteps([list("Decided recently", [OWN, ...since])]);
});

test("a returned application shows why, and opens", async () => {
    await openDesk();
    expect(`${section("returned")} .o_skill_cert_reason`).toHaveText("The seal is missing.");
    await contains(`${section("returned")} li`).click();
    expect.verifySteps([
        { type: "ir.actions.act_window", res_model: "skill.cert.application", res_id: 12, views: [[false, "form"]] },
    ]);
});

test("a draft without a name can still be told, and says what is open", async () => {
    await openDesk();
    expect(`${section("drafts")} li`).toHaveText(/Without a name.*2 points open/s);
    expect(`${section("drafts")} [role=progressbar]`).toHaveAttribute("aria-valuenow", "80");
});

test("three weeks before the end the days turn yellow, one week before red", async () => {
    const colours = { 22: "text-success", 21: "text-warning", 8: "text-warning", 7: "text-danger" };
    await openAction("skill_cert_desk");
    for (const days of Object.keys(colours)) {
        overview.campaign.days = Number(days);
        await getService("action").doAction("skill_cert_desk");
        expect("[name=window] .fw-bold").toHaveClass(colours[days]);
        expect("[name=window] .text-muted").toHaveText("Closes on 03/31/2099");
    }
});

test("the last day is called so", async () => {
    overview.campaign.days = 0;
    await openDesk();
    expect("[name=window]").toHaveText(/Last day: today/);
});

test("a campaign that is not open yet says when it opens, and counts no days", async () => {
    Object.assign(overview.campaign, { open: false, days: 60 });
    await openDesk();
    expect("[name=window]").toHaveText(/Not open yet\s+Opens on 03\/01\/2099/);
    expect("[name=window]").not.toHaveText(/days left/);
});

test("without a campaign the desk stands all the same", async () => {
    overview.campaign = false;
    await openDesk();
    expect("[name=window]").toHaveText("No campaign is open");
});

test("who nominates for no unit is told whom to ask, and cannot nominate", async () => {
    Object.assign(overview, { units: [], states: {}, drafts: [], returned: [], decided: [], prospects: false, members: false });
    await openDesk();
    expect(".o_skill_cert_desk").toHaveText(/You nominate for no unit yet/);
    expect(".btn:contains(Nominate)").not.toBeEnabled();
    expect("section").toHaveCount(0);
});

test("who begins is shown the three steps instead of empty lists", async () => {
    Object.assign(overview, { states: {}, drafts: [], returned: [], decided: [] });
    await openDesk();
    expect(".o_skill_cert_teach").toHaveCount(1);
    expect(section("drafts")).toHaveCount(0);
});

test("the prospects are opened by level, and a level without any is not listed", async () => {
    await openDesk();
    expect(queryAllTexts(`${section("prospects")} li b`)).toEqual(["2"]);
    await contains(`${section("prospects")} li`).click();
    const context = {
        search_default_met: 1,
        search_default_not_nominated: 1,
        search_default_group_employee: 1,
        search_default_senior_worker: 1,
    };
    expect.verifySteps([["wz_skill_cert.action_prospect", { additionalContext: context }]]);
});

test("members without consent are the others", async () => {
    await openDesk();
    expect(queryAllTexts(`${section("members")} li b`)).toEqual(["3", "2"]);
    await contains(`${section("members")} li:eq(1)`).click();
    expect.verifySteps([["wz_skill_cert.action_membership", { additionalContext: { search_default_missing: 1 } }]]);
});

test("the complete drafts are put on sheets by the server, and what it answers is opened", async () => {
    onRpc("skill.cert.submission", "assemble_all", () => ({ type: "ir.actions.act_window", res_id: 21 }));
    await openDesk();
    await contains(".btn:contains(Put the complete drafts)").click();
    expect.verifySteps([{ type: "ir.actions.act_window", res_id: 21 }]);
});
