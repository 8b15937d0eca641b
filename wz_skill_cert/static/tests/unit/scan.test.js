import { expect, test } from "@odoo/hoot";
import { animationFrame, Deferred, queryOne, waitFor } from "@odoo/hoot-dom";
import { contains, fields, makeServerError, models, onRpc } from "@web/../tests/web_test_helpers";
import { defineOurModels, dragFiles, openForm } from "./helpers";

class Application extends models.Model {
    _name = "skill.cert.application";

    name = fields.Char({ required: true });
    stamped_scan = fields.Binary();
    stamped_scan_on = fields.Datetime();
    user_may_scan = fields.Boolean();

    _records = [
        { id: 1, name: "without", user_may_scan: true },
        { id: 2, name: "with", user_may_scan: true, stamped_scan: "eA==", stamped_scan_on: "2099-03-01 08:00:00" },
        { id: 3, name: "decided", user_may_scan: false, stamped_scan: "eA==", stamped_scan_on: "2099-03-01 08:00:00" },
    ];
}

defineOurModels(Application);

const ZONE = ".o_skill_cert_scan";
const CHOOSE = ".o_skill_cert_scan_choose";
const REFUSAL = ".o_skill_cert_scan [role=alert]";
const scan = (content = "scan") => new File([content], "scan.pdf", { type: "application/pdf" });
const openApplication = (id) => openForm(Application, `<field name="name"/><field name="stamped_scan" widget="skill_cert_scan"/>`, id);
const stepUploads = (answer = () => true) =>
    onRpc("skill.cert.application", /^action_(upload|remove)_scan$/, ({ method, args }) => {
        expect.step([method, ...args]);
        return answer();
    });

async function drop(...files) {
    dragFiles(queryOne(ZONE), "dragenter", files);
    dragFiles(queryOne(ZONE), "drop", files);
    await animationFrame();
}

test("a scan that is dropped is sent with its content", async () => {
    stepUploads();
    await openApplication(1);
    expect(ZONE).toHaveText(/No scan yet/);
    await drop(scan());
    await waitFor(`${CHOOSE}:enabled`);
    await expect.waitForSteps([["action_upload_scan", [1], btoa("scan")]]);
});

test("while one scan is on its way no second one is taken", async () => {
    const answer = new Deferred();
    stepUploads(() => answer);
    await openApplication(1);
    await drop(scan());
    await expect.waitForSteps([["action_upload_scan", [1], btoa("scan")]]);
    await animationFrame();
    expect(CHOOSE).not.toBeEnabled();
    await drop(scan("second"));
    answer.resolve(true);
    await waitFor(`${CHOOSE}:enabled`);
    expect.verifySteps([]);
});

test("a refusal is shown at its place, and another file can be chosen", async () => {
    stepUploads(() => {
        throw makeServerError({ message: "The file is no PDF." });
    });
    await openApplication(1);
    await drop(scan());
    await waitFor(REFUSAL);
    expect(REFUSAL).toHaveText("The file is no PDF.");
    expect(CHOOSE).toBeEnabled();
    await expect.waitForSteps([["action_upload_scan", [1], btoa("scan")]]);
});

test("a form that cannot be saved sends no scan", async () => {
    stepUploads();
    await openApplication(1);
    await contains("[name=name] input").edit("");
    await drop(scan());
    await waitFor(".o_field_invalid");
    await animationFrame();
    expect.verifySteps([]);
    expect(CHOOSE).toBeEnabled();
});

test("a scan that is there can be opened, replaced and removed", async () => {
    stepUploads();
    await openApplication(2);
    expect(".o_skill_cert_scan_open").toHaveAttribute("href", /model=skill\.cert\.application&id=2&field=stamped_scan/);
    expect(CHOOSE).toHaveText("Upload another");
    await contains(".btn:contains(Remove)").click();
    await expect.waitForSteps([["action_remove_scan", [2]]]);
});

test("whoever may not scan can open the scan, and change nothing", async () => {
    stepUploads();
    await openApplication(3);
    expect(".o_skill_cert_scan_open").toHaveCount(1);
    expect(`${ZONE} button, ${ZONE} input`).toHaveCount(0);
    await drop(scan());
    expect(ZONE).not.toHaveClass("o_over");
    expect.verifySteps([]);
});
