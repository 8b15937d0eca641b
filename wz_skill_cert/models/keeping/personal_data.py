"""What is held about one person, who may ask for it (PIPL, art. 45)."""

import base64
import json
import zipfile
from datetime import timedelta
from io import BytesIO

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from ... import formats
from ..platform.trail import ACCESSES
from .erasure import files_of

# What an export says about a person: facts of the case, and nobody else's name.
EXPORTED = (
    "skill.cert.application",
    "skill.cert.application.history",
    "skill.cert.application.contribution",
    "skill.cert.achievement",
    "skill.cert.material",
    "skill.cert.certificate",
)
LINKS_EXPORTED = (
    "skill.cert.occupation", "skill.cert.campaign", "skill.cert.bureau", "skill.cert.policy", "skill.cert.achievement.type",
    "skill.cert.application", "skill.cert.submission", "res.partner",
)  # fmt: skip


class Application(models.Model):
    _inherit = "skill.cert.application"

    def _held_about(self):
        """Return {model: rows} of what is stored about these applications' person; nobody else is named in it."""
        rows = {name: self._rows_of(self._own(name)) for name in EXPORTED}
        decisions = [
            {"purpose": r.purpose, "outcome": r.outcome, "base": r.motion_id.base, "agree": r.motion_id.agree}
            for r in self.review_ids
        ]
        messages = [
            {"date": m.date, "text": html2plaintext(m.body or "")}
            for m in self.message_ids.filtered(lambda m: m.message_type != "user_notification")
        ]
        return {**rows, "decisions": decisions, "messages": messages, "accesses": self._accesses()}

    def _own(self, name):
        if name == self._name:
            return self
        return self.env[name].search([("application_id", "in", self.ids)])

    def _rows_of(self, records):
        names = [name for name, field in records._fields.items() if self._is_exported(field)]
        return records.read(names)

    def _is_exported(self, field):
        # groups=NO_ACCESS and the like do not hold for the superuser who reads here.
        plain = field.store and field.type not in ("binary", "one2many", "many2many", "many2one", "json", "reference")
        link = field.store and field.type == "many2one" and field.comodel_name in LINKS_EXPORTED
        return (plain and not field.name.startswith(("message_", "activity_"))) or link

    def _accesses(self):
        """Return when this person's data was shown, printed or exported; not by whom, who is a person, too."""
        # By the number of the case: its files and kept forms have entries of their own.
        numbers = [application.name for application in self if application.name]
        entries = self.env["skill.cert.trail"].search(
            [("reference", "in", numbers), ("event", "in", ACCESSES)], order="id"
        )
        return [{"time": entry.at, "event": entry.event} for entry in entries]


class PersonExport(models.TransientModel):  # pylint: disable=no-wizard-in-models
    """All that is held about one person who asks for it (PIPL, art. 45), as a zip of facts and files."""

    _name = "skill.cert.person.export"
    _description = "Data of a person"

    id_number = fields.Char("ID number", required=True)
    application_count = fields.Integer("Applications", readonly=True)
    content = fields.Binary("File", attachment=True, readonly=True)
    file_name = fields.Char(compute="_compute_file_name")

    def _compute_file_name(self):
        for export in self:
            # Neither name nor number: file names end in histories and logs.
            export.file_name = f"个人信息-{export.id}.zip"

    def action_export(self):
        """Collect the data and download it. For data officers; raises UserError where nothing is held."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("wz_skill_cert.group_data_officer"):
            raise AccessError(self.env._("Only a data officer exports a person's data."))
        number = formats.normalise(self.id_number)
        # sudo: a data officer reads no case; what leaves is one person's own data, and an entry of it stays.
        applications = self.env["skill.cert.application"].sudo().search([("id_number", "=", number)], order="id")
        # sudo: as above, for the ledger of the own enterprise.
        ledger = self.env["hr.employee.achievement"].sudo().search([("employee_id.identification_id", "=", number)])
        if not applications and not ledger:
            raise UserError(self.env._("Nothing is held about a person with this ID number."))
        # sudo: the file is made of the records above.
        self.sudo().write({"content": self._zipped(applications, ledger), "application_count": len(applications)})
        self.env["skill.cert.trail"]._record("person_exported", applications.with_env(self.env))
        self.env["skill.cert.trail"]._record("person_exported", self)
        url = f"/web/content/{self._name}/{self.id}/content/{self.file_name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    @api.model
    def _zipped(self, applications, ledger):
        held = {**applications._held_about(), "hr.employee.achievement": applications._rows_of(ledger)}
        archive = BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("data.json", json.dumps(held, ensure_ascii=False, indent=1, default=str))
            parts = (
                applications,
                applications.achievement_ids,
                applications.material_ids,
                applications.paper_ids,
                ledger,
            )
            for part in parts:
                for file in files_of(part):
                    # A file that is not there is named, too.
                    there = not file._stored_fault()
                    bundle.writestr(self._path_of(file) + ("" if there else ".missing.txt"), file.raw if there else b"")
        return base64.b64encode(archive.getvalue())

    @api.model
    def _path_of(self, file):
        kind = file.res_model.rpartition(".")[2]
        return f"files/{kind}-{file.res_id}/{file.id}-{(file.name or '').replace('/', '_')}"

    @api.autovacuum
    def _gc_exports(self):
        # Sooner than Odoo forgets its dialogues: a copy of everything should not lie about.
        limit = fields.Datetime.now() - timedelta(hours=1)
        self.search([("create_date", "<", limit)]).unlink()
