"""Roads of Odoo itself on which an outsider would have the server run, compute or look up something about strangers.

Beside what is read (tests/test_platform.py): code in templates, forms that are filled in with forged numbers, methods called on
other people's numbers, what users share with each other, and the channels on which the server tells news.
"""

import inspect
import re

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase
from .test_platform import ASSESSOR, EMPLOYEE, EXPERT, OTHER_UNIT, STRANGER, PlatformCase

TAGS = ("standard", "post_install", "-at_install")
WORDS = (STRANGER, EXPERT, ASSESSOR, OTHER_UNIT, EMPLOYEE)
PEOPLE = ("res.partner", "res.users", "hr.employee", "hr.employee.public", "resource.resource")
QUIET = (
    "odoo.http",
    "odoo.sql_db",
    "odoo.models.unlink",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.res_users",
    "odoo.addons.wz_skill_cert.models.platform.guarded",
    "odoo.addons.mail.models.mail_render_mixin",
)
NOT_SENT = {"binary", "properties", "properties_definition", "reference", "many2one_reference"}
LINKS = {"many2one", "one2many", "many2many"}


class AttackCase(PlatformCase):
    def _prepare(self):
        super()._prepare()
        hidden = self._hidden()[:1]
        self.strangers = {
            "res.partner": hidden.partner_id | self.other_nominator.partner_id | self.other_enterprise,
            "res.users": hidden | self.other_nominator,
            "hr.employee": self.staff,
            "hr.employee.public": self.env["hr.employee.public"].browse(self.staff.ids),
            "resource.resource": self.staff.resource_id,
        }
        self.env.flush_all()
        self.env.invalidate_all()

    def _hidden(self):
        return self.case.sudo().review_ids.assessment_ids.user_id - self.expert

    def _told(self, step):
        """Return which strangers the answer of ``step``, or the sentence that refuses it, names; nothing of it stays."""
        with self.env.cr.savepoint(flush=False) as savepoint, mute_logger(*QUIET):
            try:
                answer = str(step())
            # Whatever goes wrong on such a road tells something, too.
            except Exception as error:
                answer = str(error)
            savepoint.rollback()
        self.env.cr.clear()
        return {word for word in WORDS if word.lower() in answer.lower()}

    def _spec(self, model):
        described = model.fields_get(attributes=["type"])
        return {
            name: {"fields": {"display_name": {}}} if field["type"] in LINKS else {}
            for name, field in described.items()
            if field["type"] not in NOT_SENT
        }


@tagged(*TAGS)
class TestForgedNumbers(AttackCase):
    """A form or a record that is made to point at strangers shows nothing of them."""

    takes_long = True

    def _pointing(self, user):
        """Yield (model, field, value, default) of all fields by which ``user`` may point a new record at a person."""
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(user)
            if model._abstract or not model.has_access("create"):
                continue
            for field in model._fields.values():
                pointing = field.comodel_name in PEOPLE and field.type != "one2many" and not field.related
                if pointing and model._has_field_access(field, "read"):
                    number = self.strangers[field.comodel_name].ids[0]
                    many = field.type == "many2many"
                    yield model, field.name, [Command.link(number)] if many else number, [number] if many else number

    def _made(self, model, values):
        """Return all that a new record shows of itself."""
        record = model.create(values)
        return [self._column(record, name, part) for name, part in self._spec(model).items()]

    def _column(self, record, name, part):
        try:
            return record.web_read({name: part})
        except AccessError as refusal:
            return refusal

    def test_no_form_and_no_record_that_one_may_make_shows_a_stranger(self):
        tried = 0
        for user in (self.nominator, self.expert):
            for model, name, value, default in self._pointing(user):
                spec = self._spec(model)
                by_default = model.with_context(**{f"default_{name}": default})
                for road, step in (
                    ("form", lambda m=model, n=name, v=value, s=spec: m.onchange({n: v}, [n], s)),
                    ("default", lambda m=by_default, s=spec: m.onchange({}, [], s)),
                    ("record", lambda m=model, n=name, v=value: self._made(m, {n: v})),
                ):
                    with self.subTest(model=model._name, field=name, road=road, user=user.name):
                        self.assertFalse(self._told(step) - self._own_word(user))
                    tried += 1
        self.assertGreater(tried, 300)

    def _own_word(self, user):
        return {ASSESSOR} if user == self.expert else set()

    def test_the_form_of_an_account_shows_no_stranger(self):
        """Odoo lets everybody fill in the form of an account, whosever it is."""
        own = self.nominator.with_user(self.nominator)
        spec = self._spec(own)
        names = [n for n, field in own._fields.items() if field.comodel_name in PEOPLE and field.type == "many2one"]
        for target in (own, own.browse(self.strangers["res.users"].ids[0])):
            for name in names:
                number = self.strangers[own._fields[name].comodel_name].ids[0]
                with self.subTest(field=name, account=target.id):
                    self.assertFalse(self._told(lambda t=target, n=name, v=number: t.onchange({n: v}, [n], spec)))
            for part in spec:
                with self.subTest(part=part, account=target.id):
                    self.assertFalse(self._told(lambda t=target, p=part: t.onchange({}, ["name"], {p: spec[p]})))


