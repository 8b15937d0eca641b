from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..platform.enumeration import enumerate_names
from ..rules.selections import CHOICES

COUNTED = tuple(key for key, _label in CHOICES)


class PaperCount(models.Model):
    """One officer's count of a vote on paper. Two officers count, each without seeing the other's figures.

    While the vote is open an officer reads the own count only, by record rule, and so no road (search, group,
    export) leads to the other's. Nothing is deleted: a count that is begun anew is kept as discarded.
    """

    _name = "skill.cert.paper.count"
    _description = "Count of a paper vote"
    _inherit = ["skill.cert.guarded", "skill.cert.attachment.owner"]
    _order = "session_id, id"

    session_id = fields.Many2one(
        "skill.cert.session", required=True, ondelete="restrict", index=True, guarded=True, readonly=True
    )
    bureau_id = fields.Many2one(related="session_id.bureau_id", store=True, index=True)
    officer_id = fields.Many2one(
        "res.users", "Counted by", required=True, ondelete="restrict", index=True, guarded=True, readonly=True
    )
    state = fields.Selection(
        [("draft", "Counting"), ("complete", "Complete"), ("discarded", "Discarded")],
        required=True,
        default="draft",
        guarded=True,
        readonly=True,
    )
    attempt = fields.Integer(default=1, guarded=True, readonly=True, help="How often the two counts were compared.")
    line_ids = fields.One2many("skill.cert.paper.count.line", "count_id", "Figures")
    differing = fields.Char(compute="_compute_differing", help="Applicants to be counted again: the two counts differ.")
    scan_ids = fields.Many2many(
        "ir.attachment",
        "skill_cert_paper_count_scan_rel",
        "count_id",
        "attachment_id",
        string="Scan of the paper minutes",
        copy=False,
    )

    _one_of_an_officer = models.UniqueIndex(
        "(session_id, officer_id) WHERE state != 'discarded'", "Each of the two counts is another officer's."
    )
    user_may_count = fields.Boolean(compute="_compute_user_may_count")

    @api.depends("session_id", "officer_id")
    def _compute_display_name(self):
        for count in self:
            count.display_name = f"{count.session_id.name} · {count.officer_id.name}"

    @api.depends("line_ids.differs")
    def _compute_differing(self):
        for count in self:
            names = count.line_ids.filtered("differs").mapped("application_id.display_name")
            count.differing = enumerate_names(self.env, names) if names else False

    def write(self, vals):
        """Write; only one's own count, and its scans also after the closing."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self._check_own()
            if set(vals) - {"scan_ids"}:
                self._check_counting()
        result = super().write(vals)
        if "scan_ids" in vals:
            self._claim_attachments("scan_ids")
        return result

    def action_complete(self):
        """Finish one's count. Where the other is finished, too, the two are compared.

        Motions that differ are named to both officers, without figures, and are to be counted again.
        Raises UserError where the figures of a motion do not add up to the members seated for it.
        """
        for count in self:
            count._check_own()
            count._check_counting()
            count.session_id._touch_open()
            count.line_ids._check_sums()
            count.sudo().state = "complete"  # sudo: guarded; officer, state and sums have just been checked
            count.session_id.sudo()._compare_counts()  # sudo: an officer does not read the other's count

    def _tell_differing(self):
        """Tell the officer, who may be at another screen, what is to be counted again."""
        count = self.with_context(lang=self.officer_id.lang)
        text = count.env._("The two counts differ. Please count again: %s.", count.differing)
        self.officer_id._bus_send("simple_notification", {"type": "warning", "message": text, "sticky": True})

    def _check_own(self):
        self.check_access("read")
        for count in self:
            # sudo: whose count it is and who the bureau's officers are; only the refusal leaves here.
            application = count.sudo()
            if application.officer_id != self.env.user or self.env.user not in application.bureau_id.user_ids:
                raise AccessError(self.env._("Each officer writes the own count only."))
        self.session_id._check_conductor()

    def _check_counting(self):
        if any(count.state != "draft" or count.session_id.state != "open" for count in self):
            raise UserError(self.env._("This count is complete and can no longer be changed."))

    def _check_attachments_open(self):
        self._check_own()

    @api.depends("state", "session_id.state", "officer_id")
    @api.depends_context("uid")
    def _compute_user_may_count(self):
        for count in self:
            open_count = count.state == "draft" and count.session_id.state == "open"
            count.user_may_count = open_count and count.officer_id == self.env.user

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count the paper votes"),
            "res_model": "skill.cert.paper.count",
            "views": [(False, "form")],
            "res_id": self.id,
        }


class PaperCountLine(models.Model):
    """What one officer counted for one motion."""

    _name = "skill.cert.paper.count.line"
    _description = "Counted votes"
    _inherit = ["skill.cert.guarded"]
    _order = "count_id, motion_id"

    count_id = fields.Many2one(
        "skill.cert.paper.count", required=True, ondelete="cascade", index=True, guarded=True, readonly=True
    )
    motion_id = fields.Many2one(
        "skill.cert.motion", required=True, ondelete="restrict", index=True, guarded=True, readonly=True
    )
    application_id = fields.Many2one(related="motion_id.application_id", string="Applicant")
    base = fields.Integer(related="motion_id.base")
    agree = fields.Integer()
    against = fields.Integer()
    abstain = fields.Integer()
    differs = fields.Boolean("Count again", guarded=True, readonly=True)

    _once = models.Constraint("UNIQUE (count_id, motion_id)", "A motion is counted once in a count.")
    _not_negative = models.Constraint(
        "CHECK (agree >= 0 AND against >= 0 AND abstain >= 0)", "A number of votes is not negative."
    )

    @api.depends("motion_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.application_id.display_name

    def write(self, vals):
        """Write; only in one's own count and until it is complete."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self.count_id._check_own()
            self.count_id._check_counting()
        return super().write(vals)

    def _check_sums(self):
        wrong = self.filtered(lambda line: line.agree + line.against + line.abstain != line.base)
        if wrong:
            raise UserError(
                self.env._(
                    "The votes do not add up to the members seated: %s.",
                    enumerate_names(self.env, wrong.mapped("display_name")),
                )
            )

    def _figures(self):
        """Return {motion: (agree, against, abstain)}."""
        return {line.motion_id: tuple(line[name] for name in COUNTED) for line in self}

    def _ask_again(self, motions):
        """Have these motions counted again, and leave no old figure to be repeated."""
        again = self.filtered(lambda line: line.motion_id in motions)
        again.write({"differs": True, **dict.fromkeys(COUNTED, 0)})
        (self - again).write({"differs": False})


