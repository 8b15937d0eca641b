import { registry } from "@web/core/registry";
import { attach, choose, ensure, logIn, noDialogue, openApp, openPage, press, stateIs, write } from "./steps";

/** What the refusal says, a line each. */
function defects() {
    const lines = document.querySelector(".modal [role=alert]").textContent.split("\n");
    return lines.filter((line) => line.startsWith("•"));
}

const LINE = "[name=history_ids] .o_selected_row";
const ACHIEVEMENT = ".modal .o_form_view";
const REQUIRED_MATERIAL = "[name=material_ids] .o_data_row:has([name=required] input:checked)";

registry.category("web_tour.tours").add("wz_skill_cert_nominator", {
    steps: () => [
        ...logIn("tour-nominator"),
        ...openApp(),
        { trigger: ".o_list_button_add", run: "click" },

        // half an application, by hand
        ...write("applicant_name", "张示例"),
        ...write("occupation_id", "6-31-01-03"),
        { trigger: ".o-autocomplete--dropdown-item a:contains(6-31-01-03)", run: "click" },
        ...write("id_number", "330300198505209010"),
        ...openPage("history"),
        { trigger: "[name=history_ids] .o_field_x2many_list_row_add a", run: "click" },
        ...write("date_start", "2005-07-01", LINE),
        ...write("description", "温州示例电器有限公司（虚构）电工", LINE),
        ...write("witness", "李示例", LINE),
        { trigger: ".o_form_button_save", run: "click" },

        // the refusal lists what is missing, all at once and no more
        { trigger: ".alert-warning .o_skill_cert_eligibility .o_skill_cert_missing" },
        ...press("action_submit"),
        {
            trigger: ".modal [role=alert]",
            run() {
                const lines = defects();
                ensure(lines.length === 3, `Missing: fields, a condition, the identity card; said: ${lines.join("\n")}`);
                ensure(lines.at(-1).includes("身份证复印件"), `The identity card is asked for last: ${lines.at(-1)}`);
            },
        },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        noDialogue(),

        // the rest
        ...openPage("person"),
        ...choose("education", 3),
        ...write("phone", "13800000901"),
        ...write("career_start", "2005-07-01"),
        ...openPage("achievements"),
        { trigger: "[name=achievement_ids] .o_field_x2many_list_row_add a", run: "click" },
        ...write("name", "劳动模范", ACHIEVEMENT),
        { trigger: `${ACHIEVEMENT} [name=type_id] input`, run: "click" },
        { trigger: ".o-autocomplete--dropdown-item:first-child a:not(.o_loading)", run: "click" },
        ...choose("scope", 1, ACHIEVEMENT),
        ...attach("evidence_ids", "honour.pdf", ACHIEVEMENT),
        { trigger: ".modal .o_form_button_save", run: "click" },
        noDialogue(),
        ...openPage("summary"),
        ...write("summary", "爱岗敬业。"),
        ...write("recommendation", "同意推荐。"),
        ...openPage("materials"),
        { trigger: `${REQUIRED_MATERIAL} td[name=attachment_ids]`, run: "click" },
        ...attach("attachment_ids", "id.pdf", "[name=material_ids] .o_selected_row"),
        { trigger: ".o_form_button_save", run: "click" },

        { trigger: ".alert-success:visible" },
        ...press("action_submit"),
        stateIs("submitted"),
        { trigger: ".o_form_view:not(:has([name=applicant_name] input))" },
    ],
});
