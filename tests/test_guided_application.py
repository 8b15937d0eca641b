"""Nothing is discovered at the submission: what the form lists while it is filled in is what the submission refuses."""

import itertools
from datetime import timedelta

from odoo.addons.wz_skill_cert import clock
from odoo.addons.wz_skill_cert.models.request.completeness import PARTS, REQUIRED_FIELDS
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SkillCertCase

# The form does not let these be empty.
ALWAYS_FILLED = {"level", "campaign_id"}


class GuideCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.nominator.lang = "en_US"
        # Each leaves out one thing of a complete draft.
        emptied = {name: {name: False} for name in set(REQUIRED_FIELDS) - ALWAYS_FILLED - {"history_ids"}}
        self.omissions = {
            **{name: lambda case, vals=vals: case.write(vals) for name, vals in sorted(emptied.items())},
            "history": lambda case: case.history_ids.unlink(),
            "achievements": lambda case: case.achievement_ids.unlink(),
            "evidence": lambda case: case.achievement_ids.write({"evidence_ids": [Command.clear()]}),
            "a file that is required": lambda case: case.material_ids.write({"attachment_ids": [Command.clear()]}),
            "a row that is required": lambda case: case.material_ids.filtered("required").unlink(),
            "the window": lambda case: self.campaign.write({"date_close": clock.today() - timedelta(days=1)}),
            "the scope": lambda case: self.electrician.write({"province_unified": True}),
            "the scan": lambda case: self.policy.write({"stamped_scan_required": True}),
        }

    def _missing(self, application):
        """Return [(step, text)] of what the form lists."""
        parts = application.completeness["parts"]
        return [(part["part"], one["text"]) for part in parts for one in part["missing"]]

    def _refused(self, application):
        """Return the sentences with which the submission is refused; none where it would be taken."""
        point = self.env.cr.savepoint(flush=True)
        try:
            application.action_submit()
        except UserError as refusal:
            return [line[2:] for line in str(refusal).split("\n") if line.startswith("•")]
        finally:
            point.rollback()
            point.close(rollback=False)
            self.env.invalidate_all()
        return []

    def assert_listed_is_refused(self, application):
        listed, refused = self._missing(application), self._refused(application)
        labels = {application._fields[name]._description_string(application.env) for name in REQUIRED_FIELDS}
        empty = [text for _step, text in listed if text in labels]
        sentences = sorted(text for _step, text in listed if text not in labels)
        fill_in = [line for line in refused if line.startswith("Please fill in")]
        self.assertEqual(len(fill_in), 1 if empty else 0)
        for label in empty:
            self.assertIn(label, fill_in[0])
        self.assertEqual(sentences, sorted(set(refused) - set(fill_in)))
        self.assertEqual(application.missing_count, len(listed))
        self.assertEqual(bool(listed), bool(refused))
        return listed


@tagged("standard", "post_install", "-at_install")
class TestListIsTheRefusal(GuideCase):
    def test_nothing_is_listed_where_nothing_is_refused(self):
        application = self._draft()
        self.assertEqual(self.assert_listed_is_refused(application), [])
        self.assertEqual(application.completeness["percent"], 100)
        self.assertTrue(all(part["done"] for part in application.completeness["parts"]))
        self.assertEqual([part["part"] for part in application.completeness["parts"]], list(PARTS))
        application.action_submit()

    def test_each_thing_that_is_left_out_is_listed_with_the_words_of_the_refusal(self):
        application = self._draft()
        for name, leave_out in self.omissions.items():
            with self.subTest(left_out=name):
                point = self.env.cr.savepoint(flush=True)
                leave_out(application)
                self.env.invalidate_all()
                self.assertTrue(self.assert_listed_is_refused(application))
                self.assertLess(application.completeness["percent"], 100)
                point.rollback()
                point.close(rollback=False)
                self.env.invalidate_all()

    def test_and_so_is_whatever_is_left_out_together(self):
        application = self._draft()
        names = list(self.omissions)
        # Pairs at three distances, and everything at once.
        together = [
            (names[place], names[(place + far) % len(names)]) for far in (1, 5, 9) for place in range(0, len(names), 2)
        ]
        for group in [*together, names]:
            with self.subTest(left_out=group):
                point = self.env.cr.savepoint(flush=True)
                for name in group:
                    self.omissions[name](application)
                self.env.invalidate_all()
                self.assertGreaterEqual(len(self.assert_listed_is_refused(application)), 1)
                point.rollback()
                point.close(rollback=False)
                self.env.invalidate_all()

    def test_each_missing_thing_stands_at_its_step(self):
        application = self._draft(
            phone=False, summary=False, recommendation=False, occupation_id=False, history_ids=[], achievement_ids=[]
        )
        application.material_ids.write({"attachment_ids": [Command.clear()]})
        self.assertEqual(
            sorted({step for step, _text in self._missing(application)}),
            ["achievements", "basis", "history", "materials", "person", "recommendation", "summary"],
        )

    def test_a_person_whom_the_unit_has_submitted_already_is_listed(self):
        self._submitted()
        listed = self.assert_listed_is_refused(self._draft())
        self.assertEqual([step for step, _text in listed], ["basis"])
        self.assertIn("already has an application", listed[0][1])

    def test_nobody_but_the_nominator_gets_the_list_and_only_while_the_form_is_open(self):
        application = self._submitted()
        for user in (self.nominator, self.county_officer):
            case = application.with_user(user)
            self.assertEqual((case.completeness, case.missing_count), (False, 0))
        application.action_return("补充")
        self.assertTrue(application.with_user(self.nominator).completeness)
        self.assertFalse(application.with_user(self.county_officer).completeness)

    def test_a_required_row_that_is_deleted_comes_back(self):
        application = self._draft()
        required = application.material_ids.filtered("required")
        name = required.name
        application.material_ids = [Command.delete(required.id)]
        self.assertEqual(application.material_ids.filtered("required").mapped("name"), [name])
        self.assertFalse(application.material_ids.filtered("required").attachment_ids)
        optional = application.material_ids.filtered(lambda row: not row.required)[:1]
        name = optional.name
        application.material_ids = [Command.delete(optional.id)]
        self.assertNotIn(name, application.material_ids.mapped("name"))

    def test_a_campaign_under_another_policy_brings_its_own_rows(self):
        application = self._draft()
        policy = self.policy.copy()
        self.env["skill.cert.material.template"].create({"policy_id": policy.id, "name": "健康证明", "required": True})
        policy.action_activate()
        application.campaign_id = self.campaign.copy({"name": "other", "policy_id": policy.id})
        self.assertIn("健康证明", application.material_ids.mapped("name"))
        self.assertIn("健康证明", " ".join(text for _step, text in self.assert_listed_is_refused(application)))


