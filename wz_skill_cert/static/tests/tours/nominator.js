import { registry } from "@web/core/registry";
import {
    attach,
    choose,
    drop,
    ensure,
    goToMissing,
    goToStep,
    logIn,
    lookAt,
    noDialogue,
    openApp,
    openMenu,
    openPage,
    pick,
    picture,
    press,
    stateIs,
    stepMisses,
    toTop,
    write,
} from "./steps";

const OCCUPATION = "6-31-01-03";
const HISTORY_LINE = "[name=history_ids] .o_selected_row";
const ACHIEVEMENT = ".modal .o_form_view";
const REQUIRED_MATERIAL = "[name=material_ids] .o_data_row:has([name=required] input:checked)";
const SUBMIT = ".o_form_statusbar button[name=action_submit]";
const CHECKLIST = ".o_skill_cert_checklist";

function addLine(field) {
    return { trigger: `[name=${field}] .o_field_x2many_list_row_add a`, run: "click" };
}

function save(scope = ".o_form_view") {
    return { trigger: `${scope} .o_form_button_save`, run: "click" };
}

/** The list says all at once, with the words of the refusal: fields to fill in, a condition to meet, the identity card. */
function readChecklist() {
    const missing = [...document.querySelectorAll(`${CHECKLIST} button[data-field]`)];
    const fields = missing.map((one) => one.dataset.field);
    const expected = ["education", "phone", "career_start", "achievement_ids", "material_ids", "summary", "recommendation"];
    ensure(fields.join() === expected.join(), `${expected} are missing and not: ${fields}`);
    ensure(missing[4].textContent.includes("身份证复印件"), `The identity card is missing and not: ${missing[4].textContent}`);
}

/** A drawn figure before a wall, larger than the photo. */
async function portrait() {
    const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 1000 });
    const pen = canvas.getContext("2d");
    const draw = (colour, x, y, width, height) => {
        pen.fillStyle = colour;
        pen.beginPath();
        pen.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
        pen.fill();
    };
    draw("#a9c7e8", 450, 500, 900, 1000);
    draw("#3b4b63", 450, 960, 330, 290);
    draw("#e6b895", 450, 660, 70, 110);
    draw("#33302e", 450, 395, 172, 195);
    draw("#eec4a3", 450, 450, 155, 190);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    return new File([blob], "portrait.png", { type: "image/png" });
}

registry.category("web_tour.tours").add("wz_skill_cert_nominator", {
    steps: () => [
        ...logIn("tour-nominator"),
        ...openApp(),
        picture("desk-nominator", ".o_skill_cert_desk [name=prospects] .list-group-item b"),
        { content: "The desk", trigger: ".o_control_panel button[data-hotkey=c]", run: "click" },

        // half an application; the bar follows each entry before anything is saved
        stepMisses("history", 1),
        ...write("applicant_name", "张示例"),
        ...write("occupation_id", OCCUPATION),
        { trigger: `.o-autocomplete--dropdown-item a:contains(${OCCUPATION})`, run: "click" },
        stepMisses("basis", 0),
        ...goToStep("person"),
        ...write("id_number", "330300198505209010"),
        ...goToStep("history"),
        stepMisses("person", 3),
        ...goToStep("person"),
        picture("guide"),
        ...goToStep("history"),
        addLine("history_ids"),
        ...write("date_start", "2005-07-01", HISTORY_LINE),
        ...write("description", "温州示例电器有限公司（虚构）电工", HISTORY_LINE),
        ...write("witness", "李示例", HISTORY_LINE),
        save(".o_control_panel"),
        stepMisses("history", 0),
        ...goToStep("achievements"),
        { content: "What a condition lacks", trigger: "[name=eligibility] .o_skill_cert_missing" },
        { content: "Nothing to submit yet", trigger: `body:not(:has(${SUBMIT}))` },
        { trigger: ".o_skill_cert_submit", run: "click" },
        { trigger: `${CHECKLIST} button[data-field]`, run: readChecklist },
        lookAt(CHECKLIST),
        picture("checklist"),
        stateIs("draft"),

        // the other half, led by what is missing
        ...goToStep("person"),
        ...goToMissing("education"),
        ...choose("education", 3),
        ...goToMissing("phone"),
        ...write("phone", "13800000901"),
        ...goToMissing("career_start"),
        ...write("career_start", "2005-07-01"),
        {
            trigger: ".o_field_widget[name=photo]",
            run: async ({ anchor }) => pick(anchor.querySelector("input[type=file]"), await portrait()),
        },
        picture("photo", ".modal .o_skill_cert_crop_done:enabled"),
        { content: "The picture is cut to the frame", trigger: ".modal .o_skill_cert_crop_done:enabled", run: "click" },
        noDialogue(),
        { trigger: ".o_field_widget[name=photo] img[src^='data:image']" },
        stepMisses("person", 0),
        ...goToStep("achievements"),
        addLine("achievement_ids"),
        ...write("name", "劳动模范", ACHIEVEMENT),
        { trigger: `${ACHIEVEMENT} [name=type_id] input`, run: "click" },
        { trigger: ".o-autocomplete--dropdown-item:first-child a:not(.o_loading)", run: "click" },
        ...choose("scope", 1, ACHIEVEMENT),
        save(".modal"),
        noDialogue(),
        { content: "The condition is met, the proof is missing", trigger: "[name=eligibility] .o_skill_cert_met" },
        stepMisses("achievements", 1),
        ...drop("evidence_ids", ["劳动模范证书（虚构）.pdf", "事迹材料（虚构）.pdf"], "[name=achievement_ids] .o_data_row"),
        stepMisses("achievements", 0),
        lookAt("[name=achievement_ids]"),
        picture("evidence"),
        ...goToStep("materials"),
        ...attach("attachment_ids", "身份证复印件（虚构）.pdf", REQUIRED_MATERIAL),
        stepMisses("materials", 0),
        ...goToStep("summary"),
        ...write("summary", "遵纪守法，爱岗敬业，从事电工工作二十年，被评为市级劳动模范（示例）。"),
        ...goToStep("recommendation"),
        ...write("recommendation", "该同志技术过硬，经公示无异议，同意推荐（示例）。"),
        ...goToStep("check"),
        save(".o_control_panel"),
        { content: "Nothing is missing", trigger: `${CHECKLIST}:not(:has(button[data-field]))` },
        toTop(),
        picture("submit"),
        ...press("action_submit"),
        stateIs("submitted"),
        { content: "The content is fixed", trigger: ".o_form_view:not(:has([name=applicant_name] input))" },
        ...openPage("case"),
        { content: "And whose turn it is", trigger: ".o_skill_cert_timeline li.o_current[data-state=submitted]" },
        lookAt(".o_skill_cert_timeline"),
        picture("timeline"),

        // and what the unit reports as one
        ...openMenu("menu_nomination", "menu_submissions"),
        { trigger: ".o_list_view .o_data_row .o_data_cell", run: "click" },
        ...press("action_check"),
        { content: "The check tells who lacks what", trigger: "[name=problem_ids] .o_data_row" },
        picture("sheet"),
    ],
});
