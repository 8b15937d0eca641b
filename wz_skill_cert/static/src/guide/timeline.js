import { registry } from "@web/core/registry";
import { formatDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const { DateTime } = luxon;

/** The course of a case: what has been, who has it now and since when, and what comes next. */
export class TimelineField extends Component {
    static template = "wz_skill_cert.Timeline";
    static props = { ...standardFieldProps };

    get timeline() {
        return this.props.record.data[this.props.name] || { now: {}, steps: [] };
    }

    get since() {
        const { since } = this.timeline.now;
        return since ? DateTime.fromISO(since).toRelative() : "";
    }

    details(step) {
        const time = step.at && formatDateTime(DateTime.fromISO(step.at), { format: `${localization.dateFormat} HH:mm` });
        return [time, step.bureau].filter(Boolean).join(" · ");
    }
}

registry.category("fields").add("skill_cert_timeline", { component: TimelineField, supportedTypes: ["json"] });
