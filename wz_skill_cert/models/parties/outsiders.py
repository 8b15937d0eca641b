"""Whom Odoo itself would show to people from outside who share the bureau's database.

Enterprises, associations and experts work in the backend and are internal users, to whom Odoo shows every partner, every user
and every employee. Where they are from outside they are *outsiders*: global rules (security/platform.xml) leave them what
concerns them. In an enterprise's own database its nominators are staff, and nothing changes for anybody.
"""

import json

from odoo import api, fields, models
from odoo.fields import Domain

from ... import workflow
from ...workflow import OUTSIDER

HR = "hr.group_hr_user"
TEMPLATE_EDITOR = "mail.group_mail_template_editor"
# Odoo's settings where the database is a bureau's. Odoo lets everybody make an account, and tells who asks which addresses
# have one already; and lets every internal user write code into a template, {{ object.sudo() }}, which reads any ballot.
CLOSED = {"auth_signup.invitation_scope": "b2b", "mail.restrict.template.rendering": "True"}
BEFORE = "wz_skill_cert.before.%s"  # what such a setting was, as JSON
NOBODY_SEES = "."  # as odoo.orm.models.NO_ACCESS: not even an administrator; for rules alone


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    group_skill_cert_outsiders = fields.Boolean(
        "Nominators and experts are from outside",
        implied_group=OUTSIDER,
        group="wz_skill_cert.group_nominator,wz_skill_cert.group_expert",
    )


class Groups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _are_outsiders_shut_out(self):
        """Tell whether nominators and experts are from outside: a setting, which a bureau's first officer switches on."""
        # sudo: only yes or no leaves here.
        groups = self.sudo()
        return groups.env.ref(OUTSIDER) in groups.env.ref("wz_skill_cert.group_nominator").all_implied_ids

    @api.model
    def _shut_out_outsiders(self):
        """Make nominators and experts outsiders, as the setting does: the database is a bureau's. Nobody signs up by himself."""
        # sudo: entering the first officer decides it, and who may do that is decided where officers are entered.
        ref = self.sudo().env.ref
        (ref("wz_skill_cert.group_nominator") | ref("wz_skill_cert.group_expert"))._apply_group(ref(OUTSIDER))
        parameters = self.sudo().env["ir.config_parameter"]  # sudo: as above
        for key, value in CLOSED.items():
            if (before := parameters.get_param(key)) != value:
                parameters.set_param(BEFORE % key, json.dumps(before))
                parameters.set_param(key, value)

    @api.model
    def _return_platform_settings(self):
        """Set Odoo's settings back to what they were, except those that an administrator has changed since.

        Where nothing was noted, by an earlier release, they stay closed: nobody knows whether they were open.
        """
        parameters = self.sudo().env["ir.config_parameter"]  # sudo: called at the uninstallation alone
        for key, value in CLOSED.items():
            before = parameters.get_param(BEFORE % key)
            if before and parameters.get_param(key) == value:
                parameters.set_param(key, json.loads(before))


class Bureau(models.Model):
    _inherit = "skill.cert.bureau"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; with the first officer the database becomes a bureau's, and outsiders see only what concerns them."""
        before = self._anybody_acts()
        bureaus = super().create(vals_list)
        self._note_first_officer(before)
        return bureaus

    def write(self, vals):
        """Write; with the first officer the database becomes a bureau's, and outsiders see only what concerns them."""
        before = "user_ids" not in vals or self._anybody_acts()
        result = super().write(vals)
        self._note_first_officer(before)
        return result

    @api.model
    def _anybody_acts(self):
        # sudo: only yes or no leaves here.
        return bool(self.sudo().with_context(active_test=False).search_count([("user_ids", "!=", False)], limit=1))

    def _officers_by_name(self):
        """Return the officers whom outsiders may know: not those who also sit among the experts, whom no nominator knows."""
        experts = self.env["skill.cert.expert"].search([("user_id", "in", self.user_ids.ids)])
        return self.user_ids - experts.user_id

    @api.model
    def _note_first_officer(self, before):
        # Only the first: an administrator who has decided otherwise since then is not overruled.
        if not before and self._anybody_acts():
            self.env["res.groups"]._shut_out_outsiders()


class Users(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; a bureau's first officer may be entered here, too."""
        bureaus = self.env["skill.cert.bureau"]
        before = not any("skill_cert_bureau_ids" in vals for vals in vals_list) or bureaus._anybody_acts()
        users = super().create(vals_list)
        bureaus._note_first_officer(before)
        return users

    def write(self, vals):
        """Write; a bureau's first officer may be entered here, too."""
        bureaus = self.env["skill.cert.bureau"]
        before = "skill_cert_bureau_ids" not in vals or bureaus._anybody_acts()
        result = super().write(vals)
        bureaus._note_first_officer(before)
        return result

    def _has_group(self, group_ext_id):
        # Whatever Odoo's setting says of internal users: a template's code runs with any right that it takes.
        if group_ext_id == TEMPLATE_EDITOR and self._is_outsider():
            return False
        return super()._has_group(group_ext_id)

    def _keeps_staff(self):
        """Tell whether this user keeps employees: an enterprise's HR, who goes on seeing those of the own company."""
        self.ensure_one()
        return self.has_group(HR)

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Compute; Odoo tells the name of whatever a many-to-one points at, and anybody may point one at any number."""
        result = super()._compute_display_name()
        if self.env.user._is_outsider():
            # sudo: a field that nobody reads; it says what concerns the user, whoever asks.
            self.filtered(lambda user: not user.sudo().partner_id.skill_cert_known).display_name = self.env._(
                "(not shown)"
            )
        return result


class Partner(models.Model):
    _inherit = "res.partner"

    # For the rules of outsiders: searched afresh by every query, so that a right works and ends at once.
    skill_cert_known = fields.Boolean(
        "Concerns me",
        compute="_compute_skill_cert_known",
        search="_search_skill_cert_known",
        compute_sudo=True,
        groups=NOBODY_SEES,
    )

    @api.depends("nominator_user_ids", "association_ids", "association_member_ids", "user_ids", "employee_ids")
    @api.depends_context("uid")
    def _compute_skill_cert_known(self):
        known = self.with_context(active_test=False).search(Domain("id", "in", self.ids) & self._known_domain())
        for partner in self:
            partner.skill_cert_known = partner._origin in known

    def signup_get_auth_param(self):
        """Tell the logins of these partners, as Odoo does to every internal user; to an outsider of known ones alone."""
        self._check_known(set(self.ids))
        return super().signup_get_auth_param()

    def _search_skill_cert_known(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return self._known_domain()

    @api.model
    def _known_domain(self):
        """Return the partners that concern the current user: the own ones, the bureau's firm, and those of the own cases."""
        # sudo: only numbers leave here, each of them for a reason named below.
        user = self.env.user.sudo().with_context(active_test=False)
        units = user.nominator_unit_ids
        own = user.partner_id | user.company_ids.partner_id | self.env.ref("base.partner_root")
        family = units | units.association_ids | units.association_member_ids | units.nominator_user_ids.partner_id
        known = Domain("id", "in", (own | family.union(*workflow.ask(user, "partners_known"))).ids)
        if user._keeps_staff():
            known |= Domain("employee_ids.company_id", "in", user.company_ids.ids)
        return known

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Compute; Odoo tells the name of whatever a many-to-one points at, and anybody may point one at any number."""
        result = super()._compute_display_name()
        if self.env.user._is_outsider():
            # sudo: a field that nobody reads; it says what concerns the user, whoever asks.
            self.filtered(lambda partner: not partner.sudo().skill_cert_known).display_name = self.env._("(not shown)")
        return result
