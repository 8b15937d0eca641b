"""Notice, part 4, 专家考评 and 综合评审: no panel, committee or seated session of a wrong composition."""

from unittest.mock import patch

from odoo.addons.wz_skill_cert.models.review import session as session_module
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase


class CompositionCase(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chair = cls._expert(cls.county, "bureau_leader")
        cls.experts = cls._experts(cls.county, 14)
        cls.heads = cls._experts(cls.county, 6, "hr_head")

    def _appointed(self, members, experts):
        """Return a committee of ``members``, of whom ``experts`` are experts, one is the chair, the rest HR heads."""
        heads = self.heads[: members - experts - 1]
        return self._committee_of(self.county, self.chair, self.experts[:experts], heads)

    def _draft_panel(self, experts):
        panel = {"name": "Panel", "bureau_id": self.county.id, "policy_id": self.policy.id, "leader_id": experts[:1].id}
        members = [Command.create({"expert_id": expert.id}) for expert in experts]
        return self.env["skill.cert.panel"].with_user(self.county_officer).create({**panel, "member_ids": members})


@tagged("standard", "post_install", "-at_install")
class TestPanel(CompositionCase):
    def test_three_to_seven_experts(self):
        for size in range(1, 10):
            with self.subTest(size=size):
                panel = self._draft_panel(self.experts[:size])
                if 3 <= size <= 7:
                    panel.action_appoint()
                    self.assertEqual(panel.state, "appointed")
                    continue
                with self.assert_refused(f"has 3 to 7 experts; this one has {size}", error=ValidationError):
                    panel.action_appoint()
                self.assertEqual((panel.state, len(panel.member_ids)), ("draft", size))

    def test_each_of_the_four_qualifications_and_no_other_sits_on_a_panel(self):
        for qualification in ("senior_engineer", "senior_technician", "senior_instructor", "senior_lecturer"):
            self._draft_panel(self.experts[:2] | self._expert(self.county, qualification)).action_appoint()
        for outsider in (self.chair, self.heads[0]):
            with self.assert_refused("is no expert within the notice's meaning", error=ValidationError):
                self._draft_panel(self.experts[:2] | outsider).action_appoint()

    def test_the_leader_is_one_of_the_members(self):
        panel = self._draft_panel(self.experts[:3])
        for leader in (False, self.experts[3].id):
            panel.leader_id = leader
            with self.assert_refused("choose the leader among the members", error=ValidationError):
                panel.action_appoint()

    def test_an_expert_without_login_could_not_assess(self):
        silent = self.env["skill.cert.expert"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "无示例"}).id,
                "qualification": "senior_engineer",
                "bureau_id": self.county.id,
            }
        )
        with self.assert_refused("无示例 has no login", error=ValidationError):
            self._draft_panel(self.experts[:3] | silent).action_appoint()

    def test_an_appointed_panel_stays_a_panel_whatever_the_road(self):
        panel = self._draft_panel(self.experts[:3])
        panel.action_appoint()
        member, other = panel.member_ids[1], self._draft_panel(self.experts[:3])
        steps = {
            "delete": member.unlink,
            "command": lambda: panel.write({"member_ids": [Command.delete(member.id)]}),
            "clear": lambda: panel.write({"member_ids": [Command.clear()]}),
            "move": lambda: member.write({"panel_id": self._draft_panel(self.experts[4:7]).id}),
            "move by link": lambda: other.write({"member_ids": [Command.link(member.id)]}),
            "replace by the bureau's leader": lambda: member.write({"expert_id": self.chair.id}),
            "foreign leader": lambda: panel.write({"leader_id": self.experts[9].id}),
            "no leader": lambda: panel.write({"leader_id": False}),
            "too many": lambda: panel.write(
                {"member_ids": [Command.create({"expert_id": expert.id}) for expert in self.experts[3:8]]}
            ),
        }
        for name, step in steps.items():
            with self.subTest(road=name), self.assertRaises(UserError):
                step()
        self.assertEqual(panel.member_ids.expert_id, self.experts[:3])
        self.assertEqual(panel.leader_id, self.experts[0])

    def test_the_leader_of_an_appointed_panel_is_not_deleted(self):
        panel = self._draft_panel(self.experts[:4])
        panel.action_appoint()
        with self.assert_refused("leader"):
            panel.member_ids.filtered(lambda member: member.expert_id == panel.leader_id).unlink()
        panel.member_ids[-1].unlink()
        self.assertEqual(len(panel.member_ids), 3)

    def test_a_conflict_that_leaves_two_stops_the_assessment(self):
        application = self._accepted()
        panel = self._draft_panel(self.experts[:3])
        panel.action_appoint()
        panel.application_ids = [Command.link(application.id)]
        self.experts[0].employer_id = self.enterprise
        with self.assert_refused("Without those who have a conflict of interest", "this one has 2"):
            application.action_start_assessment()
        self.assertEqual(application.state, "accepted")

    def test_the_one_in_conflict_gets_no_assessment_where_enough_remain(self):
        application = self._accepted()
        panel = self._draft_panel(self.experts[:4])
        panel.action_appoint()
        self.experts[1].employer_id = self.enterprise
        self._start_assessment(application, panel)
        assessing = application.sudo().review_id.assessment_ids.expert_id
        self.assertEqual(assessing, self.experts[:4] - self.experts[1])

    def test_a_panel_of_another_bureau_takes_no_case(self):
        application = self._accepted()
        foreign = self._panel(self.other_county)
        for user in (self.county_officer, self.other_officer):
            with self.assertRaises(AccessError):
                foreign.with_user(user).application_ids = [Command.link(application.id)]
        self.assertFalse(application.sudo().review_id.panel_id)


