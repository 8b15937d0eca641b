"""Nobody closes a vote early to learn who voted what, or to decide by silence; nor does who closes learn who is missing."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_vote import VoteCase

MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class ClosingCase(VoteCase):
    def _some_vote(self, session, number, choice="agree"):
        for seat in self._present(session).filtered(lambda seat: not seat.voted)[:number]:
            self._cast(session, seat, choice)
        self.env.flush_all()
        self.env.invalidate_all()

    def _trail(self, event, record):
        return self.env["skill.cert.trail"].sudo().search([("event", "=", event), ("res_id", "=", record.id)])


@tagged("standard", "post_install", "-at_install")
class TestEarlyClosing(ClosingCase):
    def test_after_one_vote_nobody_closes_and_nothing_is_decided(self):
        session = self._meeting(7)
        case = session.motion_ids.application_id
        self._some_vote(session, 1)
        for number in range(2, 8):
            with self.assert_refused("when all members have voted"):
                session.action_close()
            self.assertEqual((session.state, case.state, session.motion_ids.against), ("open", "review", 0))
            self._some_vote(session, 1)
            self.assertEqual(len(session.sudo().seat_ids.filtered("voted")), number)
        session.action_close()
        self.assertEqual((session.state, case.state), ("closed", "passed"))

    def test_at_the_end_a_vote_counts_from_two_thirds_on_and_never_below_the_smallest_committee(self):
        for members, needed in ((7, 7), (9, 7), (12, 8), (15, 10)):
            for voted in (needed, needed - 1, 1, 0):
                with self.subTest(members=members, voted=voted):
                    session = self._meeting(members)
                    self._some_vote(session, voted)
                    self._end(session)
                    session.action_close()
                    motion = session.motion_ids
                    counted = voted == needed
                    self.assertEqual(motion.state, "voted" if counted else "put_off")
                    self.assertEqual((motion.agree, motion.abstain), (voted, members - voted) if counted else (0, 0))
                    self.assertEqual(motion.application_id.state, "passed" if counted else "qualified")
        self.assertFalse(self.env["skill.cert.invariant.check"].sudo()._find())

    def test_the_share_is_the_policys(self):
        self.policy.sudo().write({"turnout_numerator": 1, "turnout_denominator": 1})
        self.assertEqual([self.policy._votes_needed(base) for base in (7, 9, 15)], [7, 9, 15])
        self.policy.sudo().write({"turnout_numerator": 0})
        self.assertEqual([self.policy._votes_needed(base) for base in (7, 9, 15)], [7, 7, 7])

    def test_what_is_put_off_is_revealed_to_nobody_and_decided_later(self):
        session = self._meeting(9, motions=2)
        cases = session.motion_ids.application_id
        self._some_vote(session, 3, "against")
        self._end(session)
        session.action_close()
        self.assertFalse(self.env["skill.cert.ballot"].search([("motion_id", "in", session.motion_ids.ids)]))
        for user in (self.county_officer, self.city_officer):
            facts = session.motion_ids.with_user(user).read()
            self.assertFalse({"against", "3 against"} & set(json.dumps(facts, default=str).split()))
            for motion in session.motion_ids.with_user(user):
                self.assertEqual((motion.agree, motion.against, motion.abstain, motion.passed), (0, 0, 0, False))
                self.assertNotIn("3", motion.put_off_reason)
        self.assertIn("Fewer than the 7 votes needed", session.minutes)
        self.assertFalse(any(cases.mapped("reason")), "the unit is told nothing")
        self.assertFalse(cases.sudo().paper_ids.filtered(lambda paper: paper.moment == "decided"))
        self._decide(cases)
        self.assertEqual(cases.mapped("state"), ["passed", "passed"])
        self.assertFalse(self.env["skill.cert.invariant.check"].sudo()._find())

    def test_each_motion_is_counted_or_put_off_for_itself(self):
        session = self._meeting(8, motions=2, open_vote=False)
        few, enough = session.motion_ids
        seat = self._present(session).filtered(lambda seat: seat.role == "expert")[0]
        self.env["skill.cert.conflict"].create(
            {"expert_id": seat.expert_id.id, "application_id": few.application_id.id}
        )
        session.action_open()
        silent = (self._present(session) - seat)[-1]
        session.with_user(seat.user_id).cast({enough.id: "agree"})
        for other in self._present(session) - seat - silent:
            self._cast(session, other)
        self._end(session)
        session.action_close()
        self.assertEqual((few.base, few.state, enough.base, enough.state), (7, "put_off", 8, "voted"))
        self.assertEqual((enough.agree, enough.abstain), (7, 1))
        self.assertFalse(self.env["skill.cert.invariant.check"].sudo()._find())

    def test_conflicts_declared_by_the_officer_do_not_make_one_vote_a_majority(self):
        session = self._meeting(9)
        motion = session.motion_ids
        self._some_vote(session, 1, "against")
        for seat in self._present(session).filtered(lambda seat: not seat.voted):
            self.env["skill.cert.conflict"].with_user(self.county_officer).create(
                {"expert_id": seat.expert_id.id, "application_id": motion.application_id.id}
            )
        session.action_close()
        self.assertEqual((motion.state, motion.against, motion.application_id.state), ("put_off", 0, "qualified"))

    def test_whoever_is_recused_from_everything_is_not_waited_for(self):
        session = self._meeting(10, open_vote=False)
        seat = self._present(session).filtered(lambda seat: seat.role == "expert")[0]
        case = session.motion_ids.application_id
        self.env["skill.cert.conflict"].create({"expert_id": seat.expert_id.id, "application_id": case.id})
        session.action_open()
        for other in self._present(session) - seat:
            self._cast(session, other)
        session.action_close()
        self.assertEqual((session.motion_ids.agree, session.motion_ids.base), (9, 9))

    def test_a_revoked_case_is_not_brought_back_by_a_vote_that_is_put_off(self):
        session = self._meeting(7)
        case = session.motion_ids.application_id
        case.action_revoke("虚假材料（虚构）")
        self._end(session)
        session.action_close()
        self.assertEqual((session.motion_ids.state, case.state), ("put_off", "revoked"))


@tagged("standard", "post_install", "-at_install")
class TestAnnouncedEnd(ClosingCase):
    def _shift(self, session, hours):
        self.env.cr.execute("SELECT (now() AT TIME ZONE 'UTC')::timestamp(0) + %s * interval '1 hour'", [hours])
        session.ends_on = self.env.cr.fetchone()[0]

    def test_without_another_word_a_vote_ends_a_day_after_its_opening(self):
        session = self._meeting(7)
        self.assertEqual((session.ends_on - session.opened_on).days, 1)

    def test_an_end_in_the_past_opens_no_vote(self):
        session = self._meeting(7, open_vote=False)
        self._shift(session, -1)
        with self.assert_refused("lies in the past"):
            session.action_open()
        self._shift(session, 2)
        session.action_open()
        self.assertEqual(session.state, "open")

    def test_while_the_vote_is_open_its_end_only_moves_away_and_leaves_a_trace(self):
        session = self._meeting(7)
        for hours in (1, -1):
            with self.assert_refused("can be put later"):
                self._shift(session, hours)
        with self.assert_refused("can be put later"):
            session.sudo().ends_on = False
        self.assertFalse(self._trail("vote_prolonged", session))
        self._shift(session, 48)
        [entry] = self._trail("vote_prolonged", session)
        self.assertEqual(entry.user_id, self.county_officer)
        self.assertIn(str(session.ends_on), entry.detail_text)

    def test_once_it_has_come_it_stays(self):
        session = self._meeting(7)
        self._end(session)
        with self.assert_refused("can be put later"):
            self._shift(session, 48)
        session.action_close()
        with self.assert_refused("can be put later"):
            self._shift(session, 96)

    def test_nobody_but_the_bureaus_officer_moves_it(self):
        session = self._meeting(7)
        for user in (self.other_officer, self.city_officer, self.manager, self._present(session)[0].user_id):
            with self.subTest(user=user.name), mute_logger(*MUTED), self.assertRaises(AccessError):
                self._shift(session.with_user(user), 48)


@tagged("standard", "post_install", "-at_install")
class TestMissingMembers(ClosingCase):
    """What an officer can read of an open vote is the same whoever of the members has voted."""

    HIDDEN = ("voted", "voter_id")

    def _seen(self, session, user):
        self.env.flush_all()
        self.env.invalidate_all()
        own = session.with_user(user)
        records = (own, own.seat_ids, own.motion_ids, own.motion_ids.application_id, own.committee_id.member_ids)
        facts = [self._read(record) for record in records]
        return json.dumps([facts, own.turnout()], default=str, sort_keys=True)

    def _read(self, records):
        return records.read()

    def test_an_officer_sees_the_same_whoever_has_voted(self):
        session = self._meeting(10)
        users = (self.county_officer, self.city_officer)
        before = [self._seen(session, user) for user in users]
        self.assertIn('"progress": "few"', before[0])
        for seat in self._present(session)[2:8]:
            self._cast(session, seat)
            self.assertEqual([self._seen(session, user) for user in users], before)

    def test_the_steps_of_the_turnout(self):
        session, found = self._meeting(10), []
        for _seat in range(10):
            found.append(session.turnout()["progress"])
            self._some_vote(session, 1)
        found.append(session.turnout()["progress"])
        self.assertEqual(found, ["few"] * 7 + ["enough"] * 3 + ["all"])
        self.assertTrue(session.turnout()["may_close"])

    def test_no_search_sort_or_group_tells_who_is_missing(self):
        session = self._meeting(10)
        self._some_vote(session, 3)
        seats = self.env["skill.cert.session.seat"]
        for user in (self.county_officer, self.city_officer, self.manager, self._present(session)[0].user_id):
            own = seats.with_user(user)
            for name in self.HIDDEN:
                for look in (
                    lambda own=own, name=name: own.search([(name, "!=", False)]),
                    lambda own=own, name=name: own.search([], order=name),
                    lambda own=own, name=name: own.formatted_read_group([], [name], ["__count"]),
                    lambda own=own, name=name: own.browse(session.sudo().seat_ids.ids).read([name]),
                    lambda own=own, name=name: own.browse(session.sudo().seat_ids.ids).export_data([name]),
                    lambda user=user, name=name: session.with_user(user).search([(f"seat_ids.{name}", "!=", False)]),
                ):
                    with self.subTest(user=user.name, name=name), mute_logger(*MUTED):
                        self.assertIsNone(self._answer(look))

    def _answer(self, look):
        try:
            return look()
        except (UserError, ValueError):
            return None
        finally:
            self.env.invalidate_all(flush=False)

    def test_a_conflict_declared_to_probe_shows_nothing(self):
        session = self._meeting(10)
        case = session.motion_ids.application_id
        seats = self._present(session)
        self._some_vote(session, 2)
        for seat in (seats[0], seats[-1]):
            self.env["skill.cert.conflict"].create({"expert_id": seat.expert_id.id, "application_id": case.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(case.late_conflicts)
        with mute_logger(*MUTED), self.assertRaises(AccessError):
            session.motion_ids.read(["recused_seat_ids"])

    def test_after_the_closing_it_is_known_who_took_part(self):
        session = self._meeting(15)
        self._some_vote(session, 10)
        self.assertFalse(any(session.seat_ids.mapped("took_part")))
        self._end(session)
        session.action_close()
        self.assertEqual((session.voted_count, len(session.seat_ids.filtered("took_part"))), (10, 10))
