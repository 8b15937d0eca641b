import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillUnmount, useComponent, xml } from "@odoo/owl";

const MILLISECONDS = 2000;
const UNFINISHED = ["waiting", "running"];

/** Reload the record of this component again and again, as long as it is in one of the `states`. */
export function useRefresh(states, milliseconds) {
    const component = useComponent();
    let loading = false;

    async function refresh() {
        const { record } = component.props;
        // What is being typed would be lost; of a new record, all of it.
        if (loading || record.isNew || record.dirty || !states.includes(record.data.state)) {
            return;
        }
        loading = true;
        try {
            await record.load();
        } finally {
            loading = false;
        }
    }

    const timer = setInterval(refresh, milliseconds);
    onWillUnmount(() => clearInterval(timer));
}

/** Reloads the record on screen as long as it is being worked on. */
export class RefreshWidget extends Component {
    static template = xml`<span/>`;
    static props = { ...standardWidgetProps };

    setup() {
        useRefresh(UNFINISHED, MILLISECONDS);
    }
}

registry.category("view_widgets").add("skill_cert_refresh", { component: RefreshWidget });
