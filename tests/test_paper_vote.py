"""A vote on paper: counted by two officers independently; the rest of the way is that of every vote."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase

FIGURES = ("agree", "against", "abstain")


class PaperCase(SkillCertCase):
    MOTIONS = 2

    def _prepare(self):
        super()._prepare()
        self.first, self.second = self.county_officer, self._officer(self.county, "county")
        self.third = self._officer(self.county, "county")
        self.session = self._session(self._waiting_for_vote(self.MOTIONS))
        self.session.voting = "paper"
        self.session.action_open()

    def _count(self, user, *figures):
        """Return the officer's own count, with ``figures`` typed for the motions in order."""
        self.session.with_user(user).action_count()
        count = (
            self.env["skill.cert.paper.count"]
            .with_user(user)
            .search([("session_id", "=", self.session.id), ("officer_id", "=", user.id), ("state", "!=", "discarded")])
        )
        for line, votes in zip(count.line_ids.sorted("motion_id"), figures, strict=False):
            line.write(dict(zip(FIGURES, votes, strict=True)))
        return count

    def _agree(self, *figures):
        for user in (self.first, self.second):
            self._count(user, *figures).action_complete()


@tagged("standard", "post_install", "-at_install")
class TestPaperVote(PaperCase):
    def test_nobody_casts_in_a_session_that_votes_on_paper(self):
        for seat in self.session.sudo().seat_ids:
            own = self.session.with_user(seat.user_id)
            self.assertFalse(own.user_can_cast)
            self.assertFalse(own.ballot_paper()["open"])
            with self.assert_refused("votes on paper"):
                own.cast({motion.id: "agree" for motion in self.session.sudo().motion_ids})
        self.assertFalse(self.env["skill.cert.ballot"].search([("choice", "!=", False)]).filtered(
            lambda ballot: ballot.motion_id in self.session.motion_ids
        ))  # fmt: skip

    def test_the_way_of_voting_is_chosen_in_preparation(self):
        with self.assert_refused("Voting has begun"):
            self.session.voting = "electronic"

    def test_two_equal_counts_become_ballots_tally_seal_and_minutes(self):
        self._agree((4, 2, 1), (3, 4, 0))
        self.session.action_close()
        motions = self.session.motion_ids.sorted("id")
        self.assertEqual([(m.agree, m.against, m.abstain, m.base) for m in motions], [(4, 2, 1, 7), (3, 4, 0, 7)])
        self.assertEqual(motions.mapped("passed"), [True, False])
        self.assertEqual(motions.application_id.mapped("state"), ["passed", "rejected"])
        ballots = self.env["skill.cert.ballot"].search([("motion_id", "in", motions.ids)])
        self.assertEqual(len(ballots), 14)
        self.assertTrue(all(ballots.mapped("choice")))
        self.assertEqual(self.session.seal, self.env["skill.cert.ballot"]._digest(motions))
        self.assertIn(self.session.seal, self.session.minutes)
        for words in ("On paper", self.first.name, self.second.name):
            self.assertIn(words, self.session.minutes)
        self.assertFalse(any(self.session.sudo().seat_ids.mapped("voted")))

    def test_the_figures_of_a_motion_add_up_to_its_base(self):
        for figures in ((7, 1, 0), (6, 0, 0), (0, 0, 0)):
            count = self._count(self.first, figures, (7, 0, 0))
            with self.subTest(figures=figures), self.assert_refused("do not add up"):
                count.action_complete()
        self.assertEqual(count.state, "draft")
        with self.assertRaises(Exception) as caught:
            count.line_ids[0].write({"agree": 8, "against": -1})
            self.env.flush_all()
        self.assertIn("not_negative", str(caught.exception))

    def test_no_closing_before_two_officers_have_agreed(self):
        with self.assert_refused("Two officers must each complete a count"):
            self.session.action_close()
        self._count(self.first, (7, 0, 0), (7, 0, 0)).action_complete()
        with self.assert_refused("Two officers must each complete a count"):
            self.session.action_close()
        self._count(self.second, (7, 0, 0), (7, 0, 0))
        with self.assert_refused("Two officers must each complete a count"):
            self.session.action_close()
        self.assertEqual(self.session.state, "open")

    def test_where_the_counts_differ_both_are_told_which_motion_and_count_again(self):
        mine, other = self._count(self.first, (4, 3, 0), (7, 0, 0)), self._count(self.second, (3, 4, 0), (7, 0, 0))
        mine.action_complete()
        other.action_complete()
        differing = self.session.motion_ids.sorted("id")[0].application_id.display_name
        for count in (mine, other):
            count.invalidate_recordset()
            self.assertEqual((count.state, count.attempt, count.differing), ("draft", 2, differing))
            again, settled = count.line_ids.sorted("motion_id")
            self.assertEqual((again.differs, again.agree, settled.differs, settled.agree), (True, 0, False, 7))
        with self.assert_refused("Two officers must each complete a count"):
            self.session.action_close()
        self._agree((4, 3, 0))
        self.session.action_close()
        self.assertEqual(self.session.motion_ids.mapped("agree"), [4, 7])

    def test_one_officer_does_not_count_for_two_nor_three_count(self):
        mine = self._count(self.first, (7, 0, 0), (7, 0, 0))
        self.assertEqual(self._count(self.first), mine)
        self._count(self.second)
        with self.assert_refused("Two officers are counting already"):
            self.session.with_user(self.third).action_count()
        self.assertEqual(len(self.session.sudo().count_ids), 2)

    def test_a_count_begun_anew_keeps_the_old_ones(self):
        self._agree((7, 0, 0), (7, 0, 0))
        self.session.with_user(self.third).action_discard_counts()
        with self.assert_refused("Two officers must each complete a count"):
            self.session.action_close()
        self.second = self.third
        self._agree((6, 1, 0), (7, 0, 0))
        self.session.action_close()
        self.assertEqual(
            self.session.sudo().count_ids.mapped("state"), ["discarded", "discarded", "complete", "complete"]
        )

    def test_only_officers_of_the_bureau_count(self):
        seat = self.session.sudo().seat_ids[1]
        for user in (self.other_officer, self.city_officer, self.nominator, self.manager, seat.user_id):
            for step in ("action_count", "action_discard_counts", "action_close"):
                with self.subTest(user=user.name, step=step), self.assertRaises(AccessError):
                    getattr(self.session.with_user(user), step)()

    def test_a_complete_count_is_not_changed(self):
        count = self._count(self.first, (7, 0, 0), (7, 0, 0))
        count.action_complete()
        for step in (
            lambda: count.line_ids[0].write({"agree": 6, "against": 1}),
            lambda: count.write({"line_ids": [Command.update(count.line_ids[0].id, {"agree": 6, "against": 1})]}),
            count.action_complete,
        ):
            with self.assert_refused("complete"):
                step()

    def test_there_is_nothing_to_count_in_an_electronic_vote(self):
        session = self._session(self._waiting_for_vote(1))
        session.action_open()
        with self.assert_refused("while a vote on paper is open"):
            session.action_count()

    def test_scans_are_kept_and_not_exchanged_after_the_sealing(self):
        self._agree((7, 0, 0), (7, 0, 0))
        mine = self._count(self.first)
        mine.scan_ids = [Command.link(self._file(self.first, "票.pdf").id)]
        self.session.action_close()
        mine.scan_ids = [Command.link(self._file(self.first, "记录.pdf").id)]
        self.assertEqual(len(mine.scan_ids), 2)
        for step in (mine.scan_ids[0].unlink, lambda: mine.scan_ids[0].write({"raw": b"other"})):
            with self.assert_refused("The vote is sealed"):
                step()
        member = self.session.sudo().seat_ids[1].user_id
        with self.assertRaises(AccessError):
            mine.scan_ids[0].with_user(member).read(["raw"])


