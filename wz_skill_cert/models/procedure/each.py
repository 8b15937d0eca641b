"""The same step for many: whoever selects fifty learns which went on, and why the others did not."""

from odoo import models
from odoo.exceptions import UserError


class Application(models.Model):
    _inherit = "skill.cert.application"

    def action_accept_each(self):
        """Accept those of these applications that can be accepted (组织申报).

        :return: the action that says which were accepted, and why each other was not. Raises AccessError where one of
            them may not be read.
        """
        done, refused = self._take_each(lambda cases: cases.action_accept())
        return self._step_results(self.env._("Accept"), done, refused, done._unseen_notes())

    def action_return_each(self, reason):
        """Return those of these applications that can be returned, with ``reason``; see ``action_accept_each``."""
        done, refused = self._take_each(lambda cases: cases.action_return(reason))
        return self._step_results(self.env._("Return"), done, refused, {})

    def _take_each(self, step):
        """Take ``step`` for all of these at once or, where that is refused, for each alone.

        :return: those for which it was taken, and {application: why it was refused}.
        """
        self.check_access("read")
        if not self._refusal(step):
            return self, {}
        refusals = {application: application._refusal(step) for application in self}
        refused = {application: why for application, why in refusals.items() if why}
        return self.filtered(lambda application: application not in refused), refused

    def _refusal(self, step):
        """Take ``step``; return False, or why it was refused. Then nothing of it has happened."""
        try:
            with self.env.cr.savepoint():
                step(self)
        except UserError as refusal:
            return str(refusal)
        return False

    def _unseen_notes(self):
        """Return {application: reminder} of those whose originals are not all ticked."""
        return {
            application: self.env._("%s originals are not ticked.", application.unseen_count)
            for application in self
            if application.unseen_count
        }

    def _step_results(self, title, done, refused, notes):
        """Return the dialogue of results. Without anything to say it only closes what asked."""
        if not refused and not notes:
            return {
                "type": "ir.actions.client",
                "tag": "wz_skill_cert.step_done",
                "params": {"title": title, "count": len(done)},
            }
        return {
            "type": "ir.actions.client",
            "tag": "wz_skill_cert.step_results",
            "params": {
                "title": title,
                "done": [self._result_row(case, notes.get(case, "")) for case in done],
                "refused": [self._result_row(case, why) for case, why in refused.items()],
            },
        }

    def _result_row(self, application, why):
        return {"id": application.id, "name": application.display_name, "why": why}
