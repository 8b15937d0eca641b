import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { SIZES } from "@web/core/ui/ui_service";
import { debounce } from "@web/core/utils/timing";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { onWillUnmount, useState, useSubEnv } from "@odoo/owl";
import { EvidenceDialog, EvidenceViewer } from "./evidence_viewer";

const APPLICATION = "skill.cert.application";
const ASSESSMENT = "skill.cert.assessment";
const AUTOSAVE_MS = 2000;

/** Whether the papers are beside the form, as the user has last chosen since the page was loaded. */
let lastChoice = null;

/** The form of a case, or of its assessment, with the papers beside it. */
export class CaseFormController extends FormController {
    static template = "wz_skill_cert.CaseFormView";
    static components = { ...FormController.components, EvidenceViewer };

    setup() {
        super.setup();
        this.screen = useState(useService("ui"));
        this.dialog = useService("dialog");
        this.papers = useState({ open: lastChoice, version: 0, wish: undefined });
        useSubEnv({
            skillCertPapers: { show: (model, id) => this.showPaper(model, id), isBeside: () => this.besideForm },
        });
        onWillUnmount(() => this.autosave.cancel());
    }

    get modelParams() {
        const params = super.modelParams;
        this.autosave = debounce(() => this.saveQuietly(), AUTOSAVE_MS);
        params.hooks.onRecordChanged = () => this.onRecordChanged();
        return params;
    }

    get className() {
        const result = super.className;
        if (this.besideForm) {
            delete result["o_xxl_form_view h-100"];
            result["o_skill_cert_split h-100"] = true;
        }
        return result;
    }

    /** The application whose papers belong beside this form; none before an expert has accepted. */
    get caseId() {
        const { resModel, resId, data } = this.model.root;
        if (resModel === APPLICATION) {
            return resId || null;
        }
        return ["draft", "submitted"].includes(data.state) ? data.application_id?.id : null;
    }

    get besideForm() {
        const open = this.papers.open ?? this.opensByItself;
        return Boolean(open && this.caseId && !this.env.inDialog && this.screen.size >= SIZES.XL);
    }

    get opensByItself() {
        const { resModel, data } = this.model.root;
        if (resModel === ASSESSMENT) {
            return data.user_may_edit;
        }
        // While the bureau has the papers before it, they are opened without being asked for.
        return data.user_is_officer && data.is_checkable;
    }

    togglePapers() {
        if (this.screen.size < SIZES.XL) {
            this.openDialog();
        } else {
            this.papers.open = lastChoice = !this.besideForm;
        }
    }

    showPaper(model, id) {
        const kind = model.split(".").pop();
        this.papers.wish = { key: `${kind}-${id}`, number: (this.papers.wish?.number || 0) + 1 };
        if (this.screen.size < SIZES.XL) {
            this.openDialog();
        } else {
            this.papers.open = lastChoice = true;
        }
    }

    openDialog() {
        this.dialog.add(EvidenceDialog, {
            applicationId: this.caseId,
            wish: this.papers.wish,
            onChanged: () => this.onPapersChanged(),
        });
    }

    /** What was ticked beside the form is shown in it; what was typed in it is not lost. */
    async onPapersChanged() {
        const { root } = this.model;
        if (!(await root.isDirty()) || (await root.save({ reload: false }))) {
            await root.load();
        }
    }

    onWillLoadRoot() {
        super.onWillLoadRoot(...arguments);
        if (this.papers) {
            this.papers.version++;
        }
    }

    // ---------------------------------------------------------------- an assessment saves itself

    onRecordChanged() {
        const { resModel, resId } = this.model.root;
        if (resModel === ASSESSMENT && resId) {
            this.autosave();
        }
    }

    async saveQuietly() {
        const { root } = this.model;
        if (root.data.user_may_edit && (await root.isDirty())) {
            await root.save();
        }
    }
}

export class CaseFormRenderer extends FormRenderer {
    mailLayout(hasAttachmentContainer) {
        const layout = super.mailLayout(hasAttachmentContainer);
        // The place beside the form is taken.
        return layout === "SIDE_CHATTER" && this.env.skillCertPapers?.isBeside() ? "BOTTOM_CHATTER" : layout;
    }
}

registry.category("views").add("skill_cert_case_form", {
    ...formView,
    Controller: CaseFormController,
    Renderer: CaseFormRenderer,
});

/** The rows of materials or achievements: where they are only read, choosing one shows its file. */
export class PapersField extends X2ManyField {
    async openRecord(record) {
        if (this.env.skillCertPapers && this.props.readonly && record.resId) {
            return this.env.skillCertPapers.show(record.resModel, record.resId);
        }
        return super.openRecord(record);
    }
}

registry.category("fields").add("skill_cert_papers", { ...x2ManyField, component: PapersField });
