import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { ImageField, imageField } from "@web/views/fields/image/image_field";
import { Component, useRef, useState } from "@odoo/owl";

// 2 inches (35 × 49 mm) at 300 dpi.
export const PHOTO = { width: 413, height: 579 };
const FRAME = { width: 248, height: Math.round((248 * PHOTO.height) / PHOTO.width) };
const MAX_ZOOM = 4;
const STEP = 6;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const QUALITY = 0.92;

const between = (low, value, high) => Math.min(Math.max(value, low), high);

/** Cuts a picture to a 2-inch photo: it is moved and enlarged behind a frame. */
export class PhotoCropDialog extends Component {
    static template = "wz_skill_cert.PhotoCrop";
    static components = { Dialog };
    static props = { source: String, onConfirm: Function, onBroken: Function, close: Function };

    setup() {
        this.image = useRef("image");
        this.frame = FRAME;
        this.maxZoom = MAX_ZOOM;
        this.state = useState({ width: 0, height: 0, zoom: 1, x: 0, y: 0 });
    }

    /** Screen pixels for one pixel of the picture. */
    get scale() {
        const { width, height, zoom } = this.state;
        return width ? zoom * Math.max(FRAME.width / width, FRAME.height / height) : 1;
    }

    get pixels() {
        return Math.round(FRAME.width / this.scale);
    }

    get warning() {
        if (!this.state.width || this.pixels >= PHOTO.width) {
            return "";
        }
        return _t("%(width)s × %(height)s pixels are too few: the print will be blurred. 413 × 579 are needed.", {
            width: this.pixels,
            height: Math.round(FRAME.height / this.scale),
        });
    }

    get style() {
        const { width, x, y } = this.state;
        return `width: ${width * this.scale}px; transform: translate(${x}px, ${y}px)`;
    }

    onLoad() {
        const { naturalWidth, naturalHeight } = this.image.el;
        Object.assign(this.state, { width: naturalWidth, height: naturalHeight });
        // In the middle, and rather the upper part: there the face is.
        this.place((FRAME.width - naturalWidth * this.scale) / 2, (FRAME.height - naturalHeight * this.scale) / 4);
    }

    onError() {
        this.props.onBroken();
        this.props.close();
    }

    /** Move the picture; it always fills the frame. */
    place(x, y) {
        const { width, height } = this.state;
        this.state.x = between(FRAME.width - width * this.scale, x, 0);
        this.state.y = between(FRAME.height - height * this.scale, y, 0);
    }

    zoomTo(zoom) {
        const before = this.scale;
        this.state.zoom = between(1, zoom, MAX_ZOOM);
        // What is in the middle stays there.
        const factor = this.scale / before;
        const middle = (at, size) => size / 2 - (size / 2 - at) * factor;
        this.place(middle(this.state.x, FRAME.width), middle(this.state.y, FRAME.height));
    }

    onPointerDown(ev) {
        ev.target.setPointerCapture(ev.pointerId);
        this.grip = { x: ev.clientX - this.state.x, y: ev.clientY - this.state.y };
    }

    onPointerMove(ev) {
        if (this.grip) {
            this.place(ev.clientX - this.grip.x, ev.clientY - this.grip.y);
        }
    }

    onPointerUp() {
        this.grip = null;
    }

    onKeydown(ev) {
        const arrow = ARROWS[ev.key];
        if (arrow) {
            ev.preventDefault();
            ev.stopPropagation();
            this.place(this.state.x + arrow[0] * STEP, this.state.y + arrow[1] * STEP);
        }
    }

    /** Return the photo as JPEG, Base64. */
    crop() {
        const canvas = Object.assign(document.createElement("canvas"), PHOTO);
        const context = canvas.getContext("2d");
        // Behind what is transparent.
        context.fillStyle = "#fff";
        context.fillRect(0, 0, PHOTO.width, PHOTO.height);
        context.imageSmoothingQuality = "high";
        const { x, y } = this.state;
        const [left, top] = [-x / this.scale, -y / this.scale];
        const [width, height] = [FRAME.width / this.scale, FRAME.height / this.scale];
        context.drawImage(this.image.el, left, top, width, height, 0, 0, PHOTO.width, PHOTO.height);
        return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1];
    }

    confirm() {
        this.props.onConfirm(this.crop());
        this.props.close();
    }
}

/** The photo of the form: every picture is cut to its size before it is kept. */
export class PhotoField extends ImageField {
    setup() {
        super.setup();
        this.dialog = useService("dialog");
    }

    async onFileUploaded(info) {
        this.dialog.add(PhotoCropDialog, {
            source: `data:${info.type};base64,${info.data}`,
            onConfirm: (photo) => super.onFileUploaded({ ...info, type: "image/jpeg", data: photo }),
            onBroken: () => this.notification.add(_t("Please choose a picture for this: a JPEG or PNG file."), { type: "danger" }),
        });
    }
}

registry.category("fields").add("skill_cert_photo", { ...imageField, component: PhotoField });
