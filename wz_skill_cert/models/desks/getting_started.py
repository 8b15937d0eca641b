"""From the installation to the first campaign in five steps, each ticked by the records themselves and never by hand."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ... import clock

# Where each step is taken: action, and what is looked for there.
PLACES = {
    "officers": ("action_bureau", {"search_default_no_officer": 1}),
    "numbers": ("action_bureau_numbers", {}),
    "occupations": ("action_occupation", {"search_default_in_scope": 1, "search_default_to_confirm": 1}),
    "units": ("action_unit", {}),
    "campaign": ("action_campaign", {}),
}


class GettingStarted(models.AbstractModel):
    _name = "skill.cert.getting.started"
    _description = "Getting started"

    @api.model
    def steps(self):
        """Return the steps in their order: [{key, title, text, button, action, context, done, count, total}].

        For managers; raises AccessError for others.
        """
        if not self.env.user.has_group("wz_skill_cert.group_manager"):
            raise AccessError(self.env._("Only a manager sets up the bureaus."))
        titles, texts, buttons = self._titles(), self._texts(), self._buttons()
        return [
            {
                "key": key,
                "title": titles[key],
                "text": texts[key],
                "button": buttons[key],
                "action": f"wz_skill_cert.{PLACES[key][0]}",
                "context": PLACES[key][1],
                **progress,
            }
            for key, progress in self._progress().items()
        ]

    @api.model
    def _is_done(self):
        return all(step["done"] for step in self._progress().values())

    @api.model
    def _progress(self):
        # sudo: who is an officer or nominates is not for everybody; only numbers leave here.
        figures = self.sudo()._figures()
        return {
            name: {"count": count, "total": total, "done": total > 0 and count >= total}
            for name, (count, total) in figures.items()
        }

    @api.model
    def _figures(self):
        """Return {step: (what is there, what is needed)}."""
        return {
            "officers": self._officers(),
            "numbers": self._numbers(),
            "occupations": self._occupations(),
            "units": self._units(),
            "campaign": self._campaign(),
        }

    def _bureaus(self):
        return self.env["skill.cert.bureau"].search([("active", "=", True)])

    def _officers(self):
        bureaus = self._bureaus()
        return len(bureaus.filtered("user_ids")), len(bureaus)

    def _numbers(self):
        """Count the bureaus that can sign and whose certificate numbers no other bureau could issue, and the address as one more."""
        bureaus = self._bureaus()
        prefixes = bureaus.mapped(lambda bureau: bureau._number_prefix())
        able = [b for b in bureaus if b.has_signing_key and prefixes.count(b._number_prefix()) == 1]
        has_address = not self.env["skill.cert.public.address"]._defect()
        return len(able) + has_address, len(bureaus) + 1

    def _occupations(self):
        in_scope = self.env["skill.cert.occupation"].search([("in_scope", "=", True)])
        return len(in_scope.filtered(lambda occupation: occupation.hrss_run == "yes")), len(in_scope)

    def _units(self):
        invited = [("skill_cert_unit", "!=", False), ("nominator_user_ids", "!=", False)]
        return self.env["res.partner"].search_count(invited, limit=1), 1

    def _campaign(self):
        # Also one that is over: the first campaign is opened once.
        campaigns = self.env["skill.cert.campaign"].with_context(active_test=False)
        return campaigns.search_count([("date_open", "<=", clock.today())], limit=1), 1

    def _titles(self):
        return {
            "officers": self.env._("Enter the officers"),
            "numbers": self.env._("Confirm certificate numbers, signatures and the public address"),
            "occupations": self.env._("Review the occupations"),
            "units": self.env._("Invite the units"),
            "campaign": self.env._("Open the first campaign"),
        }

    def _texts(self):
        return {
            "officers": self.env._(
                "Only the officers entered on a bureau see and handle its applications. Archive bureaus that do not take part."
            ),
            "numbers": self.env._(
                "Have the serial of each issuing body confirmed, then make its signing key. No two bureaus may share a serial. Enter the"
                " address that the QR codes lead to: it counts as one more."
            ),
            "occupations": self.env._(
                "Confirm or close each occupation that is marked as likely: only what is in scope may be applied for."
            ),
            "units": self.env._(
                "Enter enterprises and industry associations, each with its bureau and the users who nominate for it."
            ),
            "campaign": self.env._(
                "It says under which policy and between which days units may submit, and carries the announcement."
            ),
        }

    def _buttons(self):
        return {
            "officers": self.env._("Open the bureaus"),
            "numbers": self.env._("Open the numbers"),
            "occupations": self.env._("Open what is to be confirmed"),
            "units": self.env._("Open the units"),
            "campaign": self.env._("Open the campaigns"),
        }


class Menu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def load_menus(self, debug):
        """Load the menus; the first steps come first until they are taken, and are found among the rules from then on."""
        # What is loaded is kept in a cache for the user: what depends on the records is taken out afterwards.
        menus = super().load_menus(debug)
        first, again = (
            self.env["ir.model.data"]._xmlid_to_res_id(f"wz_skill_cert.menu_getting_started{suffix}")
            for suffix in ("", "_again")
        )
        if first not in menus:
            return menus
        hidden = first if self.env["skill.cert.getting.started"]._is_done() else again
        return {
            key: {**menu, "children": [child for child in menu["children"] if child != hidden]}
            for key, menu in menus.items()
            if key != hidden
        }


class Bureau(models.Model):
    _inherit = "skill.cert.bureau"

    has_signing_key = fields.Boolean("Has a signing key", compute="_compute_has_signing_key", compute_sudo=True)

    @api.depends("signing_key_ids.state")
    def _compute_has_signing_key(self):
        for bureau in self:
            bureau.has_signing_key = "active" in bureau.signing_key_ids.mapped("state")

    def action_make_signing_keys(self):
        """Make the first key of the bureaus that have none, for the manager. Those that have one keep it."""
        self.check_access("write")
        for bureau in self:
            bureau._signing_key()
