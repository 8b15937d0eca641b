"""Duties that exclude each other are not given to one user, at whatever place groups, officers or nominators are entered."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# Who sets the rules decides no case; that the city's officers are county officers, too, covers them.
EXCLUSIVE = {"wz_skill_cert.group_manager": ("wz_skill_cert.group_county_officer", "wz_skill_cert.group_expert")}


class Groups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _exclusive(self):
        """Return [(group, those that exclude it)]; while the addon is being installed there may be none yet."""
        # sudo: which groups there are, for whoever may give them.
        groups = self.browse().sudo()
        found = {
            name: groups.env.ref(name, raise_if_not_found=False) or groups
            for one, others in EXCLUSIVE.items()
            for name in (one, *others)
        }
        return [(found[one], groups.union(*(found[other] for other in others))) for one, others in EXCLUSIVE.items()]

    @api.constrains("user_ids", "implied_ids", "implied_by_ids")
    def _check_exclusive_groups(self):
        """From the group's side: users added to it, or a group that it now implies."""
        self.env.registry.clear_cache("groups")
        users = self.env["res.users"].sudo()  # sudo: whoever may give groups need not read all users
        given = Domain("group_ids", "in", self.sudo().all_implied_by_ids.ids)  # sudo: as in _exclusive
        for one, others in self._exclusive():
            both = Domain("all_group_ids", "in", one.ids) & Domain("all_group_ids", "in", others.ids)
            users.search(given & both, limit=1)._check_exclusive_groups()


class Users(models.Model):
    _inherit = "res.users"

    @api.constrains("group_ids", "active")
    def _check_exclusive_groups(self):
        # sudo: as above.
        for user in self.sudo().filtered("active"):
            for one, others in self.env["res.groups"]._exclusive():
                if one & user.all_group_ids and (held := others & user.all_group_ids):
                    raise ValidationError(
                        self.env._(
                            "%(user)s cannot be “%(one)s” and “%(other)s” at once: who sets the rules decides no case.",
                            user=user.name,
                            one=one.full_name,
                            other=held[:1].full_name,
                        )
                    )

    @api.constrains("nominator_unit_ids", "skill_cert_bureau_ids", "active")
    def _check_one_side(self):
        """Whoever nominates for a unit is no officer of the bureau to which that unit reports."""
        # sudo: who acts for whom is hidden from some who enter it; one name leaves here.
        for user in self.sudo().filtered("active"):
            if both := user.skill_cert_bureau_ids & user.nominator_unit_ids.skill_cert_bureau_id:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot be an officer of %(bureau)s and nominate for a unit that reports to it.",
                        user=user.name,
                        bureau=both[:1].name,
                    )
                )


class Bureau(models.Model):
    _inherit = "skill.cert.bureau"

    @api.constrains("user_ids")
    def _check_one_side(self):
        # sudo: as above.
        self.sudo().user_ids._check_one_side()


class Partner(models.Model):
    _inherit = "res.partner"

    @api.constrains("nominator_user_ids", "skill_cert_bureau_id")
    def _check_one_side(self):
        # sudo: as above.
        self.sudo().nominator_user_ids._check_one_side()
