"""Figures without persons: who counts what, that a case counts once, and that the figures outlive the personal data."""

from datetime import date

from odoo import fields
from odoo.addons.wz_skill_cert.models.keeping.statistics import AGE_BANDS, age_band
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id
from .test_retention import RetentionCase

PERSONAL = ("applicant_name", "id_number", "phone", "employer_id", "employee_id", "nominator_id", "birth_date", "name")


@tagged("standard", "post_install", "-at_install")
class StatisticsCase(SkillCertCase):
    def _row(self, application, user=None):
        self.env.flush_all()
        self.env["skill.cert.statistics"].invalidate_model()
        return self.env["skill.cert.statistics"].with_user(user or self.city_officer).browse(application.id)

    def _seen_by(self, user):
        self.env.flush_all()
        return set(self.env["skill.cert.statistics"].with_user(user).search([]).ids)

    def _with(self, *kinds, **values):
        achievements = [Command.create(self._achievement_vals(self.nominator, **kind)) for kind in kinds]
        return self._submitted(achievement_ids=achievements, **values)


class TestWhatIsCounted(StatisticsCase):
    def test_a_case_counts_from_its_submission_on(self):
        draft = self._draft()
        self.assertNotIn(draft.id, self._seen_by(self.city_officer))
        draft.action_submit()
        self.assertIn(draft.id, self._seen_by(self.city_officer))

    def test_a_draft_that_was_withdrawn_without_submission_never_counts(self):
        draft = self._draft()
        draft.action_withdraw()
        self.assertNotIn(draft.id, self._seen_by(self.city_officer))

    def test_a_row_says_what_the_case_is_and_nothing_of_the_person(self):
        row = self._row(self._submitted())
        self.assertEqual(
            (row.year, row.bureau_id, row.city_id, row.occupation_id, row.level, row.sex, row.education, row.outcome),
            (str(self.campaign.year), self.county, self.city, self.electrician, "senior_worker", "1", "vocational", "6_under_way"),
        )  # fmt: skip
        self.assertEqual((row.nominator_kind, row.condition_id.number), ("enterprise", 3))
        self.assertFalse(set(PERSONAL) & set(row._fields))
        self.assertFalse(
            [
                name
                for name, field in row._fields.items()
                if field.comodel_name in ("res.partner", "hr.employee", "skill.cert.application")
            ]
        )
        self.assertNotIn("张示例", str(row.read()))

    def test_a_case_that_meets_several_conditions_counts_once_under_the_first(self):
        case = self._with({"kind": "title"}, {"kind": "honour"}, {"kind": "breakthrough"})
        self.assertEqual(self._row(case).condition_id.number, 1)
        self.assertEqual(self._row(case).condition_id.level, "senior_worker")

    def test_the_condition_follows_the_verdicts_of_the_officer(self):
        case = self._with({"kind": "title"}, {"kind": "honour"})
        honour = case.achievement_ids.filtered(lambda a: a.kind == "honour")
        honour.action_refuse("无原件")
        self.assertEqual(self._row(case).condition_id.number, 3)
        case.achievement_ids.filtered(lambda a: a.kind == "title").action_refuse("无原件")
        self.assertFalse(self._row(case).condition_id)
        honour.action_verify()
        self.assertEqual(self._row(case).condition_id.number, 1)

    def test_a_verdict_does_not_tell_who_gave_it(self):
        case = self._accepted()
        self._start_assessment(case)
        expert = case.sudo().review_id.assessment_ids[:1].user_id
        case.achievement_ids.with_user(expert).action_verify()
        self.assertNotEqual(case.sudo().write_uid, expert)

    def test_nobody_chooses_the_condition_or_the_age_band(self):
        draft = self._draft()
        condition = self.policy.condition_ids[:1]
        for user in (self.nominator, self.county_officer, self.manager):
            for values in ({"condition_id": condition.id}, {"age_band": "1_to_25"}):
                with self.assertRaises(AccessError):
                    draft.with_user(user).write(values)

    def test_each_state_has_its_outcome(self):
        case = self._submitted().sudo()
        for state, outcome in (
            ("certified", "1_certified"), ("passed", "2_passed"), ("rejected", "3_rejected"), ("withdrawn", "4_withdrawn"),
            ("revoked", "5_revoked"), ("terminated", "5_terminated"), ("submitted", "6_under_way"), ("returned", "6_under_way"), ("accepted", "6_under_way"),
            ("assessment", "6_under_way"), ("qualified", "6_under_way"), ("recommended", "6_under_way"), ("review", "6_under_way"),
        ):  # fmt: skip
            case.state = state
            self.assertEqual(self._row(case).outcome, outcome)
            self.env.invalidate_all()

    def test_days_are_those_of_china(self):
        case = self._submitted().sudo()
        # 23:59 and 00:01 of China's midnight lie two minutes and one day apart.
        case.write({"submitted_on": "2026-03-01 15:59:00", "decided_on": "2026-03-01 16:01:00"})
        row = self._row(case)
        self.assertEqual(
            (row.submitted_on, row.decided_on, row.days_to_decision), (date(2026, 3, 1), date(2026, 3, 2), 1)
        )

    def test_a_case_without_decision_has_no_days(self):
        case = self._submitted()
        self.env.flush_all()
        groups = self.env["skill.cert.statistics"]._read_group([("id", "=", case.id)], [], ["days_to_decision:avg"])
        self.assertFalse(groups[0][0])

    def test_age_bands_at_their_borders(self):
        for years, key in ((16, "1_to_25"), (25, "1_to_25"), (26, "2_to_35"), (35, "2_to_35"), (36, "3_to_45"), (45, "3_to_45"),
                           (46, "4_to_55"), (55, "4_to_55"), (56, "5_older"), (99, "5_older"), (None, False)):  # fmt: skip
            self.assertEqual(age_band(years), key)
        self.assertEqual([key for key, _label, _last in AGE_BANDS], sorted(key for key, _label, _last in AGE_BANDS))

    def test_the_age_is_that_of_the_birthday_in_china(self):
        birth = date(1990, 6, 1)
        case = self._submitted(id_number=resident_id(birth), birth_date=birth).sudo()
        for moment, band in (("2026-05-31 15:59:59", "2_to_35"), ("2026-05-31 16:00:00", "3_to_45")):
            case.submitted_on = fields.Datetime.to_datetime(moment)
            self.assertEqual(self._row(case).age_band, band)
            self.env.invalidate_all()


