"""Nobody acts in another's place by way of what Odoo writes as superuser: the login address of others stays theirs."""

import ast
import pathlib

import psycopg2

import odoo.addons
from odoo.addons.wz_skill_cert.workflow import OUR_MODELS
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, resident_id

TAGS = ("standard", "post_install", "-at_install")
EVIL = "attacker@test.invalid"
QUIET = ("odoo.addons.base.models.ir_rule", "odoo.http", "odoo.sql_db")


class ActingCase(SkillCertCase):
    """People with HR's rights in each role, and those whose place they would like to take."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.association = cls._association(cls.enterprise)
        cls.secretary = cls._hr_nominator(cls.association)
        cls.hr_nominator = cls._hr_nominator(cls.enterprise)
        cls.colleague = cls._nominator(cls.association)
        cls.expert = cls._expert(cls.county).user_id
        cls.hr = cls._user()
        cls.attackers = {
            "HR of a unit": cls.hr_nominator,
            "HR of an association": cls.secretary,
            "expert": cls._with_hr(cls._expert(cls.county).user_id),
            "officer": cls._with_hr(cls._officer(cls.county, "county")),
            "manager": cls._with_hr(cls._user("group_manager")),
            "HR of an own ERP": cls._with_hr(cls.hr),
        }
        cls.victims = {
            "officer": cls.county_officer,
            "colleague": cls.colleague,
            "expert": cls.expert,
            "administrator": cls.env.ref("base.user_admin"),
        }
        for user in cls.victims.values():
            user.email = user.email or f"{user.login}@test.invalid"
            user.phone = "13800000901"

    @classmethod
    def _with_hr(cls, user):
        user.group_ids = [Command.link(cls.env.ref("hr.group_hr_user").id)]
        return user

    def setUp(self):
        super().setUp()
        # The officer in charge and the colleague are readable to those whose case it is.
        self.case = self._submitted(self.hr_nominator, id_number=resident_id(sequence=931)).sudo()
        self.case.officer_id = self.county_officer
        self.env.flush_all()

    def _identity(self, user):
        user = user.sudo()
        user.env.flush_all()
        user.invalidate_recordset()
        user.partner_id.invalidate_recordset()
        partner = user.partner_id
        names = ("name", "email", "phone", "active")
        return [user.login, partner.id, *(partner[name] for name in names), user.active, user.group_ids.ids]

    def _tried(self, step):
        """Take a step that may be refused; nothing of what it raised stays, and what it wrote does."""
        try:
            with mute_logger(*QUIET), self.env.cr.savepoint():
                return step()
        except (UserError, psycopg2.Error) as refusal:
            return refusal


@tagged(*TAGS)
class TestEmployeeOfSomebodyElse(ActingCase, HttpCase):
    def _roads(self, user, victim):
        """Yield (road, step): each links an employee to ``victim`` and then writes the work e-mail, as ``user``."""
        employees, partner = self.env["hr.employee"].with_user(user), victim.partner_id.id

        # A new one each time: hr_skills writes into what it is given.
        def fields(**more):
            return {"name": "示例", "work_email": EVIL, "work_phone": "13999999999", **more}

        def linked():
            return fields(work_contact_id=partner)

        yield "create", lambda: employees.create(linked())
        yield "batch", lambda: employees.create([fields(), linked()])
        yield "user", lambda: employees.create(fields(user_id=victim.id))
        yield "default", lambda: employees.with_context(default_work_contact_id=partner).create(fields())
        yield "default user", lambda: employees.with_context(default_user_id=victim.id).create(fields())
        yield "write", lambda: self._own(employees).write(linked())
        yield "write at last", lambda: self._in_two_steps(employees, {"work_contact_id": partner}, fields())
        yield "write the user", lambda: self._in_two_steps(employees, {"user_id": victim.id}, fields())
        yield "x2many", lambda: self._own(employees).write({"child_ids": [Command.create(linked())]})
        yield "x2many update", lambda: self._by_parent(employees, linked())
        yield "resource", lambda: self._by_resource(employees, victim, fields(work_contact_id=partner))
        yield "form", lambda: self._by_form(employees, victim)
        head = ["name", "work_email", "work_contact_id/.id"]
        yield "import", lambda: employees.load(head, [["示例", EVIL, str(partner)]])
        yield "web_save", lambda: employees.web_save(linked(), {"name": {}})
        contact = victim.partner_id.with_user(user)
        yield "contact", lambda: contact.write({"employee_ids": [Command.create(fields())]})
        yield "call", lambda: self._by_call(user, linked())

    def _own(self, employees):
        return employees.create({"name": "自己的员工"})

    def _in_two_steps(self, employees, link, fields):
        employee = self._own(employees)
        self._tried(lambda: employee.write(link))
        return self._tried(lambda: employee.write(fields))

    def _by_parent(self, employees, linked):
        boss, employee = self._own(employees), self._own(employees)
        employee.parent_id = boss
        return boss.write({"child_ids": [Command.update(employee.id, linked)]})

    def _by_resource(self, employees, victim, fields):
        employee = self._own(employees)
        self._tried(lambda: employee.resource_id.write({"user_id": victim.id}))
        return self._tried(lambda: employee.write(fields))

    def _by_form(self, employees, victim):
        form = Form(employees)
        form.name = "示例"
        form.user_id = victim.with_user(employees.env.user)
        form.work_email = EVIL
        return form.save()

    def _by_call(self, user, linked):
        self.authenticate(user.login, user.login)
        params = {"model": "hr.employee", "method": "create", "args": [linked], "kwargs": {}}
        self.url_open("/web/dataset/call_kw", json={"jsonrpc": "2.0", "method": "call", "params": params})

    def test_nobody_changes_anothers_login_by_an_employee(self):
        tried = 0
        for role, user in self.attackers.items():
            for name, victim in self.victims.items():
                before = self._identity(victim)
                for road, step in self._roads(user, victim):
                    with self.subTest(role=role, victim=name, road=road):
                        with self.env.cr.savepoint() as savepoint:
                            self._tried(step)
                            after = self._identity(victim)
                            savepoint.rollback()
                        self.env.invalidate_all(flush=False)
                        self.assertEqual(after[:4], before[:4], "login, contact, name, e-mail")
                        if user._is_outsider():
                            self.assertEqual(after, before)
                        tried += 1
        self.assertGreater(tried, 300)

    def test_an_employee_with_a_login_keeps_the_address_that_the_person_gave_it(self):
        """HR of the same company, where the link was made by whoever may make it."""
        for user in self.attackers.values():
            employee = self._employee(user_id=self.county_officer.id)
            with self.subTest(user=user.name), mute_logger(*QUIET), self.assert_refused(error=AccessError):
                employee.with_user(user).work_email = EVIL
            employee.unlink()

    def test_what_hr_may_do_is_as_before(self):
        for user in (self.hr_nominator, self.hr):
            with self.subTest(user=user.name):
                employees = self.env["hr.employee"].with_user(user)
                employee = employees.create({"name": "示例", "work_email": "a@test.invalid"})
                employee.write({"work_email": "b@test.invalid", "work_phone": "0577-88888901", "name": "别名"})
                self.assertEqual(employee.sudo().work_contact_id.email, "b@test.invalid")
                own = employees.create({"name": "本人", "user_id": user.id})
                own.work_email = "own@test.invalid"
                self.assertEqual(user.partner_id.email, "own@test.invalid")
                # The same contact once more: the form sends all that it shows.
                employee.write({"work_contact_id": employee.sudo().work_contact_id.id, "job_title": "电工"})

    def test_staff_of_an_own_erp_link_logins_as_odoo_lets_them(self):
        employee = self._employee().with_user(self.hr)
        employee.user_id = self.plain_user
        self.assertEqual(employee.sudo().work_contact_id, self.plain_user.partner_id)
        employee.write({"work_phone": "0577-88888902"})
        self.assertEqual(self.plain_user.partner_id.phone, "0577-88888902")

    def test_an_administrator_and_the_person_change_it(self):
        employee = self._employee(user_id=self.county_officer.id)
        employee.with_user(self.env.ref("base.user_admin")).work_email = "a@test.invalid"
        self.assertEqual(self.county_officer.email, "a@test.invalid")
        self.county_officer.with_user(self.county_officer).email = "b@test.invalid"
        self.assertEqual(employee.work_email, "b@test.invalid")

    def test_another_units_contact_is_nobodys_employee(self):
        """Reminders and notices go to the address of a unit, which has no login."""
        for target in (self.association, self.enterprise, self.other_enterprise, self.env.company.partner_id):
            target.sudo().email = before = "unit@test.invalid"
            for road in ({"work_contact_id": target.id}, {"address_id": target.id}):
                with self.subTest(target=target.name, road=road):
                    employees = self.env["hr.employee"].with_user(self.hr_nominator)
                    self._tried(lambda e=employees, r=road: e.create({"name": "示例", "work_email": EVIL, **r}))
                    target.invalidate_recordset()
                    self.assertEqual(target.sudo().email, before)

    def test_no_account_at_a_bank_is_changed_or_taken(self):
        theirs = self.env["res.partner.bank"].create(
            {"acc_number": "0000901", "partner_id": self.county_officer.partner_id.id}
        )
        employee = self._employee(user_id=self.hr_nominator.id)
        own = self.hr_nominator.with_user(self.hr_nominator)
        for step in (
            lambda: own.write({"employee_bank_account_ids": [Command.update(theirs.id, {"acc_number": "666"})]}),
            lambda: own.write(
                {"employee_bank_account_ids": [Command.update(theirs.id, {"partner_id": own.partner_id.id})]}
            ),
            lambda: employee.with_user(self.hr_nominator).write({"bank_account_ids": [Command.link(theirs.id)]}),
        ):
            self._tried(step)
            theirs.invalidate_recordset()
            self.assertEqual((theirs.acc_number, theirs.partner_id), ("0000901", self.county_officer.partner_id))


@tagged(*TAGS)
class TestTraces(ActingCase):
    """What Odoo tells of a record beside its fields: its external id, and links that need no login."""

    def test_a_link_to_a_file_of_a_draft_ends_when_it_is_submitted(self):
        draft = self._draft(id_number=resident_id(sequence=933))
        files = draft.material_ids.attachment_ids | draft.achievement_ids.evidence_ids
        files.generate_access_token()
        self.assertTrue(all(files.mapped("access_token")))
        draft.action_submit()
        self.assertFalse(any(files.sudo().mapped("access_token")))
        with self.assertRaises(UserError):
            files.generate_access_token()

    def test_an_external_id_is_told_of_what_one_reads_alone(self):
        other = self._draft(self.other_nominator, id_number=resident_id(sequence=935)).sudo()
        name = {"module": "__export__", "name": "other", "model": other._name, "res_id": other.id}
        self.env["ir.model.data"].create(name)
        for user, told in ((self.nominator, ""), (self.expert, ""), (self.other_nominator, "__export__.other")):
            with self.subTest(user=user.name):
                self.assertEqual(other.with_user(user).get_external_id(), {other.id: told})
        nobody = other.browse(other.id + 10_000).with_user(self.nominator)
        self.assertEqual(nobody.get_external_id(), {nobody.id: ""})
        hidden = self.env.ref("base.user_admin").partner_id
        self.assertEqual(hidden.with_user(self.expert).get_external_id(), {hidden.id: ""})
        self.assertEqual(hidden.with_user(self.hr).get_external_id(), {hidden.id: "base.partner_admin"})


# The links through which a field declared to follow, or a method below, writes as superuser to a person.
LINKS = {
    "hr.employee": {"work_contact_id", "user_id", "resource_id", "bank_account_ids"},
    "resource.resource": {"user_id"},
    # Whoever may write a company administers the database.
    "res.company": {"partner_id"},
    # The calendar of one's own resource: written by administrators of users alone, as it is no field of one's own settings.
    "res.users": {"resource_ids"},
}
# The inverses of Odoo's fields that write to people, users or their resources; each with what keeps others' places theirs.
INVERSES = {
    ("hr.employee", "_inverse_work_contact_details"): "on_behalf: the link and the login address",
    ("resource.resource", "_inverse_calendar_id"): "with the user's own rights",
    ("hr.version", "_inverse_resource_calendar_id"): "with the user's own rights",
    ("res.users", "_set_password"): "with the user's own rights",
    ("res.users", "_set_new_password"): "with the user's own rights",
    ("res.users", "_inverse_token"): "the own second factor",
    ("res.users", "_inverse_notification_type"): "the own group for notifications",
    ("res.users", "_inverse_calendar_res_users_settings"): "the settings of those who are written",
    ("res.groups", "_inverse_all_user_ids"): "with the user's own rights",
    ("res.partner", "_write_company_type"): "with the user's own rights",
    ("ir.attachment", "_inverse_raw"): "with the user's own rights",
    ("ir.attachment", "_inverse_datas"): "with the user's own rights",
    ("hr.applicant", "_inverse_name"): "with the user's own rights, and on_behalf",
    ("hr.applicant", "_inverse_partner_email"): "with the user's own rights, and on_behalf",
}
ABOUT = (
    "res.partner",
    "res.users",
    "res.groups",
    "ir.attachment",
    "resource.resource",
    "hr.employee",
    "hr.version",
    "hr.applicant",
)
# What is written as superuser to people by the modules that the addon depends on, and by those that commonly sit beside it.
MODULES = (
    "base", "mail", "auth_signup", "resource", "hr", "hr_skills", "hr_recruitment", "contacts", "calendar", "portal",
)  # fmt: skip
WRITES = {
    # on_behalf.py: the link, and the login address, whoever wrote
    "hr/models/hr_employee.py _inverse_work_contact_details employee.work_contact_id.sudo().write",
    "hr/models/hr_employee.py create employee_sudo.work_contact_id.image_1920",
    "hr/models/hr_employee.py write bank_account.allow_out_payment",
    "hr/models/hr_employee.py write bank_account.partner_id",
    # the own employee of a user who may be written
    "hr/models/res_users.py write employees.write",
    "hr/models/res_users.py write with_image.write",
    "hr/models/res_users.py write without_image.write",
    "hr/models/hr_employee.py create employee_sudo.image_1920",
    "hr/wizard/hr_bank_account_wizard.py action_save line.bank_account_id.sudo().write",
    # merging: parties/merging.py
    "base/wizard/base_partner_merge.py _merge partner_ids.mapped('user_ids').sudo().write",
    "base/wizard/base_partner_merge.py _merge_bank_accounts src_account.sudo().write",
    "base/wizard/base_partner_merge.py _update_values dst_partner.with_company(company).sudo().write",
    # the address of a firm to the contacts that are entered below it
    "base/models/res_partner.py _load_records_create self.sudo().browse(children).write",
    # the time zone of whoever logs in
    "base/models/res_users.py _login user.tz",
    # a group of recruitment, and no field of a person
    "hr_recruitment/models/res_users.py _create_recruitment_interviewers interviewers.sudo().write",
    "hr_recruitment/models/res_users.py _remove_recruitment_interviewers self.env['res.users'].browse(users_to_remove).sudo().write",
    # own addresses, judged by the page of the own account
    "portal/controllers/portal.py _create_or_update_address parent_company.name",
    "portal/controllers/portal.py _create_or_update_address partner_sudo.company_name",
    "portal/controllers/portal.py _create_or_update_address partner_sudo.write",
    "portal/controllers/portal.py _create_or_update_address request.env['res.partner'].sudo().with_context(create_context).create",
    # by whoever may write contacts: invitations, of no internal user
    "portal/wizard/portal_wizard.py action_grant_access user_sudo.write",
    "portal/wizard/portal_wizard.py action_revoke_access user_sudo.write",
    "portal/wizard/portal_wizard.py action_revoke_access self.partner_id.sudo().signup_type",
    # the files of a message, checked by mail for each
    "mail/controllers/attachment.py mail_attachement_update_thumbnail attachment_sudo.thumbnail",
    "mail/controllers/attachment.py mail_attachment_upload request.env['ir.attachment'].sudo().create",
    "mail/models/mail_activity.py _action_done activity_message.attachment_ids",
    "mail/models/mail_activity.py _action_done message_attachments.write",
    "mail/models/mail_mail.py _inverse_unrestricted_attachment_ids mail_sudo.attachment_ids",
    "mail/models/mail_thread.py _create_attachments_for_post self.env['ir.attachment'].sudo().create",
    "mail/models/mail_thread.py _process_attachments_for_post filtered_attachment_ids.write",
    "mail/wizard/mail_compose_message.py create_mail_template attachments.write",
    "mail/models/mail_message.py toggle_message_starred self.sudo().starred_partner_ids",
    "mail/models/mail_message.py unstar_all starred_messages.sudo().starred_partner_ids",
}
# Written to what belongs to whoever writes, or to what is no person.
OTHERS = {
    "hr/models/res_partner_bank.py _compute_display_name account.sudo(self.env.su).display_name",
    "base/models/res_users.py _update_last_login self.env['res.users.log'].sudo().create",
    "base/models/res_users.py create self.env['res.users.settings'].sudo().create",
    "base/models/res_users.py check_identity self.sudo().env['res.users.identitycheck'].create",
    "base/models/res_users.py wrapped self.sudo().env['res.users.identitycheck'].create",
    # whoever deletes an action administers; of users only the page at which they begin is emptied
    "base/models/ir_actions.py _unlink_check_home_action"
    " self.env['res.users'].with_context(active_test=False).search([('action_id', 'in', self.ids)]).sudo().write",
    "mail/models/mail_mail.py _split_by_delayed_batch"
    " notifs.filtered(lambda n: n.mail_mail_id == mail and n.res_partner_id in recipient_ids[:to_keep]).mail_mail_id",
    "mail/models/ir_websocket.py _on_websocket_closed self.env.user.sudo().presence_ids.status",
}
# Followers, figures and words: no field of a person.
MAIL_AND_FIGURES = ("_inverse_message_partner_ids", "_inverse_km_home_work", "_inverse_job_title")
PEOPLE_WORDS = ("partner", "user", "contact", "employee", "attachment", "image", "children", "account", "company.name")


def superuser_writes(path):
    """Yield (function, what is written) of what ``path`` writes as superuser, also by a name that was given to it before."""
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef):
            names = _superuser_names(function)
            for node in ast.walk(function):
                for target in _written(node):
                    if _is_superuser(target.value, names):
                        yield function.name, ast.unparse(target)


def _written(node):
    if isinstance(node, ast.Assign):
        return [target for target in node.targets if isinstance(target, ast.Attribute)]
    called = node.func if isinstance(node, ast.Call) else None
    return [called] if isinstance(called, ast.Attribute) and called.attr in ("write", "update", "create") else []


def _superuser_names(function):
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _is_superuser(node.value, names):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and _is_superuser(node.iter, names):
            names.add(node.target.id)
    return names


def _is_superuser(node, names):
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr == "sudo" and not node.args:
                return True
            node = node.func
        elif isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        else:
            return False
    return node.id in names or node.id.endswith("_sudo")


@tagged(*TAGS)
class TestWhatOdooWritesAsSuperuser(SkillCertCase):
    """The list of all that Odoo writes to people for somebody: what a new version adds has to be read before it is trusted."""

    def _models(self):
        return [self.env[name] for name in sorted(self.env.registry) if not name.startswith(OUR_MODELS)]

    def test_every_link_through_which_odoo_writes_is_guarded_and_known(self):
        found = {model._name: set(model._written_through()) for model in self._models() if not model._abstract}
        found = {name: links for name, links in found.items() if links}
        for name, links in found.items():
            with self.subTest(model=name):
                self.assertLessEqual(links, LINKS.get(name, set()))
        self.assertLessEqual({"hr.employee", "resource.resource"}, set(found))

    def test_every_inverse_of_a_field_about_people_has_been_read(self):
        for model in self._models():
            if model._name in ABOUT:
                for field in model._fields.values():
                    if field.inverse and not field.related and not field.inherited:
                        name = field.inverse if isinstance(field.inverse, str) else field.inverse.__name__
                        with self.subTest(model=model._name, field=field.name):
                            known = (model._name, name) in INVERSES or name in MAIL_AND_FIGURES
                            self.assertTrue(known, f"{name}: read it, and guard it or say why not")

    def test_everything_that_inherits_a_person_is_known(self):
        people = ("res.partner", "res.users", "resource.resource", "ir.attachment", "hr.employee")
        found = {
            (model._name, field)
            for model in self._models()
            for parent, field in model._inherits.items()
            if parent in people
        }
        # A login is created by administrators; written by self-service are the own fields.
        self.assertEqual(found, {("res.users", "partner_id")})

    def test_every_statement_that_writes_to_people_as_superuser_has_been_read(self):
        found = set()
        for path, place in self._sources():
            found |= {f"{place} {name} {text}" for name, text in superuser_writes(path) if _about_people(text)}
        self.assertGreater(len(found), 25)
        self.assertFalse(found - WRITES - OTHERS, "read it, and guard it or say why not")

    def _sources(self):
        """Yield (file, its place) of the modules, installed here or not; they come with Odoo."""
        for root in map(pathlib.Path, odoo.addons.__path__):
            for module in MODULES:
                for path in sorted((root / module).rglob("*.py")):
                    if "tests" not in path.parts:
                        yield path, path.relative_to(root).as_posix()

    def test_the_reader_of_statements_sees_a_superusers_write(self):
        path = next(path for path, place in self._sources() if place == "hr/models/hr_employee.py")
        self.assertIn(
            ("_inverse_work_contact_details", "employee.work_contact_id.sudo().write"), set(superuser_writes(path))
        )


def _about_people(text):
    return any(word in text for word in PEOPLE_WORDS)
