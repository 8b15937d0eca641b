import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { deserializeDateTime, formatDate, deserializeDate, formatDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { SelectionField, selectionField } from "@web/views/fields/selection/selection_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { goTo } from "../guide/guide";
import { Component, useRef, useState } from "@odoo/owl";

/** What was asked of the unit, point by point, what was done about it, and what changed: one block a round, the newest first. */
export class RequestsField extends Component {
    static template = "wz_skill_cert.Requests";
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
        this.orm = useService("orm");
        this.words = useState({});
        this.shown = useState({});
        this.closing = useState({});
    }

    get requests() {
        return this.props.record.data[this.props.name] || [];
    }

    /** Rounds that are over are folded, except the last one. */
    isOpen(request, index) {
        return this.shown[request.id] ?? (request.state === "open" || index === 0);
    }

    toggle(request, index) {
        this.shown[request.id] = !this.isOpen(request, index);
    }

    time(value) {
        return formatDateTime(deserializeDateTime(value), { format: `${localization.dateFormat} HH:mm` });
    }

    day(value) {
        return formatDate(deserializeDate(value));
    }

    short(hash) {
        return hash ? hash.slice(0, 12) : "–";
    }

    go(point) {
        return goTo(this.root.el.closest(".o_form_view"), point.part, point.field);
    }

    word(point) {
        return this.words[point.id] ?? point.word;
    }

    isNothingChanged({ changes }) {
        return changes && !changes.fields.length && !changes.rows.length && !changes.files.length;
    }

    /** Add the chosen files to the paper for which they are asked. */
    async addFiles(point, ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        for (const file of files) {
            const content = (await getDataURLFromFile(file)).split(",")[1] || "";
            await this.orm.call("skill.cert.request.point", "action_add_file", [[point.id], file.name, content]);
        }
        await this.props.record.load();
    }

    async removeFile(point, file) {
        await this.orm.call("skill.cert.request.point", "action_remove_file", [[point.id], file.id]);
        await this.props.record.load();
    }

    /** Close what was answered, or withdraw what was not. */
    async close(request) {
        const { resModel, resId } = this.props.record;
        if (await this.props.record.save()) {
            await this.orm.call(resModel, "action_close_papers", [[resId], this.closing[request.id] || ""]);
            await this.props.record.load();
        }
    }

    /** Save what was corrected, then say so. */
    async settle(point) {
        const word = this.word(point).trim();
        if (word && (await this.props.record.save())) {
            await this.orm.call("skill.cert.request.point", "action_settle", [[point.id], word]);
            await this.props.record.load();
            delete this.words[point.id];
        }
    }
}

/** What a point is tied to: one of the keys that the dialogue offers. */
export class TargetField extends SelectionField {
    static props = { ...SelectionField.props, choices: { type: String } };

    get options() {
        return this.props.record.evalContext.parent?.[this.props.choices] || [];
    }

    get string() {
        return this.options.find(([key]) => key === this.value)?.[1] || "";
    }

    onChange(value) {
        this.props.record.update({ [this.props.name]: value || false });
    }
}

const fields = registry.category("fields");
fields.add("skill_cert_requests", { component: RequestsField, supportedTypes: ["json"] });
fields.add("skill_cert_target", {
    ...selectionField,
    component: TargetField,
    supportedTypes: ["char"],
    extractProps: (info, dynamic) => ({
        ...selectionField.extractProps(info, dynamic),
        choices: info.options.choices,
    }),
});
