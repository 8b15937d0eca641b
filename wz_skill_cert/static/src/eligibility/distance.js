import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** Draws how far the achievements are from each condition: a bar for each alternative, and what is missing. */
export class EligibilityDistanceField extends Component {
    static template = "wz_skill_cert.EligibilityDistance";
    static props = { ...standardFieldProps };

    get levels() {
        const levels = this.props.record.data[this.props.name] || [];
        return levels.map((level) => ({
            ...level,
            met: level.conditions.some((condition) => condition.met),
            conditions: level.conditions.map((condition) => ({
                ...condition,
                nearest: Math.max(...condition.criteria.map((criterion) => criterion.percent), 0),
            })),
        }));
    }

    barClass(criterion) {
        if (criterion.met) {
            return "bg-success";
        }
        return criterion.percent > 0 ? "bg-warning" : "bg-secondary";
    }
}

registry.category("fields").add("skill_cert_distance", {
    component: EligibilityDistanceField,
    supportedTypes: ["json"],
});
