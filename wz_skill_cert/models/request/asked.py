"""What is asked of the unit, point by point: why a case was returned (补正), and which further papers are needed (补充材料).

One mechanism, two occasions. A point says what is wrong or missing and what it is tied to: a field, a row or paper, or the case
as a whole. The officer of the handling bureau writes points, the nominator answers each with a word, and neither is changed
afterwards. What the case said before and after is kept as a snapshot, so that the officer reads what changed.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.orm.models import NO_ACCESS

from ... import workflow
from ..platform.enumeration import office_language
from .completeness import REQUIRED_FIELDS, Requirement
from .content import ROWS, said_changes
from .file_list import OF_FIELDS

HANDLERS = "wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer"
OCCASIONS = [("return", "Returned for correction"), ("papers", "Further papers")]
REQUEST_STATES = [
    ("open", "With the unit"),
    ("closed", "Settled"),
    ("withdrawn", "Withdrawn by the bureau"),
    ("dropped", "No longer needed"),
]
# Where in the guided form a target is found; other fields stand on the applicant's page.
PARTS_OF_ROWS = {
    "material_ids": "materials",
    "achievement_ids": "achievements",
    "history_ids": "history",
    "contribution_ids": "history",
}
PARTS_OF_FIELDS = {**REQUIRED_FIELDS, "nominator_id": "basis", "mentoring": "history", "stamped_scan": "check"}


def worded(points):
    """Return ``points`` as one text, numbered where there are several or where they are tied to something."""
    if len(points) == 1 and not points[0]["target"]:
        return points[0]["text"]
    return "\n".join(
        f"{number}. 〔{point['about']}〕{point['text']}" if point["about"] else f"{number}. {point['text']}"
        for number, point in enumerate(points, 1)
    )


class Request(models.Model):
    """What one return, or one request for further papers, asks of the unit. Append-only."""

    _name = "skill.cert.request"
    _description = "What is asked of the unit"
    _inherit = ["skill.cert.guarded"]
    _order = "id"
    # No writer: the nominator would read which officer asked.
    _log_access = False
    _rec_name = "occasion"

    application_id = fields.Many2one(
        "skill.cert.application", required=True, guarded=True, readonly=True, ondelete="cascade", index=True
    )
    occasion = fields.Selection(OCCASIONS, required=True, guarded=True, readonly=True)
    state = fields.Selection(REQUEST_STATES, required=True, default="open", guarded=True, readonly=True)
    bureau_id = fields.Many2one(
        "skill.cert.bureau", "Bureau that asks", guarded=True, readonly=True, ondelete="restrict"
    )
    asked_on = fields.Datetime("Asked on", required=True, guarded=True, readonly=True)
    due_on = fields.Date("Until", guarded=True, readonly=True)
    closed_on = fields.Datetime("Closed on", guarded=True, readonly=True)
    closing_word = fields.Text("Why it was closed", guarded=True, readonly=True, limit=1_000)
    point_ids = fields.One2many("skill.cert.request.point", "request_id", "Points", readonly=True)
    # With the ID number and the phone: what is told of them is masked (content.py).
    before = fields.Json("Content when it was asked", guarded=True, readonly=True, groups=NO_ACCESS)
    after = fields.Json("Content with the answer", guarded=True, readonly=True, groups=NO_ACCESS)

    def _said(self):
        """Return the request as the screen shows it, with what changed since."""
        self.ensure_one()
        occasions, states = (
            dict(self._fields[name]._description_selection(self.env)) for name in ("occasion", "state")
        )
        # sudo: the snapshots of a case that the user handles; what is told of them is masked.
        kept = self.sudo()
        return {
            "id": self.id,
            "occasion": self.occasion,
            "title": occasions[self.occasion],
            "state": self.state,
            "state_name": states[self.state],
            "bureau": kept.bureau_id.name,
            "asked_on": fields.Datetime.to_string(self.asked_on),
            "due": fields.Date.to_string(self.due_on) or "",
            "word": self.closing_word or "",
            "closable": self._is_open_paper_request() and self.application_id.user_is_officer,
            "is_answered": all(point.settled_on for point in self.point_ids),
            "points": [point._said(number) for number, point in enumerate(self.point_ids, 1)],
            "changes": kept.after and said_changes(self.application_id, kept.before, kept.after),
        }

    def _said_on_desk(self):
        """Return {reason, due} as the desk tells it."""
        points = [{"target": point.target, "about": point.about, "text": point.text} for point in self.point_ids]
        return {"reason": worded(points), "due": fields.Date.to_string(self.due_on) or ""}

    def _answered(self):
        return self.point_ids.filtered("settled_on")

    def _is_open_paper_request(self):
        return self.occasion == "papers" and self.state == "open"

    def _close(self, state, **vals):
        """Close those of these requests that are still open. As superuser, after the step that does it."""
        for request in self.filtered(lambda request: request.state == "open"):
            if request.occasion == "papers":
                request._keep_answer()
            request.write({"state": state, "closed_on": fields.Datetime.now(), **vals})

    def _keep_answer(self):
        """Fix the files that came: noted like those of the submission, and no longer those whose originals were ticked."""
        for request in self:
            request.application_id._note_files()
            for point in request.point_ids:
                point._row()._forget_stale_check()
            request.after = request.application_id._content_now()


class Point(models.Model):
    """One thing that is wrong or missing, what it is tied to, and what the unit did about it."""

    _name = "skill.cert.request.point"
    _description = "Point asked of the unit"
    _inherit = ["skill.cert.guarded"]
    _order = "id"
    # No writer: as of the request.
    _log_access = False
    _rec_name = "about"

    request_id = fields.Many2one(
        "skill.cert.request", required=True, guarded=True, readonly=True, ondelete="cascade", index=True
    )
    application_id = fields.Many2one(
        "skill.cert.application", required=True, guarded=True, readonly=True, ondelete="cascade", index=True
    )
    # A key of Application._targets(); empty: the case as a whole.
    target = fields.Char("Key of what it is tied to", guarded=True, readonly=True, index="btree_not_null")
    about = fields.Char("Tied to", guarded=True, readonly=True, help="As it was called when it was asked.")
    text = fields.Text("What is asked", required=True, guarded=True, readonly=True, limit=50_000)
    word = fields.Text("What was done", guarded=True, readonly=True, limit=1_000)
    settled_on = fields.Datetime("Settled on", guarded=True, readonly=True)

    def _said(self, number):
        part, field = self._place()
        return {
            "id": self.id,
            "number": number,
            "about": self.about or "",
            "part": part,
            "field": field,
            "text": self.text,
            "word": self.word or "",
            "settled": bool(self.settled_on),
            "mine": self._is_asked_of_user(),
            "files": self._said_files(),
        }

    def _said_files(self):
        """Return [{id, name}] of what the unit has added for further papers and may still take away."""
        if self.request_id.occasion != "papers" or not self._is_asked_of_user():
            return []
        return [{"id": file.id, "name": file.name} for file in self._new_files()]

    def _new_files(self):
        noted = self.application_id.submitted_files or {}
        row = self._row()
        return row[row._file_field].filtered(lambda file: str(file.id) not in noted)

    def _row(self):
        """Return the row or paper to which the point is tied."""
        model, _colon, number = self.target.partition(":")
        return self.env[model].browse(int(number)).exists()

    def _place(self):
        """Return (part of the guided form, field) of what the point is tied to."""
        kind, _colon, name = (self.target or "").partition(":")
        if not kind:
            return "basis", False
        if kind == "field":
            return PARTS_OF_FIELDS.get(name, "person"), name
        row = next(row for row in ROWS if self.application_id._fields[row].comodel_name == kind)
        return PARTS_OF_ROWS[row], row

    def _is_asked_of_user(self):
        """Tell whether the user answers for the unit, and the answer has not been sent yet."""
        state = workflow.row(self.application_id.state)
        papers = self.request_id.occasion == "papers"
        with_unit = (state.papers_asked and not self.settled_on) if papers else state.sent_back
        return self.request_id.state == "open" and with_unit and self.application_id.user_is_nominator

    def _check_asked_of_user(self):
        self.application_id._check_party(workflow.NOMINATOR)
        # Of two who press at once the second is told.
        self.application_id.lock_for_update()
        self.invalidate_recordset(["settled_on"])
        self.request_id.invalidate_recordset(["state"])
        self.application_id.invalidate_recordset(["state"])
        for point in self:
            if not point._is_asked_of_user():
                raise UserError(self.env._("%s: this point is not open any more.", point.application_id.display_name))

    def action_settle(self, word):
        """Say as the nominator what was done about each of these points: ``word`` (required).

        Until a returned case is submitted again the word may be put otherwise. With it, further papers are handed in, and what came
        stays. Raises AccessError for others than the nominator, UserError without a word or where nothing is asked any more.
        """
        self._check_asked_of_user()
        if not isinstance(word, str) or not word.strip():
            raise UserError(self.env._("Please say what was done."))
        # sudo: guarded; the party and that the point is open have just been checked.
        points = self.sudo()
        points.write({"word": word.strip(), "settled_on": fields.Datetime.now()})
        for request in points.request_id.filtered(lambda request: request.occasion == "papers"):
            request._keep_answer()
            if all(point.settled_on for point in request.point_ids):
                workflow.follow(request, "answer")

    def action_add_file(self, name, content):
        """Add a file (``content``, Base64) as the nominator to the row or paper for which more is asked; nothing else of the case opens.

        Raises AccessError for others than the nominator, UserError where nothing is asked, and for a file that the upload check
        refuses.
        """
        self._check_papers_asked()
        if not isinstance(name, str) or not name.strip():
            raise UserError(self.env._("The file has no name."))
        # sudo: the rest of the case is frozen; that this row is open has just been checked, and every file is judged.
        row = self.sudo()._row()
        values = {
            "name": name.strip(),
            "raw": self.application_id._decoded(content),
            "res_model": row._name,
            "res_id": row.id,
        }
        file = row.env["ir.attachment"].create(values)
        row[row._file_field] = [fields.Command.link(file.id)]

    def action_remove_file(self, file_id):
        """Take away a file that was added by ``action_add_file`` and not yet handed in, within the same bounds."""
        self._check_papers_asked()
        self.sudo()._new_files().filtered(lambda file: file.id == file_id).unlink()  # sudo: as in action_add_file

    def _check_papers_asked(self):
        self.ensure_one()
        self._check_asked_of_user()
        if self.request_id.occasion != "papers" or not self.sudo()._row():  # sudo: whether the row is there
            raise UserError(self.env._("%s: no file is asked for here.", self.application_id.display_name))


class Application(models.Model):
    _inherit = "skill.cert.application"

    request_ids = fields.One2many(
        "skill.cert.request", "application_id", "Asked of the unit", copy=False, readonly=True, groups=HANDLERS
    )
    requests = fields.Json("What was asked and done", compute="_compute_requests", groups=HANDLERS)
    has_paper_request = fields.Boolean(
        "Further papers are asked for",
        compute="_compute_has_paper_request",
        search="_search_has_paper_request",
        groups=HANDLERS,
    )

    @api.depends("request_ids.state")
    def _compute_has_paper_request(self):
        for application in self:
            application.has_paper_request = bool(application._paper_request())

    @api.model
    def _search_has_paper_request(self, operator, value):
        if operator != "in":
            return NotImplemented
        asked = Domain("request_ids", "any", [("occasion", "=", "papers"), ("state", "=", "open")])
        return asked if True in value else ~asked

    @api.depends("state", "user_is_nominator", "request_ids.state", "request_ids.point_ids.settled_on")
    @api.depends_context("uid", "lang")
    def _compute_requests(self):
        for application in self:
            requests = application.request_ids.sorted("id", reverse=True)
            application.requests = [request._said() for request in requests] or False

    # ------------------------------------------------------------------ asking

    def _targets(self):
        """Return {key: label in the office's language} of all that a point may be tied to, in the form's order."""
        office = self.with_context(lang=office_language(self.env))
        labels = {name: office._fields[name]._description_string(office.env) for name in (*ROWS, *OF_FIELDS)}
        found = office._stated_labels() | {name: labels[name] for name in OF_FIELDS}
        targets = {f"field:{name}": label for name, label in found.items()}
        for part in ROWS:
            targets |= {f"{row._name}:{row.id}": f"{labels[part]}：{row._row_name()}" for row in office[part]}
        return targets

    def _checked_points(self, points):
        """Return ``points`` ([{target, text}], from a client) as values to create, or say in a UserError what is wrong with them."""
        self.ensure_one()
        targets = self._targets()
        if not isinstance(points, list | tuple) or not all(isinstance(point, dict) for point in points):
            raise UserError(self.env._("Please name what is asked, point by point."))
        return [self._checked_point(point.get("target") or False, point.get("text"), targets) for point in points]

    def _checked_point(self, target, text, targets):
        if not isinstance(text, str) or not text.strip():
            raise UserError(self.env._("Please say of each point what is wrong or missing."))
        if target and target not in targets:
            raise UserError(self.env._("%s: one of the points is tied to nothing of this case.", self.display_name))
        return {"target": target, "about": targets.get(target), "text": text.strip()}

    def _return_points(self, reason, points):
        """Return the points of a return: ``reason`` (a text or nothing) is tied to the whole case, and comes first."""
        whole = [{"target": False, "text": reason}] if not points or (reason or "").strip() else []
        if not points:
            return [{**whole[0], "about": False}]
        return self._checked_points([*whole, *points])

    def _ask_unit(self, occasion, points, **vals):
        """Keep what is asked, and what the case says now. After the step that allows it."""
        # sudo: guarded; party and state are the step's, which was just taken
        cases = self.sudo()
        return cases.env["skill.cert.request"].create([case._request_vals(occasion, points, **vals) for case in cases])

    def _request_vals(self, occasion, points, **vals):
        own = [fields.Command.create({**point, "application_id": self.id}) for point in points]
        return {
            "application_id": self.id,
            "occasion": occasion,
            "bureau_id": self.handling_bureau_id.id,
            "asked_on": fields.Datetime.now(),
            "before": self._content_now(),
            "point_ids": own,
            **vals,
        }

    # ------------------------------------------------------------------ what follows a step

    def _close_requests(self, target, before):
        """Corrected, a return is settled, and what the case says now is kept; elsewhere nobody waits for an answer any more."""
        for application in self.sudo():  # sudo: guarded; the step has just been checked
            asked = application.request_ids.filtered(lambda request: request.state == "open")
            papers = asked.filtered(lambda request: request.occasion == "papers")
            if target == "submitted" and workflow.row(before[application.id]).sent_back:
                (asked - papers)._close("closed", after=application._content_now())
            elif target != "returned":
                (asked - papers)._close("dropped")
            if not workflow.row(target).papers_asked:
                papers._close("dropped")

    def _paper_request(self):
        """Return the request for further papers that is open."""
        # sudo: whether something is asked; the request is told to those who handle the case alone.
        return self.sudo().request_ids.filtered(lambda request: request._is_open_paper_request())

    def _check_no_papers_asked(self):
        """Raise where further papers are still asked for: what is decided is decided on all of them."""
        for application in self:
            if application._paper_request():
                raise UserError(
                    self.env._(
                        "%s: further papers are asked for. Close the request or withdraw it first.",
                        application.display_name,
                    )
                )

    def _require_settled(self):
        """Return one row for each point of the return: ticked with a word, or not yet."""
        if not workflow.row(self.state).sent_back:
            return []
        asked = self.request_ids.filtered(lambda request: request.occasion == "return" and request.state == "open")
        return [
            Requirement(
                point._place()[0],
                "requests",
                not point.settled_on
                and self.env._("Not settled yet: %s", point.about or point.text.partition("\n")[0]),
            )
            for point in asked.point_ids
        ]
