"""An association sees its own members, has their consent on record, reminds them and takes in their sheets; nobody else's."""

import base64
from datetime import timedelta

from odoo import fields as odoo_fields
from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SkillCertCase, resident_id
from .test_sheet_import import SheetCase

TAGS = ("standard", "post_install", "-at_install")


class AssociationCase(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.association = cls._association(cls.enterprise, cls.other_enterprise)
        cls.secretary = cls._nominator(cls.association)
        cls.rival = cls._unit("温州示例泵阀行业协会（虚构）", "association")
        cls.enterprise.association_ids = [Command.link(cls.rival.id)]
        cls.rival_secretary = cls._nominator(cls.rival)
        cls.stranger_unit = cls._unit("温州示例机械有限公司（虚构）")

    def _prepare(self):
        super()._prepare()
        self.membership = self._membership(self.enterprise)

    def _membership(self, member, association=None, user=None):
        association, user = association or self.association, user or self.secretary
        memberships = self.env["skill.cert.membership"].search(
            [("association_id", "=", association.id), ("member_id", "=", member.id)]
        )
        return memberships.with_user(user)

    def _nominated(self, **values):
        defaults = {"nominator_id": self.association.id, "employer_id": self.enterprise.id}
        return self._draft(self.secretary, **{**defaults, **values})

    def _consent(self, membership=None, user=None, **values):
        membership, user = membership or self.membership, user or self.secretary
        defaults = {"membership_id": membership.id, "signatory": "王示例", "given_on": clock.today()}
        scan = {"attachment_ids": [Command.set(self._file(user, "consent.pdf").ids)]}
        return self.env["skill.cert.consent"].with_user(user).create({**defaults, **scan, **values})

    def _require_consent(self):
        self.policy.sudo().consent_required = True


@tagged(*TAGS)
class TestMembers(AssociationCase):
    def _seen(self, user):
        return self.env["skill.cert.membership"].with_user(user).search([])

    def test_each_membership_has_one_record(self):
        found = self.env["skill.cert.membership"].search(
            [("association_id", "in", (self.association | self.rival).ids)]
        )
        pairs = {(m.association_id, m.member_id) for m in found}
        self.assertEqual(
            pairs,
            {
                (self.association, self.enterprise),
                (self.association, self.other_enterprise),
                (self.rival, self.enterprise),
            },
        )

    def test_an_association_sees_its_own_members_and_a_member_its_associations(self):
        self.assertEqual(self._seen(self.secretary).member_id, self.enterprise | self.other_enterprise)
        self.assertEqual(self._seen(self.secretary).association_id, self.association)
        self.assertEqual(self._seen(self.rival_secretary).member_id, self.enterprise)
        self.assertEqual(self._seen(self.nominator).association_id, self.association | self.rival)
        self.assertEqual(self._seen(self.other_nominator).association_id, self.association)
        self.assertFalse(self._seen(self._nominator(self.stranger_unit)))

    def test_officers_see_the_members_of_their_place(self):
        self.assertNotIn(self.other_enterprise, self._seen(self.county_officer).member_id)
        self.assertIn(self.enterprise, self._seen(self.county_officer).member_id)
        self.assertLessEqual(self.enterprise | self.other_enterprise, self._seen(self.city_officer).member_id)

    def test_of_a_member_in_two_associations_each_sees_its_own_side_alone(self):
        self._consent()
        theirs = self._membership(self.enterprise, self.rival, self.rival_secretary)
        self.assertEqual(theirs.consent_state, "none")
        self.assertFalse(self.env["skill.cert.consent"].with_user(self.rival_secretary).search([]))
        for values in ({"contact_name": "x"}, {"consent_ids": [Command.create({"signatory": "x"})]}):
            with self.assertRaises(AccessError):
                self.membership.with_user(self.rival_secretary).write(values)
        self.assertNotIn(self.rival.name, str(self.enterprise.with_user(self.secretary).read(["association_ids"])))
        self.assertNotIn(self.rival, self.enterprise.with_user(self.secretary).association_ids)

    def test_an_end_of_membership_archives_the_record_and_a_new_one_brings_it_back(self):
        self._consent()
        self.enterprise.association_ids = [Command.unlink(self.association.id)]
        self.assertFalse(self.membership.active)
        for step in (self.membership.action_remind, self.membership.action_nominate, self._consent):
            with self.subTest(step=step.__name__), self.assert_refused("no longer a member"):
                step()
        self.association.association_member_ids = [Command.link(self.enterprise.id)]
        self.assertTrue(self.membership.active)
        self.assertEqual(self._membership(self.enterprise), self.membership)

    def test_nobody_enters_members_by_the_record(self):
        for user in (self.secretary, self.nominator, self.manager):
            with self.assertRaises(AccessError):
                self.env["skill.cert.membership"].with_user(user).create(
                    {"association_id": self.association.id, "member_id": self.stranger_unit.id}
                )
        for values in ({"member_id": self.stranger_unit.id}, {"active": False}, {"reminded_on": False}):
            with self.assertRaises(AccessError):
                self.membership.write(values)
        with self.assertRaises(AccessError):
            self.association.with_user(self.secretary).association_member_ids = [Command.link(self.stranger_unit.id)]

    def test_the_progress_of_a_member_counts_the_associations_own_cases(self):
        self._nominated()
        self._nominated(id_number=resident_id(sequence=903))
        self._nominated(id_number=resident_id(sequence=905)).action_submit()
        returned = self._nominated(id_number=resident_id(sequence=907))
        returned.action_submit()
        returned.with_user(self.county_officer).action_return("补充")
        self._draft(id_number=resident_id(sequence=909))  # by the member itself
        self._nominated(employer_id=self.other_enterprise.id, id_number=resident_id(sequence=911))
        self.assertRecordValues(
            self.membership, [{"draft_count": 2, "returned_count": 1, "waiting_count": 1, "certified_count": 0}]
        )
        member_side = self.membership.with_user(self.nominator)
        member_side.invalidate_recordset()
        self.assertEqual((member_side.draft_count, member_side.waiting_count), (0, 0))

    def test_a_member_nominates_through_the_record(self):
        action = self.membership.action_nominate()
        applications = self.env["skill.cert.application"].with_user(self.secretary)
        with Form(applications.with_context(**action["context"])) as form:
            form.applicant_name = "张示例"
        self.assertRecordValues(
            form.record,
            [{"nominator_id": self.association.id, "employer_id": self.enterprise.id, "bureau_id": self.county.id}],
        )
        with self.assertRaises(AccessError):
            self.membership.with_user(self.nominator).action_nominate()


@tagged(*TAGS)
class TestConsent(AssociationCase):
    def test_a_paper_needs_its_scan_and_is_then_fixed(self):
        with self.assert_refused("attach the scan"):
            self._consent(attachment_ids=[])
        consent = self._consent()
        self.assertEqual((consent.source, consent.recorded_by_id), ("paper", self.secretary))
        self.assertEqual(consent.attachment_ids.res_model, "skill.cert.consent")
        for values in ({"signatory": "别人"}, {"valid_until": "2099-12-31"}, {"attachment_ids": []}):
            with self.subTest(values=values), self.assert_refused("fixed"):
                consent.write(values)
        for values in ({"withdrawn_on": False}, {"source": "online"}, {"recorded_by_id": False}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                consent.write(values)
        with self.assertRaises(UserError):
            consent.attachment_ids.unlink()
        with self.assertRaises(AccessError):
            consent.unlink()

    def test_it_holds_from_its_day_to_its_last_day_inclusive(self):
        today = clock.today()
        for until, state in ((today, "given"), (today - timedelta(days=1), "expired"), (False, "given")):
            with self.subTest(until=until):
                membership = self._membership(self.other_enterprise)
                membership.sudo().consent_ids.unlink()
                self._consent(membership, given_on=today - timedelta(days=9), valid_until=until)
                self.assertEqual(membership.consent_state, state)
        with self.assertRaises(ValidationError):
            self._consent(given_on=today + timedelta(days=1))

    def test_a_member_agrees_in_the_system_and_may_withdraw(self):
        own = self.membership.with_user(self.nominator)
        own.action_agree()
        self.assertEqual(own.consent_state, "given")
        consent = own.consent_ids
        self.assertEqual((consent.source, consent.signatory), ("online", self.nominator.name))
        own.action_agree()
        self.assertEqual(len(own.consent_ids), 1, "twice is once")
        own.action_withdraw_consent()
        self.assertEqual((own.consent_state, consent.withdrawn_on), ("withdrawn", clock.today()))

    def test_nobody_agrees_for_another(self):
        for user in (self.secretary, self.rival_secretary, self.other_nominator, self.county_officer):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.membership.with_user(user).action_agree()
        for user in (self.rival_secretary, self.other_nominator, self.county_officer, self.nominator):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._consent(user=user)
        with self.assertRaises(AccessError):
            self._consent(source="online")
        self.assertEqual(self.membership.consent_state, "none")

    def test_the_consent_of_another_association_does_not_count(self):
        self._membership(self.enterprise, self.rival).with_user(self.nominator).action_agree()
        self.assertTrue(self._nominated().consent_missing)

    def test_a_missing_consent_is_a_warning_unless_the_policy_requires_it(self):
        draft = self._nominated()
        self.assertTrue(draft.consent_missing)
        self.assertIn("has not agreed", draft._submission_warnings()[0])
        draft.action_submit()
        self.assertEqual(draft.state, "submitted")

    def test_where_it_is_required_nothing_is_submitted_without_it(self):
        self._require_consent()
        draft = self._nominated()
        with self.assert_refused(self.enterprise.name, "has not agreed"):
            draft.action_submit()
        self.assertEqual((draft.state, draft._submission_warnings()), ("draft", []))
        self._consent(given_on=clock.today() - timedelta(days=2), valid_until=clock.today() - timedelta(days=1))
        with self.assert_refused("has not agreed"):
            draft.action_submit()
        self._consent(valid_until=clock.today())
        draft.action_submit()
        self.assertEqual(draft.state, "submitted")

    def test_a_withdrawn_consent_no_longer_carries(self):
        self._require_consent()
        draft = self._nominated()
        self._consent()
        self.membership.with_user(self.nominator).action_withdraw_consent()
        with self.assert_refused("has not agreed"):
            draft.action_submit()

    def test_an_enterprise_needs_no_consent_for_its_own_staff(self):
        self._require_consent()
        draft = self._draft()
        self.assertFalse(draft.consent_missing)
        draft.action_submit()
        self.assertEqual(draft.state, "submitted")

    def test_the_setting_changes_with_a_new_version_of_the_policy(self):
        with self.assert_refused("in force"):
            self.policy.with_user(self.manager).consent_required = True
        self.assertFalse(self.policy.consent_required)

    def test_members_are_found_by_their_consent(self):
        self._consent()
        own = self.env["skill.cert.membership"].with_user(self.secretary)
        self.assertEqual(own.search([("consent_state", "=", "given")]), self.membership)
        self.assertEqual(own.search([("consent_state", "!=", "given")]).member_id, self.other_enterprise)


@tagged(*TAGS)
class TestReminder(AssociationCase):
    def _prepare(self):
        super()._prepare()
        self.membership.contact_email = "member@test.invalid"
        (self.membership | self._membership(self.other_enterprise)).contact_phone = "0577-00000901"

    def _mails(self):
        return self.env["mail.mail"].search([("model", "=", "skill.cert.membership")])

    def test_it_goes_to_the_selected_members_and_to_nobody_else(self):
        before = self._mails()
        self._nominated()
        self.membership.action_remind()
        mail = self._mails() - before
        self.assertEqual((mail.res_id, mail.email_to), (self.membership.id, "member@test.invalid"))
        self.assertFalse(mail.recipient_ids)
        self.assertIn("草稿1份", "".join(str(mail.body_html).split()))
        self.assertEqual(self.membership.reminded_on, clock.today())
        self.assertIn("member@test.invalid", str(self.membership.message_ids.mapped("body")))

    def test_neither_subject_nor_text_names_a_person(self):
        draft = self._nominated(summary="爱岗敬业。")
        self.membership.action_remind()
        mail = self._mails()[:1]
        for word in (draft.applicant_name, draft.id_number, draft.phone, self.secretary.name):
            self.assertNotIn(word, f"{mail.subject} {mail.body_html}")
        self.assertIn(self.campaign.name, mail.subject)
        self.assertNotIn(self.enterprise.name, mail.subject)

    def test_without_an_address_or_twice_a_day_nobody_is_written_to(self):
        both, before = self.membership | self._membership(self.other_enterprise), self._mails()
        with self.assert_refused("enter an e-mail", self.other_enterprise.name):
            both.action_remind()
        self.assertEqual(self._mails(), before)
        self.other_enterprise.email = "unit@test.invalid"
        both.action_remind()
        self.assertEqual(set((self._mails() - before).mapped("email_to")), {"member@test.invalid", "unit@test.invalid"})
        with self.assert_refused("Reminded today"):
            both.action_remind()
        self.assertEqual(len(self._mails() - before), 2)

    def test_yesterdays_reminder_does_not_stop_todays(self):
        self.membership.sudo().reminded_on = clock.today() - timedelta(days=1)
        self.membership.action_remind()
        self.assertEqual(self.membership.reminded_on, clock.today())

    def test_nobody_reminds_the_members_of_others(self):
        before = self._mails()
        for user in (self.rival_secretary, self.nominator, self.other_nominator, self.county_officer, self.manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.membership.with_user(user).action_remind()
        mixed = self.membership | self._membership(self.enterprise, self.rival)
        with self.assertRaises(AccessError):
            mixed.action_remind()
        self.assertEqual(self._mails(), before)


@tagged(*TAGS)
class TestMembersSheets(AssociationCase, SheetCase):
    def _wizard(self, *books, user=None, **values):
        user = user or self.secretary
        files = (
            self.env["ir.attachment"]
            .with_user(user)
            .create(
                [
                    {
                        "name": f"sheet{number}.xlsx",
                        "raw": book if isinstance(book, bytes) else self._bytes(book),
                        "res_model": "skill.cert.member.sheets",
                        "res_id": 0,
                    }
                    for number, book in enumerate(books)
                ]
            )
        )
        wizards = self.env["skill.cert.member.sheets"].with_user(user)
        return wizards.create({"file_ids": [Command.set(files.ids)], "campaign_id": self.campaign.id, **values})

    def _uploads(self, wizard):
        action = wizard.action_import()
        return self.env["skill.cert.sheet.import"].with_user(wizard.env.user).search(action["domain"]).sorted("id")

    def test_several_files_go_each_to_the_sheet_of_its_members_bureau(self):
        other = self._row(1, 报名单位=self.other_enterprise.name)
        wizard = self._wizard(self._book([self._row()]), self._book([other]))
        files = wizard.file_ids
        first, second = self._uploads(wizard)
        self.assertEqual((first.member_id, second.member_id), (self.enterprise, self.other_enterprise))
        self.assertEqual(
            (first.submission_id.bureau_id, second.submission_id.bureau_id), (self.county, self.other_county)
        )
        self.assertEqual((first | second).mapped("state"), ["checked"] * 2)
        self.assertFalse(files.exists(), "the files hold ID numbers and are not kept twice")
        (first | second).action_confirm_selected()
        drafts = (first | second).submission_id.application_ids
        self.assertEqual(drafts.employer_id, self.enterprise | self.other_enterprise)
        self.assertEqual(drafts.nominator_id, self.association)

    def test_rows_without_a_unit_are_the_members_staff_where_the_member_is_chosen(self):
        wizard = self._wizard(self._book([self._row(报名单位=None)]), member_id=self.enterprise.id)
        upload = self._uploads(wizard)
        self.assertEqual((upload.good_count, upload.bad_count), (1, 0))
        upload.action_confirm()
        self.assertEqual(upload.submission_id.application_ids.employer_id, self.enterprise)

    def test_a_foreign_enterprise_is_refused_by_its_row(self):
        rows = [self._row(), self._row(1, 报名单位=self.stranger_unit.name)]
        upload = self._uploads(self._wizard(self._book(rows)))
        self.assertEqual((upload.good_count, upload.bad_count), (1, 1))
        self.assertIn("所选会员单位", upload.bad_row_ids.problem_text)
        alone = self._uploads(self._wizard(self._book([self._row(1, 报名单位=self.stranger_unit.name)])))
        self.assertEqual((alone.good_count, alone.bad_count), (0, 1))
        self.assertIn("不是本协会的会员单位", alone.bad_row_ids.problem_text)

    def test_another_member_does_not_slip_into_the_chosen_members_sheet(self):
        same_place = self._unit("温州示例仪表有限公司（虚构）")
        same_place.association_ids = [Command.link(self.association.id)]
        rows = [self._row(), self._row(1, 报名单位=same_place.name)]
        upload = self._uploads(self._wizard(self._book(rows), member_id=self.enterprise.id))
        self.assertEqual((upload.good_count, upload.bad_count), (1, 1))

    def test_no_member_of_another_association_is_chosen_on_any_road(self):
        for values in ({"member_id": self.stranger_unit.id}, {"nominator_id": self.rival.id}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._wizard(self._book([self._row()]), **values).action_import()
        sheet = self._new_sheet(self.secretary)
        content = base64.b64encode(self._bytes(self._book([self._row()])))
        uploads = self.env["skill.cert.sheet.import"].with_user(self.secretary)
        with self.assertRaises(UserError):
            uploads.create({"submission_id": sheet.id, "file": content, "member_id": self.stranger_unit.id})
        upload = uploads.create({"submission_id": sheet.id, "file": content, "member_id": self.enterprise.id})
        with self.assertRaises(UserError):
            upload.member_id = self.stranger_unit
        with self.assertRaises(UserError):
            self._wizard(
                self._book([self._row()]), user=self.nominator, nominator_id=self.enterprise.id
            ).action_import()

    def test_a_file_that_cannot_be_read_is_named_and_nothing_is_uploaded(self):
        uploads = self.env["skill.cert.sheet.import"]
        before = uploads.search_count([])
        with self.assert_refused("sheet1.xlsx"):
            self._wizard(self._book([self._row()]), b"no workbook").action_import()
        self.assertEqual(uploads.search_count([]), before)


@tagged(*TAGS)
class TestUnitData(AssociationCase):
    def _wizard(self, user, **values):
        return self.env["skill.cert.unit.wizard"].with_user(user).create(values)

    def test_nominators_keep_the_figures_of_their_own_unit(self):
        wizard = self._wizard(self.nominator)
        self.assertEqual((wizard.unit_id, wizard.assets, wizard.headcount), (self.enterprise, 5000, 320))
        wizard.write(
            {"assets": 6000.25, "headcount": 330, "street": "示例路9号", "contact": "王示例", "email": "a@test.invalid"}
        )
        wizard.action_save()
        self.assertRecordValues(
            self.enterprise,
            [
                {
                    "enterprise_assets": 6000.25,
                    "enterprise_sales": 8000.5,
                    "enterprise_headcount": 330,
                    "street": "示例路9号",
                    "skill_cert_contact": "王示例",
                    "email": "a@test.invalid",
                }
            ],
        )
        self.assertEqual(self._draft().employer_headcount, 330)

    def test_and_of_no_other_unit(self):
        before = self._facts(self.other_enterprise)
        for user, unit in ((self.nominator, self.other_enterprise), (self.secretary, self.enterprise)):
            wizard = self._wizard(user)
            wizard.sudo().unit_id = unit
            wizard.invalidate_recordset()
            self.assertFalse(wizard.with_user(user)._own_unit())
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_save()
        self.assertEqual(self._facts(self.other_enterprise), before)
        with self.assertRaises(AccessError):
            self.enterprise.with_user(self.nominator).write({"enterprise_assets": 1})

    def test_what_was_submitted_keeps_its_figures(self):
        case = self._submitted()
        wizard = self._wizard(self.nominator)
        wizard.headcount = 1
        wizard.action_save()
        self.assertEqual(case.employer_headcount, 320)

    def test_negative_figures_are_refused(self):
        with self.assertRaises(ValidationError):
            self._wizard(self.nominator, assets=-1)

    def test_the_address_of_a_login_is_not_changed_with_the_units_data(self):
        user = self._user()
        user.partner_id.write({"is_company": True, "skill_cert_unit": "enterprise", "email": "old@test.invalid"})
        user.partner_id.nominator_user_ids = [Command.link(self.nominator.id)]
        wizard = self._wizard(self.nominator, unit_id=user.partner_id.id, email="new@test.invalid")
        wizard.action_save()
        self.assertEqual(user.partner_id.email, "old@test.invalid")


@tagged(*TAGS)
class TestDesk(AssociationCase):
    def _overview(self, user):
        return self.env["skill.cert.desk"].with_user(user).overview()

    def test_numbers_are_those_of_the_lists_to_which_they_lead(self):
        self._draft(id_number=resident_id(sequence=903))
        self._draft(id_number=resident_id(sequence=905), summary=False, phone=False)
        returned = self._submitted(id_number=resident_id(sequence=907))
        returned.action_return("缺少公章")
        self._submitted(id_number=resident_id(sequence=909))
        self._draft(self.other_nominator)
        self._nominated(id_number=resident_id(sequence=911))
        seen = self._overview(self.nominator)
        self.assertEqual(seen["states"], {"draft": 2, "returned": 1, "submitted": 1})
        self.assertEqual([row["left"] for row in seen["drafts"]], [0, 2])
        self.assertEqual([row["percent"] == 100 for row in seen["drafts"]], [True, False])
        self.assertEqual([row["reason"] for row in seen["returned"]], ["缺少公章"])
        self.assertEqual((seen["prospects"], seen["members"]), (False, False))
        for state, count in seen["states"].items():
            listed = self.env["skill.cert.application"].with_user(self.nominator)
            domain = [("nominator_id", "=", self.enterprise.id), ("state", "=", state)]
            self.assertEqual(listed.search_count(domain), count)
        self.assertEqual(seen["campaign"]["days"], 30)

    def test_another_units_desk_says_nothing_of_it(self):
        self._submitted()
        theirs = self._overview(self.other_nominator)
        self.assertEqual((theirs["states"], theirs["drafts"], theirs["returned"], theirs["decided"]), ({}, [], [], []))
        nobodys = (
            self._overview(self.plain_user) if self.plain_user.has_group("wz_skill_cert.group_nominator") else None
        )
        self.assertIsNone(nobodys)
        with self.assertRaises(AccessError):
            self._overview(self.plain_user)

    def test_no_personal_number_is_sent(self):
        draft = self._draft()
        text = str(self._overview(self.nominator))
        self.assertIn(draft.applicant_name, text)
        for word in (draft.id_number, draft.phone):
            self.assertNotIn(word, text)

    def test_who_may_be_nominated_is_counted_for_hr_alone(self):
        hr = self._hr_nominator(self.enterprise)
        before = self._overview(hr)["prospects"]
        employee = self._employee(
            achievement_ids=[Command.create(self._achievement_vals(self.env.user, title_rank="1"))],
            occupation_id=self.electrician.id,
        )
        self.env.flush_all()
        after = self._overview(hr)["prospects"]
        self.assertEqual(after.get("senior_worker", 0), before.get("senior_worker", 0) + 1)
        self.assertEqual(after["people"], before["people"] + 1)
        application = (
            self.env["skill.cert.application"].with_user(hr).create(employee.with_user(hr)._prepare_application())
        )
        self.assertTrue(application)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._overview(hr)["prospects"], before, "nominated")

    def test_an_association_sees_how_many_of_its_members_agreed(self):
        self._consent()
        seen = self._overview(self.secretary)["members"]
        self.assertEqual((seen["count"], seen["given"], seen["none"]), (2, 1, 1))
        self.assertFalse(self._overview(self.nominator)["members"], "a member has no members")

    def test_what_a_draft_lacks_is_what_its_form_says(self):
        self._submitted()
        twin = self._draft()
        [row] = [row for row in self._overview(self.nominator)["drafts"] if row["id"] == twin.id]
        self.assertEqual((row["left"], row["percent"] < 100), (1, True), "the person has an application already")

    def test_the_number_of_queries_does_not_grow_with_the_cases(self):
        costs = []
        for number in range(12):
            employer = self.other_enterprise if number % 2 else self.enterprise
            self._nominated(id_number=resident_id(sequence=911 + 2 * number), employer_id=employer.id)
            costs.append(self._queries_of_overview())
        # As many as the desk shows, and as soon as there are more.
        self.assertEqual((len(set(costs[:6])), len(set(costs[6:]))), (1, 1), costs)
        self.assertLessEqual(max(costs), 46)

    def _queries_of_overview(self):
        for _time in range(2):  # rules and the like are known to a running server
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._overview(self.secretary)
        return self.env.cr.sql_log_count - before

    def test_the_campaign_to_come_is_announced_where_none_is_open(self):
        today = clock.today()
        self.env["skill.cert.campaign"].search([]).active = False
        self.campaign.write(
            {"active": True, "date_open": today + timedelta(days=3), "date_close": today + timedelta(days=9)}
        )
        seen = self._overview(self.nominator)["campaign"]
        self.assertFalse(seen["open"])
        self.assertEqual(seen["date_open"], odoo_fields.Date.to_string(today + timedelta(days=3)))
        self.campaign.active = False
        self.assertFalse(self._overview(self.nominator)["campaign"])
