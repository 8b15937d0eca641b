"""A submitted application is a snapshot: by no road does its content change, until it is returned."""

import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, pdf, resident_id

PIXEL = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
)
FORGED, LATER, BETTER = pdf("forged"), pdf("later"), pdf("better")
LINES = ("achievement_ids", "material_ids", "history_ids", "contribution_ids")


class SnapshotCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.contribution = {
            "date_start": "2010-01-01",
            "unit": "温州示例电器有限公司（虚构）",
            "description": "技术改造",
        }
        self.application = self._draft(photo=PIXEL, contribution_ids=[Command.create(self.contribution)])

    def _content(self, application=None):
        """Return everything that was submitted: the application, its lines and the bytes of its files."""
        application = (application or self.application).sudo()
        lines = [line for name in LINES for line in application[name]]
        files = self._files(application)
        return [self._facts(record) for record in (application, *lines)], [(file.id, file.raw) for file in files]

    def _files(self, application):
        lines = application.sudo()
        photo = self.env["ir.attachment"].search([("res_field", "=", "photo"), ("res_id", "=", application.id)])
        return lines.achievement_ids.evidence_ids | lines.material_ids.attachment_ids | photo

    def _assert_closed(self, steps):
        """Assert that each step is refused and the content stays."""
        before = self._content()
        for step in steps:
            with self.subTest(step=step), self.assertRaises(UserError):
                step()
                self.env.flush_all()
        self.assertEqual(self._content(), before)


