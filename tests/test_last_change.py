"""No record, message or task tells a nominator which expert did something, or when: over all models that a nominator reads."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command, Datetime, Domain
from odoo.tests import tagged

from .common import resident_id
from .matrix_records import IsolationCase

LOG = ("create_uid", "write_uid", "create_date", "write_date")
# Of no case: what is the user's own, and what the platform keeps of itself.
PEOPLE = ("res.users", "res.partner", "skill.cert.expert", "hr.employee", "hr.employee.public", "resource.resource")


@tagged("standard", "post_install", "-at_install")
class TestLastChange(IsolationCase):
    def _prepare(self):
        super()._prepare()
        self.first, self.second = self.experts[:2]
        self.fresh = self._accepted(applicant_name="李示例", id_number=resident_id(sequence=913))
        self._start_assessment(self.fresh, self.panel, accept=False)
        self.voted = self._qualified(applicant_name="王示例", id_number=resident_id(sequence=915))
        self.committee = self._committee(self.county, experts=7)
        self._may_export(self.nominator)

    def setUp(self):
        super().setUp()
        self.moment = Datetime.to_datetime("2070-01-01 00:00:00")

    # ------------------------------------------------------------------ what experts do

    def _acts(self):
        """Yield (name, the expert's user, act): one of each kind, in the order in which they come."""
        [invited, busy] = self.fresh.sudo().review_id.assessment_ids.filtered(
            lambda a: a.expert_id in self.first | self.second
        )
        yield "accept", invited.user_id, lambda own: invited.with_user(own).action_accept()
        yield "decline", busy.user_id, lambda own: busy.with_user(own).action_decline("time")
        user, [claim] = self.first.user_id, self.case.sudo().achievement_ids
        yield "refuse", user, lambda own: claim.with_user(own).action_refuse("示例")
        yield "verify", user, lambda own: claim.with_user(own).action_verify()
        for assessment in self.case.sudo().review_id.assessment_ids.filtered(lambda a: a.state == "draft"):
            values = {
                "materials": "complete", "method": "practical", "place": "示例", "held_on": "2099-01-01", "opinion": "示例",
                "verdict": "qualified", "score_conduct": 90, "score_ability": 90, "score_training": 90, "score_results": 90,
            }  # fmt: skip
            yield "write", assessment.user_id, lambda own, a=assessment, v=values: a.with_user(own).write(v)
            yield "submit", assessment.user_id, lambda own, a=assessment: a.with_user(own).action_submit()
        yield from self._acts_of_members()

    def _acts_of_members(self):
        motions = [Command.create({"application_id": self.voted.id})]
        session = (
            self.env["skill.cert.session"]
            .with_user(self.county_officer)
            .create({"name": "示例", "committee_id": self.committee.id, "motion_ids": motions})
        )
        session.action_all_present()
        *seats, recused = session.sudo().seat_ids.sorted(lambda seat: seat.role == "expert")
        [motion] = session.sudo().motion_ids
        for seat in seats:
            yield "declare", seat.user_id, lambda own: session.with_user(own).action_declare()
        yield "conflict", recused.user_id, lambda own: motion.with_user(own).action_declare_conflict("kin")
        yield "declare the rest", recused.user_id, lambda own: session.with_user(own).action_declare()
        session.action_open()
        for seat in seats:
            yield "cast", seat.user_id, lambda own: session.with_user(own).cast({motion.id: "agree"})

    # ------------------------------------------------------------------ what a nominator reads of it

    def _read_models(self):
        """Yield the models of which a nominator may read records."""
        for name, model in self.env.registry.items():
            own = self.env[name].with_user(self.nominator)
            if model._auto and not model._abstract and own.has_access("read"):
                yield own.with_context(active_test=False)

    def _told_of(self, experts):
        """Return for each such model the domain of what names one of these experts, or was written at the moment."""
        people = {"res.users": experts.user_id, "res.partner": experts.partner_id, "skill.cert.expert": experts}
        domains = {}
        for own in self._read_models():
            conditions = []
            for field in own._fields.values():
                if not (field.store and field.column_type) or not own._has_field_access(field, "read"):
                    continue
                if field.type == "many2one" and field.comodel_name in people:
                    conditions.append(Domain(field.name, "in", people[field.comodel_name].ids))
                elif field.type == "datetime" and field.name in LOG:
                    conditions.append(Domain(field.name, ">=", "2070-01-01"))
            if conditions and own._name not in PEOPLE:
                domains[own] = Domain.OR(conditions)
        return domains

    def test_no_act_of_an_expert_leaves_its_hand_or_hour_in_what_a_nominator_reads(self):
        self.env.flush_all()
        experts = self.env["skill.cert.expert"].search([])
        domains, told = self._told_of(experts), []
        self.assertGreater(len(domains), 50)
        for own, domain in domains.items():
            if before := own.search(domain):
                told.append(f"before: {own._name} {before}")
        for number, (name, user, act) in enumerate(self._acts()):
            self.env.flush_all()
            self.env.cr._now = self.moment + timedelta(days=number)
            act(user)
            self.env.flush_all()
            self.env.invalidate_all()
            for own, domain in domains.items():
                if found := own.search(domain):
                    rows = found.sudo().read([f for f in LOG if f in own._fields])
                    told.append(f"{name}: {rows} {own._name}")
            self.env.cr._now = None
        self.assertFalse(told, "\n".join(dict.fromkeys(told)))

    def test_on_every_road_the_last_change_reads_the_same_before_and_after_an_expert_acted(self):
        expert, [claim] = self.first.user_id, self.case.sudo().achievement_ids
        self.env.flush_all()
        before = self._by_all_roads(claim)
        self.env.cr._now = self.moment
        claim.with_user(expert).action_refuse("示例")
        self.assertEqual(claim.verified_by_id, expert, "who it was is kept for the bureau")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._by_all_roads(claim), before)

    def test_while_the_unit_may_change_a_case_its_last_change_is_told(self):
        colleague = self._nominator(self.enterprise)
        draft = self._draft(id_number=resident_id(sequence=917))
        draft.with_user(colleague).summary = "示例"
        draft.history_ids.with_user(colleague).witness = "示例"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(draft.write_uid | draft.history_ids.write_uid, colleague)

    def _by_all_roads(self, claim):
        """Return {(model, field, road): answer} for the nominator."""
        answers, expert = {}, self.first.user_id
        for record in (self.case, claim):
            own = record.sudo(False).with_user(self.nominator).with_context(lang="en_US")
            mine, line = [("id", "=", own.id)], "achievement_ids" if own == self.case else "application_id"
            for name in LOG:
                day = f"{name}:hour" if name.endswith("date") else name
                roads = {
                    "read": lambda own=own, name=name: own.read([name]),
                    "search_read": lambda own=own, name=name, mine=mine: own.search_read(mine, [name]),
                    "web_read": lambda own=own, name=name: own.web_read({name: {}}),
                    "through a line": lambda own=own, name=name, line=line: own.web_read({line: {"fields": {name: {}}}}),
                    "web_search_read": lambda own=own, name=name, mine=mine: own.web_search_read(mine, {name: {}}),
                    "group": lambda own=own, day=day, mine=mine: own.formatted_read_group(mine, [day], ["__count"]),
                    "greatest": lambda own=own, name=name, mine=mine: own.formatted_read_group(mine, [], [f"{name}:max"]),
                    "order": lambda own=own, name=name: own.search([], order=f"{name} desc, id").ids,
                    "export": lambda own=own, name=name: own.export_data([name]),
                    "onchange": lambda own=own, name=name: own.onchange({}, [], {name: {}}),
                    "by person": lambda own=own, name=name: name.endswith("uid") and own.search_count([(name, "=", expert.id)]),
                    "by name": lambda own=own, name=name: name.endswith("uid") and own.search_count([(name, "ilike", expert.name)]),
                    "by time": lambda own=own, name=name: name.endswith("date") and own.search_count([(name, ">=", "2070-01-01")]),
                    "perm_read": lambda own=own: own.get_metadata(),
                }  # fmt: skip
                answers.update({(own._name, name, road): self._asked(ask) for road, ask in roads.items()})
        return answers

    def _asked(self, ask):
        try:
            return str(ask())
        except (UserError, ValueError) as refusal:
            return f"{type(refusal)}"