@tagged("standard", "post_install", "-at_install")
class TestListIsLive(GuideCase):
    def _form(self, application=None):
        return Form((application or self.env["skill.cert.application"]).with_user(self.nominator))

    def _listed(self, form):
        return {one["text"] for part in form.completeness["parts"] for one in part["missing"]}

    def test_a_form_that_was_never_saved_lists_what_will_be_refused(self):
        form = self._form()
        form.campaign_id = self.campaign
        form.applicant_name = "张示例"
        before = self._listed(form)
        saved = form.save()
        self.assertEqual(before, {text for _step, text in self._missing(saved)})
        self.assertIn("Missing material", " ".join(before))

    def test_the_list_follows_each_entry_without_saving(self):
        form = self._form(self._draft(phone=False, summary=False))
        self.assertEqual(form.missing_count, 2)
        form.summary = "爱岗敬业。"
        self.assertEqual(self._listed(form), {"Mobile phone"})
        form.phone = "13800000901"
        self.assertEqual((form.missing_count, form.completeness["percent"]), (0, 100))

    def test_a_line_that_is_not_saved_yet_counts_for_the_eligibility(self):
        application = self._draft(achievement_ids=[])
        form = self._form(application)
        self.assertFalse(form.is_eligible)
        with form.achievement_ids.new() as line:
            line.type_id = self.env.ref("wz_skill_cert.achievement_type_title")
            line.name = "工程师"
            line.title_rank = "1"
            line.evidence_ids.add(self._file(self.nominator))
        self.assertTrue(form.is_eligible)
        self.assertEqual(form.missing_count, 0)
        with form.achievement_ids.edit(0) as line:
            line.related = False
        self.assertFalse(form.is_eligible)
        self.assertFalse(application.achievement_ids, "nothing was saved")

    def test_unsaved_and_saved_achievements_are_judged_alike(self):
        kinds = ("honour", "award", "patent", "title", "talent", "breakthrough")
        variations = (
            {}, {"scope": "1"}, {"grade": "4"}, {"role": "participant"}, {"annual_benefit": 29.99}, {"granted": False},
            {"related": False}, {"evidence_ids": []}, {"title_rank": "1"},
        )  # fmt: skip
        claims = list(itertools.product(kinds, variations))
        drafts = self.env["skill.cert.application"].with_user(self.nominator)
        unsaved = drafts.union(*(drafts.new(self._claiming(*claim)) for claim in claims))
        told = self.policy._evaluate(unsaved)
        saved = drafts.create([self._claiming(*claim) for claim in claims])
        known = self.policy._evaluate(saved)
        for claim, draft, case in zip(claims, unsaved, saved, strict=True):
            with self.subTest(claim=claim):
                self.assertEqual(
                    {level: verdict.met for level, verdict in told[draft.id].items()},
                    {level: verdict.met for level, verdict in known[case.id].items()},
                )
                self.assertEqual(self.policy._explain(told[draft.id]), self.policy._explain(known[case.id]))

    def _claiming(self, kind, change):
        """Return the values of an application that claims two achievements of a kind."""
        lines = [{**self._achievement_vals(self.nominator, kind), "name": name, **change} for name in ("一", "二")]
        return {
            "campaign_id": self.campaign.id,
            "nominator_id": self.enterprise.id,
            "achievement_ids": [Command.create(line) for line in lines],
        }

    def test_several_unsaved_applications_are_not_mixed_up(self):
        applications = self.env["skill.cert.application"].with_user(self.nominator)
        title = [Command.create(self._achievement_vals(self.nominator))]
        both = applications.union(
            *(applications.new({"campaign_id": self.campaign.id, "achievement_ids": lines}) for lines in ([], title))
        )
        self.assertEqual(both.mapped("is_eligible"), [False, True])
