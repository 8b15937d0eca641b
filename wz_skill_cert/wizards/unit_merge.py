from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .. import workflow


class UnitMerge(models.TransientModel):
    """Merges one unit into another: what is still open moves, what was submitted stays as it was."""

    _name = "skill.cert.unit.merge"
    _description = "Merge two units"

    source_id = fields.Many2one(
        "res.partner", "Unit that ends", required=True, domain=[("skill_cert_unit", "!=", False)]
    )
    target_id = fields.Many2one(
        "res.partner", "Unit that goes on", required=True, domain=[("skill_cert_unit", "!=", False)]
    )
    reason = fields.Text(required=True, help="E.g. the decision of the registry.")
    moves = fields.Text("What moves", compute="_compute_lists")
    stays = fields.Text("What stays as it was", compute="_compute_lists")

    @api.depends("source_id", "target_id")
    def _compute_lists(self):
        for merge in self:
            merge.moves = merge._told(merge._moving()) if merge.source_id else False
            merge.stays = merge._told(merge._staying()) if merge.source_id else False

    def _told(self, rows):
        """Return one line for each (label, records), how many and the first ones by name."""
        return "\n".join(
            f"{label}: {len(records)}" + "".join(f"\n  · {name}" for name in records[:20].mapped("display_name"))
            for label, records in rows
        )

    # ------------------------------------------------------------------ what there is

    def _found(self, model, domain):
        # sudo: the manager decides on the whole unit; only names and numbers are shown.
        return self.env[model].sudo().with_context(active_test=False).search(domain)

    def _cases(self, *states):
        unit = self.source_id.id
        domain = ["&", ("state", "in", states), "|", ("nominator_id", "=", unit), ("employer_id", "=", unit)]
        return self._found("skill.cert.application", domain)

    def _moving(self):
        unit = self.source_id.sudo()  # sudo: as in _found
        return [
            (self.env._("Drafts of applications"), self._cases("draft")),
            (self.env._("Drafts of summary sheets"), self._sheets("draft")),
            (self.env._("Nominating users, who keep the old cases, too"), unit.nominator_user_ids),
            (self.env._("Associations of which it is a member"), unit.association_ids),
            (self.env._("Members, who are asked for their consent anew"), unit.association_member_ids),
            (self.env._("Experts who work there"), self._found("skill.cert.expert", [("employer_id", "=", unit.id)])),
            (self.env._("Contacts"), self._found("res.partner", [("parent_id", "=", unit.id)])),
            (self.env._("Employees by their work address"), self._found("hr.version", [("address_id", "=", unit.id)])),
        ]

    def _staying(self):
        submitted = self._cases(*(state.key for state in workflow.STATES if state.key != "draft"))
        consents = [("membership_id.association_id", "=", self.source_id.id)]
        return [
            (self.env._("Applications that were submitted"), submitted),
            (self.env._("Summary sheets that were reported"), self._sheets("submitted")),
            (self.env._("Certificates"), submitted.certificate_ids),
            (self.env._("Papers that are kept"), submitted.paper_ids),
            (self.env._("Consents of members"), self._found("skill.cert.consent", consents)),
        ]

    def _sheets(self, state):
        return self._found("skill.cert.submission", [("nominator_id", "=", self.source_id.id), ("state", "=", state)])

    # ------------------------------------------------------------------ the act

    def action_merge(self):
        """Merge the units. Raises AccessError for others than managers, UserError where these two cannot be merged."""
        self.ensure_one()
        self._check_mergeable()
        counts = [f"{label}: {len(records)}" for label, records in self._moving()]
        self._point_to_target()
        self._move_rights()
        self._move_open_work()
        self._trace(counts)
        self.source_id.sudo().action_archive()  # sudo: managers need not keep contacts; what follows was just checked
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "views": [(False, "form")],
            "res_id": self.target_id.id,
        }

    def _check_mergeable(self):
        if not self.env.user.has_group("wz_skill_cert.group_manager"):
            raise AccessError(self.env._("Only a manager merges units."))
        source, target = self.source_id.sudo(), self.target_id.sudo()  # sudo: their kinds only
        if source == target or not source.skill_cert_unit or source.skill_cert_unit != target.skill_cert_unit:
            raise UserError(self.env._("Please choose two different units of the same kind."))
        if source.skill_cert_merged_into_id or target.skill_cert_merged_into_id or not target.active:
            raise UserError(self.env._("One of these units was merged into another one already."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Please give the reason."))

    def _point_to_target(self):
        earlier = self._found("res.partner", [("skill_cert_merged_into_id", "=", self.source_id.id)])
        # sudo: nobody writes the pointer by hand. First, so that no conflict of interest is lost in between.
        ended = self.source_id.sudo() | earlier
        ended.skill_cert_merged_into_id = self.target_id

    def _move_rights(self):
        # sudo: the manager's act, checked in action_merge(); nobody else writes these links.
        source = self.source_id.sudo()
        target = self.target_id.with_env(source.env)
        target.nominator_user_ids |= source.nominator_user_ids
        for name in ("association_ids", "association_member_ids"):
            target[name] |= source[name] - target
        # Its own users stay, for the cases that stay.
        source.write({"association_ids": [Command.clear()], "association_member_ids": [Command.clear()]})

    def _move_open_work(self):
        source, target = self.source_id, self.target_id
        for application in self._cases("draft"):
            sides = [name for name in ("nominator_id", "employer_id") if application[name] == source]
            application.write(dict.fromkeys(sides, target.id))
        self._sheets("draft").write({"nominator_id": target.id})
        for model, name in (
            ("skill.cert.expert", "employer_id"),
            ("res.partner", "parent_id"),
            ("hr.version", "address_id"),
        ):
            self._found(model, [(name, "=", source.id)]).write({name: target.id})

    def _trace(self, counts):
        # sudo: the trail is written by what it tells about.
        self.env["skill.cert.trail"].sudo()._record("units_merged", self.source_id, into=self.target_id.id)
        note = self.env._(
            "%(ended)s was merged into %(unit)s by %(user)s. Reason: %(reason)s",
            ended=self.source_id.name,
            unit=self.target_id.name,
            user=self.env.user.name,
            reason=self.reason,
        )
        for unit in (self.source_id | self.target_id).sudo():  # sudo: the manager's act is told on both
            unit.message_post(body="\n".join((note, *counts)), subtype_xmlid="mail.mt_note")
