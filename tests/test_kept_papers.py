"""Each paper that counts is kept at its moment, and whatever is renamed later is printed on none of them."""

import hashlib
from base64 import b64decode
from datetime import timedelta

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import resident_id
from .test_papers import PaperCase
from .test_publication import on

RENAMED = "改名"


class KeptCase(PaperCase):
    def _prepare(self):
        super()._prepare()
        self.policy.sudo().publicity_days = 1
        self.application = self._accepted()
        self._qualify(self.application)
        self.session = self._session(self.application)

    def _to_the_certificate(self):
        """Go on to the certificate; return {form: (report, record)} of all that was kept on the way."""
        self.session.action_open()
        self._vote(self.session, 5)
        self.session.action_close()
        publication = self.session._publish(clock.today(), "示例路1号（虚构）", True)
        with on(publication.last_day + timedelta(days=1)):
            certificate = self.application.action_certify()
        return {
            "application_form": ("application_form", self.application),
            "material_list": ("material_list", self.application),
            "assessment_sheet": ("assessment_sheet", self.application.sudo().review_id.assessment_ids[0]),
            "session_minutes": ("session_minutes", self.session),
            "minutes_extract": ("minutes_extract", self.session.motion_ids),
            "publicity_list": ("publicity_list", self.application),
            "publicity_list of a session": ("session_publicity_list", self.session),
            "certificate": ("certificate", certificate),
            "publication": (None, publication),
        }

    def _rename_all(self):
        case = self.application.sudo()
        for records in (
            case.occupation_id, case.bureau_id, case.employer_id, case.nominator_id, case.review_ids.panel_id, case.campaign_id,
            self.session.committee_id.sudo(),
        ):  # fmt: skip
            for record in records:
                record.name = f"{RENAMED}的{record.id}"
        case.occupation_id.code = "9-99-99-99"
        case.bureau_id.issuer = RENAMED
        seated = self.session.sudo().seat_ids.expert_id | case.review_ids.assessment_ids.expert_id
        for expert in seated:
            expert.partner_id.name = f"{RENAMED}{expert.id}"
        seated.filtered(lambda expert: expert.qualification == "senior_engineer").qualification = "senior_lecturer"
        self.env.flush_all()
        self.env.invalidate_all()

    def _paper(self, record, form):
        paper = record.sudo().paper_ids.filtered(lambda paper: paper.form == form)[:1]
        self.assertTrue(paper, form)
        return paper


@tagged("standard", "post_install", "-at_install")
class TestKeptPapers(KeptCase):
    def test_whatever_is_renamed_each_paper_prints_what_was_kept_at_its_moment(self):
        """Nothing is printed before all is renamed: the words themselves were kept, and not the first print."""
        papers = self._to_the_certificate()
        publication = papers.pop("publication")[1]
        self._rename_all()
        for name, (report, record) in papers.items():
            with self.subTest(paper=name):
                first = self._print(report, record)
                text = self._text(report, record)
                self.assertNotIn(RENAMED, text)
                self.assertNotIn("高级讲师", text)
                self.assertIn("张示例", text)
                self.assertEqual(self._print(report, record), first)
                kept = self._paper(publication if "publicity" in name else record, name.partition(" ")[0])
                self.assertEqual(kept.sha256, hashlib.sha256(first).hexdigest())
                self.assertFalse(kept.late)

    def test_todays_data_is_no_kept_paper_on_a_page_of_the_browser(self):
        papers = self._to_the_certificate()
        for form in ("application_form", "assessment_sheet", "session_minutes", "certificate"):
            report, record = papers[form]
            with self.subTest(form=form):
                self.assertIn("非存档件", self._html(report, record))
                self.assertNotIn("非存档件", self._text(report, record))
        self.assertNotIn(
            "非存档件", self._html("application_form", self._draft(id_number=resident_id(sequence=907)), self.nominator)
        )

    def test_the_paper_that_is_voted_on_is_kept_when_the_vote_opens(self):
        self.session.action_open()
        self._rename_all()
        text = self._text("ballot_paper", self.session)
        self.assertNotIn(RENAMED, text)
        self.assert_holds(text, "张示例", "电工", "温州示例电器")
        self.assertEqual(self._paper(self.session, "ballot_paper").moment, "opened")

    def test_each_return_has_its_notice(self):
        application = self._submitted(id_number=resident_id(sequence=903))
        application.action_return("缺身份证")
        self._settle(application).action_submit()
        application.action_return("缺证明")
        self.electrician.name = RENAMED
        notices = application.sudo().paper_ids.filtered(lambda paper: paper.form == "return_notice").sorted("id")
        self.assertEqual(len(notices), 2)
        for notice, reason in zip(notices, ("缺身份证", "缺证明"), strict=True):
            self.assertIn(reason, notice.page)
        self.assert_holds(self._text("return_notice", application), "缺证明", "电工")

    def test_a_case_names_what_it_named_when_it_was_submitted(self):
        application = self._submitted(id_number=resident_id(sequence=903))
        names = ("occupation_name", "occupation_code", "employer_name", "bureau_name", "nominator_name")
        before = application.sudo().read(names)
        self.electrician.write({"name": RENAMED, "code": "9-99"})
        self.enterprise.name = self.county.name = RENAMED
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(application.sudo().read(names), before)
        for name in names:
            with self.subTest(field=name), self.assertRaises(UserError):
                application[name] = "别的"
        self.assertEqual(self.env["skill.cert.desk"]._row(application)["occupation"], "电工")

    def test_what_is_submitted_again_names_what_it_names_then(self):
        application = self._submitted(id_number=resident_id(sequence=903))
        application.action_return("改")
        self.electrician.name = RENAMED
        self.assertEqual(application.occupation_name, "电工")
        self._settle(application).action_submit()
        self.assertEqual(application.occupation_name, RENAMED)

    def test_no_nominator_and_no_expert_receives_what_panel_and_committee_found(self):
        papers = self._to_the_certificate()
        expert = self.application.sudo().review_id.assessment_ids[0].user_id
        for form in ("assessment_sheet", "session_minutes", "minutes_extract"):
            kept = self._paper(papers[form][1], form)
            for user in (self.nominator, expert, self.other_officer, self.manager, self.plain_user):
                with self.subTest(form=form, user=user.name):
                    self.assertFalse(kept.with_user(user).has_access("read"))
            self.assertTrue(kept.with_user(self.county_officer).has_access("read"))
        certificate = self._paper(papers["certificate"][1], "certificate")
        self.assertTrue(certificate.with_user(self.nominator).has_access("read"))
        self.assertFalse(certificate.with_user(self.other_nominator).has_access("read"))

    def test_the_button_opens_a_paper_that_is_first_made_for_it(self):
        papers = self._to_the_certificate()
        sheet = self._paper(papers["assessment_sheet"][1], "assessment_sheet")
        self.assertEqual(sheet.state, "pending")
        action = sheet.with_user(self.county_officer).action_open()
        self.assertEqual(sheet.state, "rendered")
        self.assertIn(f"/web/content/skill.cert.paper/{sheet.id}/content/", action["url"])
        with self.assertRaises(UserError):
            sheet.with_user(self.nominator).action_open()


