import { registry } from "@web/core/registry";
import { RPCError } from "@web/core/network/rpc";
import { formatDateTime } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile, url } from "@web/core/utils/urls";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useRef, useState } from "@odoo/owl";
import { useDropZone } from "./drop_zone";

/** The scan of the signed and stamped form: the nominator drops it here, the officer opens it. */
export class ScanField extends Component {
    static template = "wz_skill_cert.Scan";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ over: false, busy: false, refusal: "" });
        this.input = useRef("input");
        useDropZone({
            zone: (el) => el,
            enabled: () => this.editable && !this.state.busy,
            onOver: (over) => (this.state.over = over),
            onDrop: (files) => this.upload(files[0]),
        });
    }

    get data() {
        return this.props.record.data;
    }

    get editable() {
        return this.data.user_may_scan;
    }

    get uploadedOn() {
        return this.data.stamped_scan_on ? formatDateTime(this.data.stamped_scan_on) : "";
    }

    get link() {
        const { resModel, resId } = this.props.record;
        return url("/web/content", {
            model: resModel,
            id: resId,
            field: this.props.name,
            filename_field: "stamped_scan_name",
        });
    }

    choose() {
        this.input.el.click();
    }

    onChosen(ev) {
        const file = ev.target.files[0];
        ev.target.value = "";
        return this.upload(file);
    }

    async upload(file) {
        if (file) {
            const content = (await getDataURLFromFile(file)).split(",")[1] || "";
            await this.call("action_upload_scan", [content]);
        }
    }

    remove() {
        return this.call("action_remove_scan", []);
    }

    /** Take a step with the saved record; a refusal is shown here. */
    async call(method, args) {
        const { record } = this.props;
        this.state.refusal = "";
        this.state.busy = true;
        try {
            if (await record.save()) {
                await this.orm.call(record.resModel, method, [[record.resId], ...args]);
                await record.load();
            }
        } catch (error) {
            if (!(error instanceof RPCError)) {
                throw error;
            }
            this.state.refusal = error.data?.message || error.message;
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("fields").add("skill_cert_scan", {
    component: ScanField,
    supportedTypes: ["binary"],
    isEmpty: () => false,
    fieldDependencies: [
        { name: "stamped_scan_on", type: "datetime", readonly: true },
        { name: "user_may_scan", type: "boolean", readonly: true },
    ],
});
