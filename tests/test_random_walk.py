"""The whole procedure walked at random, by the right and the wrong persons: what must hold, holds after each step.

Two cases go their way together, a 高级工 of a county and a 技师 whom the county recommends to the city. Every step is a
public method, called as a client would call it. A step may be refused; one that is not must be allowed by ``ALLOWED``,
which is written down here a second time and not taken from the addon.
"""

from collections import Counter

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.addons.wz_skill_cert import workflow
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id

EXAMPLES, STEPS = 14, 25
CHOICES = ("agree", "against", "abstain")
SENIOR, TECHNICIAN = "senior_worker", "technician"
UNDER_WAY = (
    "submitted",
    "returned",
    "accepted",
    "assessment",
    "qualified",
    "recommended",
    "review",
    "passed",
    "certified",
)
# Where further papers may be asked for.
ASKABLE = ("accepted", "assessment", "qualified", "recommended")
# Who may take which step, and from which states: the notice's part 4, once more.
ALLOWED = {
    "action_submit": ("nominator", ("draft", "returned")),
    "action_withdraw": ("nominator", ("draft", *UNDER_WAY[:6])),
    "action_accept": ("officer", ("submitted",)),
    "action_return": ("officer", ("submitted", "accepted")),
    "action_start_assessment": ("officer", ("accepted", "recommended")),
    "action_conclude_assessment": ("officer", ("assessment",)),
    "action_recommend": ("officer", ("qualified",)),
    "action_certify": ("officer", ("passed",)),
    "action_transfer": ("officer", ("submitted", "accepted")),
    "action_send_back": ("officer", ("recommended",)),
    "action_terminate": ("officer", UNDER_WAY[:8]),
    "action_revoke": ("officer", UNDER_WAY),
}
WITH_REASON = ("action_return", "action_revoke", "action_send_back")
PERSONS = (
    "nominator",
    "other_nominator",
    "county_officer",
    "other_officer",
    "city_officer",
    "manager",
    "plain_user",
    "expert",
)
# The steps that lead on are taken more often than those that end a case.
OFTEN = st.sampled_from([True, True, True, True, False])

cases = st.sampled_from([0, 1])
numbers = st.integers(0, 14)


