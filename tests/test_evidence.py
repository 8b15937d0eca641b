"""The papers beside the form: whoever may not read a paper does not receive it, and one call suffices for all."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import PROOF, SkillCertCase, resident_id


class EvidenceCase(SkillCertCase):
    def _second(self):
        """Return values of a second person of the same unit."""
        birth = date(1986, 6, 21)
        return {"applicant_name": "李示例", "id_number": resident_id(birth, 903), "birth_date": birth}

    def _with_papers(self, number=1, values=None):
        """Return a submitted case with ``number`` further rows and achievements, each with a file."""
        draft = self._draft(**(values or {}))
        for row in range(number):
            draft.write(
                {
                    "material_ids": [Command.create({"name": f"材料{row}", "attachment_ids": self._file_of().ids})],
                    "achievement_ids": [
                        Command.create(
                            self._achievement_vals(self.nominator, "honour", name=f"荣誉{row}", number=f"示例{row}")
                        )
                    ],
                }
            )
        draft.action_submit()
        self.env.flush_all()
        return draft.with_user(self.county_officer)

    def _file_of(self):
        return self._file(self.nominator, "paper.pdf")

    def _expert_of(self, application):
        return application.sudo().review_id.assessment_ids[0].user_id

    def _files(self, evidence):
        return {file["id"] for paper in evidence["papers"] for file in paper["files"]}


@tagged("standard", "post_install", "-at_install")
class TestEvidence(EvidenceCase):
    def test_the_officer_sees_every_row_and_file(self):
        application = self._with_papers()
        evidence = application.evidence()
        owners = application.material_ids.attachment_ids | application.achievement_ids.evidence_ids
        self.assertEqual(self._files(evidence), set(owners.ids))
        self.assertEqual(len(evidence["papers"]), len(application.material_ids) + len(application.achievement_ids))
        self.assertTrue(evidence["may_check"] and evidence["may_verify"])
        file = next(file for paper in evidence["papers"] for file in paper["files"])
        self.assertEqual(file["kind"], "pdf")

    def test_progress_counts_originals_and_verdicts(self):
        application = self._with_papers()
        self.assertEqual((application.evidence()["checked"], application.evidence()["total"]), (0, 4))
        application.material_ids.filtered("attachment_ids")[:1].original_seen = True
        application.achievement_ids[0].action_verify()
        application.achievement_ids[1].action_refuse("示例")
        self.assertEqual((application.evidence()["checked"], application.evidence()["total"]), (3, 4))

    def test_an_expert_receives_no_copy_of_the_identity_card(self):
        application = self._with_papers()
        application.action_accept()
        self._start_assessment(application)
        own = application.with_user(self._expert_of(application))
        # As in one request where somebody else's reading has filled the cache.
        personal = application.sudo().material_ids.filtered("personal")
        self.assertTrue(personal.attachment_ids)
        evidence = own.evidence()
        self.assertFalse({f"material-{row.id}" for row in personal} & {paper["key"] for paper in evidence["papers"]})
        self.assertFalse(set(personal.attachment_ids.ids) & self._files(evidence))
        self.assertTrue(self._files(evidence))
        self.assertEqual((evidence["may_check"], evidence["may_verify"]), (False, True))
        self.assertEqual(
            evidence["total"], len(application.sudo().achievement_ids), "copies are the officer's to count"
        )

    def test_who_is_not_on_the_case_receives_nothing(self):
        application = self._with_papers()
        application.action_accept()
        self._start_assessment(application, accept=False)
        self.env.flush_all()
        invited = self._expert_of(application)
        outsider = self._expert(self.county).user_id
        for user in (invited, outsider, self.other_officer, self.other_nominator, self.manager, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                application.with_user(user).evidence()

    def test_an_expert_in_conflict_receives_nothing_any_more(self):
        application = self._accepted()
        self._start_assessment(application)
        expert = application.sudo().review_id.assessment_ids[0]
        self.assertTrue(application.with_user(expert.user_id).evidence()["papers"])
        expert.with_user(expert.user_id).action_decline("kin")
        self.env.flush_all()
        with self.assertRaises(AccessError):
            application.with_user(expert.user_id).evidence()

    def test_a_reader_is_offered_no_tick(self):
        application = self._with_papers()
        for user in (self.nominator, self.city_officer):
            evidence = application.with_user(user).evidence()
            self.assertFalse(evidence["may_check"] or evidence["may_verify"])
            self.assertFalse(evidence["reasons"])

    def test_the_queries_do_not_grow_with_the_papers(self):
        few, many = self._with_papers(1), self._with_papers(9, self._second())
        counts = [self._queries_of(application) for application in (few, many, few, many)]
        self.assertEqual(counts[2], counts[3], counts)
        self.assertLess(counts[3], 30)

    def _queries_of(self, application):
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        application.evidence()
        return self.cr.sql_log_count - before


@tagged("standard", "post_install", "-at_install")
class TestFilesOfTheViewer(HttpCase, EvidenceCase):
    def test_a_file_is_opened_only_by_whom_it_is_listed_for(self):
        application = self._with_papers()
        application.action_accept()
        self._start_assessment(application)
        card = application.sudo().material_ids.filtered("personal").attachment_ids[:1]
        proof = application.sudo().achievement_ids.evidence_ids[:1]
        expert, outsider = self._expert_of(application), self._expert(self.county).user_id
        for user, opened, refused in (
            (self.county_officer, card | proof, card.browse()),
            (expert, proof, card),
            (outsider, card.browse(), card | proof),
        ):
            user.password = user.login
            self.authenticate(user.login, user.login)
            for file in opened:
                response = self.url_open(f"/web/content/{file.id}")
                self.assertEqual((response.status_code, response.content), (200, PROOF))
            for file in refused:
                self.assertNotEqual(self.url_open(f"/web/content/{file.id}").content, PROOF)
