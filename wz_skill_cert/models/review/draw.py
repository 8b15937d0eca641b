"""Drawing experts by lot, so that nobody chooses and anybody can check."""

import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

# Whoever owes fewer assessments comes first, in steps of this size; within a step the lot decides.
LOAD_STEP = 5


def lot(seed, code):
    """Return the lot of the expert ``code``: the SHA-256 of “seed:code” in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def ranking(seed, pool):
    """Return the codes of ``pool`` ([(code, open assessments)]) in the order in which they are drawn.

    Anyone can replay a draw with these lines: sort by (open assessments // 5, SHA-256 of “seed:code”).
    """
    return [code for code, load in sorted(pool, key=lambda line: (line[1] // LOAD_STEP, lot(seed, line[0])))]


class Draw(models.Model):
    """One draw of experts for a panel or a committee: seed, pool and order, never changed afterwards.

    The seed is 256 bits from the system's random source, drawn in the moment of the draw; what a witness
    typed in before is put behind it. So neither the officer nor the witness can foresee or steer the order.
    """

    _name = "skill.cert.draw"
    _description = "Draw of experts"
    _inherit = ["skill.cert.guarded"]
    _order = "id desc"

    panel_id = fields.Many2one("skill.cert.panel", "For the panel", ondelete="restrict", index="btree_not_null")
    committee_id = fields.Many2one(
        "skill.cert.committee", "For the committee", ondelete="restrict", index="btree_not_null"
    )
    bureau_id = fields.Many2one(
        "skill.cert.bureau", compute="_compute_bureau_id", store=True, index=True, precompute=True
    )
    occupation_ids = fields.Many2many(
        "skill.cert.occupation",
        "skill_cert_draw_occupation_rel",
        "draw_id",
        "occupation_id",
        string="Occupations",
        help="Experts of any of these are drawn; empty: of all occupations.",
    )
    wanted = fields.Integer("Experts wanted", required=True, default=3)
    witness_name = fields.Char("Witness of the draw")
    witness_words = fields.Char(
        "Words of the witness", help="Typed in by a witness before the draw, for example the numbers of a lottery."
    )
    reason = fields.Char("Why drawn again", help="Needed where an earlier draw served the same purpose.")
    state = fields.Selection(
        [("draft", "In preparation"), ("drawn", "Draw made")],
        required=True,
        default="draft",
        guarded=True,
        copy=False,
        # Or the form would send its default, and be refused.
        readonly=True,
    )
    seed = fields.Char(guarded=True, copy=False, readonly=True)
    drawn_on = fields.Datetime("Drawn on", guarded=True, copy=False, readonly=True)
    drawn_by_id = fields.Many2one("res.users", "Drawn by", guarded=True, copy=False, readonly=True)
    excluded = fields.Text(
        "Not in the pool, and why", guarded=True, copy=False, readonly=True, help="Experts of the occupations."
    )
    line_ids = fields.One2many("skill.cert.draw.line", "draw_id", "Pool", copy=False, guarded=True)
    body_state = fields.Selection(
        [("draft", "Being composed"), ("appointed", "Appointed")], "State of the body", compute="_compute_body_state"
    )
    earlier_ids = fields.Many2many("skill.cert.draw", string="Earlier draws", compute="_compute_earlier_ids")

    _one_body = models.Constraint(
        "CHECK ((panel_id IS NULL) != (committee_id IS NULL))", "A draw is for one panel or for one committee."
    )
    _wanted_some = models.Constraint("CHECK (wanted BETWEEN 1 AND 15)", "1 to 15 experts can be drawn.")

    # ------------------------------------------------------------------ computes

    @api.depends("panel_id.bureau_id", "committee_id.bureau_id")
    def _compute_bureau_id(self):
        for draw in self:
            draw.bureau_id = draw._body().bureau_id

    @api.depends("panel_id.state", "committee_id.state")
    def _compute_body_state(self):
        for draw in self:
            draw.body_state = draw._body().state

    @api.depends("panel_id.name", "committee_id.name")
    def _compute_display_name(self):
        for draw in self:
            draw.display_name = self.env._(
                "Draw %(number)s: %(body)s",
                number=draw._origin.id or "",
                body=draw._body().name or "",
            )

    @api.depends("panel_id", "committee_id", "occupation_ids")
    def _compute_earlier_ids(self):
        for draw in self:
            draw.earlier_ids = draw.bureau_id and draw._earlier()

    def _earlier(self):
        """Return the earlier draws for the same body, and those for bodies that were then never appointed.

        Otherwise a new panel would be a new try, until a favourite comes.
        """
        name = "panel_id" if self.panel_id else "committee_id"
        return self.search(
            [
                ("state", "=", "drawn"),
                ("id", "!=", self._origin.id),
                ("bureau_id", "=", self.bureau_id.id),
                "|",
                (name, "=", self[name].id),
                (f"{name}.state", "=", "draft"),
            ]
        )

    # ------------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        """Create; only for a body that the user composes."""
        draws = super().create(vals_list)
        draws._check_officer()
        return draws

    def write(self, vals):
        """Write; nothing of a draw changes once it has been made."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self._check_officer()
            self._check_in_preparation()
        result = super().write(vals)
        if not self.env.su:
            self._check_officer()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_preparation(self):
        self._check_in_preparation()

    def _check_in_preparation(self):
        if any(draw.state != "draft" for draw in self):
            raise UserError(self.env._("The draw has been made: it stays as it is."))

    def _check_officer(self):
        for draw in self:
            body = draw._body()
            body.check_access("write")
            # sudo: who the officers are is not readable by everyone; only the refusal leaves here.
            if not self.env.su and self.env.user not in body.sudo().bureau_id.user_ids:
                raise AccessError(self.env._("Only an officer of %s draws for it.", body.bureau_id.name))

    # ------------------------------------------------------------------ the draw

    def action_draw(self):
        """Draw now: freeze the eligible pool, take a seed and rank everyone in the pool.

        Raises UserError where the pool is too small, the body is no longer being composed, or
        an earlier draw asks for a reason.
        """
        for draw in self:
            draw._check_officer()
            # Of two officers who press at once, the second is told.
            draw.lock_for_update()
            draw.invalidate_recordset(["state"])
            draw._check_ready()
            pool = draw._eligible()
            if len(pool) < draw.wanted:
                raise UserError(
                    self.env._(
                        "The pool has %(number)s experts for this draw, %(wanted)s are wanted.\n%(excluded)s",
                        number=len(pool),
                        wanted=draw.wanted,
                        excluded=draw._excluded_text() or "",
                    )
                )
            draw._freeze(pool)
        # sudo: the seed, which everybody may know once it is drawn.
        self.env["skill.cert.trail"]._record_each("drawn", [(draw, {"seed": draw.sudo().seed}) for draw in self])

    def _check_ready(self):
        self._check_in_preparation()
        if self._body().state != "draft":
            raise UserError(self.env._("Members are drawn while the panel or committee is being composed."))
        if bool(self.witness_name) != bool(self.witness_words):
            raise UserError(self.env._("A witness has a name and words: please fill in both or neither."))
        if self._earlier() and not (self.reason or "").strip():
            raise UserError(self.env._("There was a draw before. Please say why another one is needed."))

    def _freeze(self, pool):
        seed = secrets.token_hex(32) + (f":{self.witness_words}" if self.witness_words else "")
        by_code = {expert.code: expert for expert in pool}
        order = ranking(seed, [(expert.code, expert.open_count) for expert in pool])
        lines = [
            {
                "rank": rank,
                "expert_id": by_code[code].id,
                "code": code,
                "open_count": by_code[code].open_count,
                "lot": lot(seed, code),
                "state": "drawn" if rank <= self.wanted else "waiting",
            }
            for rank, code in enumerate(order, start=1)
        ]
        # sudo: guarded; the officer, the state and the pool have just been checked.
        self.sudo().write(
            {
                "state": "drawn",
                "seed": seed,
                "drawn_on": fields.Datetime.now(),
                "drawn_by_id": self.env.uid,
                "excluded": self._excluded_text() or False,
                "line_ids": [Command.create(line) for line in lines],
            }
        )

    def _body(self):
        return self.panel_id or self.committee_id

    def _candidates(self):
        """Return the experts of the own pool and the city's, of the occupations, whom a draw may consider at all."""
        pools = self.bureau_id | self.bureau_id.city_id
        domain = [("bureau_id", "in", pools.ids), ("is_expert", "=", True)]
        if self.occupation_ids:
            domain.append(("occupation_ids", "in", self.occupation_ids.ids))
        return self.env["skill.cert.expert"].search(domain)

    def _eligible(self):
        return self._candidates() - self.env["skill.cert.expert"].union(*self._exclusions())

    def _exclusions(self):
        """Return {experts: why they are not in the pool}."""
        candidates = self._candidates()
        conflicts = candidates._conflicts(self._cases()).values()
        return {
            candidates.filtered(lambda expert: not expert.available_today): self.env._("not available"),
            candidates.filtered(lambda expert: not expert.user_id): self.env._("no login"),
            candidates & self._body().member_ids.expert_id: self.env._("already a member"),
            candidates.browse().union(*conflicts): self.env._("conflict of interest"),
            candidates & self._refused(): self.env._("has refused"),
        }

    def _excluded_text(self):
        return "\n".join(
            self.env._("%(name)s: %(reason)s", name=expert.name, reason=reason)
            for experts, reason in self._exclusions().items()
            for expert in experts
        )

    def _cases(self):
        """Return the cases that the body has in hand."""
        if self.panel_id:
            return self.panel_id.review_ids.application_id
        return self.committee_id.session_ids.motion_ids.application_id

    def _refused(self):
        name = "panel_id" if self.panel_id else "committee_id"
        lines = self.env["skill.cert.draw.line"].search(
            [("state", "=", "refused"), (f"draw_id.{name}", "=", self[name].id)]
        )
        return lines.expert_id

    def action_accept_all(self):
        """Put everyone drawn who has not refused on the panel or committee."""
        for draw in self:
            draw.line_ids.filtered(lambda line: line.state == "drawn").action_accept()

    def _check_still_composing(self):
        if self._body().state != "draft":
            raise UserError(self.env._("The panel or committee is appointed. Replace a member there."))

    def _draw_next(self):
        """Draw the next in rank; whoever has become unavailable or a member since then is passed over."""
        eligible = self._eligible()
        waiting = self.line_ids.filtered(lambda line: line.state == "waiting" and line.expert_id in eligible)
        fit = waiting.sorted("rank")[:1]
        fit.sudo().state = "drawn"  # sudo: guarded; the caller has checked the officer

    def action_replay(self):
        """Rank the frozen pool again from the seed and compare. Raises UserError where it differs."""
        for draw in self:
            draw.check_access("read")
            frozen = draw.line_ids.sorted("rank")
            again = ranking(draw.seed, [(line.code, line.open_count) for line in frozen])
            lots = [lot(draw.seed, line.code) for line in frozen]
            if not frozen or again != frozen.mapped("code") or lots != frozen.mapped("lot"):
                raise UserError(self.env._("%s: the recorded order does not follow from the seed.", draw.display_name))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": self.env._("The recorded order follows from seed and pool.")},
        }


