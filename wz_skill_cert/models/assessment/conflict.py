"""Conflicts of interest: what they are, who has one, and how each road to a case follows from that."""

import re
import unicodedata

from odoo import api, fields, models

from ...workflow import ask, follow
from ..platform.enumeration import enumerate_names

# Why somebody is left out of a case, in the order in which an officer reads it.
REASONS = ("applicant", "employer", "nominator", "officer", "witness", "recommender", "kin", "other")
SEPARATORS = re.compile(r"[\s,;/、。()\[\]:|]+")


def names_in(text):
    """Return the names that ``text`` may hold, each as it is compared: 李 示例, （李示例） and “李示例 13800000901” are 李示例."""
    plain = unicodedata.normalize("NFKC", text or "").casefold()
    return {name for name in (*SEPARATORS.split(plain), SEPARATORS.sub("", plain)) if name}


class Conflict(models.Model):
    """A declared conflict of interest of one expert with one application.

    It may be declared at any time, also when an assessment or a vote has already been given:
    the assessment then no longer counts, and the officer is told.
    """

    _name = "skill.cert.conflict"
    _description = "Conflict of interest"
    _inherit = ["skill.cert.expert.place", "skill.cert.guarded"]
    _place_of = "application_id"
    _order = "id desc"

    expert_id = fields.Many2one("skill.cert.expert", required=True, ondelete="restrict", index=True)
    application_id = fields.Many2one("skill.cert.application", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("kin", "Kin"), ("other", "Other")],
        required=True,
        default="kin",
        help="Kin: spouse, direct line, collateral within three generations, near in-laws.",
    )
    note = fields.Char()

    _once = models.Constraint("UNIQUE (expert_id, application_id)", "This conflict is already declared.")

    @api.model_create_multi
    def create(self, vals_list):
        """Create; only about cases that the user reads or is assigned to, or it would name the applicants of others."""
        default = self.env.context.get("default_application_id")
        cases = {vals.get("application_id", default) for vals in vals_list} - {None, False}
        self._check_cases(self.env["skill.cert.application"].browse(cases))
        conflicts = super().create(vals_list)
        # sudo: the activity is the officer's; the expert who declares neither reads nor writes it.
        follow(conflicts.sudo(), "declare")
        self.env["skill.cert.trail"]._record("conflict", conflicts)
        return conflicts

    def _not_to_be_named(self, name, records):
        """Return the records; whoever is asked to assess or to vote declares before reading the case."""
        hidden = super()._not_to_be_named(name, records)
        return hidden - hidden._assigned_to_user() if name == "application_id" else hidden

    def _check_cases(self, cases):
        unread = cases - cases._filtered_access("read")
        if unread - unread._assigned_to_user():
            unread.check_access("read")


class Expert(models.Model):
    _inherit = "skill.cert.expert"

    def _conflicts(self, applications):
        """Return {application: those of these experts who have a conflict of interest with it}.

        The one predicate for assigning, reading, assessing, seating and voting.
        """
        nobody = self.browse()
        return {case: nobody.union(*found) for case, found in self._conflict_reasons(applications).items()}

    def _conflict_reasons(self, applications):
        """Return {application: {expert: set of REASONS}}, in as many queries for one application as for hundreds."""
        # sudo: who declared what and who nominates is private; the predicate must see all of it to be right.
        experts, cases = self.sudo(), applications.sudo()
        declared, index = experts._declared_conflicts(cases), experts._conflict_index()
        result = {}
        for case, application in zip(cases, applications, strict=True):
            reasons = result[application] = {}
            for reason, key in case._conflict_facts():
                for expert in index.get(key, ()):
                    reasons.setdefault(expert.with_env(self.env), set()).add(reason)
            for conflict in declared.get(case, ()):
                reasons.setdefault(conflict.expert_id.with_env(self.env), set()).add(conflict.kind)
        return result

    def _declared_conflicts(self, cases):
        domain = [("expert_id", "in", self.ids), ("application_id", "in", cases.ids)]
        return self.env["skill.cert.conflict"].search(domain).grouped("application_id")

    def _conflict_index(self):
        """Return {key: experts}, the keys being those of ``_conflict_facts``."""
        index = {}
        for expert in self:
            people = expert.partner_id | expert.user_id.partner_id
            for key in (
                ("unit", expert.employer_id.id),
                *(("person", person) for person in people.ids),
                *(("name", name) for name in names_in(expert.name)),
            ):
                if key[1]:
                    index.setdefault(key, []).append(expert)
        return index

    def _conflict_text(self, reasons):
        """Return one line for each of these experts that ``reasons`` names, or False."""
        labels = self._conflict_labels()
        lines = [
            self.env._(
                "%(expert)s: %(reasons)s",
                expert=expert.name,
                reasons=enumerate_names(self.env, [labels[reason] for reason in REASONS if reason in reasons[expert]]),
            )
            for expert in self
            if expert in reasons
        ]
        return "\n".join(lines) or False

    def _conflict_labels(self):
        return {
            "applicant": self.env._("has the applicant's name or login"),
            "employer": self.env._("works for the applicant's employer"),
            "nominator": self.env._("works for the nominating unit"),
            "officer": self.env._("nominates for the unit"),
            "witness": self.env._("is named as a witness"),
            "recommender": self.env._("entered the application or is its contact"),
            "kin": self.env._("declared: kin"),
            "other": self.env._("declared: other"),
        }


class Application(models.Model):
    """The facts from which a conflict follows, and what is stored of it so that each rule stays one look-up."""

    _inherit = "skill.cert.application"

    def _conflict_facts(self):
        """Yield (reason, key): whoever in ``_conflict_index`` has the key has the reason."""
        yield "employer", ("unit", self.employer_id.id)
        if self.nominator_id != self.employer_id:
            yield "nominator", ("unit", self.nominator_id.id)
        for person in (self.employer_id | self.nominator_id).nominator_user_ids.partner_id.ids:
            yield "officer", ("person", person)
        yield "recommender", ("person", self.create_uid.partner_id.id)
        for person in (self.employee_id.user_id.partner_id | self.employee_id.work_contact_id).ids:
            yield "applicant", ("person", person)
        for name in names_in(self.applicant_name):
            yield "applicant", ("name", name)
        for name in names_in(self.contact_name):
            yield "recommender", ("name", name)
        for line in (*self.history_ids, *self.contribution_ids):
            for name in names_in(line.witness):
                yield "witness", ("name", name)

    def _assigned_to_user(self):
        """Return those on which the user has an assessment or a seat, readable or not."""
        return self.browse().union(*ask(self, "assigned")) & self

    def _assessed_by_me(self):
        # sudo: an expert who is to declare a conflict does not read the case yet; only the expert's own assignments are asked.
        assessments = self.sudo().review_ids.assessment_ids
        own = assessments.filtered(lambda assessment: assessment.user_id == self.env.user)
        return own.application_id.with_env(self.env)
