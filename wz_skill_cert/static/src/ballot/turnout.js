import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillUnmount, useState, onMounted } from "@odoo/owl";

const EVERY = 5000;

/**
 * How many have voted, while the vote is open: the number and nothing of the choices.
 *
 * It is asked for, not pushed: a message at the moment of a vote would tell when somebody voted.
 */
export class Turnout extends Component {
    static template = "wz_skill_cert.Turnout";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        const { voted_count, seated_count } = this.props.record.data;
        this.state = useState({ voted: voted_count, seated: seated_count });
        onMounted(() => (this.timer = setInterval(() => this.look(), EVERY)));
        onWillUnmount(() => clearInterval(this.timer));
    }

    get share() {
        return this.state.seated ? Math.round((100 * this.state.voted) / this.state.seated) : 0;
    }

    async look() {
        const { resId, data } = this.props.record;
        if (document.hidden || !resId || data.state !== "open" || this.busy) {
            return;
        }
        this.busy = true;
        try {
            const now = await this.orm.silent.call("skill.cert.session", "turnout", [[resId]]);
            const settled = now.state !== data.state || (now.voted === now.seated && this.state.voted !== now.voted);
            Object.assign(this.state, { voted: now.voted, seated: now.seated });
            if (settled && !(await this.props.record.isDirty())) {
                await this.props.record.load();
            }
        } catch {
            // The server or the network is away for a moment: the next look will tell.
        } finally {
            this.busy = false;
        }
    }
}

registry.category("fields").add("skill_cert_turnout", { component: Turnout, supportedTypes: ["integer"] });
