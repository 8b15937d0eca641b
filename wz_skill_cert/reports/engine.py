import functools
import io

import weasyprint
from weasyprint.urls import URLFetcher

from odoo import api, fields, models
from odoo.exceptions import UserError

# 3b and not 2b: it may carry the form's data as an attached file.
PDF_OPTIONS = {"pdf_variant": "pdf/a-3b", "pdf_tags": True}

# Families of the stylesheet whose glyphs are those of mainland China.
CHINESE_FAMILIES = (
    "FangSong",
    "STFangsong",
    "仿宋",
    "FangSong_GB2312",
    "仿宋_GB2312",
    "SimSun",
    "STSong",
    "宋体",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
)
# 骨 and 直 look different in Japan, so a font that lacks the mainland's shapes is found out.
PROBE = "温州骨直"


class NoFetcher(URLFetcher):
    """Opens what a page carries in itself, and nothing else: no text of a form can make the server call anybody."""

    def __init__(self):
        super().__init__(allowed_protocols=("data",), allow_redirects=False)


def quoted_families():
    """Return the font stack as CSS."""
    return ", ".join(f'"{family}"' for family in CHINESE_FAMILIES)


@functools.cache
def has_chinese_font():
    """Tell whether the engine prints Chinese with one of the CHINESE_FAMILIES.

    Laying out a probe asks the same code that will print the form. Cached: a font
    that is installed later is seen after a restart.
    """
    style = f"<style>body {{ font-family: {quoted_families()} }}</style>"
    page = f'<html lang="zh-CN">{style}<body>{PROBE}</body></html>'
    document = weasyprint.HTML(string=page, url_fetcher=NoFetcher()).render()
    document.write_pdf()
    families = {font.family for font in document.fonts.values()}
    return bool(families) and families <= set(CHINESE_FAMILIES)


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
        if report.engine != "weasyprint":
            stock = self.with_context(stock_engine=True)
            return super(Report, stock)._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        if not res_ids:
            return {False: {"stream": self._weasyprint_stream(report, data, []), "attachment": None}}
        records = self.env[report.model].browse(dict.fromkeys(res_ids))
        # One document a record: each can be kept as its record's file, and memory stays that of one.
        return {record.id: self._weasyprint_entry(report, data, record) for record in records}

    def _weasyprint_entry(self, report, data, record):
        """Return the stream of one record, from its attachment where the report keeps one."""
        keeps = report.attachment and not self.env.context.get("report_pdf_no_attachment")
        attachment = report.retrieve_attachment(record) if keeps else None
        if attachment and report.attachment_use:
            return {"stream": io.BytesIO(attachment.raw), "attachment": attachment}
        return {"stream": self._weasyprint_stream(report, data, record.ids), "attachment": attachment}

    def _weasyprint_stream(self, report, data, res_ids):
        html = self._render_qweb_html(report, res_ids, data=data)[0]
        return io.BytesIO(self._run_wkhtmltopdf([html.decode()], report_ref=report))

    @api.model
    def _run_wkhtmltopdf(self, bodies, report_ref=False, **options):
        if not report_ref or self._get_report(report_ref).engine != "weasyprint":
            return super()._run_wkhtmltopdf(bodies, report_ref=report_ref, **options)
        return self._run_weasyprint(bodies)

    @api.model
    def _run_weasyprint(self, bodies):
        """Return one PDF with the pages of all ``bodies``, each a whole HTML document."""
        if not has_chinese_font():
            raise UserError(
                self.env._(
                    "No Chinese font is installed on the server, so the form would be printed as boxes. "
                    "Please install the package fonts-noto-cjk, or FangSong, and restart Odoo."
                )
            )
        documents = [weasyprint.HTML(string=body, url_fetcher=NoFetcher()).render(**PDF_OPTIONS) for body in bodies]
        pages = [page for document in documents for page in document.pages]
        return documents[0].copy(pages).write_pdf(**PDF_OPTIONS)