class Session(models.Model):
    _inherit = "skill.cert.session"

    count_ids = fields.One2many(
        "skill.cert.paper.count", "session_id", "Counts", groups="wz_skill_cert.group_county_officer"
    )
    count_progress = fields.Char(
        compute="_compute_count_progress",
        compute_sudo=True,
        groups="wz_skill_cert.group_county_officer",
        help="Who counts and who has finished; no figures.",
    )

    @api.depends("count_ids.state")
    def _compute_count_progress(self):
        states = dict(self.env["skill.cert.paper.count"]._fields["state"]._description_selection(self.env))
        for session in self:
            parts = [f"{count.officer_id.name}: {states[count.state]}" for count in session._live_counts()]
            session.count_progress = enumerate_names(self.env, parts) if parts else False

    def _check_counters(self):
        """Refuse to open a vote on paper that nobody could count: two officers do, each without a conflict of interest."""
        if self.voting != "paper":
            return
        cases = self.motion_ids.application_id
        # sudo: who the officers are is not readable by everyone; only the refusal leaves here.
        officers = self.sudo().bureau_id.user_ids
        able = officers.filtered(lambda officer: officer.active and not any(officer._conflict_reasons(cases).values()))
        if len(able) < 2:
            raise UserError(
                self.env._(
                    "Two officers count a vote on paper, each alone. %(bureau)s has %(count)s who may: enter another one, or vote electronically.",
                    bureau=self.bureau_id.name,
                    count=len(able),
                )
            )

    def _live_counts(self):
        return self.count_ids.filtered(lambda count: count.state != "discarded")

    def action_count(self):
        """Open one's own count of the paper votes, begun now where there is none.

        Raises UserError unless the session votes on paper and is open, or two other officers count already.
        """
        self.ensure_one()
        self._check_officer()
        self._check_paper_vote()
        session = self.sudo()  # sudo: an officer does not read the other's count; officer and state are checked
        count = session._live_counts().filtered(lambda count: count.officer_id == self.env.user)
        return (count or session._begin_count()).with_env(self.env)._open_form()

    def _check_paper_vote(self):
        if self.voting != "paper" or self.state != "open":
            raise UserError(self.env._("There are paper votes to count only while a vote on paper is open."))

    def _begin_count(self):
        self._touch_open()
        if len(self._live_counts()) >= 2:
            raise UserError(self.env._("Two officers are counting already. Begin the count anew if one cannot finish."))
        motions = self.motion_ids.filtered(lambda motion: motion.state == "open")
        lines = [fields.Command.create({"motion_id": motion.id}) for motion in motions]
        return self.env["skill.cert.paper.count"].create(
            {"session_id": self.id, "officer_id": self.env.uid, "line_ids": lines}
        )

    def action_discard_counts(self):
        """Begin the count anew, where an officer cannot finish: both counts are kept as discarded."""
        self._check_officer()
        for session in self:
            session._check_paper_vote()
            session.sudo()._live_counts().state = "discarded"  # sudo: guarded; officer and state are checked

    def _touch_open(self):
        """Write the open session's row, so that of two officers who act at once the second sees what the first did.

        Locking alone would let both compare with what they read before.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "UPDATE skill_cert_session SET write_date = clock_timestamp() AT TIME ZONE 'UTC' WHERE id = %s AND state = 'open' RETURNING id",
                self.id,
            )
        )
        self.invalidate_recordset(["state"])
        if not rows:
            raise UserError(self.env._("The vote of %s is not open.", self.name))

    def _compare_counts(self):
        """Where both counts are complete, have what differs counted again."""
        counts = self._live_counts()
        if len(counts) != 2 or set(counts.mapped("state")) != {"complete"}:
            return
        first, second = (count.line_ids._figures() for count in counts)
        if differing := [motion for motion in first if first[motion] != second.get(motion)]:
            counts.line_ids._ask_again(self.env["skill.cert.motion"].union(*differing))
            for count in counts:
                count.write({"state": "draft", "attempt": count.attempt + 1})
                count._tell_differing()

    def _agreed_figures(self):
        """Return {motion: (agree, against, abstain)} as both officers counted. Raises while they have not agreed."""
        counts = self._live_counts()
        if len(counts) != 2 or set(counts.mapped("state")) != {"complete"}:
            raise UserError(
                self.env._("Two officers must each complete a count that agrees before the vote is closed.")
            )
        first, second = (count.line_ids._figures() for count in counts)
        if first != second or len(set(counts.officer_id)) != 2:
            raise UserError(self.env._("The two counts do not agree."))
        return first

    def _counted_by_text(self):
        if self.voting != "paper":
            return False
        names = enumerate_names(self.env, self._live_counts().officer_id.mapped("name"))
        return self.env._("Counted independently by %s.", names)


class Ballot(models.Model):
    _inherit = "skill.cert.ballot"

    def _fill_counted(self, figures):
        """Fill the blanks of each motion with as many choices as were counted on paper.

        Tally, seal and minutes then follow the same path as for votes in the system.
        """
        rows = [
            (motion.id, choice, number)
            for motion, counted in figures.items()
            for choice, number in zip(COUNTED, counted, strict=True)
        ]
        motions, choices, numbers = zip(*rows, strict=True)
        self.env.execute_query(
            SQL(
                """WITH counted AS (
                   SELECT motion_id, choice, row_number() OVER (PARTITION BY motion_id) AS place
                     FROM unnest(%s, %s, %s) AS f(motion_id, choice, number), generate_series(1, f.number)),
               blank AS (
                   SELECT id, motion_id, row_number() OVER (PARTITION BY motion_id ORDER BY gen_random_uuid()) AS place
                     FROM skill_cert_ballot WHERE motion_id = ANY(%s) AND choice IS NULL)
               UPDATE skill_cert_ballot b SET choice = counted.choice FROM blank JOIN counted USING (motion_id, place)
                WHERE b.id = blank.id RETURNING 1""",
                list(motions),
                list(choices),
                list(numbers),
                list(motions),
            )
        )


class Attachment(models.Model):
    _inherit = "ir.attachment"

    def _check_scans_open(self):
        """Raise on the scan of a sealed vote, which is not exchanged."""
        if self.env.su:
            return
        for owner, _files in self._owners():
            # sudo: an officer reads the session, others may not; only the refusal leaves here.
            states = owner.sudo().session_id.mapped("state") if owner._name == "skill.cert.paper.count" else ()
            if "closed" in states:
                raise UserError(self.env._("The vote is sealed: its papers are kept as they are."))
