"""The demo data loads, is invented throughout, and qualifies whom its comments say."""

from odoo.addons.wz_skill_cert import formats
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

FILES = ("units", "experts", "employees")
ELIGIBLE = {
    "chen": "senior_worker",
    "lin": "technician",
    "huang": False,
    "zhou": "senior_worker",
    "wu": False,
    "xu": "technician",
    "sun": "senior_worker",
    "hu": "senior_worker",
}


@tagged("standard", "post_install", "-at_install")
class TestDemoData(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        references = {}
        for name in FILES:
            convert_file(cls.env(su=True), "wz_skill_cert", f"demo/{name}.xml", references, mode="init", noupdate=True)
        cls.company = cls.env.ref("wz_skill_cert.company_demo_electric")
        cls.employees = cls.env["hr.employee"].search([("company_id", "=", cls.company.id)])

    def _demo(self, model):
        rows = self.env["ir.model.data"].search(
            [
                ("module", "=", "wz_skill_cert"),
                ("model", "=", model),
                ("name", "like", "_demo_"),
            ]
        )
        return self.env[model].browse(rows.mapped("res_id"))

    def test_employees_qualify_for_what_the_comments_say(self):
        levels = {key: self.env.ref(f"wz_skill_cert.employee_demo_{key}").eligible_level for key in ELIGIBLE}
        self.assertEqual(levels, ELIGIBLE)
        self.assertEqual(len(self.employees), len(ELIGIBLE))

    def test_id_numbers_are_of_nobody_and_agree_with_the_person(self):
        for employee in self.employees:
            number = employee.identification_id
            self.assertTrue(formats.has_valid_check_digit(number), employee.name)
            self.assertEqual(number[:6], "330300", "an area issued to nobody")
            self.assertGreaterEqual(int(number[14:17]), 901)
            self.assertEqual(formats.birth_date_of(number), employee.birthday)
            self.assertEqual(formats.sex_of(number), {"male": "1", "female": "2"}[employee.sex])

    def test_units_and_patents_are_marked_as_invented(self):
        for unit in self._demo("res.partner").filtered("is_company"):
            self.assertIn("（虚构）", unit.name)
        for patent in self.employees.achievement_ids.filtered(lambda achievement: achievement.kind == "patent"):
            self.assertTrue(patent.number.startswith("ZL2099"))

    def test_panels_and_committees_are_appointed(self):
        for model in ("skill.cert.panel", "skill.cert.committee"):
            self.assertEqual(self._demo(model).mapped("state"), ["appointed", "appointed"])

    def test_each_role_has_its_login(self):
        for login in ("enterprise", "association", "expert", "county", "city", "manager"):
            self.assertEqual(self.env.ref(f"wz_skill_cert.user_demo_{login}").login, login)
