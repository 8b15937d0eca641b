"""Every screen opens for whoever sees its menu, says in Chinese what to do where it is empty, and uses no technical word."""

import re
from pathlib import Path

import polib
from lxml import etree

from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import html2plaintext
from odoo.tools.safe_eval import safe_eval

from .common import SkillCertCase

HAN = re.compile(r"[\u4e00-\u9fff]")
# Han characters that a screen needs to say what it is and what to do.
LEAST_SAID = 20
PO = Path(__file__).parents[1] / "wz_skill_cert" / "i18n" / "zh_CN.po"
# What a clerk does not know and need not know.
TECHNICAL = re.compile(
    r"sha-?256|哈希|token|令牌|json|xml|\bsql|utf-?8|uuid|\bapi\b|\brpc\b|cron|\borm\b|regex|正则|python|weasyprint|wkhtmltopdf"
    r"|odoo|ed25519|http|url|cookie|html|css|javascript|数据库|服务器|后台任务|缓存|字段|记录集|(?<!三维)模型|布尔|(?<!带徒)对象|上下文|多对|域名|res_id|\bid\b"
    r"|zip|bug|null|domain|wizard|占位符|回滚|线程|进程|编码格式|异常堆栈",
    re.IGNORECASE,
)
MARKUP = re.compile(r"<[^>]+>|\{\{.*?\}\}|%\(\w+\)[sdf]|%[sdf]|\{\w*\}|&\w+;")
# Where such a word is meant: (piece of the English term, why).
MEANT = {
    "No Chinese font is installed": "for the administrator",
    "No font on the server has these characters": "for the administrator",
    "for each expert take the SHA-256": "how to check a draw by computing",
    "In Python, with the pool": "how to check a draw by computing",
    "from hashlib import": "how to check a draw by computing",
    "Seal of the ballots (SHA-256)": "the minutes say how the seal was computed",
    "Ed25519": "the manager's list of keys",
    "https://rsj.example.gov.cn": "the web address that is typed there begins so",
    "WeasyPrint": "Odoo's list of reports, for developers",
    "Program that makes the PDF": "Odoo's list of reports, for developers",
}


def own(env, model):
    """Return the addon's own records of ``model``."""
    data = env["ir.model.data"].search([("module", "=", "wz_skill_cert"), ("model", "=", model)])
    return env[model].browse(data.mapped("res_id")).exists()


@tagged("standard", "post_install", "-at_install")
class TestEmptyScreens(TransactionCase):
    def test_every_window_teaches_in_chinese_where_it_is_empty(self):
        windows = own(self.env, "ir.actions.act_window").filtered(lambda action: action.target != "new")
        self.assertGreater(len(windows), 30)
        for action in windows.with_context(lang="zh_CN"):
            with self.subTest(action.get_external_id()[action.id]):
                said = html2plaintext(action.help or "")
                self.assertGreaterEqual(len(HAN.findall(said)), LEAST_SAID, said)
                self.assertIn("o_view_nocontent", action.help)