@tagged(*TAGS)
class TestMethods(AttackCase):
    def _methods(self, model):
        """Yield the names of the methods that anybody may call over the wire without arguments."""
        for name, method in inspect.getmembers(type(model), inspect.isfunction):
            if name.startswith("_") or getattr(method, "_api_private", False) or name in ("onchange", "browse"):
                continue
            parameters = list(inspect.signature(method).parameters.values())[1:]
            if all(p.default is not p.empty or p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) for p in parameters):
                yield name

    def test_no_method_called_on_strangers_names_one(self):
        tried = 0
        for name, strangers in self.strangers.items():
            for method in self._methods(strangers):
                with self.subTest(model=name, method=method):
                    self.assertFalse(
                        self._told(lambda s=strangers, m=method: getattr(s.with_user(self.nominator), m)())
                    )
                tried += 1
        self.assertGreater(tried, 150)

    def test_whom_one_knows_is_told_as_before(self):
        found = self.nominator.partner_id.with_user(self.nominator).signup_get_auth_param()
        self.assertEqual(found[self.nominator.partner_id.id]["auth_login"], self.nominator.login)


@tagged(*TAGS)
class TestTemplates(AttackCase):
    """Odoo lets every internal user write code into a template, which then takes any right: {{ object.sudo() }}."""

    CODE = "{{ object.sudo().review_ids.assessment_ids.user_id.mapped('name') }}"
    HTML = "<p><t t-out=\"object.sudo().review_ids.assessment_ids.user_id.mapped('name')\"/></p>"

    def _roads(self, user, case):
        templates = self.env["mail.template"].with_user(user)
        values = {"name": "示例", "model_id": self.env["ir.model"]._get_id(case._name), "subject": self.CODE}
        # Another's template, into which code is to be put.
        other = self.env["mail.template"].create({**values, "subject": "示例", "body_html": "<p>示例</p>"})
        composer = self.env["mail.compose.message"].with_user(user)
        composed = {"model": case._name, "res_ids": str(case.ids), "composition_mode": "mass_mail"}
        # One with the code in it already, to be had by copying.
        forged = self.env["mail.template"].create({**values, "body_html": self.HTML})
        return {
            "template": lambda: templates.create(values)._render_field("subject", case.ids),
            "body": lambda: templates.create({**values, "body_html": self.HTML})._render_field("body_html", case.ids),
            "another's": lambda: (
                other.with_user(user).write({"subject": self.CODE}), other._render_field("subject", case.ids),
            ),
            "subject of a message": lambda: composer.create({**composed, "subject": self.CODE})._render_field("subject", case.ids),
            "body of a message": lambda: composer.create({**composed, "body": self.HTML})._render_field("body", case.ids),
            "bare": lambda: composer._render_template(self.CODE, case._name, case.ids),
            "bare body": lambda: composer._render_template(self.HTML, case._name, case.ids, engine="qweb"),
            "copy": lambda: forged.with_user(user).copy()._render_field("subject", case.ids),
        }  # fmt: skip

    def test_nobody_from_outside_and_no_clerk_runs_code_in_a_template(self):
        for user in (self.nominator, self.plain_user, self.county_officer, self.manager):
            for road, step in self._roads(user, self.case.with_user(user)).items():
                with self.subTest(user=user.name, road=road):
                    self.assertFalse(self._told(step))

    def test_also_where_the_administrator_lets_clerks_write_templates_outsiders_do_not(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", False)
        self.assertTrue(self.plain_user.has_group("mail.group_mail_template_editor"))
        for road, step in self._roads(self.nominator, self.case.with_user(self.nominator)).items():
            with self.subTest(road=road):
                self.assertFalse(self._told(step))
        # The code itself does what it is feared for.
        officer = self.county_officer
        roads = self._roads(officer, self.case.with_user(officer))
        self.assertEqual(self._told(roads["subject of a message"]), {EXPERT, ASSESSOR})


@tagged(*TAGS)
class TestShared(SkillCertCase):
    """What users share stands on the screens of others: an outsider's stays the outsider's own."""

    def _shared(self):
        """Return {model: [values]} of what would reach an officer, or change what an officer has shared."""
        action = self.env["ir.actions.act_window"].create({"name": "示例", "res_model": "skill.cert.application"})
        button = {"name": "示例", "parent_res_model": "skill.cert.application", "parent_action_id": action.id,
                  "python_method": "action_certify"}  # fmt: skip
        search = {
            "name": "示例",
            "model_id": "skill.cert.application",
            "domain": "[('id', '=', 0)]",
            "is_default": True,
        }
        officer, own = self.county_officer.id, self.nominator.id
        return {
            "ir.filters": [
                {**search, "user_ids": []},
                {**search, "user_ids": [Command.set([officer])]},
                {**search, "user_ids": [Command.set([own, officer])]},
            ],
            "ir.embedded.actions": [{**button, "user_id": False}, {**button, "user_id": officer}],
            "mail.canned.response": [
                {"source": "x", "substitution": "示例", "group_ids": [Command.set(self.env.ref("base.group_user").ids)]}
            ],
            "mail.template": [{"name": "示例", "model_id": self.env["ir.model"]._get_id("skill.cert.application")}],
            "ir.default": [
                {"field_id": self.env["ir.model.fields"]._get("skill.cert.application", "job").id, "json_value": '"x"'}
            ],
        }

    def test_an_outsider_puts_nothing_on_the_screens_of_others(self):
        for model, many in self._shared().items():
            for values in many:
                with self.subTest(model=model, values=values), self.assertRaises(AccessError):
                    self.env[model].with_user(self.nominator).create(values)
                    self.env.flush_all()
                self.env.invalidate_all(flush=False)

    def test_an_outsider_changes_nothing_that_others_share(self):
        for model, [values, *_others] in self._shared().items():
            record = self.env[model].create(values)
            with self.subTest(model=model), self.assertRaises(AccessError):
                record.with_user(self.nominator).write(
                    {"name" if "name" in record._fields else "json_value": '"y"'}
                    if model != "mail.canned.response"
                    else {"source": "y"}
                )
            with self.subTest(model=model), self.assertRaises(AccessError):
                record.with_user(self.nominator).unlink()

    def test_own_searches_and_answers_work_as_before(self):
        user = self.nominator
        search = {
            "name": "示例",
            "model_id": "skill.cert.application",
            "domain": "[]",
            "user_ids": [Command.set(user.ids)],
        }
        self.assertTrue(self.env["ir.filters"].with_user(user).create_filter(search))
        self.assertTrue(
            self.env["mail.canned.response"].with_user(user).create({"source": "x", "substitution": "示例"})
        )
        self.env["ir.default"].with_user(user).set("skill.cert.application", "job", "x", user_id=user.id)
        self.assertEqual(self.env["skill.cert.application"].with_user(user).default_get(["job"]), {"job": "x"})

    def test_templates_of_exports_are_their_makers_own(self):
        for user in (self.nominator, self.other_nominator):
            self._allow_export(user)
        vals = {
            "name": "示例",
            "resource": "skill.cert.application",
            "export_fields": [Command.create({"name": "applicant_name"})],
        }
        theirs = self.env["ir.exports"].with_user(self.county_officer).sudo().create(vals)
        own = self.env["ir.exports"].with_user(self.nominator).create(vals)
        seen = self.env["ir.exports"].with_user(self.nominator)
        self.assertEqual(seen.search([("resource", "=", "skill.cert.application")]), own)
        for step in (
            lambda: theirs.with_user(self.nominator).read(["name"]),
            lambda: theirs.with_user(self.nominator).unlink(),
            lambda: theirs.export_fields.with_user(self.nominator).write({"name": "id_number"}),
            lambda: seen.env["ir.exports.line"].create({"export_id": theirs.id, "name": "id_number"}),
        ):
            with self.assertRaises(AccessError):
                step()
            self.env.invalidate_all(flush=False)

    def _allow_export(self, user):
        user.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]

    def test_defaults_of_others_are_not_read(self):
        self.env["ir.default"].set("skill.cert.application", "job", "示例岗位", user_id=self.county_officer.id)
        self.assertFalse(
            self.env["ir.default"].with_user(self.nominator).search([("user_id", "=", self.county_officer.id)])
        )


