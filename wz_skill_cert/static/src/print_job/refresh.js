import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillUnmount, xml } from "@odoo/owl";

const MILLISECONDS = 2000;
const UNFINISHED = ["waiting", "running"];

/** Reloads the record on screen as long as it is being worked on. */
export class RefreshWidget extends Component {
    static template = xml`<span/>`;
    static props = { ...standardWidgetProps };

    setup() {
        const timer = setInterval(() => this.refresh(), MILLISECONDS);
        onWillUnmount(() => clearInterval(timer));
    }

    async refresh() {
        const { record } = this.props;
        if (!this.loading && UNFINISHED.includes(record.data.state)) {
            this.loading = true;
            try {
                await record.load();
            } finally {
                this.loading = false;
            }
        }
    }
}

registry.category("view_widgets").add("skill_cert_refresh", { component: RefreshWidget });
