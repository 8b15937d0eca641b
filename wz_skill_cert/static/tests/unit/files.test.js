import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { reactive } from "@odoo/owl";
import { clickSave, contains, fields, MockServer, mockService, models, onRpc } from "@web/../tests/web_test_helpers";
import { defineOurModels, dragFiles, openForm } from "./helpers";

class Material extends models.Model {
    _name = "skill.cert.material";

    name = fields.Char();
    locked = fields.Boolean();
    attachment_ids = fields.Many2many({ relation: "ir.attachment" });

    _records = [
        { id: 1, name: "open", attachment_ids: [] },
        { id: 2, name: "locked", locked: true, attachment_ids: [] },
    ];
}

defineOurModels(Material);

const ZONE = ".o_skill_cert_files";
const CHIP = ".o_skill_cert_chip .o_skill_cert_file";
const pdf = (name) => new File(["%PDF-1.4"], name, { type: "application/pdf" });

/** The uploads under way: each is answered by the test. */
let uploads;

beforeEach(() => {
    uploads = [];
    mockService("file_upload", {
        async upload(route, [file], params) {
            const data = new FormData();
            params.buildFormData(data);
            const upload = reactive({ id: uploads.length + 1, title: file.name, progress: 0, xhr: new EventTarget() });
            uploads.push({ route, data: Object.fromEntries(data), upload, params });
            return upload;
        },
    });
    onRpc("skill.cert.material", "web_save", ({ args }) => {
        expect.step(args[1].attachment_ids);
    });
});

async function answer(number, text) {
    const { xhr } = uploads[number].upload;
    xhr.responseText = text;
    xhr.dispatchEvent(new Event("loadend"));
    await animationFrame();
    await animationFrame();
}

function accept(number) {
    const { title } = uploads[number].upload;
    const [id] = MockServer.env["ir.attachment"].create([{ name: title, mimetype: "application/pdf" }]);
    return answer(number, JSON.stringify([{ id, filename: title }])).then(() => id);
}

const openMaterial = (id = 1) =>
    openForm(
        Material,
        `<field name="locked" invisible="1"/><field name="attachment_ids" widget="skill_cert_files" readonly="locked"/>`,
        id
    );

async function drop(...files) {
    const zone = queryOne(ZONE);
    dragFiles(zone, "dragenter", files);
    const event = dragFiles(zone, "drop", files);
    await animationFrame();
    return event;
}

test("several files dropped at once are each sent, with their progress", async () => {
    await openMaterial();
    await drop(pdf("a.pdf"), pdf("b.pdf"));
    expect(queryAllTexts(".o_skill_cert_sending")).toEqual(["a.pdf", "b.pdf"]);
    uploads[0].upload.progress = 0.425;
    await animationFrame();
    expect(".o_skill_cert_sending:eq(0) .progress").toHaveAttribute("aria-valuenow", "43");
    expect(".o_skill_cert_sending:eq(1) .progress").toHaveAttribute("aria-valuenow", "0");
});

test("a file goes the way of every upload and is nobody's until the row is saved", async () => {
    await openMaterial();
    await drop(pdf("a.pdf"));
    expect(uploads[0].route).toBe("/web/binary/upload_attachment");
    expect(uploads[0].data).toEqual({ model: "skill.cert.material", id: "0" });
});

test("what was accepted is with the row, and saved with it", async () => {
    await openMaterial();
    await drop(pdf("a.pdf"), pdf("b.pdf"));
    const second = await accept(1);
    expect(".o_skill_cert_sending").toHaveCount(1);
    const first = await accept(0);
    expect(queryAllTexts(CHIP)).toEqual(["a.pdf", "b.pdf"]);
    await clickSave();
    expect.verifySteps([
        [
            [4, first],
            [4, second],
        ],
    ]);
});

test("a refused file is named with its reason, and does not take the others along", async () => {
    await openMaterial();
    await drop(pdf("script.pdf"), pdf("good.pdf"));
    await answer(0, JSON.stringify([{ error: "The file holds a script." }]));
    await accept(1);
    expect("[role=alert]").toHaveText("script.pdf: The file holds a script.");
    expect(queryAllTexts(CHIP)).toEqual(["good.pdf"]);
});

test("an upload that is cut off is said to be so, and nothing is kept of it", async () => {
    await openMaterial();
    await drop(pdf("a.pdf"));
    await answer(0, "<html>413 Request Entity Too Large</html>");
    expect("[role=alert]").toHaveText(/^a.pdf: The upload was interrupted/);
    expect(".o_skill_cert_sending").toHaveCount(0);
    expect(CHIP).toHaveCount(0);
});

test("an old refusal goes away when it is closed, or with the next try", async () => {
    await openMaterial();
    await drop(pdf("a.pdf"));
    await answer(0, JSON.stringify([{ error: "Too large." }]));
    await contains("[role=alert] .btn-close").click();
    expect("[role=alert]").toHaveCount(0);
    await drop(pdf("a.pdf"));
    await answer(1, JSON.stringify([{ error: "Too large." }]));
    expect("[role=alert]").toHaveCount(1);
    await drop(pdf("b.pdf"));
    expect("[role=alert]").toHaveCount(0);
});

test("a removed file leaves the row", async () => {
    await openMaterial();
    await drop(pdf("a.pdf"));
    await accept(0);
    await contains(".o_skill_cert_chip [aria-label='Remove the file']").click();
    expect(CHIP).toHaveCount(0);
});

test("the place shows that it takes the files, until they leave it or are dropped", async () => {
    await openMaterial();
    const [zone, child] = [queryOne(ZONE), queryOne(`${ZONE} .o_attach`)];
    dragFiles(zone, "dragenter", [pdf("a.pdf")]);
    // Each child that is crossed is entered before its parent is left.
    dragFiles(child, "dragenter", [pdf("a.pdf")]);
    dragFiles(zone, "dragleave", [pdf("a.pdf")]);
    await animationFrame();
    expect(ZONE).toHaveClass("o_over");
    expect(".o_attach").toHaveText("Drop the files here");
    dragFiles(child, "dragleave", [pdf("a.pdf")]);
    await animationFrame();
    expect(ZONE).not.toHaveClass("o_over");
    await drop(pdf("a.pdf"));
    expect(ZONE).not.toHaveClass("o_over");
});

test("the browser opens no file that is dropped here", async () => {
    await openMaterial();
    expect(dragFiles(queryOne(ZONE), "dragover", [pdf("a.pdf")]).defaultPrevented).toBe(true);
    expect((await drop(pdf("a.pdf"))).defaultPrevented).toBe(true);
});

test("what is dragged and is no file is not taken", async () => {
    await openMaterial();
    expect(dragFiles(queryOne(ZONE), "dragover", []).defaultPrevented).toBe(false);
    await drop();
    expect(ZONE).not.toHaveClass("o_over");
    expect(uploads).toHaveLength(0);
});

test("a row that may not be changed takes no file", async () => {
    await openMaterial(2);
    expect(`${ZONE} .o_attach, ${ZONE} input`).toHaveCount(0);
    await drop(pdf("a.pdf"));
    expect(ZONE).not.toHaveClass("o_over");
    expect(uploads).toHaveLength(0);
});
