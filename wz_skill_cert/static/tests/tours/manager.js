import { registry } from "@web/core/registry";
import { ensure, logIn, openApp, openMenu, picture, write } from "./steps";

const STEP = ".o_skill_cert_start .o_skill_cert_step";

registry.category("web_tour.tours").add("wz_skill_cert_manager", {
    steps: () => [
        ...logIn("tour-manager"),
        ...openApp(),
        { content: "Five steps", trigger: STEP, run: ({ queryAll }) => ensure(queryAll(STEP).length === 5, "There are five steps.") },
        picture("getting-started", STEP),
        { content: "The last one is open", trigger: `${STEP}:last:not(.o_done) button`, run: "click" },
        { trigger: ".o_list_button_add", run: "click" },
        ...write("name", "2099年高技能人才直接认定（虚构）"),
        ...write("date_close", "2099-12-31"),
        { trigger: ".o_control_panel .o_form_button_save", run: "click" },
        { trigger: ".o_form_status_indicator:has(.o_form_status_indicator_buttons.invisible)" },
        ...openMenu("menu_getting_started"),
        { content: "Ticked by itself", trigger: `${STEP}:last.o_done` },
    ],
});
