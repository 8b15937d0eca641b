from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..platform.enumeration import enumerate_names

# How a line of the composition is shown: Bootstrap's colour, Font Awesome's sign.
SIGNS = {
    "good": ("success", "check-circle"),
    "bad": ("danger", "times-circle"),
    "note": ("warning", "exclamation-circle"),
}
SHOWN_CASES = 5


class Check(NamedTuple):
    """One line of the composition: what is asked for, what there is, and the sentence that refuses, if any."""

    label: str
    found: str
    defect: str | bool = False
    note: bool = False

    def state(self):
        """Return ``good``, ``bad`` where it refuses the appointment, or ``note`` where it only should be seen."""
        return "bad" if self.defect and not self.note else "note" if self.note else "good"


class AppointedBody(models.AbstractModel):
    """What panels and committees share: composed in peace, then appointed, and from then on always valid."""

    _name = "skill.cert.appointed.body"
    _description = "Appointed body"
    _inherit = ["mail.thread", "skill.cert.guarded"]

    name = fields.Char(required=True)
    bureau_id = fields.Many2one(
        "skill.cert.bureau",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env["res.users"]._only_own_bureau(),
    )
    policy_id = fields.Many2one(
        "skill.cert.policy",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["skill.cert.policy"]._in_force(),
    )
    state = fields.Selection(
        [("draft", "Being composed"), ("appointed", "Appointed")],
        required=True,
        default="draft",
        guarded=True,
        copy=False,
        readonly=True,
        tracking=True,
    )
    composition = fields.Char(compute="_compute_composition", help="What is still wrong with the composition.")
    checklist = fields.Html(compute="_compute_checklist", groups="wz_skill_cert.group_county_officer", sanitize=False)

    def _compute_composition(self):
        for body in self:
            body.composition = body._defect()

    def _compute_checklist(self):
        for body in self:
            body.checklist = body._checklist()

    def _defect(self, members=None):
        """Return what is wrong with the composition (default: of all members) as a sentence, or False."""
        checks = self._checks(self.member_ids if members is None else members)
        return next((check.defect for check in checks if check.defect), False)

    def _checks(self, members):
        """Hook: return the Checks that decide whether ``members`` may be appointed, in the order of their weight."""
        raise NotImplementedError

    def _advice(self):
        """Hook: return the Checks that are shown while composing and refuse nothing by themselves."""
        return []

    def _checklist(self):
        """Return all Checks as a table. The rules themselves are those of ``_checks``, which refuse the appointment."""
        rows = [
            Markup(
                '<tr class="text-{colour}"><td class="py-0 align-top"><i class="fa fa-{sign}" role="img" aria-label="{state}"></i></td>'
                '<td class="py-0 px-2 fw-bold text-nowrap align-top">{label}</td><td class="py-0">{found}</td></tr>'
            ).format(
                colour=SIGNS[state][0], sign=SIGNS[state][1], state=self._sign_label(state), label=label, found=found
            )
            for label, found, state in ((check.label, check.found, check.state()) for check in self._checked())
        ]
        table = '<table class="table-borderless w-auto mb-0 o_skill_cert_checklist"><tbody>{}</tbody></table>'
        return Markup(table).format(Markup().join(rows))

    def _checked(self):
        return [*self._checks(self.member_ids), *self._advice()]

    def _sign_label(self, state):
        return {"good": self.env._("Good"), "bad": self.env._("Not yet"), "note": self.env._("Attention")}[state]

    def _size_check(self, number, least, most, defect):
        found = self.env._("%(number)s, required %(least)s to %(most)s", number=number, least=least, most=most)
        return Check(self.env._("Size"), found, defect)

    def _all_check(self, label, members, unfit, defect):
        """Return the Check that none of ``members`` is ``unfit``; ``defect`` is the sentence about the first who is."""
        number = len(members) - len(unfit)
        found = self.env._("%(number)s of %(members)s, required all", number=number, members=len(members))
        return Check(label, found, bool(unfit) and defect)

    def _conflict_check(self, applications, sentence):
        """Return the Check of who is left out of which of ``cases``; ``sentence(experts left)`` says if too few remain."""
        experts = self.member_ids.expert_id._origin
        conflicts = experts._conflicts(applications) if experts else {}
        found = {application: conflicts[application] for application in applications if conflicts.get(application)}
        label = self.env._("Conflicts of interest")
        if not found:
            return Check(label, self.env._("None with the %s cases", len(applications)))
        lines = [
            self._conflict_line(application, left_out, sentence(left_out)) for application, left_out in found.items()
        ]
        more = len(lines) - SHOWN_CASES
        return Check(
            label,
            Markup("<br/>").join(
                [*lines[:SHOWN_CASES], *([self.env._("and %s more cases", more)] if more > 0 else [])]
            ),
            note=True,
        )

    def _conflict_line(self, application, left_out, defect):
        names = enumerate_names(self.env, left_out.mapped("name"))
        line = self.env._("%(application)s: without %(names)s", application=application.display_name, names=names)
        return Markup('{} <b class="text-danger">{}</b>').format(line, defect) if defect else line

    def _load_check(self):
        """Return the Check of how much the members still have to do elsewhere."""
        busy = self.member_ids.expert_id._origin.filtered("open_count").sorted("open_count", reverse=True)
        if not busy:
            return Check(self.env._("Load"), self.env._("Nobody has an open assessment"))
        shares = [self.env._("%(name)s %(count)s", name=expert.name, count=expert.open_count) for expert in busy]
        return Check(self.env._("Load"), self.env._("Open assessments: %s", enumerate_names(self.env, shares)))

    @api.constrains("state", "policy_id")
    def _check_composition(self):
        for body in self.filtered(lambda body: body.state == "appointed"):
            if defect := body._defect():
                raise ValidationError(defect)

    def write(self, vals):
        """Write; once appointed, a body stays with its bureau and with the policy whose numbers it follows."""
        appointed = any(body.state == "appointed" for body in self)
        if appointed and not self.env.su and {"bureau_id", "policy_id"} & set(vals):
            raise UserError(self.env._("Once appointed, bureau and policy are fixed. Compose a new one instead."))
        return super().write(vals)

    def action_appoint(self):
        """Appoint (notice, part 4). Raises ValidationError saying what is wrong with the composition."""
        for body in self:
            body.check_access("write")
        self.sudo().write({"state": "appointed"})  # sudo: guarded; the constraint checks the composition
        # sudo: the members' ids are for the data officer.
        bodies = [(body, {"experts": body.sudo().member_ids.expert_id.ids}) for body in self]
        self.env["skill.cert.trail"]._record_each("appointed", bodies)
