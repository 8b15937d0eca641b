import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";
import { useRefresh } from "../print_job/refresh";

const RUNNING = ["checking", "importing"];
const PERIOD = 1500;

/** The bar of a step in the background: asks for the record again until the step has ended. */
export class SheetProgressField extends Component {
    static template = "wz_skill_cert.SheetProgress";
    static props = { ...standardFieldProps };

    setup() {
        useRefresh(RUNNING, PERIOD);
    }

    get percent() {
        return Math.round(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("skill_cert_sheet_progress", {
    component: SheetProgressField,
    supportedTypes: ["float"],
});
