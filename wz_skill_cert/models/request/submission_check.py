"""附件2 put together, checked and reported as one."""

from odoo import api, fields, models

from ... import workflow


class Problem(models.Model):
    """What the check of a sheet found. Written by the check alone, and replaced by the next one."""

    _name = "skill.cert.submission.problem"
    _description = "Finding on a summary sheet"
    _inherit = ["skill.cert.discreet"]
    _order = "submission_id, kind, application_id, id"

    submission_id = fields.Many2one(
        "skill.cert.submission", "Summary sheet", required=True, ondelete="cascade", index=True
    )
    application_id = fields.Many2one("skill.cert.application", required=True, ondelete="cascade", index=True)
    kind = fields.Selection([("error", "To correct first"), ("warning", "To be aware of")], "Weight", required=True)
    text = fields.Text("Finding", required=True)

    def action_open_application(self):
        """Open the application concerned."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "skill.cert.application",
            "res_id": self.application_id.id,
            "views": [(False, "form")],
        }


class Submission(models.Model):
    _inherit = "skill.cert.submission"

    problem_ids = fields.One2many(
        "skill.cert.submission.problem",
        "submission_id",
        "Findings of the check",
        groups="wz_skill_cert.group_nominator",
    )
    problem_count = fields.Integer(compute="_compute_problem_count", groups="wz_skill_cert.group_nominator")
    checked_on = fields.Datetime("Last check", guarded=True, readonly=True, copy=False)

    @api.depends("problem_ids.kind")
    def _compute_problem_count(self):
        for submission in self:
            submission.problem_count = len(
                submission.problem_ids.filtered(lambda problem: problem.kind == "error").application_id
            )

    def action_assemble(self):
        """Put on the sheet the complete drafts that are on none; say how many wait to be completed."""
        self._check_draft()
        added = left = self.env["skill.cert.application"]
        for submission in self:
            free = submission._free_drafts()
            complete = free.filtered(lambda application: not application._content_defects())
            complete.submission_id = submission
            added, left = added | complete, left | (free - complete)
        return self._tell(
            "success" if added else "warning",
            self.env._("Added: %(added)s. Left out because incomplete: %(left)s.", added=len(added), left=len(left)),
        )

    def action_check(self):
        """Check all applications of the sheet and list what is wrong with each; nothing is submitted."""
        self._check_draft()
        self.check_access("write")
        findings = [vals for submission in self for vals in submission._findings()]
        # sudo: nobody writes findings but this check, of the user's own sheet.
        own = self.sudo()
        own.problem_ids.unlink()
        own.problem_ids.create(findings)
        own.checked_on = fields.Datetime.now()
        if self.problem_count:
            return self._tell("warning", self.env._("To be corrected: %s. See the list below.", self.problem_count))
        return self._tell("success", self.env._("All applications are complete and can be submitted."))

    def _findings(self):
        for application in self.application_ids.filtered(
            lambda application: application.state in workflow.states("open")
        ):
            for kind, sentences in (
                ("error", application._submission_defects()),
                ("warning", application._submission_warnings()),
            ):
                for text in sentences:
                    yield {
                        "submission_id": self.id,
                        "application_id": application.id,
                        "kind": kind,
                        "text": text,
                    }

    def _forget_findings(self):
        """What an earlier check found is past."""
        self.sudo().problem_ids.unlink()  # sudo: written by the check alone

    @api.model
    def assemble_all(self):
        """Put all complete drafts of the user's units on sheets, one for each unit, campaign and bureau, and open these.

        A draft sheet that is there is used; others are made.
        """
        drafts = self.env["skill.cert.application"].search(
            [
                ("nominator_id.user_nominates", "=", True),
                ("state", "in", workflow.states("open")),
                ("submission_id", "=", False),
            ]
        )
        complete = drafts.filtered(lambda application: not application._content_defects())
        sheets = self.browse()
        for place, applications in complete.grouped(lambda a: (a.nominator_id, a.campaign_id, a.bureau_id)).items():
            sheet = self._draft_for(*place)
            applications.submission_id = sheet
            sheets |= sheet
        if not sheets:
            return self._tell("warning", self.env._("No draft is complete yet. Incomplete drafts: %s.", len(drafts)))
        return sheets._open_here()

    @api.model
    def _draft_for(self, nominator, campaign, bureau):
        """Return the latest draft sheet of the unit for the campaign and bureau, or a new one."""
        place = {"nominator_id": nominator.id, "campaign_id": campaign.id, "bureau_id": bureau.id}
        domain = [("state", "=", "draft"), *((name, "=", value) for name, value in place.items())]
        return self.search(domain, limit=1) or self.create(place)

    def _open_here(self):
        if len(self) == 1:
            return self._open_form()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_submission")
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}

    @api.model
    def _tell(self, kind, message):
        reload = {"type": "ir.actions.client", "tag": "soft_reload"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message, "next": reload},
        }
