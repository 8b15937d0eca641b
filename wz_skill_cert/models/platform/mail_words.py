"""The words of our e-mails: one text for all languages, since the office writes in Chinese."""

from odoo import models
from odoo.tools import SQL

from .discretion import OURS

WORDS = ("subject", "body_html")


class Template(models.Model):
    _inherit = "mail.template"

    def write(self, vals):
        """Write; what somebody rewords in one language is what everybody is sent."""
        result = super().write(vals)
        ours = self.filtered(lambda template: (template.model or "").startswith(OURS))
        for name in set(WORDS) & set(vals):
            ours._say_in_all_languages(name)
        return result

    def _say_in_all_languages(self, name):
        self.flush_recordset([name])
        if self:
            self.env.cr.execute(
                SQL(
                    """UPDATE mail_template SET %(column)s = (
                           SELECT jsonb_object_agg(lang, coalesce(%(column)s -> %(own)s, %(column)s -> 'en_US'))
                             FROM jsonb_object_keys(%(column)s) lang)
                        WHERE id IN %(ids)s AND %(column)s IS NOT NULL""",
                    column=SQL.identifier(name),
                    own=self.env.lang or "en_US",
                    ids=self._ids,
                )
            )
            self.invalidate_recordset([name])