@tagged("standard", "post_install", "-at_install")
class TestCommittee(CompositionCase):
    def test_seven_to_fifteen_members(self):
        for members in (6, 7, 15, 16):
            with self.subTest(members=members):
                experts = members - 2
                if 7 <= members <= 15:
                    self.assertEqual(self._appointed(members, experts).state, "appointed")
                    continue
                with self.assert_refused(f"has 7 to 15 members; this one has {members}", error=ValidationError):
                    self._appointed(members, experts)

    def test_experts_are_at_least_two_thirds_in_whole_persons(self):
        for members, needed in ((7, 5), (8, 6), (9, 6), (10, 7), (11, 8), (12, 8), (13, 9), (14, 10), (15, 10)):
            with self.subTest(members=members):
                self.assertEqual(self._appointed(members, needed).state, "appointed")
                text = f"Of {members} members at least {needed} must be experts; there are {needed - 1}"
                with self.assert_refused(text, error=ValidationError):
                    self._appointed(members, needed - 1)

    def test_exactly_one_chair(self):
        second = self._expert(self.county, "bureau_leader")
        for chairs in ((), (self.chair, second)):
            with self.subTest(chairs=len(chairs)):
                committee = self._committee_of(self.county, self.chair, self.experts[:7], self.heads[:1], appoint=False)
                committee.member_ids.filtered(lambda member: member.role == "chair").unlink()
                committee.member_ids = [Command.create({"expert_id": chair.id, "role": "chair"}) for chair in chairs]
                with self.assert_refused(f"exactly one chair; this one has {len(chairs)}", error=ValidationError):
                    committee.action_appoint()

    def test_every_role_needs_its_qualification(self):
        committee = self._committee_of(self.county, self.chair, self.experts[:5], self.heads[:1], appoint=False)
        leader = self._expert(self.county, "bureau_leader")
        wrong = (
            ("chair", self.experts[6]), ("chair", self.heads[1]), ("expert", leader), ("expert", self.heads[1]),
            ("hr", self.experts[6]), ("hr", leader),
        )  # fmt: skip
        for role, person in wrong:
            with (
                self.subTest(role=role, qualification=person.qualification),
                self.assert_refused(person.name, "the qualification says otherwise", error=ValidationError),
            ):
                committee.member_ids = [Command.create({"expert_id": person.id, "role": role})]

    def test_an_appointed_committee_stays_one_whatever_the_road(self):
        committee = self._appointed(7, 5)
        chair, head = committee.member_ids.filtered(lambda m: m.role == "chair"), committee.member_ids[-1]
        expert = committee.member_ids.filtered(lambda m: m.role == "expert")[0]
        other = self._committee_of(self.county, self.chair, self.experts[5:10], self.heads[1:2], appoint=False)
        steps = {
            "delete": expert.unlink,
            "delete the chair": chair.unlink,
            "command": lambda: committee.write({"member_ids": [Command.delete(head.id)]}),
            "move": lambda: expert.write({"committee_id": other.id}),
            "move by link": lambda: other.write({"member_ids": [Command.link(expert.id)]}),
            "role": lambda: expert.write({"role": "hr"}),
            "another HR head": lambda: committee.write(
                {"member_ids": [Command.create({"expert_id": self.heads[2].id, "role": "hr"})]}
            ),
            "an expert for a head": lambda: expert.write({"expert_id": self.heads[3].id, "role": "hr"}),
        }
        for name, step in steps.items():
            with self.subTest(road=name), self.assertRaises(UserError):
                step()
        self.assertEqual(committee.member_ids._figures(), (7, 5, 1))

    def test_whoever_sits_as_an_expert_stays_one(self):
        self._appointed(7, 5)
        self._draft_panel(self.experts[5:8]).action_appoint()
        for expert in (self.experts[0], self.experts[5]):
            with self.subTest(expert=expert.name), self.assertRaises(ValidationError):
                expert.with_user(self.county_officer).qualification = "hr_head"

    def test_nobody_but_the_bureau_appoints(self):
        committee = self._committee_of(self.county, self.chair, self.experts[:5], self.heads[:1], appoint=False)
        panel = self._draft_panel(self.experts[:3])
        for user in (self.other_officer, self.city_officer, self.nominator, self.manager, self.experts[0].user_id):
            for record in (committee, panel):
                with self.subTest(user=user.name, model=record._name), self.assertRaises(AccessError):
                    record.with_user(user).action_appoint()
        self.assertEqual((committee.state, panel.state), ("draft", "draft"))


