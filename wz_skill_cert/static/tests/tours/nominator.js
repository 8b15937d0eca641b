import { registry } from "@web/core/registry";
import { attach, choose, ensure, logIn, noDialogue, openApp, openPage, press, stateIs, write } from "./steps";

const OCCUPATION = "6-31-01-03";
const HISTORY_LINE = "[name=history_ids] .o_selected_row";
const ACHIEVEMENT = ".modal .o_form_view";
const REQUIRED_MATERIAL = "[name=material_ids] .o_data_row:has([name=required] input:checked)";
const MATERIAL_LINE = "[name=material_ids] .o_selected_row";

function addLine(field) {
    return { trigger: `[name=${field}] .o_field_x2many_list_row_add a`, run: "click" };
}

function save(scope = ".o_form_view") {
    return { trigger: `${scope} .o_form_button_save`, run: "click" };
}

/** The refusal says all at once: fields to fill in, a condition to meet, the identity card to attach. */
function readRefusal() {
    const lines = document.querySelector(".modal [role=alert]").textContent.split("\n");
    const defects = lines.filter((line) => line.startsWith("•"));
    ensure(defects.length === 3, `Three things are missing and not: ${defects.join(" ")}`);
    ensure(defects[2].includes("身份证复印件"), `The identity card is missing and not: ${defects[2]}`);
}

registry.category("web_tour.tours").add("wz_skill_cert_nominator", {
    steps: () => [
        ...logIn("tour-nominator"),
        ...openApp(),
        { trigger: ".o_list_button_add", run: "click" },

        // half an application
        ...write("applicant_name", "张示例"),
        ...write("occupation_id", OCCUPATION),
        { trigger: `.o-autocomplete--dropdown-item a:contains(${OCCUPATION})`, run: "click" },
        ...write("id_number", "330300198505209010"),
        ...openPage("history"),
        addLine("history_ids"),
        ...write("date_start", "2005-07-01", HISTORY_LINE),
        ...write("description", "温州示例电器有限公司（虚构）电工", HISTORY_LINE),
        ...write("witness", "李示例", HISTORY_LINE),
        save(".o_control_panel"),
        { content: "What a condition lacks", trigger: ".alert-warning .o_skill_cert_missing" },
        ...press("action_submit"),
        { trigger: ".modal [role=alert]", run: readRefusal },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        noDialogue(),
        stateIs("draft"),

        // the other half
        ...openPage("person"),
        ...choose("education", 3),
        ...write("phone", "13800000901"),
        ...write("career_start", "2005-07-01"),
        ...openPage("achievements"),
        addLine("achievement_ids"),
        ...write("name", "劳动模范", ACHIEVEMENT),
        { trigger: `${ACHIEVEMENT} [name=type_id] input`, run: "click" },
        { trigger: ".o-autocomplete--dropdown-item:first-child a:not(.o_loading)", run: "click" },
        ...choose("scope", 1, ACHIEVEMENT),
        ...attach("evidence_ids", "honour.pdf", ACHIEVEMENT),
        save(".modal"),
        noDialogue(),
        ...openPage("summary"),
        ...write("summary", "爱岗敬业。"),
        ...write("recommendation", "同意推荐。"),
        ...openPage("materials"),
        { trigger: `${REQUIRED_MATERIAL} td[name=attachment_ids]`, run: "click" },
        ...attach("attachment_ids", "id.pdf", MATERIAL_LINE),
        save(".o_control_panel"),
        { content: "A condition is met", trigger: ".alert-success:not(:has(.o_skill_cert_missing))" },
        ...press("action_submit"),
        stateIs("submitted"),
        { content: "The content is fixed", trigger: ".o_form_view:not(:has([name=applicant_name] input))" },
    ],
});
