"""Who was made officer, nominator or member of a group, by whom and when: each leaves an entry in the audit trail.

There are a dozen roads: from the user, the group, the bureau or the unit, by a group that implies another, by an archived
user who comes back, by a deletion, by SQL. So no road is watched: what holds is compared with what was noted last.
"""

import json

from odoo import api, models
from odoo.tools import SQL

# What was noted last; with words for those who are gone since.
TABLE = """
    CREATE TABLE IF NOT EXISTS skill_cert_right (
        kind varchar NOT NULL, user_id int NOT NULL, target int NOT NULL, login varchar, label varchar,
        PRIMARY KEY (kind, user_id, target))"""
# Also of the platform: whoever administers it gives all others.
ADMINISTRATION = ("group_system", "group_erp_manager")
# What active users hold now, by whatever implies it.
HELD = """
    WITH RECURSIVE watched AS (
        SELECT res_id AS gid FROM ir_model_data
         WHERE model = 'res.groups' AND (module = 'wz_skill_cert' OR module = 'base' AND name = ANY(%(administration)s))),
    leading_to AS (
        SELECT gid AS target, gid FROM watched
         UNION SELECT l.target, i.gid FROM leading_to l JOIN res_groups_implied_rel i ON i.hid = l.gid)
    SELECT h.kind, h.user_id, h.target FROM (
        SELECT 'group' AS kind, r.uid AS user_id, l.target FROM leading_to l JOIN res_groups_users_rel r ON r.gid = l.gid
         UNION SELECT 'bureau', user_id, bureau_id FROM skill_cert_bureau_user_rel
         UNION SELECT 'unit', user_id, partner_id FROM skill_cert_nominator_user_rel) h
      JOIN res_users u ON u.id = h.user_id AND u.active"""
TAKEN = """
    DELETE FROM skill_cert_right n
     WHERE NOT EXISTS (
           SELECT FROM (%(held)s) h WHERE (h.kind, h.user_id, h.target) = (n.kind, n.user_id, n.target))
    RETURNING kind, user_id, target, login, label"""
GIVEN = """
    INSERT INTO skill_cert_right (kind, user_id, target)
    SELECT kind, user_id, target FROM (%(held)s) h
    ON CONFLICT DO NOTHING RETURNING kind, user_id, target"""
WORDS = """
    UPDATE skill_cert_right n SET login = words.login, label = words.label
      FROM unnest(%(kinds)s, %(users)s, %(targets)s, %(logins)s, %(labels)s) words(kind, user_id, target, login, label)
     WHERE (n.kind, n.user_id, n.target) = (words.kind, words.user_id, words.target)"""
MODELS = {"group": "res.groups", "bureau": "skill.cert.bureau", "unit": "res.partner"}


class Users(models.Model):
    _inherit = "res.users"

    def init(self):
        """Create the table of what was noted last."""
        result = super().init()
        self.env.cr.execute(TABLE)
        return result

    @api.model
    def _record_rights(self):
        """Leave an entry for each right of our roles that was given or taken since this was called last."""
        # While modules are loaded there may be no such column yet; the scheduled action notes it then.
        if not self.pool.ready:
            return
        self.flush_model(["active"])
        held = SQL(HELD, administration=list(ADMINISTRATION))
        taken = self.env.execute_query(SQL(TAKEN, held=held))
        given = self._worded(self.env.execute_query(SQL(GIVEN, held=held)))
        entries = [("taken", *row) for row in taken] + [("given", *row) for row in given]
        self.env["skill.cert.trail"]._insert(
            [
                ("right", "res.users", uid, login, json.dumps({done: label}))
                for done, _kind, uid, _id, login, label in entries
            ]
        )

    @api.model
    def _worded(self, rows):
        """Return the rights that ``rows`` (kind, user, target) name, with login and words for each, which are kept."""
        if not rows:
            return []
        # sudo: whoever gives a right need not read every user, group or unit; these words go into the trail.
        words = self.sudo().with_context(lang="en_US", active_test=False)
        rows = [(*row, words.browse(row[1]).login, words._label_of_right(row[0], row[2])) for row in rows]
        kinds, users, targets, logins, labels = (list(column) for column in zip(*rows, strict=True))
        self.env.cr.execute(SQL(WORDS, kinds=kinds, users=users, targets=targets, logins=logins, labels=labels))
        return rows

    @api.model
    def _label_of_right(self, kind, target):
        record = self.env[MODELS[kind]].browse(target)
        return record.full_name if kind == "group" else record.name

    @api.constrains("group_ids", "active", "nominator_unit_ids", "skill_cert_bureau_ids")
    def _record_rights_of_users(self):
        self._record_rights()

    @api.ondelete(at_uninstall=False)
    def _take_rights(self):
        # Archived first: an entry says who took what, and the deletion takes the rest by itself.
        self.filtered("active").active = False


class Groups(models.Model):
    _inherit = "res.groups"

    @api.constrains("user_ids", "implied_ids", "implied_by_ids")
    def _record_rights_of_groups(self):
        self.env["res.users"]._record_rights()

    @api.ondelete(at_uninstall=False)
    def _take_rights(self):
        self.user_ids = False


class Bureau(models.Model):
    _inherit = "skill.cert.bureau"

    @api.constrains("user_ids")
    def _record_rights_of_officers(self):
        self.env["res.users"]._record_rights()

    @api.ondelete(at_uninstall=False)
    def _take_rights(self):
        self.user_ids = False


class Partner(models.Model):
    _inherit = "res.partner"

    @api.constrains("nominator_user_ids")
    def _record_rights_of_nominators(self):
        self.env["res.users"]._record_rights()

    @api.ondelete(at_uninstall=False)
    def _take_rights(self):
        # sudo: whoever deletes a contact need not see who nominates for it; a unit with cases is kept by the database.
        self.sudo().filtered("nominator_user_ids").nominator_user_ids = False
