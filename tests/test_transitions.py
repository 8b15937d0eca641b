"""Notice, part 4: a state changes along the procedure, by its party, under its guard, and in no other way."""

import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.orm.models import MAGIC_COLUMNS
from odoo.tests import tagged

from .common import SkillCertCase, resident_id

STATES = (
    "draft", "submitted", "returned", "accepted", "assessment", "qualified", "recommended", "review", "passed",
    "certified", "rejected", "withdrawn", "terminated", "revoked",
)  # fmt: skip
BEFORE_THE_VOTE = ("draft", "submitted", "returned", "accepted", "assessment", "qualified", "recommended")
ENDS = ("rejected", "withdrawn", "terminated", "revoked")
# The procedure as the notice has it: who leads an application from where to where.
PROCEDURE = {
    "nominator": {
        ("draft", "submitted"), ("returned", "submitted"),
        *((state, "withdrawn") for state in BEFORE_THE_VOTE),
    },
    "officer": {
        ("submitted", "returned"), ("accepted", "returned"), ("submitted", "accepted"),
        ("accepted", "assessment"), ("recommended", "assessment"),
        ("assessment", "qualified"), ("assessment", "rejected"),
        ("qualified", "recommended"), ("qualified", "review"),
        ("review", "passed"), ("review", "rejected"), ("passed", "certified"), ("passed", "qualified"),
        ("recommended", "qualified"),
        *((state, "revoked") for state in STATES if state not in ("draft", *ENDS)),
        *((state, "terminated") for state in STATES if state not in ("draft", "certified", *ENDS)),
    },
    "other officer": set(),
    "other nominator": set(),
    "manager": set(),
}  # fmt: skip
# From which states each button leads somewhere; in all others it is refused.
BUTTONS = {
    "action_submit": ("draft", "returned"),
    "action_withdraw": BEFORE_THE_VOTE,
    "action_accept": ("submitted",),
    "action_start_assessment": ("accepted", "recommended"),
    "action_conclude_assessment": ("assessment",),
    "action_recommend": ("qualified",),
    "action_certify": ("passed",),
}
GUARDS = (
    "_guard_submit", "_guard_reason", "_guard_panel", "_guard_assessed", "_guard_recommend", "_guard_review",
    "_guard_voted", "_guard_certify", "_guard_vote_anew", "_guard_termination", "_guard_send_back",
)  # fmt: skip


class TransitionCase(SkillCertCase):
    def _in_state(self, application, state):
        application.sudo().state = state
        self.env.flush_all()
        return application

    def _without_guards(self):
        """Let every guard agree, so that only the table and the parties decide."""
        model = type(self.env["skill.cert.application"])
        for guard in GUARDS:
            patcher = patch.object(model, guard, lambda self, target, vals: None)
            patcher.start()
            self.addCleanup(patcher.stop)


@tagged("standard", "post_install", "-at_install")
class TestTable(TransitionCase):
    def test_the_states_are_those_of_the_contract(self):
        field = self.env["skill.cert.application"]._fields["state"]
        self.assertEqual(tuple(key for key, _label in field.selection), STATES)

    def test_of_all_pairs_of_states_only_those_of_the_procedure_can_be_walked(self):
        application = self._submitted()
        users = {
            "nominator": self.nominator,
            "officer": self.county_officer,
            "other officer": self.other_officer,
            "other nominator": self.other_nominator,
            "manager": self.manager,
        }
        self._without_guards()
        walked = {party: set() for party in users}
        for party, user in users.items():
            for source in STATES:
                for target in STATES:
                    if self._walks(application.with_user(user), source, target):
                        walked[party].add((source, target))
        self.assertEqual(walked, PROCEDURE)

    def _walks(self, application, source, target):
        self._in_state(application, source)
        try:
            with self.env.cr.savepoint():
                application._move(target, reason="原因")
                self.assertEqual(application.sudo().state, target)
        except UserError:
            application.sudo().invalidate_recordset()
            self.assertEqual(application.sudo().state, source)
            return False
        return True

    def test_every_button_is_refused_outside_its_states(self):
        application = self._submitted()
        users = dict.fromkeys(BUTTONS, self.county_officer) | dict.fromkeys(
            ("action_submit", "action_withdraw"), self.nominator
        )
        for button, sources in BUTTONS.items():
            for state in set(STATES) - set(sources):
                with self.subTest(button=button, state=state):
                    self._in_state(application, state)
                    with self.assertRaises(UserError):
                        getattr(application.with_user(users[button]), button)()
                    self.assertEqual(application.sudo().state, state)

    def test_an_end_is_an_end(self):
        ends = {
            state for state in STATES if not any(state == source for steps in PROCEDURE.values() for source, _ in steps)
        }
        self.assertEqual(ends, set(ENDS))

    def test_of_two_officers_who_press_at_once_the_second_is_told(self):
        application = self._submitted()
        application.action_accept()
        with self.assert_refused("is in state", "Accepted"):
            application.action_accept()
        self.assertEqual(len(application.sudo().review_ids), 1)


