import { beforeEach, expect, test } from "@odoo/hoot";
import { animationFrame, manuallyDispatchProgrammaticEvent, press, queryOne, setInputFiles, setInputRange, waitFor } from "@odoo/hoot-dom";
import {
    clickSave,
    contains,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { PHOTO, PhotoCropDialog } from "@wz_skill_cert/guide/photo";
import { defineOurModels, openForm } from "./helpers";

const FRAME = ".o_skill_cert_crop";
const IMAGE = `${FRAME} img`;
const DONE = ".o_skill_cert_crop_done";
const RED = [255, 0, 0];
const BLUE = [0, 0, 255];
const WHITE = [255, 255, 255];
// A portrait held upright: stored lying, with the note that it is to be turned by a quarter (orientation 6).
const EXIF_TURNED = [
    [0xff, 0xe1, 0x00, 0x22, 0x45, 0x78, 0x69, 0x66, 0x00, 0x00, 0x4d, 0x4d, 0x00, 0x2a, 0x00, 0x00, 0x00, 0x08],
    [0x00, 0x01, 0x01, 0x12, 0x00, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
].flat();

class Person extends models.Model {
    _name = "skill.cert.test.person";

    name = fields.Char();
    photo = fields.Binary();

    _records = [{ id: 1, name: "示例" }];
}

defineOurModels(Person);

beforeEach(() => {
    // There is no pointer behind a synthetic event.
    patchWithCleanup(Element.prototype, { setPointerCapture() {} });
});

/** Draw a picture: its left half in red, the right one in blue; or nothing at all. */
function draw(width, height, type = "image/png", empty = false) {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    if (!empty) {
        context.fillStyle = "#f00";
        context.fillRect(0, 0, width / 2, height);
        context.fillStyle = "#00f";
        context.fillRect(width / 2, 0, width / 2, height);
    }
    return canvas.toDataURL(type);
}

function turned(dataUrl) {
    const bytes = [...atob(dataUrl.split(",")[1])].map((char) => char.charCodeAt(0));
    bytes.splice(2, 0, ...EXIF_TURNED);
    return `data:image/jpeg;base64,${btoa(String.fromCharCode(...bytes))}`;
}

async function load(image, source) {
    const loaded = new Promise((resolve) => image.addEventListener("load", resolve, { once: true }));
    image.src = source;
    await loaded;
}

/** The test framework keeps pictures from loading: what is on the screen is loaded by hand. */
async function loadShown() {
    const image = queryOne(IMAGE);
    await load(image, image.dataset.src);
    await animationFrame();
}

async function openCrop(source) {
    const kept = [];
    await mountWithCleanup("<div/>");
    getService("dialog").add(PhotoCropDialog, {
        source,
        onConfirm: (photo) => kept.push(photo),
        onBroken: () => expect.step("broken"),
    });
    await waitFor(IMAGE);
    await loadShown();
    return kept;
}

/** Take over what the frame shows; return a function that tells the colour at a place of the photo. */
async function confirmPhoto(kept) {
    await contains(DONE).click();
    const photo = new Image();
    await load(photo, `data:image/jpeg;base64,${kept[0]}`);
    expect([photo.naturalWidth, photo.naturalHeight]).toEqual([413, 579]);
    const canvas = Object.assign(document.createElement("canvas"), PHOTO);
    const context = canvas.getContext("2d");
    context.drawImage(photo, 0, 0);
    return (x, y) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3).map((part) => Math.round(part / 51) * 51);
}

function place() {
    const { style } = queryOne(IMAGE);
    const [x, y] = style.transform.match(/-?[\d.]+/g).map(Number);
    return { width: Math.round(parseFloat(style.width)), x: Math.round(x), y: Math.round(y) };
}

async function pressOften(key, times) {
    queryOne(FRAME).focus();
    for (let time = 0; time < times; time++) {
        await press(key);
    }
    await animationFrame();
}

async function zoomTo(zoom) {
    await setInputRange(".modal input[type=range]", zoom);
    await animationFrame();
}

test("a wide picture fills the frame in its height and is shown from its middle", async () => {
    await openCrop(draw(2000, 1000));
    expect(queryOne(FRAME).style.width).toBe("248px");
    expect(queryOne(FRAME).style.height).toBe("348px");
    expect(place()).toEqual({ width: 696, x: -224, y: 0 });
});

test("a tall picture fills the frame in its width and is shown rather from the top, where the face is", async () => {
    await openCrop(draw(1000, 4000));
    expect(place()).toEqual({ width: 248, x: 0, y: -161 });
});

test("a picture cannot be moved so far that the frame shows what is beside it", async () => {
    await openCrop(draw(2000, 1000));
    await pressOften("ArrowRight", 50);
    expect(place()).toEqual({ width: 696, x: 0, y: 0 });
    await pressOften("ArrowLeft", 90);
    expect(place()).toEqual({ width: 696, x: 248 - 696, y: 0 });
    await pressOften("ArrowUp", 5);
    await pressOften("ArrowDown", 5);
    expect(place()).toEqual({ width: 696, x: 248 - 696, y: 0 });
});

test("what is in the middle stays there while it is enlarged and made smaller", async () => {
    await openCrop(draw(2000, 1000));
    await zoomTo(2);
    expect(place()).toEqual({ width: 1392, x: -572, y: -174 });
    await zoomTo(1);
    expect(place()).toEqual({ width: 696, x: -224, y: 0 });
});

test("a picture at the edge still fills the frame when it is made smaller", async () => {
    await openCrop(draw(2000, 1000));
    await zoomTo(4);
    await pressOften("ArrowRight", 300);
    expect(place().x).toBe(0);
    await zoomTo(1);
    const { x, width } = place();
    expect(x).toBeLessThan(1);
    expect(x + width).toBeGreaterThan(247);
});

test("the wheel enlarges no further than fourfold and never below the frame", async () => {
    await openCrop(draw(2000, 1000));
    for (let turn = 0; turn < 40; turn++) {
        await manuallyDispatchProgrammaticEvent(queryOne(FRAME), "wheel", { deltaY: -100 });
    }
    await animationFrame();
    expect(place().width).toBe(4 * 696);
    for (let turn = 0; turn < 60; turn++) {
        await manuallyDispatchProgrammaticEvent(queryOne(FRAME), "wheel", { deltaY: 100 });
    }
    await animationFrame();
    expect(place().width).toBe(696);
});

test("the picture follows the finger while it is down, and not after", async () => {
    await openCrop(draw(2000, 1000));
    await manuallyDispatchProgrammaticEvent(queryOne(FRAME), "pointerdown", { clientX: 100, clientY: 100, pointerId: 1 });
    await manuallyDispatchProgrammaticEvent(queryOne(FRAME), "pointermove", { clientX: 60, clientY: 130, pointerId: 1 });
    await animationFrame();
    expect(place()).toEqual({ width: 696, x: -264, y: 0 });
    await manuallyDispatchProgrammaticEvent(queryOne(FRAME), "pointerup", { pointerId: 1 });
    await manuallyDispatchProgrammaticEvent(queryOne(FRAME), "pointermove", { clientX: 0, clientY: 0, pointerId: 1 });
    await animationFrame();
    expect(place().x).toBe(-264);
});

test("the photo is 413 × 579 pixels and shows exactly what the frame shows", async () => {
    const colour = await confirmPhoto(await openCrop(draw(2000, 1000)));
    expect(colour(190, 300)).toEqual(RED);
    expect(colour(222, 300)).toEqual(BLUE);
});

test("what was moved out of the frame is not in the photo", async () => {
    const kept = await openCrop(draw(2000, 1000));
    await pressOften("ArrowRight", 50);
    const colour = await confirmPhoto(kept);
    expect(colour(5, 5)).toEqual(RED);
    expect(colour(407, 573)).toEqual(RED);
});

test("a photo taken upright stays upright, though the camera stored it lying", async () => {
    const kept = await openCrop(turned(draw(1600, 800, "image/jpeg")));
    // 800 × 1600 to the eye.
    expect(place()).toEqual({ width: 248, x: 0, y: -37 });
    const colour = await confirmPhoto(kept);
    expect(colour(200, 100)).toEqual(RED);
    expect(colour(200, 500)).toEqual(BLUE);
});

test("what is transparent becomes white, not black", async () => {
    const colour = await confirmPhoto(await openCrop(draw(900, 1200, "image/png", true)));
    expect(colour(200, 300)).toEqual(WHITE);
});

test("too few pixels are warned of, with their number; enough are not", async () => {
    await openCrop(draw(2000, 1000));
    expect(".modal .alert").toHaveCount(0);
    await zoomTo(4);
    expect(".modal .alert").toHaveText(/^178 × 250 pixels are too few/);
});

test("413 pixels are enough, 412 are too few", async () => {
    await openCrop(draw(413, 579));
    expect(".modal .alert").toHaveCount(0);
    await load(queryOne(IMAGE), draw(412, 578));
    await animationFrame();
    expect(".modal .alert").toHaveText(/^412 × 578 pixels/);
});

test("before the picture is there, no photo can be taken of it", async () => {
    await mountWithCleanup("<div/>");
    getService("dialog").add(PhotoCropDialog, { source: draw(10, 10), onConfirm: () => {}, onBroken: () => {} });
    await waitFor(IMAGE);
    expect(DONE).not.toBeEnabled();
});

const openPerson = () => openForm(Person, `<field name="name"/><field name="photo" widget="skill_cert_photo"/>`, 1);

async function choose(file) {
    await setInputFiles([file]);
    await waitFor(".modal");
}

async function chooseByInput(file) {
    await contains("[name=photo] input[type=file]", { visible: false }).click();
    await choose(file);
}

const fileOf = (dataUrl, name, type) => {
    const bytes = Uint8Array.from(atob(dataUrl.split(",")[1]), (char) => char.charCodeAt(0));
    return new File([bytes], name, { type });
};

test("the form keeps the cut photo, not the picture that was chosen", async () => {
    onRpc("skill.cert.test.person", "web_save", ({ args }) => {
        expect.step(atob(args[1].photo.slice(0, 8)).slice(0, 2) === "\xff\xd8" ? "JPEG" : "another kind");
    });
    await openPerson();
    await chooseByInput(fileOf(draw(900, 1200), "portrait.png", "image/png"));
    await loadShown();
    await contains(DONE).click();
    expect(".modal").toHaveCount(0);
    await clickSave();
    expect.verifySteps(["JPEG"]);
});

test("who cancels keeps the form as it was", async () => {
    await openPerson();
    await chooseByInput(fileOf(draw(900, 1200), "portrait.png", "image/png"));
    await contains(".modal .btn:contains(Cancel)").click();
    expect(".modal").toHaveCount(0);
    expect(".o_form_status_indicator_buttons.invisible").toHaveCount(1);
});

test("what is no picture is refused with a word, and the form stays as it was", async () => {
    await openPerson();
    await chooseByInput(new File(["no picture"], "portrait.png", { type: "image/png" }));
    queryOne(IMAGE).dispatchEvent(new Event("error"));
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect(".o_notification").toHaveText(/Please choose a picture/);
    expect(".o_form_status_indicator_buttons.invisible").toHaveCount(1);
});
