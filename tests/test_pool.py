"""The pool of experts: who is available, who has how much to do, and what people may write about themselves."""

import csv
import io
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .common import SkillCertCase

MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.sql_db")


@tagged("standard", "post_install", "-at_install")
class TestAvailability(SkillCertCase):
    def _available(self, start, end, flag=True):
        day = lambda offset: offset is not None and clock.today() + timedelta(days=offset)  # noqa: E731
        self.expert.write({"unavailable_from": day(start), "unavailable_to": day(end), "available": flag})
        self.env.flush_all()
        pool = self.env["skill.cert.expert"]
        found = self.expert in pool.search([("available_today", "=", True)])
        self.assertNotEqual(found, self.expert in pool.search([("available_today", "=", False)]))
        self.assertEqual(found, self.expert.available_today)
        return found

    def test_an_absence_counts_from_its_first_day_to_its_last(self):
        self.expert = self._expert(self.county)
        for start, end, expected in (
            (None, None, True), (0, 0, False), (1, 5, True), (-5, -1, True), (-5, 0, False), (0, None, False), (1, None, True),
            (None, 0, False), (None, -1, True),
        ):  # fmt: skip
            with self.subTest(start=start, end=end):
                self.assertEqual(self._available(start, end), expected)
        self.assertFalse(self._available(None, None, flag=False))

    def test_an_absence_does_not_end_before_it_begins(self):
        expert = self._expert(self.county)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            expert.write({"unavailable_from": "2099-02-01", "unavailable_to": "2099-01-31"})
            self.env.flush_all()


@tagged("standard", "post_install", "-at_install")
class TestLoad(SkillCertCase):
    def test_open_work_all_work_and_sessions_are_counted(self):
        experts = self._experts(self.county, 3)
        case = self._accepted()
        self._start_assessment(case, self._panel(self.county, experts=experts))
        seen = experts.with_user(self.county_officer)
        self.assertEqual(seen.mapped("open_count"), [1, 1, 1])
        self._assess(case)
        self.assertEqual((seen.mapped("open_count"), seen.mapped("assessment_count")), ([0, 0, 0], [1, 1, 1]))
        self.assertEqual(seen.mapped("seat_count"), [0, 0, 0])
        case.action_conclude_assessment()
        committee = self._committee_of(
            self.county, self._expert(self.county, "bureau_leader"), experts | self._experts(self.county, 4),
            self._expert(self.county, "hr_head"),
        )  # fmt: skip
        self._session(case, committee)
        self.assertEqual(seen.mapped("seat_count"), [1, 1, 1])

    def test_a_case_that_ended_leaves_nothing_open(self):
        experts = self._experts(self.county, 3)
        case = self._accepted()
        self._start_assessment(case, self._panel(self.county, experts=experts))
        case.action_revoke("弄虚作假")
        self.assertEqual(experts.mapped("open_count"), [0, 0, 0])

    def test_the_list_is_sorted_by_load(self):
        busy, idle = self._experts(self.county, 3), self._expert(self.county)
        self._start_assessment(self._accepted(), self._panel(self.county, experts=busy))
        pool = self.env["skill.cert.expert"].with_user(self.county_officer)
        found = pool.search([("id", "in", (busy | idle).ids)], order="open_count, id")
        self.assertEqual(found, (idle | busy).with_user(self.county_officer))

    def test_one_query_counts_for_any_number(self):
        experts = self._experts(self.county, 12)
        used = []
        for some in (experts[:1], experts):
            self.env.flush_all()
            self.env.add_to_compute(experts._fields["open_count"], some)
            before = self.env.cr.sql_log_count
            some.mapped("open_count")
            used.append(self.env.cr.sql_log_count - before)
        self.assertEqual(used, [1, 1])


