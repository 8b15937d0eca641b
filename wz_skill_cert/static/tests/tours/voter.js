import { registry } from "@web/core/registry";
import { ensure, logIn, openMenuOnPhone, picture } from "./steps";

const MOTION = ".o_skill_cert_motion";
const CONTINUE = ".o_skill_cert_ballot_bar .btn-primary";

/** The choices as the paper words them in the language of the session. */
let words = [];

function readPaper({ queryAll }) {
    const page = document.querySelector(".o_skill_cert_ballot");
    ensure(page.scrollWidth <= page.clientWidth, "The paper is wider than the screen.");
    ensure(queryAll(MOTION).length === 3, "The paper names three applicants.");
    words = queryAll(`${MOTION}:first [data-choice]`).map((button) => button.textContent);
    ensure(words.length === 3, "There are three choices.");
}

function compareBeforeCasting({ queryAll }) {
    const rows = queryAll(".o_skill_cert_ballot .list-group-item");
    ensure(rows.length === 3, "The paper is read once more, all of it.");
    const [agree, against] = words;
    const read = rows.map((row) => row.querySelector(".badge").textContent);
    ensure(read.join() === [agree, against, agree].join(), `The choices are listed: ${read.join()}`);
    const kept = [location.href, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join();
    ensure(!/agree|against|abstain/.test(kept), "The browser keeps a choice.");
}

/** A thumb finds each choice. */
function measureChoices({ queryAll }) {
    const small = queryAll(`${MOTION} [data-choice]`).filter((button) => button.offsetHeight < 44 || button.offsetWidth < 44);
    ensure(!small.length, "A choice is smaller than a thumb.");
}

function findNoChoice() {
    const screen = document.body.innerText;
    ensure(!words.some((word) => screen.includes(word)), "The screen still shows a choice.");
    ensure(!document.querySelector("[data-choice], [data-motion]"), "The paper is still in the page.");
    const kept = [location.href, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join();
    ensure(!/agree|against|abstain/.test(kept), "The browser remembers a choice.");
}

registry.category("web_tour.tours").add("wz_skill_cert_voter", {
    steps: () => [
        ...logIn("tour-voter"),
        ...openMenuOnPhone("menu_my_sessions"),
        { trigger: ".o_kanban_record:has(footer button)", run: "click" },
        { trigger: ".o_form_view .o_statusbar_buttons .btn-primary", run: "click" },
        { trigger: MOTION, run: readPaper },
        { trigger: MOTION, run: measureChoices },
        picture("ballot-phone"),
        { content: "An empty paper goes no further", trigger: `${CONTINUE}:disabled` },
        { content: "Agree to all", trigger: ".o_skill_cert_ballot .btn-outline-success", run: "click" },
        { content: "but one", trigger: `${MOTION}:eq(1) [data-choice=against]`, run: "click" },
        { trigger: `${MOTION}:eq(1) [data-choice=against][aria-checked=true]` },
        { content: "Three of three", trigger: ".o_skill_cert_decided_count:contains(3)" },
        { trigger: `${CONTINUE}:enabled`, run: "click" },
        { trigger: ".o_skill_cert_cast", run: compareBeforeCasting },
        picture("ballot-compare"),
        { trigger: ".o_skill_cert_cast", run: "click" },
        { content: "Counted", trigger: ".o_skill_cert_ballot .fa-check-circle", run: findNoChoice },
        { content: "Back to the session", trigger: ".o_skill_cert_ballot .btn-primary", run: "click" },
        { content: "There is no second vote", trigger: ".o_form_view:has(.alert-success):not(:has([data-hotkey=v]))" },
    ],
});
