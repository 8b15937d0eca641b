"""Experts drawn by lot: nobody chooses, everybody can check, and every draw is kept."""

from hashlib import sha256

from psycopg2 import IntegrityError

from odoo.addons.wz_skill_cert.models.review.draw import ranking
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase

MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class DrawCase(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.welder = cls.env["skill.cert.occupation"].create({"name": "示例焊工"})
        cls.pool = cls._experts(cls.county, 6)
        cls.pool.occupation_ids = cls.welder

    def _prepare(self):
        super()._prepare()
        self.panel = self._draft_panel()

    def _draft_panel(self, **values):
        return (
            self.env["skill.cert.panel"]
            .with_user(self.county_officer)
            .create({"name": "示例考评组", "bureau_id": self.county.id, "policy_id": self.policy.id, **values})
        )

    def _draw(self, panel=None, user=None, make=True, **values):
        draw = (
            self.env["skill.cert.draw"]
            .with_user(user or self.county_officer)
            .create(
                {
                    "panel_id": (panel or self.panel).id,
                    "occupation_ids": [Command.set(self.welder.ids)],
                    "wanted": 3,
                    **values,
                }
            )
        )
        if make:
            draw.action_draw()
        return draw

    def _assert_impossible(self, step):
        """Assert that the step is refused, by a rule or by the database."""
        refused = False
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                step()
                self.env.flush_all()
        except (UserError, IntegrityError):
            refused = True
            self.env.invalidate_all(flush=False)
        self.assertTrue(refused)

    def _line(self, draw, state):
        return draw.line_ids.filtered(lambda line: line.state == state)


@tagged("standard", "post_install", "-at_install")
class TestScreen(DrawCase):
    def test_a_draw_is_prepared_and_made_in_its_form(self):
        draws = self.env["skill.cert.draw"].with_user(self.county_officer)
        with Form(draws.with_context(default_panel_id=self.panel.id)) as form:
            form.wanted = 3
        form.record.action_draw()
        self.assertEqual(form.record.state, "drawn")


@tagged("standard", "post_install", "-at_install")
class TestOrder(DrawCase):
    def test_anybody_replays_the_draw_with_ten_lines(self):
        draw = self._draw()
        pool = [(line.code, line.open_count) for line in draw.line_ids.sorted("code")]
        order = sorted(pool, key=lambda line: (line[1] // 5, sha256(f"{draw.seed}:{line[0]}".encode()).hexdigest()))
        self.assertEqual([code for code, _load in order], draw.line_ids.sorted("rank").mapped("code"))
        self.assertEqual(draw.line_ids.sorted("rank").mapped("state"), ["drawn"] * 3 + ["waiting"] * 3)
        self.assertEqual(draw.action_replay()["params"]["type"], "success")

    def test_the_replay_finds_whatever_was_changed_behind_its_back(self):
        draw = self._draw()
        first, second = draw.sudo().line_ids.sorted("rank")[:2]
        for change in (
            lambda: (first.write({"rank": 2}), second.write({"rank": 1})),
            lambda: draw.sudo().write({"seed": "0" * 64}),
            lambda: first.write({"open_count": 99}),
            lambda: first.write({"code": "E999999"}),
            lambda: first.write({"lot": "0" * 64}),
        ):
            with self.env.cr.savepoint() as savepoint:
                change()
                self.env.flush_all()
                with self.assert_refused("does not follow"):
                    draw.action_replay()
                savepoint.rollback()
            self.env.invalidate_all(flush=False)
        draw.action_replay()

    def test_the_seed_has_256_fresh_bits_and_the_words_of_the_witness(self):
        plain = self._draw()
        self.assertEqual(len(bytes.fromhex(plain.seed)), 32)
        again = self._draw(self._draft_panel(), reason="示例", witness_name="王示例", witness_words="03 17 22")
        fresh, _colon, words = again.seed.partition(":")
        self.assertEqual(words, "03 17 22")
        self.assertNotEqual(fresh, plain.seed)
        with self.assert_refused("both or neither"):
            self._draw(self._draft_panel(), reason="示例", witness_words="03 17 22")

    def test_whoever_owes_less_comes_first_in_steps_of_five(self):
        for expert, load in zip(self.pool, (5, 4, 0, 10, 9, 3), strict=True):
            self.env.cr.execute("UPDATE skill_cert_expert SET open_count = %s WHERE id = %s", (load, expert.id))
        self.env.invalidate_all()
        steps = [line.open_count // 5 for line in self._draw().line_ids.sorted("rank")]
        self.assertEqual(steps, [0, 0, 0, 1, 1, 2])

    def test_the_lot_is_even(self):
        first = [ranking(str(seed), [("A", 0), ("B", 0), ("C", 4)])[0] for seed in range(3000)]
        for code in "ABC":
            self.assertTrue(900 < first.count(code) < 1100, first.count(code))


@tagged("standard", "post_install", "-at_install")
class TestPool(DrawCase):
    def _pool(self, **values):
        return set(self._draw(**values).line_ids.expert_id.ids)

    def test_only_who_is_fit_is_in_the_pool(self):
        other_trade, head = self._expert(self.county), self._expert(self.county, "hr_head")
        head.occupation_ids = self.welder
        foreign, of_city = self._expert(self.other_county), self._expert(self.city)
        (foreign | of_city).occupation_ids = self.welder
        self.pool[0].available = False
        self.pool[1].user_id = False
        self.pool[2].write({"unavailable_from": "2000-01-01"})
        draw = self._draw()
        self.assertEqual(set(draw.line_ids.expert_id.ids), set((self.pool[3:] | of_city).ids))
        self.assertIn(self.pool[0].name, draw.excluded)
        for hidden in (foreign, other_trade, head):
            self.assertNotIn(f"{hidden.name}:", draw.excluded)

    def test_whoever_has_a_conflict_with_a_case_of_the_panel_is_not_drawn(self):
        case = self._accepted()
        self.pool[0].employer_id = self.enterprise
        self.env["skill.cert.conflict"].create({"expert_id": self.pool[1].id, "application_id": case.id})
        self.panel.application_ids = [Command.link(case.id)]
        draw = self._draw()
        self.assertEqual(set(draw.line_ids.expert_id.ids), set(self.pool[2:].ids))
        self.assertIn("conflict of interest", draw.excluded)

    def test_members_are_not_drawn_again(self):
        self.panel.member_ids = [Command.create({"expert_id": self.pool[0].id})]
        self.assertEqual(self._pool(), set(self.pool[1:].ids))

    def test_a_pool_that_is_too_small_is_told(self):
        with self.assert_refused("6 experts", "7 are wanted"):
            self._draw(wanted=7)
        self.assertEqual(len(self._line(self._draw(wanted=6), "drawn")), 6)

    def test_the_pool_is_frozen(self):
        draw = self._draw()
        before = [(line.code, line.open_count, line.rank) for line in draw.line_ids]
        self.pool.available = False
        self.pool[0].occupation_ids = False
        self.assertEqual([(line.code, line.open_count, line.rank) for line in draw.line_ids], before)
        draw.action_replay()

    def test_an_expert_drawn_sees_nothing_until_assigned(self):
        draw = self._draw()
        user = self._line(draw, "drawn")[0].expert_id.user_id
        for model in ("skill.cert.draw", "skill.cert.draw.line"):
            with mute_logger(*MUTED), self.assertRaises(AccessError):
                self.env[model].with_user(user).search_count([])
        self.assertFalse(self.env["skill.cert.panel"].with_user(user).search([]))
        draw.action_accept_all()
        self.assertTrue(self.env["skill.cert.panel"].with_user(user).search([]))


@tagged("standard", "post_install", "-at_install")
class TestAnswers(DrawCase):
    def test_a_panel_without_a_draw_says_nothing_of_one(self):
        self.assertIs(self._panel(self.county).composed_by_draw, False)

    def test_those_who_accept_become_members_and_the_panel_says_that_they_were_drawn(self):
        draw = self._draw()
        draw.action_accept_all()
        self.assertEqual(self.panel.member_ids.expert_id, self._line(draw, "accepted").expert_id)
        self.assertEqual(len(self.panel.member_ids), 3)
        self.assertIn("3 of 3", self.panel.composed_by_draw)
        self.panel.leader_id = self.panel.member_ids.expert_id[:1]
        self.panel.action_appoint()
        self.assertEqual(self.panel.state, "appointed")

    def test_a_refusal_has_a_reason_is_kept_and_draws_the_next_in_rank(self):
        draw = self._draw()
        first, following = self._line(draw, "drawn")[0], self._line(draw, "waiting").sorted("rank")[0]
        with self.assert_refused("why"):
            first.action_refuse()
        first.refusal_reason = "出差"
        first.action_refuse()
        self.assertEqual((first.state, first.refusal_reason, following.state), ("refused", "出差", "drawn"))
        draw.action_accept_all()
        self.assertNotIn(first.expert_id, self.panel.member_ids.expert_id)
        self.assertIn(following.expert_id, self.panel.member_ids.expert_id)
        draw.action_replay()

    def test_the_next_in_rank_is_passed_over_where_no_longer_fit(self):
        draw = self._draw()
        first, following = self._line(draw, "drawn")[0], self._line(draw, "waiting").sorted("rank")
        following[0].expert_id.sudo().available = False
        first.refusal_reason = "出差"
        first.action_refuse()
        self.assertEqual(following.mapped("state"), ["waiting", "drawn", "waiting"])

    def test_a_drawn_member_leaves_by_a_recorded_refusal_only(self):
        draw = self._draw()
        draw.action_accept_all()
        member = self.panel.member_ids[0]
        favourite = (self.pool - self.panel.member_ids.expert_id)[0]
        for step in (
            member.unlink,
            lambda: self.panel.write({"member_ids": [Command.delete(member.id)]}),
            lambda: self.panel.write({"member_ids": [Command.clear()]}),
            lambda: member.write({"expert_id": favourite.id}),
            self.panel.unlink,
        ):
            self._assert_impossible(step)
        line = self._line(draw, "accepted").filtered(lambda line: line.expert_id == member.expert_id)
        line.refusal_reason = "生病"
        line.action_refuse()
        self.assertFalse(member.exists())

    def test_nobody_but_a_draw_says_who_was_drawn(self):
        line = self._draw().line_ids[0]
        members = self.env["skill.cert.panel.member"].with_user(self.county_officer)
        values = {"panel_id": self.panel.id, "expert_id": self.pool[0].id}
        with self.assertRaises(AccessError):
            members.create({**values, "draw_line_id": line.id})
        member = members.with_context(default_draw_line_id=line.id).create(values)
        self.assertFalse(member.draw_line_id)
        with self.assertRaises(AccessError):
            member.write({"draw_line_id": line.id})

    def test_a_committee_is_drawn_likewise(self):
        committee = self._committee(self.county, experts=2, appoint=False)
        draw = (
            self.env["skill.cert.draw"]
            .with_user(self.county_officer)
            .create({"committee_id": committee.id, "occupation_ids": [Command.set(self.welder.ids)], "wanted": 3})
        )
        draw.action_draw()
        draw.action_accept_all()
        self.assertEqual(set(committee.member_ids.filtered("draw_line_id").mapped("role")), {"expert"})
        self.assertIn("3 of 5", committee.composed_by_draw)
        committee.action_appoint()


@tagged("standard", "post_install", "-at_install")
class TestKept(DrawCase):
    def test_nothing_of_a_draw_changes_or_goes(self):
        draw = self._draw()
        line = self._line(draw, "waiting")[0]
        before = self._facts(draw), self._facts(line)
        steps = {
            "seed": lambda: draw.write({"seed": "0"}),
            "wanted": lambda: draw.write({"wanted": 1}),
            "occupations": lambda: draw.write({"occupation_ids": [Command.clear()]}),
            "state": lambda: draw.write({"state": "draft"}),
            "again": draw.action_draw,
            "delete": draw.unlink,
            "line by command": lambda: draw.write({"line_ids": [Command.clear()]}),
            "rank": lambda: line.write({"rank": 1}),
            "line state": lambda: line.write({"state": "drawn"}),
            "reason of one who waits": lambda: line.write({"refusal_reason": "示例"}),
            "line delete": line.unlink,
            "accept one who waits": line.action_accept,
            "new line": lambda: line.create({"draw_id": draw.id, "expert_id": self.pool[0].id}),
        }
        for name, step in steps.items():
            with self.subTest(name), mute_logger(*MUTED), self.assertRaises(UserError):
                step()
        self.assertEqual((self._facts(draw), self._facts(line)), before)

    def test_no_result_is_typed_in_at_creation(self):
        for values in (
            {"seed": "0"},
            {"state": "drawn"},
            {"line_ids": [Command.create({"expert_id": self.pool[0].id})]},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                self._draw(make=False, **values)

    def test_another_draw_needs_a_reason_and_both_are_listed(self):
        first = self._draw()
        with self.assert_refused("why another"):
            self._draw()
        second = self._draw(reason="三人均不能参加")
        self.assertEqual(second.earlier_ids, first)
        self.assertEqual(self.panel.draw_ids, first | second)

    def test_a_new_panel_is_no_new_try(self):
        self._draw()
        with self.assert_refused("why another"):
            self._draw(self._draft_panel())
        self._assert_impossible(self.panel.unlink)

    def test_for_an_appointed_panel_nothing_is_drawn(self):
        panel = self._panel(self.county)
        with self.assert_refused("while the panel"):
            self._draw(panel)

    def test_whoever_refused_is_not_drawn_again_for_the_same_panel(self):
        first = self._draw()
        line = self._line(first, "drawn")[0]
        line.refusal_reason = "出差"
        line.action_refuse()
        self.assertNotIn(line.expert_id, self._draw(reason="示例").line_ids.expert_id)

    def test_only_officers_of_the_bureau_draw(self):
        draw = self._draw(make=False)
        users = (self.other_officer, self.city_officer, self.nominator, self.manager, self.pool[0].user_id)
        for user in users:
            own = draw.with_user(user)
            for step in (
                own.action_draw,
                lambda own=own: own.write({"wanted": 1}),
                own.unlink,
                lambda user=user: self._draw(user=user, make=False),
            ):
                with self.subTest(user.name), mute_logger(*MUTED), self.assertRaises(UserError):
                    step()
                self.env.invalidate_all()
        draw.action_draw()
        line = self._line(draw, "drawn")[0]
        for user in users:
            for step in (line.with_user(user).action_accept, line.with_user(user).action_refuse):
                with self.subTest(user.name), mute_logger(*MUTED), self.assertRaises(UserError):
                    step()
                self.env.invalidate_all()
        self.assertTrue(draw.with_user(self.city_officer).has_access("read"))

    def test_a_draft_is_not_moved_to_the_panel_of_another_bureau(self):
        foreign = self.env["skill.cert.panel"].create(
            {"name": "示例", "bureau_id": self.other_county.id, "policy_id": self.policy.id}
        )
        draw = self._draw(make=False)
        with mute_logger(*MUTED), self.assertRaises(AccessError):
            draw.write({"panel_id": foreign.id})
        with mute_logger(*MUTED), self.assertRaises(AccessError):
            self._draw(foreign, make=False)
