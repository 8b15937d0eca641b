"""What must always hold of the records is found where it is broken, by its name, and kept for the manager.

Each case is broken by SQL, as no step of the procedure would let it be.
"""

import io
from contextlib import redirect_stdout

from odoo.addons.wz_skill_cert.models.keeping.invariants import HISTORY, INVARIANTS
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import SkillCertCase, resident_id

# Name of the rule → statement that breaks it, with the ids of the case's records. Constraints of the database that
# would refuse the statement are dropped first: a restored backup or a repair by hand may lack them, too.
BREAKS = {
    "session_composition": "UPDATE skill_cert_session_seat SET present = FALSE WHERE session_id = %(session)s AND role = 'chair'",
    "motion_composition": "UPDATE skill_cert_session_seat SET role = 'hr' WHERE session_id = %(session)s AND role = 'expert'",
    "quorum": """UPDATE skill_cert_session_seat SET present = id IN
        (SELECT min(id) FROM skill_cert_session_seat WHERE session_id = %(session)s) WHERE session_id = %(session)s""",
    "tally_adds_up": "UPDATE skill_cert_motion SET against = against + 1 WHERE id = %(motion)s",
    "base": "UPDATE skill_cert_motion SET base = base + 1, abstain = abstain + 1 WHERE id = %(motion)s",
    "passed_by_share": "UPDATE skill_cert_motion SET passed = NOT passed WHERE id = %(motion)s",
    "one_vote_per_seat": """UPDATE skill_cert_ballot SET choice = 'agree' WHERE id =
        (SELECT min(id) FROM skill_cert_ballot WHERE motion_id = %(open_motion)s AND choice IS NULL)""",
    "ballots_issued": """DELETE FROM skill_cert_ballot WHERE id =
        (SELECT min(id) FROM skill_cert_ballot WHERE motion_id = %(open_motion)s AND choice IS NULL)""",
    "tally_is_count": """UPDATE skill_cert_ballot SET choice = 'abstain' WHERE id =
        (SELECT min(id) FROM skill_cert_ballot WHERE motion_id = %(motion)s AND choice = 'agree')""",
    "enough_voted": "UPDATE skill_cert_session_seat SET voted = FALSE WHERE session_id = %(session)s",
    "seal": "UPDATE skill_cert_session SET seal = md5(seal) WHERE id = %(session)s",
    "session_in_step": "UPDATE skill_cert_motion SET state = 'pending' WHERE id = %(motion)s",
    "review_is_voted_on": "UPDATE skill_cert_application SET state = 'qualified' WHERE id = %(open_case)s",
    "certificate_needs_vote": "UPDATE skill_cert_motion SET passed = FALSE WHERE id = %(motion)s",
    "passed_needs_vote": "UPDATE skill_cert_application SET state = 'passed' WHERE id = %(open_case)s",
    "certified_has_certificate": "UPDATE skill_cert_certificate SET state = 'revoked' WHERE id = %(certificate)s",
    "certificate_confirmed": "UPDATE skill_cert_certificate SET holder_name = '李' WHERE id = %(certificate)s",
    "certified_by_the_right_bureau": "UPDATE skill_cert_certificate SET level = 'technician' WHERE id = %(certificate)s",
    "revoked_falls_with_certificate": "UPDATE skill_cert_application SET state = 'revoked' WHERE id = %(case)s",
    "papers_kept": "UPDATE skill_cert_paper SET page = page || '改' WHERE application_id = %(accepted)s AND page IS NOT NULL",
    "submitted_files_kept": """DELETE FROM ir_attachment WHERE id IN
        (SELECT f::int FROM skill_cert_application a, jsonb_object_keys(a.submitted_files) f WHERE a.id = %(case)s)""",
    "files_readable": """UPDATE ir_attachment SET checksum = 'x' WHERE id IN
        (SELECT f::int FROM skill_cert_application a, jsonb_object_keys(a.submitted_files) f WHERE a.id = %(case)s)""",
    "known_state": "UPDATE skill_cert_application SET state = 'approved' WHERE id = %(case)s",
    "jurisdiction": """UPDATE skill_cert_application SET bureau_id = (SELECT id FROM skill_cert_bureau WHERE code = '330303')
        WHERE id = %(case)s""",
    "rounds_in_order": """INSERT INTO skill_cert_review (application_id, bureau_id, purpose, outcome)
        SELECT application_id, bureau_id, purpose, 'pending' FROM skill_cert_review WHERE application_id = %(case)s""",
    "state_fits_round": "UPDATE skill_cert_review SET outcome = 'rejected' WHERE application_id = %(case)s",
    "panel_assessed": "UPDATE skill_cert_review SET favourable_count = 1 WHERE application_id = %(case)s",
    "objections_first": """INSERT INTO skill_cert_objection (application_id, state, ground, received_on, create_date)
        VALUES (%(case)s, 'open', '示例', '2001-01-01', '2001-01-01')""",
    "paper_counts_agree": "UPDATE skill_cert_session SET voting = 'paper' WHERE id = %(session)s",
    "conflicts_declared_first": "UPDATE skill_cert_session_seat SET declared = FALSE WHERE session_id = %(session)s",
    "cast_by_its_login": "UPDATE skill_cert_session_seat SET voter_id = NULL WHERE session_id = %(session)s",
    "login_of_seat": "UPDATE skill_cert_session_seat SET user_id = 1 WHERE session_id = (SELECT session_id FROM skill_cert_motion WHERE id = %(open_motion)s)",
    "login_of_assessment": "UPDATE skill_cert_assessment SET user_id = 1, state = 'draft' WHERE application_id = %(assessed)s",
    "separate_groups": """INSERT INTO res_groups_users_rel (uid, gid)
        SELECT r.user_id, d.res_id FROM skill_cert_bureau_user_rel r, ir_model_data d
         WHERE d.module = 'wz_skill_cert' AND d.name = 'group_manager' LIMIT 1""",
    "one_side": """INSERT INTO skill_cert_nominator_user_rel (user_id, partner_id)
        SELECT r.user_id, a.nominator_id FROM skill_cert_application a
          JOIN skill_cert_bureau_user_rel r ON r.bureau_id = a.bureau_id WHERE a.id = %(case)s LIMIT 1""",
    "asked_while_answerable": """INSERT INTO skill_cert_request (application_id, occasion, state, asked_on)
        VALUES (%(case)s, 'return', 'open', now())""",
    "no_conflict_reads": """INSERT INTO skill_cert_conflict (expert_id, application_id, kind, create_date)
        SELECT expert_id, %(open_case)s, 'kin', now() FROM skill_cert_assessment WHERE application_id = %(open_case)s LIMIT 1""",
    "no_conflict_assesses": """UPDATE skill_cert_assessment SET state = 'released' WHERE id =
        (SELECT min(id) FROM skill_cert_assessment WHERE application_id = %(case)s)""",
    "no_conflict_votes": """INSERT INTO skill_cert_conflict (expert_id, application_id, kind, create_date)
        SELECT expert_id, %(case)s, 'other', '2001-01-01' FROM skill_cert_session_seat
         WHERE session_id = %(session)s AND present LIMIT 1""",
}
# Statement that takes a row of the history away.
DELETIONS = {
    "skill.cert.review": "DELETE FROM skill_cert_review WHERE application_id = %(accepted)s",
    "skill.cert.assessment": "DELETE FROM skill_cert_assessment WHERE application_id = %(assessed)s",
    "skill.cert.session": "UPDATE skill_cert_session SET state = 'draft' WHERE id = %(session)s",
    "skill.cert.session.seat": "UPDATE skill_cert_session_seat SET voted = FALSE WHERE session_id = %(session)s",
    "skill.cert.motion": "UPDATE skill_cert_motion SET state = 'pending' WHERE id = %(motion)s",
    "skill.cert.ballot": "DELETE FROM skill_cert_ballot WHERE motion_id = %(motion)s",
    "skill.cert.paper.count": "DELETE FROM skill_cert_paper_count WHERE session_id = %(paper)s",
    "skill.cert.certificate": "DELETE FROM skill_cert_certificate WHERE id = %(certificate)s",
    "skill.cert.paper": "DELETE FROM skill_cert_paper WHERE application_id = %(case)s",
    "skill.cert.objection": "DELETE FROM skill_cert_objection WHERE application_id = %(paper_case)s",
}
CONSTRAINTS = {"skill_cert_motion": "skill_cert_motion_adds_up"}


