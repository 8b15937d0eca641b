"""附件2 comes back as people fill it in: read tolerantly, checked as a whole, imported on confirmation, once."""

import base64
import io
import zipfile
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell

from odoo import fields
from odoo.addons.wz_skill_cert import clock, formats
from odoo.addons.wz_skill_cert.models.request import sheet_import
from odoo.addons.wz_skill_cert.reports import submission_xlsx, summary, wording
from odoo.addons.wz_skill_cert.sheets import sheet_file, sheet_reader
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import SkillCertCase, resident_id

HEADINGS = [column.heading for column in summary.COLUMNS]
UNIT = "温州示例电器有限公司（虚构）"


class SheetCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.sheet = self._new_sheet(self.nominator)

    def _new_sheet(self, user, **values):
        unit = user.nominator_unit_ids[:1]
        defaults = {
            "nominator_id": unit.id,
            "campaign_id": self.campaign.id,
            "bureau_id": unit.skill_cert_bureau_id.id,
        }
        return self.env["skill.cert.submission"].with_user(user).create({**defaults, **values})

    def _row(self, number=0, **values):
        """Return a good row of the sheet as {heading: value}."""
        birth = date(1985, 5, 20) + timedelta(days=number)
        return {
            "序号": number + 1,
            "姓名": f"示例{'甲乙丙丁戊己庚辛壬癸'[number % 10]}",
            "身份证号": resident_id(birth),
            "性别": "男",
            "出生年月日": birth,
            "文化程度": "本科",
            "申报职业（工种）": "电工",
            "申报等级": "高级（三级）",
            "报名单位": UNIT,
            "现工作岗位": "维修电工",
            "工龄（年）": 20,
            "创经济效益金额（万元）": 35.5,
            "企业资产（万元）": 6000,
            "企业年销售额（万元）": 9000.25,
            "企业人数": 321,
            "联系电话": "13800000901",
            **values,
        }

    def _book(self, rows, headings=HEADINGS, above=2):
        book = Workbook()
        page = book.active
        for _line in range(above):
            page.append(["温州市高技能人才直接认定汇总表"])
        page.append(headings)
        for row in rows:
            page.append([row.get(heading) for heading in headings])
        return book

    def _bytes(self, book):
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _upload(self, content, sheet=None, user=None):
        content = self._bytes(content) if isinstance(content, Workbook) else content
        sheet = sheet or self.sheet
        uploads = self.env["skill.cert.sheet.import"].with_user(user or sheet.env.user)
        return uploads.create({"submission_id": sheet.id, "file": base64.b64encode(content)})

    def _checked(self, content, sheet=None):
        upload = self._upload(content, sheet)
        upload.action_check()
        return upload

    def _imported(self, content, sheet=None):
        upload = self._checked(content, sheet)
        self.assertEqual((upload.state, upload.bad_count), ("checked", 0), upload.bad_row_ids.mapped("problem_text"))
        upload.action_confirm()
        self.assertEqual(upload.state, "done", upload.message)
        return upload

    def _read(self, **values):
        """Return the one person of a sheet as the reader sees it."""
        [person] = sheet_reader.read_people(self._book([self._row(**values)]))
        return person

    def _applications(self, sheet=None):
        return (sheet or self.sheet).application_ids.sorted("id")