@tagged("standard", "post_install", "-at_install")
class TestSelfService(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.expert, self.other = self._expert(self.county), self._expert(self.county)
        self.own = self.expert.with_user(self.expert.user_id)

    def test_people_confirm_their_own_record_for_a_year(self):
        self.assertTrue(self.own.confirmation_due)
        self.own.action_confirm()
        self.assertEqual(self.expert.confirmed_on, clock.today())
        self.assertFalse(self.own.confirmation_due)
        pool = self.env["skill.cert.expert"]
        for days, due in ((365, False), (366, True)):
            self.expert.confirmed_on = clock.today() - timedelta(days=days)
            self.assertEqual(self.own.confirmation_due, due)
            self.assertEqual(self.expert in pool.search([("confirmation_due", "=", True)]), due)

    def test_nobody_confirms_for_another(self):
        for user in (self.other.user_id, self.county_officer, self.nominator):
            with self.subTest(user.name), mute_logger(*MUTED), self.assertRaises(AccessError):
                self.expert.with_user(user).action_confirm()
        with self.assertRaises(AccessError):
            self.own.write({"confirmed_on": clock.today()})

    def test_people_write_their_phone_and_absence_and_nothing_else(self):
        self.own.write({"phone": "13800000901", "unavailable_from": "2099-01-01", "unavailable_to": "2099-02-01"})
        self.assertEqual(self.expert.phone, "13800000901")
        forbidden = {
            "name": "别人", "qualification": "senior_lecturer", "bureau_id": self.city.id, "available": False, "active": False,
            "employer_id": self.enterprise.id, "user_id": False, "partner_id": self.other.partner_id.id,
            "occupation_ids": [Command.link(self.electrician.id)], "open_count": 0, "assessment_ids": [Command.clear()],
        }  # fmt: skip
        for name, value in forbidden.items():
            for values in ({name: value}, {"phone": "13800000902", name: value}):
                with self.subTest(name), mute_logger(*MUTED), self.assertRaises(AccessError):
                    self.own.write(values)
        self.assertEqual(self.expert.phone, "13800000901")
        with self.assertRaises(ValidationError):
            self.own.write({"phone": "123"})

    def test_nobody_writes_or_sees_another_expert(self):
        other = self.other.with_user(self.expert.user_id)
        self.env.flush_all()
        for name, step in (
            ("write", lambda: other.write({"phone": "13800000901"})),
            ("read", lambda: other.read(["name"])),
            ("delete", other.unlink),
        ):
            self.env.invalidate_all()
            with self.subTest(name), mute_logger(*MUTED), self.assertRaises(AccessError):
                step()
        self.assertEqual(self.env["skill.cert.expert"].with_user(self.expert.user_id).search([]), self.own)
        with mute_logger(*MUTED), self.assertRaises(AccessError):
            self.own.copy()

    def test_an_officer_who_is_an_expert_does_not_grade_the_own_record(self):
        self.county_officer.group_ids = [Command.link(self.env.ref("wz_skill_cert.group_expert").id)]
        self.expert.user_id = self.county_officer
        with self.assertRaises(AccessError):
            self.expert.with_user(self.county_officer).write({"qualification": "senior_lecturer"})
        self.other.with_user(self.county_officer).write({"qualification": "senior_lecturer"})

    def test_the_menu_opens_the_own_record_or_says_that_there_is_none(self):
        pool = self.env["skill.cert.expert"]
        self.assertEqual(pool.with_user(self.expert.user_id).action_my_record()["res_id"], self.expert.id)
        stranger = self._user("group_expert")
        with self.assert_refused("no pool"):
            pool.with_user(stranger).action_my_record()


@tagged("standard", "post_install", "-at_install")
class TestImport(SkillCertCase):
    FIELDS = ("name", "qualification", "occupation_ids", "employer_id", "bureau_id", "phone", "user_id")

    def setUp(self):
        super().setUp()
        self.county_officer.lang = "zh_CN"
        self.pool = self.env["skill.cert.expert"].with_user(self.county_officer).with_context(lang="zh_CN")
        labels = dict(self.pool._fields["qualification"]._description_selection(self.pool.env))
        occupation = self.electrician.with_context(lang="zh_CN").name
        bureau = self.county.with_context(lang="zh_CN").name
        self.row = ["钱示例", labels["senior_engineer"], occupation, self.enterprise.name, bureau, "13800000905", ""]

    def _load(self, *rows):
        return self.pool.load(list(self.FIELDS), [list(row) for row in rows])

    def test_the_template_is_offered_and_its_headings_are_recognised(self):
        template = self.pool.get_import_templates()[0]["template"]
        with file_open(template.lstrip("/"), "rb") as file:
            content = file.read()
        headings = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        sheet = io.StringIO()
        csv.writer(sheet).writerow(self.row)
        importer = self.env["base_import.import"].with_user(self.county_officer).with_context(lang="zh_CN")
        record = importer.create(
            {"res_model": self.pool._name, "file": content + sheet.getvalue().encode(), "file_type": "text/csv"}
        )
        options = {
            "quoting": '"', "separator": ",", "has_headers": True, "encoding": "utf-8", "date_format": "", "datetime_format": "",
        }  # fmt: skip
        preview = record.parse_preview(options)
        matches = [preview["matches"].get(index) for index in range(len(headings))]
        self.assertEqual(matches, [[name] for name in self.FIELDS])
        self.assertFalse(record.execute_import(list(self.FIELDS), headings, options)["messages"])
        expert = self.pool.search([("name", "=", "钱示例")])
        self.assertEqual((expert.employer_id.id, expert.occupation_ids.id), (self.enterprise.id, self.electrician.id))
        self.assertEqual((expert.partner_id.name, expert.phone), ("钱示例", "13800000905"))

    def test_a_bad_row_is_refused_with_its_reason(self):
        for column, value in ((1, "示例师"), (2, "没有的工种"), (3, "没有的单位"), (5, "123")):
            row = list(self.row)
            row[column] = value
            with self.subTest(value), mute_logger("odoo.sql_db"):
                result = self._load(row)
                self.assertFalse(result["ids"])
                self.assertTrue(result["messages"][0]["message"])
        self.assertFalse(self.pool.search([("name", "=", "钱示例")]))

    def test_the_same_sheet_twice_makes_nobody_twice(self):
        self.assertTrue(self._load(self.row)["ids"])
        self.assertIn("钱示例", self._load(self.row)["messages"][0]["message"])
        self.assertEqual(self.pool.search_count([("name", "=", "钱示例")]), 1)

    def test_an_officer_imports_into_the_own_pool_only(self):
        row = list(self.row)
        row[4] = self.other_county.with_context(lang="zh_CN").name
        with mute_logger(*MUTED):
            result = self._load(row)
        self.assertFalse(result["ids"])
        self.assertFalse(self.env["skill.cert.expert"].search([("name", "=", "钱示例")]))
        for user in (self.nominator, self._expert(self.county).user_id):
            pool = self.env["skill.cert.expert"].with_user(user)
            with mute_logger(*MUTED), self.assertRaises(UserError):
                pool.create({"name": "钱示例", "qualification": "senior_engineer", "bureau_id": self.county.id})
