"""One person, occupation and level once in a campaign: whose place is taken, judged here for all who ask."""

from odoo import api, models
from odoo.fields import Domain

from ... import formats, workflow


class Application(models.Model):
    _inherit = "skill.cert.application"

    def _place(self):
        """Return what one person may have once in a campaign: (ID number, occupation's id, level), or None without a number."""
        return (self.id_number, self.occupation_id.id, self.level) if self.id_number else None

    @api.model
    def _taken_domain(self, campaign, own=()):
        """Return which applications take their person's place in ``campaign``.

        Those that anybody submitted and did not withdraw, and the drafts of the units ``own``, who know them.
        """
        taken = Domain("state", "in", workflow.states("placed"))
        if own:
            taken |= Domain("state", "=", "draft") & Domain("nominator_id", "in", own.ids)
        return Domain("campaign_id", "=", campaign.id) & taken

    def _has_twin(self):
        """Tell whether another application takes this one's place."""
        if not formats.has_valid_check_digit(self.id_number or ""):
            return False
        number, occupation, level = self._place()
        same = Domain("id_number", "=", number) & Domain("occupation_id", "=", occupation) & Domain("level", "=", level)
        others = self._taken_domain(self.campaign_id) & same & Domain("id", "!=", self._origin.id)
        # sudo: the same person may be in another unit's application, which the user cannot see; the sentence says that it
        # exists and not whose it is.
        return bool(self.sudo().search_count(others, limit=1))
