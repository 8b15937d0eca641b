"""An enterprise's own database: with the addon installed, its people see what they saw without it.

Without it means without the rules of security/platform.xml: the same searches are made with these archived and compared.
"""

from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase

TAGS = ("standard", "post_install", "-at_install")
OUTSIDER = "wz_skill_cert.group_external"
COMPARED = (
    "res.partner",
    "res.users",
    "hr.employee",
    "hr.employee.public",
    "hr.department",
    "resource.resource",
    "hr.resume.line",
    "hr.employee.skill",
    "hr.employee.certification.report",
    "hr.employee.skill.report",
    "hr.employee.skill.history.report",
    "mail.followers",
    "mail.notification",
    "mail.message",
    "mail.activity",
    "discuss.channel",
    "discuss.channel.member",
    "ir.attachment",
    "ir.default",
    "ir.filters",
    "ir.embedded.actions",
    "ir.exports",
    "ir.exports.line",
    "mail.canned.response",
    "mail.template",
)


class ErpCase(SkillCertCase):
    """Ordinary staff, HR, a nominator from HR, one who is not, and an in-house expert; somebody in a second company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["skill.cert.bureau"].search([]).user_ids = [Command.clear()]
        cls._outsiders(False)
        # The world of the tests had officers for a moment; an own database never has.
        cls.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", False)
        cls.hr = cls._user()
        cls.hr.group_ids = [Command.link(cls.env.ref("hr.group_hr_user").id)]
        cls.hr_nominator = cls._hr_nominator(cls.enterprise)
        cls.in_house = cls._expert(cls.city).user_id
        cls.portal = cls._share_user("base.group_portal")
        cls.second = cls.env["res.company"].create({"name": "温州示例二厂（虚构）"})
        for name, company in (("张示例", cls.env.company), ("李示例", cls.second)):
            employee = cls._employee(name, company_id=company.id)
            employee.resume_line_ids = [Command.create({"name": f"{name}的学校", "date_start": "2001-07-01"})]
        cls._employee("本人示例", user_id=cls.plain_user.id, company_id=cls.env.company.id)
        cls.env["hr.department"].create({"name": "示例车间"})
        cls.other_enterprise.message_subscribe(cls.nominator.partner_id.ids)
        cls.other_enterprise.message_post(body="示例", partner_ids=cls.hr.partner_id.ids)
        cls.users = {
            "ordinary": cls.plain_user,
            "hr": cls.hr,
            "nominator": cls.nominator,
            "nominator from hr": cls.hr_nominator,
            "in-house expert": cls.in_house,
            "administrator": cls.env.ref("base.user_admin"),
            "portal": cls.portal,
            "public": cls.env.ref("base.public_user"),
        }

    @classmethod
    def _share_user(cls, group):
        values = {
            "name": "门户示例",
            "login": "portal@test.invalid",
            "group_ids": [Command.set(cls.env.ref(group).ids)],
        }
        return cls.env["res.users"].create(values)

    @classmethod
    def _outsiders(cls, value):
        cls.env["res.config.settings"].create({"group_skill_cert_outsiders": value}).execute()

    def _rules(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "wz_skill_cert"), ("model", "=", "ir.rule"), ("name", "=like", "%\\_external")]
        )
        return self.env["ir.rule"].with_context(active_test=False).browse(data.mapped("res_id"))

    def _seen(self, user):
        """Return {model: (rows, refused or not, domain of the rules)} for ``user``."""
        result = {}
        for name in COMPARED:
            model = self.env[name].with_user(user).with_context(active_test=False)
            rows = self._rows(model) if model.has_access("read") else None
            result[name] = (rows, str(self._domain(model)))
        return result

    def _rows(self, model):
        # This view of hr_skills has no ids: its rows are counted.
        return (
            model.search([]).ids if "history" not in model._name else [model._read_group([], [], ["employee_id:count"])]
        )

    def _domain(self, model):
        rules = self.env["ir.rule"].with_user(model.env.user)
        return [rules._compute_domain(model._name, mode) for mode in ("read", "write", "create", "unlink")]


@tagged(*TAGS)
class TestOwnErp(ErpCase):
    def test_everybody_sees_what_stock_odoo_shows(self):
        ruled = {*self._rules().model_id.mapped("model")}
        self.assertTrue(ruled)
        self.assertFalse(ruled - {*COMPARED}, "each rule is compared")
        with_rules = {role: self._seen(user) for role, user in self.users.items()}
        self._rules().active = False
        self.env.invalidate_all()
        for role, user in self.users.items():
            for model, stock in self._seen(user).items():
                with self.subTest(role=role, model=model):
                    self.assertEqual(with_rules[role][model], stock)

    def test_the_comparison_has_something_to_compare(self):
        """Everything compared has rows for somebody, and as outsiders the nominator and the expert do see less."""
        before = {role: self._seen(user) for role, user in self.users.items()}
        empty = {model for model in COMPARED if not any(seen[model][0] for seen in before.values())}
        self.assertLessEqual(
            empty,
            {
                "mail.activity",
                "hr.employee.certification.report",
                "hr.employee.skill",
                "hr.employee.skill.report",
                "hr.employee.skill.history.report",
                "ir.embedded.actions",
                "ir.exports",
                "ir.exports.line",
                "ir.filters",
                "mail.canned.response",
            },
        )
        self._outsiders(True)
        self.env.invalidate_all()
        for role in ("nominator", "in-house expert"):
            after = self._seen(self.users[role])
            for model in ("res.partner", "res.users", "hr.employee.public", "hr.resume.line", "discuss.channel"):
                with self.subTest(role=role, model=model):
                    self.assertLess(len(after[model][0]), len(before[role][model][0]))

    def test_also_in_a_bureaus_database_whoever_is_no_nominator_or_expert_is_unchanged(self):
        staff = {role: user for role, user in self.users.items() if "nominator" not in role and "expert" not in role}
        before = {role: self._seen(user) for role, user in staff.items()}
        self._outsiders(True)
        self.env.invalidate_all()
        for role, user in staff.items():
            with self.subTest(role=role):
                self.assertEqual(self._seen(user), before[role])

    def test_names_and_messages_are_as_before(self):
        message = self.other_enterprise.with_user(self.plain_user).sudo().display_name
        self.assertEqual(message, self.other_enterprise.name)
        channel = self.env["discuss.channel"].with_user(self.nominator)._get_or_create_chat(self.hr.partner_id.ids)
        self.assertEqual(channel.channel_member_ids.partner_id, self.nominator.partner_id | self.hr.partner_id)

    def test_what_staff_write_share_and_fill_in_is_as_before(self):
        """No name is masked, no template closed, no reference refused: the addon's guards are for outsiders."""
        nominator, partner = self.nominator, self.other_enterprise
        self.assertEqual(partner.with_user(nominator).display_name, partner.name)
        self.assertTrue(nominator.has_group("mail.group_mail_template_editor"))
        template = {
            "name": "示例",
            "model_id": self.env["ir.model"]._get_id("res.partner"),
            "subject": "{{ object.name }}",
        }
        self.assertTrue(self.env["mail.template"].with_user(nominator).create(template))
        search = {"name": "示例", "model_id": "res.partner", "domain": "[]", "user_ids": []}
        self.assertTrue(self.env["ir.filters"].with_user(nominator).create(search))
        leaves = self.env["mail.activity"].with_user(nominator)
        filled = leaves.onchange({"user_id": self.hr.id}, ["user_id"], {"user_id": {"fields": {"display_name": {}}}})
        self.assertIsInstance(filled, dict)
        found = self.hr.partner_id.with_user(nominator).signup_get_auth_param()
        self.assertEqual(found[self.hr.partner_id.id]["auth_login"], self.hr.login)

    def test_groups_of_own_records_are_counted_as_before(self):
        """models/platform/grouping.py asks for the groups of a many-to-many field; whoever reads the field may group by it."""
        tag = self.env["res.partner.category"].create({"name": "示例"})
        self.other_enterprise.category_id = tag
        for user in (self.plain_user, self.nominator, self.hr):
            groups = (
                self.env["res.partner"]
                .with_user(user)
                .formatted_read_group([("id", "=", self.other_enterprise.id)], ["category_id"], ["__count"])
            )
            with self.subTest(user=user.name):
                self.assertEqual([group["__count"] for group in groups], [1])
                self.assertEqual(groups[0]["category_id"][0], tag.id)


