import { onMounted, onWillUnmount, useRef } from "@odoo/owl";

const carriesFiles = (ev) => ev.dataTransfer?.types.includes("Files");

/**
 * Let files be dropped onto the element that `zone` finds from the component's own (t-ref "root").
 *
 * @param {(el: HTMLElement) => HTMLElement} zone
 * @param {() => boolean} enabled
 * @param {(over: boolean) => void} onOver called when files come over the zone, and when they leave it
 * @param {(files: File[]) => void} onDrop
 */
export function useDropZone({ zone, enabled, onOver, onDrop }) {
    const root = useRef("root");
    let target = null;
    // Counted: each child that is crossed is entered before the last one is left.
    let depth = 0;

    function end() {
        depth = 0;
        target.classList.remove("o_skill_cert_over");
        onOver(false);
    }

    const listeners = {
        dragenter(ev) {
            if (enabled() && carriesFiles(ev) && ++depth === 1) {
                target.classList.add("o_skill_cert_over");
                onOver(true);
            }
        },
        dragover(ev) {
            // Or the browser opens the file instead of dropping it.
            if (enabled() && carriesFiles(ev)) {
                ev.preventDefault();
            }
        },
        dragleave(ev) {
            if (depth && carriesFiles(ev) && --depth === 0) {
                end();
            }
        },
        drop(ev) {
            if (enabled() && carriesFiles(ev)) {
                ev.preventDefault();
                ev.stopPropagation();
                const files = [...ev.dataTransfer.files];
                end();
                onDrop(files);
            }
        },
    };

    onMounted(() => {
        target = zone(root.el);
        for (const [name, listener] of Object.entries(listeners)) {
            target.addEventListener(name, listener);
        }
    });
    onWillUnmount(() => {
        target.classList.remove("o_skill_cert_over");
        for (const [name, listener] of Object.entries(listeners)) {
            target.removeEventListener(name, listener);
        }
    });
}
