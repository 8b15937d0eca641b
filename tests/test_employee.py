"""One click on an employee makes a draft: every fact from where HR keeps it, the files as copies."""

import base64
import io

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class TestNomination(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr = cls._hr_nominator(cls.enterprise)
        skill_type = cls.env["hr.skill.type"].create(
            {
                "name": "职业资格（虚构）",
                "is_certification": True,
                "skill_ids": [Command.create({"name": "电工"})],
                "skill_level_ids": [
                    Command.create({"name": "中级工（四级）", "level_progress": 50, "default_level": True})
                ],
            }
        )
        cls.certification = {
            "skill_type_id": skill_type.id,
            "skill_id": skill_type.skill_ids.id,
            "skill_level_id": skill_type.skill_level_ids.id,
            "valid_from": "2012-06-01",
        }

    def _complete_employee(self, **values):
        return self._employee(
            "张示例",
            identification_id=resident_id(),
            sex="male",
            birthday="1985-05-20",
            certificate="bachelor",
            private_phone="13800000901",
            job_title="电气班班长",
            career_start="2005-07-01",
            occupation_start="2006-07-01",
            technical_specialty="变频调速",
            occupation_id=self.electrician.id,
            image_1920=self._portrait(),
            employee_skill_ids=[Command.create(self.certification)],
            resume_line_ids=[
                Command.create(
                    {"name": "温州示例电器有限公司（虚构）电工", "date_start": "2008-01-01", "witness": "李示例"}
                ),
                Command.create(
                    {"name": "温州示例泵阀有限公司（虚构）学徒", "date_start": "2005-07-01", "date_end": "2007-12-31"}
                ),
            ],
            achievement_ids=[
                Command.create(self._achievement_vals(self.hr)),
                Command.create(self._achievement_vals(self.hr, "patent")),
            ],
            **values,
        )

    def _portrait(self):
        stream = io.BytesIO()
        Image.new("RGB", (60, 84), "gray").save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    def _nominated(self, employee, user=None):
        action = employee.with_user(user or self.hr).action_nominate()
        return self.env["skill.cert.application"].with_user(user or self.hr).browse(action["res_id"])

    def test_the_facts_come_from_the_employee(self):
        application = self._nominated(self._complete_employee())
        expected = {
            "state": "draft", "applicant_name": "张示例", "id_number": resident_id(), "sex": "1", "education": "bachelor",
            "phone": "13800000901", "job": "电气班班长", "technical_specialty": "变频调速", "level": "technician",
            "current_occupation": self.electrician.name, "title_name": "工程师", "held_level": "中级工（四级）",
        }  # fmt: skip
        self.assertEqual({name: application[name] for name in expected}, expected)
        dates = {
            "birth_date": "1985-05-20",
            "career_start": "2005-07-01",
            "occupation_start": "2006-07-01",
            "held_on": "2012-06-01",
        }
        self.assertEqual({name: str(application[name]) for name in dates}, dates)
        self.assertEqual(application.occupation_id, self.electrician)
        self.assertEqual((application.nominator_id, application.employer_id), (self.enterprise, self.enterprise))
        self.assertEqual(application.bureau_id, self.county)
        self.assertTrue(application.photo)

    def test_the_history_comes_from_the_resume_with_its_witness(self):
        application = self._nominated(self._complete_employee())
        lines = [(str(line.date_start), line.description, line.witness) for line in application.history_ids]
        self.assertEqual(
            lines,
            [
                ("2005-07-01", "温州示例泵阀有限公司（虚构）学徒", False),
                ("2008-01-01", "温州示例电器有限公司（虚构）电工", "李示例"),
            ],
        )

    def test_achievements_come_with_their_own_copies_of_the_files(self):
        employee = self._complete_employee()
        application = self._nominated(employee)
        self.assertEqual(set(application.achievement_ids.mapped("name")), {"工程师", "一种示例装置"})
        for achievement in application.sudo().achievement_ids:
            source = achievement.source_id
            self.assertIn(source, employee.achievement_ids)
            self.assertEqual(achievement.evidence_ids.raw, source.evidence_ids.raw)
            self.assertNotEqual(achievement.evidence_ids, source.evidence_ids)
            self.assertEqual(achievement.evidence_ids.res_id, achievement.id)
            self.assertEqual((source.evidence_ids.res_model, source.evidence_ids.res_id), (source._name, source.id))
            self.assertEqual(achievement.verified, "claimed")

    def test_whoever_is_nominated_can_be_submitted_once_the_rest_is_written(self):
        application = self._nominated(self._complete_employee())
        application.write({"campaign_id": self.campaign.id, "summary": "总结", "recommendation": "推荐"})
        application.material_ids.filtered("required").attachment_ids = [Command.set(self._file(self.hr).ids)]
        application.action_submit()
        self.assertEqual(application.state, "submitted")

    def test_an_employee_of_whom_hr_knows_little_still_gets_a_draft(self):
        application = self._nominated(self._employee("李示例"))
        self.assertEqual(
            (application.applicant_name, application.state, application.level), ("李示例", "draft", "senior_worker")
        )
        self.assertFalse(application.photo, "the initials that HR draws are no portrait")

    def test_several_employees_get_an_application_each(self):
        employees = self._complete_employee() | self._employee("李示例")
        action = employees.with_user(self.hr).action_nominate()
        applications = self.env["skill.cert.application"].search(action["domain"])
        self.assertEqual(set(applications.mapped("applicant_name")), {"张示例", "李示例"})
        self.assertEqual(employees.with_user(self.hr).mapped("application_count"), [1, 1])

    def test_whoever_nominates_for_no_unit_is_told_whom_to_ask(self):
        user = self._user("group_nominator")
        user.group_ids = [Command.link(self.env.ref("hr.group_hr_user").id)]
        count = self.env["skill.cert.application"].search_count([])
        with self.assert_refused("You nominate for no unit yet", "Ask your administrator"):
            self._complete_employee().with_user(user).action_nominate()
        self.assertEqual(self.env["skill.cert.application"].search_count([]), count)

    def test_a_wrong_number_in_hr_is_said_and_nothing_is_made(self):
        employee = self._complete_employee()
        employee.identification_id = resident_id()[:-1] + "A"
        count = self.env["skill.cert.application"].search_count([])
        with self.assert_refused("ID number is wrong"):
            employee.with_user(self.hr).action_nominate()
        self.assertEqual(self.env["skill.cert.application"].search_count([]), count)

    def test_whoever_does_not_keep_employees_nominates_none_of_them(self):
        employee = self._complete_employee()
        for user in (self.nominator, self.plain_user, self.county_officer):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                employee.with_user(user).action_nominate()
            with self.subTest(user=user.name), self.assertRaises(UserError):
                employee.with_user(user).read(["eligible_level", "achievement_ids"])

    def test_the_ledger_follows_the_company_of_the_employee(self):
        other = self.env["res.company"].create({"name": "温州示例泵阀有限公司（虚构）"})
        employee = self._complete_employee(company_id=other.id)
        ledger = self.env["hr.employee.achievement"].with_user(self.hr)
        self.assertFalse(ledger.search([("employee_id", "=", employee.id)]))
        with self.assertRaises(AccessError):
            employee.achievement_ids.with_user(self.hr).read(["name"])
