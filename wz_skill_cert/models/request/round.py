"""A round (skill.cert.review): one passage of a case through one bureau. Appended, never changed back."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import clock, workflow
from ..platform.settings import reading_days
from ..rules.selections import PURPOSES

# What has been decided about a round is never decided again: a new round is appended.
OPEN_OUTCOMES = ("pending", "qualified")
# Rounds closed to their experts in one transaction.
AT_ONCE = 200


class Review(models.Model):
    """One round of a case at one bureau: its purpose and its outcome. Append-only."""

    _name = "skill.cert.review"
    _description = "Round"
    _inherit = ["skill.cert.guarded"]
    _order = "id"

    application_id = fields.Many2one(
        "skill.cert.application", required=True, ondelete="cascade", index=True, guarded=True
    )
    bureau_id = fields.Many2one("skill.cert.bureau", required=True, ondelete="restrict", index=True, guarded=True)
    purpose = fields.Selection(PURPOSES, required=True, guarded=True)
    outcome = fields.Selection(
        [
            ("pending", "Pending"),
            ("qualified", "Qualified"),
            ("recommended", "Recommended"),
            ("passed", "Passed"),
            ("rejected", "Rejected"),
            ("returned", "Returned"),
            ("withdrawn", "Withdrawn"),
            ("transferred", "Handed over"),
            ("terminated", "Terminated"),
            ("sent_back", "Sent back"),
            ("revoked", "Revoked"),
        ],
        required=True,
        default="pending",
        guarded=True,
    )

    ended_on = fields.Date("Ended on", guarded=True, readonly=True, index=True)
    reading_ended = fields.Boolean(
        "Closed to its experts",
        guarded=True,
        readonly=True,
        help="The term after the round is over: whoever assessed or voted in it reads the case no more.",
    )

    @api.depends("application_id", "purpose")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for review in self:
            review.display_name = f"{review.application_id.display_name} · {purposes.get(review.purpose, '')}"

    def _end(self, outcome):
        """Record the outcome of rounds that are still open; a decided round keeps its outcome."""
        ended = {} if outcome in OPEN_OUTCOMES else {"ended_on": clock.today()}
        self.filtered(lambda review: review.outcome in OPEN_OUTCOMES).write({"outcome": outcome, **ended})

    @api.model
    def _end_reading(self):
        """Scheduled: close the cases to the experts of rounds whose term is over."""
        since = clock.today() - timedelta(days=reading_days(self.env))
        over = self.search([("ended_on", "<", since), ("reading_ended", "=", False)], order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(over))
        for start in range(0, len(over), AT_ONCE):
            some = over[start : start + AT_ONCE]
            some.reading_ended = True
            # Who may read is stored with the cases.
            self.env.flush_all()
            if not self.env["ir.cron"]._commit_progress(len(some)):
                return


class Application(models.Model):
    _inherit = "skill.cert.application"

    employer_place_id = fields.Many2one(
        "skill.cert.bureau",
        "Employer's bureau today",
        compute="_compute_employer_place_id",
        compute_sudo=True,
        groups="wz_skill_cert.group_county_officer",
    )
    employer_moved = fields.Boolean(
        compute="_compute_employer_place_id", compute_sudo=True, groups="wz_skill_cert.group_county_officer"
    )

    @api.depends("employer_id.skill_cert_bureau_id", "bureau_id")
    def _compute_employer_place_id(self):
        for application in self:
            place = application.employer_id.skill_cert_bureau_id
            application.employer_place_id = place
            application.employer_moved = bool(place) and place != application.bureau_id

    @api.depends("employer_id.skill_cert_bureau_id")
    def _compute_bureau_id(self):
        """Notice, part 3, 属地: the employer's, also where an association nominates. What was submitted stays where it is."""
        for application in self:
            kept = application.bureau_id if application.submitted_on else False
            application.bureau_id = kept or application.employer_id.skill_cert_bureau_id

    @api.depends("bureau_id", "review_id.bureau_id", "review_id.outcome")
    def _compute_handling_bureau_id(self):
        for application in self:
            review = application.review_id
            left = review.outcome == "transferred"
            application.handling_bureau_id = (not left and review.bureau_id) or application.bureau_id

    def action_transfer(self, bureau_id, reason, beyond_place=False):
        """Hand over (移交) to the bureau of that id, before the assessment has begun, with ``reason`` (required).

        Notice, part 3, 属地: to the bureau of the employer's place; to another one of the city ``beyond_place`` only.
        Raises AccessError for others than the officers of the bureau that has the case, UserError where it cannot go there.
        """
        self.check_access("read")
        bureau = self.env["skill.cert.bureau"].browse(bureau_id).exists()
        for application in self:
            if not bureau or not workflow.is_transfer(application.state, "submitted"):
                raise UserError(self.env._("Please choose a submitted case and the bureau to which it goes."))
        # sudo: whoever hands over reads the case no more from then on; _move asks for the user's party as ever.
        self.sudo()._move("submitted", receiver=bureau, reason=reason, beyond_place=beyond_place)

    def _guard_transfer(self, target, vals):
        """To the bureau of the employer's place, or to another of the city with a word for it."""
        if not (bureau := vals.pop("receiver", None)):
            self._refuse_step(target)
        beyond_place = vals.pop("beyond_place")
        self._guard_reason(target, vals)
        if defect := self._receiver_defect(bureau) or (not beyond_place and self._place_defect(bureau)):
            raise UserError(defect)
        vals.update(bureau_id=bureau.id, transferred_from_id=self.bureau_id.id, officer_id=False)

    def _receiver_defect(self, bureau):
        """Return why nobody could take the case over at ``bureau``, or False."""
        if bureau == self.bureau_id:
            return self.env._("%(application)s is at %(bureau)s.", application=self.display_name, bureau=bureau.name)
        if not bureau.active or bureau.city_id != self.city_id:
            return self.env._("Please choose another bureau of the same city.")
        if not bureau.sudo().user_ids:  # sudo: only whether there is somebody
            return self.env._("%s has no officers yet: nobody would take the case over.", bureau.name)
        return False

    def _place_defect(self, bureau):
        """Return why ``bureau`` has no jurisdiction by the employer's place, or False."""
        place = self.sudo().employer_id.skill_cert_bureau_id  # sudo: the place of the case's own employer
        return bureau != place and self.env._(
            "The employer of %(application)s belongs to %(place)s and not to %(bureau)s. Say that it goes there all the same, and why.",
            application=self.display_name,
            place=place.name,
            bureau=bureau.name,
        )

    def _leave_bureau(self, target, before):
        """The round that had begun at the bureau that hands over ends there: the receiving one begins its own."""
        left = self.filtered(lambda application: workflow.is_transfer(before[application.id], target))
        left.sudo().review_ids._end("transferred")  # sudo: outcome is guarded, _move has checked

    def _open_round(self, bureau):
        """Append a round at ``bureau`` (notice, part 3, 属地): it certifies, unless the level is 技师 and the bureau a county."""
        purpose = "recommend" if self.level == "technician" and bureau.level == "county" else "certify"
        rounds = self.env["skill.cert.review"].sudo()  # sudo: append-only, written by the procedure alone
        opened = rounds.create({"application_id": self.id, "bureau_id": bureau.id, "purpose": purpose})
        workflow.follow(self, "open_round")
        return opened

    def _check_certifying_bureau(self):
        """Notice, part 3, 属地: the county certifies 高级工, the city 技师. Raises UserError."""
        if self.level == "technician" and self.handling_bureau_id.level != "city":
            raise UserError(self.env._("Only the city certifies technicians."))