@tagged("standard", "post_install", "-at_install")
class TestImport(SheetCase):
    def test_a_row_becomes_a_draft_with_all_that_it_states(self):
        self._imported(self._book([self._row()]))
        draft = self._applications()
        expected = {
            "applicant_name": "示例甲",
            "id_number": resident_id(),
            "id_number_masked": formats.mask(resident_id()),
            "sex": "1",
            "birth_date": date(1985, 5, 20),
            "education": "bachelor",
            "level": "senior_worker",
            "job": "维修电工",
            "stated_career_years": 20,
            "stated_benefit": 35.5,
            "annual_benefit": 35.5,
            "employer_assets": 6000,
            "employer_sales": 9000.25,
            "employer_headcount": 321,
            "phone": "13800000901",
            "state": "draft",
        }
        self.assertEqual({name: draft[name] for name in expected}, expected)
        self.assertEqual(draft.occupation_id, self.electrician)
        self.assertEqual((draft.employer_id, draft.bureau_id), (self.enterprise, self.county))
        self.assertEqual(draft.create_uid, self.nominator)
        self.assertEqual(draft.material_ids.template_id, self.policy.material_template_ids)

    def test_the_drafts_are_those_that_create_makes_in_the_order_of_the_sheet(self):
        # As a user works: with followers.
        self.env = self.env(context={**self.env.context, "tracking_disable": False})
        self._imported(self._book([self._row(number) for number in range(3)]))
        other = self._new_sheet(self.nominator)
        for draft in self._applications():
            values = {
                name: draft[name]
                for name in ("applicant_name", "id_number", "sex", "birth_date", "education", "level", "job", "phone",
                             "stated_career_years", "stated_benefit", "employer_assets", "employer_sales", "employer_headcount")
            }  # fmt: skip
            made = self.env["skill.cert.application"].with_user(self.nominator).create(
                {**values, "submission_id": other.id, "campaign_id": self.campaign.id, "nominator_id": self.enterprise.id,
                 "occupation_id": draft.occupation_id.id, "employer_id": draft.employer_id.id}
            )  # fmt: skip
            self.assertEqual(self._like(draft), self._like(made))
            self.assertEqual(draft.message_partner_ids, self.nominator.partner_id)
        self.assertEqual(self._applications().mapped("applicant_name"), ["示例甲", "示例乙", "示例丙"])

    def _like(self, draft):
        facts = self._facts(draft)
        for name in (
            "id",
            "create_date",
            "waiting_since",
            "submission_id",
            "material_ids",
            "message_ids",
            "message_follower_ids",
        ):
            facts.pop(name, None)
        checklist = draft.material_ids.mapped(lambda m: (m.name, m.sequence, m.remark, m.personal, m.template_id))
        followers = draft.sudo().message_follower_ids.mapped(lambda f: (f.partner_id, f.subtype_ids))
        return facts, checklist, followers

    def test_empty_cells_take_what_the_unit_states(self):
        self._imported(self._book([self._row(**{"企业资产（万元）": None, "企业人数": "", "报名单位": None})]))
        draft = self._applications()
        self.assertEqual((draft.employer_assets, draft.employer_headcount, draft.employer_name), (5000, 320, UNIT))

    def test_nothing_enters_before_the_confirmation(self):
        upload = self._checked(self._book([self._row(0), self._row(1, 姓名=None)]))
        self.assertEqual((upload.good_count, upload.bad_count), (1, 1))
        self.assertFalse(self._applications())
        upload.action_confirm()
        self.assertEqual(self._applications().mapped("applicant_name"), ["示例甲"])
        self.assertEqual((upload.new_count, upload.update_count), (1, 0))

    def test_the_same_file_twice_makes_no_duplicates_and_changes_nothing(self):
        content = self._bytes(self._book([self._row(number) for number in range(3)]))
        self._imported(content)
        before = [self._facts(draft) for draft in self._applications()]
        again = self._imported(content)
        self.assertEqual((again.new_count, again.update_count), (0, 0))
        self.assertEqual([self._facts(draft) for draft in self._applications()], before)

    def test_a_corrected_row_corrects_the_draft_and_empty_cells_erase_nothing(self):
        self._imported(self._book([self._row()]))
        draft = self._applications()
        draft.summary = "爱岗敬业。"
        upload = self._imported(self._book([self._row(现工作岗位="班长", 文化程度=None)]))
        self.assertEqual((upload.new_count, upload.update_count), (0, 1))
        self.assertEqual(self._applications(), draft)
        self.assertEqual((draft.job, draft.education, draft.summary), ("班长", "bachelor", "爱岗敬业。"))

    def test_a_draft_without_a_sheet_is_taken_onto_it(self):
        draft = self._draft(id_number=resident_id())
        upload = self._imported(self._book([self._row()]))
        self.assertEqual((upload.new_count, upload.update_count), (0, 1))
        self.assertEqual(self._applications(), draft)

    def test_a_withdrawn_application_frees_the_place(self):
        self._draft(id_number=resident_id()).action_withdraw()
        self.assertEqual(self._imported(self._book([self._row()])).new_count, 1)

    def test_who_has_been_submitted_or_is_on_another_sheet_is_refused(self):
        self._submitted(id_number=resident_id())
        other = self._new_sheet(self.nominator)
        birth = date(1985, 5, 21)
        self._draft(id_number=resident_id(birth), birth_date=birth, submission_id=other.id)
        rows = [self._row(number, 出生年月日=None, 性别=None) for number in range(2)]
        upload = self._checked(self._book(rows))
        self.assertEqual(upload.bad_count, 2)
        self.assertIn("已申报同一职业", upload.bad_row_ids[0].problem_text)
        self.assertIn("另一张汇总表", upload.bad_row_ids[1].problem_text)

    def test_one_person_twice_in_the_file_is_an_error_of_the_second_row(self):
        upload = self._checked(self._book([self._row(), self._row()]))
        self.assertEqual((upload.good_count, upload.bad_row_ids.number), (1, 5))
        self.assertIn("与第4行重复", upload.bad_row_ids.problem_text)

    def test_what_has_become_wrong_since_the_check_imports_nothing_and_is_shown(self):
        upload = self._checked(self._book([self._row(0), self._row(1)]))
        self._submitted(id_number=resident_id())
        upload.action_confirm()
        self.assertEqual((upload.state, upload.good_count, upload.bad_count), ("checked", 1, 1))
        self.assertTrue(upload.message)
        self.assertFalse(self._applications())

    def test_a_failure_in_the_middle_leaves_nothing_behind(self):
        upload = self._checked(self._book([self._row(number) for number in range(4)]))
        applications = self.env.registry["skill.cert.application"]
        with (
            patch("odoo.addons.wz_skill_cert.models.request.bulk_draft.BATCH", 2),
            patch.object(applications, "_copy_followers", side_effect=[None, UserError("stop")]),
            self.assert_refused("stop"),
        ):
            upload.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(upload.state, "checked")
        self.assertFalse(self.env["skill.cert.application"].search([("campaign_id", "=", self.campaign.id)]))

    def test_the_constraints_of_the_orm_hold_for_the_copies(self):
        upload = self._checked(self._book([self._row()]))
        row = upload.sudo().good_row_ids
        row["values"] = {**row["values"], "phone": "1"}
        with self.assert_refused("11"):
            upload.action_confirm()

    def test_a_confirmed_import_is_told_in_the_sheets_chatter_without_names(self):
        self._imported(self._book([self._row()]))
        body = self.sheet.message_ids[0].body
        self.assertIn("1", body)
        self.assertNotIn("示例", body)

    def test_uploads_are_deleted_after_thirty_days(self):
        old, new = self._checked(self._book([self._row()])), self._checked(self._book([self._row()]))
        self.env.flush_all()
        then = fields.Datetime.now() - timedelta(days=31)
        self.env.cr.execute("UPDATE skill_cert_sheet_import SET create_date = %s WHERE id = %s", (then, old.id))
        self.env.invalidate_all()
        self.env["skill.cert.sheet.import"]._gc_old()
        self.assertFalse(old.exists())
        self.assertFalse(self.env["skill.cert.sheet.row"].search([("import_id", "=", old.id)]))
        self.assertTrue(new.exists())

    def test_a_large_upload_is_checked_and_imported_in_the_background_with_progress(self):
        cron = self.env.ref("wz_skill_cert.cron_sheet_import")
        limits = {"DIRECT_BYTES": 0, "DIRECT_ROWS": 0, "TICK": 1}
        with patch.multiple(sheet_import, **limits):
            upload = self._upload(self._book([self._row(number) for number in range(3)]))
            upload.action_check()
            self.assertEqual(upload.state, "checking")
            self._run(cron)
            self.assertEqual((upload.state, upload.good_count), ("checked", 3))
            self.assertEqual(upload.progress, 100)
            # The counter is written beside the transaction.
            with self.enter_registry_test_mode():
                upload.action_confirm()
            self.assertEqual((upload.state, upload.progress), ("importing", 0))
            self.assertFalse(self._applications())
            self._run(cron)
        self.assertEqual((upload.state, upload.new_count, upload.progress), ("done", 3, 100))
        self.assertEqual(self._applications().create_uid, self.nominator)

    def test_a_refusal_in_the_background_is_said_to_who_waits_and_imports_nothing(self):
        with patch.multiple(sheet_import, DIRECT_ROWS=0):
            upload = self._checked(self._book([self._row()]))
            upload.action_confirm()
            self.enterprise.nominator_user_ids = [Command.unlink(self.nominator.id)]
            self._run(self.env.ref("wz_skill_cert.cron_sheet_import"))
        upload = upload.sudo()
        self.assertEqual(upload.state, "checked")
        self.assertTrue(upload.message)
        self.assertFalse(self._applications(self.sheet.sudo()))

    def test_a_step_in_the_background_is_cancelled_by_who_may_import_and_leaves_nothing(self):
        cron = self.env.ref("wz_skill_cert.cron_sheet_import")
        with patch.multiple(sheet_import, DIRECT_BYTES=0, DIRECT_ROWS=0, TICK=1):
            upload = self._upload(self._book([self._row(number) for number in range(3)]))
            upload.action_check()
            self._cancel(upload)
            self._run(cron)
            self.assertEqual((upload.state, len(upload.row_ids)), ("new", 0))
            self.assertTrue(upload.message)
            with self.enter_registry_test_mode():
                upload.action_check()  # may be begun anew
            self._run(cron)
            self.assertEqual((upload.state, upload.message), ("checked", False))
            upload.action_confirm()
            self._cancel(upload)
            self._run(cron)
        self.assertEqual((upload.state, upload.good_count, len(upload.good_row_ids)), ("checked", 3, 3))
        self.assertFalse(self._applications())

    def test_nobody_cancels_the_step_of_another_unit_or_one_that_has_ended(self):
        upload = self._checked(self._book([self._row()]))
        with self.assert_refused():
            upload.action_cancel()
        with self.assert_refused(error=AccessError):
            upload.with_user(self.other_nominator).action_cancel()

    def _cancel(self, upload):
        # The wish is written beside the transaction.
        with self.enter_registry_test_mode():
            upload.action_cancel()

    def _run(self, cron):
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()


