"""Where a case stands: the steps that it has taken, who has it now, and what comes next. No person is named."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import workflow
from ...workflow import COMMITTEE, EXPERTS, NOMINATOR, OFFICER

HANDLERS = "wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer"


class Step(models.Model):
    """A step that an application has taken: append-only, written with the state itself and by nothing else."""

    _name = "skill.cert.step"
    _description = "Step of an application"
    _inherit = ["skill.cert.guarded"]
    _order = "id"
    # No writer: the nominator would read which officer took the step.
    _log_access = False
    _rec_name = "state"

    application_id = fields.Many2one(
        "skill.cert.application", required=True, guarded=True, readonly=True, ondelete="cascade", index=True
    )
    state = fields.Selection(workflow.labels(), required=True, guarded=True, readonly=True)
    at = fields.Datetime("Time of the step", required=True, guarded=True, readonly=True)
    bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "Bureau that had the case",
        guarded=True,
        readonly=True,
        ondelete="restrict",
    )
    from_bureau_id = fields.Many2one(
        "skill.cert.bureau", "Handed over by", guarded=True, readonly=True, ondelete="restrict"
    )
    reason = fields.Text("Why", guarded=True, readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse, whoever asks."""
        self._refuse_guarded(set(vals))
        raise UserError(self.env._("A step that was taken is never changed."))

    @api.ondelete(at_uninstall=False)
    def _never_unlink(self):
        raise UserError(self.env._("A step that was taken is never changed."))

    @api.model
    def _record(self, applications, state, before):
        """Write the step that ``applications`` have just taken from the states ``before``."""
        now = fields.Datetime.now()
        self.create(
            [
                {
                    "application_id": application.id,
                    "state": state,
                    "at": now,
                    "bureau_id": application.handling_bureau_id.id,
                    **application._given_with_step(before[application.id], state),
                }
                for application in applications
            ]
        )


class Application(models.Model):
    _inherit = "skill.cert.application"

    step_ids = fields.One2many("skill.cert.step", "application_id", "Steps", copy=False, readonly=True)
    timeline = fields.Json("Course of the case", compute="_compute_timeline", groups=HANDLERS)

    def _record_step(self, target, before):
        # sudo: steps are written by the procedure alone, which has just checked party and guard.
        steps = self.env["skill.cert.step"].sudo()
        steps._record(self.with_env(steps.env), target, before)

    def _given_with_step(self, before, state):
        """Return what a step keeps beside the state: its reason, and who has handed the case over."""
        given = {"reason": self.reason} if workflow.asks_reason(before, state) else {}
        return given | ({"from_bureau_id": self.transferred_from_id.id} if workflow.is_transfer(before, state) else {})

    @api.depends("state", "step_ids", "request_ids.state", "level", "handling_bureau_id", "nominator_id")
    @api.depends_context("lang")
    def _compute_timeline(self):
        for application in self:
            application.timeline = application._timeline()

    def _timeline(self):
        """Return {now: {holder, since, next}, steps: [{state, label, at, bureau, kind}]}; kind is done, current or to come.

        Times are UTC, as ISO text with its zone: the browser shows them as it shows every time.
        """
        # sudo: states, times and the names of bureaus and of the own unit; the round leaves no other trace here.
        application = self.sudo()
        labels = dict(self._fields["state"]._description_selection(self.env))
        taken = application._steps_taken()
        handed = self.env._("Handed over")
        rows = [
            {"label": handed if row.get("handed") else labels[row["state"]], **row, "kind": "done"} for row in taken
        ]
        rows[-1]["kind"] = "current"
        ahead = application._steps_ahead(taken)
        return {
            "now": {
                "holder": application._holder(),
                "since": taken[-1]["at"],
                "next": labels.get(ahead[0]) if ahead else False,
            },
            "steps": rows + [{"state": state, "label": labels[state], "at": False, "kind": "ahead"} for state in ahead],
        }

    def _steps_taken(self):
        steps = [
            {
                "state": step.state,
                "at": _moment(step.at),
                "bureau": not _is_open(step.state) and step.bureau_id.name,
                "handed": bool(step.from_bureau_id),
            }
            for step in self.step_ids.sorted("id")
        ]
        rows = [{"state": "draft", "at": _moment(self.create_date), "bureau": False}, *steps]
        for said in self._papers_said():
            before = [row for row in rows if row["at"] and row["at"] <= said["at"]]
            rows.insert(len(before), {**said, "state": before[-1]["state"] if before else "draft"})
        if rows[-1]["state"] != self.state:
            # From before steps were kept, and when it came to this is not known.
            rows.append({"state": self.state, "at": False, "bureau": self.handling_bureau_id.name})
        return rows

    def _papers_said(self):
        """Return the rows that tell of further papers: they change no state."""
        asked, ended = self.env._("Further papers asked for"), self.env._("Further papers closed")
        return [
            {"at": _moment(at), "bureau": request.bureau_id.name, "label": label}
            for request in self.request_ids.filtered(lambda request: request.occasion == "papers")
            for at, label in ((request.asked_on, asked), (request.closed_on, ended))
            if at
        ]

    def _steps_ahead(self, taken):
        """Return the states that follow if all goes well; nothing is said about how a vote will end."""
        if workflow.row(self.state).ended:
            return []
        since = max(place for place, row in enumerate(taken) if _is_open(row["state"]))
        round_ = [row["state"] for row in taken[since + 1 :]]
        way = self._way()
        begin = way.index("recommended") if "recommended" in round_ and "recommended" in way else 0
        # What lies beside the way leads back to where the case has left it.
        last = next((state for state in reversed(round_) if state in way[begin:]), None)
        return list(way[way.index(last, begin) + 1 :]) if last else list(way)

    def _way(self):
        county_first = self.level == "technician" and self.bureau_id.level == "county"
        return workflow.COUNTY_ROUND if county_first else workflow.ONE_ROUND

    def _holder(self):
        """Return who has the case now: the unit, a bureau, its panel or its committee, and nobody at the end."""
        bureau = self.handling_bureau_id.name
        return {
            NOMINATOR: self.nominator_id.name,
            OFFICER: bureau,
            EXPERTS: self.env._("Expert panel of %s", bureau),
            COMMITTEE: self.env._("Review committee of %s", bureau),
        }.get(workflow.row(self.state).turn, False)

    def _trace_step(self, target, before):
        steps = [
            (application, {"from": before[application.id], "to": target, **application._codes_handed(before, target)})
            for application in self
        ]
        self.env["skill.cert.trail"]._record_each("state", steps)

    def _codes_handed(self, before, target):
        if not workflow.is_transfer(before[self.id], target):
            return {}
        return {"bureaus": f"{self.transferred_from_id.code} → {self.bureau_id.code}"}


def _is_open(state):
    """Tell whether the nominator has the case again, so that the way begins anew."""
    return workflow.row(state).open


def _moment(at):
    return at and f"{at.isoformat(timespec='seconds')}Z"