@tagged("standard", "post_install", "-at_install")
class TestKeptAtTheUpgrade(KeptCase):
    def _forget(self):
        """Leave the cases as an earlier version has left them: without these papers."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM skill_cert_paper")
        self.env.invalidate_all()

    def _upgrade(self):
        papers = self.env["skill.cert.paper"].sudo()
        for model, forms in {
            "skill.cert.application": ("application_form", "material_list", "return_notice"),
            "skill.cert.assessment": ("assessment_sheet",),
            "skill.cert.session": ("ballot_paper", "session_minutes"),
            "skill.cert.motion": ("minutes_extract",),
            "skill.cert.certificate": ("certificate",),
        }.items():
            papers._keep_what_counts(self.env[model].sudo().search([]), forms)
        return papers.search([])

    def test_what_is_past_its_moment_is_kept_and_says_so(self):
        papers = self._to_the_certificate()
        self._forget()
        kept = self._upgrade()
        self.assertTrue(all(paper.late and paper.frozen_on for paper in kept))
        forms = set(kept.mapped("form"))
        self.assertEqual(forms, {name.partition(" ")[0] for name in papers} - {"publication", "publicity_list"})
        self._rename_all()
        for name in ("application_form", "assessment_sheet", "session_minutes", "certificate"):
            with self.subTest(paper=name):
                text = self._text(*papers[name])
                self.assertNotIn(RENAMED, text)
                self.assert_holds(text, "按当日数据补存")
        self.assertEqual(self._upgrade(), kept, "and once")

    def test_what_is_not_past_its_moment_is_not_kept(self):
        self._forget()
        draft = self._draft(id_number=resident_id(sequence=905))
        self._upgrade()
        self.assertFalse(draft.sudo().paper_ids)
        self.assertFalse(self.session.sudo().paper_ids)
        submitted = [(paper.form, paper.moment) for paper in self.application.sudo().paper_ids.sorted("id")]
        self.assertEqual(submitted, [("application_form", "submitted"), ("material_list", "submitted")])

    def test_an_open_vote_and_a_return_are_kept(self):
        returned = self._submitted(id_number=resident_id(sequence=903))
        returned.action_return("缺身份证")
        self.session.action_open()
        self._forget()
        self._upgrade()
        self.assertEqual(self.session.sudo().paper_ids.form, "ballot_paper")
        self.assertEqual(returned.sudo().paper_ids.form, "return_notice")


@tagged("standard", "post_install", "-at_install")
class TestPublishedList(KeptCase):
    def test_a_list_is_the_kept_one_byte_for_byte(self):
        publication = self._to_the_certificate()["publication"][1]
        content = b64decode(publication.sudo().with_context(bin_size=False).content)
        self.assertEqual(hashlib.sha256(content).hexdigest(), publication.sha256)
        self.assertEqual(self._print("publicity_list", self.application), content)
        self.assertEqual(self._print("session_publicity_list", self.session), content)
