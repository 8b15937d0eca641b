"""Notice, part 2: who meets which condition, at every boundary, and what the others are told."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, patent_number, pdf

PAPER = pdf()
TYPES = {
    "honour": "model_worker",
    "award": "award",
    "patent": "patent_invention",
    "title": "title",
    "talent": "talent_excellent",
    "breakthrough": "breakthrough",
}
COUNTY, CITY, PROVINCE, NATIONAL = "1234"
SCOPES = (COUNTY, CITY, PROVINCE, NATIONAL)
GRADES = ("0", "1", "2", "3", "4")
SERIAL = itertools.count(1)


class EligibilityCase(SkillCertCase):
    def _line(self, kind, proof=True, **values):
        """Return the values of one achievement; different papers unless a name or number says otherwise."""
        serial = next(SERIAL)
        values.setdefault("name", f"{kind} {serial}")
        if kind == "patent":
            values.setdefault("number", patent_number(serial))
        if proof:
            values["evidence_ids"] = [Command.create({"name": "proof.pdf", "raw": PAPER})]
        return {"type_id": self.env.ref(f"wz_skill_cert.achievement_type_{TYPES[kind]}").id, **values}

    def _award(self, scope, grade, role="main_contributor", **values):
        return self._line("award", scope=scope, grade=grade, role=role, **values)

    def _patent(self, role="main_contributor", **values):
        return self._line("patent", role=role, **values)

    def _breakthrough(self, benefit, role="main_participant", **values):
        return self._line("breakthrough", annual_benefit=benefit, role=role, **values)

    def _met(self, *lines, policy=None):
        """Return {(level, condition)} met by an employee's ledger and by an application's: they must agree."""
        policy = policy or self.policy
        employee = self._employee(achievement_ids=[Command.create(dict(line)) for line in lines])
        application = self.env["skill.cert.application"].create(
            {"nominator_id": self.enterprise.id, "achievement_ids": [Command.create(dict(line)) for line in lines]}
        )
        of_employee = self._conditions(policy._evaluate(employee)[employee.id])
        self.assertEqual(self._conditions(policy._evaluate(application)[application.id]), of_employee)
        return of_employee

    def _conditions(self, verdicts):
        return {(level, condition.number) for level, verdict in verdicts.items() for condition in verdict.met}


@tagged("standard", "post_install", "-at_install")
class TestConditions(EligibilityCase):
    def test_whoever_has_nothing_meets_nothing(self):
        self.assertEqual(self._met(), set())

    def test_an_honour_of_the_county_makes_a_senior_worker_and_of_the_city_a_technician(self):
        for scope in SCOPES:
            for number, name in enumerate(("model_worker", "may_day_medal", "technical_expert")):
                with self.subTest(scope=scope, type=name):
                    honour = self._line("honour", scope=scope)
                    honour["type_id"] = self.env.ref(f"wz_skill_cert.achievement_type_{name}").id
                    expected = {("senior_worker", 1)} | ({("technician", 1)} if scope != COUNTY else set())
                    self.assertEqual(self._met(honour), expected, number)

    def test_one_award_at_each_scope_and_grade(self):
        for scope, grade in itertools.product(SCOPES, GRADES):
            with self.subTest(scope=scope, grade=grade):
                expected = set()
                if scope >= CITY and grade <= "3":
                    expected.add(("senior_worker", 2))
                if scope >= PROVINCE:
                    expected.add(("technician", 2))
                self.assertEqual(self._met(self._award(scope, grade)), expected)

    def test_two_awards_at_each_scope_and_grade(self):
        for scope, grade in itertools.product(SCOPES, ("3", "4")):
            with self.subTest(scope=scope, grade=grade):
                expected = set()
                if grade == "3":
                    expected.add(("senior_worker", 2))
                if scope >= PROVINCE or (scope >= CITY and grade == "3"):
                    expected.add(("technician", 2))
                self.assertEqual(self._met(self._award(scope, grade), self._award(scope, grade)), expected)

    def test_an_award_of_the_county_and_one_of_the_city_are_two_of_county_scope_and_one_of_city_scope(self):
        self.assertEqual(self._met(self._award(COUNTY, "3"), self._award(CITY, "3")), {("senior_worker", 2)})

    def test_of_two_awards_both_must_reach_the_grade(self):
        self.assertEqual(self._met(self._award(COUNTY, "3"), self._award(COUNTY, "4")), set())

    def test_only_the_main_contributor_of_an_award_or_patent_counts(self):
        for role in ("participant", "main_participant"):
            with self.subTest(role=role):
                self.assertEqual(self._met(self._award(NATIONAL, "0", role), self._patent(role)), set())

    def test_one_patent_makes_a_senior_worker_and_two_a_technician(self):
        self.assertEqual(self._met(self._patent()), {("senior_worker", 2)})
        self.assertEqual(self._met(self._patent(), self._patent()), {("senior_worker", 2), ("technician", 2)})

    def test_patents_of_different_kinds_add_up(self):
        utility = self._patent()
        utility["type_id"] = self.env.ref("wz_skill_cert.achievement_type_patent_utility").id
        self.assertIn(("technician", 2), self._met(self._patent(), utility))

    def test_the_same_patent_typed_twice_is_one_patent(self):
        number = patent_number(7)
        spelled = number.lower().replace("zl", "").replace("2099", "2099 ")
        met = self._met(self._patent(number=number), self._patent(number=spelled))
        self.assertEqual(met, {("senior_worker", 2)})

    def test_a_patent_that_is_applied_for_is_no_patent(self):
        self.assertEqual(self._met(self._patent(granted=False)), set())
        self.assertEqual(self._met(self._patent(), self._patent(granted=False)), {("senior_worker", 2)})

    def test_a_title_at_each_rank(self):
        expected = {"1": {("senior_worker", 3)}}
        for rank in "1234":
            with self.subTest(rank=rank):
                met = self._met(self._line("title", title_rank=rank))
                self.assertEqual(met, expected.get(rank, {("senior_worker", 3), ("technician", 4)}))

    def test_both_grades_of_junior_titles_are_junior(self):
        for name in ("技术员（员级）", "助理工程师（助理级）"):
            with self.subTest(name=name):
                self.assertEqual(self._met(self._line("title", name=name, title_rank="1")), {("senior_worker", 3)})

    def test_a_title_of_an_unrelated_specialty_counts_for_nothing(self):
        self.assertEqual(self._met(self._line("title", title_rank="4", related=False)), set())

    def test_the_talent_programme_makes_a_technician_only_in_related_work(self):
        self.assertEqual(self._met(self._line("talent")), {("technician", 3)})
        self.assertEqual(self._met(self._line("talent", related=False)), set())

    def test_the_benefit_is_compared_inclusively(self):
        senior, both = {("senior_worker", 4)}, {("senior_worker", 4), ("technician", 5)}
        for benefit, expected in (
            (0, set()),
            (29.99, set()),
            (30, senior),
            (30.01, senior),
            (49.99, senior),
            (50, both),
        ):
            with self.subTest(benefit=benefit):
                self.assertEqual(self._met(self._breakthrough(benefit)), expected)

    def test_a_benefit_without_the_enterprises_proof_counts_for_nothing(self):
        self.assertEqual(self._met(self._breakthrough(1000, proof=False)), set())

    def test_a_breakthrough_counts_for_main_participants_and_contributors(self):
        self.assertEqual(self._met(self._breakthrough(30, "participant")), set())
        self.assertEqual(self._met(self._breakthrough(30, "main_contributor")), {("senior_worker", 4)})

    def test_two_benefits_do_not_add_up(self):
        self.assertEqual(self._met(self._breakthrough(15), self._breakthrough(15)), set())

    def test_halves_of_different_criteria_do_not_add_up(self):
        self.assertEqual(
            self._met(self._award(COUNTY, "3"), self._patent(granted=False), self._breakthrough(29.99)), set()
        )
        self.assertEqual(self._met(self._award(CITY, "3"), self._patent()), {("senior_worker", 2)})

    def test_a_role_in_one_paper_and_a_grade_in_another_do_not_make_one_award(self):
        lines = self._award(NATIONAL, "0", "participant"), self._award(COUNTY, "4")
        self.assertEqual(self._met(*lines), set())

    def test_a_refused_achievement_no_longer_counts(self):
        application = self._accepted()
        self.assertTrue(application.is_eligible)
        application.achievement_ids.action_refuse("假的")
        self.assertFalse(application.is_eligible)
        application.achievement_ids.action_verify()
        self.assertTrue(application.is_eligible)


@tagged("standard", "post_install", "-at_install")
class TestExplanation(EligibilityCase):
    def _explanation(self, level, *lines):
        application = self.env["skill.cert.application"].create(
            {
                "nominator_id": self.enterprise.id,
                "campaign_id": self.campaign.id,
                "level": level,
                "achievement_ids": [Command.create(line) for line in lines],
            }
        )
        return application.eligibility

    def test_what_is_missing_is_counted_and_named(self):
        text = self._explanation("technician", self._patent(granted=False))
        self.assertIn("2 more needed: Patent, Main contributor (not granted yet)", text)
        self.assertIn("✗ condition 2", text)

    def test_what_is_left_after_one_of_two_is_one(self):
        self.assertIn("1 more needed: Patent", self._explanation("technician", self._patent()))

    def test_the_benefit_says_how_much_is_missing(self):
        self.assertIn("benefit short by 0.01", self._explanation("senior_worker", self._breakthrough(29.99)))

    def test_the_scope_says_what_is_asked_for_and_what_is_there(self):
        text = self._explanation("technician", self._line("honour", scope=COUNTY))
        self.assertIn("Scope, at least: City; now: County", text)

    def test_role_proof_and_specialty_are_named(self):
        text = self._explanation(
            "technician",
            self._award(CITY, "3", "participant"),
            self._breakthrough(60, proof=False),
            self._line("title", title_rank="2", related=False),
        )
        for sentence in ("not as Main contributor", "proof not attached", "specialty not related to the occupation"):
            self.assertIn(sentence, text)

    def test_a_met_condition_is_ticked_and_only_the_level_applied_for_is_explained(self):
        text = self._explanation("senior_worker", self._line("title", title_rank="1"))
        self.assertIn("✓ condition 3 is met", text)
        self.assertEqual(text.count("condition"), 4)

    def test_an_employee_is_told_about_both_levels(self):
        employee = self._employee(achievement_ids=[Command.create(self._line("title", title_rank="1"))])
        self.assertEqual(employee.eligibility.count("condition"), 9)


@tagged("standard", "post_install", "-at_install")
class TestLedger(EligibilityCase):
    def test_the_level_of_an_employee_follows_the_ledger(self):
        employee = self._employee()
        self.assertFalse(employee.eligible_level)
        employee.achievement_ids = [Command.create(self._breakthrough(50))]
        achievement = employee.achievement_ids
        steps = (
            ({"annual_benefit": 49.99}, "senior_worker"),
            ({"annual_benefit": 29.99}, False),
            ({"annual_benefit": 50}, "technician"),
            ({"role": "participant"}, False),
            ({"role": "main_contributor"}, "technician"),
            ({"evidence_ids": [Command.clear()]}, False),
        )
        for values, expected in steps:
            with self.subTest(values=values):
                achievement.write(values)
                self.assertEqual(employee.eligible_level, expected)

    def test_a_deleted_achievement_no_longer_counts(self):
        employee = self._employee(achievement_ids=[Command.create(self._line("title", title_rank="2"))])
        self.assertEqual(employee.eligible_level, "technician")
        employee.achievement_ids.unlink()
        self.assertFalse(employee.eligible_level)

    def test_a_deleted_proof_no_longer_counts(self):
        employee = self._employee(achievement_ids=[Command.create(self._breakthrough(50))])
        self.assertEqual(employee.eligible_level, "technician")
        employee.achievement_ids.evidence_ids.unlink()
        self.assertFalse(employee.eligible_level)

    def test_the_level_can_be_searched(self):
        employee = self._employee(achievement_ids=[Command.create(self._line("title", title_rank="2"))])
        found = self.env["hr.employee"].search([("eligible_level", "=", "technician")])
        self.assertIn(employee, found)
        self.assertNotIn(self._employee("李示例"), found)

    def test_employees_are_judged_each_by_their_own_ledger(self):
        first = self._employee(achievement_ids=[Command.create(self._patent())])
        second = self._employee("李示例", achievement_ids=[Command.create(self._patent())])
        self.assertEqual((first | second).mapped("eligible_level"), ["senior_worker", "senior_worker"])


@tagged("standard", "post_install", "-at_install")
class TestOtherPolicy(EligibilityCase):
    """Another city's notice is records and no code: other thresholds, roles, types and shares."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.thesis = cls.env["skill.cert.achievement.type"].create({"name": "论文", "kind": "award"})
        kinds = {"breakthrough": cls.env.ref("wz_skill_cert.achievement_type_breakthrough"), "award": cls.thesis}
        cls.other_policy = cls.env["skill.cert.policy"].create(
            {
                "name": "示例市直接认定（虚构）",
                "code": "示例〔2099〕1号",
                "date_to": "2000-01-01",
                "committee_min": 3,
                "expert_share_numerator": 1,
                "expert_share_denominator": 2,
                "pass_share_numerator": 2,
                "pass_share_denominator": 3,
                "condition_ids": [
                    Command.create(
                        {
                            "level": "senior_worker",
                            "number": number,
                            "text": "虚构",
                            "criterion_ids": [Command.create({"kind": kind, "type_ids": kinds[kind].ids, **values})],
                        }
                    )
                    for number, kind, values in (
                        (1, "breakthrough", {"min_benefit": 10, "min_role": "participant"}),
                        (2, "award", {"min_count": 3, "min_role": "main_participant"}),
                    )
                ],
            }
        )

    def test_its_thresholds_decide_and_not_those_of_wenzhou(self):
        small = self._breakthrough(10, "participant", proof=False)
        self.assertEqual(self._met(small, policy=self.other_policy), {("senior_worker", 1)})
        self.assertEqual(self._met(self._breakthrough(9.99), policy=self.other_policy), set())
        self.assertEqual(self._met(small), set())

    def test_its_own_type_of_achievement_counts_and_others_of_the_kind_do_not(self):
        theses = [self._award(COUNTY, "4", "main_participant", type_id=self.thesis.id) for _ in range(3)]
        for thesis in theses:
            thesis["type_id"] = self.thesis.id
        self.assertEqual(self._met(*theses, policy=self.other_policy), {("senior_worker", 2)})
        self.assertEqual(self._met(*theses[:2], self._award(NATIONAL, "0"), policy=self.other_policy), set())

    def test_its_committee_and_its_vote_follow_its_own_numbers(self):
        self.assertFalse(self.other_policy._committee_defect(3, 2, 1))
        self.assertTrue(self.policy._committee_defect(3, 2, 1))
        self.assertFalse(self.other_policy._passes(9, 14))
        self.assertTrue(self.other_policy._passes(10, 15))

    def test_an_application_in_its_campaign_is_judged_by_it(self):
        self.campaign.policy_id = self.other_policy
        line = self._achievement_vals(self.nominator, "breakthrough", annual_benefit=10)
        application = self._submitted(achievement_ids=[Command.create(line)])
        self.assertEqual(application.state, "submitted")


