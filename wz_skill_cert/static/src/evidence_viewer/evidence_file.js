import { hidePDFJSButtons } from "@web/core/utils/pdfjs";
import { Component, onMounted, onPatched, onWillUpdateProps, useExternalListener, useRef, useState } from "@odoo/owl";

const PDF_VIEWER = "/web/static/lib/pdfjs/web/viewer.html";
const ZOOMS = [0.5, 0.75, 1, 1.5, 2, 3, 4];

/** One file in place: a PDF in Odoo's own viewer, a picture that can be enlarged and turned, anything else to download. */
export class EvidenceFile extends Component {
    static template = "wz_skill_cert.EvidenceFile";
    static props = { file: Object };

    setup() {
        this.frame = useRef("frame");
        this.state = useState({ zoom: 1, turn: 0 });
        useExternalListener(document, "webviewerloaded", (event) => this.disarm(event.detail.source));
        onWillUpdateProps((next) => {
            if (next.file.id !== this.props.file.id) {
                Object.assign(this.state, { zoom: 1, turn: 0 });
            }
        });
        onMounted(() => this.tidy());
        onPatched(() => this.tidy());
    }

    get pdfUrl() {
        return `${PDF_VIEWER}?file=${encodeURIComponent(this.props.file.url)}#pagemode=none&zoom=page-width`;
    }

    get imageStyle() {
        const { zoom, turn } = this.state;
        return `width: ${zoom * 100}%; transform: rotate(${turn}deg);`;
    }

    /** A script in a PDF is refused at the upload; where one came in otherwise, it is not run either. */
    disarm(source) {
        if (source === this.frame.el?.contentWindow) {
            source.PDFViewerApplicationOptions.set("disablePreferences", true);
            source.PDFViewerApplicationOptions.set("enableScripting", false);
        }
    }

    tidy() {
        if (this.frame.el) {
            hidePDFJSButtons(this.frame.el, { hidePresentation: true });
        }
    }

    zoom(step) {
        const place = ZOOMS.indexOf(this.state.zoom) + step;
        this.state.zoom = ZOOMS[Math.min(Math.max(place, 0), ZOOMS.length - 1)];
    }

    turn() {
        this.state.turn = (this.state.turn + 90) % 360;
    }
}