class TestWhoCounts(StatisticsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_city = cls.env["skill.cert.bureau"].create({"name": "示例市", "code": "999900", "level": "city"})
        cls.stranger = cls._officer(cls.other_city, "city")

    def _prepare(self):
        super()._prepare()
        self.own = self._submitted()
        self.others = self._submitted(
            self.other_nominator, id_number=resident_id(sequence=903), achievement_ids=[
                Command.create(self._achievement_vals(self.other_nominator))
            ],
        )  # fmt: skip

    def test_a_county_counts_its_own_and_the_city_all(self):
        both = {self.own.id, self.others.id}
        self.assertEqual(self._seen_by(self.county_officer) & both, {self.own.id})
        self.assertEqual(self._seen_by(self.other_officer) & both, {self.others.id})
        self.assertEqual(self._seen_by(self.city_officer) & both, both)

    def test_another_city_counts_nothing_of_it(self):
        self.assertFalse(self._seen_by(self.stranger))

    def test_nominators_experts_managers_and_others_count_nothing(self):
        expert = self._expert(self.county).user_id
        for user in (self.nominator, expert, self.manager, self.plain_user, self._user("group_data_officer")):
            with self.assertRaises(AccessError):
                self._seen_by(user)

    def test_a_group_counts_what_its_rows_are(self):
        self.env.flush_all()
        for user, number in ((self.county_officer, 1), (self.city_officer, 2)):
            domain = [("id", "in", (self.own + self.others).ids)]
            groups = self.env["skill.cert.statistics"].with_user(user)._read_group(domain, ["bureau_id"], ["__count"])
            self.assertEqual(sum(count for _bureau, count in groups), number)

    def test_a_right_ends_at_once(self):
        self.county.user_ids = [Command.unlink(self.county_officer.id)]
        self.assertNotIn(self.own.id, self._seen_by(self.county_officer))

    def test_nobody_writes_a_figure(self):
        row = self._row(self.own)
        for write in (
            lambda: row.write({"level": "technician"}),
            row.unlink,
            lambda: row.create({"level": "technician"}),
        ):
            with self.assertRaises(AccessError):
                write()


@tagged("standard", "post_install", "-at_install")
class TestAfterTheErasure(RetentionCase):
    def test_the_figures_of_an_erased_case_are_those_of_before(self):
        case = self._certified()
        rows = self.env["skill.cert.statistics"].with_user(self.city_officer)
        self.env.flush_all()
        before = rows.browse(case.id).read()
        self.assertEqual(
            (before[0]["outcome"], before[0]["age_band"] in dict(rows._fields["age_band"].selection)),
            ("1_certified", True),
        )
        self.assertTrue(before[0]["condition_id"])
        self._let_years_pass()
        self._erased()
        self.assertTrue(case.sudo().erased_on)
        self.assertEqual(rows.browse(case.id).read(), before)
