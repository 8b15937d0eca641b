import { registry } from "@web/core/registry";
import { ensure, logIn, noDialogue, openApp, openRow, papersBeside, picture, press, stateIs } from "./steps";

const BAR = ".o_skill_cert_paper_bar";

function standardReason() {
    return document.querySelector(".modal [name=standard_reason_ids] label").textContent.trim();
}

registry.category("web_tour.tours").add("wz_skill_cert_officer", {
    steps: () => [
        ...logIn("tour-officer"),
        ...openApp(),
        picture("inbox", ".o_list_view .o_data_row"),
        ...openRow("张示例"),
        papersBeside(),
        { content: "An original is still to be seen", trigger: ".o_form_view .alert-warning [name=unseen_count]" },
        { content: "Original seen", trigger: `${BAR} .form-check-input:not(:checked)`, run: "click" },
        { trigger: `${BAR} .form-check-input:checked` },
        { content: "The form follows", trigger: ".o_form_view:not(:has(.alert-warning [name=unseen_count]))" },
        { content: "Two copies", trigger: `${BAR} .o_skill_cert_copies`, run: "edit 2 && click .o_skill_cert_checked" },
        { trigger: `.o_skill_cert_paper.active:contains(2 /)` },
        picture("papers"),
        { content: "The next paper", trigger: ".o_skill_cert_next", run: "click" },
        { trigger: ".o_skill_cert_paper.active[data-paper^=achievement]" },
        { content: "It is proven", trigger: ".o_skill_cert_verify:enabled", run: "click" },
        { content: "All is checked", trigger: ".o_skill_cert_evidence_head .progress-bar.bg-success" },
        ...press("action_accept"),
        stateIs("accepted"),
        { content: "Return…", trigger: ".o_form_view button[name=action_ask_reason]:not(.btn-outline-danger)", run: "click" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "Not without a reason", trigger: ".modal [name=reason].o_field_invalid" },
        { content: "The first standard reason", trigger: ".modal [name=standard_reason_ids] input:first", run: "click" },
        {
            trigger: ".modal [name=reason]:not(.o_field_invalid) textarea",
            run: ({ anchor }) => ensure(anchor.value === standardReason(), `The text says: ${anchor.value}`),
        },
        picture("return", ".modal"),
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        noDialogue(),
        stateIs("returned"),
        { trigger: ".alert-danger .o_skill_cert_reason:contains(公章)" },
    ],
});