class DrawLine(models.Model):
    """One expert of the frozen pool: rank, and what came of it."""

    _name = "skill.cert.draw.line"
    _description = "Expert in a draw"
    _inherit = ["skill.cert.guarded"]
    _order = "draw_id, rank"

    draw_id = fields.Many2one("skill.cert.draw", required=True, ondelete="cascade", index=True, guarded=True)
    bureau_id = fields.Many2one(related="draw_id.bureau_id", store=True, index=True)
    rank = fields.Integer(guarded=True, readonly=True)
    expert_id = fields.Many2one("skill.cert.expert", required=True, ondelete="restrict", index=True, guarded=True)
    code = fields.Char("Pool code", guarded=True, readonly=True)
    open_count = fields.Integer("Assessments open then", guarded=True, readonly=True)
    lot = fields.Char("Lot (SHA-256)", guarded=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Reserve"), ("drawn", "Drawn"), ("accepted", "Member"), ("refused", "Refused")],
        required=True,
        default="waiting",
        guarded=True,
        readonly=True,
    )
    refusal_reason = fields.Char("Reason of the refusal")

    _once = models.Constraint("UNIQUE (draw_id, expert_id)", "An expert is in a draw once.")

    @api.depends("expert_id", "rank")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.rank} {line.expert_id.name}"

    def write(self, vals):
        """Write; a reason only, and only while the expert is asked."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self._check_asked("drawn", "accepted")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_preparation(self):
        self.draw_id._check_in_preparation()

    def _check_asked(self, *states):
        self.draw_id._check_officer()
        if any(line.state not in (states or ("drawn",)) for line in self):
            raise UserError(self.env._("This is for experts who have been drawn and not yet answered."))

    def action_accept(self):
        """Record that those drawn accept, and put them on the panel or committee."""
        self._check_asked()
        for draw, lines in self.grouped("draw_id").items():
            draw._check_still_composing()
            draw._body().sudo().member_ids = [  # sudo: members are bound to the draw, a guarded field; checked above
                Command.create({"expert_id": line.expert_id.id, "draw_line_id": line.id}) for line in lines
            ]
        self.sudo().state = "accepted"  # sudo: guarded; the officer and the state are checked above

    def action_ask_refusal(self):
        """Open the dialogue that asks why the expert does not come."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Does not come"),
            "res_model": self._name,
            "views": [(False, "form")],
            "res_id": self.id,
            "target": "new",
        }

    def action_refuse(self):
        """Record that those drawn do not come, with their reason; the next in rank is drawn.

        Also for members who withdraw while the body is being composed. Raises UserError without a reason.
        """
        self._check_asked("drawn", "accepted")
        if unexplained := self.filtered(lambda line: not (line.refusal_reason or "").strip()):
            raise UserError(self.env._("Please write why %s does not come.", unexplained[0].expert_id.name))
        for line in self:
            line.draw_id._check_still_composing()
            line._members().unlink()
            line.sudo().state = "refused"  # sudo: guarded; the officer and the state are checked above
            line.draw_id._draw_next()

    def _members(self):
        """Return the places that these lines have filled, free to be left."""
        # sudo: only the draw removes whom it has put there; the officer is checked by the caller.
        return self.draw_id._body().sudo().member_ids.filtered(lambda member: member.draw_line_id in self)


