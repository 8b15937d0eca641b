"""One click makes a draft from what HR keeps, and from nothing else."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class TestNomination(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nominator.group_ids = [Command.link(cls.env.ref("hr.group_hr_user").id)]
        # Made by an administrator, so that hr draws the initials of a person without a photo.
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "张示例",
                "identification_id": resident_id(),
                "birthday": "1985-05-20",
                "sex": "male",
                "private_phone": "13800000901",
                "occupation_id": cls.electrician.id,
                "career_start": "2005-07-01",
                "resume_line_ids": [
                    Command.create(
                        {"name": "温州示例技校（虚构）", "date_start": "2002-09-01", "date_end": "2005-06-30"}
                    ),
                    Command.create(
                        {"name": "温州示例电器有限公司（虚构） 电工", "date_start": "2005-07-01", "witness": "李示例"}
                    ),
                ],
            }
        )

    def _nominate(self):
        action = self.employee.with_user(self.nominator).action_nominate()
        return self.env["skill.cert.application"].with_user(self.nominator).browse(action["res_id"])

    def test_draft_takes_what_the_ledger_knows(self):
        application = self._nominate()
        self.assertEqual(application.state, "draft")
        self.assertEqual(application.id_number, self.employee.identification_id)
        self.assertEqual(application.occupation_id, self.electrician)
        self.assertEqual(application.employer_id, self.enterprise)
        self.assertEqual(application.sex, "1")

    def test_initials_drawn_by_hr_are_no_photo(self):
        self.assertTrue(self.employee.image_1920)
        self.assertFalse(self._nominate().photo)

    def test_history_begins_with_work(self):
        history = self._nominate().history_ids
        self.assertEqual(history.mapped("description"), ["温州示例电器有限公司（虚构） 电工"])
        self.assertEqual(history.witness, "李示例")