@tagged(*TAGS)
class TestTheSwitch(ErpCase):
    """When nominators and experts count as people from outside."""

    def _shut_out(self):
        self.env.invalidate_all()
        found = {user._is_outsider() for user in (self.nominator, self.in_house)}
        self.assertEqual(len(found), 1)
        return found.pop()

    def test_without_officers_they_are_staff(self):
        self.assertFalse(self._shut_out())

    def test_the_first_officer_of_a_bureau_makes_them_outsiders(self):
        self.county.user_ids = [Command.link(self.county_officer.id)]
        self.assertTrue(self._shut_out())
        self.assertFalse(self.other_enterprise.with_user(self.nominator).has_access("read"))

    def test_so_does_a_user_who_is_entered_as_officer(self):
        self.plain_user.skill_cert_bureau_ids = [Command.link(self.county.id)]
        self.assertTrue(self._shut_out())

    def test_so_does_a_new_user_who_is_an_officer(self):
        vals = {"name": "官示例", "login": "new@test.invalid", "skill_cert_bureau_ids": [Command.set(self.county.ids)]}
        self.env["res.users"].create(vals)
        self.assertTrue(self._shut_out())

    def test_so_does_a_new_bureau_with_an_officer(self):
        self.env["skill.cert.bureau"].create(
            {
                "name": "示例区人社局（虚构）",
                "code": "330399",
                "parent_id": self.city.id,
                "user_ids": [Command.set(self.county_officer.ids)],
            }
        )
        self.assertTrue(self._shut_out())

    def test_an_administrator_who_decides_otherwise_is_not_overruled(self):
        self.county.user_ids = [Command.link(self.county_officer.id)]
        self._outsiders(False)
        self.county.user_ids = [Command.link(self.other_officer.id)]
        self.assertFalse(self._shut_out())
        self.assertTrue(self.other_enterprise.with_user(self.nominator).has_access("read"))

    def test_a_single_person_can_be_made_an_outsider_by_hand(self):
        self.plain_user.group_ids = [Command.link(self.env.ref(OUTSIDER).id)]
        self.assertFalse(self.other_enterprise.with_user(self.plain_user).has_access("read"))
        self.plain_user.group_ids = [Command.unlink(self.env.ref(OUTSIDER).id)]
        self.assertTrue(self.other_enterprise.with_user(self.plain_user).has_access("read"))

    def test_in_a_bureaus_database_nobody_makes_an_account_uninvited(self):
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        self.assertEqual(
            self.env["res.users"]._get_signup_invitation_scope(), "b2c", "an own database keeps Odoo's way"
        )
        self.assertTrue(self.plain_user.has_group("mail.group_mail_template_editor"))
        self.county.user_ids = [Command.link(self.county_officer.id)]
        self.assertEqual(self.env["res.users"]._get_signup_invitation_scope(), "b2b")
        # A template's code takes any right: in a bureau's database only the administrator writes it.
        self.assertFalse(self.plain_user.has_group("mail.group_mail_template_editor"))

    def test_an_uninstallation_returns_the_settings_as_they_were(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("auth_signup.invitation_scope", "b2c")
        self.county.user_ids = [Command.link(self.county_officer.id)]
        self.env["res.groups"]._return_platform_settings()
        self.assertEqual(parameters.get_param("auth_signup.invitation_scope"), "b2c")
        self.assertTrue(self.plain_user.has_group("mail.group_mail_template_editor"))

    def test_an_uninstallation_leaves_what_the_administrator_has_set_since(self):
        parameters = self.env["ir.config_parameter"]
        self.county.user_ids = [Command.link(self.county_officer.id)]
        parameters.set_param("auth_signup.invitation_scope", "own")
        self.env["res.groups"]._return_platform_settings()
        self.assertEqual(parameters.get_param("auth_signup.invitation_scope"), "own")

    def test_an_uninstallation_opens_nothing_that_was_closed_before(self):
        parameters = self.env["ir.config_parameter"]
        parameters.search([("key", "=like", "wz_skill_cert.before.%")]).unlink()  # of the officers of the world
        parameters.set_param("auth_signup.invitation_scope", "b2b")
        self.county.user_ids = [Command.link(self.county_officer.id)]
        self.env["res.groups"]._return_platform_settings()
        self.assertEqual(parameters.get_param("auth_signup.invitation_scope"), "b2b")