def _at_least(lines, count):
    """Tell whether ``lines`` are at least ``count`` different papers."""
    papers = {
        ("number", line["number"]) if line.get("number") else (line["name"], line.get("scope"), line.get("grade"))
        for line in lines
    }
    return len(papers) >= count


def _as_the_notice_says(ledger):
    """Return {(level, condition)}: the notice's part 2 once more, line by line, in plain Python."""
    by_kind = {kind: [line for line in ledger if line["kind"] == kind] for kind in TYPES}
    own = [line for line in by_kind["award"] if line["role"] == "main_contributor"]
    third = [line for line in own if line["grade"] in ("0", "1", "2", "3")]
    patents = [line for line in by_kind["patent"] if line["role"] == "main_contributor" and line["granted"]]
    titles = {line["title_rank"] for line in by_kind["title"] if line["related"]}
    benefit = max(
        (
            line["annual_benefit"]
            for line in by_kind["breakthrough"]
            if line["proof"] and line["role"] in ("main_participant", "main_contributor")
        ),
        default=0,
    )

    def of(lines, *scopes):
        return [line for line in lines if line["scope"] in scopes]

    conditions = {
        ("senior_worker", 1): by_kind["honour"],
        ("senior_worker", 2): of(third, CITY, PROVINCE, NATIONAL) or _at_least(third, 2) or patents,
        ("senior_worker", 3): titles,
        ("senior_worker", 4): benefit >= 30,
        ("technician", 1): of(by_kind["honour"], CITY, PROVINCE, NATIONAL),
        ("technician", 2): of(own, PROVINCE, NATIONAL)
        or _at_least(of(third, CITY, PROVINCE, NATIONAL), 2)
        or _at_least(patents, 2),
        ("technician", 3): [line for line in by_kind["talent"] if line["related"]],
        ("technician", 4): titles & {"2", "3", "4"},
        ("technician", 5): benefit >= 50,
    }
    return {condition for condition, met in conditions.items() if met}


