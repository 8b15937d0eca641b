"""The matrix of steps × people whose place has changed: who may not any more, and who still may.

Each row of TRANSITIONS is tried as a client would, on a case in each of its states, by who lost a right and by who has it.
"""

from odoo.addons.wz_skill_cert import workflow
from odoo.addons.wz_skill_cert.workflow import NOMINATOR, OFFICER
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import resident_id
from .test_rights_at_the_step import StepCase

# How a step is taken, by the state to which it leads or, where several lead there, by its guard.
STEPS = {
    "submitted": ("action_submit",),
    "withdrawn": ("action_withdraw",),
    "returned": ("action_return", "示例"),
    "accepted": ("action_accept",),
    "assessment": ("action_start_assessment",),
    "qualified": ("action_conclude_assessment",),
    "recommended": ("action_recommend",),
    "certified": ("action_certify",),
    "rejected": ("action_conclude_assessment",),
    "revoked": ("action_revoke", "示例"),
    "terminated": ("action_terminate", "left", "示例"),
    "_guard_send_back": ("action_send_back", "示例"),
}
# The session's, whose own steps lead there.
OF_A_SESSION = {"_guard_review", "_guard_voted", "_guard_put_off", "_guard_vote_anew"}


@tagged("standard", "post_install", "-at_install")
class TestChangedPeople(StepCase):
    def _prepare(self):
        super()._prepare()
        self.association = self._association(self.enterprise)
        self.secretary = self._nominator(self.association)
        self.colleague = self._officer(self.county, "county")
        self.cases = self._in_all_states(self.enterprise, self.enterprise, self.county)
        self.theirs = self._in_all_states(self.association, self.enterprise, self.county)
        self.elsewhere = self._in_all_states(self.other_enterprise, self.other_enterprise, self.other_county)
        self.env.flush_all()

    def _in_all_states(self, nominator, employer, bureau):
        """Return {state: case} of every state from which a step leads, without the way to it."""
        states = sorted({state for step in workflow.TRANSITIONS for state in step.sources})
        made = self.env["skill.cert.application"].create(
            [
                self._application_vals(
                    nominator_id=nominator.id, employer_id=employer.id, level="technician", achievement_ids=[],
                    applicant_name=f"示例{number}", state=state, bureau_id=bureau.id,
                    id_number=self._number(nominator, number), submitted_on=state != "draft" and "2099-01-01",
                )
                for number, state in enumerate(states)
            ]
        )  # fmt: skip
        cases = dict(zip(states, made, strict=True))
        self._rounds(
            made.filtered(lambda case: case.state not in ("draft", "submitted", "returned")), bureau, "recommend"
        )
        cases["recommended"].review_ids.outcome = "recommended"
        self._rounds(cases["recommended"], self.city, "certify")
        return cases

    def _rounds(self, cases, bureau, purpose):
        values = {"bureau_id": bureau.id, "purpose": purpose, "outcome": "pending"}
        self.env["skill.cert.review"].create([{"application_id": case.id, **values} for case in cases])

    def _number(self, unit, number):
        return resident_id(
            sequence=901 + 2 * number + 30 * [self.enterprise, self.association, self.other_enterprise].index(unit)
        )

    # ------------------------------------------------------------------ every step of a party

    def _refusals(self, user, cases, party):
        """Yield (step, refusal or False) of every step of ``party`` from every state, as ``user`` takes it."""
        transfer = {"_guard_transfer": ("action_transfer", self.other_county.id, "示例")}
        for step in workflow.TRANSITIONS:
            if step.party == party and step.guard not in OF_A_SESSION:
                method, *args = (STEPS | transfer).get(step.guard) or STEPS[step.target]
                for state in step.sources:
                    own = cases[state].sudo(False).with_user(user).with_context({})
                    if party == NOMINATOR or self._is_at_level_of(user, own):
                        yield f"{state} → {step.target}", self._refusal(own, method, *args)

    def _is_at_level_of(self, user, case):
        return (case.sudo().handling_bureau_id == self.city) == (user == self.city_officer)

    def assert_takes(self, user, cases, party):
        """Assert that no step is refused for want of a right; what the case itself lacks is another matter."""
        for step, refusal in self._refusals(user, cases, party):
            self.assertNotIsInstance(refusal, AccessError, f"{user.name}: {step}: {refusal}")

    def assert_takes_none(self, user, cases, party):
        tried = list(self._refusals(user, cases, party))
        self.assertGreater(len(tried), 4)
        for step, refusal in tried:
            self.assertIsInstance(refusal, AccessError, f"{user.name}: {step}: {refusal}")

    def assert_reads_none(self, user):
        self.assertFalse(self.env["skill.cert.application"].with_user(user).search_count([]))

    # ------------------------------------------------------------------ the dimensions

    def test_before_anything_changes_each_takes_the_steps_of_the_own_side_alone(self):
        for user, cases, party in (
            (self.nominator, self.cases, NOMINATOR), (self.secretary, self.theirs, NOMINATOR),
            (self.county_officer, self.cases, OFFICER), (self.other_officer, self.elsewhere, OFFICER),
            (self.city_officer, self.cases, OFFICER),
        ):  # fmt: skip
            self.assert_takes(user, cases, party)
        self.assert_takes_none(self.nominator, self.cases, OFFICER)
        self.assert_takes_none(self.county_officer, self.cases, NOMINATOR)

    def test_changed_memberships(self):
        self.enterprise.association_ids = [Command.unlink(self.association.id)]
        self.assert_takes_none(self.secretary, self.theirs, NOMINATOR)
        self.assert_takes(self.nominator, self.cases, NOMINATOR)
        self.assert_takes(self.county_officer, self.theirs, OFFICER)

    def test_moved_officers(self):
        self.county.user_ids = [Command.unlink(self.county_officer.id)]
        self.other_county.user_ids = [Command.link(self.county_officer.id)]
        self.assert_takes_none(self.county_officer, self.cases, OFFICER)
        self.assert_takes(self.county_officer, self.elsewhere, OFFICER)
        self.assert_takes(self.colleague, self.cases, OFFICER)

    def test_archived_users(self):
        gone = self.county_officer | self.nominator | self.secretary
        successor = self._nominator(self.enterprise)
        gone.active = False
        self.assert_takes_none(self.county_officer, self.cases, OFFICER)
        self.assert_takes_none(self.nominator, self.cases, NOMINATOR)
        self.assert_takes_none(self.secretary, self.theirs, NOMINATOR)
        self.assert_takes(self.colleague, self.cases, OFFICER)
        self.assert_takes(successor, self.cases, NOMINATOR)

    def test_two_roles_in_one_user(self):
        """Nominator here and officer there: each on the own side, and never both of one case."""
        both = self.other_officer
        both.group_ids = [Command.link(self.env.ref("wz_skill_cert.group_nominator").id)]
        self.enterprise.nominator_user_ids = [Command.link(both.id)]
        self.assert_takes(both, self.cases, NOMINATOR)
        self.assert_takes_none(both, self.cases, OFFICER)
        self.assert_takes(both, self.elsewhere, OFFICER)
        self.assert_takes_none(both, self.elsewhere, NOMINATOR)

    def test_an_expert_who_nominates_takes_no_officers_step_and_assesses_no_own_case(self):
        expert = self._expert(self.county)
        expert.user_id.group_ids = [Command.link(self.env.ref("wz_skill_cert.group_nominator").id)]
        self.enterprise.nominator_user_ids = [Command.link(expert.user_id.id)]
        self.assert_takes(expert.user_id, self.cases, NOMINATOR)
        self.assert_takes_none(expert.user_id, self.cases, OFFICER)
        self.assertTrue(expert._conflicts(self.cases["accepted"])[self.cases["accepted"]])
        self.assertFalse(expert._conflicts(self.elsewhere["accepted"])[self.elsewhere["accepted"]])

    def test_lent_logins(self):
        """The login that left the pool assesses no more, the new one does; neither takes an officer's step."""
        expert, new = self._expert(self.county), self._user("group_expert")
        old = expert.user_id
        expert.user_id = new
        case = self._accepted(id_number=resident_id(sequence=991))
        self._start_assessment(
            case, self._panel(self.county, experts=expert | self._experts(self.county, 2)), accept=False
        )
        own = case.sudo().review_id.assessment_ids.filtered(lambda assessment: assessment.expert_id == expert)
        self.assertFalse(self._refusal(own.with_user(new), "action_accept"))
        self.assertIsInstance(self._refusal(own.with_user(old), "action_accept"), AccessError)
        for user in (old, new):
            self.assert_takes_none(user, self.cases, OFFICER)
        self.assert_reads_none(old)

    def test_merged_contacts(self):
        """The unit that ended is nominated for by nobody; what it had submitted stays the bureau's, and no other unit's."""
        target = self._unit("温州示例己有限公司（虚构）")
        other = self._nominator(target)
        values = {"source_id": self.enterprise.id, "target_id": target.id, "reason": "示例"}
        draft, filed = self.cases["draft"].sudo(), {**self.cases}
        self.env["skill.cert.unit.merge"].with_user(self.manager).create(values).action_merge()
        self.env.flush_all()
        self.assertEqual((draft.nominator_id, draft.employer_id), (target, target))
        self.assertNotIsInstance(self._refusal(draft.sudo(False).with_user(other), "action_submit"), AccessError)
        del filed["draft"]
        filed["draft"] = filed["returned"]
        self.assert_takes_none(other, filed, NOMINATOR)
        self.assert_takes_none(self.nominator, filed, NOMINATOR)
        self.assert_takes(self.county_officer, self.cases, OFFICER)

    def test_two_companies(self):
        """A company of Odoo's, one's own or another, gives nobody a right and takes none."""
        company = self.env["res.company"].create({"name": "示例二公司（虚构）"})
        people = self.county_officer | self.nominator | self.other_officer | self.other_nominator
        people.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assert_takes(self.county_officer, self.cases, OFFICER)
        self.assert_takes(self.nominator, self.cases, NOMINATOR)
        self.assert_takes_none(self.other_officer, self.cases, OFFICER)
        self.assert_takes_none(self.other_nominator, self.cases, NOMINATOR)