@tagged("standard", "post_install", "-at_install")
class TestSnapshot(SnapshotCase):
    def _prepare(self):
        super()._prepare()
        self.application.action_submit()

    def test_no_field_of_the_application_can_be_written_by_its_nominator(self):
        values = {
            "level": "technician",
            "applicant_name": "别人",
            "id_number": resident_id(sequence=903),
            "birth_date": "1985-05-21",
            "photo": PIXEL,
            "summary": "别的",
            "employer_name": "别的",
            "employer_assets": 1,
            "occupation_id": self.electrician.copy().id,
            "campaign_id": self.campaign.copy().id,
            "bureau_id": self.other_county.id,
            "nominator_id": self.other_enterprise.id,
            "employer_id": False,
            "submission_id": False,
        }
        self._assert_closed([lambda name=name: self.application.write({name: values[name]}) for name in values])

    def test_nor_by_an_officer(self):
        for officer in (self.county_officer, self.city_officer):
            application = self.application.with_user(officer)
            self._assert_closed(
                [lambda application=application: application.write({"summary": "别的"}), application.unlink]
            )

    def test_no_line_can_be_added_changed_or_deleted(self):
        steps = []
        line_values = {
            "achievement_ids": self._achievement_vals(self.nominator),
            "material_ids": {"name": "材料"},
            "history_ids": {"date_start": "2001-01-01", "description": "别的"},
            "contribution_ids": self.contribution,
        }
        for name in LINES:
            line = self.application[name][:1]
            model, values = line.browse(), line_values[name]
            steps += [
                lambda model=model, values=values: model.create({**values, "application_id": self.application.id}),
                lambda line=line: line.write({"name" if "name" in line._fields else "description": "别的"}),
                lambda line=line: line.unlink(),
            ]
        self._assert_closed(steps)

    def test_nor_by_commands_through_the_application_or_the_sheet(self):
        steps = []
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        for name in LINES:
            line = self.application[name][:1]
            field = "name" if "name" in line._fields else "description"
            for command in (
                Command.update(line.id, {field: "别的"}),
                Command.delete(line.id),
                Command.unlink(line.id),
                Command.clear(),
                Command.set([]),
            ):
                steps += [
                    lambda name=name, command=command: self.application.write({name: [command]}),
                    lambda name=name, command=command: sheet.write(
                        {"application_ids": [Command.update(self.application.id, {name: [command]})]}
                    ),
                ]
        steps.append(
            lambda: sheet.write({"application_ids": [Command.update(self.application.id, {"summary": "别的"})]})
        )
        steps.append(lambda: sheet.write({"application_ids": [Command.link(self.application.id)]}))
        self._assert_closed(steps)

    def test_nor_by_an_import(self):
        before = self._content()
        application, line = self.application, self.application.history_ids
        line_model = line.browse()
        for records, names, row in (
            (application, [".id", "summary"], [str(application.id), "别的"]),
            (application, [".id", "state"], [str(application.id), "draft"]),
            (
                application,
                [".id", "history_ids/.id", "history_ids/description"],
                [str(application.id), str(line.id), "别的"],
            ),
            (line_model, [".id", "description"], [str(line.id), "别的"]),
            (
                line_model,
                ["application_id/.id", "date_start", "description"],
                [str(application.id), "2001-01-01", "新"],
            ),
        ):
            with self.subTest(names=names):
                result = records.browse().load(names, [row])
                self.assertFalse(result["ids"])
                self.assertTrue(result["messages"])
        self.assertEqual(self._content(), before)

    def test_a_line_cannot_be_moved_into_or_out_of_an_application(self):
        other = self._draft(applicant_name="李示例", id_number=resident_id(sequence=903))
        steps = []
        for name in LINES:
            steps += [
                lambda name=name: self.application[name][:1].write({"application_id": other.id}),
                lambda name=name: other.write({name: [Command.link(self.application[name][:1].id)]}),
            ]
        for name in ("achievement_ids", "history_ids"):
            steps.append(lambda name=name: other[name][:1].write({"application_id": self.application.id}))
        self._assert_closed(steps)

    def test_no_file_can_be_changed_or_deleted(self):
        steps = []
        for file in self._files(self.application):
            own = file.with_user(self.nominator)
            steps += [
                lambda own=own: own.write({"raw": FORGED}),
                lambda own=own: own.write({"name": "别的.pdf"}),
                lambda own=own: own.write({"res_id": 0, "res_model": False}),
                own.unlink,
            ]
        self.assertEqual(len(steps), 12, "evidence, identity card and photo")
        self._assert_closed(steps)

    def test_no_file_can_be_slipped_in_beside_the_others(self):
        attachments = self.env["ir.attachment"].with_user(self.nominator)
        own = self._file(self.nominator, "new.pdf")
        photo = {"res_model": self.application._name, "res_id": self.application.id, "res_field": "photo"}
        material = self.application.material_ids[:1]
        self._assert_closed(
            [
                lambda: attachments.create({"name": "photo", "raw": base64.b64decode(PIXEL), **photo}),
                lambda: own.with_user(self.nominator).write(photo),
                lambda: attachments.create(
                    {"name": "x", "raw": FORGED, "res_model": material._name, "res_id": material.id}
                ),
                lambda: material.write({"attachment_ids": [Command.link(own.id)]}),
                lambda: self.application.achievement_ids.write({"evidence_ids": [Command.link(own.id)]}),
            ]
        )

    def test_later_changes_of_the_unit_and_of_the_employee_change_nothing(self):
        user = self._hr_nominator(self.enterprise)
        employee = self._employee(
            "李示例",
            identification_id=resident_id(sequence=903),
            sex="male",
            birthday="1985-05-20",
            private_phone="13900000901",
            certificate="bachelor",
            career_start="2005-07-01",
            occupation_id=self.electrician.id,
            achievement_ids=[Command.create(self._achievement_vals(user))],
            resume_line_ids=[Command.create({"name": "电工", "date_start": "2005-07-01"})],
        )
        action = employee.with_user(user).action_nominate()
        application = self.env["skill.cert.application"].with_user(user).browse(action["res_id"])
        application.write({"campaign_id": self.campaign.id, "summary": "总结", "recommendation": "推荐"})
        application.material_ids.filtered("required").attachment_ids = [Command.set(self._file(user).ids)]
        application.action_submit()
        before = self._content(application)
        employee.achievement_ids.evidence_ids.raw = LATER
        employee.achievement_ids.write({"name": "以后", "title_rank": "1", "evidence_ids": [Command.clear()]})
        employee.write({"name": "以后", "private_phone": "13700000901", "career_start": "2015-07-01"})
        employee.resume_line_ids.name = "以后"
        self.enterprise.write(
            {"name": "以后", "street": "以后", "enterprise_assets": 1, "enterprise_sales": 2, "enterprise_headcount": 3}
        )
        self.enterprise.skill_cert_bureau_id = self.other_county
        self.assertEqual(self._content(application), before)
        employee.achievement_ids.unlink()
        employee.unlink()
        self.assertEqual((application.applicant_name, application.achievement_ids.name), ("李示例", "工程师"))

    def test_it_stays_closed_through_acceptance_and_withdrawal(self):
        self.application.with_user(self.county_officer).action_accept()
        self._assert_closed([lambda: self.application.write({"summary": "别的"})])
        self.application.action_withdraw()
        self._assert_closed([lambda: self.application.write({"summary": "别的"}), self.application.unlink])

    def test_a_return_opens_it_again_for_the_nominator_alone(self):
        self.application.with_user(self.county_officer).action_return("缺材料")
        self.assertEqual(self.application.reason, "缺材料")
        for user in (self.other_nominator, self.county_officer, self.city_officer):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.application.with_user(user).write({"summary": "别的"})
        self.application.write(
            {
                "summary": "已补充",
                "history_ids": [Command.update(self.application.history_ids.id, {"witness": "王示例"})],
            }
        )
        self.application.achievement_ids.evidence_ids.raw = BETTER
        self._settle(self.application)
        number, first = self.application.name, self.application.submitted_on
        self.application.action_submit()
        self.assertEqual((self.application.state, self.application.name), ("submitted", number))
        self.assertTrue(first)
        self._assert_closed([lambda: self.application.write({"summary": "别的"})])

    def test_a_numbered_application_is_never_deleted(self):
        self.application.with_user(self.county_officer).action_return("缺材料")
        self._assert_closed([self.application.unlink])

    def test_only_the_officer_ticks_what_was_seen_and_nothing_else(self):
        material = self.application.material_ids[:1]
        officer = material.with_user(self.county_officer)
        officer.write({"original_seen": True, "officer_remark": "已核对"})
        self.assertTrue(material.original_seen)
        self._assert_closed(
            [
                lambda: material.write({"original_seen": False}),
                lambda: material.with_user(self.city_officer).write({"original_seen": False}),
                lambda: officer.write({"name": "别的"}),
                lambda: officer.write({"original_seen": False, "copies": 9}),
            ]
        )