class InvariantCase(SkillCertCase):
    def _find(self):
        return self.env["skill.cert.invariant.check"].sudo()._find()

    def _case(self, number, step):
        return step(applicant_name="李示例", id_number=resident_id(sequence=911 + 2 * number))

    def _world(self):
        """Return the ids of one certified case with its papers, one under vote, one assessed and one accepted."""
        certified, under_vote = self._case(0, self._qualified), self._case(1, self._qualified)
        session = self._decide(certified)
        certificate = certified.action_certify()
        voting = self._session(under_vote)
        voting.action_open()
        self._vote_of_some(voting, 3)
        assessed = self._case(2, self._accepted)
        self._start_assessment(assessed)
        self._assess(assessed)
        accepted, on_paper = self._case(3, self._accepted), self._case(4, self._qualified)
        paper = self._vote_on_paper(on_paper)
        self.env["skill.cert.objection"].with_user(self.county_officer).create(
            {"application_id": on_paper.id, "ground": "示例"}
        )
        self.env.flush_all()
        return {
            "case": certified.id,
            "session": session.id,
            "motion": session.motion_ids.id,
            "certificate": certificate.id,
            "open_case": under_vote.id,
            "open_motion": voting.motion_ids.id,
            "assessed": assessed.id,
            "accepted": accepted.id,
            "paper": paper.id,
            "paper_case": on_paper.id,
        }

    def _vote_on_paper(self, application):
        session = self._session(application)
        session.voting = "paper"
        second = self._officer(self.county, "county")
        session.action_open()
        for officer in (self.county_officer, second):
            own = session.with_user(officer)
            own.action_count()
            count = self.env["skill.cert.paper.count"].with_user(officer).search([("session_id", "=", session.id)])
            count.line_ids.write({"agree": 5, "against": 1, "abstain": 1})
            count.action_complete()
        session.action_close()
        return session

    def _vote_of_some(self, session, number):
        for seat in session.sudo().seat_ids.filtered("present")[:number]:
            session.with_user(seat.user_id).cast({motion.id: "agree" for motion in session.sudo().motion_ids})

    def _break(self, statement, ids):
        for table, constraint in CONSTRAINTS.items():
            self.env.cr.execute(
                SQL("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", SQL.identifier(table), SQL.identifier(constraint))
            )
        self.env.cr.execute(statement, ids)
        self.assertTrue(self.env.cr.rowcount, statement)
        self.env.invalidate_all(flush=False)


