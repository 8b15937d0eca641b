import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FileModel } from "@web/core/file_viewer/file_model";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { useService } from "@web/core/utils/hooks";
import { useX2ManyCrud } from "@web/views/fields/relational_utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useRef, useState } from "@odoo/owl";
import { useDropZone } from "./drop_zone";

const ROUTE = "/web/binary/upload_attachment";

/**
 * Files that may be dropped onto their row, several at once: each with its progress, or with the reason why it is refused.
 *
 * They go the way of every upload of Odoo, where they are judged by their content, and belong to the row once it is saved.
 */
export class FilesField extends Component {
    static template = "wz_skill_cert.Files";
    static props = { ...standardFieldProps };

    setup() {
        this.uploads = useService("file_upload");
        this.viewer = useFileViewer();
        this.lines = useX2ManyCrud(() => this.props.record.data[this.props.name], true);
        this.state = useState({ over: false, sending: [], refused: [] });
        this.input = useRef("input");
        useDropZone({
            zone: (el) => el.closest(".o_data_row, .o_kanban_record") || el,
            enabled: () => this.editable,
            onOver: (over) => (this.state.over = over),
            onDrop: (files) => this.add(files),
        });
    }

    /** A row is shown read-only until it is clicked; whether its files may change is the form's to say. */
    get editable() {
        return !this.props.readonly || Boolean(this.props.record.evalContext.parent?.user_may_edit);
    }

    get files() {
        return this.props.record.data[this.props.name].records.map((line) =>
            Object.assign(new FileModel(), { id: line.resId, name: line.data.name, mimetype: line.data.mimetype })
        );
    }

    icon(file) {
        return file.isImage ? "fa-file-image-o" : file.isPdf ? "fa-file-pdf-o" : "fa-file-o";
    }

    open(file) {
        if (file.isViewable) {
            this.viewer.open(file, this.files.filter((other) => other.isViewable));
        } else {
            window.open(file.downloadUrl);
        }
    }

    choose() {
        this.input.el.click();
    }

    onChosen(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        return this.add(files);
    }

    async add(files) {
        this.state.refused = [];
        const ids = await Promise.all(files.map((file) => this.send(file)));
        const kept = ids.filter(Boolean);
        if (kept.length) {
            await this.lines.saveRecord(kept);
        }
    }

    /** Upload one file. Resolves to its id, or to nothing where it is refused. */
    async send(file) {
        const upload = await this.uploads.upload(ROUTE, [file], {
            displayErrorNotification: false,
            buildFormData: (data) => {
                data.append("model", this.props.record.resModel);
                // Nobody's until the row is saved: what is discarded leaves nothing with the record.
                data.append("id", 0);
            },
        });
        this.state.sending.push(upload);
        await new Promise((resolve) => upload.xhr.addEventListener("loadend", resolve));
        this.state.sending.splice(
            this.state.sending.findIndex((other) => other.id === upload.id),
            1
        );
        const answer = this.answer(upload.xhr);
        if (answer.error) {
            this.state.refused.push({ name: file.name, reason: answer.error });
        }
        return answer.id;
    }

    answer(xhr) {
        try {
            return JSON.parse(xhr.responseText)[0];
        } catch {
            return { error: _t("The upload was interrupted. Please try again.") };
        }
    }

    percent(upload) {
        return Math.round(upload.progress * 100);
    }

    remove(file) {
        const line = this.props.record.data[this.props.name].records.find((other) => other.resId === file.id);
        return this.lines.removeRecord(line);
    }

    forgive(refused) {
        this.state.refused.splice(this.state.refused.indexOf(refused), 1);
    }
}

registry.category("fields").add("skill_cert_files", {
    component: FilesField,
    supportedTypes: ["many2many"],
    isEmpty: () => false,
    relatedFields: [
        { name: "name", type: "char" },
        { name: "mimetype", type: "char" },
    ],
});