ROLES = st.sampled_from(["participant", "main_participant", "main_contributor"])
NAMES = st.sampled_from(["甲", "乙"])
SCOPE = st.sampled_from(SCOPES)
PROOF = {"name": NAMES, "proof": st.booleans()}
LINES = st.one_of(
    st.fixed_dictionaries({"kind": st.just("honour"), "scope": SCOPE, **PROOF}),
    st.fixed_dictionaries(
        {"kind": st.just("award"), "scope": SCOPE, "grade": st.sampled_from(GRADES), "role": ROLES, **PROOF}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("patent"),
            "number": st.sampled_from([patent_number(serial) for serial in (1, 2)]),
            "granted": st.booleans(),
            "role": ROLES,
            **PROOF,
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.just("title"), "title_rank": st.sampled_from("1234"), "related": st.booleans(), **PROOF}
    ),
    st.fixed_dictionaries({"kind": st.just("talent"), "related": st.booleans(), **PROOF}),
    st.fixed_dictionaries(
        {
            "kind": st.just("breakthrough"),
            "annual_benefit": st.sampled_from([0, 15, 29.99, 30, 49.99, 50, 100]),
            "role": ROLES,
            **PROOF,
        }
    ),
)
OWNERS = 10


@tagged("standard", "post_install", "-at_install")
class TestAgainstTheNotice(EligibilityCase):
    """Random ledgers: the SQL statement and a reading of the notice in Python come to the same result."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employees = cls.env["hr.employee"].create([{"name": f"示例{number}"} for number in range(OWNERS)])

    def _fill(self, ledgers):
        """Give each employee a ledger, in place of the one of the last example."""
        self.employees.achievement_ids.unlink()
        self.env["hr.employee.achievement"].create(
            [
                self._line(**line) | {"employee_id": employee.id}
                for employee, ledger in zip(self.employees, ledgers, strict=True)
                for line in ledger
            ]
        )

    @settings(max_examples=25, derandomize=True, deadline=None, database=None)
    @given(st.lists(st.lists(LINES, max_size=5), min_size=OWNERS, max_size=OWNERS))
    def test_the_statement_says_what_the_notice_says(self, ledgers):
        self._fill(ledgers)
        verdicts = self.policy._evaluate(self.employees)
        for employee, ledger in zip(self.employees, ledgers, strict=True):
            expected = _as_the_notice_says(ledger)
            self.assertEqual(self._conditions(verdicts[employee.id]), expected, ledger)
            reached = {level for level, _number in expected}
            self.assertEqual(employee.eligible_level, max(reached) if reached else False)