@tagged("standard", "post_install", "-at_install")
class TestForeignFiles(SnapshotCase):
    def test_somebody_elses_file_cannot_be_claimed(self):
        foreign = self._draft(self.other_nominator)
        loose = self._file(self.other_nominator, "loose.pdf")
        evidence = foreign.sudo().achievement_ids.evidence_ids
        system = self.env["ir.attachment"].create({"name": "system.pdf", "raw": FORGED})
        mine = self.application
        for file in (evidence, loose, system):
            for line, name in ((mine.achievement_ids, "evidence_ids"), (mine.material_ids[:1], "attachment_ids")):
                with self.subTest(file=file.name, field=name), self.assertRaises(AccessError):
                    line.write({name: [Command.link(file.id)]})
            with self.assertRaises(AccessError):
                mine.achievement_ids.create(
                    {
                        **self._achievement_vals(self.nominator),
                        "application_id": mine.id,
                        "evidence_ids": [Command.set(file.ids)],
                    }
                )
        self.assertEqual((evidence.res_model, evidence.res_id), ("skill.cert.achievement", foreign.achievement_ids.id))
        self.assertFalse(loose.res_id)

    def test_a_file_of_one_application_cannot_also_be_of_another(self):
        other = self._draft(applicant_name="李示例", id_number=resident_id(date(1985, 5, 20), 903))
        with self.assertRaises(AccessError):
            other.achievement_ids.write(
                {"evidence_ids": [Command.link(self.application.achievement_ids.evidence_ids.id)]}
            )

    def test_a_file_can_be_read_by_those_who_read_the_application(self):
        self.application.action_submit()
        file = self.application.achievement_ids.evidence_ids
        for user in (self.nominator, self.county_officer, self.city_officer):
            self.assertTrue(file.with_user(user).raw, user.name)
        for user in (self.other_nominator, self.other_officer, self.manager, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                file.with_user(user).raw  # noqa: B018
