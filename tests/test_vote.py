"""Notice, part 4, 资格确认: every seated member counts once, half passes, and nobody learns who voted what.

The attack tests look at what PostgreSQL itself remembers: rows written by one transaction share ``xmin``. A test
runs in one transaction, so each paper is cast inside a savepoint: a subtransaction has a number of its own, which is
what the rows that it writes carry as their ``xmin``. To the attack it is the same as a transaction of its own, and
the control shows that the attack does find every voter before the sealing.
"""

import hashlib
import random

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import SkillCertCase

CHOICES = ("agree", "against", "abstain")


class VoteCase(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chair = cls._expert(cls.county, "bureau_leader")
        cls.experts = cls._experts(cls.county, 10)
        cls.heads = cls._experts(cls.county, 4, "hr_head")

    def _meeting(self, members=7, motions=1, open_vote=True):
        """Return a session with ``members`` present of a committee of 15, and ``motions`` on its agenda."""
        committee = self._committee_of(self.county, self.chair, self.experts, self.heads)
        session = self._session(self._waiting_for_vote(motions), committee)
        experts = -(-members * 2 // 3)
        present = self.chair | self.experts[:experts] | self.heads[: members - experts - 1]
        session.seat_ids.filtered(lambda seat: seat.expert_id not in present).present = False
        if open_vote:
            session.action_open()
        return session

    def _present(self, session):
        return session.sudo().seat_ids.filtered("present")

    def _cast(self, session, seat, choice="agree"):
        paper = {motion.id: choice for motion in session.sudo().motion_ids}
        return session.with_user(seat.user_id).cast(paper)

    def _turnout(self, session):
        return len(session.sudo().seat_ids.filtered("voted"))

    def _filled(self, session):
        self.env.flush_all()
        motions = tuple(session.motion_ids.ids)
        self.env.cr.execute(
            "SELECT count(*) FROM skill_cert_ballot WHERE motion_id IN %s AND choice IS NOT NULL", [motions]
        )
        return self.env.cr.fetchone()[0]


@tagged("standard", "post_install", "-at_install")
class TestTally(VoteCase):
    def test_half_of_the_seated_passes_and_one_less_does_not(self):
        for members, needed in ((7, 4), (8, 4), (9, 5), (15, 8)):
            for agree in (needed, needed - 1):
                with self.subTest(members=members, agree=agree):
                    session = self._meeting(members)
                    self._vote(session, agree, members - agree)
                    session.action_close()
                    motion = session.motion_ids
                    self.assertEqual((motion.base, motion.agree, motion.against), (members, agree, members - agree))
                    self.assertEqual(motion.passed, agree == needed)
                    self.assertEqual(motion.application_id.state, "passed" if agree == needed else "rejected")

    def test_abstentions_count_towards_the_base(self):
        session = self._meeting(7)
        self._vote(session, agree=3, against=0)
        session.action_close()
        motion = session.motion_ids
        self.assertEqual(
            (motion.base, motion.agree, motion.against, motion.abstain, motion.passed), (7, 3, 0, 4, False)
        )

    def test_a_ballot_never_cast_is_an_abstention(self):
        session = self._meeting(15)
        for seat in self._present(session)[:10]:
            self._cast(session, seat)
        self._end(session)
        session.action_close()
        motion = session.motion_ids
        self.assertEqual((motion.agree, motion.abstain, motion.base, motion.passed), (10, 5, 15, True))

    def test_the_form_prints_the_tally_and_its_conclusion_only_after_the_decision(self):
        session = self._meeting(7)
        application = session.motion_ids.application_id
        nominator = application.with_user(self.nominator)
        self.assertEqual((nominator.vote_base, nominator.vote_agree, nominator.vote_conclusion), (0, 0, False))
        self._vote(session, 4, 2)
        nominator.invalidate_recordset()
        self.assertEqual((nominator.vote_base, nominator.vote_agree, nominator.vote_conclusion), (0, 0, False))
        session.action_close()
        result = (nominator.vote_base, nominator.vote_agree, nominator.vote_against, nominator.vote_abstain)
        self.assertEqual(result, (7, 4, 2, 1))
        self.assertIn("passed: 4 agree, 2 against, 1 abstain, of 7", nominator.vote_conclusion)

    def test_each_motion_has_its_own_tally(self):
        session = self._meeting(7, motions=3)
        motions = session.motion_ids
        for number, seat in enumerate(self._present(session)):
            paper = dict(zip(motions.ids, ("agree", "agree" if number < 3 else "against", "abstain"), strict=True))
            session.with_user(seat.user_id).cast(paper)
        session.action_close()
        self.assertEqual([(m.agree, m.against, m.abstain) for m in motions], [(7, 0, 0), (3, 4, 0), (0, 0, 7)])
        self.assertEqual(motions.mapped("passed"), [True, False, False])

    def test_a_closed_vote_is_not_closed_again_nor_opened(self):
        session = self._meeting(7)
        self._vote(session, 4)
        session.action_close()
        before = self._facts(session), self._facts(session.motion_ids)
        for step in (session.action_close, session.action_open):
            with self.subTest(step=step.__name__), self.assertRaises(UserError):
                step()
        self.assertEqual((self._facts(session), self._facts(session.motion_ids)), before)

    def test_the_database_refuses_a_tally_that_does_not_add_up(self):
        session = self._meeting(7)
        self._vote(session, 4)
        session.action_close()
        with self.assertRaises(Exception) as caught:
            session.motion_ids.sudo().agree = 7
            self.env.flush_all()
        self.assertIn("skill_cert_motion_adds_up", str(caught.exception))

    def test_more_filled_ballots_than_voters_stop_the_closing(self):
        session = self._meeting(7)
        self.env.cr.execute(
            "UPDATE skill_cert_ballot SET choice = 'agree' WHERE motion_id IN %s", [tuple(session.motion_ids.ids)]
        )
        self._end(session)
        with self.assert_refused("Ballots and voters do not agree"):
            session.action_close()
        self.assertEqual(session.state, "open")


@tagged("standard", "post_install", "-at_install")
class TestCasting(VoteCase):
    def test_a_malformed_paper_is_refused_whole_and_the_vote_stays_unused(self):
        session = self._meeting(7, motions=2)
        foreign = self._meeting(7).motion_ids
        one, two = session.motion_ids.ids
        seat = self._present(session)[1]
        good = {one: "agree", two: "against"}
        papers = {
            "nothing": {},
            "none": None,
            "text": "agree",
            "list": [[one, "agree"], [two, "agree"]],
            "number": 1,
            "a motion is missing": {one: "agree"},
            "a motion too many": {**good, max(foreign.ids) + 1000: "agree"},
            "a foreign motion": {**good, foreign.id: "agree"},
            "a foreign motion in place of one": {one: "agree", foreign.id: "agree"},
            "a motion twice": {**good, str(one): "against"},
            "no number": {one: "agree", "two": "agree"},
            "unknown choice": {one: "agree", two: "yes"},
            "empty choice": {one: "agree", two: ""},
            "upper case": {one: "agree", two: "AGREE"},
            "no choice": {one: "agree", two: None},
            "false": {one: "agree", two: False},
            "true": {one: "agree", two: True},
            "list of choices": {one: "agree", two: ["agree"]},
            "object": {one: "agree", two: {"agree": 1}},
        }
        for name, paper in papers.items():
            with self.subTest(paper=name), self.assert_refused("incomplete or wrong", "Your vote is unused"):
                session.with_user(seat.user_id).cast(paper)
        self.assertEqual((self._filled(session), self._turnout(session)), (0, 0))
        self.assertTrue(session.with_user(seat.user_id).cast(good))
        self.assertEqual((self._filled(session), self._turnout(session)), (2, 1))

    def test_the_keys_of_json_are_accepted(self):
        session = self._meeting(7, motions=2)
        seat = self._present(session)[0]
        session.with_user(seat.user_id).cast({str(motion): "agree" for motion in session.motion_ids.ids})
        self.assertEqual(self._filled(session), 2)

    def test_a_vote_is_used_once(self):
        session = self._meeting(7)
        seat = self._present(session)[0]
        self._cast(session, seat)
        with self.assert_refused("You have already voted", "has been counted"):
            self._cast(session, seat, "against")
        self.assertEqual((self._filled(session), self._turnout(session)), (1, 1))

    def test_the_receipt_says_nothing_of_the_choice(self):
        session = self._meeting(7)
        receipts = {
            self._cast(session, seat, choice) for seat, choice in zip(self._present(session), CHOICES, strict=False)
        }
        self.assertEqual(receipts, {True})

    def test_nobody_votes_without_a_seat(self):
        session = self._meeting(7)
        outsiders = (
            self._expert(self.county).user_id, self.county_officer, self.city_officer, self.other_officer,
            self.nominator, self.manager, self.plain_user,
        )  # fmt: skip
        paper = {session.motion_ids.id: "agree"}
        for user in outsiders:
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                session.with_user(user).cast(paper)
        self.assertEqual(self._filled(session), 0)

    def test_whoever_is_absent_does_not_vote(self):
        session = self._meeting(7)
        absent = session.sudo().seat_ids.filtered(lambda seat: not seat.present)[0]
        with self.assert_refused("You have no seat in this session", error=AccessError):
            self._cast(session, absent)

    def test_nobody_votes_before_the_opening_or_after_the_closing(self):
        session = self._meeting(7, open_vote=False)
        seat = self._present(session)[0]
        with self.assert_refused("The vote is not open"):
            self._cast(session, seat)
        session.action_open()
        self._end(session)
        session.action_close()
        with self.assert_refused("The vote is not open"):
            self._cast(session, seat)

    def test_a_recused_member_votes_on_the_other_motions_only(self):
        session = self._meeting(10, motions=2, open_vote=False)
        recused, other = session.motion_ids
        seat = self._present(session).filtered(lambda seat: seat.role == "expert")[0]
        self.env["skill.cert.conflict"].create(
            {"expert_id": seat.expert_id.id, "application_id": recused.application_id.id}
        )
        session.action_open()
        own = session.with_user(seat.user_id)
        for paper in ({recused.id: "agree", other.id: "agree"}, {recused.id: "agree"}):
            with self.assert_refused("incomplete or wrong"):
                own.cast(paper)
        own.cast({other.id: "agree"})
        for colleague in self._present(session) - seat:
            self._cast(session, colleague, "abstain")
        session.action_close()
        self.assertEqual((recused.base, recused.agree, recused.abstain), (9, 0, 9))
        self.assertEqual((other.base, other.agree, other.abstain), (10, 1, 9))

    def test_a_member_recused_from_everything_gets_a_sentence_and_not_a_crash(self):
        session = self._meeting(10, open_vote=False)
        seat = self._present(session).filtered(lambda seat: seat.role == "expert")[0]
        application = session.motion_ids.application_id
        self.env["skill.cert.conflict"].create({"expert_id": seat.expert_id.id, "application_id": application.id})
        session.action_open()
        for paper in (None, 7, {session.motion_ids.id: "agree"}):
            with self.subTest(paper=paper), self.assertRaises(UserError):
                session.with_user(seat.user_id).cast(paper)


@tagged("standard", "post_install", "-at_install")
class TestSecrecy(VoteCase):
    def _readers(self, session):
        return (
            self.county_officer, self.city_officer, self.other_officer, self.nominator, self.manager, self.plain_user,
            self._present(session)[0].user_id,
        )  # fmt: skip

    def test_nobody_reads_or_counts_ballots_before_the_sealing(self):
        session = self._meeting(7)
        self._vote(session, 4, 2)
        ballots = self.env["skill.cert.ballot"].search([("motion_id", "in", session.motion_ids.ids)])
        for user in self._readers(session):
            own = ballots.with_user(user)
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    own.read(["choice"])
                try:
                    self.assertFalse(own.search([]))
                    self.assertFalse(own.search_count([("choice", "=", "agree")]))
                    self.assertFalse(own.formatted_read_group([], ["choice"], ["__count"]))
                except AccessError:
                    self.assertNotIn(user, (self.county_officer, self.city_officer))

    def test_after_the_sealing_the_bureau_and_the_city_read_them_and_nobody_else(self):
        session = self._meeting(7)
        self._vote(session, 4)
        session.action_close()
        ballots = self.env["skill.cert.ballot"].search([("motion_id", "in", session.motion_ids.ids)])
        for user in self._readers(session):
            own = ballots.with_user(user)
            with self.subTest(user=user.name):
                if user in (self.county_officer, self.city_officer):
                    self.assertEqual(len(own.read(["choice"])), 7)
                    continue
                with self.assertRaises(AccessError):
                    own.read(["choice"])

    def test_nobody_writes_creates_or_deletes_a_ballot(self):
        session = self._meeting(7)
        self._vote(session, 4)
        session.action_close()
        ballot = self.env["skill.cert.ballot"].search([("motion_id", "in", session.motion_ids.ids)], limit=1)
        for user in self._readers(session):
            own = ballot.with_user(user)
            for step in (
                lambda own=own: own.write({"choice": "agree"}),
                lambda own=own: own.create({"motion_id": session.motion_ids.id, "token": "x", "choice": "agree"}),
                own.unlink,
                own.copy,
            ):
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    step()

    def test_no_screen_offers_a_ballot_for_writing(self):
        fields = self.env["skill.cert.ballot"].fields_get(["motion_id", "token", "choice"], ["readonly"])
        self.assertEqual([field["readonly"] for field in fields.values()], [True, True, True])

    def test_before_the_closing_a_motion_shows_zeros_to_everyone(self):
        session = self._meeting(7)
        self._vote(session, 4, 2)
        motion = session.motion_ids
        for user in (self.county_officer, self.city_officer, self._present(session)[0].user_id):
            motion.invalidate_recordset()
            figures = motion.with_user(user).read(["agree", "against", "abstain", "passed"])[0]
            self.assertEqual([figures[name] for name in ("agree", "against", "abstain", "passed")], [0, 0, 0, False])
            groups = motion.with_user(user).formatted_read_group([("id", "=", motion.id)], [], ["agree:sum"])
            self.assertEqual(groups[0]["agree:sum"], 0)
        self.assertEqual(self._turnout(session), 7)

    def test_a_seat_shows_that_and_never_what_or_when(self):
        columns = self._columns("skill_cert_session_seat")
        self.assertFalse(columns & {"write_date", "write_uid", "create_date", "create_uid", "choice"})
        self.assertIn("voted", columns)

    def test_a_ballot_has_no_column_that_leads_to_a_voter_or_a_time(self):
        self.assertEqual(self._columns("skill_cert_ballot"), {"id", "motion_id", "token", "choice"})

    def test_no_table_refers_to_ballots_and_they_refer_to_motions_only(self):
        self.env.cr.execute(
            """SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
                WHERE contype = 'f' AND 'skill_cert_ballot'::regclass IN (conrelid, confrelid)"""
        )
        self.assertEqual(self.env.cr.fetchall(), [("skill_cert_ballot", "skill_cert_motion")])

    def _columns(self, table):
        self.env.cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        return {name for (name,) in self.env.cr.fetchall()}

    def test_the_seal_can_be_recounted_by_anyone_who_has_the_ballots(self):
        session = self._meeting(7, motions=2)
        self._vote(session, 4, 2)
        session.action_close()
        ballots = (
            self.env["skill.cert.ballot"]
            .with_user(self.county_officer)
            .search([("motion_id", "in", session.motion_ids.ids)])
        )
        lines = sorted(f"{ballot.motion_id.id}:{ballot.choice}" for ballot in ballots)
        self.assertEqual(session.seal, hashlib.sha256("\n".join(lines).encode()).hexdigest())
        self.assertIn(session.seal, session.minutes)
        for motion in session.motion_ids:
            counted = [
                ballots.filtered(lambda b, m=motion: b.motion_id == m).mapped("choice").count(c) for c in CHOICES
            ]
            self.assertEqual(counted, [motion.agree, motion.against, motion.abstain])
            self.assertEqual(sum(counted), motion.base)

    def test_a_changed_ballot_no_longer_fits_the_seal(self):
        session = self._meeting(7)
        self._vote(session, 4, 3)
        session.action_close()
        motion = session.motion_ids
        self.env.cr.execute(
            """UPDATE skill_cert_ballot SET choice = 'agree' WHERE id =
               (SELECT min(id) FROM skill_cert_ballot WHERE motion_id = %s AND choice = 'against')""",
            [motion.id],
        )
        self.assertNotEqual(self.env["skill.cert.ballot"]._digest(motion), session.seal)


@tagged("standard", "post_install", "-at_install")
class TestAttack(VoteCase):
    """Fifteen members, twelve motions: who can be linked to a paper by what the database keeps?"""

    MOTIONS = 12

    def _prepare(self):
        super()._prepare()
        self.session = self._meeting(15, motions=self.MOTIONS)
        self.motions = self.session.motion_ids
        draw = random.Random(86)
        seats = list(self._present(self.session))
        draw.shuffle(seats)  # the order in which they vote is not the order of the seats
        self.papers = {}
        for seat in seats:
            paper = {motion.id: draw.choice(CHOICES) for motion in self.motions}
            with self.env.cr.savepoint():  # a subtransaction: rows written in it have an xmin of their own
                self.session.with_user(seat.user_id).cast(paper)
            self.papers[seat.id] = paper

    def _seal(self):
        with self.env.cr.savepoint():
            self.session.action_close()

    def _ballots(self, order):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT motion_id, choice, xmin::text, token, id FROM skill_cert_ballot WHERE motion_id = ANY(%s) ORDER BY %s",
                self.motions.ids,
                SQL(order),
            )
        )
        return self.env.cr.fetchall()

    def _seats(self):
        self.env.cr.execute(
            "SELECT id, xmin::text FROM skill_cert_session_seat WHERE session_id = %s AND voted ORDER BY xmin::text::bigint",
            [self.session.id],
        )
        return self.env.cr.fetchall()

    def _linked_by_transaction(self):
        """Return how many seats share the transaction of exactly their own paper."""
        papers = {}
        for motion, choice, xmin, _token, _id in self._ballots("id"):
            papers.setdefault(xmin, {}).setdefault(motion, []).append(choice)
        return sum(
            papers.get(xmin) == {motion: [choice] for motion, choice in self.papers[seat].items()}
            for seat, xmin in self._seats()
        )

    def _linked_by_order(self, order):
        """Return how many seats, in the order of their votes, fit the ballots of each motion in ``order``."""
        columns = {}
        for motion, choice, *_rest in self._ballots(order):
            columns.setdefault(motion, []).append(choice)
        return sum(
            all(columns[motion][place] == choice for motion, choice in self.papers[seat].items())
            for place, (seat, _xmin) in enumerate(self._seats())
        )

    def _tables_of_the_casting_transactions(self):
        """Return all tables of the database with a row that a casting transaction wrote."""
        xmins = [int(xmin) for _seat, xmin in self._seats()]
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        found = set()
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL("SELECT 1 FROM %s WHERE xmin::text::bigint = ANY(%s) LIMIT 1", SQL.identifier(table), xmins)
            )
            if self.env.cr.rowcount:
                found.add(table)
        return found

    def test_the_control_finds_every_voter_before_the_sealing(self):
        self.assertEqual(len({xmin for _seat, xmin in self._seats()}), 15, "each paper has a transaction of its own")
        self.assertEqual(self._linked_by_transaction(), 15)
        self.assertEqual(self._linked_by_order("xmin::text::bigint"), 15)
        # A filled ballot stays on the page of its blank, so that its place does not follow the order of voting.
        self.assertEqual(self._linked_by_order("ctid"), 0)
        self.assertEqual(self._tables_of_the_casting_transactions(), {"skill_cert_session_seat", "skill_cert_ballot"})

    def test_neither_ids_nor_tokens_follow_the_order_of_voting_even_before_the_sealing(self):
        for order in ("id", "token"):
            self.assertEqual(self._linked_by_order(order), 0, order)

    def test_after_the_sealing_nobody_is_found_by_transaction_place_number_or_token(self):
        before = self._ballots("id")
        self._seal()
        after = self._ballots("id")
        self.assertEqual(self._linked_by_transaction(), 0)
        for order in ("ctid", "id", "token", "xmin::text::bigint, ctid"):
            self.assertEqual(self._linked_by_order(order), 0, order)
        self.assertEqual(len({xmin for *_rest, xmin, _token, _id in after}), 1, "one transaction wrote all of them")
        self.assertFalse({row[3] for row in before} & {row[3] for row in after}, "tokens are new")
        self.assertFalse({row[4] for row in before} & {row[4] for row in after}, "ids are new")

    def test_after_the_sealing_the_casting_transactions_left_nothing_but_the_seats(self):
        self._seal()
        self.assertEqual(self._tables_of_the_casting_transactions(), {"skill_cert_session_seat"})

    def test_no_message_mail_bus_or_log_names_a_choice_or_appears_with_a_vote(self):
        count = {}
        for table in ("mail_message", "mail_mail", "mail_tracking_value", "mail_notification", "bus_bus", "ir_logging"):
            self.env.cr.execute(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
            count[table] = self.env.cr.fetchone()[0]
        session = self._meeting(15)
        self.env.flush_all()
        base = self.env["mail.message"].search_count([])
        self._vote(session, 8, 4)
        self.env.flush_all()
        self.assertEqual(self.env["mail.message"].search_count([]), base)
        self.env.cr.execute("SELECT count(*) FROM bus_bus")
        self.assertEqual(self.env.cr.fetchone()[0], count["bus_bus"])
        self.env.cr.execute("SELECT count(*) FROM ir_logging")
        self.assertEqual(self.env.cr.fetchone()[0], count["ir_logging"])
        session.action_close()
        texts = " ".join(self.env["mail.message"].search([("model", "=like", "skill.cert.%")]).mapped("body"))
        for seat in self._present(session):
            self.assertNotIn(seat.user_id.name, texts)

    def test_the_minutes_name_figures_and_nobody(self):
        self._seal()
        for seat in self._present(self.session):
            self.assertNotIn(seat.expert_id.name, self.session.minutes)


@tagged("standard", "post_install", "-at_install")
class TestSealingOfOneMotion(VoteCase):
    """With one motion, whatever order the ballots keep is the order of voting: nothing else mixes them."""

    def _prepare(self):
        super()._prepare()
        self.session = self._meeting(15)
        self._vote(self.session, 5, 5)

    def _ballots(self, session=None, order="ctid"):
        self.env.flush_all()
        query = "SELECT id, token, choice FROM skill_cert_ballot WHERE motion_id = ANY(%s) ORDER BY %s"
        self.env.cr.execute(SQL(query, (session or self.session).motion_ids.ids, SQL(order)))
        return self.env.cr.fetchall()

    def test_neither_place_nor_number_follows_the_order_of_voting(self):
        # Let the ballots lie in the order of voting, in which the sealing finds them.
        motion, voted = self.session.motion_ids, ["agree"] * 5 + ["against"] * 5 + ["abstain"] * 5
        # In an empty table: in one with room left by rows of before, what is inserted lies where there is room.
        self.env.cr.execute("TRUNCATE skill_cert_ballot")
        self.env.cr.execute_values(
            "INSERT INTO skill_cert_ballot (motion_id, token, choice) VALUES %s",
            [(motion.id, f"{place:02d}", choice) for place, choice in enumerate(voted)],
        )
        self.assertEqual([choice for *_rest, choice in self._ballots()], voted)
        self.session.action_close()
        for order in ("ctid", "id"):
            self.assertNotEqual([choice for *_rest, choice in self._ballots(order=order)], voted, order)

    def test_every_ballot_is_a_new_one_and_those_of_before_are_gone(self):
        before, seen = self._ballots(), self.env["skill.cert.ballot"].search([])
        self.assertEqual(len(seen.mapped("choice")), 15)
        self.session.action_close()
        for column in (0, 1):
            self.assertFalse({row[column] for row in before} & {row[column] for row in self._ballots()})
        with self.assertRaises(MissingError):
            seen[:1].choice  # noqa: B018

    def test_the_ballots_of_another_vote_stay_as_they_are(self):
        other = self._meeting(7)
        self._vote(other, 3, 2)
        before = self._ballots(other, "id")
        self.session.action_close()
        self.assertEqual(self._ballots(other, "id"), before)

    def test_what_is_put_off_is_gone_for_whoever_looked_at_it(self):
        other = self._meeting(7)
        seen = self.env["skill.cert.ballot"].search([("motion_id", "in", other.motion_ids.ids)])
        self.assertEqual(len(seen.mapped("choice")), 7)
        self._end(other)
        seen.mapped("choice")
        other.action_close()
        self.assertEqual(other.motion_ids.state, "put_off")
        with self.assertRaises(MissingError):
            seen[:1].choice  # noqa: B018


@tagged("standard", "post_install", "-at_install")
class TestSeats(VoteCase):
    def test_once_voting_has_begun_no_seat_comes_or_goes_and_nobody_is_noted_as_declared(self):
        session = self._meeting(7, open_vote=False)
        absent = session.seat_ids.filtered(lambda seat: not seat.present)[:1]
        values = {"session_id": session.id, "member_id": absent.member_id.id}
        absent.unlink()
        session.action_open()
        silent = session.seat_ids.filtered(lambda seat: not seat.present)[:1]
        for step in (
            lambda: session.seat_ids.create(values),
            session.seat_ids[:1].unlink,
            silent.action_record_declaration,
        ):
            with self.assert_refused("Voting has begun"):
                step()

    def test_a_forged_vote_is_called_so_whenever_it_is_tried(self):
        session = self._meeting(7)
        for values in ({"declared": True}, {"voted": True}, {"voter_id": self.county_officer.id}):
            with self.subTest(values=values), self.assert_refused("set by the procedure only", error=AccessError):
                session.seat_ids[:1].write(values)

    def test_who_declared_in_person_is_not_noted_as_having_said_it(self):
        session = self._session(self._waiting_for_vote(1))
        seat, other = session.sudo().seat_ids[:2]
        session.sudo().seat_ids.write({"declared": False, "declared_orally": False})
        session.with_user(seat.user_id).action_declare()
        session.action_record_declarations()
        self.assertEqual((seat.declared_orally, other.declared_orally), (False, True))

    def test_who_took_part_is_known_from_the_closing_on(self):
        session = self._meeting(7)
        seats = self._present(session)
        seen = [any(seats.mapped("took_part"))]
        self._vote(session, 7)
        seen.append(any(seats.mapped("took_part")))
        session.action_close()
        self.assertEqual([*seen, all(seats.mapped("took_part"))], [False, False, True])

    def test_a_seat_is_called_as_its_member_is_now(self):
        seat = self._present(self._meeting(7, open_vote=False))[:1]
        self.assertEqual(seat.display_name, seat.expert_id.name)
        seat.expert_id.name = "改名示例"
        self.assertEqual(seat.display_name, "改名示例")


@tagged("standard", "post_install", "-at_install")
class TestAgenda(VoteCase):
    def _prepare(self):
        super()._prepare()
        self.session = self._meeting(7, motions=2, open_vote=False)
        self.motion, self.other = self.session.motion_ids
        self.seat = self._present(self.session)[:1]
        self.own = self.session.with_user(self.seat.user_id)

    def test_a_motion_stays_with_its_applicant_and_session_and_a_seat_with_its_session(self):
        later, waiting = self._meeting(7, open_vote=False), self._waiting_for_vote(1)
        for values in ({"application_id": waiting.id}, {"session_id": later.id}):
            with self.subTest(values=values), self.assert_refused("stays with its applicant", error=AccessError):
                self.motion.write(values)
        with self.assert_refused("stays with its session", error=AccessError):
            self.session.seat_ids[:1].write({"session_id": later.id})

    def test_a_case_of_another_bureaus_round_comes_on_no_agenda(self):
        foreign = self._waiting_for_vote(1, self.other_county)
        with self.assert_refused("round of another bureau"):
            self.session.sudo().motion_ids.create({"session_id": self.session.id, "application_id": foreign.id})

    def test_nothing_is_put_off_without_a_reason_and_the_dialogue_asks_for_it(self):
        for reason in ("", "  ", None):
            with self.subTest(reason=reason), self.assert_refused("Please say why"):
                self.motion.action_put_off(reason)
        asked = self.session.motion_ids.action_ask_put_off()
        self.assertEqual(
            asked["context"], {"default_motion_ids": self.session.motion_ids.ids, "default_action": "put_off"}
        )
        self.motion.action_put_off("缺席")
        self.assertEqual(
            (self.motion.state, self.motion.put_off_reason, self.other.state), ("put_off", "缺席", "pending")
        )

    def test_a_member_declares_beside_the_motion_and_the_case_is_gone(self):
        for motion, kind in ((self.motion, "kin"), (self.other, "other")):
            own = motion.with_user(self.seat.user_id)
            with self.assert_refused("Please say which"):
                own.action_declare_conflict("time")
            answer = getattr(own, f"action_declare_{kind}")()
            self.assertEqual(answer["tag"], "soft_reload")
            conflict = motion.sudo().application_id.conflict_ids
            self.assertEqual((conflict.expert_id, conflict.kind), (self.seat.expert_id, kind))
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertFalse(own.has_access("read"))

    def _shown(self, session):
        self.env.invalidate_all()  # as the next request does
        names = ("user_must_declare", "user_has_declared", "user_can_cast", "user_has_voted")
        return tuple(name for name in names if session[name])

    def test_a_member_is_asked_for_what_comes_next_and_nobody_else_is(self):
        self.seat.write({"declared": False})
        shown = [self._shown(self.own)]
        self.own.action_declare()
        shown.append(self._shown(self.own))
        self.session.action_open()
        shown.append(self._shown(self.own))
        self.own.cast({motion.id: "agree" for motion in self.session.motion_ids})
        shown.append(self._shown(self.own))
        self.assertEqual(
            shown,
            [
                ("user_must_declare",),
                ("user_has_declared",),
                ("user_has_declared", "user_can_cast"),
                ("user_has_declared", "user_has_voted"),
            ],
        )
        self.assertEqual(self._shown(self.session), ())

    def test_whoever_is_absent_is_asked_for_no_vote(self):
        absent = self.session.sudo().seat_ids.filtered(lambda seat: not seat.present)[:1]
        self.session.action_open()
        self.assertFalse(self.session.with_user(absent.user_id).user_can_cast)


@tagged("standard", "post_install", "-at_install")
class TestNumbers(VoteCase):
    """The integers of the notice, straight from the policy."""

    def test_pass_share(self):
        for base in range(1, 16):
            needed = min(agree for agree in range(base + 1) if agree / base >= 0.5)
            self.assertTrue(self.policy._passes(needed, base), base)
            self.assertFalse(self.policy._passes(needed - 1, base), base)
        self.assertFalse(self.policy._passes(0, 0))

    def test_neither_a_tally_nor_a_recusal_can_be_written_by_hand_or_through_the_session(self):
        session = self._meeting(7)
        for values in ({"agree": 7}, {"recused_seat_ids": [Command.clear()]}, {"passed": True}, {"state": "voted"}):
            for user in (self.county_officer, self._present(session)[0].user_id):
                with self.subTest(values=values, user=user.name), self.assertRaises(UserError):
                    session.motion_ids.with_user(user).write(values)
                with self.subTest(values=values, user=user.name), self.assertRaises(UserError):
                    session.with_user(user).write({"motion_ids": [Command.update(session.motion_ids.id, values)]})
