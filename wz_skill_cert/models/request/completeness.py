"""What the submission asks for (notice, part 4, 组织申报 报送), and what of it is still missing: one judgement for all who ask.

The guided form, the desk, the summary sheet and the submission itself read ``_requirements()``, which walks REQUIREMENTS. What is
not in that list is asked for nowhere.
"""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ... import clock, formats, workflow
from ...workflow import ask
from ..platform.enumeration import field_labels
from ..rules.selections import levels_from

# What the submission asks for (notice, part 4, 组织申报 报送), in the order in which it is told: one list for the form that is
# being filled in, the desk, the summary sheet and the refusal. Each name is a method of the application that returns rows of
# Requirement. What another unit's case says is no part of it: no form answers that, the submission alone does
# (_guard_free_places).
REQUIREMENTS = (
    "_require_fields",
    "_require_identity",
    "_require_phone",
    "_require_window",
    "_require_employed",
    "_require_city",
    "_require_occupation",
    "_require_place",
    "_require_plausible",
    "_require_eligibility",
    "_require_materials",
    "_require_evidence",
    "_require_stamped_scan",
    "_require_settled",
    "_require_consent",
)


class Requirement(NamedTuple):
    """One thing that the submission asks for.

    ``part``, ``field``: where in the guided form it is put right. ``defect``: the sentence that says what is wrong, False
    where nothing is. ``empty``: the field itself is not filled in, and ``defect`` is its label. ``warning``: the bureau may ask
    about it, and it prevents nothing. ``rule``: its name in REQUIREMENTS.
    """

    part: str
    field: str
    defect: str | bool
    empty: bool = False
    warning: bool = False
    rule: str | None = None


# What 附件1 cannot be submitted without, and the part of the guided form where it is filled in.
REQUIRED_FIELDS = {
    "campaign_id": "basis",
    "employer_id": "basis",
    "occupation_id": "basis",
    "level": "basis",
    "applicant_name": "person",
    "id_number": "person",
    "sex": "person",
    "birth_date": "person",
    "education": "person",
    "phone": "person",
    "career_start": "person",
    "summary": "summary",
    "recommendation": "recommendation",
    "history_ids": "history",
}
# The parts of the form in their order; each is a page of the same name, except that "basis" stands above the pages.
PARTS = ("basis", "person", "history", "achievements", "materials", "summary", "recommendation", "check")


