"""The ledger of achievements (业绩台账) is the HR's of the own company: in an enterprise's database and in a bureau's."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase

LEDGER = "hr.employee.achievement"


@tagged("standard", "post_install", "-at_install")
class TestLedger(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env["res.company"].create([{"name": f"温州示例{n}厂（虚构）"} for n in ("一", "二")])
        cls.hr, cls.other_hr = (cls._hr_of(company) for company in cls.companies)
        cls.nominating_hr = cls._hr_nominator(cls.enterprise)
        cls.other_nominating_hr = cls._hr_nominator(cls.other_enterprise)
        for user, company in ((cls.nominating_hr, cls.companies[0]), (cls.other_nominating_hr, cls.companies[1])):
            user.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        cls.employee = cls._employee("张示例", company_id=cls.companies[0].id)
        cls.other_employee = cls._employee("李示例", company_id=cls.companies[1].id)

    def _prepare(self):
        super()._prepare()
        self.line = self.env[LEDGER].create({**self._achievement_vals(self.env.user), "employee_id": self.employee.id})
        self.env.flush_all()

    @classmethod
    def _hr_of(cls, company):
        user = cls._user()
        user.write(
            {
                "company_ids": [Command.set(company.ids)],
                "company_id": company.id,
                "group_ids": [Command.link(cls.env.ref("hr.group_hr_user").id)],
            }
        )
        return user

    def _outsiders(self, value):
        self.env["res.config.settings"].create({"group_skill_cert_outsiders": value}).execute()
        self.env.invalidate_all()

    def _refused_roads(self, user):
        own, evidence = self.line.with_user(user), self.line.evidence_ids
        values = {"employee_id": self.employee.id, "type_id": self.line.type_id.id, "name": "示例", "title_rank": "2"}
        through = self.employee.with_user(user)
        return {
            "read": lambda: own.read(["name"]),
            "search": lambda: own.search([]).ids and self.fail("found"),
            "write": lambda: own.write({"name": "别的"}),
            "create": lambda: own.create(values),
            "delete": own.unlink,
            "copy": own.copy,
            "export": lambda: own.export_data(["name"]),
            "through the employee": lambda: through.write({"achievement_ids": [Command.create({**values})]}),
            "in another company's context": lambda: own.with_context(allowed_company_ids=self.companies.ids).read(
                ["name"]
            ),
            "evidence": lambda: evidence.with_user(user).read(["datas"]),
            "what is missing": lambda: through.read(["eligibility", "eligible_level"]),
        }

    def _assert_kept(self, users):
        for user in users.values():
            user.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        for name, user in users.items():
            for road, step in self._refused_roads(user).items():
                if road == "search" and self.env[LEDGER].with_user(user).has_access("read"):
                    found = self.env[LEDGER].with_user(user).search([])
                    self.assertNotIn(self.line, found.sudo())
                    continue
                with self.subTest(user=name, road=road), self.assertRaises(AccessError):
                    step()
                self.env.invalidate_all(flush=False)

    def _others(self):
        return {
            "nominator without HR": self.nominator,
            "expert": self._expert(self.county).user_id,
            "officer": self.county_officer,
            "city officer": self.city_officer,
            "manager": self.manager,
            "plain user": self.plain_user,
            "HR of another company": self.other_hr,
            "HR of another enterprise": self.other_nominating_hr,
        }

    def test_in_a_bureaus_database_nobody_but_the_own_hr_has_the_ledger(self):
        self._outsiders(True)
        self._assert_kept(self._others())

    def test_in_an_enterprises_own_database_too(self):
        self._outsiders(False)
        self._assert_kept(self._others())

    def test_the_own_hr_keeps_it_in_both(self):
        for outsiders in (True, False):
            self._outsiders(outsiders)
            for user in (self.hr, self.nominating_hr):
                own = self.line.with_user(user)
                with self.subTest(outsiders=outsiders, user=user.name):
                    own.write({"name": "工程师（示例）"})
                    self.assertEqual(own.search([]).sudo(), self.line)
                    self.assertTrue(
                        own.create({**self._achievement_vals(user, name="别的"), "employee_id": self.employee.id})
                    )
                    own.search([("id", "!=", own.id)]).unlink()

    def test_a_line_is_not_moved_to_an_employee_of_another_company(self):
        for outsiders in (True, False):
            self._outsiders(outsiders)
            for user in (self.hr, self.nominating_hr):
                with self.subTest(outsiders=outsiders, user=user.name), self.assertRaises(AccessError):
                    self.line.with_user(user).write({"employee_id": self.other_employee.id})
                self.env.invalidate_all(flush=False)
