"""The publicity (公示) of a session's results, an option [X]: who, from when until when, and how to object."""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import clock, formats, workflow
from ...workflow import follow
from ..parties.public_address import public_address

# What stays on the list while it is published: whoever was revoked since, or is voted on anew, is not.
DIVISION_CODE = re.compile(r"[0-9]{6}")


class Publication(models.Model):
    """What was made public, fixed on the day of its publication. Append-only, written by the session's step alone.

    Names in full, since whoever objects must know the person; ID numbers masked, no phone.
    """

    _name = "skill.cert.publication"
    _description = "Publicity"
    _inherit = ["skill.cert.guarded", "skill.cert.attachment.owner"]
    _order = "first_day desc, id desc"

    session_id = fields.Many2one(
        "skill.cert.session", required=True, guarded=True, readonly=True, ondelete="restrict", index=True
    )
    bureau_id = fields.Many2one(related="session_id.bureau_id", store=True, index=True)
    city_id = fields.Many2one(related="bureau_id.city_id", string="City bureau", store=True, index=True)
    first_day = fields.Date("Public from", required=True, guarded=True, readonly=True)
    last_day = fields.Date("Public until", required=True, guarded=True, readonly=True, index=True)
    contact = fields.Char("Where to object", required=True, guarded=True, readonly=True)
    online = fields.Boolean("On the public page", guarded=True, readonly=True)
    published_by_id = fields.Many2one("res.users", "Published by", guarded=True, readonly=True)
    line_ids = fields.One2many("skill.cert.publication.line", "publication_id", "Persons on the list", readonly=True)
    state = fields.Selection(
        [("coming", "Not yet public"), ("current", "Public"), ("ended", "Ended")],
        compute="_compute_state",
        search="_search_state",
    )
    public_url = fields.Char("Public page", compute="_compute_public_url")

    _days_ordered = models.Constraint("CHECK (first_day <= last_day)", "A publicity ends on or after its first day.")

    @api.depends("first_day", "last_day")
    def _compute_state(self):
        today = clock.today()
        for publication in self:
            ended = publication.last_day and publication.last_day < today
            coming = publication.first_day and publication.first_day > today
            publication.state = "ended" if ended else "coming" if coming else "current"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = clock.today()
        domains = {
            "coming": Domain("first_day", ">", today),
            "current": self._current_domain(),
            "ended": Domain("last_day", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _current_domain(self):
        today = clock.today()
        return Domain("first_day", "<=", today) & Domain("last_day", ">=", today)

    @api.depends("session_id", "first_day")
    def _compute_display_name(self):
        for publication in self:
            publication.display_name = f"{publication.session_id.name or ''} · {publication.first_day or ''}"

    @api.depends("online", "bureau_id.code")
    def _compute_public_url(self):
        for publication in self:
            code = publication.online and publication.bureau_id.code
            publication.public_url = code and f"{public_address(self.env)}/skill-cert/publicity/{code}"

    @api.ondelete(at_uninstall=False)
    def _never_unlink(self):
        raise UserError(self.env._("What was made public stays on record."))

    def _check_attachments_open(self):
        raise UserError(self.env._("What was made public stays on record."))

    # ------------------------------------------------------------------ the public page

    @api.model
    def _on_page(self, code):
        """Return what the bureau with this division code has on its public page today; as superuser."""
        online = Domain("online", "=", True) & Domain("bureau_id.code", "=", code)
        if not DIVISION_CODE.fullmatch(code):
            online = Domain.FALSE
        # sudo: whoever asks is nobody; what is public today is for everybody.
        return self.sudo().search(online & self._current_domain())

    def _public_lines(self):
        """Return the persons who are still on the list: not revoked since, nor to be voted on anew."""
        return self.line_ids.filtered(
            lambda line: (
                line.application_id.publication_id == self and line.application_id.state in workflow.states("published")
            )
        )


class PublicationLine(models.Model):
    """A person on the list, as the application stated it then."""

    _name = "skill.cert.publication.line"
    _description = "Person made public"
    _inherit = ["skill.cert.guarded"]
    _order = "publication_id, id"

    publication_id = fields.Many2one(
        "skill.cert.publication",
        "Publicity",
        required=True,
        guarded=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    bureau_id = fields.Many2one(related="publication_id.bureau_id", store=True, index=True)
    city_id = fields.Many2one(related="publication_id.city_id", string="City bureau", store=True, index=True)
    application_id = fields.Many2one(
        "skill.cert.application", required=True, guarded=True, readonly=True, ondelete="restrict", index=True
    )
    applicant_name = fields.Char("Applicant", guarded=True, readonly=True)
    id_number_masked = fields.Char("ID number (masked)", guarded=True, readonly=True)
    id_number_public = fields.Char("ID number (as published)", compute="_compute_id_number_public")
    employer_name = fields.Char("Employer", guarded=True, readonly=True)
    occupation_name = fields.Char("Occupation", guarded=True, readonly=True)
    level = fields.Selection(related="application_id.level", string="Level")

    _once = models.Constraint("UNIQUE (publication_id, application_id)", "A person is on a list once.")

    @api.depends("applicant_name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.applicant_name

    @api.depends("id_number_masked")
    def _compute_id_number_public(self):
        for line in self:
            line.id_number_public = formats.mask_end(line.id_number_masked)

    @api.ondelete(at_uninstall=False)
    def _never_unlink(self):
        raise UserError(self.env._("What was made public stays on record."))


class Session(models.Model):
    _inherit = "skill.cert.session"

    publication_ids = fields.One2many(
        "skill.cert.publication", "session_id", "Publicity", groups="wz_skill_cert.group_county_officer"
    )
    to_publish_count = fields.Integer(
        "To be published", compute="_compute_to_publish_count", groups="wz_skill_cert.group_county_officer"
    )

    @api.depends("state", "motion_ids.application_id.state", "motion_ids.application_id.publication_id")
    def _compute_to_publish_count(self):
        for session in self:
            session.to_publish_count = len(session._to_publish())

    def _to_publish(self):
        """Return those who passed here, by a policy with a publicity, and are neither published nor certified yet."""
        applications = self.motion_ids.filtered(lambda m: m.state == "voted" and m.passed).application_id
        return applications.filtered(
            lambda application: (
                application.state == "passed"
                and application.policy_id.publicity_days
                and not application.publication_id
                and application.review_id.session_id == self
            )
        )

    def _last_day(self, first_day):
        """Return the last day of a publicity from ``first_day`` on. The day itself does not count [R, 民法典 art. 201]."""
        days = max(self._to_publish().policy_id.mapped("publicity_days"), default=0)
        return self.env["skill.cert.policy"]._working_day_after(first_day, days)

    def _publish(self, first_day, contact, online):
        """Make the results public from ``first_day`` (a date) on. Return the publication.

        Raises UserError where nobody is to be published or the day is past, AccessError for others than the officers
        of the session's bureau.
        """
        self.ensure_one()
        self._check_officer()
        self.lock_for_update()
        applications = self._to_publish()
        if not applications:
            raise UserError(self.env._("Nobody of this session is to be published: see the policy's publicity."))
        if first_day < clock.today():
            raise UserError(self.env._("A publicity begins today or later."))
        # sudo: guarded; officer, session and day have just been checked.
        return self.sudo()._record_publication(applications.sudo(), first_day, contact, online).with_env(self.env)

    def _record_publication(self, applications, first_day, contact, online):
        publication = self.env["skill.cert.publication"].create(
            {
                "session_id": self.id,
                "first_day": first_day,
                "last_day": self._last_day(first_day),
                "contact": contact,
                "online": online,
                "published_by_id": self.env.uid,
                "line_ids": [fields.Command.create(application._publication_vals()) for application in applications],
            }
        )
        applications._begin_publicity(publication)
        follow(self, "publish", publication)
        return publication

    def action_ask_publication(self):
        """Open the dialogue that publishes the results."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_publication_wizard")
        return {**action, "context": {"default_session_id": self.id}}

    def action_open_publications(self):
        """Open what was published of this session."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_publication")
        return {**action, "domain": [("session_id", "=", self.id)]}


class Application(models.Model):
    _inherit = "skill.cert.application"

    publication_id = fields.Many2one(
        "skill.cert.publication",
        "Publicity",
        guarded=True,
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        groups="wz_skill_cert.group_county_officer",
    )
    publication_line_ids = fields.One2many(
        "skill.cert.publication.line", "application_id", "Places on lists", groups="wz_skill_cert.group_county_officer"
    )
    publicity_ends_on = fields.Date(
        related="publication_id.last_day", string="Publicity until", store=True, guarded=True
    )

    def _publication_vals(self):
        return {
            "application_id": self.id,
            "applicant_name": self.applicant_name,
            "id_number_masked": self.id_number_masked,
            "employer_name": self.employer_name,
            "occupation_name": self.occupation_name,
        }

    def _begin_publicity(self, publication):
        """Wait until the last day; the days for the certificate count from there."""
        self.publication_id = publication
        follow(self, "publish")

    def _leave_publicity(self, target, before):
        """The committee votes anew: what was published is no longer the result."""
        if target == "qualified":
            self.sudo().publication_id = False  # sudo: guarded; _move has just checked the step

    def _publicity_until(self):
        """Return the last day of the publicity: as published, else of the policy's days from the decision; or False."""
        # sudo: what was published is no secret.
        if published := self.sudo().publicity_ends_on:
            return published
        days = self.policy_id.publicity_days
        return days and self.decided_on and self.policy_id._working_day_after(clock.day_of(self.decided_on), days)
