import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, onWillUnmount, useState, onMounted } from "@odoo/owl";

const EVERY = 5000;

/**
 * How far the vote is, while it is open: not enough, enough, all. No number, or it would tell who is missing.
 *
 * It is asked for, not pushed: a message at the moment of a vote would tell when somebody voted.
 */
export class Turnout extends Component {
    static template = "wz_skill_cert.Turnout";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        const { progress, may_close } = this.props.record.data;
        this.state = useState({ progress, may_close });
        onMounted(() => (this.timer = setInterval(() => this.look(), EVERY)));
        onWillUnmount(() => clearInterval(this.timer));
    }

    get step() {
        const steps = this.props.record.fields.progress.selection;
        const place = steps.findIndex(([key]) => key === this.state.progress);
        return { number: place + 1, of: steps.length, label: place < 0 ? "" : steps[place][1] };
    }

    async look() {
        const { resId, data } = this.props.record;
        if (document.hidden || !resId || data.state !== "open" || this.busy) {
            return;
        }
        this.busy = true;
        try {
            const now = await this.orm.silent.call("skill.cert.session", "turnout", [[resId]]);
            // What the form offers changes with these.
            const settled = now.state !== data.state || now.may_close !== this.state.may_close;
            Object.assign(this.state, { progress: now.progress, may_close: now.may_close });
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

registry.category("fields").add("skill_cert_turnout", { component: Turnout, supportedTypes: ["selection"] });