@tagged("standard", "post_install", "-at_install")
class TestGuards(TransitionCase):
    def test_no_assessment_without_a_panel_or_with_one_that_is_not_appointed(self):
        application = self._accepted()
        with self.assert_refused("has no expert panel yet"):
            application.action_start_assessment()
        panel = self._panel(self.county)
        panel.application_ids = [Command.link(application.id)]
        panel.sudo().state = "draft"
        with self.assert_refused("is not appointed yet"):
            application.action_start_assessment()
        self.assertEqual(application.state, "accepted")

    def test_no_conclusion_while_an_assessment_is_outstanding(self):
        application = self._accepted()
        self._start_assessment(application)
        with self.assert_refused("3 assessments are outstanding"):
            application.action_conclude_assessment()
        self.assertEqual(application.state, "assessment")

    def test_the_officer_cannot_conclude_against_the_panel(self):
        application = self._accepted()
        self._start_assessment(application)
        self._assess(application, "unqualified")
        with self.assert_refused("the panel decided otherwise"):
            application._move("qualified")
        application.action_conclude_assessment()
        self.assertEqual((application.state, application.rejected_at), ("rejected", "assessment"))
        self.assertIn("0 of 3 experts", application.reason)

    def test_half_of_the_panel_suffices_and_less_does_not(self):
        for size, favourable, state in (
            (4, 2, "qualified"),
            (4, 1, "rejected"),
            (3, 2, "qualified"),
            (3, 1, "rejected"),
        ):
            with self.subTest(size=size, favourable=favourable), self.env.cr.savepoint() as savepoint:
                application = self._accepted()
                self._start_assessment(application, self._panel(self.county, size))
                assessments = application.sudo().review_id.assessment_ids
                assessments[favourable:].verdict = "unqualified"
                assessments[:favourable].verdict = "qualified"
                assessments.state = "submitted"
                application.action_conclude_assessment()
                self.assertEqual(application.state, state)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_whoever_meets_no_condition_after_the_verification_is_rejected(self):
        application = self._accepted()
        self._start_assessment(application)
        expert = application.sudo().review_id.assessment_ids[0].user_id
        application.achievement_ids.with_user(expert).action_refuse("证书不实")
        self._assess(application)
        application.action_conclude_assessment()
        self.assertEqual(application.state, "rejected")
        self.assertIn("no condition is met", application.reason)

    def test_a_senior_worker_is_not_recommended_and_a_countys_technician_not_voted_on_in_the_county(self):
        senior = self._qualified()
        with self.assert_refused("is decided by this bureau's own review committee"):
            senior.action_recommend()
        technician = self._qualified(level="technician")
        with self.assert_refused("does not wait for a vote"):
            self._session(technician)
        with self.assert_refused("is to be recommended to the city"):
            technician._move("review")

    def test_no_review_without_an_open_session_and_no_result_without_a_vote(self):
        application = self._qualified()
        with self.assert_refused("is on the agenda of no open session"):
            application._move("review")
        session = self._session(application)
        with self.assert_refused("is on the agenda of no open session"):
            application._move("review")
        session.action_open()
        for target in ("passed", "rejected"):
            with self.assert_refused("the committee's vote says otherwise"):
                application._move(target)

    def test_no_certificate_without_a_passed_vote(self):
        application = self._in_state(self._qualified(), "passed")
        with self.assert_refused("has no passed vote"):
            application.action_certify()
        self.assertFalse(application.sudo().certificate_ids)

    def test_a_county_does_not_certify_technicians(self):
        application = self._qualified(level="technician")
        application.sudo().review_id.outcome = "passed"
        self._in_state(application, "passed")
        with self.assert_refused("Only the city certifies technicians"):
            application.action_certify()

    def test_no_certificate_during_publicity(self):
        self.policy.publicity_days = 5
        application = self._qualified()
        self._decide(application)
        with self.assert_refused("is in publicity until"):
            application.action_certify()
        application.sudo().decided_on = "2020-01-01"
        self.assertTrue(application.action_certify())


