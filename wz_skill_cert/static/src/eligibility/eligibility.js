import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** Shows the explanation of the eligibility as a list: what is met, what is missing. */
export class EligibilityField extends Component {
    static template = "wz_skill_cert.Eligibility";
    static props = { ...standardFieldProps };

    get lines() {
        const text = this.props.record.data[this.props.name] || "";
        return text
            .split("\n")
            .filter((line) => line.trim())
            .map((line) => {
                const kind = line.startsWith("✓") ? "met" : line.startsWith("✗") ? "missing" : "heading";
                return { kind, text: kind === "heading" ? line : line.slice(1).trim() };
            });
    }
}

registry.category("fields").add("skill_cert_eligibility", {
    component: EligibilityField,
    supportedTypes: ["text"],
});
