"""Nobody learns by asking (issue 14): what another unit's case says is told at the submission alone, traced and limited."""

from uuid import uuid4

from odoo import sql_db
from odoo.addons.wz_skill_cert.models.request import free_place
from odoo.addons.wz_skill_cert.models.request.free_place import EVENT
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .common import SkillCertCase, resident_id
from .reviewed_sudo import Reader

TAKEN = "already has an application"
TOO_MANY = "Today too many"
# What a nominator fills in.
FORMS = (
    "skill.cert.application",
    "skill.cert.application.history",
    "skill.cert.application.contribution",
    "skill.cert.achievement",
    "skill.cert.material",
    "skill.cert.submission",
    "skill.cert.sheet.import",
    "skill.cert.membership",
    "skill.cert.consent",
)
# Methods that become superuser on the way, and why nothing leaves there that the user may not know.
METHODS = {
    "Application._assessed_by_me": "the user's own assessments",
    "Application._is_assessed_by_me": "the user's own assessments",
    "Application._voted_on_by_me": "the user's own seats",
    "Application._check_id_number": "what stands in the form itself",
    "Application._check_officer_id": "an officer whom nominators neither enter nor read",
    "Application._party_refusal": "the name of a bureau, and the user's own right",
    "Application._check_phone": "what stands in the form itself",
    "Application._compute_employer_choice_ids": "members of the unit, which the user must be able to read",
    "Application._consent_sentence": "the employer's name, whom the user must be able to read",
    "Application._own_cases_of_these_people": "cases of the user's units alone",
    "Application._file_faults": "whether files of the saved case, which the user reads, are what was submitted",
    "Application._paper_request": "whether more is asked of a saved case, which the user reads",
    "Application._is_party": "yes or no, of the user's own rights",
    "Application._nomination_defect": "whether two units that the user must be able to read belong together",
    "Application._require_city": "the employer's name, whom the user must be able to read",
    "Application._employed_defect": "that the case's own employee has left or moved: HR alone enters one",
    "Employee._company_unit": "which unit the company is of an employee whom the user must be able to read",
    "Request._said": "what was asked of a saved case, for those who handle it, numbers masked",
    "Submission._compute_bureau_id": "the place of a unit that the user must be able to read",
    "Application._timeline": "the steps of a saved case, for those who handle it",
    "Counter._place_among": "a number that says nothing",
    "Membership._is_side": "yes or no, of the user's own rights",
    "GettingStarted._progress": "no form of these: reached by a name that other models share",
    "Users._conflict_reasons": "why the user, as an officer, takes no step",
    "Users._own_units": "the user's own units",
    "Expert._conflict_reasons": "no form of these: reached by a name that other models share",
    "Paper._page_of_today": "no form of these: reached by a name that other models share",
}
# Fields that are computed as superuser (all stored ones are), by what they are made of.
OF_THE_FORM = (
    "age_band", "annual_benefit", "birth_date", "birth_year", "bureau_id", "employer_address", "employer_assets",
    "employee_company_id", "employer_headcount", "employer_id", "employer_name", "employer_sales", "id_number_masked", "reported_bureau_id", "sex",
    "city_id: bureau_id.city_id", "policy_id: campaign_id.policy_id", "occupation_name", "occupation_code", "bureau_name",
    "nominator_name",
)  # fmt: skip
OF_THE_SAVED_CASE = (
    "consent_missing", "due_on", "file_faults", "handling_bureau_id", "open_objection_count", "publicity_ends_on: publication_id.last_day",
    "vote_abstain", "vote_against", "vote_agree", "vote_base", "vote_conclusion", "vote_passed", "waiting_for", "waiting_since",
)  # fmt: skip
FIELDS = {
    # A form points at nothing that its user may not read (test_platform), so that what it refers to says nothing new.
    "skill.cert.application": (*OF_THE_FORM, *OF_THE_SAVED_CASE),
    "skill.cert.achievement": ("identity", "kind: type_id.kind"),
    "skill.cert.material": ("personal: template_id.personal", "required: template_id.required"),
    "skill.cert.submission": ("bureau_id", "city_id: bureau_id.city_id", "name"),
    "skill.cert.membership": ("bureau_id",),
}
SPEC = {
    name: {}
    for name in (
        "completeness",
        "missing_count",
        "is_eligible",
        "eligibility",
        "user_may_edit",
        "user_may_copy",
        "display_name",
    )
}


