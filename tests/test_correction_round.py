"""What a return asks for is answered point by point, and the officer reads what changed; several rounds stay readable."""

import base64
import hashlib
import json

from odoo.addons.wz_skill_cert import clock
from odoo.addons.wz_skill_cert.models.request.asked import worded
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PROOF, SkillCertCase, pdf, resident_id

BETTER = pdf("better")


class RoundCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.case = self._submitted()
        self.own = self.case.with_user(self.nominator)

    def _row(self, records):
        return f"{records._name}:{records[0].id}"

    def _points(self):
        return [
            {"target": "field:summary", "text": "过于简略"},
            {"target": self._row(self.case.history_ids), "text": "缺证明人"},
            {"target": self._row(self._papers()), "text": "看不清"},
        ]

    def _papers(self):
        return self.case.material_ids.filtered("attachment_ids")

    def _returned(self):
        self.case.action_return("", self._points())
        return self.own.request_ids.point_ids

    def _facts_of_requests(self):
        requests = self.case.sudo().request_ids
        return [self._facts(record) for record in (*requests, *requests.point_ids)]


@tagged("standard", "post_install", "-at_install")
class TestReturn(RoundCase):
    def test_each_reason_is_tied_to_a_field_a_row_or_a_paper_and_says_so(self):
        points = self._returned()
        self.assertEqual([point._place() for point in points], [
            ("summary", "summary"), ("history", "history_ids"), ("materials", "material_ids"),
        ])  # fmt: skip
        for point, name in zip(points, ("", self.case.history_ids.description, self._papers()[0].name), strict=True):
            self.assertIn(name, point.about)
        lines = self.case.reason.splitlines()
        self.assertEqual([line[:2] for line in lines], ["1.", "2.", "3."])
        for line, point in zip(lines, points, strict=True):
            self.assertIn(point.about, line)
            self.assertIn(point.text, line)

    def test_one_text_is_one_reason_tied_to_the_whole_case(self):
        self.case.action_return("补充材料。\n并盖章。")
        points = self.own.request_ids.point_ids
        self.assertEqual(
            (points.target, points.text, self.case.reason), (False, "补充材料。\n并盖章。", "补充材料。\n并盖章。")
        )

    def test_what_was_said_of_the_whole_case_comes_first(self):
        self.case.action_return("请补正。", self._points()[:1])
        self.assertEqual([bool(point.target) for point in self.own.request_ids.point_ids], [False, True])
        self.assertTrue(self.case.reason.startswith("1. 请补正。\n2. "))

    def test_nothing_is_returned_for_a_reason_without_words_or_tied_to_nothing_of_the_case(self):
        other = self._submitted(id_number=resident_id(sequence=903))
        for reason, points in (
            ("", ()),
            (" ", ()),
            ("", [{"target": "field:summary", "text": " "}]),
            ("", [{"target": "field:state", "text": "示例"}]),
            ("", [{"target": self._row(other.history_ids), "text": "示例"}]),
            ("", "示例"),
            ("", [1]),
        ):
            with self.subTest(reason=reason, points=points), self.assertRaises(UserError):
                self.case.action_return(reason, points)
        self.assertEqual((self.case.state, len(self.case.request_ids)), ("submitted", 0))

    def test_the_notice_lists_the_reasons_numbered(self):
        self._returned()
        notice = self.case.sudo().paper_ids.filtered(lambda paper: paper.form == "return_notice")
        for number, point in enumerate(self._points(), 1):
            self.assertIn(f"{number}. 〔", notice.page)
            self.assertIn(point["text"], notice.page)

    def test_the_dialogue_offers_all_that_a_reason_may_be_tied_to(self):
        wizards = self.env["skill.cert.reason.wizard"].with_user(self.county_officer)
        wizard = wizards.create({"application_ids": self.case.ids, "action": "return"})
        keys = [key for key, _label in wizard.target_choices]
        for point in self._points():
            self.assertIn(point["target"], keys)
        wizard.line_ids = [Command.create({"target": keys[0], "text": "请核对"})]
        wizard.action_confirm()
        self.assertEqual(self.own.request_ids.point_ids.target, keys[0])


