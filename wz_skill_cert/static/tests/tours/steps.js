/** Steps that the tours share. They find things by field, button and menu and never by a translated word. */

/** Log in on the login page; the password is the login. */
export function logIn(login) {
    return [
        { trigger: ".oe_login_form input#login", run: `edit ${login}` },
        { trigger: ".oe_login_form input#password", run: `edit ${login}` },
        { trigger: ".oe_login_form button[type=submit]", run: "click", expectUnloadPage: true },
    ];
}

/** Open the app, which shows each role its own work first. */
export function openApp() {
    return [
        { trigger: ".o_navbar_apps_menu button", run: "click" },
        { trigger: ".o_app[data-menu-xmlid='wz_skill_cert.menu_root']", run: "click" },
    ];
}

/** Open a menu of the app, or one within it. */
export function openMenu(menu, inner) {
    const find = (name) => `[data-menu-xmlid='wz_skill_cert.${name}']`;
    const steps = [{ trigger: `.o_menu_sections ${find(menu)}`, run: "click" }];
    return inner ? [...steps, { trigger: `.o-dropdown--menu ${find(inner)}`, run: "click" }] : steps;
}

/** Open a menu on a phone, where the apps and the menus of one share a drawer. */
export function openMenuOnPhone(menu) {
    return [
        { trigger: ".o_main_navbar .o_menu_toggle", run: "click" },
        { trigger: ".o_app_menu_sidebar .o_sidebar_topbar .btn-primary", run: "click" },
        { trigger: ".o_app_menu_sidebar .o_app[data-menu-xmlid='wz_skill_cert.menu_root']", run: "click" },
        { trigger: "body:not(:has(.o_app_menu_sidebar))" },
        { trigger: ".o_main_navbar .o_menu_toggle", run: "click" },
        { trigger: `.o_app_menu_sidebar [data-menu-xmlid='wz_skill_cert.${menu}']`, run: "click" },
        { trigger: "body:not(:has(.o_app_menu_sidebar))" },
    ];
}

export function openFirstRow() {
    return [{ trigger: ".o_list_view .o_data_row .o_data_cell[name=applicant_name]", run: "click" }];
}

export function openRow(applicant) {
    return [{ trigger: `.o_list_view .o_data_row .o_data_cell[name=applicant_name]:contains(${applicant})`, run: "click" }];
}

export function openPage(name) {
    return [
        { trigger: `.o_notebook_headers .nav-link[name=${name}]`, run: "click" },
        { trigger: `.o_notebook_headers .nav-link.active[name=${name}]` },
    ];
}

export function press(button) {
    return [{ trigger: `.o_form_view button[name=${button}]`, run: "click" }];
}

export function noDialogue() {
    return { trigger: "body:not(:has(.modal))" };
}

export function stateIs(state) {
    return { trigger: `.o_field_statusbar[name=state] .o_arrow_button_current[data-value=${state}]` };
}

export function write(field, text, scope = ".o_form_view") {
    return [{ trigger: `${scope} [name=${field}] :is(input, textarea)`, run: `edit ${text}` }];
}

export function check(field, value) {
    return [{ trigger: `.o_form_view [name=${field}] input[data-value=${value}]`, run: "click" }];
}

/** Choose the option at a place of a selection; the page does not say which value it is. */
export function choose(field, place, scope = ".o_form_view") {
    return [
        { trigger: `${scope} [name=${field}] .o_select_menu_toggler`, run: "click" },
        { trigger: `.o_select_menu_item[data-choice-index='${place}']`, run: "click" },
        { trigger: "body:not(:has(.o_select_menu_item))" },
    ];
}

// An empty page: what is uploaded is judged by its content.
const PAGE = [
    "%PDF-1.4",
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
    "2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj",
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>endobj",
    "xref",
    "0 4",
    "0000000000 65535 f ",
    "0000000009 00000 n ",
    "0000000052 00000 n ",
    "0000000101 00000 n ",
    "trailer<</Size 4/Root 1 0 R>>",
    "startxref",
    "178",
    "%%EOF",
    "",
].join("\n");