@tagged("standard", "post_install", "-at_install")
class TestInvariants(InvariantCase):
    def _prepare(self):
        super()._prepare()
        self.ids = self._world()

    def _broken(self, statement):
        """Return what a check finds after ``statement``, whose effect is undone."""
        with self.env.cr.savepoint(flush=False) as savepoint:
            self._break(statement, self.ids)
            found = self._find()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return found

    def test_each_rule_is_named_where_it_is_broken(self):
        self.assertEqual(set(BREAKS), {invariant.name for invariant in INVARIANTS}, "each rule has its test")
        self.assertEqual(self._find(), {}, "the steps of the procedure break none")
        for invariant in INVARIANTS:
            with self.subTest(rule=invariant.name):
                found = self._broken(BREAKS[invariant.name])
                self.assertIn(invariant.name, found)
                self.assertEqual(found[invariant.name]["model"], invariant.model)
                records = self.env[invariant.model].sudo().browse(found[invariant.name]["ids"])
                self.assertEqual(records.exists(), records)
                self.assertTrue(records)
        self.assertEqual(self._find(), {}, "and nothing was left broken")

    def test_what_vanishes_between_two_checks_is_noticed(self):
        self.assertEqual(set(DELETIONS), {model for model, _rows in HISTORY}, "each history has its test")
        check = self.env["skill.cert.invariant.check"].sudo()._run_scheduled()
        self.assertEqual(check.offender_count, 0)
        for model, statement in DELETIONS.items():
            with self.subTest(model=model):
                # Also what refers to a row would go with it.
                found = self._broken(f"SET LOCAL session_replication_role = replica; {statement}")
                self.assertIn(f"history:{model}", found)
                self.assertGreater(found[f"history:{model}"]["number"], 0)


