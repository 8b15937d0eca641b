import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, EventBus, useRef, useState } from "@odoo/owl";

// The parts that are no page: they stand above the notebook.
const ABOVE = ["basis"];
const INPUTS = "input:not([type=file]):not([type=hidden]), textarea, .o_select_menu_toggler, button";
const LOOK = "o_skill_cert_look";
const LOOK_FOR = 1800;

// From the button to the bar; both belong to the one form on the screen.
const guideBus = new EventBus();
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

/** Wait until `find` finds something: a page of the notebook is drawn a moment after it was opened. */
async function appears(find) {
    for (let tries = 0; tries < 30; tries++) {
        const found = find();
        if (found) {
            return found;
        }
        await frame();
    }
}

/** Open the page of a part and lead the eye to the field, if one is named. */
export async function goTo(form, part, field) {
    if (!ABOVE.includes(part)) {
        form.querySelector(`.o_notebook_headers .nav-link[name=${part}]`)?.click();
    }
    if (!field) {
        return;
    }
    const place = await appears(() => form.querySelector(`.o_field_widget[name=${field}]`));
    if (place) {
        place.scrollIntoView({ block: "center", behavior: "smooth" });
        place.querySelector(INPUTS)?.focus({ preventScroll: true });
        place.classList.add(LOOK);
        setTimeout(() => place.classList.remove(LOOK), LOOK_FOR);
    }
}

/** What the bar and the list have in common: the parts as the server judges them. */
class Completeness extends Component {
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
    }

    get completeness() {
        return this.props.record.data[this.props.name] || { parts: [], missing: 0, percent: 0 };
    }

    get parts() {
        return this.completeness.parts;
    }

    get title() {
        const { missing } = this.completeness;
        return missing ? _t("Things still missing: %s", missing) : _t("Nothing is missing any more");
    }

    go(part, field) {
        return goTo(this.root.el.closest(".o_form_view"), part, field);
    }
}

/** The parts as a bar: a tick, or how many things are missing; a click leads there. */
export class GuideField extends Completeness {
    static template = "wz_skill_cert.Guide";

    setup() {
        super.setup();
        this.state = useState({ chosen: null });
        useBus(guideBus, "check", () => this.choose("check"));
    }

    get current() {
        const open = this.parts.find((part) => part.missing.length);
        return this.parts.find((part) => part.part === this.state.chosen) || open;
    }

    label(part) {
        const { label, done, missing } = part;
        if (done) {
            return _t("%s: complete", label);
        }
        return missing.length ? _t("%(step)s: %(missing)s missing", { step: label, missing: missing.length }) : label;
    }

    choose(part) {
        this.state.chosen = part;
        return this.go(part, ABOVE.includes(part) ? "level" : undefined);
    }
}

/** The last page: everything that is asked for, by part. */
export class ChecklistField extends Completeness {
    static template = "wz_skill_cert.Checklist";
}

/** The button to submit as long as something is missing: it says so, and leads to the list instead of a refusal. */
export class SubmitWidget extends Component {
    static template = "wz_skill_cert.Submit";
    static props = { ...standardWidgetProps };

    get missing() {
        const { parts = [] } = this.props.record.data.completeness || {};
        return parts.flatMap((part) => part.missing.map((one) => one.text));
    }

    get text() {
        return _t("Submit (%s missing)", this.missing.length);
    }

    get title() {
        return this.missing.join("\n");
    }

    open() {
        guideBus.trigger("check");
    }
}

const fields = registry.category("fields");
fields.add("skill_cert_guide", { component: GuideField, supportedTypes: ["json"] });
fields.add("skill_cert_checklist", { component: ChecklistField, supportedTypes: ["json"] });
registry.category("view_widgets").add("skill_cert_submit", { component: SubmitWidget });
