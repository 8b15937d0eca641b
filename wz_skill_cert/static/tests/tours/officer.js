import { registry } from "@web/core/registry";
import { logIn, noDialogue, openApp, openFirstRow, press, stateIs, write } from "./steps";

registry.category("web_tour.tours").add("wz_skill_cert_officer", {
    steps: () => [
        ...logIn("tour-officer"),
        ...openApp(),
        ...openFirstRow(),
        ...press("action_accept"),
        stateIs("accepted"),
        { content: "Return…", trigger: ".o_form_view button[name=action_ask_reason]:not(.btn-outline-danger)", run: "click" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { content: "Not without a reason", trigger: ".modal [name=reason].o_field_invalid" },
        ...write("reason", "缺少效益证明的公章。", ".modal"),
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        noDialogue(),
        stateIs("returned"),
        { trigger: ".alert-danger .o_skill_cert_reason:contains(缺少效益证明的公章。)" },
    ],
});
