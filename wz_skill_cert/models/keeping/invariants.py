import sys
from collections.abc import Callable
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ... import workflow

_lt = LazyTranslate(__name__)

# More ids than this do not help whoever looks into a breach.
SHOWN = 100


class Invariant(NamedTuple):
    """What must hold of the records at any moment, the article that it protects, and how to find what breaks it.

    ``offenders``: the query, or a function that returns it where the table of states has a word in it. The name of a method
    of the model, which returns its records, where a signature or a file is judged.
    """

    name: str
    model: str
    article: str
    rule: object
    offenders: SQL | Callable | str


# Those who vote on a motion: seated and not recused, as (members, experts, chairs, voted). A conflict that comes up
# while the vote is open takes a member away and not the ballot: then the base is larger by that member.
VOTERS = SQL(
    """SELECT m.id AS motion_id, m.session_id, m.state, m.base,
              count(s.id) AS members, m.base - count(s.id) AS late,
              count(s.id) FILTER (WHERE s.role = 'expert') AS experts,
              count(s.id) FILTER (WHERE s.role = 'chair') AS chairs,
              count(s.id) FILTER (WHERE s.voted) AS voted
         FROM skill_cert_motion m
         LEFT JOIN skill_cert_session_seat s ON s.session_id = m.session_id AND s.present
          AND NOT EXISTS (SELECT FROM skill_cert_motion_recused_seat_rel r WHERE r.motion_id = m.id AND r.seat_id = s.id)
        WHERE m.state IN ('open', 'voted')
        GROUP BY m.id"""
)
BALLOTS = SQL(
    """SELECT m.id AS motion_id, count(b.id) AS issued, count(b.choice) AS filled,
              count(*) FILTER (WHERE b.choice = 'agree') AS agree,
              count(*) FILTER (WHERE b.choice = 'against') AS against,
              count(*) FILTER (WHERE b.choice = 'abstain') AS abstain
         FROM skill_cert_motion m LEFT JOIN skill_cert_ballot b ON b.motion_id = m.id
        GROUP BY m.id"""
)
# In integers, as the notice counts: 2/3 of 7 are 5.
IS_COMMITTEE = SQL(
    """v.members BETWEEN p.committee_min AND p.committee_max AND v.chairs = 1
       AND v.experts * p.expert_share_denominator >= v.members * p.expert_share_numerator"""
)
PASSED_MOTION = SQL(
    """SELECT FROM skill_cert_review r JOIN skill_cert_motion m ON m.review_id = r.id
        WHERE r.application_id = a.id AND r.purpose = 'certify' AND r.outcome IN ('passed', 'revoked')
          AND m.state = 'voted' AND m.passed"""
)


def _published_without_vote():
    return SQL(
        """SELECT a.id FROM skill_cert_application a
            WHERE a.state = ANY(%s) AND NOT EXISTS (%s AND r.id = a.review_id AND m.id = r.motion_id)""",
        list(workflow.states("published")),
        PASSED_MOTION,
    )


def _asked_elsewhere():
    return SQL(
        """SELECT DISTINCT a.id FROM skill_cert_request r JOIN skill_cert_application a ON a.id = r.application_id
            WHERE r.state = 'open' AND a.state NOT IN %s AND r.occasion = 'papers'
               OR r.state = 'open' AND a.state NOT IN %s AND r.occasion = 'return'""",
        workflow.states("papers_asked"),
        workflow.states("sent_back"),
    )


def _in_unknown_state():
    """Whatever else the column holds than the states that can be reached was not written by the procedure."""
    known = [state.key for state in workflow.STATES]
    return SQL("SELECT id FROM skill_cert_application WHERE state IS NULL OR state != ALL(%s)", known)