@tagged("standard", "post_install", "-at_install")
class TestEveryMenuOpens(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.association = cls._association(cls.enterprise)
        cls.expert = cls._expert(cls.county)
        cls.roles = {
            "enterprise": cls._hr_nominator(cls.enterprise),
            "association": cls._nominator(cls.association),
            "expert": cls.expert.user_id,
            "county": cls.county_officer,
            "city": cls.city_officer,
            "manager": cls.manager,
            "data officer": cls._user("group_data_officer"),
        }
        for user in cls.roles.values():
            user.lang = "zh_CN"

    def test_of_an_enterprise(self):
        self._submitted()
        self._open_all("enterprise", 12)

    def test_of_an_association(self):
        self._open_all("association", 10)

    def test_of_an_expert(self):
        self._start_assessment(
            self._accepted(), self._panel(self.county, experts=self.expert | self._experts(self.county, 2))
        )
        self._open_all("expert", 4)

    def test_of_a_county_officer(self):
        self._qualified()
        self._open_all("county", 18)

    def test_of_a_city_officer(self):
        self._qualified()
        self._open_all("city", 18)

    def test_of_a_manager(self):
        self._open_all("manager", 10)

    def test_of_a_data_officer(self):
        self._open_all("data officer", 3)

    def _open_all(self, role, least):
        """Open the action of every menu that ``role`` sees, as the web client does; at least ``least`` of them."""
        user, opened = self.roles[role], 0
        menus = self.env["ir.ui.menu"].with_user(user).with_context(lang="zh_CN").load_menus(False)
        root = menus[self.env.ref("wz_skill_cert.menu_root").id]
        for menu in self._below(menus, root):
            if menu["action_id"]:
                with self.subTest(f"{role}: {menu['name']}"):
                    self._open(user, menu["action_model"], menu["action_id"])
                    self.assertTrue(HAN.search(menu["name"]), menu["name"])
                    opened += 1
        self.assertGreaterEqual(opened, least)

    def _below(self, menus, menu):
        for child in menu["children"]:
            yield menus[child]
            yield from self._below(menus, menus[child])

    def _open(self, user, model, number):
        # sudo: the web client's route reads actions like this for every user.
        action = self.env[model].with_user(user).sudo().browse(number)._get_action_dict()
        if action["type"] == "ir.actions.server":
            action = self.env[model].with_user(user).browse(number).run()
        if action["type"] == "ir.actions.act_window":
            self._open_window(user, action)

    def _open_window(self, user, action):
        names = {"uid": user.id, "context": {}, "active_id": False}
        context = safe_eval(str(action.get("context") or {}), names)
        records = self.env[action["res_model"]].with_user(user).with_context(lang="zh_CN", **context)
        if action.get("target") == "new":
            Form(records)
            return
        search = action.get("search_view_id")
        views = [*action["views"], (search[0] if isinstance(search, (list, tuple)) else search, "search")]
        got = records.get_views(views, {"toolbar": True})
        domain = safe_eval(str(action.get("domain") or []), names)
        for kind, view in got["views"].items():
            self._read(records, kind, view["arch"], domain)

    def _read(self, records, kind, arch, domain):
        if kind in ("list", "kanban"):
            records.web_search_read(
                domain, {node.get("name"): {} for node in etree.fromstring(arch).iter("field")}, limit=80
            )
        elif kind in ("graph", "pivot"):
            records.formatted_read_group(domain, [], ["__count"])


@tagged("standard", "post_install", "-at_install")
class TestEditingOfMany(TransactionCase):
    # What may be written for several rows at once: whom a case is given to, who is available, what the catalogue says.
    EDITED = {
        "skill.cert.application": {"officer_id"},
        "skill.cert.expert": {"occupation_ids", "available", "unavailable_from", "unavailable_to"},
        "skill.cert.occupation": {
            "category",
            "hrss_run",
            "province_unified",
            "valid_from",
            "valid_to",
            "implementing_body",
        },
    }

    def test_lists_that_edit_many_rows_open_harmless_columns_only(self):
        seen = set()
        for view in own(self.env, "ir.ui.view").filtered(
            lambda v: v.type == "list" and v.model.startswith("skill.cert")
        ):
            arch = etree.fromstring(self.env[view.model].get_view(view.id, "list")["arch"])
            if arch.get("multi_edit"):
                seen.add(view.model)
                fields = self.env[view.model]._fields
                open_ones = {
                    node.get("name") for node in arch.iter("field") if node.get("readonly") not in ("1", "True")
                }
                written = {name for name in open_ones if name != "activity_ids" and not fields[name].readonly}
                self.assertLessEqual(written, self.EDITED[view.model], view.name)
        self.assertEqual(seen, set(self.EDITED))


@tagged("standard", "post_install", "-at_install")
class TestWords(TransactionCase):
    def test_no_technical_word_is_shown(self):
        found = {}
        for entry in polib.pofile(str(PO), encoding="utf-8"):
            text = MARKUP.sub(" ", entry.msgstr)
            meant = any(piece.lower() in entry.msgid.lower() for piece in MEANT)
            if self._is_shown(entry) and not meant and (word := TECHNICAL.search(text)):
                found[entry.msgid] = f"{word[0]} in {entry.msgstr}"
        self.assertFalse(found)

    def _is_shown(self, entry):
        """Tell whether a person reads the term, and not only the developer mode or the list of Odoo's parts."""
        hidden = (
            "model:ir.model,",
            "model:ir.cron,",
            "model:ir.actions.server,",
            "model:ir.actions.report,print_report_name",
        )
        return entry.msgid != "ID" and not all(place.startswith(hidden) for place, _line in entry.occurrences)
