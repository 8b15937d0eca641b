"""更正: what was stated wrongly about a person is put right on record, from the submission on and after the certificate, too."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import formats, workflow
from ...reports import wording
from ...workflow import NOMINATOR, OFFICER, follow
from ..rules.selections import EDUCATIONS, SEXES
from .signature import OF_PERSON

# The field of the application, and that of the correction which holds what is to stand there.
CORRECTED = {
    "applicant_name": "new_name",
    "id_number": "new_id_number",
    "sex": "new_sex",
    "birth_date": "new_birth_date",
    "education": "new_education",
    "phone": "new_phone",
}
PARTIES = "wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer"


class Correction(models.Model):
    """A request to correct identity data of a submitted case, and what the officer of the handling bureau made of it.

    Once allowed or refused it is fixed. What was printed before stays; what is printed later says that it was corrected.
    """

    _name = "skill.cert.correction"
    _description = "Correction of a person's data"
    _inherit = ["skill.cert.guarded", "skill.cert.attachment.owner"]
    _order = "id desc"

    application_id = fields.Many2one("skill.cert.application", required=True, ondelete="restrict", index=True)
    bureau_id = fields.Many2one(related="application_id.handling_bureau_id", store=True, index=True)
    new_name = fields.Char("Right name", limit=100)
    new_id_number = fields.Char("Right ID number", limit=40)
    new_sex = fields.Selection(SEXES, "Right sex")
    new_birth_date = fields.Date("Right date of birth")
    new_education = fields.Selection(EDUCATIONS, "Right education")
    new_phone = fields.Char("Right mobile phone", limit=40)
    ground = fields.Text(required=True, help="How the mistake came about, and what shows the right value.")
    proof_ids = fields.Many2many(
        "ir.attachment",
        "skill_cert_correction_proof_rel",
        "correction_id",
        "attachment_id",
        copy=False,
    )
    asked_by = fields.Char(
        "Asked by",
        required=True,
        default=lambda self: self.env.user.name,
        help="Who asks: the applicant, the unit, the bureau.",
    )
    asked_by_id = fields.Many2one("res.users", "Entered by", guarded=True, copy=False, readonly=True)
    asked_on = fields.Datetime("Asked on", guarded=True, copy=False, readonly=True)
    state = fields.Selection(
        [("asked", "To be decided"), ("allowed", "Corrected"), ("refused", "Refused")],
        required=True,
        default="asked",
        guarded=True,
        copy=False,
        readonly=True,
        index=True,
    )
    decided_by_id = fields.Many2one(
        "res.users", "Decided by", guarded=True, copy=False, readonly=True, groups="wz_skill_cert.group_county_officer"
    )
    decided_on = fields.Datetime("Decided on", guarded=True, copy=False, readonly=True)
    finding = fields.Text("What the bureau found", copy=False, help="The reason for refusing; required for that.")
    line_ids = fields.One2many("skill.cert.correction.line", "correction_id", "Corrected", readonly=True, copy=False)
    user_may_decide = fields.Boolean(compute="_compute_user_may_decide")

    @api.depends("application_id", "asked_on")
    def _compute_display_name(self):
        for correction in self:
            correction.display_name = f"{correction.application_id.display_name} · {correction.asked_on or ''}"

    @api.depends("state", "application_id")
    @api.depends_context("uid")
    def _compute_user_may_decide(self):
        for correction in self:
            correction.user_may_decide = correction.state == "asked" and correction.application_id._is_party(OFFICER)

    @api.model_create_multi
    def create(self, vals_list):
        """Ask, as the nominator of the case or an officer who handles it. Raises AccessError for others, UserError before the submission."""
        default = self.env.context.get("default_application_id")
        cases = self.env["skill.cert.application"].browse({vals.get("application_id") or default for vals in vals_list})
        cases.exists()._check_may_ask_correction()
        for vals in vals_list:
            self._normalise(vals)
        corrections = super().create(vals_list)
        if not self.env.su and any(corrections.mapped("finding")):
            corrections.application_id._check_party(OFFICER)
        # sudo: who asks, and when, is recorded by the server; party and state have just been checked.
        corrections.sudo().write({"asked_by_id": self.env.uid, "asked_on": fields.Datetime.now()})
        corrections._claim_attachments("proof_ids")
        corrections._check_something_differs()
        follow(corrections, "ask")
        return corrections

    def write(self, vals):
        """Write, while nothing is decided, by who may ask; a correction stays with its case."""
        self._refuse_guarded(set(vals))
        self._normalise(vals)
        if not self.env.su:
            self._check_undecided()
            self.application_id._check_may_ask_correction()
            if "application_id" in vals:
                raise AccessError(self.env._("A correction stays with its case."))
            if "finding" in vals:
                self.application_id._check_party(OFFICER)
        result = super().write(vals)
        if "proof_ids" in vals:
            self._claim_attachments("proof_ids")
        return result

    @api.ondelete(at_uninstall=False)
    def _never_unlink(self):
        # Until the person's data is erased after its term.
        if not self.env.su:
            raise UserError(self.env._("What was asked stays on record. Refuse it instead."))

    @api.model
    def _normalise(self, vals):
        if vals.get("new_id_number"):
            vals["new_id_number"] = formats.normalise(vals["new_id_number"])

    def _check_attachments_open(self):
        self._check_undecided()

    def _check_undecided(self):
        for correction in self:
            if correction.state != "asked":
                raise UserError(self.env._("This correction has been decided and is fixed."))

    def _wanted(self):
        """Return {field of the application: right value}, of those alone that differ; sex and birth follow a right number."""
        case = self.application_id.sudo()  # sudo: the data of the case that the user may have corrected
        number = self.new_id_number if formats.has_valid_check_digit(self.new_id_number or "") else ""
        told = {"birth_date": formats.birth_date_of(number), "sex": formats.sex_of(number)} if number else {}
        wanted = {name: self[new] or told.get(name) for name, new in CORRECTED.items()}
        return {name: value for name, value in wanted.items() if value and value != case[name]}

    def _check_something_differs(self):
        for correction in self:
            if not correction._wanted():
                raise UserError(
                    self.env._("Please enter the right value of at least one fact: so far nothing differs.")
                )

    # ------------------------------------------------------------------ the decision

    def action_allow(self, finding=None):
        """Correct the case, as an officer who handles it; old and new values, ground and proof stay on record.

        Raises UserError without a proof, or where the right value is none, AccessError for others.
        """
        for correction in self._lock_undecided():
            correction._check_something_differs()
            if not correction.proof_ids:
                raise UserError(self.env._("Please add the proof first: without one nothing is corrected."))
            correction._correct(finding)
        follow(self.sudo(), "allow")  # sudo: forms and news are the procedure's; party and state are checked

    def _correct(self, finding):
        # sudo: content is fixed since the submission; this is the one road on which it is put right.
        correction, case = self.sudo(), self.application_id.sudo()
        wanted = correction._wanted()
        follow(correction, "correct")
        correction.line_ids.create([correction._line_vals(name, value) for name, value in wanted.items()])
        case.write({**wanted, "corrected_on": fields.Datetime.now()})
        correction._decide("allowed", finding)

    def _line_vals(self, name, value):
        old = self.application_id[name]
        values = {"old_value": self._shown(name, old), "new_value": self._shown(name, value)}
        return {"correction_id": self.id, "fact": name, **values}

    def _shown(self, name, value):
        # As the papers, which note it, word it.
        worded = {"sex": wording.SEXES.get, "education": wording.EDUCATIONS.get, "birth_date": wording.day}.get(
            name, str
        )
        return worded(value) if value else False

    def _tell_officer(self):
        # sudo: whom the news concerns is not readable by everyone.
        self.sudo().application_id._hand_over("correction_asked")

    def _tell_unit(self):
        self.application_id._hand_over("correction_decided")

    def action_refuse(self, finding=None):
        """Refuse, with what the bureau found (required): the case stays as it is, and the unit reads why."""
        for correction in self._lock_undecided():
            if not (finding or correction.finding or "").strip():
                raise UserError(self.env._("Please say what the bureau found."))
            correction.sudo()._decide("refused", finding)  # sudo: guarded; party and state have just been checked
        follow(self.sudo(), "refuse")  # sudo: as in action_allow

    def _lock_undecided(self):
        self.check_access("read")
        self.application_id._check_party(OFFICER)
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        self._check_undecided()
        return self

    def _decide(self, state, finding):
        decided = {"state": state, "decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}
        self.write({**decided, **({"finding": finding} if finding else {})})


class CorrectionLine(models.Model):
    """One fact as it was and as it is since; written when the correction is allowed, and never again."""

    _name = "skill.cert.correction.line"
    _description = "Corrected fact"
    _inherit = ["skill.cert.guarded"]
    _order = "correction_id, id"

    correction_id = fields.Many2one(
        "skill.cert.correction", required=True, ondelete="cascade", index=True, guarded=True, readonly=True
    )
    application_id = fields.Many2one(related="correction_id.application_id", store=True, index=True)
    fact = fields.Selection(
        [
            ("applicant_name", "Name"),
            ("id_number", "ID number"),
            ("sex", "Sex"),
            ("birth_date", "Date of birth"),
            ("education", "Education"),
            ("phone", "Mobile phone"),
        ],
        required=True,
        guarded=True,
        readonly=True,
    )
    old_value = fields.Char("Was", guarded=True, readonly=True)
    new_value = fields.Char("Is", guarded=True, readonly=True)

    @api.depends("fact")
    def _compute_display_name(self):
        facts = dict(self._fields["fact"]._description_selection(self.env))
        for line in self:
            line.display_name = facts.get(line.fact)


class Application(models.Model):
    _inherit = "skill.cert.application"

    correction_ids = fields.One2many(
        "skill.cert.correction", "application_id", "Corrections", copy=False, groups=PARTIES
    )
    corrected_on = fields.Datetime("Corrected on", guarded=True, copy=False, readonly=True)
    user_may_ask_correction = fields.Boolean(compute="_compute_user_may_ask_correction")

    @api.depends("state", "user_is_nominator", "user_is_officer")
    @api.depends_context("uid")
    def _compute_user_may_ask_correction(self):
        for application in self:
            party = application.user_is_nominator or application.user_is_officer
            application.user_may_ask_correction = party and workflow.row(application.state).correctable

    def _check_may_ask_correction(self):
        self.check_access("read")
        for application in self:
            if not application._is_party(NOMINATOR):
                application._check_party(OFFICER)
            if not workflow.row(application.state).correctable:
                raise UserError(
                    self.env._(
                        "%s: data is corrected on record from the submission on, and as long as the case or its certificate stands.",
                        application.display_name,
                    )
                )

    def action_ask_correction(self):
        """Open the form on which a correction of the person's data is asked for."""
        self.ensure_one()
        self._check_may_ask_correction()
        return {
            "type": "ir.actions.act_window",
            "res_model": "skill.cert.correction",
            "views": [(False, "form")],
            "context": {"default_application_id": self.id},
        }

    def _corrections_noted(self):
        """Return the lines of what was corrected, oldest first, as the papers note it."""
        allowed = self.correction_ids.filtered(lambda correction: correction.state == "allowed").sorted("id")
        return allowed.line_ids


class Certificate(models.Model):
    _inherit = "skill.cert.certificate"

    is_outdated = fields.Boolean(
        "Says what was corrected since",
        compute="_compute_is_outdated",
        compute_sudo=True,
        groups="wz_skill_cert.group_county_officer",
    )

    @api.depends("state", *OF_PERSON, *(f"application_id.{name}" for name in CORRECTED))
    def _compute_is_outdated(self):
        for certificate in self:
            live = certificate.state == "valid" and not certificate.erased_on
            certificate.is_outdated = live and bool(certificate._corrected_facts())