INVARIANTS = (
    # 属地: whoever nominates does not choose who decides
    Invariant(
        "jurisdiction",
        "skill.cert.application",
        "三",
        _lt(
            "A case is at the bureau of its employer's place at the submission, or where it was handed over on record."
        ),
        SQL(
            """SELECT a.id FROM skill_cert_application a
                WHERE a.submitted_on IS NOT NULL AND a.place_bureau_id IS NOT NULL
                  AND a.bureau_id IS DISTINCT FROM coalesce(
                      (SELECT s.bureau_id FROM skill_cert_step s
                        WHERE s.application_id = a.id AND s.from_bureau_id IS NOT NULL
                        ORDER BY s.id DESC LIMIT 1),
                      a.place_bureau_id)"""
        ),
    ),
    # 综合评审: 7 to 15, two thirds experts, the leader in charge presides
    Invariant(
        "session_composition",
        "skill.cert.session",
        "四（三）",
        _lt("Those seated in a session are a committee."),
        SQL(
            """SELECT v.id FROM (
                   SELECT s.id, s.policy_id, count(t.id) AS members,
                          count(t.id) FILTER (WHERE t.role = 'expert') AS experts,
                          count(t.id) FILTER (WHERE t.role = 'chair') AS chairs
                     FROM skill_cert_session s
                     LEFT JOIN skill_cert_session_seat t ON t.session_id = s.id AND t.present
                    WHERE s.state != 'draft' GROUP BY s.id) v
                 JOIN skill_cert_policy p ON p.id = v.policy_id
                WHERE NOT (%s)""",
            IS_COMMITTEE,
        ),
    ),
    Invariant(
        "motion_composition",
        "skill.cert.motion",
        "四（三）",
        _lt("Those who vote on a motion, without the recused, are a committee."),
        SQL(
            """SELECT v.motion_id FROM (%s) v
                 JOIN skill_cert_session s ON s.id = v.session_id
                 JOIN skill_cert_policy p ON p.id = s.policy_id
                WHERE v.base NOT BETWEEN p.committee_min AND p.committee_max OR v.chairs + v.late < 1
                   OR (v.experts + v.late) * p.expert_share_denominator < v.base * p.expert_share_numerator""",
            VOTERS,
        ),
    ),
    Invariant(
        "quorum",
        "skill.cert.session",
        "四（三）",
        _lt("A session in which few of the members are seated carries the warning."),
        # The seats are the members of that day: later appointments do not change an old session.
        SQL(
            """SELECT s.id FROM skill_cert_session s
                 JOIN skill_cert_policy p ON p.id = s.policy_id
                 JOIN skill_cert_session_seat t ON t.session_id = s.id
                WHERE s.state != 'draft' AND s.warning IS NULL
                GROUP BY s.id, p.id
               HAVING count(*) FILTER (WHERE t.present) * p.quorum_denominator < count(*) * p.quorum_numerator"""
        ),
    ),
    # 资格确认: secret vote, half of those seated
    Invariant(
        "tally_adds_up",
        "skill.cert.motion",
        "四（四）",
        _lt("Agree, against and abstain add up to the members seated."),
        SQL("SELECT id FROM skill_cert_motion WHERE state = 'voted' AND agree + against + abstain != base"),
    ),
    Invariant(
        "base",
        "skill.cert.motion",
        "四（四）",
        _lt("The base of a motion is the number of those seated, less those recused at the opening."),
        SQL(
            """SELECT motion_id FROM (%s) v WHERE base NOT BETWEEN members AND (
                      SELECT count(*) FROM skill_cert_session_seat s WHERE s.session_id = v.session_id AND s.present)""",
            VOTERS,
        ),
    ),
    Invariant(
        "passed_by_share",
        "skill.cert.motion",
        "四（四）",
        _lt("A motion has passed exactly where enough of the base agree."),
        SQL(
            """SELECT m.id FROM skill_cert_motion m
                 JOIN skill_cert_session s ON s.id = m.session_id
                 JOIN skill_cert_policy p ON p.id = s.policy_id
                WHERE (m.state = 'voted' AND m.base > 0
                       AND m.agree * p.pass_share_denominator >= m.base * p.pass_share_numerator)
                   IS DISTINCT FROM COALESCE(m.passed, FALSE)"""
        ),
    ),
    Invariant(
        "one_vote_per_seat",
        "skill.cert.motion",
        "四（四）",
        _lt("While a vote is open, as many ballots are filled as seats have voted."),
        SQL(
            """SELECT v.motion_id FROM (%s) v JOIN (%s) b ON b.motion_id = v.motion_id
                WHERE v.state = 'open' AND b.filled != v.voted""",
            VOTERS,
            BALLOTS,
        ),
    ),
    Invariant(
        "ballots_issued",
        "skill.cert.motion",
        "四（四）",
        _lt("A motion has a ballot for each member seated for it, and none before the vote or when put off."),
        SQL(
            """SELECT m.id FROM skill_cert_motion m JOIN (%s) b ON b.motion_id = m.id
                WHERE b.issued != CASE WHEN m.state IN ('open', 'voted') THEN m.base ELSE 0 END""",
            BALLOTS,
        ),
    ),
    Invariant(
        "tally_is_count",
        "skill.cert.motion",
        "四（四）",
        _lt("The tally of a motion is the count of its ballots."),
        SQL(
            """SELECT m.id FROM skill_cert_motion m JOIN (%s) b ON b.motion_id = m.id
                WHERE m.state = 'voted'
                  AND (m.agree, m.against, m.abstain) IS DISTINCT FROM (b.agree, b.against, b.abstain)""",
            BALLOTS,
        ),
    ),
    Invariant(
        "seal",
        "skill.cert.session",
        "四（四）",
        _lt("The ballots of a closed session give its seal."),
        # As ballot._digest: sorted by code point, as Python sorts.
        SQL(
            """SELECT s.id FROM skill_cert_session s
                WHERE s.state = 'closed' AND s.seal IS DISTINCT FROM (
                      SELECT encode(sha256(convert_to(
                             coalesce(string_agg(line, E'\n' ORDER BY line COLLATE "C"), ''), 'UTF8')), 'hex')
                        FROM (SELECT b.motion_id || ':' || b.choice AS line
                                FROM skill_cert_ballot b JOIN skill_cert_motion m ON m.id = b.motion_id
                               WHERE m.session_id = s.id) lines)"""
        ),
    ),
    Invariant(
        "enough_voted",
        "skill.cert.motion",
        "四（四）",
        _lt("An electronic vote was counted only where the smallest committee or more had voted."),
        # Of sessions with an announced end: the rule is as old as that.
        SQL(
            """SELECT v.motion_id FROM (%s) v
                 JOIN skill_cert_session s ON s.id = v.session_id AND s.voting = 'electronic' AND s.ends_on IS NOT NULL
                 JOIN skill_cert_policy p ON p.id = s.policy_id
                WHERE v.state = 'voted' AND v.voted < greatest(
                      p.committee_min, ceil(v.base::numeric * p.turnout_numerator / p.turnout_denominator))""",
            VOTERS,
        ),
    ),
    Invariant(
        "session_in_step",
        "skill.cert.session",
        "四（四）",
        _lt("The motions of a session are as far as the session itself."),
        SQL(
            """SELECT DISTINCT s.id FROM skill_cert_session s
                 LEFT JOIN skill_cert_motion m ON m.session_id = s.id
                WHERE (s.state = 'draft' AND m.state NOT IN ('pending', 'put_off'))
                   OR (s.state = 'open' AND (m.state NOT IN ('open', 'put_off') OR s.opened_on IS NULL))
                   OR (s.state = 'closed' AND (m.state NOT IN ('voted', 'put_off') OR s.closed_on IS NULL
                                               OR s.seal IS NULL OR s.minutes IS NULL))"""
        ),
    ),
    Invariant(
        "review_is_voted_on",
        "skill.cert.application",
        "四（四）",
        _lt("An application is in review exactly as long as its motion is open."),
        SQL(
            """SELECT a.id FROM skill_cert_application a
                 LEFT JOIN skill_cert_review r ON r.id = a.review_id
                 LEFT JOIN skill_cert_motion m ON m.id = r.motion_id
                WHERE (a.state = 'review') != COALESCE(m.state = 'open', FALSE) AND a.state NOT IN %s""",
            workflow.states("cuts_short"),
        ),
    ),
    # Nobody acts in another's place. Ended seats and assessments keep their login, whoever has the expert's later.
    Invariant(
        "cast_by_its_login",
        "skill.cert.session.seat",
        "四（四）",
        _lt("In each seat that has voted, the login of that seat has cast."),
        SQL("SELECT id FROM skill_cert_session_seat WHERE voted AND voter_id IS DISTINCT FROM user_id"),
    ),
    Invariant(
        "login_of_seat",
        "skill.cert.session.seat",
        "四（四）",
        _lt("As long as a vote is prepared or open, a seat's login is the member's."),
        SQL(
            """SELECT t.id FROM skill_cert_session_seat t
                 JOIN skill_cert_session s ON s.id = t.session_id AND s.state != 'closed'
                 JOIN skill_cert_expert e ON e.id = t.expert_id
                WHERE t.user_id IS DISTINCT FROM e.user_id"""
        ),
    ),
    Invariant(
        "login_of_assessment",
        "skill.cert.assessment",
        "四（二）",
        _lt("As long as an assessment is open, its login is the expert's."),
        SQL(
            """SELECT t.id FROM skill_cert_assessment t JOIN skill_cert_expert e ON e.id = t.expert_id
                WHERE t.state IN ('invited', 'draft') AND t.user_id IS DISTINCT FROM e.user_id"""
        ),
    ),
    # Duties that exclude each other, also where they were given before that was refused
    Invariant(
        "separate_groups",
        "res.users",
        "四",
        _lt("Nobody who sets the rules is an officer or expert."),
        SQL(
            """WITH RECURSIVE held AS (
                      SELECT r.uid, r.gid FROM res_groups_users_rel r JOIN res_users u ON u.id = r.uid AND u.active
                       UNION SELECT held.uid, i.hid FROM held JOIN res_groups_implied_rel i ON i.gid = held.gid),
                    ours AS (
                      SELECT held.uid, d.name FROM held
                        JOIN ir_model_data d ON d.res_id = held.gid AND d.model = 'res.groups' AND d.module = 'wz_skill_cert')
               SELECT DISTINCT one.uid FROM ours one JOIN ours other ON other.uid = one.uid
                WHERE one.name = 'group_manager' AND other.name IN ('group_county_officer', 'group_expert')"""
        ),
    ),
    Invariant(
        "one_side",
        "res.users",
        "四（一）",
        _lt("Nobody nominates for a unit and is an officer of the bureau to which it reports."),
        SQL(
            """SELECT DISTINCT u.id FROM res_users u
                 JOIN skill_cert_bureau_user_rel b ON b.user_id = u.id
                 JOIN skill_cert_nominator_user_rel n ON n.user_id = u.id
                 JOIN res_partner p ON p.id = n.partner_id AND p.skill_cert_bureau_id = b.bureau_id
                WHERE u.active"""
        ),
    ),
    # 资格确认: who is certified, by whom
    Invariant(
        "certificate_needs_vote",
        "skill.cert.certificate",
        "四（四）",
        _lt("A certificate follows a passed vote of the round that certifies."),
        SQL(
            """SELECT c.id FROM skill_cert_certificate c JOIN skill_cert_application a ON a.id = c.application_id
                WHERE NOT EXISTS (%s)""",
            PASSED_MOTION,
        ),
    ),
    Invariant(
        "passed_needs_vote",
        "skill.cert.application",
        "四（四）",
        _lt("An application is passed or certified only after a passed vote of its current round."),
        _published_without_vote,
    ),
    Invariant(
        "certified_has_certificate",
        "skill.cert.application",
        "四（四）",
        _lt("A certified application has exactly one valid certificate, any other has none."),
        SQL(
            """SELECT a.id FROM skill_cert_application a
                 LEFT JOIN skill_cert_certificate c ON c.application_id = a.id AND c.state = 'valid'
                GROUP BY a.id HAVING count(c.id) != CASE WHEN a.state = 'certified' THEN 1 ELSE 0 END"""
        ),
    ),
    Invariant(
        "certificate_confirmed",
        "skill.cert.certificate",
        "四（四）",
        _lt("Every certificate says what was signed."),
        "_unconfirmed",
    ),
    Invariant(
        "certified_by_the_right_bureau",
        "skill.cert.certificate",
        "三",
        _lt("Technicians are certified by the city, and every certificate by the bureau whose committee voted."),
        SQL(
            """SELECT c.id FROM skill_cert_certificate c
                 JOIN skill_cert_bureau b ON b.id = c.bureau_id
                 JOIN skill_cert_application a ON a.id = c.application_id
                WHERE (c.level = 'technician' AND b.level != 'city') OR a.handling_bureau_id != c.bureau_id"""
        ),
    ),
    Invariant(
        "revoked_falls_with_certificate",
        "skill.cert.application",
        "五（二）",
        _lt(
            "A revoked application has a reason and no valid certificate, a revoked certificate a revoked application."
        ),
        SQL(
            """SELECT DISTINCT a.id FROM skill_cert_application a
                 LEFT JOIN skill_cert_certificate c ON c.application_id = a.id
                WHERE (a.state = 'revoked' AND (c.state = 'valid' OR COALESCE(a.reason, '') = ''))
                   OR (c.state = 'revoked' AND a.state != 'revoked')"""
        ),
    ),
    # What was submitted, found and decided is still there, and is what it was
    Invariant(
        "papers_kept",
        "skill.cert.paper",
        "四",
        _lt("Every kept paper is there and has its SHA-256."),
        "_faulty",
    ),
    Invariant(
        "submitted_files_kept",
        "skill.cert.application",
        "四（一）",
        _lt("Every file that was submitted is there and has its SHA-256."),
        "_with_faulty_files",
    ),
    Invariant(
        "files_readable",
        "ir.attachment",
        "四",
        _lt("Every file of a record is there and is what was written."),
        "_faulty",
    ),
    # The procedure
    Invariant(
        "known_state",
        "skill.cert.application",
        "四",
        _lt("An application is in a state that the procedure leads to."),
        _in_unknown_state,
    ),
    Invariant(
        "rounds_in_order",
        "skill.cert.application",
        "四",
        _lt("One round at most is open, it is the last one, and it is the current one."),
        SQL(
            """SELECT a.id FROM skill_cert_application a
                 LEFT JOIN skill_cert_review r ON r.application_id = a.id
                GROUP BY a.id
               HAVING max(r.id) IS DISTINCT FROM a.review_id
                   OR count(r.id) FILTER (WHERE r.outcome IN ('pending', 'qualified') AND r.id != a.review_id) > 0"""
        ),
    ),
    Invariant(
        "state_fits_round",
        "skill.cert.application",
        "四",
        _lt("What was decided about the current round is what the application says."),
        SQL(
            """SELECT a.id FROM skill_cert_application a LEFT JOIN skill_cert_review r ON r.id = a.review_id
                WHERE CASE a.state
                      WHEN 'draft' THEN r.id IS NOT NULL
                      WHEN 'accepted' THEN r.outcome IS DISTINCT FROM 'pending'
                      WHEN 'assessment' THEN r.outcome IS DISTINCT FROM 'pending'
                      WHEN 'qualified' THEN r.outcome IS DISTINCT FROM 'qualified'
                      WHEN 'recommended' THEN r.outcome IS DISTINCT FROM 'pending'
                      WHEN 'review' THEN r.outcome IS DISTINCT FROM 'qualified'
                      WHEN 'passed' THEN r.outcome IS DISTINCT FROM 'passed'
                      WHEN 'certified' THEN r.outcome IS DISTINCT FROM 'passed'
                      WHEN 'rejected' THEN r.outcome IS DISTINCT FROM 'rejected' OR COALESCE(a.reason, '') = ''
                      ELSE r.outcome IN ('pending', 'qualified') END"""
        ),
    ),
    Invariant(
        "objections_first",
        "skill.cert.certificate",
        "四（四）",
        _lt("No certificate was issued while an objection was open."),
        SQL(
            """SELECT DISTINCT c.id FROM skill_cert_certificate c
                 JOIN skill_cert_objection o ON o.application_id = c.application_id
                WHERE c.create_date > o.create_date AND c.create_date < COALESCE(o.resolved_on, 'infinity')"""
        ),
    ),
    Invariant(
        "paper_counts_agree",
        "skill.cert.session",
        "四（四）",
        _lt("A closed vote on paper has two equal counts of two officers, which are its result."),
        SQL(
            """SELECT s.id FROM skill_cert_session s
                 LEFT JOIN skill_cert_paper_count c ON c.session_id = s.id AND c.state = 'complete'
                 LEFT JOIN skill_cert_motion m ON m.session_id = s.id AND m.state = 'voted'
                 LEFT JOIN skill_cert_paper_count_line l ON l.count_id = c.id AND l.motion_id = m.id
                WHERE s.voting = 'paper' AND s.state = 'closed'
                GROUP BY s.id
               HAVING count(DISTINCT c.officer_id) != 2
                   OR bool_or(m.id IS NOT NULL AND (l.id IS NULL
                      OR (coalesce(l.agree, 0), coalesce(l.against, 0), coalesce(l.abstain, 0))
                         IS DISTINCT FROM (m.agree, m.against, m.abstain)))"""
        ),
    ),
    # 专家考评: 3 to 7 experts
    Invariant(
        "panel_assessed",
        "skill.cert.review",
        "四（二）",
        _lt("A round in review was assessed by a panel of the right size, of whom enough were in favour."),
        SQL(
            """SELECT r.id FROM skill_cert_review r
                 JOIN skill_cert_panel n ON n.id = r.panel_id
                 JOIN skill_cert_policy p ON p.id = n.policy_id
                WHERE r.outcome IN ('qualified', 'recommended', 'passed')
                  AND (r.assessor_count NOT BETWEEN p.panel_min AND p.panel_max
                       OR r.favourable_count * p.qualify_share_denominator < r.assessor_count * p.qualify_share_numerator)"""
        ),
    ),
    Invariant(
        "asked_while_answerable",
        "skill.cert.application",
        "四（一）",
        _lt(
            "The unit is asked only where it can answer: of a returned case for its correction, between acceptance and vote for papers."
        ),
        _asked_elsewhere,
    ),
    # Conflicts of interest
    Invariant(
        "no_conflict_reads",
        "skill.cert.application",
        "四（二）",
        _lt("Nobody with a conflict of interest reads the case as an expert."),
        SQL(
            """SELECT DISTINCT a.id FROM skill_cert_application a
                 JOIN skill_cert_application_expert_user_rel u ON u.application_id = a.id
                 JOIN skill_cert_expert e ON e.user_id = u.user_id
                WHERE e.employer_id IN (a.employer_id, a.nominator_id)
                   OR EXISTS (SELECT FROM skill_cert_conflict c WHERE c.expert_id = e.id AND c.application_id = a.id)"""
        ),
    ),
    Invariant(
        "no_conflict_assesses",
        "skill.cert.review",
        "四（二）",
        _lt("Only submitted assessments of those without a declared conflict of interest have counted."),
        # A round after an objection, or after a sending back, counts what was assessed in the round before.
        SQL(
            """SELECT r.id FROM skill_cert_review r
                WHERE r.concluded_on IS NOT NULL AND r.objection_id IS NULL AND r.sent_back_reason IS NULL AND r.assessor_count > (
                      SELECT count(*) FROM skill_cert_assessment t
                       WHERE t.review_id = r.id AND t.state = 'submitted' AND NOT EXISTS (
                             SELECT FROM skill_cert_conflict c
                              WHERE c.expert_id = t.expert_id AND c.application_id = t.application_id
                                AND c.create_date < r.concluded_on))"""
        ),
    ),
    Invariant(
        "conflicts_declared_first",
        "skill.cert.session",
        "四（三）",
        _lt("All who are seated in a vote have declared their conflicts of interest before."),
        SQL(
            """SELECT DISTINCT s.id FROM skill_cert_session s
                 JOIN skill_cert_session_seat t ON t.session_id = s.id AND t.present
                WHERE s.state != 'draft' AND t.declared IS NOT TRUE"""
        ),
    ),
    Invariant(
        "no_conflict_votes",
        "skill.cert.motion",
        "四（三）",
        _lt("Whoever had declared a conflict of interest when the vote was opened is recused."),
        SQL(
            """SELECT DISTINCT m.id FROM skill_cert_motion m
                 JOIN skill_cert_session s ON s.id = m.session_id
                 JOIN skill_cert_session_seat t ON t.session_id = s.id AND t.present
                 JOIN skill_cert_conflict c ON c.expert_id = t.expert_id AND c.application_id = m.application_id
                WHERE m.state IN ('open', 'voted') AND c.create_date < s.opened_on AND NOT EXISTS (
                      SELECT FROM skill_cert_motion_recused_seat_rel r WHERE r.motion_id = m.id AND r.seat_id = t.id)"""
        ),
    ),
)

