"""The user guide's pictures, taken by the tours where these say so (step `picture` of steps.js).

PICTURES=FOLDER in the environment asks for them; without it the tours are answered and nothing is written.
"""

import base64
import json
import os
import re
import threading
from pathlib import Path

SIGN = re.compile(r"skill_cert_picture ([\w-]+)")
FOLDER = os.environ.get("PICTURES")
# Nothing may hang in a picture: no animations, no blinking, nothing of the tour.
CALM = (
    "*{animation:none!important;transition:none!important;caret-color:transparent!important}"
    ".o_tour_pointer,.o-tooltip,.o_notification_manager,::-webkit-scrollbar{display:none!important}"
    # A machine for tests has no font for screens that comes first.
    "body,input,select,textarea{font-family:Roboto,'Noto Sans CJK SC',sans-serif}"
    "h1,h2,h3,h4,h5,h6,.modal,.o_popover,.dropdown-menu,.o_form_view input,.o_form_view textarea{font-family:inherit!important}"
)
# What the browser says itself, as in the viewer of papers, is Chinese, too, and its clock shows the time of the place.
ENVIRONMENT = ("env", "TZ=Asia/Shanghai") if FOLDER else ()
ARGUMENTS = ("--lang=zh-CN", "--accept-lang=zh-CN") if FOLDER else ()
# Nothing is loading any more, the papers in frames are drawn, fonts and pictures are there, and two frames have passed.
PREPARE = """(async () => {
    if (!document.getElementById("calm")) {
        document.head.append(Object.assign(document.createElement("style"), { id: "calm", textContent: `CALM` }));
    }
    document.activeElement?.blur?.();
    const drawn = (frame) => frame.contentWindow.PDFViewerApplication?.pdfViewer?.getPageView(0)?.renderingState === 3;
    const isReady = () =>
        !document.querySelector(".o_loading_indicator, .o_blockUI") &&
        [...document.querySelectorAll("iframe[src*=pdfjs]")].every(drawn);
    // What is asked of the server shows itself only after a quarter of a second.
    const end = Date.now() + 8000;
    for (let quiet = 0; quiet < 8; quiet = isReady() ? quiet + 1 : 0) {
        if (Date.now() > end) return false;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await Promise.allSettled([document.fonts.ready, ...[...document.images].map((image) => image.decode())]);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return true;
})()""".replace("CALM", CALM)


def wanted():
    """Tell whether this run refreshes the pictures; then the screens speak Chinese."""
    return bool(FOLDER)


def answer(browser, message):
    """Take the picture that the page asks for, and tell the page that it may go on.

    In a thread of its own: the caller reads the browser's answers.
    """
    if asked := SIGN.search(message):
        threading.Thread(target=_take, args=(browser, asked[1]), daemon=True).start()


def _take(browser, name):
    if wanted():
        ready = browser._websocket_request("Runtime.evaluate", params={"expression": PREPARE, "awaitPromise": True})
        if ready["result"].get("value") is not True:
            return  # the page will say which picture was not taken
        shot = browser._websocket_request("Page.captureScreenshot", params={"format": "png"})
        (Path(FOLDER) / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
    browser._websocket_send("Runtime.evaluate", params={"expression": f"window.skillCertPicture={json.dumps(name)}"})