@tagged("standard", "post_install", "-at_install")
class TestBlindCounting(PaperCase):
    def _prepare(self):
        super()._prepare()
        self.mine = self._count(self.first, (4, 2, 1), (7, 0, 0))
        self.mine.action_complete()
        self._count(self.second)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_no_road_leads_to_the_others_figures(self):
        readers = (
            self.second, self.third, self.city_officer, self.other_officer, self.manager, self.nominator, self.plain_user,
            self.session.sudo().seat_ids[1].user_id,
        )  # fmt: skip
        lines = self.mine.sudo().line_ids
        for user in readers:
            own, count = lines.with_user(user), self.mine.with_user(user)
            domain = [("count_id", "=", self.mine.id)]
            looks = {
                "search": lambda own=own, domain=domain: own.search(domain),
                "count": lambda own=own, domain=domain: own.search_count([*domain, ("agree", "=", 4)]),
                "group": lambda own=own, domain=domain: own.formatted_read_group(domain, [], ["agree:sum"])[0]["agree:sum"],
                "name": lambda own=own, domain=domain: own.name_search("", domain),
                "read": lambda own=own: own.read(["agree"]),
                "attribute": lambda own=own: own[0].agree,
                "through the count": lambda count=count: count.search_count([("line_ids.agree", "=", 4), ("id", "=", count.id)]),
                "through the session": lambda user=user: self.session.with_user(user).search_count(
                    [("count_ids.line_ids.agree", "=", 4)]
                ),
            }  # fmt: skip
            for road, look in looks.items():
                with self.subTest(user=user.name, road=road):
                    self.assertFalse(self._seen(look))

    def _seen(self, look):
        try:
            return look()
        except AccessError:
            return False
        finally:
            self.env.invalidate_all(flush=False)

    def test_that_somebody_has_finished_is_all_that_the_session_shows(self):
        progress = self.session.with_user(self.second).count_progress
        self.assertIn(f"{self.first.name}: Complete", progress)
        self.assertFalse(
            any(
                character in progress.replace(self.first.name, "").replace(self.second.name, "") for character in "4217"
            )
        )
        motion = self.session.motion_ids.with_user(self.second)[0]
        self.assertEqual((motion.agree, motion.against), (0, 0))

    def test_nobody_writes_anothers_count(self):
        for user in (self.second, self.third, self.city_officer):
            for step in (
                lambda user=user: self.mine.with_user(user).action_complete(),
                lambda user=user: self.mine.with_user(user).write({"scan_ids": []}),
                lambda user=user: self.mine.sudo().line_ids.with_user(user).write({"agree": 7}),
            ):
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    step()

    def test_an_officer_who_left_the_bureau_counts_no_more(self):
        other = self._count(self.second)
        self.county.user_ids = [Command.unlink(self.second.id)]
        for step in (other.action_complete, lambda: other.line_ids.write({"agree": 1})):
            with self.assert_refused("writes the own count only", error=AccessError):
                step()

    def test_after_the_sealing_the_bureau_and_the_city_read_both(self):
        other = self._count(self.second, (4, 2, 1), (7, 0, 0))
        other.action_complete()
        self.session.action_close()
        for user in (self.first, self.second, self.third, self.city_officer):
            counts = self.env["skill.cert.paper.count"].with_user(user).search([("session_id", "=", self.session.id)])
            self.assertEqual(len(counts), 2)
            self.assertEqual(sum(counts.line_ids.mapped("agree")), 22)
