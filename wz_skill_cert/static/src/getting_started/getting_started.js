import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

/** The first steps of a bureau. What is done is seen in the records: there is nothing to tick. */
export class GettingStarted extends Component {
    static template = "wz_skill_cert.GettingStarted";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ steps: [] });
        onWillStart(async () => {
            this.state.steps = await this.orm.call("skill.cert.getting.started", "steps", []);
        });
    }

    get doneCount() {
        return this.state.steps.filter((step) => step.done).length;
    }

    /** The first step that is not done yet: the one to take now. */
    get next() {
        return this.state.steps.find((step) => !step.done);
    }

    open(step) {
        return this.action.doAction(step.action, { additionalContext: step.context });
    }
}

registry.category("actions").add("wz_skill_cert.getting_started", GettingStarted);
