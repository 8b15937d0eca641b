"""Photographs pages of the running demo and of a printed form: python screenshots.py ADDRESS DATABASE FOLDER

Drives a headless Chromium through its DevTools protocol; pdftoppm draws the form.
"""

import base64
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import requests
import websocket

CASE = "林示例"
WIDTH = 1600
PATIENCE = 90  # seconds; the first page waits for its scripts and styles to be made
# Nothing may move or hang in a picture: no animations, no scroll bars. A server has no font for screens that comes first.
CALM = (
    "*{animation:none!important;transition:none!important} ::-webkit-scrollbar{display:none}"
    "body,input,select,textarea{font-family:Roboto,'Noto Sans CJK SC',sans-serif}"
    "h1,h2,h3,h4,h5,h6,.o_form_view input,.o_form_view textarea{font-family:inherit!important}"
)


class Picture(NamedTuple):
    """A page to photograph: whose login, which address, what must be there first, what to click then."""

    name: str
    login: str
    path: str
    ready: str
    # The record whose id the address takes.
    model: str = ""
    domain: tuple = ()
    click: str = ""
    height: int = 900


APPLICATION = "skill.cert.application"
ACTION = "/odoo/action-wz_skill_cert.action_"
PICTURES = (
    Picture(
        "application",
        "county",
        ACTION + "application/{id}",
        ".o_form_view .o_statusbar_status",
        model=APPLICATION,
        domain=("applicant_name", "=", CASE),
        height=1200,
    ),
    Picture(
        "board", "county", ACTION + "application?view_type=kanban", ".o_kanban_record:not(.o_kanban_ghost)", height=480
    ),
    Picture("ledger", "enterprise", ACTION + "employee_eligible", ".o_data_row", height=480),
    Picture(
        "eligibility",
        "enterprise",
        ACTION + "employee_eligible/{id}",
        ".o_form_view .o_notebook",
        model="hr.employee",
        domain=("name", "=", "黄示例"),
        click="a[name=skill_recognition]",
        height=1350,
    ),
    Picture("prospects", "enterprise", ACTION + "prospect", ".o_list_view", click=".o_group_header", height=480),
    Picture(
        "policy",
        "manager",
        ACTION + "policy/{id}",
        ".o_form_view .o_statusbar_status",
        model="skill.cert.policy",
        domain=("state", "=", "active"),
        height=900,
    ),
)


class Client:
    """A login on the demo, as a browser has it."""

    def __init__(self, address, database, login):
        self.address = address
        self.http = requests.Session()
        self.http.trust_env = False  # the demo is on this machine: no proxy
        self._rpc("/web/session/authenticate", db=database, login=login, password=login)

    def _rpc(self, path, **params):
        answer = self.http.post(self.address + path, json={"params": params}, timeout=PATIENCE).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]

    def search(self, model, domain):
        arguments = {"model": model, "method": "search", "args": [domain], "kwargs": {"limit": 1}}
        found = self._rpc(f"/web/dataset/call_kw/{model}/search", **arguments)
        if not found:
            raise RuntimeError(f"the demo has no {model} with {domain}")
        return found[0]

    def session_id(self):
        return self.http.cookies["session_id"]

    def pdf(self, report, record):
        answer = self.http.get(f"{self.address}/report/pdf/{report}/{record}", timeout=PATIENCE)
        answer.raise_for_status()
        return answer.content


class Browser:
    """A headless Chromium with one page."""

    def __init__(self, folder):
        command = [
            "chromium",
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--no-proxy-server",
        ]
        options = ["--remote-debugging-port=0", "--remote-allow-origins=*", f"--user-data-dir={folder}", "about:blank"]
        self.process = subprocess.Popen([*command, *options], stderr=subprocess.DEVNULL)
        port = self._port(Path(folder) / "DevToolsActivePort")
        pages = requests.get(f"http://127.0.0.1:{port}/json", timeout=10, proxies={"http": ""}).json()
        page = next(page for page in pages if page["type"] == "page")
        self.socket = websocket.create_connection(
            page["webSocketDebuggerUrl"], timeout=PATIENCE, http_no_proxy=["127.0.0.1"]
        )
        self.sent = 0

    @staticmethod
    def _port(file):
        for _try in range(200):
            with contextlib.suppress(FileNotFoundError, IndexError):
                return file.read_text().splitlines()[0]
            time.sleep(0.1)
        raise RuntimeError("Chromium did not start")

    def call(self, method, **params):
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.sent:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def evaluate(self, expression):
        return self.call("Runtime.evaluate", expression=expression)["result"].get("value")

    def photograph(self, address, picture, session_id):
        self.call("Network.setCookie", name="session_id", value=session_id, url=address)
        self.call(
            "Emulation.setDeviceMetricsOverride", width=WIDTH, height=picture.height, deviceScaleFactor=1, mobile=False
        )
        self.call("Page.navigate", url=address)
        self._wait_for(picture.ready)
        if picture.click:
            self._wait_for(picture.click)
            self.evaluate(f"document.querySelector({json.dumps(picture.click)}).click()")
        self.evaluate(
            f"document.head.append(Object.assign(document.createElement('style'), {{textContent: `{CALM}`}}))"
        )
        time.sleep(2)  # pictures and fonts
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def _wait_for(self, selector):
        end = time.monotonic() + PATIENCE
        while not self.evaluate(f"!!document.querySelector({json.dumps(selector)})"):
            if time.monotonic() > end:
                raise RuntimeError(f"{selector} did not appear: {self.evaluate('document.body.innerText')[:500]}")
            time.sleep(0.2)

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()


def photograph_pages(address, database, folder):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            for picture in PICTURES:
                client = Client(address, database, picture.login)
                record = client.search(picture.model, [picture.domain]) if picture.model else ""
                page = address + picture.path.format(id=record)
                (folder / f"{picture.name}.png").write_bytes(browser.photograph(page, picture, client.session_id()))
        finally:
            browser.close()


def photograph_form(address, database, folder):
    """Draw the third page of the printed form, the one with the person's data."""
    client = Client(address, database, "county")
    case = client.search(APPLICATION, [("applicant_name", "=", CASE)])
    command = ["pdftoppm", "-png", "-r", "90", "-f", "3", "-l", "3", "-singlefile", "-", str(folder / "form")]
    subprocess.run(command, input=client.pdf("wz_skill_cert.application_form", case), check=True)


if __name__ == "__main__":
    address, database, folder = sys.argv[1:]
    photograph_form(address, database, Path(folder))
    photograph_pages(address, database, Path(folder))
