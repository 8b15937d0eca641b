import { registry } from "@web/core/registry";
import { ensure, logIn, openMenuOnPhone } from "./steps";

const BAR = ".o_skill_cert_ballot_bar .btn-primary:enabled";

/** The words for the choices in the language of the session, as the paper prints them. */
let words = [];

registry.category("web_tour.tours").add("wz_skill_cert_voter", {
    steps: () => [
        ...logIn("tour-voter"),
        ...openMenuOnPhone("menu_my_sessions"),
        { trigger: ".o_kanban_record:not(.o_kanban_ghost)", run: "click" },
        { trigger: ".o_form_view .o_statusbar_buttons .btn-primary", run: "click" },
        {
            trigger: ".o_skill_cert_motion",
            run({ queryAll }) {
                ensure(document.documentElement.scrollWidth <= window.innerWidth, "The paper is wider than the screen.");
                ensure(queryAll(".o_skill_cert_motion").length === 3, "The paper names three applicants.");
                words = queryAll(".o_skill_cert_motion:first [data-choice]").map((button) => button.textContent);
                ensure(words.length === 3, "There are three choices.");
            },
        },
        { trigger: ".o_skill_cert_ballot_bar .btn-primary:disabled" },
        { trigger: ".o_skill_cert_ballot .btn-outline-success", run: "click" },
        { trigger: ".o_skill_cert_motion:eq(1) [data-choice=against]", run: "click" },
        { trigger: ".o_skill_cert_motion:eq(1) [data-choice=against][aria-checked=true]" },
        { trigger: BAR, run: "click" },
        { trigger: ".o_skill_cert_cast", run: "click" },
        {
            trigger: ".o_skill_cert_ballot .fa-check-circle",
            run() {
                const screen = document.body.innerText;
                ensure(!words.some((word) => screen.includes(word)), "The screen still shows a choice.");
                ensure(!document.querySelector("[data-choice], [data-motion]"), "The paper is still in the page.");
                const kept = [location.href, ...[localStorage, sessionStorage].map((storage) => JSON.stringify(storage))];
                ensure(!/agree|against|abstain/.test(kept.join()), "The browser remembers a choice.");
            },
        },
    ],
});
