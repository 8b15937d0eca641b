import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

/**
 * The ballot paper of one session.
 *
 * What a member chooses lives in this component until it is cast, and nowhere else:
 * not in the address, not in the browser's storage, not in any message.
 */
export class Ballot extends Component {
    static template = "wz_skill_cert.Ballot";
    static props = { ...standardActionServiceProps };
    static displayName = _t("Vote");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.sessionId = this.props.action.context.active_id;
        this.choices = [
            { key: "agree", label: _t("Agree"), style: "success" },
            { key: "against", label: _t("Against"), style: "danger" },
            { key: "abstain", label: _t("Abstain"), style: "secondary" },
        ];
        this.state = useState({ step: "fill", paper: null, picked: {}, error: "", busy: false });
        onWillStart(() => this.load());
    }

    async load() {
        if (!this.sessionId) {
            this.state.step = "lost";
            return;
        }
        const paper = await this.orm.call("skill.cert.session", "ballot_paper", [[this.sessionId]]);
        this.state.paper = paper;
        if (paper.voted) {
            this.state.step = "done";
        } else if (!paper.open) {
            this.state.step = "closed";
        }
    }

    get motions() {
        return this.state.paper.motions;
    }

    get missing() {
        return this.motions.filter((motion) => !this.state.picked[motion.id]).length;
    }

    get decided() {
        return this.motions.length - this.missing;
    }

    get share() {
        return this.motions.length ? Math.round((100 * this.decided) / this.motions.length) : 0;
    }

    get decidedLabel() {
        return _t("%(chosen)s of %(total)s chosen", { chosen: this.decided, total: this.motions.length });
    }

    get totals() {
        return this.choices.map((choice) => ({
            ...choice,
            count: this.motions.filter((motion) => this.state.picked[motion.id] === choice.key).length,
        }));
    }

    labelOf(motion) {
        return this.choices.find((choice) => choice.key === this.state.picked[motion.id]);
    }

    pick(motion, key) {
        this.state.picked[motion.id] = key;
    }

    /** Bring the first applicant without a choice into sight. */
    showMissing() {
        const motion = this.motions.find((motion) => !this.state.picked[motion.id]);
        document.querySelector(`.o_skill_cert_motion[data-motion="${motion?.id}"]`)?.scrollIntoView({ block: "center" });
    }

    agreeToAll() {
        for (const motion of this.motions) {
            this.state.picked[motion.id] = "agree";
        }
    }

    clear() {
        this.state.picked = {};
    }

    go(step) {
        this.state.step = step;
        this.state.error = "";
        window.scrollTo(0, 0);
    }

    async cast() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        this.state.error = "";
        try {
            await this.orm.call("skill.cert.session", "cast", [[this.sessionId], { ...this.state.picked }]);
            this.state.picked = {};
            this.state.step = "done";
        } catch (error) {
            this.state.error = error.data?.message || _t("The server could not be reached. Please check whether your vote is counted before you try again.");
        } finally {
            this.state.busy = false;
        }
    }

    back() {
        if (this.env.config.breadcrumbs?.length > 1) {
            this.action.restore();
        } else {
            this.action.doAction("wz_skill_cert.action_my_session", { clearBreadcrumbs: true });
        }
    }
}

registry.category("actions").add("wz_skill_cert.ballot", Ballot);
