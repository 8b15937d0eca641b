import { registry } from "@web/core/registry";
import { logIn, noDialogue, openApp, openMenu, openRow, picture, press, stateIs } from "./steps";

registry.category("web_tour.tours").add("wz_skill_cert_city", {
    steps: () => [
        ...logIn("tour-city"),
        ...openApp(),
        picture("inbox-city", ".o_list_view .o_data_row"),
        ...openRow("张示例"),
        stateIs("passed"),
        ...press("action_certify"),
        { content: "It asks first", trigger: ".modal-body:contains(编号)" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        stateIs("certified"),
        { content: "The certificate has its number", trigger: ".o_form_view button[name=action_open_certificate]", run: "click" },
        picture("certificate", ".o_form_view [name=number]"),

        // whom it appoints: the page says what is wrong while the committee is composed
        ...openMenu("menu_review", "menu_committees"),
        { trigger: ".o_list_view .o_data_cell[name=name]:contains(2099)", run: "click" },
        picture("committee", ".o_form_view .alert-warning [name=composition]"),

        // when it has them assessed
        ...openMenu("menu_review", "menu_schedule"),
        picture("schedule", ".o_calendar_view .fc-event"),

        // what it adds up to
        ...openMenu("menu_figures", "menu_statistics"),
        { trigger: ".o_graph_view canvas" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot tbody .o_pivot_cell_value" },
        ...openMenu("menu_figures", "menu_statistics_heat"),
        picture("heat", ".o_pivot tbody .o_pivot_cell_value"),
        ...openMenu("menu_figures", "menu_annual_report"),
        { trigger: ".modal [name=year]" },
        { trigger: ".modal button[name=action_export]", run: "click" },
        { trigger: ".modal button[special=cancel]", run: "click" },
        noDialogue(),
    ],
});