@tagged("standard", "post_install", "-at_install")
class TestResults(InvariantCase):
    def _prepare(self):
        super()._prepare()
        self.checks = self.env["skill.cert.invariant.check"]

    def _breach(self):
        self.ids = {"case": self._case(0, self._draft).id}
        self.env.flush_all()
        self._break(BREAKS["known_state"], self.ids)

    def test_only_the_ids_of_records_are_kept_and_no_person(self):
        self._breach()
        check = self.env["skill.cert.invariant.check"].sudo()._run_scheduled()
        self.assertIn(str(self.ids["case"]), check.report)
        for text in (check.report, str(check.findings), str(check.counters), *check.activity_ids.mapped("summary")):
            for secret in ("李示例", "示例电器", resident_id(sequence=911)):
                self.assertNotIn(secret, text)

    def _run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_check_invariants").method_direct_trigger()
        self.env.invalidate_all()

    def test_the_scheduled_action_keeps_a_result_and_tells_the_managers_of_a_breach_only(self):
        self._run_cron()
        clean = self.checks.search([], limit=1)
        self.assertEqual((clean.offender_count, clean.report), (0, "All rules hold."))
        self.assertFalse(clean.activity_ids)
        self._breach()
        self._run_cron()
        found = self.checks.search([], limit=1)
        self.assertGreater(found.id, clean.id)
        self.assertGreater(found.offender_count, 0)
        self.assertIn("known_state", found.findings)
        self.assertIn("An application is in a state that the procedure leads to.", found.report)
        self.assertIn(self.manager, found.activity_ids.user_id)
        self.assertNotIn(self.county_officer, found.activity_ids.user_id)

    def test_managers_read_the_results_and_nobody_else_does(self):
        check = self.checks.sudo()._run_scheduled()
        self.assertEqual(check.with_user(self.manager).report, "All rules hold.")
        for user in (self.county_officer, self.city_officer, self.nominator, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                check.with_user(user).read(["report"])

    def test_a_result_is_append_only_for_everyone(self):
        check = self.checks.sudo()._run_scheduled()
        for step in (lambda: check.write({"offender_count": 7}), check.unlink):
            with self.assertRaises(UserError):
                step()
        own = check.with_user(self.manager)
        for step in (lambda: own.write({"findings": {}}), own.unlink, own.copy, lambda: own.create({"findings": {}})):
            with self.assertRaises(UserError):
                step()

    def test_the_command_prints_every_rule_and_fails_where_one_is_broken(self):
        def command():
            printed = io.StringIO()
            with redirect_stdout(printed), self.assertRaises(SystemExit) as ended:
                self.checks.sudo()._command()
            return ended.exception.code, printed.getvalue()

        status, text = command()
        self.assertEqual(status, 0)
        for invariant in INVARIANTS:
            self.assertIn(f"0 {invariant.name}\n", text)
        self._breach()
        status, text = command()
        self.assertEqual(status, 1)
        self.assertIn(f"1 known_state {self.ids['case']}\n", text)
