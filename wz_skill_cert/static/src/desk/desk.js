import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { Component, onWillStart, useState } from "@odoo/owl";

const APPLICATION = "skill.cert.application";
const RECENT_DAYS = 60;

/** The nominator's first page: what may be done, what waits for whom, and until when. One answer of the server. */
export class Desk extends Component {
    static template = "wz_skill_cert.Desk";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.data = useState({});
        this.levels = { technician: _t("Technician"), senior_worker: _t("Senior worker") };
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(this.data, await this.orm.call("skill.cert.desk", "overview", []));
    }

    number(...states) {
        return states.reduce((sum, state) => sum + (this.data.states[state] || 0), 0);
    }

    get waiting() {
        return this.data.waiting
            .map(({ state, name }) => ({ state, name, count: this.number(state) }))
            .filter(({ count }) => count);
    }

    get waitingCount() {
        return this.number(...this.atBureau);
    }

    get atBureau() {
        return this.data.waiting.map(({ state }) => state);
    }

    get openCount() {
        return this.number(...this.data.open_states);
    }

    get prospectCount() {
        return this.data.prospects.people;
    }

    get isEmpty() {
        return !Object.keys(this.data.states).length;
    }

    get own() {
        return ["nominator_id", "in", this.data.units.map((unit) => unit.id)];
    }

    get unitNames() {
        return this.data.units.map((unit) => unit.name).join("、");
    }

    get urgency() {
        const { days } = this.data.campaign;
        return days <= 7 ? "text-danger" : days <= 21 ? "text-warning" : "text-success";
    }

    get closing() {
        const { days, date_close } = this.data.campaign;
        return days === 0 ? _t("Last day: today") : _t("Closes on %s", this.date(date_close));
    }

    get opening() {
        return _t("Opens on %s", this.date(this.data.campaign.date_open));
    }

    date(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    title(row) {
        return row.applicant || row.name || _t("Without a name");
    }


    // ------------------------------------------------------------------ where it leads

    nominate() {
        this.action.doAction({ type: "ir.actions.act_window", res_model: APPLICATION, views: [[false, "form"]] });
    }

    open(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: APPLICATION,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openStates(name, states) {
        this.openList(name, [this.own, ["state", "in", states]]);
    }

    openDrafts() {
        this.openStates(_t("Drafts"), ["draft"]);
    }

    openReturned() {
        this.openStates(_t("Returned for correction"), ["returned"]);
    }

    openWaiting() {
        this.openStates(_t("At the bureau"), this.atBureau);
    }

    openDecided() {
        const since = luxon.DateTime.utc().minus({ days: RECENT_DAYS }).toFormat("yyyy-MM-dd HH:mm:ss");
        this.openList(_t("Decided recently"), [this.own, ["state", "in", this.data.decided_states], ["decided_on", ">=", since]]);
    }

    openList(name, domain) {
        const views = [
            [false, "list"],
            [false, "form"],
        ];
        this.action.doAction({ type: "ir.actions.act_window", name, res_model: APPLICATION, views, domain });
    }

    openProspects(level) {
        const context = { search_default_met: 1, search_default_not_nominated: 1, search_default_group_employee: 1 };
        if (level) {
            context[`search_default_${level}`] = 1;
        }
        this.action.doAction("wz_skill_cert.action_prospect", { additionalContext: context });
    }

    openMembers(filter) {
        const context = filter ? { [`search_default_${filter}`]: 1 } : {};
        this.action.doAction("wz_skill_cert.action_membership", { additionalContext: context });
    }

    openUnit() {
        this.action.doAction("wz_skill_cert.action_unit_wizard");
    }

    async assemble() {
        const action = await this.orm.call("skill.cert.submission", "assemble_all", []);
        await this.action.doAction(action);
    }
}

registry.category("actions").add("skill_cert_desk", Desk);
