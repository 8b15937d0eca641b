import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { Component, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { EvidenceFile } from "./evidence_file";

/**
 * The papers of one case beside its form: the list, the chosen file in place, and what is found about it.
 *
 * All of it comes from one call and holds only what the user may read; what is ticked is refused by the server where it
 * is not the user's to tick.
 */
export class EvidenceViewer extends Component {
    static template = "wz_skill_cert.EvidenceViewer";
    static components = { EvidenceFile };
    static props = {
        applicationId: Number,
        // Read anew when it grows; the paper to show, wished for the n-th time.
        version: { type: Number, optional: true },
        wish: { type: Object, optional: true },
        onChanged: { type: Function, optional: true },
        close: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.root = useRef("root");
        this.state = useState({ case: null, key: null, place: 0, refusing: false, reason: "", busy: false, failed: false });
        onWillStart(() => this.load(this.props.applicationId));
        onWillUpdateProps((next) => this.follow(next));
        // The row of the paper stays in sight while one goes through them by keyboard.
        useEffect(
            () => {
                this.root.el?.querySelector(".o_skill_cert_paper.active")?.scrollIntoView({ block: "nearest" });
            },
            () => [this.state.key]
        );
    }

    follow(next) {
        const other = next.applicationId !== this.props.applicationId;
        if (other || next.version !== this.props.version) {
            // Not awaited: the form beside does not wait for the papers.
            this.load(next.applicationId, other);
        }
        if (next.wish?.number !== this.props.wish?.number) {
            this.show(next.wish.key);
        }
    }

    async load(applicationId, other = true) {
        // Only the last question counts: a late answer would lay the papers of one case beside the form of another.
        const question = (this.question = Symbol("question"));
        let answer = null;
        try {
            answer = await this.orm.call("skill.cert.application", "evidence", [[applicationId]]);
        } finally {
            if (question === this.question) {
                Object.assign(this.state, { case: answer, failed: !answer });
            }
        }
        if (question === this.question && (other || !this.paper)) {
            this.show(this.props.wish?.key || this.firstKey);
        }
    }

    get papers() {
        return this.state.case.papers;
    }

    /** Whoever counts no copies begins with what is to be judged. */
    get groups() {
        const groups = [
            { key: "materials", label: _t("Materials") },
            { key: "achievements", label: _t("Achievements") },
        ];
        return this.state.case.may_check ? groups : groups.reverse();
    }

    get firstKey() {
        return (this.viewable.find((paper) => !paper.checked) || this.viewable[0] || {}).key;
    }

    /** What one goes through, in the order of the list: the papers that have a file. */
    get viewable() {
        return this.groups.flatMap((group) => this.papersOf(group)).filter((paper) => paper.files.length);
    }

    get paper() {
        return this.state.case?.papers.find((paper) => paper.key === this.state.key);
    }

    get file() {
        return this.paper?.files[this.state.place];
    }

    get position() {
        return this.viewable.indexOf(this.paper) + 1;
    }

    get share() {
        const { checked, total } = this.state.case;
        return total ? Math.round((100 * checked) / total) : 0;
    }

    get progressLabel() {
        const { checked, total } = this.state.case;
        return _t("%(checked)s of %(total)s checked", { checked, total });
    }

    filesLabel(paper) {
        return _t("%s files", paper.files.length);
    }

    papersOf(group) {
        return this.papers.filter((paper) => paper.group === group.key);
    }

    show(key) {
        if (key && key !== this.state.key) {
            Object.assign(this.state, { key, place: 0, refusing: false, reason: "" });
        }
    }

    /** Go to the next or previous file; after the last one of a paper, to the next paper. */
    step(by) {
        const place = this.state.place + by;
        if (this.paper?.files[place]) {
            this.state.place = place;
            return;
        }
        const next = this.viewable[this.position - 1 + by];
        if (next) {
            this.show(next.key);
            this.state.place = by < 0 ? next.files.length - 1 : 0;
        }
    }

    onKeydown(event) {
        if (event.target.matches("input:not([type=checkbox]), textarea") || event.altKey || event.ctrlKey) {
            return;
        }
        const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (by) {
            event.preventDefault();
            event.stopPropagation();
            this.step(by);
        }
    }

    // ---------------------------------------------------------------- what is found

    async save(model, method, args) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.orm.call(model, method, args);
            Object.assign(this.state, { refusing: false, reason: "" });
        } finally {
            this.state.busy = false;
            await this.load(this.props.applicationId, false);
        }
        await this.props.onChanged?.();
    }

    write(paper, values) {
        return this.save(paper.model, "write", [[paper.id], values]);
    }

    tick(paper, event) {
        return this.write(paper, { original_seen: event.target.checked });
    }

    count(paper, event) {
        const copies = Math.max(0, parseInt(event.target.value) || 0);
        return copies === paper.copies_counted ? undefined : this.write(paper, { copies_counted: copies });
    }

    remark(paper, event) {
        return this.write(paper, { officer_remark: event.target.value.trim() });
    }

    verify(paper) {
        return this.save(paper.model, "action_verify", [[paper.id]]);
    }

    refuse(paper) {
        return this.save(paper.model, "action_refuse", [[paper.id], this.state.reason]);
    }
}

/** The same on a screen that has no room beside the form. */
export class EvidenceDialog extends Component {
    static template = "wz_skill_cert.EvidenceDialog";
    static components = { Dialog, EvidenceViewer };
    static props = { applicationId: Number, wish: { type: Object, optional: true }, onChanged: Function, close: Function };
}
