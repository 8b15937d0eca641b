from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import clock, workflow
from ...workflow import OFFICER, follow


class Objection(models.Model):
    """An objection (异议) to a decided application, an option [X] that goes with the publicity period (公示).

    Who objects is known to the officers of the handling bureau alone. The nominator learns that there is an
    objection and how it ended, by the application's own chatter, which says nothing else.
    """

    _name = "skill.cert.objection"
    _description = "Objection"
    _inherit = ["skill.cert.guarded", "skill.cert.attachment.owner"]
    _order = "id desc"

    application_id = fields.Many2one("skill.cert.application", required=True, ondelete="restrict", index=True)
    # The round that was current when the objection was received.
    review_id = fields.Many2one(
        "skill.cert.review",
        "Round",
        compute="_compute_review_id",
        store=True,
        ondelete="restrict",
        index=True,
        guarded=True,
        readonly=True,
    )
    bureau_id = fields.Many2one(related="review_id.bureau_id", store=True, index=True)
    received_on = fields.Date("Received on", required=True, default=lambda self: clock.today())
    objector_name = fields.Char("Objector")
    objector_contact = fields.Char("Contact of the objector")
    ground = fields.Text("What is objected", required=True)
    evidence_ids = fields.Many2many(
        "ir.attachment",
        "skill_cert_objection_evidence_rel",
        "objection_id",
        "attachment_id",
        copy=False,
    )
    remedy = fields.Selection(
        [("revote", "Vote anew"), ("fraud", "Fraud: revoke the qualification")],
        "Consequence if upheld",
        help="Fraud (弄虚作假) also revokes the certificate and ends the case.",
    )
    finding = fields.Text("What the bureau found", help="The reason for dismissing or upholding. Required for either.")
    state = fields.Selection(
        [
            ("open", "To be resolved"),
            ("dismissed", "Dismissed"),
            ("upheld", "Upheld"),
            ("overtaken", "Overtaken by a revocation"),
        ],
        required=True,
        default="open",
        guarded=True,
        copy=False,
        readonly=True,
        index=True,
    )
    resolved_on = fields.Datetime("Resolved on", guarded=True, copy=False, readonly=True)
    resolved_by_id = fields.Many2one("res.users", guarded=True, copy=False, readonly=True)

    @api.depends("application_id")
    def _compute_review_id(self):
        for objection in self:
            objection.review_id = objection.review_id or objection.application_id.review_id

    @api.depends("application_id", "received_on")
    def _compute_display_name(self):
        for objection in self:
            objection.display_name = f"{objection.application_id.display_name} · {objection.received_on or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        """Record objections to decided applications. Raises AccessError for others than the handling officers."""
        default = self.env.context.get("default_application_id")
        applications = self.env["skill.cert.application"].browse(
            {vals.get("application_id") or default for vals in vals_list}
        )
        applications.exists()._check_open_to_objection()
        objections = super().create(vals_list)
        objections._claim_attachments("evidence_ids")
        objections.application_id._tell_nominator(self.env._("An objection was received."))
        # Not who objects.
        self.env["skill.cert.trail"]._record("objection", objections, to="open")
        return objections

    def write(self, vals):
        """Write; a resolved objection is fixed, and one stays with its application."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self._check_open()
            workflow.require(self.application_id, "officiate")
            if "application_id" in vals:
                raise AccessError(self.env._("An objection stays with its application."))
        result = super().write(vals)
        if "evidence_ids" in vals:
            self._claim_attachments("evidence_ids")
        return result

    def _check_attachments_open(self):
        self._check_open()

    def _check_open(self):
        for objection in self:
            if objection.state != "open":
                raise UserError(self.env._("This objection has been resolved and is fixed."))

    # ------------------------------------------------------------------ the resolution

    def action_dismiss(self, finding=None):
        """Dismiss, with the finding as the reason (given here or in the form); the certificate may then be issued."""
        self._check_resolvable(finding)
        self._resolve("dismissed", finding)
        self.application_id._tell_nominator(self.env._("An objection was dismissed."))

    def action_uphold(self, remedy=None, finding=None):
        """Uphold: the committee votes anew, or the qualification is revoked for fraud, in this transaction.

        :param remedy: ``revote`` or ``fraud``; without it, what the form says.
        """
        self._check_resolvable(finding)
        for objection in self:
            remedies = {
                "revote": objection._vote_anew,
                "fraud": lambda objection=objection: follow(objection, "find_fraud"),
            }
            chosen = remedy or objection.remedy
            if chosen not in remedies:
                raise UserError(self.env._("Please choose the consequence: vote anew, or revoke for fraud."))
            objection._resolve("upheld", finding, remedy=chosen)
            remedies[chosen]()

    def _check_resolvable(self, finding):
        self._lock_open()
        for objection in self:
            objection.check_access("write")
            objection.application_id._check_party(OFFICER)
            if not (finding or objection.finding or "").strip():
                raise UserError(self.env._("Please say what the bureau found."))

    def _lock_open(self):
        # Nobody learns from the lock that there is an objection.
        self.check_access("read")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        self._check_open()

    def _resolve(self, state, finding, **vals):
        done = {"state": state, "resolved_on": fields.Datetime.now(), "resolved_by_id": self.env.uid}
        # sudo: the state is guarded; party and state have just been checked.
        self.sudo().write({**vals, **done, **({"finding": finding} if finding else {})})
        self.env["skill.cert.trail"]._record("objection", self, to=state)

    def _vote_anew(self):
        """Append a round in which the committee votes anew; what was decided stays in the round before."""
        application = self.application_id
        application._move("qualified", decided_on=False)
        # sudo: rounds are appended by the procedure alone; _move has just checked the step.
        application.sudo().review_id._append_after(self)
        application._tell_nominator(self.env._("An objection was upheld: the committee will vote anew."))

    def _overtake(self):
        """End open objections to a case that is revoked: nothing is left to decide."""
        still_open = self.filtered(lambda objection: objection.state == "open")
        still_open.write({"state": "overtaken", "resolved_on": fields.Datetime.now()})
        self.env["skill.cert.trail"]._record("objection", still_open, to="overtaken")