@tagged("standard", "post_install", "-at_install")
class TestWhoMay(SheetCase):
    def test_another_unit_neither_reads_nor_uploads_nor_confirms(self):
        upload = self._checked(self._book([self._row()]))
        for record in (upload, upload.good_row_ids, upload.progress_ids):
            foreign = record.with_user(self.other_nominator)
            self.assertFalse(foreign.has_access("read"), record._name)
            self.assertFalse(foreign.search([]), record._name)
        with self.assertRaises(AccessError):
            upload.with_user(self.other_nominator).action_confirm()
        with self.assertRaises(AccessError):
            self._upload(self._book([self._row()]), user=self.other_nominator)
        self.assertFalse(self._applications())

    def test_a_reported_sheet_takes_no_upload_and_no_confirmation(self):
        upload = self._checked(self._book([self._row()]))
        self.sheet.sudo().write({"state": "submitted"})
        with self.assert_refused("reported"):
            self._upload(self._book([self._row()]))
        with self.assert_refused("reported"):
            upload.action_confirm()
        self.assertFalse(self._applications())

    def test_an_upload_is_not_moved_to_the_sheet_of_another_unit(self):
        upload = self._upload(self._book([self._row()]))
        with self.assertRaises(AccessError):
            upload.write({"submission_id": self._new_sheet(self.other_nominator).id})

    def test_rows_and_results_cannot_be_forged(self):
        upload = self._checked(self._book([self._row(), self._row(1, 联系电话="1")]))
        rows = upload.row_ids
        attempts = {
            "good": lambda: rows[1].write({"is_good": True}),
            "values": lambda: rows[0].write({"values": {"applicant_name": "假"}}),
            "new row": lambda: rows.create({"import_id": upload.id, "number": 9, "is_good": True, "values": {}}),
            "delete": rows.unlink,
            "through the upload": lambda: upload.write({"row_ids": [Command.update(rows[1].id, {"is_good": True})]}),
            "good rows": lambda: upload.write({"good_row_ids": [Command.create({"number": 9, "is_good": True})]}),
            "state": lambda: upload.write({"state": "new"}),
            "counts": lambda: upload.write({"good_count": 2}),
            "who": lambda: upload.write({"user_id": self.manager.id}),
            "file": lambda: upload.write({"file": base64.b64encode(self._bytes(self._book([self._row(5)])))}),
            "born checked": lambda: upload.create(
                {"submission_id": self.sheet.id, "state": "checked", "file": base64.b64encode(self._bytes(self._book([])))}
            ),
        }  # fmt: skip
        for name, attempt in attempts.items():
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        self.env.invalidate_all()
        self.assertEqual((upload.state, upload.good_count, rows[1].is_good), ("checked", 1, False))

    def test_a_step_is_taken_once(self):
        upload = self._imported(self._book([self._row()]))
        with self.assert_refused("already"):
            upload.action_confirm()
        with self.assert_refused("already"):
            upload.action_check()

    def test_an_enterprise_reports_its_own_staff_only(self):
        upload = self._checked(self._book([self._row(报名单位="温州示例泵阀有限公司（虚构）")]))
        self.assertIn("只能申报本单位职工", upload.bad_row_ids.problem_text)

    def test_an_association_reports_its_members_by_name_however_it_is_typed(self):
        association = self._association(self.enterprise)
        sheet = self._new_sheet(self._nominator(association))
        typed = [
            "温州示例电器有限公司(虚构)",
            " 温州示例电器 有限公司（虚构）",
            association.name,
            "温州示例泵阀有限公司（虚构）",
            None,
        ]
        upload = self._checked(self._book([self._row(n, 报名单位=name) for n, name in enumerate(typed)]), sheet)
        self.assertEqual(upload.good_row_ids.mapped("number"), [4, 5, 6])
        self.assertIn("不是本协会的会员单位", upload.bad_row_ids[0].problem_text)
        self.assertIn("请填写报名单位", upload.bad_row_ids[1].problem_text)
        upload.action_confirm()
        self.assertEqual(self._applications(sheet).mapped("employer_id"), self.enterprise | association)
        self.assertEqual(
            [draft.employer_id for draft in self._applications(sheet)], [self.enterprise] * 2 + [association]
        )

    def test_a_member_of_another_bureau_needs_another_sheet(self):
        association = self._association(self.enterprise, self.other_enterprise)
        sheet = self._new_sheet(self._nominator(association))
        upload = self._checked(self._book([self._row(报名单位=self.other_enterprise.name)]), sheet)
        self.assertIn("请另表报送", upload.bad_row_ids.problem_text)

    def test_an_occupation_is_found_by_name_or_code_and_must_be_in_scope(self):
        outside = self.env["skill.cert.occupation"].search([("in_scope", "=", False)], limit=1)
        typed = ["电工", "6-31-01-03", " 电 工 ", "电工 6-31-01-03", "飞天员", outside.name]
        upload = self._checked(self._book([self._row(n, **{"申报职业（工种）": name}) for n, name in enumerate(typed)]))
        self.assertEqual(upload.good_row_ids.occupation_id, self.electrician)
        self.assertEqual(upload.good_count, 4)
        self.assertIn("没有这个职业", upload.bad_row_ids[0].problem_text)
        self.assertIn("不在直接认定的申报范围内", upload.bad_row_ids[1].problem_text)