class Walk(RuleBasedStateMachine):
    """One walk. ``world`` is the test case, whose transaction is rolled back to where the walk began."""

    world = None

    def __init__(self):
        super().__init__()
        self.env = self.world.env
        self.savepoint = self.env.cr.savepoint(flush=False)
        self.cases = [
            self.world._draft(level=level, id_number=resident_id(sequence=951 + 2 * number)).sudo()
            for number, level in enumerate((SENIOR, TECHNICIAN))
        ]
        self.session = None
        self.votes = Counter()
        self.lengths = {}

    def teardown(self):
        self.env.flush_all()
        self.savepoint.rollback()
        self.env.transaction.clear()

    # ------------------------------------------------------------------ helpers

    def attempt(self, step):
        """Take the step and tell whether it was taken; a refusal leaves nothing behind, as a request's would."""
        try:
            with self.env.cr.savepoint():
                step()
        except UserError:
            return False
        finally:
            self.env.invalidate_all()
        return True

    def must(self, step):
        with self.env.cr.savepoint():
            step()
        self.env.invalidate_all()

    def officer_of(self, case):
        world = self.world
        away = {world.city: world.city_officer, world.other_county: world.other_officer}
        return away.get(case.handling_bureau_id, world.county_officer)

    def at(self, *states):
        return [case for case in self.cases if case.state in states]

    def pick(self, number, *states):
        found = self.at(*states)
        return found[number % len(found)]

    def by_officer(self, case):
        return case.with_user(self.officer_of(case))

    # ------------------------------------------------------------------ straight on

    # A vote is opened seven steps away for a 高级工 and twelve for a 技师; the certificate is two steps further.
    @initialize(senior=st.sampled_from([9, 8, 7, 9, 5, 2, 0]), technician=st.sampled_from([12, 14, 13, 12, 10, 7, 3]))
    def begin(self, senior, technician):
        for case, steps in zip(self.cases, (senior, technician), strict=True):
            for _step in range(steps):
                self.straight_on(case)

    @rule(number=cases)
    def lead_on(self, number):
        self.straight_on(self.cases[number])

    def straight_on(self, case):
        steps = {
            "draft": self.submit,
            "returned": self.submit,
            "submitted": lambda case: self.must(self.by_officer(case).action_accept),
            "accepted": self.start_assessment,
            "recommended": self.start_assessment,
            "assessment": self.assess_all,
            "qualified": self.recommend_or_convene,
            "review": self.vote_and_close,
            "passed": lambda case: self.attempt(self.by_officer(case).action_certify),
        }
        if self.asked(case):
            self.must(lambda: self.by_officer(case).action_close_papers("示例"))
        if case.state in ("submitted", "accepted") and case.bureau_id == self.world.other_county:
            self.hand_over(case, self.world.county)
        elif case.state in steps:
            steps[case.state](case)

    def hand_over(self, case, bureau):
        """To the bureau of the employer's place, or beyond it."""
        beyond = bureau != self.world.county
        self.must(lambda: self.by_officer(case).action_transfer(bureau.id, "示例", beyond_place=beyond))

    @precondition(lambda self: self.at("submitted", "accepted"))
    @rule(number=cases)
    def hand_over_and_back(self, number):
        case = self.pick(number, "submitted", "accepted")
        here = case.bureau_id == self.world.county
        self.hand_over(case, self.world.other_county if here else self.world.county)

    def submit(self, case):
        self.must(lambda: self.world._settle(case))
        self.must(case.with_user(self.world.nominator).action_submit)

    def start_assessment(self, case):
        panel = self.world.panels[case.handling_bureau_id].with_user(self.officer_of(case))
        self.must(lambda: panel.write({"application_ids": [Command.link(case.id)]}))
        self.attempt(self.by_officer(case).action_start_assessment)

    def assess_all(self, case):
        """Take the next step of the assessment: all accept, all submit, the officer concludes."""
        assessments = case.review_id.assessment_ids
        if invited := assessments.filtered(lambda a: a.state == "invited"):
            for assessment in invited:
                self.must(assessment.with_user(assessment.user_id).action_accept)
        elif drafts := assessments.filtered(lambda a: a.state == "draft"):
            self.find(drafts, verdict=True, verified=True)
        else:
            self.attempt(self.by_officer(case).action_conclude_assessment)

    def recommend_or_convene(self, case):
        if case.review_id.purpose == "recommend":
            self.must(self.by_officer(case).action_recommend)
        elif not self.session:
            self.attempt(lambda: self.open_session(case, (), None, True))

    def vote_and_close(self, case):
        if self.voting("electronic"):
            self.vote_from(0, "agree", 8)
            self.close_session()

    @precondition(lambda self: self.at("submitted"))
    @rule(number=cases)
    def send_back(self, number):
        case = self.by_officer(self.pick(number, "submitted"))
        self.must(lambda: case.action_return("请补正。"))

    # ------------------------------------------------------------------ 专家考评

    @precondition(lambda self: self.at("assessment"))
    @rule(number=cases, expert=numbers, ground=st.sampled_from([None, "kin", "other", "time"]))
    def answer_the_invitation(self, number, expert, ground):
        for assessment in self.assessments(number, "invited")[expert % 2 :]:
            own = assessment.with_user(assessment.user_id)
            self.must(own.action_accept if not ground else lambda own=own, ground=ground: own.action_decline(ground))
            ground = None

    def assessments(self, number, state):
        return self.pick(number, "assessment").review_id.assessment_ids.filtered(lambda a: a.state == state)

    @precondition(lambda self: self.at("assessment"))
    @rule(number=cases, verdict=OFTEN, verified=OFTEN, count=st.integers(1, 4))
    def assess(self, number, verdict, verified, count):
        self.find(self.assessments(number, "draft")[:count], verdict, verified)

    def find(self, assessments, verdict, verified):
        for assessment in assessments:
            own = assessment.with_user(assessment.user_id)
            claimed = own.application_id.achievement_ids.filtered(lambda a: a.verified == "claimed")
            if claimed:
                self.attempt(
                    claimed.action_verify if verified else lambda claimed=claimed: claimed.action_refuse("不实。")
                )
            self.attempt(lambda own=own: self.submit_findings(own, verdict))

    def submit_findings(self, own, verdict):
        own.write(
            {
                "materials": "complete", "method": "interview", "place": "示例", "held_on": "2099-01-01", "opinion": "属实。",
                "verdict": "qualified" if verdict else "unqualified",
                **dict.fromkeys(("score_conduct", "score_ability", "score_training", "score_results"), 80),
            }
        )  # fmt: skip
        own.action_submit()

    @precondition(lambda self: self.at("recommended"))
    @rule(number=cases)
    def send_back_to_the_county(self, number):
        case = self.pick(number, "recommended")
        self.must(lambda: self.by_officer(case).action_send_back("示例"))
        assert case.handling_bureau_id == case.bureau_id

    @precondition(lambda self: self.at("qualified"))
    @rule(number=cases)
    def recommend(self, number):
        case = self.pick(number, "qualified")
        taken = self.attempt(self.by_officer(case).action_recommend)
        assert not taken or case.level == TECHNICIAN

    # ------------------------------------------------------------------ 补充材料

    @precondition(lambda self: self.at(*ASKABLE))
    @rule(number=cases, handed_in=OFTEN, later=st.booleans())
    def ask_for_papers(self, number, handed_in, later):
        """Ask for a paper, have it handed in or not, and close the request now or leave it open."""
        case = self.pick(number, *ASKABLE)
        paper = case.material_ids[0]
        points = [{"target": f"{paper._name}:{paper.id}", "text": "示例"}]
        before = case.state
        if not self.attempt(lambda: self.by_officer(case).action_ask_papers(points)):
            assert self.asked(case)
        if handed_in and self.asked(case):
            self.attempt(lambda: self.world._settle(case))
        if not later:
            self.must(lambda: self.by_officer(case).action_close_papers("示例"))
            assert not self.asked(case)
        assert case.state == before

    def asked(self, case):
        return case.request_ids.filtered(lambda request: request.occasion == "papers" and request.state == "open")

    # ------------------------------------------------------------------ 综合评审

    @precondition(lambda self: not self.session and self.at("qualified"))
    @rule(
        number=cases,
        absent=st.sampled_from([(3,), (), (3, 4), (0,)]),
        kin=st.sampled_from([None, None, None, 1, 4]),
        on_paper=OFTEN,
    )
    def convene(self, number, absent, kin, on_paper):
        """Call a session of the bureau's committee, with some absent, one in conflict, in the system or on paper."""
        case = self.pick(number, "qualified")
        self.attempt(lambda: self.open_session(case, absent, kin, on_paper))

    def open_session(self, case, absent, kin, in_the_system):
        officer = self.officer_of(case)
        session = self.env["skill.cert.session"].with_user(officer).create(
            {
                "name": "示例评审会",
                "committee_id": self.world.committees[case.handling_bureau_id].id,
                "voting": "electronic" if in_the_system else "paper",
                "motion_ids": [Command.create({"application_id": case.id})],
            }
        )  # fmt: skip
        session.action_all_present()
        session.seat_ids.filtered(lambda seat: list(session.seat_ids).index(seat) in absent).present = False
        if kin is not None:
            seat = session.seat_ids[kin]
            session.motion_ids.with_user(seat.user_id).action_declare_conflict("kin")
        session.action_record_declarations()
        session.action_open()
        self.session, self.votes = session.sudo(), Counter()

    def voting(self, way):
        return self.session and self.session.state == "open" and self.session.voting == way

    @precondition(lambda self: self.voting("electronic"))
    @rule(seat=numbers, choice=st.sampled_from(CHOICES), others=st.sampled_from([8, 8, 4, 0]))
    def vote(self, seat, choice, others):
        """Have some members vote. Whoever is absent, recused or has voted is refused."""
        self.vote_from(seat, choice, others)

    def vote_from(self, seat, choice, others):
        motion = self.session.motion_ids
        for place in range(seat, seat + 1 + others):
            voter = self.session.seat_ids[place % len(self.session.seat_ids)]
            entitled = voter.present and not voter.voted and voter not in motion.recused_seat_ids
            paper = {motion.id: choice}
            taken = self.attempt(lambda voter=voter, paper=paper: self.session.with_user(voter.user_id).cast(paper))
            assert taken == entitled, f"voted {taken}, entitled {entitled}"
            self.votes[choice] += taken

    @precondition(lambda self: self.voting("electronic"))
    @rule(choice=st.sampled_from(["against", "agree", "abstain"]))
    def decide(self, choice):
        """Have all who have not voted vote alike, and close."""
        self.vote_from(0, choice, len(self.session.seat_ids) - 1)
        self.close_session()

    @precondition(lambda self: self.voting("paper"))
    @rule(agree=st.integers(0, 9), slip=st.sampled_from([0, 0, 0, 1]))
    def count_the_papers(self, agree, slip):
        """Two officers count; where one slips, the figures are not taken."""
        base = self.session.motion_ids.base
        for officer, miscounted in (
            (self.officer_of(self.session.motion_ids.application_id), 0),
            (self.world.second, slip),
        ):
            counted = max(min(agree, base) - miscounted, 0)
            self.attempt(lambda officer=officer, counted=counted: self.count(officer, counted, base))

    def count(self, officer, agree, base):
        self.session.with_user(officer).action_count()
        domain = [("session_id", "=", self.session.id), ("officer_id", "=", officer.id), ("state", "!=", "discarded")]
        own = self.env["skill.cert.paper.count"].with_user(officer).search(domain)
        own.line_ids.write({"agree": agree, "against": base - agree, "abstain": 0})
        own.action_complete()

    @precondition(lambda self: self.session and self.session.state == "open")
    @rule(ended=st.sampled_from([True, True, False]))
    def close(self, ended):
        self.close_session(ended)

    def missing(self, motion):
        return [
            seat for seat in self.session.seat_ids
            if seat.present and not seat.voted and seat not in motion.recused_seat_ids
        ]  # fmt: skip

    def close_session(self, ended=True):
        motion, case = self.session.motion_ids, self.session.motion_ids.application_id
        officer = self.officer_of(case)
        revoked = case.state if case.state in ("revoked", "terminated") else False
        electronic = self.session.voting == "electronic"
        missing = electronic and self.missing(motion)
        if missing and ended:
            self.world._end(self.session)
        if not self.attempt(self.session.with_user(officer).action_close):
            assert missing or not electronic, "a paper vote without two equal counts, or one that has not ended"
            return
        assert ended or not missing, "nobody closes a vote early"
        if missing and self.votes.total() < max(7, -(-motion.base * 2 // 3)):
            assert motion.state == "put_off", "too few have voted: nothing is revealed"
            assert case.state == (revoked or "qualified")
            self.session = None
            return
        if self.session.voting == "electronic":
            expected = Counter(self.votes)
            expected["abstain"] += motion.base - self.votes.total()
            assert Counter({choice: motion[choice] for choice in CHOICES}) == expected, "every vote counts once"
        assert motion.passed == (2 * motion.agree >= motion.base)
        if not revoked:
            assert case.state == ("passed" if motion.passed else "rejected")
        self.session = None

    # ------------------------------------------------------------------ 资格确认, objections, 弄虚作假

    @precondition(lambda self: self.at("passed"))
    @rule(number=cases)
    def certify(self, number):
        case = self.pick(number, "passed")
        blocked = case.open_objection_count
        taken = self.attempt(self.by_officer(case).action_certify)
        assert taken == (not blocked), f"certified {taken}, open objections {blocked}"

    @precondition(lambda self: self.at(*workflow.states("correctable")))
    @rule(number=cases, allow=OFTEN, reissue=st.booleans())
    def correct_the_name(self, number, allow, reissue):
        """Ask to correct a name, which is decided by the officer; a certificate says it after a reissue alone."""
        case, world = self.pick(number, *workflow.states("correctable")), self.world
        right = "章示例" if case.applicant_name != "章示例" else "张示例"
        corrections = self.env["skill.cert.correction"].with_user(world.nominator)
        self.must(lambda: corrections.create(self.correction_of(case, right)))
        asked = case.correction_ids.sorted("id")[-1].with_user(self.officer_of(case))
        self.must(asked.action_allow if allow else lambda: asked.action_refuse("示例"))
        assert (case.applicant_name == right) == allow
        if certificate := case.certificate_ids.filtered(lambda one: one.state == "valid"):
            own, before = certificate.with_user(self.officer_of(case)), certificate.number
            taken = reissue and self.attempt(lambda: own.action_replace("示例", "corrected"))
            latest = case.certificate_ids.sorted("id")[-1]
            assert latest.number == before and latest.is_unaltered
            assert not taken or latest.holder_name == case.applicant_name

    def correction_of(self, case, name):
        proof = self.world._file(self.world.nominator, "proof.pdf")
        return {"application_id": case.id, "ground": "示例", "new_name": name, "proof_ids": [Command.set(proof.ids)]}

    @precondition(lambda self: self.at("passed", "certified"))
    @rule(number=cases, resolve=st.sampled_from(["later", "dismiss", "revote", "revote", "fraud"]))
    def object(self, number, resolve):
        case = self.by_officer(self.pick(number, "passed", "certified"))
        objections = case.sudo().objection_ids.filtered(lambda o: o.state == "open").with_user(case.env.user)
        if not objections:
            self.must(lambda: objections.create({"application_id": case.id, "ground": "示例"}))
            objections = case.sudo().objection_ids.filtered(lambda o: o.state == "open").with_user(case.env.user)
        if resolve == "dismiss":
            self.must(lambda: objections.action_dismiss("不成立。"))
        elif resolve != "later":
            self.attempt(lambda: objections.action_uphold(resolve, "成立。"))

    # ------------------------------------------------------------------ anybody, anything, at any time

    @rule(number=cases, person=st.sampled_from(PERSONS), step=st.sampled_from(sorted(ALLOWED)), mercy=OFTEN)
    def anybody(self, number, person, step, mercy):
        case = self.cases[number]
        if mercy and self.is_right_person(case, person, step):
            return  # so that most cases do not end early
        party, states = ALLOWED[step]
        before, officer = case.state, self.officer_of(case)
        arguments = ["示例"] if step in WITH_REASON else []
        if step == "action_transfer":
            arguments = [self.world.other_county.id, "示例", True]
        if step == "action_terminate":
            arguments = ["left", "示例"]
        waits = self.asked(case) and step in ("action_conclude_assessment", "action_recommend")
        taken = self.attempt(lambda: getattr(case.with_user(self.world.persons[person]), step)(*arguments))
        if taken:
            assert not waits, f"{step} while further papers are asked for"
            assert before in states, f"{step} from {before}"
            right = person == "nominator" if party == "nominator" else self.world.persons[person] == officer
            assert right, f"{step} by {person}"
        else:
            assert case.state == before
        forged = {"state": "certified", "decided_on": "2099-01-01"}
        assert not self.attempt(lambda: case.with_user(self.world.persons[person]).write(forged))

    def is_right_person(self, case, person, step):
        return person == "nominator" or self.world.persons[person] == self.officer_of(case)

    # ------------------------------------------------------------------ what holds after each step

    @invariant()
    def no_rule_is_broken(self):
        findings = self.env["skill.cert.invariant.check"].sudo()._find()
        assert findings == {}, findings
        self.world.reached.update(case.state for case in self.cases)

    @invariant()
    def history_never_shrinks(self):
        now = self.env["skill.cert.invariant.check"].sudo()._counters()
        assert all(now[model] >= before for model, before in self.lengths.items()), (self.lengths, now)
        self.lengths = now


@tagged("standard", "post_install", "-at_install")
class TestRandomWalk(SkillCertCase):
    takes_long = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reached = Counter()
        cls.second = cls._officer(cls.county, "county")
        cls.city.user_ids = [Command.link(cls.second.id)]
        cls.persons = {
            **{name: getattr(cls, name) for name in PERSONS if name != "expert"},
            "expert": cls._expert(cls.county).user_id,
        }

    def _prepare(self):
        super()._prepare()
        bureaus = (self.county, self.city)
        self.committees = {bureau: self._committee(bureau, experts=6, hr=2).sudo() for bureau in bureaus}
        self.panels = {bureau: self._panel(bureau, 4).sudo() for bureau in bureaus}

    def test_whoever_does_whatever_in_whatever_order_no_rule_is_ever_broken(self):
        Walk.world = self
        run_state_machine_as_test(
            Walk,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                derandomize=True,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )
        # A walk that never gets to the vote proves nothing.
        self.assertGreaterEqual(set(self.reached), {"review", "passed", "certified", "rejected"}, self.reached)