@tagged("standard", "post_install", "-at_install")
class TestSeats(CompositionCase):
    def _prepare(self):
        super()._prepare()
        self.application = self._waiting_for_vote(1)

    def _seated(self, members, experts, absent=()):
        self.application.sudo().review_id.motion_ids.unlink()  # from the agenda of the meeting before
        session = self._session(self.application, self._appointed(members, experts))
        session.seat_ids.filtered(lambda seat: seat.expert_id in absent).present = False
        return session

    def test_those_present_must_be_a_committee_themselves(self):
        for absent, words in (
            (self.heads[0], "has 7 to 15 members; this one has 6"),
            (self.chair, "this one has 6"),
        ):
            with self.subTest(words=words):
                session = self._seated(7, 5, absent=absent)
                with self.assert_refused("Those present are no committee", words):
                    session.action_open()
                self.assertEqual((session.state, self.application.state), ("draft", "qualified"))
                self.assertFalse(self.env["skill.cert.ballot"].search([("motion_id", "in", session.motion_ids.ids)]))

    def test_two_thirds_and_the_chair_are_counted_among_those_present(self):
        session = self._seated(10, 7, absent=self.experts[:2])
        with self.assert_refused("Of 8 members at least 6 must be experts; there are 5"):
            session.action_open()
        session = self._seated(9, 7, absent=self.chair)
        with self.assert_refused("exactly one chair; this one has 0"):
            session.action_open()

    def test_whoever_is_absent_is_not_counted(self):
        session = self._seated(9, 7, absent=self.heads[0])
        session.action_open()
        self.assertEqual(session.motion_ids.base, 8)
        self.assertEqual(session.seated_count, 8)

    def test_few_present_of_many_appointed_are_warned_about_and_not_stopped(self):
        session = self._seated(12, 9, absent=self.experts[:3] | self.heads[:2])
        session.action_open()
        self.assertIn("Only 7 of 12", session.warning)
        self.assertEqual(session.state, "open")
        enough = self._session(self._waiting_for_vote(1), self._appointed(10, 8))
        enough.seat_ids.filtered(lambda seat: seat.expert_id in self.experts[:3]).present = False
        enough.action_open()
        self.assertFalse(enough.warning)

    def test_a_committee_that_is_not_appointed_does_not_meet(self):
        committee = self._committee_of(self.county, self.chair, self.experts[:5], self.heads[:1], appoint=False)
        session = self._session(self.application, committee)
        with self.assert_refused("appointed"):
            session.action_open()
        self.assertEqual(session.state, "draft")

    def test_an_empty_agenda_cannot_be_voted_on(self):
        session = self._seated(7, 5)
        session.motion_ids.unlink()
        with self.assert_refused("No motion can be voted on", "the agenda is empty"):
            session.action_open()

    def test_a_motion_that_loses_its_committee_by_recusal_is_put_off_and_the_others_go_on(self):
        other = self._waiting_for_vote(1)
        other.sudo().write({"nominator_id": self.other_enterprise.id, "employer_id": self.other_enterprise.id})
        other.sudo().bureau_id = self.county
        session = self._session(self.application | other, self._appointed(7, 5))
        self.experts[0].employer_id = self.other_enterprise
        session.action_open()
        put_off, voted = session.motion_ids.sorted("state", reverse=True)
        self.assertEqual((put_off.application_id, put_off.state), (other, "put_off"))
        self.assertIn("this one has 6", put_off.put_off_reason)
        self.assertEqual((voted.state, voted.base, other.state), ("open", 7, "qualified"))
        self._vote(session, 7)
        session.action_close()
        self.assertIn(put_off.put_off_reason, session.minutes)
        self.experts[0].employer_id = False
        again = self._session(other, session.committee_id)
        again.action_open()
        self.assertEqual(again.motion_ids.state, "open")

    def test_whoever_is_recused_neither_counts_nor_votes_on_the_motion(self):
        session = self._seated(9, 7)
        self.env["skill.cert.conflict"].create({"expert_id": self.experts[0].id, "application_id": self.application.id})
        session.action_open()
        motion = session.motion_ids
        self.assertEqual((motion.base, motion.sudo().recused_seat_ids.expert_id), (8, self.experts[0]))
        self.assertEqual(len(self.env["skill.cert.ballot"].search([("motion_id", "=", motion.id)])), 8)
        with self.assert_refused("The paper is incomplete or wrong"):
            session.with_user(self.experts[0].user_id).cast({motion.id: "agree"})

    def test_after_the_opening_nothing_of_the_session_changes(self):
        preparing = self._session(self._waiting_for_vote(1), self._appointed(9, 7))
        session = self._seated(9, 7, absent=self.heads[0])
        session.action_open()
        seat, motion = session.seat_ids[0], session.motion_ids
        spare = preparing.seat_ids.create(
            {
                "session_id": self._seatless(preparing.committee_id).id,
                "member_id": preparing.committee_id.member_ids[0].id,
            }
        )
        steps = {
            "absent": lambda: seat.write({"present": False}),
            "present": lambda: session.seat_ids.filtered(lambda s: not s.present).write({"present": True}),
            "all present": session.action_all_present,
            "roll call by command": lambda: session.write({"seat_ids": [Command.update(seat.id, {"present": False})]}),
            "seat deleted": seat.unlink,
            "seat moved in": lambda: spare.write({"session_id": session.id}),
            "motion deleted": motion.unlink,
            "motion moved": lambda: motion.write({"session_id": preparing.id}),
            "motion moved in": lambda: preparing.motion_ids.write({"session_id": session.id}),
            "motion changed": lambda: motion.write({"sequence": 1}),
            "motion added": lambda: session.write(
                {"motion_ids": [Command.create({"application_id": preparing.motion_ids.application_id.id})]}
            ),
            "agenda": session.action_fill_agenda,
            "committee": lambda: session.write({"committee_id": preparing.committee_id.id}),
            "date": lambda: session.write({"date": "2099-01-01"}),
            "opened again": session.action_open,
            "deleted": session.unlink,
            "member deleted": session.committee_id.member_ids[0].unlink,
        }
        before = [self._facts(record) for record in (session, *session.seat_ids, motion)]
        for name, step in steps.items():
            with self.subTest(road=name), self.assertRaises(UserError):
                step()
        self.assertEqual([self._facts(record) for record in (session, *session.seat_ids, motion)], before)

    def _seatless(self, committee):
        session = self.env["skill.cert.session"].with_user(self.county_officer)
        session = session.create({"name": "Empty", "committee_id": committee.id})
        session.seat_ids.unlink()
        return session

    def test_a_seat_taken_away_before_the_opening_cannot_be_brought_back_after_it(self):
        committee = self._appointed(9, 7)
        session, spare = self._session(self.application, committee), self._seatless(committee)
        gone = session.seat_ids.filtered(lambda seat: seat.role == "hr")[:1]
        member = gone.member_id
        gone.unlink()
        seat = spare.seat_ids.create({"session_id": spare.id, "member_id": member.id, "present": True})
        session.action_open()
        with self.assertRaises(UserError):
            seat.write({"session_id": session.id})
        self.assertEqual(len(session.seat_ids), 8)

    def test_only_members_of_the_committee_take_a_seat(self):
        stranger = self._appointed(7, 5).member_ids[0]
        session = self._seated(7, 5)
        with self.assert_refused("Only members of the committee", error=ValidationError):
            session.seat_ids = [Command.create({"member_id": stranger.id, "present": True})]

    def test_nobody_but_the_bureaus_officer_opens_and_closes(self):
        session = self._seated(7, 5)
        for step in ("action_open", "action_close"):
            for user in (self.other_officer, self.city_officer, self.nominator, self.manager, self.chair.user_id):
                with self.subTest(step=step, user=user.name), self.assertRaises(AccessError):
                    getattr(session.with_user(user), step)()
            if step == "action_open":
                session.action_open()
        self.assertEqual(session.state, "open")


