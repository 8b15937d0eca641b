"""While a panel or a committee is being composed the form says what is right and what is not: by the server's own rules."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SkillCertCase


@tagged("standard", "post_install", "-at_install")
class TestChecklist(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.county_officer.lang = "en_US"

    def _states(self, body):
        return {check.label: check.state() for check in body._checked()}

    def _new_committee(self, members):
        return (
            self.env["skill.cert.committee"]
            .with_user(self.county_officer)
            .new(
                {
                    "name": "x",
                    "bureau_id": self.county.id,
                    "policy_id": self.policy.id,
                    "member_ids": [Command.create({"expert_id": e.id, "role": role}) for e, role in members],
                }
            )
        )

    def test_two_thirds_of_eight_are_six_experts(self):
        chair = self._expert(self.county, "bureau_leader")
        experts, heads = self._experts(self.county, 6), self._experts(self.county, 2, "hr_head")
        for number, others, expected in ((5, 2, "bad"), (6, 1, "good")):
            members = [
                (chair, "chair"),
                *((e, "expert") for e in experts[:number]),
                *((h, "hr") for h in heads[:others]),
            ]
            body = self._new_committee(members)
            self.assertEqual(len(body.member_ids), 8)
            self.assertEqual(self._states(body)["Experts"], expected)
            self.assertIn(f"{number} of 8, required 6", body.checklist)
            self.assertEqual(bool(body.composition), expected == "bad")

    def test_each_line_of_a_committee_is_red_for_its_own_fault_and_green_else(self):
        chair = self._expert(self.county, "bureau_leader")
        experts, head = self._experts(self.county, 5), self._expert(self.county, "hr_head")
        right = [(chair, "chair"), *((e, "expert") for e in experts), (head, "hr")]
        lines = {"Size", "Experts", "Chair", "Roles", "Logins", "Load"}
        self.assertEqual(self._states(self._new_committee(right)), dict.fromkeys(lines, "good"))
        faults = {
            "Size": right[:-1],
            "Chair": [(experts[0], "expert"), *right[1:]],
            "Roles": [*right[:-1], (self._expert(self.county), "hr")],
        }
        for line, members in faults.items():
            body = self._new_committee(members)
            self.assertEqual(self._states(body)[line], "bad", line)
            self.assertIn("text-danger", body.checklist)
        head.user_id = False
        self.assertEqual(self._states(self._new_committee(right))["Logins"], "bad")

    def test_what_the_list_calls_right_is_appointed_and_what_is_red_is_refused(self):
        experts = self._experts(self.county, 7)
        for number in range(1, 8):
            panel = (
                self.env["skill.cert.panel"]
                .with_user(self.county_officer)
                .create(
                    {
                        "name": "x",
                        "bureau_id": self.county.id,
                        "policy_id": self.policy.id,
                        "leader_id": experts[0].id,
                        "member_ids": [Command.create({"expert_id": e.id}) for e in experts[:number]],
                    }
                )
            )
            bad = "bad" in self._states(panel).values()
            self.assertEqual(bad, number < 3)
            if bad:
                with self.assert_refused(panel.composition):
                    panel.action_appoint()
            else:
                panel.action_appoint()

    def test_the_form_says_it_before_anything_is_saved(self):
        experts = self._experts(self.county, 3)
        with (
            self.assertRaisesRegex(AssertionError, "stop here"),
            Form(self.env["skill.cert.panel"].with_user(self.county_officer)) as form,
        ):
            form.name = "x"
            self.assertIn("0, required 3 to 7", form.checklist)
            for number, expert in enumerate(experts, 1):
                with form.member_ids.new() as member:
                    member.expert_id = expert
                self.assertIn(f"{number}, required 3 to 7", form.checklist)
            self.assertIn("None among the members", form.checklist)
            form.leader_id = experts[0]
            self.assertNotIn("text-danger", form.checklist)
            raise AssertionError("stop here")

    def test_a_conflict_with_a_case_is_shown_while_members_are_chosen(self):
        case = self._accepted()
        experts = self._experts(self.county, 2) | self._expert(self.county, employer=self.enterprise)
        panel = (
            self.env["skill.cert.panel"]
            .with_user(self.county_officer)
            .new(
                {
                    "name": "x",
                    "bureau_id": self.county.id,
                    "policy_id": self.policy.id,
                    "leader_id": experts[0].id,
                    "application_ids": [Command.set(case.ids)],
                    "member_ids": [Command.create({"expert_id": expert.id}) for expert in experts],
                }
            )
        )
        self.assertEqual(self._states(panel)["Conflicts of interest"], "note")
        self.assertIn(f"without {experts[2].name}", panel.checklist)
        # Without that one two are left, which the start of the assessment would refuse.
        self.assertIn("this one has 2", panel.checklist)
        self.assertIn(case.applicant_name, panel.checklist)

    def test_an_occupation_that_nobody_knows_is_noted_and_refuses_nothing(self):
        case = self._accepted()
        experts = self._experts(self.county, 3)
        panel = self._panel(self.county, experts=experts)
        panel.application_ids = case
        self.assertEqual(self._states(panel)["Occupations"], "note")
        self.assertIn(f"nobody knows {self.electrician.name}", panel.checklist)
        experts.occupation_ids = self.electrician
        panel.invalidate_recordset(["checklist"])
        self.assertEqual(self._states(panel)["Occupations"], "good")

    def test_a_committee_sees_who_is_left_out_of_the_cases_that_wait(self):
        case = self._waiting_for_vote(1)
        experts = self._experts(self.county, 5)
        experts[0].employer_id = self.enterprise
        chair, head = self._expert(self.county, "bureau_leader"), self._expert(self.county, "hr_head")
        body = self._new_committee([(chair, "chair"), *((e, "expert") for e in experts), (head, "hr")])
        self.assertIn(case.name or case.applicant_name, body.checklist)
        self.assertIn("this one has 6", body.checklist)

    def test_a_name_is_text_and_not_markup(self):
        expert = self._expert(self.county)
        expert.name = "<img src=x>"
        expert.user_id = False
        panel = (
            self.env["skill.cert.panel"]
            .with_user(self.county_officer)
            .new(
                {
                    "policy_id": self.policy.id,
                    "leader_id": expert.id,
                    "member_ids": [Command.create({"expert_id": expert.id})],
                }
            )
        )
        self.assertNotIn("<img", panel.checklist)
        self.assertIn("&lt;img", panel.checklist)

    def test_only_officers_read_it(self):
        panel = self._panel(self.county)
        for user in (self.nominator, panel.member_ids[0].sudo().expert_id.user_id):
            with self.assertRaises(AccessError):
                panel.with_user(user).read(["checklist"])
