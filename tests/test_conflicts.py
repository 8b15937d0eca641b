"""Whoever has a conflict of interest is left out of the case, and learns nothing of it by any channel."""

from odoo.addons.wz_skill_cert.models.assessment.conflict import REASONS
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, resident_id

MUTED = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class ConflictCase(SkillCertCase):
    """A case that four experts of the county have accepted to assess."""

    def _prepare(self):
        super()._prepare()
        self.association = self._association(self.enterprise)
        self.sender = self._nominator(self.association)
        self.experts = self._experts(self.county, 4)
        self.expert = self.experts[0]
        contribution = {"date_start": "2010-01-01", "unit": "示例", "description": "革新", "witness": "周示例、吴示例"}
        self.case = self._accepted(
            self.sender,
            employer_id=self.enterprise.id,
            contact_name="郑示例",
            contribution_ids=[Command.create(contribution)],
        )
        self.panel = self._panel(self.county, experts=self.experts)
        self._start_assessment(self.case, self.panel)
        self._take_up()

    def _take_up(self):
        for assessment in self.case.sudo().review_ids.assessment_ids.filtered(lambda a: a.state == "invited"):
            assessment.with_user(assessment.user_id).action_accept()

    def _declare(self, expert=None, user=None, **values):
        conflicts = self.env["skill.cert.conflict"].with_user(user or self.county_officer)
        return conflicts.create(
            {"expert_id": (expert or self.expert).id, "application_id": self.case.id, "kind": "kin", **values}
        )

    def _reads(self, expert=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.case.with_user((expert or self.expert).user_id).has_access("read")


@tagged("standard", "post_install", "-at_install")
class TestPredicate(ConflictCase):
    def _reasons(self, expert=None):
        expert = expert or self.expert
        return expert._conflict_reasons(self.case)[self.case].get(expert, set())

    def _assert_only(self, reason):
        self.assertEqual(self._reasons(), {reason})
        self.assertEqual(self.experts._conflicts(self.case)[self.case], self.expert)

    def test_nobody_has_one_without_a_fact(self):
        self.assertFalse(self.experts._conflicts(self.case)[self.case])

    def test_the_applicants_employer(self):
        self.expert.employer_id = self.enterprise
        self._assert_only("employer")

    def test_the_nominating_association(self):
        self.expert.employer_id = self.association
        self._assert_only("nominator")

    def test_an_officer_of_the_association_and_of_the_enterprise(self):
        for unit in (self.association, self.enterprise):
            unit.nominator_user_ids = [Command.link(self.expert.user_id.id)]
            self._assert_only("officer")
            unit.nominator_user_ids = [Command.unlink(self.expert.user_id.id)]

    def test_an_officer_of_the_association_without_a_login_of_an_expert(self):
        person = self._expert(self.county)
        person.user_id = False
        self.association.nominator_user_ids = [Command.link(person.partner_id.user_ids.id)]
        self.assertEqual(self._reasons(person), {"officer"})

    def test_a_witness_however_the_line_is_written(self):
        self.expert.name = "李示例"
        self._assert_only("witness")
        for text in ("李 示例", "（李示例）", "李示例 13800000901", "王示例；李示例", "张三/李示例"):
            with self.subTest(text):
                self.case.sudo().history_ids.witness = text
                self._assert_only("witness")
        for text in ("李示例明", "李示", "示例", False):
            with self.subTest(text):
                self.case.sudo().history_ids.witness = text
                self.assertFalse(self._reasons())

    def test_no_mark_that_nobody_sees_hides_a_witness(self):
        self.expert.name = "李示例"
        for mark in "\u200b\u200d\u2060\ufeff\u00ad\u202e\u3164\ufe00\u034f\U000e0100\U000e0041":
            for text in (f"李{mark}示例", f"{mark}李示例{mark}", f"王示例{mark}李示例"):
                with self.subTest(text=ascii(text)):
                    self.case.sudo().history_ids.witness = text
                    self._assert_only("witness")
        self.case.sudo().history_ids.witness = False
        self.expert.name = "李\u200b示例"
        self.assertFalse(self._reasons())
        self.case.sudo().history_ids.witness = "李示例"
        self._assert_only("witness")

    def test_radicals_and_dots_that_look_alike_are_alike(self):
        for name, typed in (
            ("文示例", "⽂示例"),
            ("阿依·示例", "阿依•示例"),
            ("阿依·示例", "阿依・示例"),
            ("阿依·示例", "阿依‧示例"),
        ):
            with self.subTest(typed=ascii(typed)):
                self.expert.name = name
                self.case.sudo().history_ids.witness = typed
                self._assert_only("witness")

    def test_a_witness_of_a_contribution(self):
        self.expert.name = "吴示例"
        self._assert_only("witness")

    def test_whoever_is_the_contact_or_entered_the_application(self):
        self.expert.name = "郑示例"
        self._assert_only("recommender")
        author = self._expert(self.county)
        author.write({"user_id": self.sender.id, "partner_id": self.sender.partner_id.id})
        self.association.nominator_user_ids = [Command.unlink(self.sender.id)]
        self.assertEqual(self._reasons(author), {"recommender"})

    def test_the_applicant(self):
        self.expert.name = "张示例"
        self._assert_only("applicant")
        self.expert.name = "杨示例"
        self.case.sudo().employee_id = self._employee(user_id=self.expert.user_id.id)
        self._assert_only("applicant")
        self.case.sudo().employee_id = self._employee("王示例", work_contact_id=self.expert.partner_id.id)
        self._assert_only("applicant")

    def test_kin_and_other(self):
        for kind in ("kin", "other"):
            conflict = self._declare(kind=kind)
            self._assert_only(kind)
            conflict.sudo().unlink()

    def test_every_reason_is_told_by_its_name_and_no_other(self):
        labels = self.expert._conflict_labels()
        self.assertEqual(set(labels), set(REASONS))
        for told in REASONS:
            text = self.experts._conflict_text({self.expert: {told}})
            self.assertEqual([reason for reason in REASONS if labels[reason] in text], [told])
        self.assertIs(self.experts._conflict_text({}), False)

    def test_changing_the_own_name_hides_nothing(self):
        self.expert.name = "李示例"
        self.expert.user_id.with_user(self.expert.user_id).write({"name": "别的名字"})
        self._assert_only("witness")
        with self.assertRaises(AccessError):
            self.expert.with_user(self.expert.user_id).write({"name": "别的名字"})

    def test_as_many_queries_for_forty_cases_as_for_two(self):
        cases = self._waiting_for_vote(40).sudo()
        used = []
        for some in (cases[:2], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.experts._conflicts(some)
            used.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*used)


@tagged("standard", "post_install", "-at_install")
class TestReadingFollows(ConflictCase):
    """Who may read is stored; it moves with every fact from which a conflict follows, and back."""

    def _assert_follows(self, change, undo):
        self.assertTrue(self._reads())
        change()
        self.assertFalse(self._reads())
        self.assertIn(self.expert, self.case.sudo().recused_expert_ids)
        undo()
        self.assertTrue(self._reads())
        self.assertTrue(self._reads(self.experts[1]))

    def test_the_experts_employer(self):
        self._assert_follows(
            lambda: self.expert.write({"employer_id": self.enterprise.id}),
            lambda: self.expert.write({"employer_id": False}),
        )

    def test_the_officers_of_the_association(self):
        user = self.expert.user_id
        self._assert_follows(
            lambda: self.association.write({"nominator_user_ids": [Command.link(user.id)]}),
            lambda: self.association.write({"nominator_user_ids": [Command.unlink(user.id)]}),
        )

    def test_the_officers_from_the_users_side(self):
        user = self.expert.user_id
        self._assert_follows(
            lambda: user.write({"nominator_unit_ids": [Command.link(self.association.id)]}),
            lambda: user.write({"nominator_unit_ids": [Command.unlink(self.association.id)]}),
        )

    def test_the_witnesses(self):
        self.expert.name = "杨示例"
        for lines in (self.case.sudo().history_ids, self.case.sudo().contribution_ids):
            self._assert_follows(
                lambda lines=lines: lines.write({"witness": "杨示例"}),
                lambda lines=lines: lines.write({"witness": "赵示例"}),
            )

    def test_a_line_added_and_removed(self):
        self.expert.name = "杨示例"
        lines = self.case.sudo().history_ids
        values = {
            "application_id": self.case.id,
            "date_start": "2001-01-01",
            "description": "示例",
            "witness": "杨示例",
        }
        self._assert_follows(lambda: lines.create(values), lambda: lines.search([("witness", "=", "杨示例")]).unlink())

    def test_the_experts_name_and_person(self):
        self._assert_follows(
            lambda: self.expert.write({"name": "李示例"}), lambda: self.expert.write({"name": "杨示例"})
        )
        person = self.expert.partner_id
        self._assert_follows(
            lambda: self.expert.write({"partner_id": self.sender.partner_id.id}),
            lambda: self.expert.write({"partner_id": person.id}),
        )

    def test_the_applicants_name_and_the_contact(self):
        self.expert.name = "杨示例"
        for name, before in (("applicant_name", "张示例"), ("contact_name", "郑示例")):
            self._assert_follows(
                lambda name=name: self.case.sudo().write({name: "杨示例"}),
                lambda name=name, before=before: self.case.sudo().write({name: before}),
            )

    def test_a_declaration(self):
        self._assert_follows(
            self._declare, lambda: self.env["skill.cert.conflict"].search([("expert_id", "=", self.expert.id)]).unlink()
        )

    def test_the_members_of_a_committee_as_well(self):
        member = self._expert(self.county)
        cases = self._waiting_for_vote(1)
        committee = self._committee_of(
            self.county,
            self._expert(self.county, "bureau_leader"),
            self._experts(self.county, 6) | member,
            self._expert(self.county, "hr_head"),
        )
        session = self._session(cases, committee)
        session.sudo().seat_ids.declared = True
        self.case, self.expert = cases, member
        self.experts = member | session.sudo().seat_ids.expert_id[-1]
        self._assert_follows(
            lambda: self.expert.write({"employer_id": self.enterprise.id}),
            lambda: self.expert.write({"employer_id": False}),
        )


@tagged("standard", "post_install", "-at_install")
class TestEveryChannel(ConflictCase):
    """An expert who has assessed and sits on the committee, and then turns out to be kin: nothing is left of the case."""

    def _prepare(self):
        super()._prepare()
        self._assess(self.case)
        self.case.action_conclude_assessment()
        committee = self._committee_of(
            self.county,
            self._expert(self.county, "bureau_leader"),
            self._experts(self.county, 7) | self.expert,
            self._experts(self.county, 2, "hr_head"),
        )
        self.other = self._waiting_for_vote(1)
        self.session = self._session(self.case | self.other, committee)
        self.session.sudo().seat_ids.declared = True
        self.user = self.expert.user_id
        self.user.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        self.file = self.case.sudo().achievement_ids.evidence_ids
        self.case.message_post(body="内部意见示例")
        self.assertTrue(self._reads())
        self._declare()
        self.secrets = (self.case.sudo().name, "张示例", "内部意见示例", "李示例", "革新")
        self.env.flush_all()
        self.env.invalidate_all()

    def _targets(self):
        case, motion = (
            self.case.sudo(),
            self.session.sudo().motion_ids.filtered(lambda m: m.application_id == self.case),
        )
        return [
            case, case.achievement_ids, case.material_ids, case.history_ids, case.contribution_ids, motion,
            case.review_ids.assessment_ids.filtered(lambda a: a.expert_id == self.expert),
            self.env["skill.cert.conflict"].search([("application_id", "=", case.id)]),
        ]  # fmt: skip

    def test_search_count_group_name_export_and_read_show_nothing(self):
        for records in self._targets():
            self.assertTrue(records)
            own, domain = records.with_user(self.user), [("id", "in", records.ids)]
            looks = {
                "search": lambda own=own, domain=domain: own.search(domain).ids,
                "count": lambda own=own, domain=domain: own.search_count(domain),
                "name_search": lambda own=own, domain=domain: own.name_search("", domain),
                "web_search_read": lambda own=own, domain=domain: own.web_search_read(domain, {"display_name": {}})[
                    "records"
                ],
                "group": lambda own=own, domain=domain: [
                    group for group in own.formatted_read_group(domain, [], ["__count"]) if group["__count"]
                ],
                "group by case": lambda own=own, domain=domain: (
                    "application_id" in own._fields
                    and own.formatted_read_group(domain, ["application_id.state"], ["__count"])
                ),
            }
            for name, look in looks.items():
                with self.subTest(model=own._name, look=name):
                    self.assertFalse(look())
            refused = {
                "read": lambda own=own: own.read(["display_name"]),
                "web_read": lambda own=own: own.web_read({"display_name": {}}),
                "export": lambda own=own: own.export_data(["id", "display_name"]),
            }
            for name, step in refused.items():
                with self.subTest(model=own._name, road=name), mute_logger(*MUTED), self.assertRaises(UserError):
                    step()
                self.env.invalidate_all()

    def test_the_own_work_of_other_cases_stays(self):
        motions = self.env["skill.cert.motion"].with_user(self.user).search([])
        self.assertEqual(motions.application_id, self.other.with_user(self.user))
        self.assertTrue(self.session.with_user(self.user).has_access("read"))

    def test_what_is_forbidden_sounds_like_what_does_not_exist(self):
        for records in self._targets():
            missing = self.env[records._name].with_user(self.user).browse(10**9)
            for step in (
                lambda record: record.read(["display_name"]),
                lambda record: record.web_read({"display_name": {}}),
                lambda record: record.check_access("write"),
                lambda record: record.unlink(),
            ):
                said = []
                for record in (records[:1].with_user(self.user), missing):
                    with mute_logger(*MUTED), self.assertRaises(UserError) as caught:
                        step(record)
                    said.append(str(caught.exception))
                    self.env.invalidate_all()
                with self.subTest(model=records._name):
                    self.assertEqual(*said)

    def test_the_developers_mode_names_nobody(self):
        with self.debug_mode(), mute_logger(*MUTED):
            for records in self._targets():
                with self.assertRaises(AccessError) as caught:
                    records.with_user(self.user).read(["display_name"])
                self._assert_silent(caught.exception)

    def _assert_silent(self, text):
        for secret in self.secrets:
            self.assertNotIn(secret, str(text))

    def test_messages_followers_activities_and_the_bus(self):
        case = self.case.sudo()
        case.activity_schedule("mail.mail_activity_data_todo", user_id=self.county_officer.id, summary="待办示例")
        self.env.flush_all()
        messages = case.message_ids
        self.assertTrue(messages and case.activity_ids)
        for records in (messages, case.activity_ids):
            own = records.with_user(self.user)
            with self.subTest(records._name), mute_logger(*MUTED):
                self.assertFalse(own.search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    own.read(["display_name"])
        followers = self.env["mail.followers"].with_user(self.user)
        self.assertTrue(case.message_follower_ids)
        self.assertFalse(followers.search([("res_model", "=", case._name), ("res_id", "=", case.id)]))
        self.assertFalse(case.message_partner_ids & self.user.partner_id)
        notified = self.env["mail.notification"].sudo().search([("res_partner_id", "=", self.user.partner_id.id)])
        self.assertFalse(notified.mail_message_id.filtered(lambda m: m.model == case._name and m.res_id == case.id))

    def test_files_are_not_read_by_their_number(self):
        for attachment in self.file | self.case.sudo().material_ids.attachment_ids:
            own = attachment.with_user(self.user)
            with mute_logger(*MUTED), self.assertRaises(AccessError):
                own.read(["name", "datas"])
            self.assertFalse(own.search([("id", "=", attachment.id)]))

    def test_no_form_is_printed(self):
        for name in ("report_application_form", "report_material_list"):
            with self.subTest(name), mute_logger(*MUTED), self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(self.user)._render(
                    f"wz_skill_cert.{name}", self.case.ids, data=None
                )

    def test_the_session_and_the_paper_leave_the_case_out(self):
        own = self.session.with_user(self.user)
        motion = self.session.motion_ids.filtered(lambda m: m.application_id == self.case)
        self.env.invalidate_all()
        self.assertNotIn(motion.id, own.motion_ids.ids)
        for step in (lambda: own.read(["minutes"]), lambda: own.web_read({"minutes": {}})):
            with self.assertRaises(AccessError):
                step()
        self.session.action_open()
        self._assert_silent(own.ballot_paper())
        with self.assertRaises(UserError) as wrong:
            own.cast({motion.id: "agree"})
        with self.assertRaises(UserError) as missing:
            own.cast({10**9: "agree"})
        self.assertEqual(str(wrong.exception), str(missing.exception))
        self._assert_silent(wrong.exception)
        self.assertFalse(any(character.isdigit() for character in str(wrong.exception)), wrong.exception)

    def test_all_that_is_readable_of_session_and_panel_names_nothing(self):
        self.session.action_open()
        self._vote(self.session, 9)
        self.session.action_close()
        self.env.flush_all()
        self.env.invalidate_all()
        seat = self.session.sudo().seat_ids.filtered(lambda s: s.user_id == self.user)
        for record in (self.session, self.panel, seat, self.expert):
            own = record.with_user(self.user)
            for name in own.fields_get():
                self._assert_silent(self._read_or_refused(own, name))
            self._assert_silent(own.message_ids.mapped("body") if "message_ids" in own._fields else "")

    def _read_or_refused(self, own, name):
        try:
            return own.read([name])
        except AccessError as refusal:
            self.env.invalidate_all()
            return refusal

    def test_the_own_numbers_do_not_count_the_case(self):
        for name in ("open_count", "assessment_count", "seat_count", "assessment_ids"):
            for step in (
                lambda name=name: self.expert.with_user(self.user).read([name]),
                lambda name=name: self.expert.with_user(self.user).search_count([(name, "!=", 0)]),
            ):
                with self.subTest(name), self.assertRaises(AccessError):
                    step()

    def test_no_step_of_the_case_answers_with_more_than_a_refusal(self):
        own = self.case.with_user(self.user)
        assessment = self.case.sudo().review_ids.assessment_ids.filtered(lambda a: a.expert_id == self.expert)
        steps = {
            "recommend": lambda record: record.action_recommend(),
            "conclude": lambda record: record.action_conclude_assessment(),
            "return": lambda record: record.action_return("示例"),
            "revoke": lambda record: record.action_revoke("示例"),
            "panel": lambda record: record._assign_panel(self.panel),
        }
        for name, step in steps.items():
            with self.subTest(name), mute_logger(*MUTED), self.assertRaises(UserError) as caught:
                step(own)
            self._assert_silent(caught.exception)
            self.env.invalidate_all()
        for step in (
            lambda: assessment.with_user(self.user).action_submit(),
            lambda: assessment.with_user(self.user).write({"opinion": "示例"}),
        ):
            with mute_logger(*MUTED), self.assertRaises(UserError) as caught:
                step()
            self._assert_silent(caught.exception)
            self.env.invalidate_all()


@tagged("standard", "post_install", "-at_install")
class TestFilesByAddress(HttpCase, ConflictCase):
    def test_a_file_is_not_found_like_one_that_does_not_exist(self):
        user = self.expert.user_id
        user.password = "expert-901-password"
        file = self.case.sudo().achievement_ids.evidence_ids
        self.authenticate(user.login, "expert-901-password")
        self.env.flush_all()
        self.assertEqual(self.url_open(f"/web/content/{file.id}").status_code, 200)
        self._declare()
        self.env.flush_all()
        with mute_logger(*MUTED, "odoo.http"):
            hidden, missing = self.url_open(f"/web/content/{file.id}"), self.url_open("/web/content/999999999")
            form = self.url_open(f"/report/pdf/wz_skill_cert.report_application_form/{self.case.id}")
        self.assertEqual((hidden.status_code, hidden.text), (missing.status_code, missing.text))
        self.assertEqual(missing.status_code, 404)
        self.assertNotEqual(form.status_code, 200)
        self.assertNotIn("张示例", form.text)


@tagged("standard", "post_install", "-at_install")
class TestLateConflicts(ConflictCase):
    def _meeting(self, open_vote=True):
        self._assess(self.case)
        self.case.action_conclude_assessment()
        committee = self._committee_of(
            self.county,
            self._expert(self.county, "bureau_leader"),
            self._experts(self.county, 6) | self.expert,
            self._experts(self.county, 2, "hr_head"),
        )
        session = self._session(self.case, committee)
        session.sudo().seat_ids.declared = True
        if open_vote:
            session.action_open()
        return session

    def test_a_submitted_assessment_no_longer_counts_and_the_officer_is_told(self):
        for assessment in self.case.sudo().review_id.assessment_ids:
            self._submit(assessment, "qualified" if assessment.expert_id in self.experts[:2] else "unqualified")
        self.assertFalse(self.case.late_conflicts)
        self.county_officer.lang = "en_US"
        self._declare()
        self.assertIn(self.expert.name, self.case.late_conflicts)
        task = self.case.sudo().activity_ids
        self.assertIn("conflicts of interest", task.summary)
        self.assertEqual(task.user_id, self.county_officer)
        self.assertNotIn(self.expert.name, str(task.read(["summary", "note"])))
        assessment = self.case.sudo().review_id.assessment_ids.filtered(lambda a: a.expert_id == self.expert)
        self.assertTrue(assessment.recused)
        # Two of four were for the applicant; of the three that count, one is.
        self.case.action_conclude_assessment()
        self.assertEqual(self.case.state, "rejected")

    def _submit(self, assessment, verdict):
        own = assessment.with_user(assessment.user_id)
        claimed = self.case.sudo().achievement_ids.filtered(lambda a: a.verified == "claimed")
        claimed.with_user(assessment.user_id).action_verify()
        own.write(
            {
                "materials": "complete", "method": "practical", "opinion": "属实。", "verdict": verdict,
                "place": "示例", "held_on": "2026-01-01 01:00:00",
                **dict.fromkeys(("score_conduct", "score_ability", "score_training", "score_results"), 80),
            }
        )  # fmt: skip
        own.action_submit()

    def test_a_conflict_found_in_the_open_vote_takes_the_case_off_the_unused_paper(self):
        session = self._meeting()
        motion = session.motion_ids
        self.expert.employer_id = self.enterprise
        own = session.with_user(self.expert.user_id)
        self.assertFalse(own.ballot_paper()["motions"])
        with self.assertRaises(UserError):
            own.cast({motion.id: "agree"})
        own.cast({})
        motion = motion.sudo()
        self.assertEqual(motion.recused_seat_ids.expert_id, self.expert)
        for seat in session.sudo().seat_ids - motion.recused_seat_ids:
            session.with_user(seat.user_id).cast({motion.id: "agree"})
        session.action_close()
        self.assertEqual((motion.base, motion.agree, motion.abstain), (10, 9, 1))
        self.assertFalse(motion.recused_seat_ids.filtered(lambda seat: not seat.voted))

    def test_a_conflict_found_after_the_vote_is_kept_and_told(self):
        session = self._meeting()
        self._vote(session, 10)
        self._declare()
        self.assertNotIn("voted", self.case.late_conflicts or "", "it would tell who has voted")
        session.action_close()
        self.assertIn("voted", self.case.late_conflicts)
        self.assertEqual((session.motion_ids.agree, session.motion_ids.base), (10, 10))
        self.assertIn(self.expert.name, self.case.late_conflicts)

    def test_before_the_vote_the_member_is_excluded_and_the_officer_sees_why(self):
        session = self._meeting(open_vote=False)
        self.expert.employer_id = self.enterprise
        self.assertIn("works for the applicant's employer", session.motion_ids.recusals)
        self.assertIn(self.expert.name, self.case.recusals)
        session.action_open()
        motion = session.sudo().motion_ids
        self.assertEqual((motion.base, motion.recused_seat_ids.expert_id), (9, self.expert))


@tagged("standard", "post_install", "-at_install")
class TestDeclaring(ConflictCase):
    def test_an_expert_declares_on_the_own_cases_only(self):
        other = self._accepted(applicant_name="李示例", id_number=resident_id(sequence=903))
        foreign = self._accepted(applicant_name="赵示例", id_number=resident_id(sequence=905))
        self._start_assessment(foreign, self._panel(self.county))
        own = self.env["skill.cert.conflict"].with_user(self.expert.user_id)
        for case in (other, foreign):
            with mute_logger(*MUTED), self.assertRaises(AccessError):
                own.create({"expert_id": self.expert.id, "application_id": case.id})
            with mute_logger(*MUTED), self.assertRaises(AccessError):
                own.with_context(default_application_id=case.id).create({"expert_id": self.expert.id})
        with mute_logger(*MUTED), self.assertRaises(AccessError):
            own.create({"expert_id": self.experts[1].id, "application_id": self.case.id})
        self.assertTrue(own.create({"expert_id": self.expert.id, "application_id": self.case.id}))
        self.assertFalse(self._reads())

    def test_an_invited_expert_who_does_not_read_the_case_yet_may_declare(self):
        other = self._accepted(applicant_name="李示例", id_number=resident_id(sequence=903))
        panel = self._panel(self.county, experts=self.experts)
        panel.with_user(self.county_officer).application_ids = [Command.link(other.id)]
        other.action_start_assessment()
        self.case = other
        self.assertFalse(self._reads())
        own = self.env["skill.cert.conflict"].with_user(self.expert.user_id)
        own.create({"expert_id": self.expert.id, "application_id": other.id})
        self.assertIn(self.expert, other.sudo().recused_expert_ids)

    def test_what_an_officer_declares_is_not_shown_to_the_expert(self):
        conflict = self._declare(note="听说是亲戚")
        self.assertFalse(self.env["skill.cert.conflict"].with_user(self.expert.user_id).search([]))
        self.assertTrue(conflict.with_user(self.county_officer).has_access("read"))

    def test_an_expert_takes_no_declaration_back(self):
        own = self._declare(user=self.expert.user_id)
        for step in (own.unlink, lambda: own.write({"note": "示例"})):
            with mute_logger(*MUTED), self.assertRaises(AccessError):
                step()