@tagged("standard", "post_install", "-at_install")
class TestTolerance(SheetCase):
    def _value(self, field, heading, typed, **values):
        person = self._read(**{heading: typed}, **values)
        self.assertFalse(person.problems, (heading, typed))
        return person.values.get(field)

    def _problem(self, field, heading, typed, **values):
        person = self._read(**{heading: typed}, **values)
        self.assertIn(field, person.problems, (heading, typed))
        return person.problems[field]

    def test_dates_as_people_write_them(self):
        for typed in (
            date(1985, 5, 20), datetime.combine(date(1985, 5, 20), time()), "1985-5-20", "1985.05.20", "1985/5/20", "1985年5月20日", "19850520",
            19850520, 31187, "１９８５－５－２０", "1985年5月", "1985.5", 1985.05, "198505", "1985-05-20 00:00:00", None,
        ):  # fmt: skip
            self.assertEqual(self._value("birth_date", "出生年月日", typed), "1985-05-20", typed)

    def test_a_number_of_year_and_month_may_have_lost_a_zero(self):
        number = resident_id(date(1985, 10, 3))
        self.assertEqual(self._value("birth_date", "出生年月日", 1985.1, 身份证号=number, 性别=None), "1985-10-03")

    def test_what_is_no_date_or_another_day_is_an_error(self):
        self.assertIn("看不懂", self._problem("birth", "出生年月日", "八五年五月"))
        self.assertIn("没有这一天", self._problem("birth", "出生年月日", "1985-02-30"))
        self.assertIn("1985年5月20日", self._problem("birth", "出生年月日", "1985-05-21"))

    def test_levels_as_people_write_them(self):
        for typed in (
            "高级（三级）",
            "高级(三级)",
            "高级",
            "高级工",
            "三级",
            "高级工（三级）",
            "三级/高级工",
            " 高级 工 ",
            "３级",
        ):
            self.assertEqual(self._value("level", "申报等级", typed), "senior_worker", typed)
        for typed in ("技师（二级）", "技师", "二级", "技师二级"):
            self.assertEqual(self._value("level", "申报等级", typed), "technician", typed)
        for typed in ("高级技师", "一级", "中级"):
            self._problem("level", "申报等级", typed)

    def test_id_numbers_as_people_write_them(self):
        # The 903rd of this day ends in X.
        number = next(n for n in (resident_id(sequence=s) for s in range(901, 999)) if n.endswith("X"))
        wide = "".join(chr(ord(mark) + 0xFEE0) for mark in number)
        for typed in (number, number.lower(), wide, f" {number[:6]} {number[6:14]} {number[14:]} ", f"'{number}"):
            self.assertEqual(self._value("id_number", "身份证号", typed, 性别=None), number, typed)

    def test_id_numbers_that_lost_their_end_say_so(self):
        for typed in (330300198505209000, 3.303001985052090e17, "3.30300E+17"):
            self.assertIn("丢失", self._problem("id_number", "身份证号", typed))
        wrong = resident_id()[:-1] + str((int(resident_id()[-1]) + 1) % 10)
        self.assertIn("校验码", self._problem("id_number", "身份证号", wrong))
        self.assertIn("15位", self._problem("id_number", "身份证号", "330300850520901"))

    def test_sex_comes_from_the_id_number_and_must_not_contradict_it(self):
        self.assertEqual(self._value("sex", "性别", None), "1")
        self.assertEqual(self._value("sex", "性别", " 男 "), "1")
        self.assertIn("不一致", self._problem("sex", "性别", "女"))
        self.assertIn("男、女", self._problem("sex", "性别", "未知"))

    def test_phones_and_amounts_as_people_write_them(self):
        for typed in (
            13800000901.0,
            13800000901,
            "138 0000 0901",
            "138-0000-0901",
            "+86 13800000901",
            "１３８００００0901",
        ):
            self.assertEqual(self._value("phone", "联系电话", typed), "13800000901", typed)
        for typed, amount in (("50万", 50), ("50万元", 50), ("1,200.5", 1200.5), (35.46, 35.46), (0.1 + 0.2, 0.3), ("1.2亿", 12000),
                              ("500000元", 50), ("５０", 50), ("无", None), ("—", None)):  # fmt: skip
            self.assertEqual(self._value("stated_benefit", "创经济效益金额（万元）", typed), amount, typed)
        self.assertEqual(self._value("stated_career_years", "工龄（年）", "20年"), 20)
        self.assertEqual(self._value("employer_headcount", "企业人数", "320人"), 320)
        for heading, field, typed in (("联系电话", "phone", "0577-8888"), ("工龄（年）", "stated_career_years", 71),
                                      ("企业资产（万元）", "employer_assets", -5), ("企业人数", "employer_headcount", "约三百"),
                                      ("文化程度", "education", "很高"), ("现工作岗位", "job", "工" * 201)):  # fmt: skip
            self._problem(field, heading, typed)

    def test_names_lose_blanks_between_chinese_characters_only(self):
        self.assertEqual(self._value("applicant_name", "姓名", " 张　示 例 "), "张示例")
        self.assertEqual(self._value("applicant_name", "姓名", "阿卜杜・示例"), "阿卜杜·示例")
        self.assertEqual(self._value("applicant_name", "姓名", "John Example"), "John Example")

    def test_a_formula_is_not_evaluated_and_said_to_be_one(self):
        self.assertIn("公式", self._problem("job", "现工作岗位", '=HYPERLINK("http://127.0.0.1:9","x")'))
        self.assertIn("公式", self._problem("id_number", "身份证号", "=A1"))

    def test_the_table_is_found_wherever_it_stands(self):
        row = self._row()
        for above in (0, 1, 7):
            self.assertEqual(len(list(sheet_reader.read_people(self._book([row], above=above)))), 1)
        moved = [HEADINGS[0], *reversed(HEADINGS[1:]), "备注"]
        self.assertEqual(self._only(self._book([row], moved)), self._only(self._book([row])))
        other = {
            "姓 名": "姓名",
            "身份证号码": "身份证号",
            "申报职业\n(工种)": "申报职业（工种）",
            "认定等级": "申报等级",
            "手机号码": "联系电话",
        }
        book = self._book([{name: row[heading] for name, heading in other.items()}], list(other))
        self.assertEqual(self._only(book)["phone"], "13800000901")

    def _only(self, book):
        [person] = sheet_reader.read_people(book)
        self.assertFalse(person.problems)
        return person.values

    def test_blank_rows_repeated_headings_and_notes_are_no_people(self):
        book = self._book(
            [
                self._row(0),
                {"序号": 2},
                {},
                {"报名单位": UNIT},
                dict(zip(HEADINGS, HEADINGS, strict=True)),
                self._row(1),
            ]
        )
        page = book.active
        page.append(["填表人：林示例", None, None, "联系电话：1"])
        page.append(["合计", "2人"])
        self.assertEqual([person.number for person in sheet_reader.read_people(book)], [4, 9])

    def test_merged_cells_hold_for_all_their_rows(self):
        book = self._book([self._row(number, **{"申报职业（工种）": None}) for number in range(3)])
        page = book.active
        column = HEADINGS.index("申报职业（工种）") + 1
        page.cell(4, column).value = "电工"
        page.merge_cells(start_row=4, end_row=6, start_column=column, end_column=column)
        upload = self._imported(book)
        self.assertEqual(upload.new_count, 3)

    def test_a_heading_of_two_merged_rows_is_one_heading(self):
        book = self._book([self._row()])
        page = book.active
        page.insert_rows(4)
        for column in range(1, 17):
            page.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
        self.assertEqual([person.number for person in sheet_reader.read_people(book)], [5])