@tagged("standard", "post_install", "-at_install")
class TestSettling(RoundCase):
    def test_a_returned_case_is_not_all_green_while_a_point_is_open(self):
        points = self._returned()
        self.assertEqual(self.own.missing_count, 3)
        parts = {part["part"]: part["done"] for part in self.own.completeness["parts"]}
        self.assertEqual([parts[part] for part in ("summary", "history", "materials", "check")], [False] * 4)
        for point in points:
            with self.assert_refused(point.about):
                self.own.action_submit()
            point.action_settle("已补正。")
        self.assertEqual((self.own.missing_count, self.own.completeness["percent"]), (0, 100))
        self.own.action_submit()
        self.assertEqual((self.own.state, self.own.request_ids.state), ("submitted", "closed"))

    def test_a_point_is_settled_with_a_word_only(self):
        point = self._returned()[0]
        for word in ("", "  ", False, None, 5):
            with self.subTest(word=word), self.assert_refused("what was done"):
                point.action_settle(word)
        with self.assertRaises(ValidationError):
            point.action_settle("字" * 1001)
        self.assertFalse(point.settled_on)

    def test_only_the_nominator_settles_and_only_the_handling_officer_asks(self):
        points = self._returned()
        for user in (self.other_nominator, self.county_officer, self.city_officer, self.other_officer, self.manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                points.with_user(user).action_settle("示例")
        settled = self._settle(self.case)
        settled.action_submit()
        for user in (self.nominator, self.other_officer, self.city_officer, self.manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.case.with_user(user).action_return("", self._points())

    def test_nothing_of_it_changes_afterwards(self):
        points = self._returned()
        self._settle(self.case).action_submit()
        before = self._facts_of_requests()
        for user in (self.nominator, self.county_officer, self.city_officer, self.manager):
            for record in (points[0], points.request_id):
                for values in ({"text": "别的"}, {"word": "别的"}, {"state": "open"}, {"before": {}}):
                    names = values.keys() & record._fields.keys()
                    with self.subTest(user=user.name, names=names), self.assertRaises(AccessError):
                        record.with_user(user).write(values) if names else record.with_user(user).unlink()
        with self.assert_refused("not open any more"):
            points.action_settle("别的")
        self.assertEqual(self._facts_of_requests(), before)

    def test_who_takes_no_part_reads_nothing_of_it(self):
        points = self._returned()
        expert = self._expert(self.county).user_id
        for user in (self.other_nominator, self.other_officer, self.plain_user, self.manager, expert):
            for records in (points, points.request_id):
                with self.subTest(user=user.name, model=records._name):
                    found = records.with_user(user)
                    readable = found.has_access("read") and found.search([("id", "in", records.ids)])
                    self.assertFalse(readable)

    def test_a_case_that_ends_asks_for_nothing_any_more(self):
        self._returned()
        self.own.action_withdraw()
        self.assertEqual(self.own.request_ids.state, "dropped")


@tagged("standard", "post_install", "-at_install")
class TestChanges(RoundCase):
    def _corrected(self):
        self._returned()
        paper = self.own.material_ids.filtered("attachment_ids")[0]
        self.own.write(
            {
                "summary": "补充后的总结",
                "phone": "13800000902",
                "history_ids": [Command.update(self.own.history_ids.id, {"witness": "王示例"})],
                "contribution_ids": [
                    Command.create({"date_start": "2011-01-01", "unit": "示例（虚构）", "description": "革新"})
                ],
            }
        )
        better = self._file(self.nominator, "id.pdf")
        better.raw = BETTER
        paper.attachment_ids = [Command.set((better | self._file(self.nominator, "new.pdf")).ids)]
        self._settle(self.case).action_submit()
        self.case.invalidate_recordset()
        return self.case.requests[0]["changes"]

    def test_the_officer_reads_what_changed_field_by_field(self):
        changes = self._corrected()
        fields = {row["label"]: (row["old"], row["new"]) for row in changes["fields"]}
        labels = self.case._stated_labels()
        self.assertEqual(fields[labels["summary"]], ("爱岗敬业。", "补充后的总结"))
        self.assertEqual(fields[labels["phone"]], ("138****0901", "138****0902"))
        self.assertEqual(len(fields), 2, fields)
        history, contribution = changes["rows"]
        self.assertEqual(
            (history["kind"], history["fields"][0]["old"], history["fields"][0]["new"]), ("changed", "李示例", "王示例")
        )
        self.assertEqual((contribution["kind"], contribution["name"]), ("added", "革新"))

    def test_and_file_by_file_with_the_sha_256(self):
        files = {row["name"]: row for row in self._corrected()["files"]}
        old, new = (hashlib.sha256(content).hexdigest() for content in (PROOF, BETTER))
        self.assertEqual(
            (files["id.pdf"]["kind"], files["id.pdf"]["old"], files["id.pdf"]["new"]), ("changed", old, new)
        )
        self.assertEqual(
            (files["new.pdf"]["kind"], files["new.pdf"]["old"], files["new.pdf"]["new"]), ("added", None, old)
        )
        self.assertEqual(len(files), 2)

    def test_a_file_that_is_gone_is_named(self):
        self.case.action_return("示例")
        self.own.achievement_ids.evidence_ids = [Command.create({"name": "other.pdf", "raw": PROOF})]
        self.own.achievement_ids.evidence_ids[0].unlink()
        self._settle(self.case).action_submit()
        self.case.invalidate_recordset()
        files = self.case.requests[0]["changes"]["files"]
        self.assertEqual(
            {(row["kind"], row["name"]) for row in files}, {("removed", "proof.pdf"), ("added", "other.pdf")}
        )

    def test_that_nothing_changed_is_said(self):
        self.case.action_return("示例")
        self._settle(self.case).action_submit()
        self.case.invalidate_recordset()
        self.assertEqual(self.case.requests[0]["changes"], {"fields": [], "rows": [], "files": []})

    def test_several_rounds_stay_readable(self):
        self._corrected()
        self.case.action_return("再补正")
        self.own.summary = "第三稿"
        self._settle(self.case, word="已改写").action_submit()
        self.case.invalidate_recordset()
        second, first = self.case.requests
        self.assertEqual([row["new"] for row in second["changes"]["fields"]], ["第三稿"])
        self.assertEqual(first["changes"]["fields"][0]["new"] in ("补充后的总结", "138****0902"), True)
        self.assertEqual((second["points"][0]["word"], first["points"][0]["word"]), ("已改写", "已补正。"))

    def test_no_number_of_the_person_is_told_and_the_snapshot_is_nobodys_to_read(self):
        self._corrected()
        for user in (self.nominator, self.county_officer):
            told = json.dumps(self.case.with_user(user).requests, ensure_ascii=False)
            for secret in (resident_id(), "13800000901", "13800000902"):
                self.assertNotIn(secret, told)
            with self.assertRaises(AccessError):
                self.case.with_user(user).request_ids.read(["before"])

    def test_words_of_one_point_are_not_numbered(self):
        self.assertEqual(worded([{"target": False, "about": False, "text": "示例"}]), "示例")


@tagged("standard", "post_install", "-at_install")
class TestFurtherPapers(RoundCase):
    """Between acceptance and vote named papers open for the unit, and nothing else."""

    def _prepare(self):
        super()._prepare()
        self.case.action_accept()
        self.card = self._papers()[0]
        self.title = self.case.achievement_ids

    def _asked(self, *rows, days=None):
        rows = rows or (self.card,)
        self.case.action_ask_papers([{"target": self._row(row), "text": "缺第2页"} for row in rows], days)
        return self.own.request_ids.point_ids

    def _add(self, point, name="page2.pdf", content=BETTER):
        point.action_add_file(name, base64.b64encode(content).decode())

    def test_the_named_rows_take_files_and_the_rest_stays_frozen(self):
        point = self._asked()
        first = self.card.attachment_ids
        self._add(point)
        self.assertEqual(self.card.attachment_ids.mapped("name"), ["id.pdf", "page2.pdf"])
        new = self.card.attachment_ids - first
        self.assertEqual((new.res_model, new.res_id, new.create_uid), (self.card._name, self.card.id, self.nominator))
        for step in (
            lambda: self.own.write({"summary": "别的"}),
            lambda: self.card.with_user(self.nominator).write({"attachment_ids": [Command.unlink(first.id)]}),
            lambda: self.card.with_user(self.nominator).write({"name": "别的"}),
            lambda: self.title.with_user(self.nominator).write({"evidence_ids": [Command.clear()]}),
            lambda: first.with_user(self.nominator).unlink(),
            lambda: first.with_user(self.nominator).write({"raw": BETTER}),
        ):
            with self.assertRaises(UserError):
                step()

    def test_what_was_submitted_is_not_taken_away_and_a_wrong_new_file_is(self):
        point = self._asked()
        first = self.card.attachment_ids
        self._add(point)
        self.assertEqual([file["name"] for file in point._said_files()], ["page2.pdf"])
        point.action_remove_file(first.id)
        point.action_remove_file((self.card.attachment_ids - first).id)
        self.assertEqual(self.card.attachment_ids, first)

    def test_only_the_nominator_adds_and_only_while_it_is_asked(self):
        point = self._asked()
        content = base64.b64encode(BETTER).decode()
        for user in (self.county_officer, self.other_nominator, self.city_officer, self.manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                point.with_user(user).action_add_file("x.pdf", content)
        with self.assertRaises(UserError):
            point.action_add_file("x.pdf", base64.b64encode(b"MZ\x90").decode())
        point.action_settle("已补")
        for step in (lambda: self._add(point), lambda: point.action_settle("再补")):
            with self.assert_refused("not open any more"):
                step()

    def test_a_return_opens_no_road_for_files_past_the_form(self):
        self.case.action_return("", [{"target": self._row(self.card), "text": "示例"}])
        with self.assert_refused("no file is asked"):
            self._add(self.own.request_ids.point_ids)

    def test_only_the_handling_officer_asks_for_rows_with_files_between_acceptance_and_vote(self):
        points = [{"target": self._row(self.card), "text": "示例"}]
        for user in (self.nominator, self.other_officer, self.city_officer, self.manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.case.with_user(user).action_ask_papers(points)
        for wrong in ([], "示例", [{"target": False, "text": "示例"}], [{"target": "field:summary", "text": "示例"}]):
            with self.subTest(points=wrong), self.assertRaises(UserError):
                self.case.action_ask_papers(wrong)
        for days in (-1, 251, True, "5"):
            with self.subTest(days=days), self.assert_refused("working days"):
                self.case.action_ask_papers(points, days)
        other = self._submitted(id_number=resident_id(sequence=903))
        with self.assert_refused("between the acceptance and the vote"):
            other.action_ask_papers([{"target": self._row(other.achievement_ids), "text": "示例"}])

    def test_the_unit_is_told_and_has_its_days(self):
        self._asked()
        request = self.own.request_ids
        days = self.policy.days_to_correct
        self.assertEqual(request.due_on, self.policy._working_day_after(clock.today(), days))
        told = self.env["skill.cert.notification"].sudo().search([("notice", "=", "papers")])
        self.assertEqual((told.user_id, told.res_id), (self.nominator, self.case.id))
        self.assertTrue(self.case.sudo().activity_ids.filtered(lambda task: task.user_id == self.nominator))
        [row] = self.env["skill.cert.desk"].with_user(self.nominator).overview()["papers"]
        self.assertIn("缺第2页", row["reason"])

    def test_without_days_there_is_no_last_day(self):
        self.assertFalse(self._asked(days=0).request_id.due_on)

    def test_when_all_has_come_the_officer_is_told_and_closes_it(self):
        card, title = self._asked(self.card, self.title)
        self._add(card)
        card.action_settle("已补第2页")
        notices = self.env["skill.cert.notification"].sudo()
        self.assertFalse(notices.search([("notice", "=", "papers_in")]))
        title.action_settle("证书只有一页")
        self.assertEqual(notices.search([("notice", "=", "papers_in")]).user_id, self.county_officer)
        self.assertFalse(self.case.sudo().activity_ids.filtered(lambda task: task.user_id == self.nominator))
        changes = self.case.requests[0]["changes"]
        self.assertEqual([(row["kind"], row["name"]) for row in changes["files"]], [("added", "page2.pdf")])
        self.case.action_close_papers()
        self.assertEqual(self.own.request_ids.state, "closed")
        self.assertFalse(self.case.file_faults, "what came is noted like what was submitted")

    def test_what_has_not_come_is_given_up_with_a_word_only(self):
        self._asked()
        for word in (None, "", "  ", 5):
            with self.subTest(word=word), self.assert_refused("say why"):
                self.case.action_close_papers(word)
        with self.assertRaises(AccessError):
            self.own.action_close_papers("示例")
        self.case.action_close_papers("已电话核实")
        request = self.own.request_ids
        self.assertEqual((request.state, request.closing_word), ("withdrawn", "已电话核实"))
        with self.assert_refused("no further papers"):
            self.case.action_close_papers("示例")

    def test_ticks_of_a_paper_to_which_a_file_came_are_taken_back_and_given_anew(self):
        self.card.original_seen = True
        self.title.action_verify()
        self._start_assessment(self.case)
        card, title = self._asked(self.card, self.title)
        for point in (card, title):
            self._add(point)
            point.action_settle("已补")
        self.assertEqual((self.card.original_seen, self.title.verified), (False, "claimed"))
        self.card.with_user(self.county_officer).original_seen = True
        self.assertTrue(self.card.original_seen)
        with self.assertRaises(UserError):
            (self.case.material_ids - self.card)[0].with_user(self.county_officer).original_seen = True

    def test_experts_who_accepted_see_the_new_files(self):
        self._start_assessment(self.case)
        point = self._asked(self.title)
        self._add(point)
        point.action_settle("已补")
        expert = self.case.sudo().review_id.assessment_ids[0].user_id
        files = self.title.with_user(expert).evidence_ids.sorted("id")
        self.assertEqual(files.mapped("name"), ["proof.pdf", "page2.pdf"])
        self.assertEqual(files[-1].raw, BETTER)

    def test_the_assessment_is_not_concluded_while_it_is_open(self):
        self._start_assessment(self.case)
        self._assess(self.case)
        self._asked()
        with self.assert_refused("further papers"):
            self.case.action_conclude_assessment()
        self.case.action_close_papers("不再需要")
        self.case.action_conclude_assessment()
        self.assertEqual(self.case.state, "qualified")

    def test_it_comes_on_no_agenda_and_before_no_vote_while_it_is_open(self):
        self._qualify(self.case)
        session = self._session(self.case)
        self._asked()
        with self.assert_refused("Further papers are asked for"):
            session.action_open()
        session.motion_ids.action_put_off("待补充材料")
        later = self._session(self._waiting_for_vote(1), session.committee_id)
        later.action_fill_agenda()
        self.assertNotIn(self.case, later.motion_ids.application_id)
        with self.assert_refused("further papers"):
            later.motion_ids = [Command.create({"application_id": self.case.id})]
        self.case.action_close_papers("不再需要")
        later.action_fill_agenda()
        self.assertIn(self.case, later.motion_ids.application_id)

    def test_it_is_not_recommended_while_it_is_open(self):
        case = self._qualified(level="technician", id_number=resident_id(sequence=905))
        case.action_ask_papers([{"target": self._row(case.achievement_ids), "text": "示例"}])
        with self.assert_refused("further papers"):
            case.action_recommend()
        case.action_close_papers("不再需要")
        case.action_recommend()
        self.assertEqual(case.sudo().state, "recommended")

    def test_it_stands_in_the_course_of_the_case_and_in_the_trail(self):
        self._asked()
        self.case.action_close_papers("不再需要")
        labels = [row["label"] for row in self.case.timeline["steps"] if row["kind"] != "ahead"]
        self.assertEqual(labels[-2:], ["Further papers asked for", "Further papers closed"])
        self.env.flush_all()
        trail = self.env["skill.cert.trail"].sudo().search([("event", "=", "papers"), ("res_id", "=", self.case.id)])
        self.assertEqual({entry.detail["to"] for entry in trail}, {"open", "withdrawn"})

    def test_a_case_that_goes_another_way_is_asked_no_more(self):
        self._asked()
        self.case.action_return("示例")
        self.assertEqual(set(self.own.request_ids.mapped(lambda request: (request.occasion, request.state))), {
            ("papers", "dropped"), ("return", "open"),
        })  # fmt: skip