# What is never deleted, as (model, which of its rows). Between two checks none of them may go.
HISTORY = (
    ("skill.cert.review", SQL("TRUE")),
    ("skill.cert.assessment", SQL("TRUE")),
    ("skill.cert.session", SQL("state != 'draft'")),
    ("skill.cert.session.seat", SQL("voted")),
    ("skill.cert.motion", SQL("state IN ('voted', 'put_off')")),
    # Those of a vote that is put off are destroyed uncounted.
    ("skill.cert.ballot", SQL("motion_id IN (SELECT id FROM skill_cert_motion WHERE state = 'voted')")),
    ("skill.cert.paper.count", SQL("TRUE")),
    ("skill.cert.certificate", SQL("TRUE")),
    ("skill.cert.paper", SQL("TRUE")),
    ("skill.cert.objection", SQL("TRUE")),
)
HISTORY_RULE = _lt("Rounds, papers, ballots, sessions and certificates never become fewer.")


class InvariantCheck(models.Model):
    """The result of one check of all records against what must always hold. It names models and ids and nobody.

    Daily by a scheduled action, by the command ``dev/invariants``, and in the tests.
    """

    _name = "skill.cert.invariant.check"
    _description = "Check of the records"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    checked_on = fields.Datetime("Checked on", required=True, readonly=True, default=fields.Datetime.now)
    offender_count = fields.Integer("Errors", readonly=True, help="Records that break a rule.")
    findings = fields.Json(readonly=True)
    # {model: rows that are kept for ever}, for the next check to compare with.
    counters = fields.Json(readonly=True)
    report = fields.Text("Findings of the check", compute="_compute_report")

    @api.depends("checked_on")
    def _compute_display_name(self):
        for check in self:
            check.display_name = fields.Datetime.to_string(check.checked_on)

    @api.depends("findings")
    @api.depends_context("lang")
    def _compute_report(self):
        for check in self:
            lines = [check._finding_text(name, finding) for name, finding in (check.findings or {}).items()]
            check.report = "\n".join(lines) or self.env._("All rules hold.")

    def _finding_text(self, name, finding):
        invariant = next((invariant for invariant in INVARIANTS if invariant.name == name), None)
        rule = self.env._(invariant.rule if invariant else HISTORY_RULE)
        article = f"[{invariant.article}] " if invariant else ""
        ids = ", ".join(str(number) for number in finding["ids"])
        return f"{article}{rule} {finding['model']}: {finding['number']} ({ids or name})"

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: the results are append-only, whoever asks."""
        raise UserError(self.env._("The result of a check is never changed."))

    @api.ondelete(at_uninstall=False)
    def _never_unlink(self):
        raise UserError(self.env._("The result of a check is never deleted."))

    # ------------------------------------------------------------------ the check

    @api.model
    def _find(self):
        """Return {name: {model, number, ids}} of the rules that are broken now."""
        self.env.flush_all()
        found = {invariant.name: (invariant.model, self._offenders(invariant)) for invariant in INVARIANTS}
        findings = {
            name: {"model": model, "number": len(ids), "ids": ids[:SHOWN]}
            for name, (model, ids) in found.items()
            if ids
        }
        return {**findings, **self._missing_history()}

    def _offenders(self, invariant):
        if isinstance(invariant.offenders, str):
            # sudo: whoever may start a check is told numbers of records, and nothing else of them.
            return getattr(self.env[invariant.model].sudo(), invariant.offenders)().ids
        query = invariant.offenders() if callable(invariant.offenders) else invariant.offenders
        return sorted(number for (number,) in self.env.execute_query(query))

    def _missing_history(self):
        # sudo: whoever may start a check compares with the last one, which managers alone read.
        last = self.sudo().search([], limit=1).counters or {}
        now = self._counters()
        return {
            f"history:{model}": {"model": model, "number": last[model] - now[model], "ids": []}
            for model in last.keys() & now.keys()
            if now[model] < last[model]
        }

    def _counters(self):
        return {model: self._count(self.env[model]._table, rows) for model, rows in HISTORY}

    def _count(self, table, rows):
        query = SQL("SELECT count(*) FROM %s WHERE %s", SQL.identifier(table), rows)
        return self.env.execute_query(query)[0][0]

    @api.model
    def _run_scheduled(self):
        """Check, keep the result, and tell the managers where a rule is broken."""
        findings = self._find()
        check = self.create(
            {
                "findings": findings,
                "counters": self._counters(),
                "offender_count": sum(finding["number"] for finding in findings.values()),
            }
        )
        if findings:
            check._tell_managers()
        return check

    def _tell_managers(self):
        for user in self.env.ref("wz_skill_cert.group_manager").user_ids:
            check = self.with_context(lang=user.lang, mail_activity_quick_update=True)
            check.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=check.env._("Records break a rule: call the administrator"),
                user_id=user.id,
            )

    @api.model
    def _command(self):
        """Print each rule with the number of its offenders; end the process with 1 where there are any.

        For ``odoo shell``: ``env["skill.cert.invariant.check"]._command()``.
        """
        findings = self._find()
        names = [invariant.name for invariant in INVARIANTS] + [f"history:{model}" for model, _rows in HISTORY]
        for name in names:
            finding = findings.get(name, {"number": 0, "ids": []})
            ids = " ".join(str(number) for number in finding["ids"])
            sys.stdout.write(f"{finding['number']:6} {name} {ids}".rstrip() + "\n")
        sys.stdout.flush()
        sys.exit(1 if findings else 0)