function scan(name) {
    return new File([PAGE], name, { type: "application/pdf" });
}

/** Drop files onto the row or form of a field, as a hand with a mouse does. */
export function drop(field, names, scope = ".o_form_view") {
    const zone = `${scope} [name=${field}] .o_skill_cert_files`;
    return [
        {
            trigger: zone,
            run({ anchor }) {
                const dataTransfer = new DataTransfer();
                names.forEach((name) => dataTransfer.items.add(scan(name)));
                for (const type of ["dragenter", "dragover", "drop"]) {
                    anchor.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
                }
            },
        },
        ...names.map((name) => ({ trigger: `${scope} [name=${field}] .o_skill_cert_chip[title='${name}']` })),
    ];
}

/** Choose a file as if it had been picked; a page cannot open the system's own dialogue. */
export function pick(input, file) {
    const picked = new DataTransfer();
    picked.items.add(file);
    input.files = picked.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

export function attach(field, name, scope = ".o_form_view") {
    return [
        {
            trigger: `${scope} [name=${field}] .o_attach`,
            run: ({ queryOne }) => pick(queryOne(`${scope} [name=${field}] input[type=file]`), scan(name)),
        },
        { trigger: `${scope} [name=${field}] .o_skill_cert_chip[title='${name}']` },
    ];
}

/** The papers beside the form, with a file in place. */
export function papersBeside() {
    return { trigger: ".o_skill_cert_split .o_skill_cert_evidence .o_skill_cert_file[data-kind=pdf] iframe" };
}

/** Go to a step of the guided form. */
export function goToStep(step) {
    return [
        { trigger: `.o_skill_cert_guide button[data-part=${step}]`, run: "click" },
        { trigger: `.o_notebook_headers .nav-link.active[name=${step}]` },
    ];
}

/** Go to what is missing by the bar's own words, and arrive at the field. */
export function goToMissing(field) {
    return [
        { trigger: `.o_skill_cert_guide button[data-field=${field}]`, run: "click" },
        { trigger: `.o_form_view .o_field_widget[name=${field}].o_skill_cert_look` },
    ];
}

/** The step has so many things missing, and a tick where there are none. */
export function stepMisses(step, missing) {
    const button = `.o_skill_cert_guide li${missing ? ":not(.o_done)" : ".o_done"} button[data-part=${step}]`;
    return { trigger: missing ? `${button} .o_skill_cert_mark:contains(/^${missing}$/)` : `${button} .fa-check` };
}

export function ensure(truth, sentence) {
    if (!truth) {
        throw new Error(sentence);
    }
}

const SAVED = ".o_form_status_indicator:has(.o_form_status_indicator_buttons.invisible)";

/** Look at the top of the form, once all is saved. */
export function toTop() {
    return { trigger: SAVED, run: () => document.querySelector(".o_content, .o_form_renderer")?.scrollTo(0, 0) };
}

/** Scroll until something is in the middle of the screen. */
export function lookAt(trigger) {
    return { trigger, run: ({ anchor }) => anchor.scrollIntoView({ block: "center" }) };
}

// What the test run answers when a picture was taken, or none was wanted: see tests/tour_pictures.py.
const PICTURE_PATIENCE = 20000;

/** Show the screen for the user guide; a run that wants no pictures goes on at once. */
export function picture(name, trigger = "body") {
    return {
        content: `Picture ${name}`,
        trigger,
        async run() {
            console.log(`skill_cert_picture ${name}`);
            const end = Date.now() + PICTURE_PATIENCE;
            while (window.skillCertPicture !== name) {
                ensure(Date.now() < end, `The picture ${name} was not taken.`);
                await new Promise((resolve) => setTimeout(resolve, 25));
            }
        },
    };
}