class AskingCase(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.stranger = self._submitted(self.other_nominator, id_number=resident_id(sequence=903))
        self.taken, self.free = resident_id(sequence=903), resident_id(sequence=905)
        # Of this test alone: the entries are committed apart, so that they outlive the refusal, and the test.
        self.asker = self._new_asker()
        self.env.flush_all()

    def _new_asker(self):
        asker = new_test_user(
            self.env,
            f"asker-{uuid4().hex}",
            groups="base.group_user,wz_skill_cert.group_nominator",
            context={"no_reset_password": True},
        )
        self.enterprise.nominator_user_ids = [Command.link(asker.id)]
        return asker

    def _draft(self, user=None, **values):
        return super()._draft(user or self.asker, **values)

    def _entries(self):
        """Return the records of the asker's questions."""
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(
                "SELECT res_id FROM skill_cert_trail WHERE event = %s AND user_id = %s",
                [EVENT, self.asker.id],
            )
            return [res_id for (res_id,) in cr.fetchall()]

    def _call(self, records, method, *args, **kwargs):
        """Call as a client does."""
        return call_kw(records.browse(), method, [records.ids, *args], kwargs)

    def _refusal(self, step):
        """Return the words with which ``step`` is refused, or False; nothing of it stays."""
        point = self.env.cr.savepoint(flush=True)
        try:
            step()
        except UserError as refusal:
            return str(refusal)
        finally:
            point.rollback()
            point.close(rollback=False)
            self.env.invalidate_all()
        return False


@tagged("standard", "post_install", "-at_install")
class TestForms(AskingCase):
    def _onchange(self, number):
        applications = self.env["skill.cert.application"].with_user(self.asker)
        values = self._application_vals(id_number=number, history_ids=[], achievement_ids=[])
        spec = {**SPEC, **{name: {} for name in values}}
        answer = self._call(applications, "onchange", values, ["id_number", "occupation_id", "level"], spec)
        return str(answer).replace(number, "NUMBER")

    def test_a_form_answers_alike_whether_a_stranger_has_a_case_or_not(self):
        self.assertEqual(self._onchange(self.taken), self._onchange(self.free))
        self.assertNotIn(TAKEN, self._onchange(self.taken))
        self.assertFalse(self._entries())

    def _told(self, number):
        """Return all that draft, desk, sheet and copy say of a person, the number and the ids left out."""
        draft = self._draft(id_number=number)
        sheet = draft.env["skill.cert.submission"].create({"campaign_id": self.campaign.id})
        draft.submission_id = sheet
        sheet.action_check()
        said = [
            self._call(draft, "read", list(SPEC))[0] | {"id": 0},
            [row["left"] for row in draft.env["skill.cert.desk"].overview()["drafts"]],
            sheet.problem_ids.mapped("text"),
            draft._submission_defects(),
        ]
        draft.submission_id = False
        draft.env["skill.cert.submission"].assemble_all()
        said.append(bool(draft.submission_id))
        return str(said)

    def test_draft_desk_and_sheet_say_the_same_of_both(self):
        said = []
        for number in (self.taken, self.free):
            point = self.env.cr.savepoint(flush=True)
            said.append(self._told(number))
            point.rollback()
            point.close(rollback=False)
            self.env.invalidate_all()
        self.assertEqual(*said)
        self.assertFalse(self._entries())

    def test_the_own_units_cases_are_told_in_the_form(self):
        self._submitted()
        draft = self._draft()
        self.assertIn(TAKEN, str(draft.completeness))
        self.assertFalse(self._entries())

    def test_a_case_of_each_unit_of_the_user_is_an_own_one(self):
        self.other_enterprise.nominator_user_ids = [Command.link(self.asker.id)]
        draft = self._draft(nominator_id=self.enterprise.id, id_number=self.taken)
        self.assertIn(TAKEN, str(draft.completeness))

    def test_nominating_anew_tells_nothing_of_others_cases(self):
        withdrawn = self._draft(id_number=self.taken)
        withdrawn.with_user(self.asker).action_withdraw()
        self.assertEqual(withdrawn.action_copy_to_campaign()["res_model"], "skill.cert.application")
        self.assertFalse(self._entries())


@tagged("standard", "post_install", "-at_install")
class TestSubmission(AskingCase):
    def test_the_submission_says_that_there_is_one_and_leaves_a_trace(self):
        draft = self._draft(id_number=self.taken)
        said = self._refusal(lambda: self._call(draft, "action_submit"))
        self.assertIn(TAKEN, said)
        for secret in (self.other_enterprise.name, self.stranger.name, self.taken, self.county.name):
            self.assertNotIn(secret, said.replace(draft.display_name, ""))
        self.assertEqual(self._entries(), draft.ids)

    def test_who_is_refused_for_something_else_learns_nothing(self):
        said = {}
        for number in (self.taken, self.free):
            draft = self._draft(id_number=number, summary=False)
            said[number] = self._refusal(lambda draft=draft: self._call(draft, "action_submit"))
        self.assertEqual(said[self.taken], said[self.free])
        self.assertFalse(self._entries())

    def test_nor_who_hides_the_question_among_others(self):
        for number in (self.taken, self.free):
            pair = self._draft(id_number=number) | self._draft(id_number=resident_id(sequence=907), summary=False)
            said = self._refusal(lambda pair=pair: self._call(pair, "action_submit"))
            self.assertNotIn(TAKEN, said)
        self.assertFalse(self._entries())

    def test_of_a_sheet_all_are_told_at_once_and_each_is_a_question(self):
        persons = self._draft(id_number=self.taken) | self._draft(id_number=self.free)
        sheet = persons.env["skill.cert.submission"].create({"campaign_id": self.campaign.id})
        persons.submission_id = sheet
        for step in (lambda: self._call(sheet, "action_submit"), lambda: self._call(persons, "action_submit")):
            said = self._refusal(step)
            self.assertEqual(said.count(TAKEN), 1)
        # The second answer of the day about the same people is no new one.
        self.assertEqual(sorted(self._entries()), sorted(persons.ids))

    def test_what_is_submitted_is_no_question(self):
        self._draft(id_number=self.free).action_submit()
        self.assertFalse(self._entries())

    def test_a_user_is_told_about_so_many_people_a_day(self):
        self.patch(free_place, "PEOPLE_A_DAY", 3)
        draft, answers = self._draft(id_number=self.taken), []
        for level in ("senior_worker", "technician"):
            for sequence in (911, 913):
                other = self._submitted(self.other_nominator, level=level, id_number=resident_id(sequence=sequence))
                draft.write({"id_number": other.sudo().id_number, "level": level})
                answers.append(self._refusal(lambda: self._call(draft, "action_submit")))
        self.assertEqual([TAKEN in answer for answer in answers], [True] * 3 + [False])
        self.assertIn(TOO_MANY, answers[-1])
        self.assertEqual(len(self._entries()), 3)
        # Then the answer no longer depends on it.
        draft.write({"id_number": self.free, "level": "senior_worker"})
        self.assertIn(TOO_MANY, self._refusal(lambda: self._call(draft, "action_submit")))
        # What was told today is told again; the next day and another user begin anew.
        draft.write({"id_number": resident_id(sequence=911)})
        self.assertIn(TAKEN, self._refusal(lambda: self._call(draft, "action_submit")))
        colleague = self._new_asker()
        self.assertIn(TAKEN, self._refusal(lambda: self._call(draft.with_user(colleague), "action_submit")))

    def test_a_large_sheet_tells_of_no_more_people_than_that(self):
        self.patch(free_place, "PEOPLE_A_DAY", 2)
        people = [self._draft(id_number=resident_id(sequence=number)) for number in (921, 923, 925)]
        persons = people[0].union(*people)
        self._submitted(self.other_nominator, id_number=resident_id(sequence=925))
        self.assertIn(TOO_MANY, self._refusal(lambda: self._call(persons, "action_submit")))
        self.assertEqual(len(self._entries()), 2)

    def test_correcting_what_was_returned_is_a_question_too(self):
        case = self._submitted(id_number=self.free)
        case.action_return("请核对（虚构）")
        case = case.with_user(self.asker)
        said = self._refusal(lambda: self._call(case, "write", {"id_number": self.taken}))
        self.assertIn(TAKEN, said)
        self.assertEqual(len(self._entries()), 1)
        # There the answer no is all that comes of it, and counts as well.
        self.patch(free_place, "PEOPLE_A_DAY", 2)
        self.assertFalse(self._refusal(lambda: self._call(case, "write", {"id_number": resident_id(sequence=931)})))
        for number in (self.taken, resident_id(sequence=933)):
            said = self._refusal(lambda number=number: self._call(case, "write", {"id_number": number}))
            self.assertIn(TAKEN if number == self.taken else TOO_MANY, said)

    def test_the_day_is_that_of_china(self):
        with self.env["skill.cert.counter"]._counting() as cr:
            at = "(date_trunc('day', clock_timestamp() AT TIME ZONE 'Asia/Shanghai') + interval '%s minutes')"
            for minutes, today in ((-1, set()), (1, {7})):
                moment = f"{at % minutes} AT TIME ZONE 'Asia/Shanghai' AT TIME ZONE 'UTC'"
                table = f"""(SELECT 1 AS user_id, 'x' AS event, '{{"place": 7}}'::jsonb AS detail, {moment} AS at)"""
                cr.execute(
                    free_place.ASKED.replace("skill_cert_trail", f"{table} AS t") % {"user": "1", "event": "'x'"}
                )
                self.assertEqual({key for (key,) in cr.fetchall()}, today)


@tagged("standard", "post_install", "-at_install")
class TestReviewed(SkillCertCase):
    """What runs as superuser while a nominator fills in a form was read by a person, who says here why it tells nothing."""

    def test_no_form_becomes_superuser_unreviewed(self):
        reader = Reader(self.env)
        found = {name for model in FORMS for name in reader.superusers(reader.roots(model))}
        self.assertEqual(
            found, set(METHODS), "read each new one: what does its answer say of what the user may not see?"
        )

    def test_no_field_of_a_form_is_computed_as_superuser_unreviewed(self):
        reader = Reader(self.env)
        found = {model: reader.sudo_fields(model) for model in FORMS}
        self.assertEqual(
            {model: names for model, names in found.items() if names}, {m: set(n) for m, n in FIELDS.items()}
        )