@tagged("standard", "post_install", "-at_install")
class TestDeclarations(CompositionCase):
    """Conflicts of interest are declared before any evidence is shown and before the vote opens."""

    def _prepare(self):
        super()._prepare()
        self.applications = self._waiting_for_vote(2)
        sessions = self.env["skill.cert.session"].with_user(self.county_officer)
        self.session = sessions.create(
            {
                "name": "Session",
                "committee_id": self._appointed(10, 8).id,
                "motion_ids": [Command.create({"application_id": case.id}) for case in self.applications],
            }
        )
        self.session.action_all_present()

    def _seen(self, expert):
        """Return (applications, motions) that the member meets in a new request."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=expert.user_id)
        return env["skill.cert.application"].search([]), env["skill.cert.motion"].search([])

    def test_a_member_sees_names_first_and_the_papers_after_declaring(self):
        member = self.experts[0]
        applications, motions = self._seen(member)
        self.assertFalse(applications)
        self.assertEqual(motions.mapped("display_name"), self.session.motion_ids.mapped("display_name"))
        own = self.session.with_user(member.user_id)
        self.assertTrue(own.user_must_declare)
        own.action_declare()
        self.assertEqual(self._seen(member)[0].ids, self.applications.sorted("id", reverse=True).ids)
        self.assertFalse(self._seen(self.experts[1])[0], "the others have not declared")
        seat = self.session.seat_ids.filtered(lambda seat: seat.expert_id == member)
        self.assertEqual((seat.declared, seat.declared_orally), (True, False))

    def test_a_declared_conflict_takes_the_case_away_and_the_member_off_its_base(self):
        member = self.experts[0]
        motion = self.session.motion_ids[0]
        motion.with_user(member.user_id).action_declare_conflict("kin", "表兄")
        self.session.with_user(member.user_id).action_declare()
        applications, motions = self._seen(member)
        self.assertEqual((applications.ids, motions.ids), (self.applications[1].ids, self.session.motion_ids[1].ids))
        self.session.action_record_declarations()
        self.session.action_open()
        self.assertEqual(self.session.motion_ids.mapped("base"), [9, 10])
        self.assertEqual(motion.sudo().recused_seat_ids.expert_id, member)
        with self.assert_refused("which conflict"):
            self.session.motion_ids[1].with_user(member.user_id).action_declare_conflict("because")

    def test_the_opening_names_who_is_present_and_has_not_declared(self):
        self.session.with_user(self.experts[0].user_id).action_declare()
        silent = self.experts[1]
        others = self.session.seat_ids.filtered(lambda seat: seat.expert_id != silent)
        others.action_record_declaration()
        with self.assert_refused("have not declared", silent.name) as caught:
            self.session.action_open()
        self.assertNotIn(self.experts[2].name, str(caught.exception))
        self.session.seat_ids.filtered(lambda seat: seat.expert_id == silent).present = False
        self.session.action_open()
        self.assertTrue(others[-1].declared_orally)

    def test_whoever_comes_on_the_agenda_later_is_declared_about_anew(self):
        self.session.action_record_declarations()
        new = self._waiting_for_vote(1)
        self.session.motion_ids = [Command.create({"application_id": new.id})]
        self.assertFalse(any(self.session.seat_ids.mapped("declared")))
        with self.assert_refused("have not declared"):
            self.session.action_open()

    def test_nobody_declares_for_another_or_after_the_opening(self):
        motion, seat = self.session.motion_ids[0], self.session.seat_ids[0]
        for user in (self.experts[9].user_id, self.nominator, self.manager, self.city_officer, self.other_officer):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                self.session.with_user(user).action_declare()
            with self.subTest(user=user.name), self.assertRaises(UserError):
                motion.with_user(user).action_declare_conflict("kin")
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                seat.with_user(user).action_record_declaration()
        with self.assertRaises(AccessError):
            seat.with_user(seat.user_id).write({"declared": True})
        self.session.action_record_declarations()
        self.session.action_open()
        own = self.session.with_user(self.experts[0].user_id)
        for step in (own.action_declare, lambda: own.motion_ids[0].action_declare_conflict("kin")):
            with self.assert_refused("Voting has begun"):
                step()

    def test_whoever_had_a_seat_in_a_vote_keeps_person_and_role(self):
        self.session.action_record_declarations()
        self.session.action_open()
        member = self.session.committee_id.member_ids.filtered(lambda m: m.role == "hr")[:1]
        for values in ({"expert_id": self.heads[5].id}, {"role": "expert"}):
            with self.assertRaises(UserError):
                member.write(values)
        self.assertTrue(member.write({"role": "hr"}))


@tagged("standard", "post_install", "-at_install")
class TestAgenda(CompositionCase):
    def _prepare(self):
        super()._prepare()
        self.committee = self._appointed(9, 7)
        sessions = self.env["skill.cert.session"].with_user(self.county_officer)
        # What the demo or another test left waiting does not count here.
        waiting = self.env["skill.cert.application"].search(
            [("state", "=", "qualified"), ("handling_bureau_id", "=", self.county.id)]
        )
        waiting.state = "withdrawn"
        self.session, self.later = sessions.create([{"name": name, "committee_id": self.committee.id} for name in "AB"])

    def test_an_agenda_takes_the_oldest_five_hundred_and_says_how_many_remain(self):
        self.assertEqual(session_module.AGENDA_LIMIT, 500)
        cases = self._waiting_for_vote(5)
        for day, case in enumerate(reversed(cases), 1):
            case.sudo().submitted_on = f"2099-01-{day:02d}"
        with patch.object(session_module, "AGENDA_LIMIT", 3):
            notice = self.session.action_fill_agenda()
            self.assertIn("3 applications were put on the agenda; 2 remain", notice["params"]["message"])
            self.assertEqual(self.session.motion_ids.application_id, cases[2:])
            with self.assert_refused("has 4 motions; one session takes at most 3", error=ValidationError):
                self.session.motion_ids = [Command.create({"application_id": cases[0].id})]
            self.assertIn("0 applications", self.session.action_fill_agenda()["params"]["message"])
            self.assertIn("2 applications", self.later.action_fill_agenda()["params"]["message"])
        self.assertEqual(self.later.motion_ids.application_id, cases[:2])

    def test_an_applicant_is_on_one_agenda_at_a_time(self):
        case = self._waiting_for_vote(1)
        self.session.action_fill_agenda()
        with self.assert_refused("on the agenda of another session"):
            self.later.motion_ids = [Command.create({"application_id": case.id})]
        with self.assertRaises(UserError):
            self.later.with_user(self.county_officer).motion_ids.create(
                {"session_id": self.later.id, "application_id": self._waiting_for_vote(1, self.other_county).id}
            )
        self.session.motion_ids.unlink()
        self.later.action_fill_agenda()
        self.assertEqual(self.later.motion_ids.application_id, case)

    def test_a_motion_put_off_with_a_reason_goes_to_a_later_session(self):
        cases = self._waiting_for_vote(2)
        self.session.action_fill_agenda()
        motion = self.session.motion_ids[0]
        for reason in ("", "  ", False):
            with self.assert_refused("say why"):
                motion.action_put_off(reason)
        wizard = self.env["skill.cert.reason.wizard"].with_user(self.county_officer)
        wizard = wizard.create({"action": "put_off", "motion_ids": [Command.set(motion.ids)], "reason": "待补充证明"})
        wizard.action_confirm()
        self.later.action_fill_agenda()
        self.assertEqual(self.later.motion_ids.application_id, cases[0])
        self.session.action_all_present()
        self.session.action_record_declarations()
        self.session.action_open()
        self.assertEqual(self.session.motion_ids.mapped("state"), ["put_off", "open"])
        self.assertEqual(cases.mapped("state"), ["qualified", "review"])
        self._vote(self.session, 9)
        self.session.action_close()
        self.assertIn("待补充证明", self.session.minutes)
        for step in (lambda: motion.action_put_off("再次"), motion.unlink):
            with self.assert_refused("Voting has begun"):
                step()

    def test_nobody_but_the_bureaus_officer_puts_off(self):
        self._waiting_for_vote(1)
        self.session.action_fill_agenda()
        motion = self.session.motion_ids
        for user in (self.other_officer, self.city_officer, self.nominator, self.chair.user_id):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                motion.with_user(user).action_put_off("改")


@tagged("standard", "post_install", "-at_install")
class TestAppointedBodies(SkillCertCase):
    def test_an_appointed_body_keeps_its_bureau_and_its_policy(self):
        policy = self.policy.copy()
        for body in (self._panel(self.county), self._committee(self.county)):
            for values in ({"policy_id": policy.id}, {"bureau_id": self.city.id}):
                with self.subTest(f"{body._name} {values}"), self.assert_refused("fixed"):
                    body.write(values)

    def test_a_body_in_preparation_does_not_move_to_another_bureau(self):
        bodies = (
            self._committee(self.county, appoint=False),
            self.env["skill.cert.panel"]
            .with_user(self.county_officer)
            .create({"name": "Panel", "bureau_id": self.county.id, "policy_id": self.policy.id}),
        )
        for body in bodies:
            with self.subTest(body._name), self.assertRaises(AccessError):
                body.write({"bureau_id": self.other_county.id})

    def test_a_panels_leader_comes_from_the_pools_that_the_officer_sees(self):
        stranger = self._expert(self.other_county)
        panels = self.env["skill.cert.panel"].with_user(self.county_officer)
        values = {"name": "Panel", "bureau_id": self.county.id, "policy_id": self.policy.id}
        with self.assertRaises(AccessError):
            panels.create({**values, "leader_id": stranger.id})
        with self.assertRaises(AccessError):
            panels.create(values).write({"leader_id": stranger.id})
