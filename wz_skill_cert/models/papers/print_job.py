import logging
import os
import re
from collections import namedtuple
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...reports import press
from .file_names import FILE_NAMES

_logger = logging.getLogger(__name__)

# Forms in the order in which they are printed for each application.
FORMS = ("application_form", "material_list", "certificate")
COPIES = [("1", "Once"), ("2", "Twice (in duplicate)")]
OUTPUTS = [("pdf", "One PDF"), ("zip", "A file for each, in a zip")]
UNFINISHED = ("waiting", "running")
PROCESSES = min(2, os.cpu_count() or 1)
# Forms laid out together share their fonts. More are not much quicker and take 20 MB each.
GROUP = 4
# Applications between two commits: a restart repeats the work of some seconds, and progress moves.
STEP = 4 * GROUP
# Bytes that are bound as one PDF: what a viewer opens with ease, and what binding holds in memory twice.
VOLUME = 32 * 2**20
KEPT_DAYS = 7
# What a file name need not have.
NOT_IN_NAMES = re.compile(r"[^\w-]")

# A form of an application: its number for messages, its file name, and what Report._print_source() gave.
Sheet = namedtuple("Sheet", "number file_name source")


class PrintJob(models.Model):
    """Forms of many applications, printed in the background with the requester's rights.

    Each step stores what it printed and how far it came, in one transaction: after a restart the
    job goes on there. What is printed shows ID numbers: its files have one door, which asks again
    whether the requester may print, and they are deleted after a week.
    """

    _name = "skill.cert.print.job"
    _description = "Printing of forms"
    _inherit = ["skill.cert.discreet"]
    _order = "id desc"

    user_id = fields.Many2one("res.users", "Requested by", required=True, readonly=True, index=True, ondelete="cascade")
    queue = fields.Json(readonly=True, help="Applications, by their database ids, in the order of printing.")
    application_form = fields.Boolean("Application form (Annex 1)", readonly=True)
    material_list = fields.Boolean("List of materials (Annex 3)", readonly=True)
    certificate = fields.Boolean(readonly=True)
    copies = fields.Selection(COPIES, "Number of copies", required=True, readonly=True, default="1")
    output = fields.Selection(OUTPUTS, required=True, readonly=True, default="pdf")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Printing"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    total = fields.Integer("Applications", readonly=True)
    # Never empty: the queue is sorted by it.
    done = fields.Integer("Printed so far", readonly=True, required=True, default=0)
    failures = fields.Text("Not printed", readonly=True, limit=0)
    reason = fields.Text("Why it stopped", readonly=True, limit=0)
    # Owners of attachments; no client reads these: see the controller.
    parts = fields.Binary(attachment=True, readonly=True, groups=fields.NO_ACCESS)
    files = fields.Binary(attachment=True, readonly=True, groups=fields.NO_ACCESS)

    @api.depends("create_date", "total")
    def _compute_display_name(self):
        for job in self:
            job.display_name = self.env._("Printing no. %(id)s: %(total)s applications", id=job.id, total=job.total)

    @api.model
    def _start(self, applications, forms, copies, output):
        """Return a new job of the current user for ``applications``, in their order.

        Raises AccessError for who may not print these forms of all of them.
        """
        self._check_printable(applications, forms)
        # sudo: jobs are made and moved by the addon alone; the rights to print have just been checked.
        return self.sudo().create(
            {
                "user_id": self.env.uid,
                "queue": applications.ids,
                "total": len(applications),
                "copies": copies,
                "output": output,
                **dict.fromkeys(forms, True),
            }
        )

    @api.model
    def _check_printable(self, applications, forms):
        for form in forms:
            if form == "certificate":
                # Each is asked again, with its own state, when it is printed.
                applications.check_access("read")
                applications.certificate_ids.check_access("read")
            else:
                self.env[f"report.wz_skill_cert.{form}"]._printable(applications.ids)

    def _forms(self):
        return [form for form in FORMS if self[form]]

    # ------------------------------------------------------------------ what the requester does

    def action_cancel(self):
        """Stop printing and delete what is printed. Raises AccessError for any but the requester."""
        self.check_access("read")
        # sudo: nobody writes jobs but the addon; whoever may read one is its requester.
        for job in self.sudo():
            if job.state in UNFINISHED:
                job._stop("cancelled")

    def action_download(self):
        """Download the result."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/skill-cert/print/{self.id}", "target": "download"}

    def _result(self):
        """Return the finished files, as superuser.

        Raises AccessError for any but the requester, and where the requester may no longer print
        one of these forms.
        """
        self.ensure_one()
        self.check_access("read")
        applications = self.env["skill.cert.application"].browse(self.queue).exists()
        self._check_printable(applications, self._forms())
        # sudo: the files themselves are readable by nobody; the two checks above are their only door.
        return self.sudo()._kept("files") if self.state == "done" else self.env["ir.attachment"]

    # ------------------------------------------------------------------ the work

    @api.model
    def _run(self):
        """Scheduled: print what waits, step by step, until all is done or the time is up."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self._unfinished_count())
        with press.Pool(PROCESSES) as pool:
            while job := self._next():
                job._advance(pool)
                if not cron._commit_progress(1, remaining=self._unfinished_count()):
                    return
                self.env.invalidate_all()

    def _next(self):
        # Whoever has received least comes first: a small job need not wait for a big one.
        # One by one, since locking many at once forgets their order.
        jobs = self.search([("state", "in", UNFINISHED)], order="done, id")
        return next((job for job in jobs if job.try_lock_for_update()), self.browse())

    def _unfinished_count(self):
        return self.search_count([("state", "in", UNFINISHED)])

    def _advance(self, pool):
        """Do one step, or stop the job and say why."""
        requester = self.with_user(self.user_id).with_context(lang=self.user_id.lang)
        try:
            with self.env.cr.savepoint():
                self._step(pool, requester)
        except OperationalError:
            raise
        except AccessError:
            # Whatever was printed before shows what the requester may no longer see.
            self._stop("failed", requester.env._("You may no longer print all of these forms. Nothing was kept."))
        except Exception:
            _logger.exception("Print job %s stopped", self.id)
            self._stop(
                "failed", requester.env._("An error stopped the printing. The administrator finds it in the log.")
            )

    def _step(self, pool, requester):
        if not self.user_id.active:
            raise AccessError(self.env._("This user is archived."))
        if self.done < self.total:
            self._print_some(pool, requester)
        elif self.output == "pdf" and self._kept("parts"):
            self._bind_volume()
        else:
            self._finish(requester)

    def _print_some(self, pool, requester):
        ids = self.queue[self.done : self.done + STEP]
        failures = []
        sheets = requester._sheets(ids, failures)
        pieces = requester._pressed(sheets, pool, 1 if self.output == "zip" else GROUP, failures)
        self._keep(pieces)
        self.write(
            {
                "state": "running",
                "done": self.done + len(ids),
                "failures": "\n".join(filter(None, [self.failures, *failures])) or False,
            }
        )

    def _sheets(self, ids, failures):
        """Return the Sheets of the applications ``ids``; add to ``failures`` a line for each that cannot be had."""
        applications = self.env["skill.cert.application"].browse(ids)
        wanted = [(application, form) for application in applications for form in self._forms()]
        return [sheet for pair in wanted if (sheet := self._attempt_sheet(*pair, failures))]

    def _attempt_sheet(self, application, form, failures):
        try:
            with self.env.cr.savepoint():
                return self._sheet(application, form)
        except (AccessError, OperationalError):
            raise
        except UserError as error:
            why = str(error)
        except Exception as error:
            why = self._fault(error)
        failures.append(f"{self._number(application)}: {why}")
        return None

    def _sheet(self, application, form):
        if not application.exists():
            raise UserError(self.env._("It was deleted."))
        subject = application._in_force_certificate() if form == "certificate" else application
        source = self.env["ir.actions.report"]._print_source(f"wz_skill_cert.report_{form}", subject)
        number = self._number(application)
        # Neither names nor ID numbers: file names end in histories and logs.
        file_name = f"{FILE_NAMES[form]}-{NOT_IN_NAMES.sub('-', number)}.pdf"
        return Sheet(number, file_name, source)

    def _number(self, application):
        # A deleted one has no name to read.
        return (application.exists() and application.name) or self.env._("draft %s", application.id)

    def _pressed(self, sheets, pool, size, failures):
        """Return [(sheets, Printed or bytes)] in the order of ``sheets``, at most ``size`` together."""
        groups = _grouped(sheets, size)
        live = [group for group in groups if isinstance(group[0].source, str)]
        results = iter(pool.printed([[sheet.source for sheet in group] for group in live]))
        pieces = []
        for group in groups:
            result = next(results) if isinstance(group[0].source, str) else group[0].source
            if not isinstance(result, press.Failed):
                pieces.append((group, result))
            elif len(group) > 1:
                # One of them is at fault: each for itself.
                pieces += self._pressed(group, pool, 1, failures)
            else:
                failures.append(f"{group[0].number}: {self._why(result)}")
        return pieces

    def _why(self, failed):
        return self.env["ir.actions.report"]._why_not_printed(failed)

    def _fault(self, error):
        _logger.warning("Print job %s: %r", self.id, error)
        return self.env._("It could not be printed. The administrator finds the reason in the log.")

    def _keep(self, pieces):
        copies = int(self.copies)
        if self.output == "zip":
            for (sheet,), piece in pieces:
                # A frozen form once is handed out as it was frozen, byte for byte.
                content = press.merged([piece], copies=copies) if copies > 1 else getattr(piece, "content", piece)
                self._store("files", sheet.file_name, content)
        elif pieces:
            self._store("parts", "part.pdf", press.merged([piece for _sheets, piece in pieces], copies=copies))

    def _bind_volume(self):
        parts, size = self.env["ir.attachment"], 0
        for part in self._kept("parts"):
            if parts and size + part.file_size > VOLUME:
                break
            parts, size = parts | part, size + part.file_size
        number = len(self._kept("files")) + 1
        self._store("files", f"表格-{self.id}-{number}.pdf", press.merged([part.raw for part in parts]))
        parts.unlink()

    def _finish(self, requester):
        if not self._kept("files"):
            self._stop("failed", requester.env._("None of the forms could be printed."))
            return
        self.state = "done"
        self._notify("success", requester.env._("Your forms are ready to be downloaded."))

    def _stop(self, state, reason=False):
        # Written first: a step that runs at this moment is waited for, and its files are seen and deleted, too.
        self.write({"state": state, "reason": reason})
        self.flush_recordset()
        self._delete_files()
        if reason:
            self._notify("danger", reason)

    def _notify(self, kind, message):
        self.user_id._bus_send("simple_notification", {"type": kind, "title": self.display_name, "message": message})

    # ------------------------------------------------------------------ files

    def _kept(self, field):
        return self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", field)], order="id"
        )

    def _store(self, field, name, content):
        self.env["ir.attachment"].create(
            {"name": name, "raw": content, "res_model": self._name, "res_id": self.id, "res_field": field}
        )

    def _delete_files(self):
        (self._kept("parts") | self._kept("files")).unlink()

    def unlink(self):
        """Delete, and with it what was printed."""
        self.check_access("unlink")
        # sudo: the files are readable by nobody; whoever may delete the job has just been checked.
        self.sudo()._delete_files()
        return super().unlink()

    @api.autovacuum
    def _gc_old(self):
        # What was printed shows ID numbers; who still needs it prints anew.
        limit = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", limit)]).unlink()


def _grouped(sheets, size):
    """Return ``sheets`` in groups of at most ``size`` that are laid out together; a frozen PDF is alone."""
    groups = []
    for sheet in sheets:
        live = isinstance(sheet.source, str)
        if live and groups and len(groups[-1]) < size and isinstance(groups[-1][0].source, str):
            groups[-1].append(sheet)
        else:
            groups.append([sheet])
    return groups