@tagged(*TAGS)
class TestOverTheWire(AttackCase, HttpCase):
    def _post(self, path, **params):
        with mute_logger(*QUIET):
            answer = self.url_open(path, json={"params": params})
        self.env.invalidate_all(flush=False)
        return answer.text

    def test_no_channel_tells_of_strangers(self):
        """Whoever listens on forged channels hears neither news of others' records nor whether an expert is there."""
        hidden, case = self._hidden()[:1], self.case
        self.env["mail.presence"].create({"user_id": hidden.id, "status": "online"})
        database = self.env.cr.dbname
        numbers = (hidden.partner_id.id, self.other_nominator.partner_id.id)
        general = self.env.ref("mail.channel_all_employees")
        forged = [
            *(f"odoo-presence-res.partner_{number}" for number in numbers),
            *(f"odoo-presence-res.partner_{number}-{'0' * 64}o0x{'f' * 8}" for number in numbers),
            *(f'["{database}","res.partner",{number}]' for number in numbers),
            *(f"res.partner_{number}" for number in numbers),
            f'["{database}","skill.cert.application",{case.id}]', f"skill.cert.application_{case.id}",
            f"discuss.channel_{general.id}", "mail.guest_x", f'["{database}","res.groups",1]',
        ]  # fmt: skip
        self.authenticate(self.nominator.login, self.password)
        self._post("/websocket/peek_notifications", channels=[], last=0, is_first_poll=True)
        # What is sent after the subscription, to each of these channels.
        for record in (hidden.partner_id, self.other_nominator.partner_id, case.sudo(), general):
            self.env["bus.bus"]._sendone(record, "示例", {"told": f"{STRANGER} news"})
        self.env.cr.precommit.run()
        answer = self._post("/websocket/peek_notifications", channels=forged, last=0)
        self.assertIn("channels", answer)
        found = answer
        # The stranger is online; oneself, whose own news one hears, is not.
        for word in (f"{STRANGER} news", f'"{hidden.partner_id.id}"', '"online"'):
            with self.subTest(word=word):
                self.assertNotIn(word, found)

    def test_a_refusal_in_debug_mode_names_nobody(self):
        """Odoo names the record that is refused to whoever has switched on the debug mode, as everybody may."""
        self.authenticate(self.nominator.login, self.password)
        self.url_open("/odoo?debug=1", allow_redirects=False)
        for model, strangers in self.strangers.items():
            path = f"/web/dataset/call_kw/{model}/read"
            answer = self._post(path, model=model, method="read", args=[strangers.ids, ["name"]], kwargs={})
            with self.subTest(model=model):
                self.assertIn("error", answer)
                self.assertFalse([word for word in WORDS if word in answer])

    def test_no_picture_of_a_stranger(self):
        self.authenticate(self.nominator.login, self.password)
        nobody = self.env["res.users"].search([], order="id desc", limit=1).id + 1000
        general = self.env.ref("mail.channel_all_employees").id
        hidden = self._hidden()[:1]
        for path, number in (
            ("/web/image/res.users/%s/avatar_128", hidden.id),
            ("/web/image/hr.employee.public/%s/avatar_128", self.staff.id),
            ("/web/image/hr.employee/%s/avatar_128", self.staff.id),
            ("/web/image?model=res.users&field=image_1920&id=%s", hidden.id),
            (f"/discuss/channel/{general}/partner/%s/avatar_128", hidden.partner_id.id),
        ):
            with mute_logger(*QUIET), self.subTest(path=path):
                self.assertEqual(*(self._picture(path % value) for value in (number, nobody)))

    def _picture(self, path):
        # The page of a refusal has a token in which the second counts.
        return re.sub(rb'csrf_token: "\w+"', b"", self.url_open(path).content)
