"""What else the office has of the same ID number, for the officer who handles a case: earlier cases, also under another name.

No nominator and no expert is told: what another unit's case says, the submission alone tells (free_place.py).
"""

from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ... import formats
from ...workflow import OFFICER, ask

TABLE = Markup(
    '<table class="table table-sm table-borderless small mb-0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
)
ROW, HEAD, CELL = Markup("<tr>{}</tr>"), Markup('<th scope="col">{}</th>'), Markup("<td>{}</td>")
STRONG = Markup("<strong>{}</strong>")


class Earlier(NamedTuple):
    """One row: where it is, whose name it carries, what it is of, how it stands."""

    number: str
    name: str
    occupation: str
    level: str
    state: str
    bureau: str
    year: int
    # Of an erased case only its certificate is left, whose masked number fits several people.
    masked: bool = False


class Application(models.Model):
    _inherit = "skill.cert.application"

    earlier_cases = fields.Html(
        "Other cases of this ID number", compute="_compute_earlier_cases", groups="wz_skill_cert.group_county_officer"
    )
    earlier_other_name = fields.Boolean(
        "Under another name", compute="_compute_earlier_cases", groups="wz_skill_cert.group_county_officer"
    )

    @api.depends("id_number", "applicant_name", "user_is_officer")
    @api.depends_context("uid", "lang")
    def _compute_earlier_cases(self):
        """Compute for the officers of the bureau that handles the case, and for nobody else."""
        for application in self:
            # sudo: cases of other bureaus, of which whoever decides on this one is to know.
            full = application.sudo()
            asked = application._is_party(OFFICER) and full.id_number
            found = [row for rows in ask(full, "earlier") for row in rows] if asked else []
            application.earlier_cases = application._earlier_table(found) if found else False
            application.earlier_other_name = any(application._is_other_name(row) for row in found)

    def _earlier_cases(self):
        """Return the rows of the cases with this ID number that were ever submitted, the newest first."""
        same = Domain("id_number", "=", self.id_number) & Domain("id", "!=", self._origin.id)
        labels = {name: dict(self._fields[name]._description_selection(self.env)) for name in ("level", "state")}
        return [
            Earlier(
                case.name,
                case.applicant_name,
                case.occupation_id.name,
                labels["level"][case.level],
                labels["state"][case.state],
                case.handling_bureau_id.name,
                case.campaign_id.year,
            )
            for case in self.search(same & Domain("submitted_on", "!=", False), order="submitted_on desc")
        ]

    def _is_other_name(self, row):
        # Blanks make no other name.
        names = ["".join(formats.comparable(name).split()) for name in (row.name, self.applicant_name)]
        return not row.masked and names[0] != names[1]

    def _earlier_table(self, rows):
        heads = (
            self.env._("Number"), self.env._("Applicant"), self.env._("Occupation"), self.env._("Level"),
            self.env._("State"), self.env._("Bureau"), self.env._("Year"),
        )  # fmt: skip
        body = [
            ROW.format(Markup("").join(CELL.format(cell or "") for cell in self._earlier_cells(row))) for row in rows
        ]
        return TABLE.format(head=Markup("").join(map(HEAD.format, heads)), body=Markup("").join(body))

    def _earlier_cells(self, row):
        name = STRONG.format(row.name) if self._is_other_name(row) else row.name
        state = self.env._("%s (by the masked number: perhaps this person)", row.state) if row.masked else row.state
        return row.number, name, row.occupation, row.level, state, row.bureau, row.year