class Application(models.Model):
    _inherit = "skill.cert.application"

    completeness = fields.Json(compute="_compute_completeness")
    missing_count = fields.Integer("Things still missing", compute="_compute_completeness")
    own_place_defect = fields.Char(
        "Against another case of the person",
        compute="_compute_own_place_defect",
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )
    consent_missing = fields.Boolean(
        "Without the member's consent",
        compute="_compute_consent_missing",
        compute_sudo=True,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )

    # ------------------------------------------------------------------ the one list

    def _requirements(self):
        """Return all that the submission asks for or the bureau may ask about, met or not, as rows of Requirement."""
        return [found._replace(rule=rule) for rule in REQUIREMENTS for found in getattr(self, rule)()]

    def _unmet(self):
        """Return the requirements that still prevent the submission."""
        # Another case may have come since it was last read; this is what the submission asks.
        self.invalidate_recordset(["own_place_defect"], flush=False)
        return [requirement for requirement in self._requirements() if requirement.defect and not requirement.warning]

    def _submission_defects(self):
        """Return every sentence that says what still prevents the submission, all at once."""
        return self._sentences(self._unmet())

    def _content_defects(self):
        """Return what is still wrong with the application itself, whatever day it is."""
        return self._sentences([unmet for unmet in self._unmet() if unmet.rule != "_require_window"])

    def _submission_warnings(self):
        """Return what the bureau may ask about, although it prevents nothing."""
        return [found.defect for found in self._requirements() if found.defect and found.warning]

    def _refusal_to_submit(self, defects):
        """Return the words that refuse the submission of these applications for ``defects`` ({application: sentences})."""
        lists = {application: [f"• {sentence}" for sentence in sentences] for application, sentences in defects.items()}
        if len(self) == 1:
            return "\n".join([self.env._("%s cannot be submitted yet:", self.display_name), *lists[self]])
        blocks = ["\n".join([application.display_name, *lines]) for application, lines in lists.items()]
        return "\n\n".join([self.env._("Nothing was submitted. Please correct:"), *blocks])

    def _sentences(self, unmet):
        empty = [requirement.field for requirement in unmet if requirement.empty]
        sentences = [self.env._("Please fill in %s.", field_labels(self, empty))] if empty else []
        return sentences + [requirement.defect for requirement in unmet if not requirement.empty]

    # ------------------------------------------------------------------ the requirements of 附件1 and 附件3

    def _require_fields(self):
        return [
            Requirement(part, name, not self[name] and field_labels(self, [name]), empty=True)
            for name, part in REQUIRED_FIELDS.items()
        ]

    def _require_identity(self):
        return [Requirement("person", "id_number", self.id_number and self._id_number_defect())]

    def _require_phone(self):
        return [Requirement("person", "phone", self._phone_defect())]

    def _require_window(self):
        return [Requirement("basis", "campaign_id", self.campaign_id and self._window_defect())]

    def _window_defect(self):
        """Return why this may not be submitted today, or False.

        What was returned comes back within its days to correct, also after the campaign's last day [X].
        """
        defect = self.campaign_id._window_defect()
        if not defect or not self._corrected_late():
            return defect
        [until] = ask(self, "corrected_until")
        if not until or clock.today() <= until:
            return False
        return self.env._("%(defect)s It could come back corrected until %(day)s.", defect=defect, day=until)

    def _corrected_late(self):
        """Tell whether this was returned, and may come back after the campaign's last day."""
        return workflow.row(self.state).sent_back and self.policy_id.correct_after_close

    def _require_city(self):
        """属地: the employer's bureau, which the office enters with the unit, and a campaign of its city."""
        # sudo: the name of the own unit, or of a member of the own association
        employer, defect = self.sudo().employer_id, False
        if employer and not self.bureau_id:
            defect = self.env._(
                "%s belongs to no bureau yet. Please ask the bureau to enter it with the unit.", employer.name
            )
        elif self.campaign_id and self.city_id and self.campaign_id.bureau_id != self.city_id:
            defect = self.env._("%s is a campaign of another city.", self.campaign_id.name)
        return [Requirement("basis", "campaign_id" if self.bureau_id else "employer_id", defect)]

    def _require_occupation(self):
        occupation = self.occupation_id
        defect = occupation._out_of_scope_reason() if occupation and not occupation.in_scope else False
        return [Requirement("basis", "occupation_id", defect)]

    def _require_place(self):
        return [Requirement("basis", "occupation_id", self.own_place_defect)]

    def _require_eligibility(self):
        unmet = self.policy_id and not self.is_eligible
        defect = unmet and self.env._("No condition of the level is met.\n%s", self.eligibility)
        return [Requirement("achievements", "achievement_ids", defect)]

    def _require_materials(self):
        """Return one row for each line of the checklist that needs a file, also where the line was deleted."""
        # Row by row, as what is filtered is fetched for each application anew.
        filled = {line.template_id for line in self.material_ids if line.attachment_ids}
        return [
            Requirement(
                "materials",
                "material_ids",
                template not in filled and self.env._("Missing material: %s.", template.name),
            )
            for template in self.policy_id.material_template_ids.filtered("required")
        ]

    def _require_evidence(self):
        return [
            Requirement(
                "achievements",
                "achievement_ids",
                not achievement.evidence_ids
                and self.env._("Missing evidence for the achievement: %s.", achievement.name),
            )
            for achievement in self.achievement_ids
        ]

    # ------------------------------------------------------------------ for the form that is being filled in

    @api.depends(
        *REQUIRED_FIELDS,
        "bureau_id",
        "user_may_edit",
        "policy_id",
        "is_eligible",
        "occupation_start",
        "held_on",
        "title_date",
        "history_ids.date_start",
        "history_ids.date_end",
        "contribution_ids.date_start",
        "contribution_ids.date_end",
        "achievement_ids.date",
        "achievement_ids.number",
        "achievement_ids.name",
        "achievement_ids.evidence_ids",
        "material_ids.template_id",
        "material_ids.attachment_ids",
        "stamped_scan_on",
        "consent_missing",
        "own_place_defect",
        "request_ids.point_ids.settled_on",
    )
    @api.depends_context("uid", "lang")
    def _compute_completeness(self):
        """Compute for those who may fill in the form, and for nobody else."""
        for application in self:
            asked = application._requirements() if application.user_may_edit else []
            binding = [requirement for requirement in asked if not requirement.warning]
            application.missing_count = sum(bool(requirement.defect) for requirement in binding)
            application.completeness = binding and application._completeness(binding)

    def _completeness(self, requirements):
        """Return {percent, missing, parts: [{part, label, done, missing: [{field, text}]}]}, parts in the form's order."""
        labels, missing, count = self._part_labels(), {part: [] for part in PARTS}, self.missing_count
        for requirement in requirements:
            if requirement.defect:
                # The first line: what each condition lacks is shown beside the list.
                text = requirement.defect.partition("\n")[0]
                missing[requirement.part].append({"field": requirement.field, "text": text})
        parts = [
            # The last part is done when all others are.
            {
                "part": part,
                "label": labels[part],
                "done": not (found or (part == PARTS[-1] and count)),
                "missing": found,
            }
            for part, found in missing.items()
        ]
        # Rounded down: never "all" while something is missing.
        asked = len(requirements)
        return {"percent": (asked - count) * 100 // asked, "missing": count, "parts": parts}

    @api.model
    def _part_labels(self):
        return {
            "basis": self.env._("What is applied for"),
            "person": self.env._("Applicant data"),
            "history": self.env._("Work history"),
            "achievements": self.env._("Achievements"),
            "materials": self.env._("Materials"),
            "summary": self.env._("Personal summary"),
            "recommendation": self.env._("Recommendation"),
            "check": self.env._("Check and submit"),
        }

    def _place(self):
        """Return what one person may have once in a campaign: (ID number, occupation's id, level), or None without a number."""
        return (self.id_number, self.occupation_id.id, self.level) if self.id_number else None

    @api.model
    def _taken_domain(self, campaign, own=()):
        """Return which applications take their person's place in ``campaign``.

        Those that anybody submitted and did not withdraw, and the drafts of the units ``own``, who know them.
        """
        taken = Domain("state", "in", workflow.states("placed"))
        if own:
            taken |= Domain("state", "=", "draft") & Domain("nominator_id", "in", own.ids)
        return Domain("campaign_id", "=", campaign.id) & taken

    @api.depends("campaign_id", "policy_id", "id_number", "occupation_id", "level")
    @api.depends_context("uid", "lang")
    def _compute_own_place_defect(self):
        """Say what another case of the user's units says against each; of others, see ``free_place``."""
        cases = self._own_cases_of_these_people()
        for application in self:
            application.own_place_defect = bool(application._place()) and application._defect_among(cases)

    def _own_cases_of_these_people(self):
        """Return the cases of the user's units of the same people, whatever they are for: one query for all."""
        numbers = [number for number in self.mapped("id_number") if formats.has_valid_check_digit(number or "")]
        states = {*workflow.states("placed"), *workflow.states("holds")}
        domain = self._own_domain() & Domain("id_number", "in", numbers) & Domain("state", "in", list(states))
        # sudo: of the own units alone; as a user's search for a number it would leave a trace of what the form only shows.
        return self.sudo().search_fetch(domain, ["campaign_id", "id_number", "occupation_id", "level", "state"])

    def _defect_among(self, cases):
        number, occupation, level = self._place()
        same = Domain("id_number", "=", number) & Domain("occupation_id", "=", occupation)
        others = cases.filtered_domain(same & Domain("id", "!=", self._origin.id))
        if others.filtered_domain(self._taken_domain(self.campaign_id) & Domain("level", "=", level)):
            return self._taken_sentence()
        held = Domain("state", "in", workflow.states("holds")) & Domain("level", "in", levels_from(level))
        return self.policy_id.refuse_held and bool(others.filtered_domain(held)) and self._held_sentence()

    @api.model
    def _own_domain(self):
        return Domain("nominator_id", "in", self.env["res.users"]._own_units().ids)

    @api.depends("nominator_id", "employer_id.membership_ids.consent_state")
    def _compute_consent_missing(self):
        for application in self:
            nominator, employer = application.nominator_id, application.employer_id
            memberships = employer.membership_ids.filtered(lambda m, by=nominator: m.association_id == by)
            agreed = "given" in memberships.mapped("consent_state")
            application.consent_missing = bool(employer) and employer != nominator and not agreed

    def _require_consent(self):
        """Where the policy does not require it [X], its absence is something that the bureau may ask about."""
        defect = self.consent_missing and self._consent_sentence()
        return [Requirement("basis", "employer_id", defect, warning=not self.policy_id.consent_required)]

    def _consent_sentence(self):
        return self.env._(
            "%s has not agreed that the association reports its staff, or the consent has ended.",
            self.sudo().employer_id.name,  # sudo: the name of a member of the user's own association
        )