class DrawnMember(models.AbstractModel):
    """A member whom a draw may have put there: while the body is composed, only a refusal in the draw removes it."""

    _name = "skill.cert.drawn.member"
    _description = "Member who may have been drawn"

    draw_line_id = fields.Many2one(
        "skill.cert.draw.line",
        "Drawn",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        readonly=True,
        groups="wz_skill_cert.group_county_officer",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create; nobody but the draw says that somebody was drawn."""
        if not self.env.su and any(vals.get("draw_line_id") for vals in vals_list):
            raise AccessError(self.env._("Only a draw says who was drawn."))
        if not self.env.su and self.env.context.get("default_draw_line_id"):
            self = self.with_context(default_draw_line_id=False)  # noqa: PLW0642
        return super().create(vals_list)

    def write(self, vals):
        """Write; a drawn member is not exchanged for another."""
        if not self.env.su and ("draw_line_id" in vals or ("expert_id" in vals and self.draw_line_id)):
            raise AccessError(self.env._("Only a draw says who was drawn."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_the_draw(self):
        body = self[self._place_of]
        if not self.env.su and self.draw_line_id and "draft" in body.mapped("state"):
            raise UserError(
                self.env._("A drawn member leaves through the draw: record there why, and the next in rank is drawn.")
            )


class DrawnBody(models.AbstractModel):
    """A panel or committee that says how far it was composed by lot."""

    _name = "skill.cert.drawn.body"
    _description = "Body whose members may have been drawn"

    draw_count = fields.Integer(compute="_compute_draw_count", groups="wz_skill_cert.group_county_officer")
    composed_by_draw = fields.Char(
        "Composed by draw", compute="_compute_composed_by_draw", groups="wz_skill_cert.group_county_officer"
    )

    @api.depends("draw_ids")
    def _compute_draw_count(self):
        for body in self:
            body.draw_count = len(body.draw_ids)

    @api.depends("member_ids.draw_line_id")
    def _compute_composed_by_draw(self):
        for body in self:
            experts = body.member_ids.filtered(lambda member: member.expert_id.is_expert)
            drawn = experts.filtered("draw_line_id")
            figures = {"drawn": len(drawn), "experts": len(experts)}
            body.composed_by_draw = bool(drawn) and self.env._("%(drawn)s of %(experts)s experts were drawn", **figures)

    def action_draws(self):
        """Open the draws of this panel or committee, or a new one."""
        self.ensure_one()
        field = "panel_id" if self._name == "skill.cert.panel" else "committee_id"
        occupations = self.env["skill.cert.draw"].new({field: self.id})._cases().occupation_id
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_draw")
        return {
            **action,
            "domain": [(field, "=", self.id)],
            "views": [(False, "list" if self.draw_ids else "form"), (False, "form")][: 2 if self.draw_ids else 1],
            "context": {f"default_{field}": self.id, "default_occupation_ids": [Command.set(occupations.ids)]},
        }


class PanelMember(models.Model):
    _name = "skill.cert.panel.member"
    _inherit = ["skill.cert.panel.member", "skill.cert.drawn.member"]


class CommitteeMember(models.Model):
    _name = "skill.cert.committee.member"
    _inherit = ["skill.cert.committee.member", "skill.cert.drawn.member"]


class Panel(models.Model):
    _name = "skill.cert.panel"
    _inherit = ["skill.cert.panel", "skill.cert.drawn.body"]

    draw_ids = fields.One2many("skill.cert.draw", "panel_id", "Draws", groups="wz_skill_cert.group_county_officer")


class Committee(models.Model):
    _name = "skill.cert.committee"
    _inherit = ["skill.cert.committee", "skill.cert.drawn.body"]

    draw_ids = fields.One2many("skill.cert.draw", "committee_id", "Draws", groups="wz_skill_cert.group_county_officer")
