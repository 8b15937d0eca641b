import { registry } from "@web/core/registry";
import { attach, logIn, noDialogue, openApp, picture, press, write } from "./steps";

const CONSENT = ".modal .o_form_view";

registry.category("web_tour.tours").add("wz_skill_cert_association", {
    steps: () => [
        ...logIn("tour-association"),
        ...openApp(),
        { content: "The desk counts the members", trigger: ".o_skill_cert_desk [name=members]" },
        picture("desk-association", ".o_skill_cert_desk [name=members]"),
        { content: "Those without consent", trigger: ".o_skill_cert_desk [name=members] .list-group-item:last", run: "click" },
        { trigger: ".o_list_view .o_data_row:only-child .o_data_cell[name=member_id]", run: "click" },

        // what the member has signed
        { trigger: "[name=consent_ids] .o_field_x2many_list_row_add a", run: "click" },
        ...write("signatory", "周示例", CONSENT),
        ...attach("attachment_ids", "会员同意书（虚构）.pdf", CONSENT),
        { trigger: ".modal .o_form_button_save", run: "click" },
        noDialogue(),
        { trigger: ".o_control_panel .o_form_button_save", run: "click" },
        { trigger: ".o_field_statusbar[name=consent_state] .o_arrow_button_current[data-value=given]" },
        picture("member", ".o_form_view"),

        // and a nomination for its staff
        ...press("action_nominate"),
        { content: "The member is the employer", trigger: "[name=employer_id] input:value(泵阀)" },
        ...write("applicant_name", "王示例"),
        { trigger: ".o_control_panel .o_form_button_save", run: "click" },
        { trigger: ".o_form_status_indicator:has(.o_form_status_indicator_buttons.invisible)" },
    ],
});
