"""The application form as steps that say what is still missing while it is being filled in.

Nothing is judged here: ``_submission_checks()`` of the procedure answers the form and refuses the submission alike.
"""

from odoo import api, fields, models

from .procedure import REQUIRED_FIELDS

# The steps of the form in their order; each is a page of the same name, except that "basis" stands above the pages.
STEPS = ("basis", "person", "history", "achievements", "materials", "summary", "recommendation", "check")


class Application(models.Model):
    _inherit = "skill.cert.application"

    completeness = fields.Json(compute="_compute_completeness")
    missing_count = fields.Integer("Things still missing", compute="_compute_completeness")

    @api.depends(
        *REQUIRED_FIELDS,
        "user_may_edit",
        "policy_id",
        "is_eligible",
        "achievement_ids.name",
        "achievement_ids.evidence_ids",
        "material_ids.template_id",
        "material_ids.attachment_ids",
        "stamped_scan_on",
    )
    @api.depends_context("uid", "lang")
    def _compute_completeness(self):
        """Compute for those who may fill in the form, and for nobody else."""
        for application in self:
            checks = application._submission_checks() if application.user_may_edit else []
            application.missing_count = sum(bool(check.defect) for check in checks)
            application.completeness = checks and application._completeness(checks)

    def _completeness(self, checks):
        """Return {percent, missing, steps: [{step, label, done, missing: [{field, text}]}]}, steps in the form's order."""
        labels, missing, count = self._step_labels(), {step: [] for step in STEPS}, self.missing_count
        for check in checks:
            if check.defect:
                # The first line: what each condition lacks is shown beside the list.
                missing[check.step].append({"field": check.field, "text": check.defect.partition("\n")[0]})
        steps = [
            # The last step is done when all others are.
            {
                "step": step,
                "label": labels[step],
                "done": not (found or (step == STEPS[-1] and count)),
                "missing": found,
            }
            for step, found in missing.items()
        ]
        # Rounded down: never "all" while something is missing.
        return {"percent": (len(checks) - count) * 100 // len(checks), "missing": count, "steps": steps}

    @api.model
    def _step_labels(self):
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
