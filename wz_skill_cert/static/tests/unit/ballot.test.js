import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame, click, Deferred, press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { contains, makeServerError, mockService, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { Ballot } from "@wz_skill_cert/ballot/ballot";
import { defineOurModels, openAction } from "./helpers";

const SESSION = 7;
const CONTINUE = ".o_skill_cert_continue";
const CAST = ".o_skill_cert_cast";

let paper;

defineOurModels();

beforeEach(() => {
    paper = {
        name: "2099年第一次评审会（虚构）",
        open: true,
        voted: false,
        motions: [11, 12, 13].map((id) => ({
            id,
            applicant: `示例${id}`,
            occupation: "电工",
            level: "高级工",
            employer: "示例公司",
        })),
    };
    onRpc("skill.cert.session", "ballot_paper", ({ args }) => {
        expect(args).toEqual([[SESSION]]);
        return paper;
    });
});

const openBallot = (context = { active_id: SESSION }) => openAction("wz_skill_cert.ballot", context);
const choice = (motion, key) => `[data-motion="${motion}"] [data-choice=${key}]`;

async function fillIn(choices) {
    for (const [motion, key] of Object.entries(choices)) {
        await contains(choice(motion, key)).click();
    }
}

async function fillInAndContinue() {
    await openBallot();
    await fillIn({ 11: "agree", 12: "against", 13: "abstain" });
    await contains(CONTINUE).click();
}

test("an empty paper cannot be cast", async () => {
    await openBallot();
    expect(".o_skill_cert_motion").toHaveCount(3);
    expect("[data-choice][aria-checked=true]").toHaveCount(0);
    expect(CONTINUE).not.toBeEnabled();
    expect(CAST).toHaveCount(0);
});

test("a paper with one applicant left open cannot be cast, and says how many are open", async () => {
    await openBallot();
    await fillIn({ 11: "agree", 13: "agree" });
    expect(CONTINUE).not.toBeEnabled();
    expect(".o_skill_cert_show_missing").toHaveText("1 still open");
    expect(".o_skill_cert_decided_count").toHaveText("2 of 3 chosen");
    expect(".progress").toHaveAttribute("aria-valuenow", "2");
});

test("who asks for what is still open is led to the first applicant without a choice", async () => {
    patchWithCleanup(Element.prototype, {
        scrollIntoView() {
            expect.step(this.dataset.motion);
        },
    });
    await openBallot();
    await fillIn({ 11: "agree", 13: "agree" });
    await contains(".o_skill_cert_show_missing").click();
    expect.verifySteps(["12"]);
});

test("an applicant has one choice: a second one replaces the first", async () => {
    await openBallot();
    await fillIn({ 11: "agree" });
    await fillIn({ 11: "against" });
    expect('[data-motion="11"] [aria-checked=true]').toHaveCount(1);
    expect(choice(11, "against")).toHaveAttribute("aria-checked", "true");
    expect(".o_skill_cert_decided_count").toHaveText("1 of 3 chosen");
});

test("agreeing to all leaves single choices open to change, and clearing takes all back", async () => {
    await openBallot();
    await contains(".btn:contains(Agree to all)").click();
    expect("[data-choice=agree][aria-checked=true]").toHaveCount(3);
    await fillIn({ 12: "abstain" });
    expect("[data-choice=agree][aria-checked=true]").toHaveCount(2);
    expect(CONTINUE).toBeEnabled();
    await contains(".btn:contains(Clear)").click();
    expect("[aria-checked=true]").toHaveCount(0);
    expect(CONTINUE).not.toBeEnabled();
});

test("the whole paper is filled in and cast with the keyboard alone", async () => {
    onRpc("skill.cert.session", "cast", ({ args }) => {
        expect.step(args[1]);
        return true;
    });
    await openBallot();
    for (const key of [choice(11, "agree"), choice(12, "against"), choice(13, "abstain"), CONTINUE, CAST]) {
        while (!document.activeElement.matches(key)) {
            await press("Tab");
            if (document.activeElement === document.body) {
                throw new Error(`${key} is not reached by the Tab key.`);
            }
        }
        await press("Enter");
        await animationFrame();
    }
    await animationFrame();
    expect.verifySteps([{ 11: "agree", 12: "against", 13: "abstain" }]);
});

test("before it is cast the paper is read once more, choice by choice, and can be changed", async () => {
    await fillInAndContinue();
    expect(queryAllTexts(".list-group-item .badge")).toEqual(["Agree", "Against", "Abstain"]);
    expect(queryAllTexts(".h4")).toEqual(["1", "1", "1"]);
    await contains(".btn:contains(Change)").click();
    expect(choice(12, "against")).toHaveAttribute("aria-checked", "true");
    await fillIn({ 12: "agree" });
    await contains(CONTINUE).click();
    expect(queryAllTexts(".list-group-item .badge")).toEqual(["Agree", "Agree", "Abstain"]);
});

test("nothing is sent before the vote is cast", async () => {
    onRpc("skill.cert.session", "cast", () => expect.step("cast"));
    await fillInAndContinue();
    expect.verifySteps([]);
});

test("the paper is cast as a whole, once, and then no choice is left on the page", async () => {
    onRpc("skill.cert.session", "cast", ({ args }) => {
        expect.step(args);
        return true;
    });
    await fillInAndContinue();
    await contains(CAST).click();
    expect.verifySteps([[[SESSION], { 11: "agree", 12: "against", 13: "abstain" }]]);
    expect("h1").toHaveText("Your vote has been counted");
    expect("[data-choice], [data-motion], .badge").toHaveCount(0);
    const kept = [location.href, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join();
    expect(kept).not.toMatch(/agree|against|abstain/);
});

test("a double click casts one vote", async () => {
    const answer = new Deferred();
    onRpc("skill.cert.session", "cast", async () => {
        expect.step("cast");
        await answer;
        return true;
    });
    await fillInAndContinue();
    // Both clicks before the page is drawn again: the button is not disabled yet.
    queryOne(CAST).click();
    queryOne(CAST).click();
    await animationFrame();
    expect(CAST).not.toBeEnabled();
    expect(".btn:contains(Change)").not.toBeEnabled();
    answer.resolve();
    await animationFrame();
    expect.verifySteps(["cast"]);
    expect("h1").toHaveText("Your vote has been counted");
});

test("a refusal of the server is shown, and keeps the choices for another try", async () => {
    let refused = true;
    onRpc("skill.cert.session", "cast", ({ args }) => {
        expect.step(args[1]);
        if (refused) {
            throw makeServerError({ message: "The session is not open." });
        }
        return true;
    });
    await fillInAndContinue();
    await contains(CAST).click();
    expect("[role=alert]").toHaveText("The session is not open.");
    expect(queryAllTexts(".list-group-item .badge")).toEqual(["Agree", "Against", "Abstain"]);
    expect(CAST).toBeEnabled();
    refused = false;
    await contains(CAST).click();
    const choices = { 11: "agree", 12: "against", 13: "abstain" };
    expect.verifySteps([choices, choices]);
    expect("h1").toHaveText("Your vote has been counted");
});

test("where no answer came, the voter is asked to check before trying again, and not told that it counts", async () => {
    onRpc("/web/dataset/call_kw/skill.cert.session/cast", () => new Response("", { status: 502 }), { pure: true });
    await fillInAndContinue();
    await contains(CAST).click();
    expect("[role=alert]").toHaveText(/could not be reached.*check whether your vote is counted/);
    expect(CAST).toBeEnabled();
});

test("who goes back to change something sees no old refusal", async () => {
    onRpc("skill.cert.session", "cast", () => {
        throw makeServerError({ message: "The session is not open." });
    });
    await fillInAndContinue();
    await contains(CAST).click();
    await contains(".btn:contains(Change)").click();
    expect("[role=alert]").toHaveCount(0);
});

test("who has voted sees no second paper", async () => {
    paper.voted = true;
    await openBallot();
    expect("h1").toHaveText("Your vote has been counted");
    expect("[data-choice]").toHaveCount(0);
});

test("a vote that is not open shows no paper", async () => {
    paper.open = false;
    await openBallot();
    expect("h1").toHaveText("The vote is not open");
    expect("[data-choice]").toHaveCount(0);
});

test("without a session no paper is asked for", async () => {
    onRpc("skill.cert.session", "ballot_paper", () => expect.step("asked"));
    await openBallot({});
    expect("h1").toHaveText("Please choose the session first");
    expect.verifySteps([]);
});

test("who opened the paper by its address gets back to the own sessions", async () => {
    await openBallot();
    mockService("action", { doAction: (action, options) => expect.step([action, options]) });
    await click(".btn:contains(Not now)");
    expect.verifySteps([["wz_skill_cert.action_my_session", { clearBreadcrumbs: true }]]);
    expect(Ballot.displayName.toString()).toBe("Vote");
});
