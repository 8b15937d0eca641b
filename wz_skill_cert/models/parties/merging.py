"""Contacts of the procedure are not merged by Odoo's dialogue: it rewrites every reference by SQL, ended cases' too, without a trace.

Two units are merged by the manager (wizards/unit_merge.py), who is shown what moves and what stays.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...workflow import OUR_MODELS
from .res_partner import UNIT_GROUPS

OUR_TABLES = tuple(name.replace(".", "_") for name in OUR_MODELS)


class Partner(models.Model):
    _inherit = "res.partner"

    skill_cert_merged_into_id = fields.Many2one(
        "res.partner",
        "Merged into",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        groups=UNIT_GROUPS,
        help="The unit that goes on in its place. Its submitted cases, certificates and papers stay as they were.",
    )

    def _refuse_merged_by_hand(self, vals_list):
        """Raise AccessError where somebody enters by hand that a unit was merged: conflicts of interest follow from it."""
        if not self.env.su and any("skill_cert_merged_into_id" in vals for vals in vals_list):
            raise AccessError(self.env._("Units are merged by the manager's dialogue only."))

    def _of_the_procedure(self):
        """Return those of these partners that are units or that a record of the addon refers to, also as a user's."""
        # sudo: only which of them leaves here; the records that refer to them are not told.
        partners = self.sudo().with_context(active_test=False)
        users = partners.user_ids
        named = partners.filtered(lambda partner: partner.skill_cert_unit or partner.skill_cert_bureau_id)
        numbers = self._referred_to("res_partner", partners.ids)
        logins = users.browse(self._referred_to("res_users", users.ids))
        return (named | partners.browse(numbers) | logins.partner_id).with_env(self.env) & self

    @api.model
    def _referred_to(self, table, ids):
        """Return which rows ``ids`` of ``table`` a table of the addon refers to, be it as who created a record."""
        # sudo: reads the catalogue of the database.
        keys = self.env["base.partner.merge.automatic.wizard"].sudo()._get_fk_on(table)
        self.env.flush_all()
        found = set()
        for referring, column in keys if ids else ():
            if referring.startswith(OUR_TABLES):
                name, field = SQL.identifier(referring), SQL.identifier(column)
                rows = self.env.execute_query(
                    SQL("SELECT DISTINCT %s FROM %s WHERE %s = ANY(%s)", field, name, field, list(ids))
                )
                found.update(number for (number,) in rows)
        return found


class MergeWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge; units, experts and users of the addon are not, whoever asks and on whatever road. Raises UserError."""
        partners = self.env["res.partner"].browse(partner_ids).exists() | (dst_partner or self.env["res.partner"])
        if kept := partners._of_the_procedure():
            raise UserError(
                self.env._(
                    "%s: a unit, an expert or a user of the direct recognition. Merging contacts would change ended cases."
                    " Units are merged by the manager, under Nominating units.",
                    "、".join(kept.mapped("display_name")),
                )
            )
        return super()._merge(partner_ids, dst_partner, extra_checks)