class Review(models.Model):
    _inherit = "skill.cert.review"

    def _append_after(self, objection):
        """Append a round that waits for the vote: the panel's result stands, the vote is taken anew."""
        return self.create(
            {
                "application_id": self.application_id.id,
                "bureau_id": self.bureau_id.id,
                "purpose": self.purpose,
                "panel_id": self.panel_id.id,
                "outcome": "qualified",
                "concluded_on": self.concluded_on,
                "assessor_count": self.assessor_count,
                "favourable_count": self.favourable_count,
                "objection_id": objection.id,
            }
        )


class Application(models.Model):
    _inherit = "skill.cert.application"

    objection_ids = fields.One2many(
        "skill.cert.objection", "application_id", "Objections", groups="wz_skill_cert.group_county_officer"
    )
    open_objection_count = fields.Integer("Open objections", compute="_compute_open_objection_count", compute_sudo=True)
    fraud_found = fields.Boolean(
        "Fraud in another application",
        compute="_compute_fraud_found",
        compute_sudo=True,
        groups="wz_skill_cert.group_county_officer",
        help="Another application of the same person was revoked.",
    )

    @api.depends("objection_ids.state")
    def _compute_open_objection_count(self):
        for application in self:
            found = application.objection_ids.filtered(lambda objection: objection.state == "open")
            application.open_objection_count = len(found)

    @api.depends("id_number", "state")
    def _compute_fraud_found(self):
        # Of the number that the case has, never of one that is typed into a form: it would say of anybody what was found.
        numbers = [number for number in self._origin.mapped("id_number") if number]
        revoked = self.search_fetch([("state", "=", "revoked"), ("id_number", "in", numbers)], ["id_number"])
        by_number = revoked.grouped("id_number")
        for application in self:
            application = application._origin
            application.fraud_found = bool(by_number.get(application.id_number, revoked.browse()) - application)

    def _check_open_to_objection(self):
        """Raise unless the user handles these applications and they are decided."""
        for application in self:
            application._check_party(OFFICER)
            # From the decision on there is something to object to; the notice sets no end (part 5, 弄虚作假).
            if not workflow.row(application.state).published:
                raise UserError(
                    self.env._("%s: an objection is recorded after the committee's decision.", application.display_name)
                )

    def _guard_vote_anew(self, target, vals):
        """An option [X] that goes with the publicity period: only after an objection to this very round was upheld."""
        upheld = self.review_id.objection_ids.filtered(lambda o: o.state == "upheld" and o.remedy == "revote")
        if not upheld or self.review_id.purpose != "certify":
            raise UserError(self.env._("%s: no objection was upheld.", self.display_name))

    def _tell_nominator(self, sentence):
        """Say in the chatter that there is an objection or how it ended; never by whom or on what ground."""
        for application in self.with_user(SUPERUSER_ID):
            application.message_post(body=sentence, subtype_xmlid="mail.mt_note")
        follow(self.with_user(SUPERUSER_ID), "object")

    def action_record_objection(self):
        """Open the form that records an objection to this application."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "skill.cert.objection",
            "views": [(False, "form")],
            "context": {"default_application_id": self.id},
        }

    def action_open_objections(self):
        """Open the objections to this application."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_objection")
        context = {"default_application_id": self.id}
        return {**action, "domain": [("application_id", "=", self.id)], "context": context}
