from odoo import api, fields, models

from .. import clock


class PublicationWizard(models.TransientModel):
    """Asks from when on a session's results are public, and where to object. The rules are the session's."""

    _name = "skill.cert.publication.wizard"
    _description = "Publish the results"

    session_id = fields.Many2one("skill.cert.session", required=True, ondelete="cascade")
    first_day = fields.Date("Public from", required=True, default=lambda self: clock.today())
    last_day = fields.Date("Public until", compute="_compute_last_day")
    contact = fields.Char(
        "Where to object", required=True, compute="_compute_contact", store=True, readonly=False, precompute=True
    )
    online = fields.Boolean("On the public page", default=True)
    application_ids = fields.Many2many("skill.cert.application", compute="_compute_application_ids")

    @api.depends("session_id", "first_day")
    def _compute_last_day(self):
        for wizard in self:
            day = wizard.session_id and wizard.first_day
            wizard.last_day = day and wizard.session_id._last_day(day)

    @api.depends("session_id")
    def _compute_contact(self):
        """Fill in what the bureau wrote the last time."""
        publications = self.env["skill.cert.publication"]
        for bureau, wizards in self.grouped(lambda wizard: wizard.session_id.bureau_id).items():
            wizards.contact = publications.search([("bureau_id", "=", bureau.id)], limit=1).contact

    @api.depends("session_id")
    def _compute_application_ids(self):
        for wizard in self:
            wizard.application_ids = wizard.session_id._to_publish()

    def action_publish(self):
        """Publish, and open what was published."""
        self.ensure_one()
        publication = self.session_id._publish(self.first_day, self.contact, self.online)
        return {
            "type": "ir.actions.act_window",
            "res_model": publication._name,
            "views": [(False, "form")],
            "res_id": publication.id,
        }
