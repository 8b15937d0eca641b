"""Duties that exclude each other are not given to one user, at whatever place groups, officers or nominators are entered."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Who sets the rules decides no case; that the city's officers are county officers, too, covers them.
EXCLUSIVE = {"wz_skill_cert.group_manager": ("wz_skill_cert.group_county_officer", "wz_skill_cert.group_expert")}

# Active users who hold two groups that exclude each other and to whom what is given brings one of these: a group that brings
# neither is given as before to whoever has had both since before there was this rule.
HOLD_BOTH = """
    WITH RECURSIVE held AS (
        SELECT r.uid, r.gid FROM res_groups_users_rel r JOIN res_users u ON u.id = r.uid AND u.active
         UNION SELECT held.uid, i.hid FROM held JOIN res_groups_implied_rel i ON i.gid = held.gid),
    brought AS (
        SELECT given, given AS gid FROM unnest(%(given)s) given
         UNION SELECT brought.given, i.hid FROM brought JOIN res_groups_implied_rel i ON i.gid = brought.gid),
    decisive AS (SELECT given FROM brought WHERE gid = ANY(%(one)s) OR gid = ANY(%(others)s))
    SELECT uid FROM held
     WHERE EXISTS (SELECT FROM decisive)
     GROUP BY uid
    HAVING bool_or(gid IN (SELECT given FROM decisive))
       AND bool_or(gid = ANY(%(one)s)) AND bool_or(gid = ANY(%(others)s))"""


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
        """From the group's side: users added to it, or a group that it now implies.

        Not while modules are loaded: what an older database already has must not stop its upgrade.
        """
        if not self.pool.ready:
            return
        self.env.registry.clear_cache("groups")
        self.env.flush_all()
        for one, others in self._exclusive():
            rows = self.env.execute_query(SQL(HOLD_BOTH, given=self.ids, one=one.ids, others=others.ids))
            # sudo: whoever may give groups need not read all users.
            users = self.env["res.users"].sudo().browse(uid for [uid] in rows)
            users.invalidate_recordset(["group_ids", "all_group_ids"])
            users._check_exclusive_groups()


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