@tagged("standard", "post_install", "-at_install")
class TestMarkedCopy(SheetCase):
    def _marked(self, upload):
        book = load_workbook(io.BytesIO(upload._marked_xlsx()))
        self.addCleanup(book.close)
        return book.active

    def test_all_errors_of_all_rows_are_marked_in_the_very_file(self):
        book = self._book([self._row(0, 姓名=None, 联系电话="1"), self._row(1), self._row(2, 申报等级="高级技师")])
        book.active["R1"] = "留着"
        upload = self._checked(book)
        self.assertEqual((upload.good_count, upload.bad_count), (1, 2))
        page = self._marked(upload)
        marked = {cell.coordinate: cell.comment.text for row in page.iter_rows() for cell in row if cell.comment}
        self.assertEqual(set(marked), {"B4", "P4", "H6"})
        self.assertIn("必填", marked["B4"])
        self.assertIn("11位手机号码", marked["P4"])
        coloured = {cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fill_type}
        self.assertEqual(coloured, set(marked))
        self.assertEqual(page["R1"].value, "留着")

    def test_the_corrected_copy_comes_back_without_old_marks(self):
        upload = self._checked(self._book([self._row(0, 联系电话="1"), self._row(1, 联系电话="2")]))
        page = self._marked(upload)
        page["P4"] = "13800000901"
        again = self._checked(self._bytes(page.parent))
        self.assertEqual(again.bad_row_ids.number, 5)
        page = self._marked(again)
        self.assertFalse(page["P4"].comment or page["P4"].fill.fill_type)
        self.assertTrue(page["P5"].comment)

    def test_a_problem_of_a_merged_or_missing_cell_is_marked_where_it_shows(self):
        book = self._book([self._row(number, 报名单位="别家") for number in range(2)])
        page = book.active
        page.merge_cells("I4:I5")
        marked = self._marked(self._checked(book))
        self.assertIn("第5行", marked["I4"].comment.text)
        self.assertIsInstance(marked["I5"], MergedCell)
        headings = [heading for heading in HEADINGS if heading != "报名单位"]
        sheet = self._new_sheet(self._nominator(self._association(self.enterprise)))
        marked = self._marked(self._checked(self._book([self._row()], headings), sheet))
        self.assertIn("报名单位", marked["B4"].comment.text)

    def test_text_that_begins_like_a_formula_stays_text(self):
        exported = submission_xlsx.SummaryWorkbook(self._exported(job="=1+1", phone=False), "示例").content()
        book = load_workbook(io.BytesIO(exported))
        book.active["P4"] = "1"
        page = self._marked(self._checked(self._bytes(book)))
        self.assertEqual((page["J4"].value, page["J4"].data_type), ("=1+1", "s"))

    def _exported(self, **values):
        self.env["skill.cert.application"].with_user(self.nominator).create(
            self._application_vals(submission_id=self.sheet.id, achievement_ids=[], **values)
        )
        return self.sheet


