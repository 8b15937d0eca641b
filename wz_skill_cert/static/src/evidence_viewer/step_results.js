import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { Component } from "@odoo/owl";

const CLOSE = { type: "ir.actions.act_window_close" };

/** Which of many applications went on, and why the others did not. */
export class StepResults extends Component {
    static template = "wz_skill_cert.StepResults";
    static components = { Dialog };
    static props = { title: String, done: Array, refused: Array, open: Function, close: Function };

    open(row) {
        this.props.close();
        this.props.open(row.id);
    }
}

registry.category("actions").add("wz_skill_cert.step_results", (env, { params }) => {
    const open = (id) =>
        env.services.action.doAction({
            type: "ir.actions.act_window",
            res_model: "skill.cert.application",
            res_id: id,
            views: [[false, "form"]],
        });
    env.services.dialog.add(StepResults, { ...params, open });
    return CLOSE;
});

registry.category("actions").add("wz_skill_cert.step_done", (env, { params }) => {
    env.services.notification.add(_t("%(step)s: %(count)s applications", { step: params.title, count: params.count }), {
        type: "success",
    });
    return CLOSE;
});