class GuardedCase(TransitionCase):
    """A whole case, so that each guarded model has a record, and a user whom no access right stops."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.almighty = cls._user("group_nominator", "group_expert", "group_city_officer")
        cls.almighty.group_ids = [
            Command.link(cls.env.ref(name).id) for name in ("hr.group_hr_user", "base.group_system")
        ]
        (cls.county | cls.city).user_ids = [Command.link(cls.almighty.id)]
        cls._officer(cls.county, "county")  # two count a vote on paper
        cls._against_the_rules()

    @classmethod
    def _against_the_rules(cls):
        """Give the user also what excludes that, as a database from before may have it."""
        cls.env.flush_all()
        uid, manager = cls.almighty.id, cls.env.ref("wz_skill_cert.group_manager").id
        cls.env.cr.execute("INSERT INTO res_groups_users_rel (uid, gid) VALUES (%s, %s)", [uid, manager])
        cls.env.cr.execute(
            "INSERT INTO skill_cert_nominator_user_rel (user_id, partner_id) VALUES (%s, %s)", [uid, cls.enterprise.id]
        )
        cls.env.invalidate_all()
        cls.env.registry.clear_all_caches()

    def _records(self):
        """Return {model name: a record} of every model with guarded fields, as the almighty user."""
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        application = self._qualified(submission_id=sheet.id)
        session = self._decide(application)
        certificate = application.action_certify()
        review = application.sudo().review_ids
        found = (
            application, application.achievement_ids, application.material_ids[0], review, review.panel_id, review.assessment_ids[0], session,
            session.committee_id, session.seat_ids[0], session.motion_ids, certificate, sheet, self.policy,
            self._objection(application), *self._paper_count(), *self._draw(), application.sudo().paper_ids[0],
            self._sheet_import(), self._erasure(), *self._publication(session), certificate.sudo().signing_key_id,
            application.sudo().step_ids[0], *self._membership(), self._conflict(), *self._correction(application), *self._request(),
        )  # fmt: skip
        return {record._name: record.with_user(self.almighty) for record in found}

    def _correction(self, case):
        corrections = self.env["skill.cert.correction"].with_user(self.county_officer)
        correction = corrections.create({"application_id": case.id, "ground": "示例", "new_education": "bachelor"})
        correction.proof_ids = [Command.set(self._file(self.county_officer, "proof.pdf").ids)]
        correction.action_allow()
        return correction, correction.line_ids

    def _conflict(self):
        case = self._submitted(applicant_name="王示例", id_number=resident_id(sequence=921))
        case.action_step_aside("示例")
        return case.sudo().conflict_ids

    def _draw(self):
        panel = {"name": "示例", "bureau_id": self.county.id, "policy_id": self.policy.id}
        draft = self.env["skill.cert.panel"].with_user(self.county_officer).create(panel)
        draw = self.env["skill.cert.draw"].with_user(self.county_officer).create({"panel_id": draft.id})
        draw.action_draw()
        expert = self._expert(self.county)
        expert.confirmed_on = "2099-01-01"
        return draw, draw.line_ids[0], expert

    def _membership(self):
        association = self._association(self.enterprise)
        membership = self.env["skill.cert.membership"].search([("association_id", "=", association.id)])
        membership.with_user(self.nominator).action_agree()
        return membership, membership.consent_ids

    def _objection(self, application):
        objections = self.env["skill.cert.objection"].with_user(self.county_officer)
        return objections.create({"application_id": application.id, "ground": "示例"})

    def _sheet_import(self):
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        values = {"submission_id": sheet.id, "file": base64.b64encode(sheet._summary_xlsx())}
        return self.env["skill.cert.sheet.import"].with_user(self.nominator).create(values)

    def _erasure(self):
        campaign = self.campaign.copy({"name": "long ago", "date_open": "2010-01-01", "date_close": "2010-12-31"})
        return self.env["skill.cert.erasure"].create({"campaign_id": campaign.id})

    def _publication(self, session):
        days = {"first_day": "2099-01-01", "last_day": "2099-01-08", "contact": "x"}
        publication = self.env["skill.cert.publication"].create({"session_id": session.id, **days})
        line = {"publication_id": publication.id, "application_id": session.motion_ids.application_id.id}
        return publication, self.env["skill.cert.publication.line"].create(line)

    def _paper_count(self):
        session = self._session(self._waiting_for_vote(1))
        session.voting = "paper"
        session.action_open()
        session.action_count()
        count = session.sudo().count_ids
        return count, count.line_ids

    def _guarded_models(self):
        """Return {model name: names of its guarded fields}, as declared."""
        models = {name: self.env[name] for name in self.env.registry if not self.env[name]._abstract}
        declared = {
            name: sorted(field.name for field in model._fields.values() if getattr(field, "guarded", False))
            for name, model in models.items()
        }
        return {name: names for name, names in declared.items() if names}

    def _request(self):
        """Return what a return asks for, and its point."""
        returned = self._submitted(id_number=resident_id(sequence=995))
        returned.action_return("示例")
        return returned.sudo().request_ids, returned.sudo().request_ids.point_ids

    def _value(self, field, record):
        """Return a value for ``field`` that differs from the record's."""
        current = record.sudo()[field.name]
        if field.type == "selection":
            keys = [key for key, _label in field._description_selection(self.env)]
            # Of a single key, that one: a forged write is one whatever it says.
            return next((key for key in keys if key != current), current)
        if field.type in ("many2one", "many2many"):
            return 1 if field.type == "many2one" else [Command.clear()]
        return {"boolean": not current, "integer": 7, "date": "2001-01-01", "datetime": "2001-01-01"}.get(
            field.type, "伪造"
        )


