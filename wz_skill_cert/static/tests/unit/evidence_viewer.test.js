import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame, click, Deferred, keyDown, press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { Component, useState, xml } from "@odoo/owl";
import { contains, makeServerError, mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { EvidenceViewer } from "@wz_skill_cert/evidence_viewer/evidence_viewer";
import { defineOurModels } from "./helpers";

const CASE = 5;
const SHOWN = ".o_skill_cert_file";
const TITLE = ".o_skill_cert_paper_title";
const NEXT = ".o_skill_cert_next";
const PREVIOUS = ".o_skill_cert_previous";
const SEEN = ".o_skill_cert_findings input[type=checkbox]";
const COPIES = ".o_skill_cert_copies";
const REFUSE = ".o_skill_cert_refuse_now";

const file = (id, kind = "image") => ({ id, name: `file-${id}`, kind, url: `/web/content/${id}` });
const material = (id, values) => ({
    key: `material-${id}`,
    model: "skill.cert.material",
    id,
    group: "materials",
    name: `Material ${id}`,
    note: "",
    files: [file(id * 10)],
    required: true,
    checked: false,
    copies: 1,
    copies_counted: 0,
    officer_remark: "",
    ...values,
});
const achievement = (id, values) => ({
    key: `achievement-${id}`,
    model: "skill.cert.achievement",
    id,
    group: "achievements",
    name: `Achievement ${id}`,
    note: "",
    files: [file(id * 10)],
    checked: false,
    verified: "claimed",
    refusal_reason: "",
    ...values,
});

/** What the server answers for each case. */
let cases;

defineOurModels();

beforeEach(() => {
    cases = {
        [CASE]: {
            application: CASE,
            title: "示例",
            may_check: true,
            may_verify: true,
            reasons: ["The seal is missing."],
            checked: 1,
            total: 4,
            papers: [
                material(1, { checked: true, original_seen: true }),
                material(2, { files: [file(20), file(21)] }),
                material(3, { files: [] }),
                achievement(4),
            ],
        },
        6: {
            application: 6,
            title: "另例",
            may_check: false,
            may_verify: false,
            reasons: [],
            checked: 0,
            total: 1,
            papers: [achievement(8)],
        },
    };
    onRpc("skill.cert.application", "evidence", ({ args }) => cases[args[0][0]]);
});

/** What belongs to a form: the viewer's props, which change while it is on the screen. */
class Beside extends Component {
    static components = { EvidenceViewer };
    static props = ["*"];
    static template = xml`<EvidenceViewer t-props="state"/>`;

    setup() {
        this.state = useState({ ...this.props });
    }
}

const openViewer = (props = {}) => mountWithCleanup(Beside, { props: { applicationId: CASE, ...props } });
const stepWrites = (method, answer = () => true) =>
    onRpc(/^skill\.cert\.(material|achievement)$/, method, ({ model, args }) => {
        expect.step([model, ...args]);
        return answer(args);
    });

test("the first paper that is not checked yet is opened", async () => {
    await openViewer();
    expect(TITLE).toHaveText("Material 2");
    expect(SHOWN).toHaveAttribute("data-file", "20");
    expect(".o_skill_cert_checked").toHaveText("1 of 4 checked");
});

test("where all are checked, the first paper with a file is opened", async () => {
    cases[CASE].papers = [material(3, { files: [] }), material(1, { checked: true })];
    await openViewer();
    expect(TITLE).toHaveText("Material 1");
});

test("whoever counts no copies begins with what is to be judged", async () => {
    cases[CASE].may_check = false;
    await openViewer();
    expect(queryAllTexts(".o_skill_cert_papers_head")).toEqual(["Achievements", "Materials"]);
    expect(TITLE).toHaveText("Achievement 4");
    expect("input[type=checkbox]").toHaveCount(0);
});

test("a case without papers says so and shows none", async () => {
    Object.assign(cases[CASE], { papers: [], total: 0, checked: 0 });
    await openViewer();
    expect(".o_skill_cert_evidence").toHaveText(/This case has no papers/);
    expect(".o_skill_cert_paper_bar, .progress").toHaveCount(0);
});

test("going on shows each file, skips a paper without one, and stops at the last", async () => {
    await openViewer();
    const seen = [];
    for (let times = 0; times < 4; times++) {
        await contains(NEXT).click();
        seen.push(queryOne(SHOWN).dataset.file);
    }
    expect(seen).toEqual(["21", "40", "40", "40"]);
});

test("going back enters a paper at its last file, and stops at the first", async () => {
    await openViewer({ wish: { key: "achievement-4", number: 1 } });
    const seen = [];
    for (let times = 0; times < 4; times++) {
        await contains(PREVIOUS).click();
        seen.push(queryOne(SHOWN).dataset.file);
    }
    expect(seen).toEqual(["21", "20", "10", "10"]);
});

test("the arrow keys go through the papers, but not while a remark is typed", async () => {
    await openViewer();
    queryOne(".o_skill_cert_evidence").focus();
    await press("ArrowDown");
    await animationFrame();
    expect(SHOWN).toHaveAttribute("data-file", "21");
    await press("ArrowLeft");
    await animationFrame();
    expect(SHOWN).toHaveAttribute("data-file", "20");
    await click(".o_skill_cert_remark");
    await press("ArrowRight");
    await animationFrame();
    expect(SHOWN).toHaveAttribute("data-file", "20");
});

test("an arrow with Ctrl or Alt is the browser's", async () => {
    await openViewer();
    queryOne(".o_skill_cert_evidence").focus();
    await keyDown(["alt", "ArrowRight"]);
    await animationFrame();
    expect(SHOWN).toHaveAttribute("data-file", "20");
});

test("ticking that the original was seen writes just that, and reads the case anew", async () => {
    const changed = [];
    stepWrites("write", () => {
        cases[CASE].papers[1].checked = true;
        cases[CASE].checked = 2;
        return true;
    });
    await openViewer({ onChanged: () => changed.push("changed") });
    await contains(SEEN).click();
    await animationFrame();
    expect.verifySteps([["skill.cert.material", [2], { original_seen: true }]]);
    expect(".o_skill_cert_checked").toHaveText("2 of 4 checked");
    expect(TITLE).toHaveText("Material 2");
    expect(changed).toEqual(["changed"]);
});

test("a tick that the server refuses does not stay on the screen, and tells nobody of a change", async () => {
    expect.errors(1);
    stepWrites("write", () => {
        throw makeServerError({ message: "The case is decided." });
    });
    await openViewer({ onChanged: () => expect.step("changed") });
    await contains(SEEN).click();
    await animationFrame();
    expect.verifyErrors(["The case is decided."]);
    expect.verifySteps([["skill.cert.material", [2], { original_seen: true }]]);
    expect(SEEN).not.toBeChecked();
    expect(SEEN).toBeEnabled();
});

test("a count below zero is none, and one that is unchanged writes nothing", async () => {
    cases[CASE].papers[1].copies_counted = 3;
    stepWrites("write");
    await openViewer();
    await contains(COPIES).edit("3", { instantly: true });
    expect.verifySteps([]);
    await contains(COPIES).edit("-2", { instantly: true });
    expect.verifySteps([["skill.cert.material", [2], { copies_counted: 0 }]]);
});

test("a remark is written without the blanks around it", async () => {
    stepWrites("write");
    await openViewer();
    await contains(".o_skill_cert_remark").edit("  no seal ");
    expect.verifySteps([["skill.cert.material", [2], { officer_remark: "no seal" }]]);
});

test("while one finding is being saved no second one is sent", async () => {
    const answer = new Deferred();
    stepWrites("write", () => answer);
    await openViewer();
    await contains(SEEN).click();
    expect(`${SEEN}, ${COPIES}, .o_skill_cert_remark, .o_skill_cert_seen`).not.toBeEnabled();
    answer.resolve(true);
    await animationFrame();
    expect(COPIES).toBeEnabled();
    expect.verifySteps([["skill.cert.material", [2], { original_seen: true }]]);
});

test("a double click verifies once", async () => {
    const answer = new Deferred();
    stepWrites("action_verify", () => answer);
    await openViewer({ wish: { key: "achievement-4", number: 1 } });
    queryOne(".o_skill_cert_verify").click();
    queryOne(".o_skill_cert_verify").click();
    answer.resolve(true);
    await animationFrame();
    expect.verifySteps([["skill.cert.achievement", [4]]]);
});

test("an achievement is not refused without a reason, nor for blanks", async () => {
    await openViewer({ wish: { key: "achievement-4", number: 1 } });
    await contains(".o_skill_cert_refuse").click();
    expect(REFUSE).not.toBeEnabled();
    await contains(".o_skill_cert_refusal").edit("   ");
    expect(REFUSE).not.toBeEnabled();
});

test("a standard reason can be added to, and goes with the refusal", async () => {
    stepWrites("action_refuse");
    await openViewer({ wish: { key: "achievement-4", number: 1 } });
    await contains(".o_skill_cert_refuse").click();
    await contains(".btn:contains(The seal is missing.)").click();
    expect(".o_skill_cert_refusal").toHaveValue("The seal is missing.");
    await contains(REFUSE).click();
    await animationFrame();
    expect.verifySteps([["skill.cert.achievement", [4], "The seal is missing."]]);
    expect(".o_skill_cert_refusal").toHaveCount(0);
});

test("a reason begun for one achievement is not taken along to the next", async () => {
    cases[CASE].papers.push(achievement(9));
    await openViewer({ wish: { key: "achievement-4", number: 1 } });
    await contains(".o_skill_cert_refuse").click();
    await contains(".o_skill_cert_refusal").edit("not proven");
    await contains(NEXT).click();
    expect(TITLE).toHaveText("Achievement 9");
    expect(".o_skill_cert_refusal").toHaveCount(0);
    await contains(".o_skill_cert_refuse").click();
    expect(".o_skill_cert_refusal").toHaveValue("");
});

test("whoever may not verify is offered no verdict", async () => {
    cases[CASE].may_verify = false;
    await openViewer({ wish: { key: "achievement-4", number: 1 } });
    expect(TITLE).toHaveText("Achievement 4");
    expect(".o_skill_cert_verify, .o_skill_cert_refuse").toHaveCount(0);
});

test("papers that cannot be read are said to be so, and none of the case before stays", async () => {
    expect.errors(1);
    const beside = await openViewer();
    onRpc("skill.cert.application", "evidence", () => {
        throw makeServerError({ message: "No access." });
    });
    beside.state.applicationId = 6;
    await animationFrame();
    await animationFrame();
    expect.verifyErrors(["No access."]);
    expect(".o_skill_cert_evidence [role=alert]").toHaveText(/could not be read/);
    expect(".o_skill_cert_paper").toHaveCount(0);
});

test("the next case shows its own papers, from the first on", async () => {
    const beside = await openViewer();
    beside.state.applicationId = 6;
    await animationFrame();
    await animationFrame();
    expect(queryAllTexts(".o_skill_cert_paper_name")).toEqual(["Achievement 8"]);
    expect(SHOWN).toHaveAttribute("data-file", "80");
});

test("a late answer about the case before does not lie beside the next one", async () => {
    const late = new Deferred();
    onRpc("skill.cert.application", "evidence", async ({ args }) => {
        const [id] = args[0];
        if (id === 6) {
            await late;
        }
        return cases[id];
    });
    const beside = await openViewer();
    beside.state.applicationId = 6;
    await animationFrame();
    beside.state.applicationId = CASE;
    await animationFrame();
    late.resolve();
    await animationFrame();
    await animationFrame();
    expect(".o_skill_cert_paper").toHaveCount(4);
    expect(TITLE).toHaveText("Material 2");
});

test("what the form reads anew is read anew here, and the paper before one's eyes stays", async () => {
    const beside = await openViewer({ version: 1, wish: { key: "achievement-4", number: 1 } });
    cases[CASE].checked = 3;
    beside.state.version = 2;
    await animationFrame();
    await animationFrame();
    expect(".o_skill_cert_checked").toHaveText("3 of 4 checked");
    expect(TITLE).toHaveText("Achievement 4");
});

test("the same paper can be wished for a second time", async () => {
    const beside = await openViewer({ wish: { key: "achievement-4", number: 1 } });
    await contains(PREVIOUS).click();
    expect(TITLE).toHaveText("Material 2");
    beside.state.wish = { key: "achievement-4", number: 2 };
    await animationFrame();
    expect(TITLE).toHaveText("Achievement 4");
});

test("a picture is enlarged and made smaller within its bounds, and turned once around", async () => {
    await openViewer();
    const zoom = ".o_skill_cert_zoom";
    for (let times = 0; times < 6; times++) {
        await contains(".o_skill_cert_larger").click();
    }
    expect(zoom).toHaveText("400%");
    for (let times = 0; times < 8; times++) {
        await contains(".btn[title=Smaller]").click();
    }
    expect(zoom).toHaveText("50%");
    const turns = [];
    for (let times = 0; times < 4; times++) {
        await contains(".o_skill_cert_turn").click();
        turns.push(queryOne(".o_skill_cert_picture img").style.transform);
    }
    expect(turns).toEqual(["rotate(90deg)", "rotate(180deg)", "rotate(270deg)", "rotate(0deg)"]);
});

test("the next picture begins upright and in its own size", async () => {
    await openViewer();
    await contains(".o_skill_cert_larger").click();
    await contains(".o_skill_cert_turn").click();
    await contains(NEXT).click();
    expect(".o_skill_cert_zoom").toHaveText("100%");
    expect(queryOne(".o_skill_cert_picture img").style.transform).toBe("rotate(0deg)");
});

test("a PDF is shown in Odoo's viewer, which runs none of its scripts", async () => {
    cases[CASE].papers = [material(2, { files: [file(20, "pdf")] })];
    await openViewer();
    const frame = queryOne(`${SHOWN} iframe`);
    expect(frame.dataset.src).toMatch(/viewer\.html\?file=%2Fweb%2Fcontent%2F20#/);
    const options = {};
    const source = frame.contentWindow;
    source.PDFViewerApplicationOptions = { set: (name, value) => (options[name] = value) };
    document.dispatchEvent(new CustomEvent("webviewerloaded", { detail: { source } }));
    expect(options).toEqual({ disablePreferences: true, enableScripting: false });
});

test("a file of another kind is not opened here but offered for download", async () => {
    cases[CASE].papers = [material(2, { files: [file(20, "other")] })];
    await openViewer();
    expect(`${SHOWN} iframe, ${SHOWN} img`).toHaveCount(0);
    expect(`${SHOWN} a`).toHaveAttribute("href", "/web/content/20?download=true");
});

test("the row of the paper is kept in sight", async () => {
    patchWithCleanup(Element.prototype, {
        scrollIntoView() {
            expect.step(this.dataset.paper);
        },
    });
    await openViewer();
    await contains(".o_skill_cert_paper_name:contains(Achievement 4)").click();
    expect.verifySteps(["material-2", "achievement-4"]);
});
