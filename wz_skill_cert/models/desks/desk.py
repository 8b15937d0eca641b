"""What a nominator needs to see in the morning, in one answer and with the nominator's own rights."""

from odoo import api, fields, models
from odoo.fields import Domain

from ... import clock, workflow
from ..parties.membership import CONSENT_STATES

ROWS = 6
RECENT_DAYS = 60
ROW_FIELDS = (
    "name",
    "applicant_name",
    "level",
    "occupation_id",
    "employer_name",
    "state",
    "reason",
    "decided_on",
    "due_on",
)


class Desk(models.AbstractModel):
    """The nominators' first page. It stores nothing, and counts what the user may read."""

    _name = "skill.cert.desk"
    _description = "Desk of a nominator"

    @api.model
    @api.readonly
    def overview(self):
        """Return all that the desk shows, as JSON. Each number is that of the list to which it leads."""
        return {
            # sudo: the names of the user's own units.
            "units": [{"id": unit.id, "name": unit.name} for unit in self.env["res.users"]._own_units().sudo()],
            "campaign": self._campaign(),
            "states": self._states(),
            "open_states": workflow.states("open"),
            "waiting": [{"state": state, "name": self._state_name(state)} for state in workflow.states("at_bureau")],
            "decided_states": workflow.states("decided"),
            "drafts": self._to_complete("draft", "create_date, id"),
            "returned": self._to_complete("returned", "write_date, id"),
            "papers": self._papers(),
            "decided": self._rows(self._decided_domain(), "decided_on desc, id desc"),
            "decided_count": self.env["skill.cert.application"].search_count(self._decided_domain()),
            "prospects": self._prospects(),
            "members": self._members(),
        }

    @api.model
    def _own_domain(self, unit="nominator_id"):
        # By number: the path to the user would ask the rules of partners anew in every query.
        return Domain(unit, "in", self.env["res.users"]._own_units().ids)

    @api.model
    def _decided_domain(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=RECENT_DAYS)
        return list(
            self._own_domain() & Domain("state", "in", workflow.states("decided")) & Domain("decided_on", ">=", since)
        )

    @api.model
    def _campaign(self):
        """Return the campaign that is open, or else the next one; False where there is none."""
        campaigns, today = self.env["skill.cert.campaign"], clock.today()
        campaign = campaigns._current() or campaigns.search([("date_open", ">", today)], order="date_open", limit=1)
        return campaign and {
            "id": campaign.id,
            "name": campaign.name,
            "open": campaign.is_open,
            "date_open": fields.Date.to_string(campaign.date_open),
            "date_close": fields.Date.to_string(campaign.date_close),
            "days": (campaign.date_close - today).days,
        }

    @api.model
    def _states(self):
        """Return {state: number} of the applications of the user's units."""
        applications = self.env["skill.cert.application"]
        return dict(applications._read_group(self._own_domain(), ["state"], ["__count"]))

    @api.model
    def _to_complete(self, state, order):
        # Prefetched for all at once: the number of queries does not grow with them.
        return [{**self._row(one), **self._progress_of(one)} for one in self._some([("state", "=", state)], order)]

    @api.model
    def _progress_of(self, draft):
        # As the form says it: one judgement of what a submission asks for.
        return {"left": draft.missing_count, "percent": draft.completeness["percent"]}

    @api.model
    def _some(self, domain, order):
        return self.env["skill.cert.application"].search_fetch(
            self._own_domain() & Domain(domain), ROW_FIELDS, limit=ROWS, order=order
        )

    @api.model
    def _rows(self, domain, order):
        return [self._row(application) for application in self._some(domain, order)]

    @api.model
    def _papers(self):
        """Return the rows of those for which further papers are asked, with what and until when."""
        return [
            {**self._row(application), **application._paper_request()._said_on_desk()}
            for application in self._some([("has_paper_request", "=", True)], "write_date, id")
        ]

    @api.model
    def _state_name(self, state):
        names = dict(self.env["skill.cert.application"]._fields["state"]._description_selection(self.env))
        # What it waits for says more on a desk than that it was submitted.
        return {"submitted": self.env._("To accept")}.get(state, names[state])

    @api.model
    def _row(self, application):
        """Return what a line of the desk says; no number of a person."""
        return {
            "id": application.id,
            "name": application.name or "",
            "applicant": application.applicant_name or "",
            "level": application.level,
            "occupation": application.occupation_name or "",
            "employer": application.employer_name or "",
            "state": application.state,
            "state_name": self._state_name(application.state),
            "tone": workflow.row(application.state).tone,
            "reason": application.reason or "",
            # Of what was returned: until when it may come back.
            "due": fields.Date.to_string(application.due_on) or "",
            "day": fields.Date.to_string(clock.day_of(application.decided_on)) or "",
        }

    @api.model
    def _prospects(self):
        """Return how many employees qualify and were never nominated, in all and for each level they reach.

        False for who keeps no employees. One who reaches both levels is one person.
        """
        prospects = self.env["skill.cert.prospect"]
        if not prospects.has_access("read"):
            return False
        counted, domain = ["employee_id:count_distinct"], self._prospect_domain()
        [[people]] = prospects._read_group(domain, aggregates=counted)
        return {"people": people, **dict(prospects._read_group(domain, ["level"], counted))}

    @api.model
    def _prospect_domain(self):
        return [("standing", "=", "1_met"), ("employee_id.application_ids", "=", False)]

    @api.model
    def _members(self):
        """Return how many members the user's associations have, and how many agreed; False for other units."""
        memberships = self.env["skill.cert.membership"].search(self._own_domain("association_id"), order="id")
        if not memberships:
            return False
        states = memberships.mapped("consent_state")
        return {"count": len(memberships), **{state: states.count(state) for state, _label in CONSENT_STATES}}
