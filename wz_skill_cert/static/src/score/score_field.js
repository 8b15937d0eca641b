import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

const BEST = 100;

/** A score of 1 to 100: typed on a laptop, drawn with the thumb on a phone. 0 is no score yet. */
export class ScoreField extends Component {
    static template = "wz_skill_cert.ScoreField";
    static props = { ...standardFieldProps };

    get score() {
        return this.props.record.data[this.props.name] || 0;
    }

    give(event) {
        const score = Math.min(Math.max(parseInt(event.target.value) || 0, 0), BEST);
        event.target.value = score || "";
        return this.props.record.update({ [this.props.name]: score });
    }

    /** The number follows the thumb; the record changes once, when it lets go. */
    preview(event) {
        event.target.closest(".o_skill_cert_score").querySelector("input[type=number]").value = event.target.value;
    }
}

registry.category("fields").add("skill_cert_score", { component: ScoreField, supportedTypes: ["integer"] });
