import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, getService, mountView, mountWebClient } from "@web/../tests/web_test_helpers";

/** What every suite needs: the services of the web client ask the models of Odoo's own addons. */
export function defineOurModels(...ownModels) {
    defineMailModels();
    defineModels(ownModels);
}

/** Open a client action as a menu does. */
export async function openAction(tag, context = {}) {
    await mountWebClient();
    await getService("action").doAction({ type: "ir.actions.client", tag, context });
}

/** Show a record of `Model` in a form of these nodes; a new one without an id. */
export function openForm(Model, nodes, resId, props = {}) {
    return mountView({ type: "form", resModel: Model._name, resId, arch: `<form>${nodes}</form>`, ...props });
}

/** Let files be over an element, as a drag from the desktop does; return the event. */
export function dragFiles(target, name, files) {
    const dataTransfer = new DataTransfer();
    for (const file of files) {
        dataTransfer.items.add(file);
    }
    const event = new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer });
    target.dispatchEvent(event);
    return event;
}
