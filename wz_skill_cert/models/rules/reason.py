from odoo import fields, models


class Reason(models.Model):
    """A standard reason for a decision (常用理由), as the bureau words it: it is chosen, and what it says may be edited."""

    _name = "skill.cert.reason"
    _description = "Standard reason"
    _order = "kind, sequence, id"

    name = fields.Text("Wording", required=True, help="What the nominator reads, in the language of official papers.")
    kind = fields.Selection(
        [
            ("return", "Return for correction"),
            ("reject", "Refuse an achievement"),
            ("revoke", "Revoke the qualification"),
        ],
        "Used to",
        required=True,
        default="return",
        index=True,
    )
    code = fields.Char(help="Short, for whoever finds reasons by typing.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _rec_names_search = ["name", "code"]
    _code_unique = models.Constraint("UNIQUE (code)", "There is already a standard reason with this code.")

    def _rewrite(self, text, offered):
        """Return ``text`` with a line for each of these reasons, and without the lines of others that were ``offered``.

        What somebody typed or changed stays.
        """
        chosen, dropped = self.mapped("name"), set((offered - self).mapped("name"))
        kept = [line for line in (text or "").splitlines() if line.strip() not in dropped]
        return "\n".join([*kept, *(line for line in chosen if line not in kept)]).strip()
