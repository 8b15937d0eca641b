"""Further papers (补充材料) between acceptance and vote: named rows open for the unit, the rest stays frozen [X]."""

from odoo import models
from odoo.exceptions import UserError

from ... import clock, workflow
from ...workflow import OFFICER

# Rows that have files of their own.
WITH_FILES = ("skill.cert.material", "skill.cert.achievement")
MOST_DAYS = 250


class Application(models.Model):
    _inherit = "skill.cert.application"

    def action_ask_papers(self, points, days=None):
        """Ask the unit, as the handling officer, for further papers between acceptance and vote.

        ``points``: [{target: a key of ``_targets()`` of a paper or an achievement, text: what is missing}]. ``days``: working days,
        by default the policy's to correct; 0: no last day. Raises AccessError for others, UserError elsewhere in the procedure,
        while a request is open, and for points that name nothing with files.
        """
        self.ensure_one()
        self._check_papers_may_be_asked()
        checked = self._checked_points(points)
        if not checked or not all((point["target"] or "").startswith(WITH_FILES) for point in checked):
            raise UserError(self.env._("Please name the papers or achievements for which something is missing."))
        request = self._ask_unit("papers", checked, due_on=self._papers_due(days))
        workflow.follow(request, "ask")

    def _check_papers_may_be_asked(self):
        self._check_party(OFFICER)
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if not workflow.row(self.state).papers_asked:
            raise UserError(
                self.env._("%s: further papers are asked for between the acceptance and the vote.", self.display_name)
            )
        self._check_no_papers_asked()

    def _papers_due(self, days):
        days = self.policy_id.days_to_correct if days is None else days
        if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= MOST_DAYS:
            raise UserError(self.env._("Please give a number of working days from 0 to %s.", MOST_DAYS))
        return self.env["skill.cert.policy"]._working_day_after(clock.today(), days) if days else False

    def action_close_papers(self, word=None):
        """Close the open request for further papers as the handling officer; while a point is unanswered it is withdrawn, with ``word``.

        What came stays. Raises AccessError for others, UserError where nothing is open or the word is missing.
        """
        self.ensure_one()
        self._check_party(OFFICER)
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        request = self._paper_request()
        if not request:
            raise UserError(self.env._("%s: no further papers are asked for.", self.display_name))
        answered = all(point.settled_on for point in request.point_ids)
        word = word.strip() if isinstance(word, str) else ""
        if not answered and not word:
            raise UserError(self.env._("Not everything has come. Please say why the request is withdrawn."))
        request._close("closed" if answered else "withdrawn", closing_word=word or False)
        workflow.follow(request, "close")