@tagged("standard", "post_install", "-at_install")
class TestHostileFiles(SheetCase):
    def _zip(self, **parts):
        """Return a workbook with ``parts`` put in or replaced; a name's ``__`` stands for ``/``."""
        stream = io.BytesIO()
        replaced = {name.replace("__", "/"): part for name, part in parts.items()}
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            with zipfile.ZipFile(io.BytesIO(self._bytes(self._book([self._row()])))) as source:
                for name in source.namelist():
                    if name not in replaced:
                        archive.writestr(name, source.read(name))
            for name, part in replaced.items():
                archive.writestr(name, part)
        return stream.getvalue()

    def _page(self, change):
        with zipfile.ZipFile(io.BytesIO(self._bytes(self._book([self._row()])))) as source:
            return change(source.read("xl/worksheets/sheet1.xml"))

    def _refused(self, content, code):
        with self.assertRaises(sheet_file.Refused) as caught:
            list(sheet_reader.read_people(sheet_file.open_book(content, 20 * 2**20)))
        self.assertEqual(caught.exception.code, code)

    def test_what_is_no_workbook_is_refused_with_a_sentence_before_it_is_stored(self):
        for content, words in (
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel"),
            ("姓名,身份证号\n".encode("gb18030"), "not an Excel"),
            (b"PK\x03\x04 cut off", "not an Excel"),
            (self._plain_zip(), "not an Excel"),
            (b"", "choose"),
        ):
            with self.assert_refused(words):
                self._upload(content)
        self.assertFalse(self.env["skill.cert.sheet.import"].search([("submission_id", "=", self.sheet.id)]))

    def _plain_zip(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")
        return stream.getvalue()

    def test_a_file_above_the_limit_of_the_setting_is_refused(self):
        content = self._bytes(self._book([self._row()]))
        self.env["ir.config_parameter"].set_param("wz_skill_cert.sheet_import_max_mb", "0.001")
        with self.assert_refused("larger than"):
            self._upload(content)

    def test_bombs_are_refused_before_anything_is_parsed(self):
        zeros = b" " * (30 * 2**20)
        self._refused(self._zip(xl__media__a=zeros), "too_large_inside")
        self._refused(self._zip(**{f"xl__p{n}": b"" for n in range(1_100)}), "too_large_inside")
        with patch.object(sheet_file, "UNPACKED", 2**20):
            self._refused(self._zip(xl__media__a=b"x" * 2**20), "too_large_inside")

    def test_what_parsing_would_inflate_is_refused(self):
        validations = b"<dataValidations>" + b'<dataValidation sqref="A1"/>' * 160_000 + b"</dataValidations>"
        page = self._page(lambda part: part.replace(b"</sheetData>", b"</sheetData>" + validations))
        self._refused(self._zip(**{"xl__worksheets__sheet1.xml": page}), "too_large_inside")
        cells = b'<row r="9">' + b"<c/>" * 300_000 + b"</row>"
        page = self._page(lambda part: part.replace(b"</sheetData>", cells + b"</sheetData>"))
        both = {"xl__worksheets__sheet1.xml": page, "xl__worksheets__sheet2.xml": page}
        self._refused(self._zip(**both), "too_large_inside")
        self._refused(self._zip(**{"xl__styles.xml": b"<x>" + b"<xf/>" * 900_000 + b"</x>"}), "too_large_inside")

    def test_a_sheet_that_goes_by_another_name_is_bounded_too(self):
        merge = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        page = self._page(lambda part: part.replace(b"</sheetData>", b"</sheetData>" + merge))
        with zipfile.ZipFile(io.BytesIO(self._bytes(self._book([self._row()])))) as source:
            links = source.read("xl/_rels/workbook.xml.rels")
        for name, code in (("media/a.png", "no_table"), ("a.xml", "too_large_inside"), ("a.bin", "no_table")):
            renamed = links.replace(b"worksheets/sheet1.xml", name.encode())
            parts = {"xl/_rels/workbook.xml.rels": renamed, f"xl/{name}": page}
            self._refused(self._zip(**parts), code)

    def test_a_picture_does_no_harm(self):
        content = self._zip(xl__media__logo=b"\x89PNG\r\n\x1a\n", xl__printer=b"\0\1")
        book = sheet_file.open_book(content, 2**20)
        self.assertEqual(len(list(sheet_reader.read_people(book))), 1)

    def test_a_size_that_lies_is_found_out(self):
        content = bytearray(self._zip(xl__media__a=b"x" * 100_000))
        # The declared size in the central directory.
        place = content.rfind(b"xl/media/a") - 46 + 24
        self.assertEqual(int.from_bytes(content[place : place + 4], "little"), 100_000)
        content[place : place + 4] = (10).to_bytes(4, "little")
        self._refused(bytes(content), "not_a_workbook")

    def test_entities_in_whatever_encoding_are_refused(self):
        bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
        self._refused(self._zip(**{"xl__sharedStrings.xml": bomb.encode()}), "suspicious")
        self._refused(self._zip(**{"xl__sharedStrings.xml": bomb.encode("utf-16")}), "damaged")
        utf7 = b'<?xml version="1.0" encoding="UTF-7"?>+ADw-x/+AD4-'
        self._refused(self._zip(**{"xl__sharedStrings.xml": utf7}), "suspicious")

    def test_macros_are_refused(self):
        self._refused(self._zip(**{"xl__vbaProject.bin": b"x"}), "macros")
        with zipfile.ZipFile(io.BytesIO(self._bytes(self._book([])))) as source:
            types = source.read("[Content_Types].xml").replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
        self._refused(self._zip(**{"[Content_Types].xml": types}), "macros")

    def test_a_million_used_but_empty_rows_do_not_hang(self):
        rows = b"".join(b'<row r="%d" ht="15"/>' % number for number in range(5, 1_048_577))
        page = self._page(lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>"))
        book = sheet_file.open_book(self._zip(**{"xl__worksheets__sheet1.xml": page}), 20 * 2**20)
        self.assertEqual(len(list(sheet_reader.read_people(book))), 1)
        self.assertLessEqual(len(book.active.row_dimensions), sheet_file.ROWS + sheet_file.OTHER_ROWS)

    def test_people_below_the_limit_are_not_lost_but_refused(self):
        row = b'<row r="900000"><c r="B900000" t="inlineStr"><is><t>x</t></is></c></row>'
        page = self._page(lambda part: part.replace(b"</sheetData>", row + b"</sheetData>"))
        self._refused(self._zip(**{"xl__worksheets__sheet1.xml": page}), "too_many_rows")
        with patch.object(sheet_reader, "ROWS", 2):
            self._refused(self._bytes(self._book([self._row(n) for n in range(3)])), "too_many_rows")

    def test_merged_areas_of_a_whole_sheet_are_refused(self):
        for merge in (
            b'<mergeCell ref="A1:XFD1048576"/>',
            b'<x:mergeCell ref = "A1:XFD1048576"/>',
            b'<mergeCell ref="&#65;1:XFD1048576"/>',
        ):
            page = self._page(
                lambda part, m=merge: part.replace(b"</sheetData>", b"</sheetData><mergeCells>" + m + b"</mergeCells>")
            )
            self._refused(self._zip(**{"xl__worksheets__sheet1.xml": page}), "too_large_inside")
        page = self._page(lambda part: part.replace(b"</sheetData>", b'</sheetData><mergeCell ref="A1:B"/>'))
        self._refused(self._zip(**{"xl__worksheets__sheet1.xml": page}), "damaged")

    def test_damaged_parts_are_refused_with_a_sentence(self):
        self._refused(self._zip(**{"xl__worksheets__sheet1.xml": b"<worksheet><row"}), "damaged")

    def test_a_sheet_without_the_table_says_what_is_missing(self):
        for headings, words in (
            (["甲", "乙"], "姓名"),
            (["姓名", "身份证号", "申报等级"], "申报职业"),
            (HEADINGS, "empty"),
        ):
            upload = self._checked(self._book([] if headings is HEADINGS else [{"甲": 1, "姓名": "x"}], headings))
            self.assertEqual(upload.state, "refused")
            self.assertIn(words, upload.message)

    def test_every_refusal_has_a_sentence(self):
        codes = ("too_large", "too_large_inside", "old_format", "not_a_workbook", "macros", "suspicious", "damaged",
                 "too_many_rows", "no_table", "missing_columns", "nobody")  # fmt: skip
        for code in codes:
            self.assertTrue(self.env["skill.cert.sheet.import"]._refusal_text(sheet_file.Refused(code, "x")))


CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
# What a cell may hold; the edges and marks for "nothing" are the reader's own business.
JOBS = st.text(st.one_of(CHINESE, st.sampled_from("AZaz09=+-@()（）·、 &<>\"'")), min_size=1, max_size=40).map(
    lambda text: f"工{text}位"
)
AMOUNTS = st.integers(1, 10**9).map(lambda cents: cents / 100)
PEOPLE = st.fixed_dictionaries(
    {
        "applicant_name": st.text(CHINESE, min_size=2, max_size=15),
        "birth_date": st.dates(date(1930, 1, 1), date(2008, 1, 1)),
        "sequence": st.integers(901, 999),
        "education": st.sampled_from(list(wording.EDUCATIONS)),
        "level": st.sampled_from(list(wording.LEVELS)),
        "job": JOBS,
        "stated_career_years": st.integers(1, 60),
        "stated_benefit": AMOUNTS,
        "employer_assets": AMOUNTS,
        "employer_sales": AMOUNTS,
        "employer_headcount": st.integers(1, 10**6),
        "phone": st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    }
)


@tagged("standard", "post_install", "-at_install")
class TestRoundTrip(SheetCase):
    @settings(max_examples=15, deadline=None, database=None, derandomize=True)
    @given(
        st.lists(PEOPLE, min_size=1, max_size=4, unique_by=lambda person: (person["birth_date"], person["sequence"]))
    )
    def test_what_was_exported_comes_back_the_same(self, people):
        source, target = self._new_sheet(self.nominator), self._new_sheet(self.nominator)
        names = [name for name in people[0] if name != "sequence"]
        for person in people:
            number = resident_id(person["birth_date"], person["sequence"])
            values = {name: person[name] for name in names}
            self._export_draft(source, id_number=number, sex=formats.sex_of(number), **values)
        names += ["id_number", "sex", "occupation_id", "employer_id"]
        expected = [{name: draft[name] for name in names} for draft in self._applications(source)]
        content = source._summary_xlsx()
        self._applications(source).unlink()
        self._imported(content, target)
        self.assertEqual([{name: draft[name] for name in names} for draft in self._applications(target)], expected)
        self._applications(target).unlink()

    def _export_draft(self, sheet, **values):
        shared = {"submission_id": sheet.id, "campaign_id": self.campaign.id, "nominator_id": self.enterprise.id}
        drafts = self.env["skill.cert.application"].with_user(self.nominator)
        return drafts.create({**shared, "occupation_id": self.electrician.id, **values})

    def test_the_exported_sheet_comes_back_onto_itself_unchanged(self):
        draft = self._export_draft(
            self.sheet,
            applicant_name="张示例",
            id_number=resident_id(),
            career_start=date(2001, 7, 1),
            phone="13800000901",
        )
        before = self._facts(draft)
        years = clock.years_between(date(2001, 7, 1), clock.today())
        self._imported(self.sheet._summary_xlsx())
        after = self._facts(draft)
        # The printed number of years is kept beside the day, which goes on to count.
        self.assertEqual(after.pop("stated_career_years"), years)
        before.pop("stated_career_years")
        self.assertEqual(after, before)


@tagged("standard", "post_install", "-at_install")
class TestMarkedDownload(HttpCase, SheetCase):
    def _get(self, user, url):
        user.password = user.login
        self.authenticate(user.login, user.login)
        return self.url_open(url)

    def test_the_marked_file_is_for_the_own_unit(self):
        upload = self._checked(self._book([self._row(联系电话="1")]))
        url = upload.action_download_marked()["url"]
        response = self._get(self.nominator, url)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"PK"))
        self.assertEqual(self._get(self.other_nominator, url).status_code, 404)
        self.assertEqual(self._get(self.county_officer, url).status_code, 404)