@tagged("standard", "post_install", "-at_install")
class TestGuardedDeclarations(GuardedCase):
    def test_what_is_guarded_is_offered_by_no_screen_and_what_none_offers_is_guarded(self):
        # Their fields are written by nobody: no client creates one or may write it in a form.
        without_forms = ("skill.cert.review", "skill.cert.assessment", "skill.cert.draw.line")
        for name in self._guarded_models():
            for field in self.env[name]._fields.values():
                typed = field.store and not (field.compute or field.inherited or field.type == "one2many")
                guarded = getattr(field, "guarded", False)
                if typed and field.name not in MAGIC_COLUMNS and not (guarded and name in without_forms):
                    with self.subTest(field=str(field)):
                        self.assertEqual(bool(field.readonly), guarded)


@tagged("standard", "post_install", "-at_install")
class TestGuardedFields(GuardedCase):
    def test_the_contracts_states_tallies_numbers_and_conclusions_are_guarded(self):
        guarded = self._guarded_models()
        expected = {
            "skill.cert.application": {"state", "name", "submitted_on", "decided_on", "reason", "rejected_at"},
            "skill.cert.achievement": {"verified", "verified_by_id"},
            "skill.cert.review": {"application_id", "bureau_id", "purpose", "panel_id", "outcome"},
            "skill.cert.assessment": {"review_id", "expert_id", "state"},
            "skill.cert.panel": {"state"},
            "skill.cert.committee": {"state"},
            "skill.cert.session": {"state", "seal", "minutes", "opened_on", "closed_on"},
            "skill.cert.session.seat": {"voted", "declared", "declared_orally"},
            "skill.cert.objection": {"state", "review_id", "resolved_on", "resolved_by_id"},
            "skill.cert.paper.count": {"state", "session_id", "officer_id", "attempt"},
            "skill.cert.paper.count.line": {"count_id", "motion_id", "differs"},
            "skill.cert.motion": {"state", "base", "agree", "against", "abstain", "passed", "recused_seat_ids"},
            "skill.cert.certificate": {"state", "number", "token", "application_id", "bureau_id"},
            "skill.cert.submission": {"state"},
            "skill.cert.policy": {"state"},
        }
        for name, fields in expected.items():
            self.assertLessEqual(fields, set(guarded[name]), name)

    def test_no_guarded_field_can_be_written_by_whoever_may_do_everything_else(self):
        records, guarded = self._records(), self._guarded_models()
        self.assertEqual(set(records), set(guarded), "a model with guarded fields has no record in this test")
        for name, names in guarded.items():
            record = records[name]
            before = self._facts(record)
            for field in names:
                with self.subTest(model=name, field=field), self.assertRaises(UserError):
                    record.write({field: self._value(record._fields[field], record)})
            self.assertEqual(self._facts(record), before)

    def test_nor_given_at_creation(self):
        records, guarded = self._records(), self._guarded_models()
        for name, names in guarded.items():
            record = records[name]
            count = record.sudo().search_count([])
            for field in names:
                with (
                    self.subTest(model=name, field=field),
                    self.assert_refused("set by the procedure only", error=AccessError),
                ):
                    record.create({field: self._value(record._fields[field], record)})
            self.assertEqual(record.sudo().search_count([]), count)

    def test_nor_imported(self):
        records, guarded = self._records(), self._guarded_models()
        for name, names in guarded.items():
            record = records[name]
            before, count = self._facts(record), record.sudo().search_count([])
            for field in set(names) - {"recused_seat_ids"}:
                value = self._value(record._fields[field], record)
                key = f"{field}/.id" if record._fields[field].type == "many2one" else field
                for names_and_row in (([".id", key], [str(record.id), str(value)]), ([key], [str(value)])):
                    with self.subTest(model=name, field=field, names=names_and_row[0]):
                        result = record.browse().load(
                            *([part] if index else part for index, part in enumerate(names_and_row))
                        )
                        self.assertFalse(result["ids"])
            self.assertEqual(self._facts(record), before)
            self.assertEqual(record.sudo().search_count([]), count)

    def test_nor_smuggled_in_by_default_keys_of_the_context(self):
        application = self._draft()
        fields = ("name", "submitted_on", "decided_on", "reason", "rejected_at", "state")
        forged = {f"default_{name}": self._value(application._fields[name], application) for name in fields}
        created = (
            application.with_user(self.almighty).with_context(**forged).create(self._application_vals(self.almighty))
        )
        self.assertEqual([created[name] for name in fields], [False] * 5 + ["draft"])
        sheet = {"campaign_id": self.campaign.id, "bureau_id": self.county.id, "nominator_id": self.enterprise.id}
        for model, state, values in (
            ("skill.cert.panel", "appointed", {"name": "示例", "bureau_id": self.county.id}),
            ("skill.cert.committee", "appointed", {"name": "示例", "bureau_id": self.county.id}),
            ("skill.cert.session", "open", {"name": "示例", "committee_id": self._committee(self.county).id}),
            ("skill.cert.submission", "submitted", sheet),
            ("skill.cert.policy", "active", {"name": "示例", "code": "示例"}),
        ):
            with self.subTest(model=model):
                created = self.env[model].with_user(self.almighty).with_context(default_state=state).create(values)
                self.assertEqual(created.state, "draft")
        line = {**self._achievement_vals(self.almighty), "application_id": application.id}
        achievement = (
            self.env["skill.cert.achievement"].with_user(self.almighty).with_context(default_verified="verified")
        )
        self.assertEqual(achievement.create(line).verified, "claimed")

    def test_nor_smuggled_in_through_the_lines_of_a_parent_with_default_keys(self):
        forged = {"default_verified": "verified", "default_state": "certified", "default_voted": True}
        applications = self.env["skill.cert.application"].with_user(self.almighty).with_context(**forged)
        application = applications.create(self._application_vals(self.almighty))
        self.assertEqual((application.state, application.achievement_ids.verified), ("draft", "claimed"))
        session = self.env["skill.cert.session"].with_user(self.almighty).with_context(**forged)
        session = session.create({"name": "示例", "committee_id": self._committee(self.county).id})
        self.assertFalse(any(session.sudo().seat_ids.mapped("voted")))

    def test_nor_by_default_get(self):
        applications = self.env["skill.cert.application"].with_user(self.almighty)
        with self.assertRaises(UserError):
            values = applications.with_context(default_state="certified").default_get(["state"])
            applications.create(self._application_vals() | values)

    def test_a_copy_begins_anew(self):
        records = self._records()
        application = records["skill.cert.application"]
        copy = application.with_user(self.nominator).copy()
        self.assertEqual(copy.state, "draft")
        for name in (
            "name",
            "submitted_on",
            "decided_on",
            "reason",
            "rejected_at",
            "id_number",
            "photo",
            "submission_id",
        ):
            self.assertFalse(copy[name], name)
        for name in ("review_ids", "certificate_ids", "officer_id", "conflict_ids"):
            self.assertFalse(copy.sudo()[name], name)
        self.assertEqual(copy.achievement_ids.mapped("verified"), ["claimed"])
        self.assertEqual(len(copy.history_ids), 1)
        for model in ("skill.cert.panel", "skill.cert.committee", "skill.cert.session"):
            self.assertEqual(records[model].copy({"name": "再次"}).state, "draft", model)

    def test_a_copy_of_a_meeting_takes_nothing_of_its_vote(self):
        records = self._records()
        for name in ("skill.cert.session", "skill.cert.session.seat"):
            record = records[name].sudo()
            self.assertFalse(set(record.copy_data()[0]) & {*record._guarded_fields(), "ends_on"}, name)

    def test_a_copy_cannot_be_given_a_state(self):
        application = self._draft()
        for values in ({"state": "certified"}, {"name": "330302-2099-0001"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                application.copy(values)

    def test_what_only_the_procedure_creates_cannot_be_created_or_deleted(self):
        records = self._records()
        for name in ("skill.cert.certificate", "skill.cert.review", "skill.cert.assessment", "skill.cert.motion"):
            with self.subTest(model=name), self.assertRaises(UserError):
                records[name].unlink()
        for name in ("skill.cert.certificate", "skill.cert.review", "skill.cert.assessment"):
            with self.subTest(model=name), self.assertRaises(AccessError):
                records[name].copy()
