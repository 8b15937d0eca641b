import { registry } from "@web/core/registry";
import { check, logIn, noDialogue, openApp, openFirstRow, press, stateIs, write } from "./steps";

registry.category("web_tour.tours").add("wz_skill_cert_expert", {
    steps: () => [
        ...logIn("tour-expert"),
        ...openApp(),
        ...openFirstRow(),
        ...check("materials", "complete"),
        ...check("method", "practical"),
        ...write("place", "示例实训中心"),
        ...write("score_conduct", "91"),
        ...write("score_ability", "82"),
        ...write("score_training", "73"),
        ...write("score_results", "94"),
        ...check("verdict", "qualified"),
        ...write("opinion", "操作规范，业绩属实。"),
        ...press("action_submit"),
        { content: "Yes, it is final", trigger: ".modal-footer .btn-primary", run: "click" },
        noDialogue(),
        stateIs("submitted"),
        { trigger: ".o_form_view:not(:has([name=opinion] textarea, button[name=action_submit]))" },
    ],
});
