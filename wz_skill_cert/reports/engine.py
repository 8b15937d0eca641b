import functools
import io
import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_open

from ..models.platform.neutralized import is_neutralized
from . import press
from .press import CHINESE_FAMILIES, PDF_OPTIONS, NoFetcher, has_chinese_font, quoted_families  # noqa: F401

_logger = logging.getLogger(__name__)


@functools.cache
def stylesheet():
    """Return the papers' stylesheet, to be inlined: the engine fetches nothing."""
    with file_open("wz_skill_cert/static/src/forms/forms.css") as css:
        return Markup(css.read().replace("CHINESE-FAMILIES", quoted_families()))


class Report(models.Model):
    _inherit = "ir.actions.report"

    engine = fields.Selection(
        [("weasyprint", "WeasyPrint")],
        help="Program that makes the PDF. Empty: wkhtmltopdf, with Odoo's own layout.",
    )

    @api.model
    def get_wkhtmltopdf_state(self):
        """Return 'ok' where only wkhtmltopdf is missing.

        The web client asks once, without saying for which report, and would refuse
        to print any. Reports that do need the program get the true answer below.
        """
        state = super().get_wkhtmltopdf_state()
        return state if self.env.context.get("stock_engine") else "ok"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        if res_ids and getattr(self._form_of(report), "_one_document", False):
            records = self.env[report.model].browse(dict.fromkeys(res_ids))
            return {res_ids[0]: {"stream": self._joint_stream(report, data, records), "attachment": None}}
        if report.engine != "weasyprint":
            stock = self.with_context(stock_engine=True)
            return super(Report, stock)._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        if not res_ids:
            return {False: {"stream": self._weasyprint_stream(report, data, []), "attachment": None}}
        records = self.env[report.model].browse(dict.fromkeys(res_ids))
        # One document a record: each can be kept as its record's file, and memory stays that of one.
        return {record.id: self._weasyprint_entry(report, data, record) for record in records}

    def _joint_stream(self, report, data, records):
        """Return one document of all ``records``: those that were kept as they were kept, the others as they are now."""
        form = self._form_of(report)
        form._printable(records.ids)
        kept, live = form._kept_and_live(records)
        documents = [paper._pdf() for paper in kept]
        if live:
            documents.append(self._weasyprint_stream(report, data, live.ids).getvalue())
        return press.PressedStream(documents[0] if len(documents) == 1 else press.merged(documents))

    @api.model
    def _form_of(self, report):
        """Return the model that gives ``report`` its values, or None.

        It may say more about its paper: who may print it (``_printable``), what was frozen of it (``_frozen_pdf``), that
        several records make one (``_one_document``, with ``_kept_and_live``), or how it is bound from other files
        (``_assemble``).
        """
        return self.env.get(f"report.{report.report_name}")

    def _weasyprint_entry(self, report, data, record):
        """Return the stream of one record: the paper as it was frozen, or its attachment, or one rendered now."""
        if frozen := self._frozen_entry(report, record):
            return frozen
        keeps = report.attachment and not self.env.context.get("report_pdf_no_attachment")
        attachment = report.retrieve_attachment(record) if keeps else None
        if attachment and report.attachment_use:
            return {"stream": press.PressedStream(attachment.raw), "attachment": attachment}
        return {"stream": self._weasyprint_stream(report, data, record.ids), "attachment": attachment}

    def _frozen_entry(self, report, record):
        form = self._form_of(report)
        if not hasattr(form, "_frozen_pdf"):
            return None
        # Asked first: a frozen paper is no road around the rights that a live one demands.
        form._printable(record.ids)
        pdf = form._frozen_pdf(record)
        return pdf and {"stream": press.PressedStream(pdf), "attachment": None}

    def _weasyprint_stream(self, report, data, res_ids):
        form = self._form_of(report)
        if res_ids and hasattr(form, "_assemble"):
            return io.BytesIO(form._assemble(res_ids))
        html = self._render_qweb_html(report, res_ids, data=data)[0]
        return press.PressedStream(self._run_wkhtmltopdf([html.decode()], report_ref=report))

    @api.model
    def _merge_pdfs(self, streams, *args, **kwargs):
        """Bind our own documents so that they stay what an archive takes; Odoo's way keeps bare pages."""
        if not streams or not all(isinstance(stream, press.PressedStream) for stream in streams):
            return super()._merge_pdfs(streams, *args, **kwargs)
        streams.append(press.PressedStream(press.merged([stream.getvalue() for stream in streams])))
        return streams[-1]

    @api.model
    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        if not report_ref or self._get_report(report_ref).engine != "weasyprint":
            return super()._run_wkhtmltopdf(bodies, report_ref=report_ref, **options)
        return self._run_weasyprint(bodies)

    @api.model
    def _run_weasyprint(self, bodies):
        """Return one PDF with the pages of all ``bodies``, each a whole HTML document. Raises UserError."""
        self._check_chinese_font()
        (result,) = press.LIVE.printed([bodies])
        if isinstance(result, press.Failed):
            raise UserError(self._why_not_printed(result))
        return result.content

    def _handed_out(self, pdf):
        """Return the bytes of a kept paper as this database hands it out: a copy marks each page."""
        if not is_neutralized(self.env):
            return pdf
        values = {"stylesheet": stylesheet(), "neutralized": True}
        page = self.env["ir.qweb"]._render("wz_skill_cert.test_stamp", values)
        return press.stamped(pdf, self._run_weasyprint([str(page)]))

    def _why_not_printed(self, failed):
        if failed.characters:
            return self._unprintable(failed.characters)
        _logger.warning("A form was not printed: %s", failed.error)
        if failed.late:
            return self.env._(
                "Typesetting takes too long. Please shorten the longest texts of the case and print again."
            )
        return self.env._("It could not be printed. The administrator finds the reason in the log.")

    def _check_chinese_font(self):
        if not has_chinese_font():
            raise UserError(
                self.env._(
                    "No Chinese font is installed on the server, so the form would be printed as boxes. "
                    "Please install the package fonts-noto-cjk, or FangSong, and restart Odoo."
                )
            )

    def _unprintable(self, characters):
        return self.env._(
            "No font on the server has these characters, so they would be printed as boxes: %s. "
            "Please install the packages fonts-babelstone-han and fonts-hanazono, and restart Odoo.",
            " ".join(characters),
        )

    @api.model
    def _print_source(self, report_ref, record):
        """Return the report of ``record`` before it is printed: the bytes of the frozen PDF, or a page of HTML.

        Raises AccessError for who may not print it.
        """
        report = self._get_report(report_ref)
        if frozen := self._frozen_entry(report, record):
            return frozen["stream"].getvalue()
        return self._render_qweb_html(report, record.ids)[0].decode()
