"""Conflicts of interest: what they are, who has one, and how each road to a case follows from that."""

import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import formats
from ...workflow import OFFICER, ask, follow
from ..platform.enumeration import enumerate_names

# Why somebody is left out of a case, in the order in which an officer reads it.
REASONS = ("applicant", "employer", "nominator", "officer", "witness", "recommender", "kin", "other")
SEPARATORS = re.compile(r"[\s,;/、。()\[\]:|]+")


def names_in(text):
    """Return the names that ``text`` may hold, each as it is compared: 李 示例, （李示例） and “李示例 13800000901” are 李示例."""
    # A mark that nobody sees may stand within a name or between two.
    readings = (formats.comparable(text), formats.comparable(text, unseen=" "))
    return {name for plain in readings for name in (*SEPARATORS.split(plain), SEPARATORS.sub("", plain)) if name}


def holders(index, facts):
    """Yield (person, reason) of all whom ``index``, {key: people}, has under the key of one of ``facts``, (reason, key)."""
    return ((person, reason) for reason, key in facts for person in index.get(key, ()))


def by_person(found):
    """Return {person: set of reasons} of ``found``, (person, reason)."""
    reasons = {}
    for person, reason in found:
        reasons.setdefault(person, set()).add(reason)
    return reasons


class Conflict(models.Model):
    """A declared conflict of interest of one expert, or one officer, with one application.

    It may be declared at any time, also when an assessment or a vote has already been given:
    the assessment then no longer counts, and the officer is told.
    """

    _name = "skill.cert.conflict"
    _description = "Conflict of interest"
    _inherit = ["skill.cert.expert.place", "skill.cert.guarded"]
    _place_of = "application_id"
    _order = "id desc"

    expert_id = fields.Many2one("skill.cert.expert", ondelete="restrict", index=True)
    # Officers declare their own, by stepping aside, and nobody else's.
    user_id = fields.Many2one("res.users", "Officer", ondelete="restrict", index=True, guarded=True, readonly=True)
    application_id = fields.Many2one("skill.cert.application", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("kin", "Kin"), ("other", "Other")],
        required=True,
        default="kin",
        help="Kin: spouse, direct line, collateral within three generations, near in-laws.",
    )
    note = fields.Char()

    _once = models.Constraint("UNIQUE (expert_id, application_id)", "This conflict is already declared.")
    _officer_once = models.Constraint("UNIQUE (user_id, application_id)", "This conflict is already declared.")
    _of_somebody = models.Constraint(
        "CHECK (num_nonnulls(expert_id, user_id) = 1)", "Please say whose conflict of interest it is."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and let follow what a declaration brings with it. Only about cases that the user reads or is assigned to."""
        conflicts = super().create(vals_list)
        # sudo: the activity is the officer's; the expert who declares neither reads nor writes it.
        follow(conflicts.sudo(), "declare")
        self.env["skill.cert.trail"]._record("conflict", conflicts)
        return conflicts

    def _not_to_be_named(self, name, records):
        """Return the records; whoever is asked to assess or to vote declares before reading the case."""
        hidden = super()._not_to_be_named(name, records)
        return hidden - hidden._assigned_to_user() if name == "application_id" else hidden


class Expert(models.Model):
    _inherit = "skill.cert.expert"

    def _conflicts(self, applications):
        """Return {application: those of these experts who have a conflict of interest with it}.

        The one predicate for assigning, reading, assessing, seating and voting.
        """
        nobody = self.browse()
        return {
            application: nobody.union(*found) for application, found in self._conflict_reasons(applications).items()
        }

    def _conflict_reasons(self, applications):
        """Return {application: {expert: set of REASONS}}, in as many queries for one application as for hundreds."""
        # sudo: who declared what and who nominates is private; the predicate must see all of it to be right.
        experts, unveiled = self.sudo(), applications.sudo()
        found = unveiled._matched(experts._conflict_index(), experts._declared_conflicts(unveiled))
        return {
            application: {expert.with_env(self.env): reasons for expert, reasons in found[one].items()}
            for one, application in zip(unveiled, applications, strict=True)
        }

    def _declared_conflicts(self, applications):
        domain = [("expert_id", "in", self.ids), ("application_id", "in", applications.ids)]
        declared = self.env["skill.cert.conflict"].search(domain)
        return [(conflict.application_id, conflict.expert_id, conflict.kind) for conflict in declared]

    def _conflict_index(self):
        """Return {key: experts}, the keys being those of ``_conflict_facts``."""
        index = {}
        for expert in self:
            for key in expert._conflict_keys():
                index.setdefault(key, []).append(expert)
        return index

    def _conflict_keys(self):
        """Return the keys of ``_conflict_facts`` that any of these experts has."""
        people = self.partner_id | self.user_id.partner_id
        return {
            *(("unit", unit) for unit in self.employer_id.ids),
            *(("person", person) for person in people.ids),
            *(("name", name) for expert in self for name in names_in(expert.name)),
        }

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


class Users(models.Model):
    _inherit = "res.users"

    def _conflict_reasons(self, applications):
        """Return {application: set of REASONS}: why this user, as an officer, decides nothing about these applications.

        The predicate of the experts, from what is known of a user.
        """
        self.ensure_one()
        # sudo: as for experts.
        user, unveiled = self.sudo(), applications.sudo()
        experts = user.env["skill.cert.expert"].with_context(active_test=False).search([("user_id", "=", user.id)])
        index = {key: [user] for key in user._conflict_keys() | experts._conflict_keys()}
        found = unveiled._matched(index, user._declared_conflicts(experts, unveiled))
        return {
            application: found[one].get(user, set()) for one, application in zip(unveiled, applications, strict=True)
        }

    def _conflict_keys(self):
        """Return the keys of ``_conflict_facts`` that the user has: as a person, as somebody's staff or contact, by name."""
        staff = self.env["hr.employee"].with_context(active_test=False).search([("user_id", "=", self.id)])
        people = self.partner_id | staff.work_contact_id
        units = people.parent_id | people.commercial_partner_id | staff.company_id.partner_id
        return {
            *(("unit", unit) for unit in units.ids),
            *(("person", person) for person in people.ids),
            *(("name", name) for own in (self.name, *staff.mapped("name")) for name in names_in(own)),
        }

    def _declared_conflicts(self, experts, applications):
        domain = [
            ("application_id", "in", applications.ids), "|", ("user_id", "=", self.id), ("expert_id", "in", experts.ids)
        ]  # fmt: skip
        declared = self.env["skill.cert.conflict"].search(domain)
        return [(conflict.application_id, self, conflict.kind) for conflict in declared]


class Application(models.Model):
    """The facts from which a conflict follows, and what is stored of it so that each rule stays one look-up."""

    _inherit = "skill.cert.application"

    def _matched(self, index, declared):
        """Return {application: {person: set of REASONS}}.

        :param index: {key: people}, the keys being those of ``_facts_of_units`` and ``_conflict_facts``.
        :param declared: [(application, person, reason)]
        """
        result = {}
        # Hundreds of one agenda come from a handful of units.
        for units, applications in self.grouped(lambda one: (one.employer_id, one.nominator_id)).items():
            of_units = list(holders(index, self._facts_of_units(*units)))
            for application in applications:
                result[application] = by_person([*of_units, *holders(index, application._conflict_facts())])
        for application, person, reason in declared:
            result[application].setdefault(person, set()).add(reason)
        return result

    def _officer_conflict(self):
        """Return {application: set of REASONS} of those of these with which the user, as an officer, is in conflict."""
        found = self.env.user._conflict_reasons(self)
        return {application: reasons for application, reasons in found.items() if reasons}

    def _is_handled_by_me(self):
        return self._is_party(OFFICER) and not self._officer_conflict()

    def _check_officer_without_conflict(self):
        """Raise where the user has a conflict of interest with one of these: another officer takes the step (回避)."""
        for application, reasons in self._officer_conflict().items():
            labels = self.env["skill.cert.expert"]._conflict_labels()
            raise AccessError(
                self.env._(
                    "%(application)s: %(officer)s has a conflict of interest (%(reasons)s). Another officer of the bureau takes this step.",
                    application=application.display_name,
                    officer=self.env.user.name,
                    reasons=enumerate_names(self.env, [labels[reason] for reason in REASONS if reason in reasons]),
                )
            )

    def action_step_aside(self, note, kind="kin"):
        """Declare, as an officer, the own conflict of interest (``kin`` or ``other``): others of the bureau take the case.

        Raises AccessError for others than officers of the bureau that handles it, UserError without a ``note`` of what it is.
        """
        if not (note or "").strip() or kind not in ("kin", "other"):
            raise UserError(self.env._("Please say which conflict of interest it is."))
        self._check_party(OFFICER)
        # sudo: guarded; whoever declares is the user, an officer of the case, as has just been checked.
        conflicts = self.env["skill.cert.conflict"].sudo()
        conflicts.create(
            [
                {"user_id": self.env.uid, "application_id": application.id, "kind": kind, "note": note}
                for application in self
            ]
        )
        # sudo: as above; nobody else is in charge until somebody takes it.
        self.sudo().filtered(lambda application: application.officer_id == self.env.user).officer_id = False

    def _facts_of_units(self, employer, nominator):
        """Yield (reason, key) of all cases of the two: whoever in ``_conflict_index`` has the key has the reason."""
        # Whoever worked for a unit that was merged works for the one that goes on.
        for unit in employer | employer.skill_cert_merged_into_id:
            yield "employer", ("unit", unit.id)
        for unit in (nominator | nominator.skill_cert_merged_into_id) - employer:
            yield "nominator", ("unit", unit.id)
        for person in (employer | nominator).nominator_user_ids.partner_id.ids:
            yield "officer", ("person", person)

    def _conflict_facts(self):
        """Yield (reason, key) of this case alone, as in ``_facts_of_units``."""
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
