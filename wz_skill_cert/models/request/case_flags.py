"""What the table of states says of a case, served to the screens: no view and no script lists states of its own."""

from odoo import api, fields, models
from odoo.fields import Domain

from ... import workflow
from ...workflow import NOMINATOR, OFFICER

TONES = [
    ("success", "Success"),
    ("info", "Under way"),
    ("warning", "To correct"),
    ("danger", "Refused"),
    ("muted", "Idle"),
]

FLAGS = {
    "is_open": "open",
    "is_new": "new",
    "is_on_desk": "on_desk",
    "is_checkable": "checkable",
    "awaits_panel": "awaits_panel",
    "is_planned": "planned",
    "is_papers_asked": "papers_asked",
    "is_published": "published",
    "is_reasoned": "reasoned",
    "is_dropped": "dropped",
    "is_told": "told",
}


def _flag(name, label):
    """Declare the field ``name``: whether the row of the case's state has the flag of FLAGS, and a search for it."""

    def search(records, operator, value):
        return records._search_flag(FLAGS[name], operator, value)

    return fields.Boolean(label, compute="_compute_flags", search=search)


class Application(models.Model):
    _inherit = "skill.cert.application"

    is_open = _flag("is_open", "Being written by the unit")
    is_new = _flag("is_new", "Newly arrived at a bureau")
    is_on_desk = _flag("is_on_desk", "On the bureau's desk")
    is_checkable = _flag("is_checkable", "Papers before the bureau")
    awaits_panel = _flag("awaits_panel", "Waits for a panel")
    is_planned = _flag("is_planned", "Assessment to be planned")
    is_papers_asked = _flag("is_papers_asked", "Further papers may be asked for")
    is_published = _flag("is_published", "Decided for the applicant")
    is_reasoned = _flag("is_reasoned", "Has a reason to read")
    is_dropped = _flag("is_dropped", "Ended without certificate")
    is_told = _flag("is_told", "Told on the progress page")
    state_tone = fields.Selection(TONES, "Colour of the state", compute="_compute_flags")
    user_steps = fields.Json("Steps that the user may take", compute="_compute_user_steps")

    @api.depends("state")
    def _compute_flags(self):
        for application in self:
            row = workflow.row(application.state)
            application.state_tone = row.tone
            for name, flag in FLAGS.items():
                application[name] = getattr(row, flag)

    @api.model
    def _search_flag(self, flag, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = {state.key for state in workflow.STATES if getattr(state, flag) in value}
        return Domain("state", "in", sorted(wanted))

    @api.depends("state", "user_is_nominator", "user_is_officer")
    @api.depends_context("uid")
    def _compute_user_steps(self):
        for application in self:
            parties = [(NOMINATOR, application.user_is_nominator), (OFFICER, application.user_is_officer)]
            application.user_steps = workflow.steps_from(application.state, *(party for party, acts in parties if acts))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Return the view; the bar of states shows the way of the level, as the table has it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        for bar in arch.iterfind(".//field[@name='state'][@widget='statusbar']"):
            flag = "on_county_bar" if "county" in bar.get("options", "") else "on_bar"
            bar.set("statusbar_visible", ",".join(workflow.states(flag)))
        return arch, view

    @api.model
    def _expand_states(self, values, domain):
        """Return the states of a board in the order of the procedure.

        The main path is shown with its empty columns, unless the list is narrowed by state.
        """
        narrowed = any(condition.field_expr == "state" for condition in Domain(domain).iter_conditions())
        always = () if narrowed else workflow.states("main_path")
        return [state.key for state in workflow.STATES if state.key in values or state.key in always]
