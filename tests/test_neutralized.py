"""A copy that was made harmless issues nothing that looks real: its keys, numbers, papers and pages are its own, and say so."""

import io

from pypdf import PdfReader

from odoo.addons.wz_skill_cert.models.platform.neutralized import TEST_MARK
from odoo.exceptions import ValidationError
from odoo.modules.neutralize import get_installed_modules, get_neutralization_queries
from odoo.tests import HttpCase, tagged

from .common import resident_id
from .test_signature import CertificateCase

MARK = "测试无效"
PARAMETERS = ("database.is_neutralized", "wz_skill_cert.public_address", "wz_skill_cert.public_address_reason")


class NeutralizedCase(CertificateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the last test has left in the caches is of a transaction that is gone.
        cls.addClassCleanup(cls.registry.clear_all_caches)

    def setUp(self):
        self.env.registry.clear_all_caches()
        super().setUp()

    def _neutralize(self):
        """Do what ``odoo neutralize`` does, in this transaction."""
        self.env.flush_all()
        for query in get_neutralization_queries(get_installed_modules(self.env.cr)):
            self.env.cr.execute(query)
        self._forget_caches()
        # A server is started anew after it; here the parameters are written again, which empties their cache.
        for parameter in self.env["ir.config_parameter"].sudo().search([("key", "in", PARAMETERS)]):
            parameter.value = parameter.value
        self.env.flush_all()
        self.addCleanup(self._forget_caches)

    def _forget_caches(self):
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()

    def _another(self):
        application = self._accepted(id_number=resident_id(sequence=905))
        self._qualify(application)
        self._decide(application)
        return application.action_certify()

    def _pages(self, form, record, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.county_officer)
        reports = reports.with_context(force_report_rendering=True)
        pdf = reports._render_qweb_pdf(f"wz_skill_cert.report_{form}", record.ids)[0]
        return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


@tagged("standard", "post_install", "-at_install")
class TestNeutralized(NeutralizedCase):
    def test_a_copy_signs_with_no_real_key(self):
        real = self.env["skill.cert.signing.key"].sudo().search([])
        self._neutralize()
        self.assertFalse(any(real.mapped("private_key")))
        self.assertEqual(set(real.mapped("state")), {"retired"})
        certificate = self._another()
        self.assertNotIn(certificate.signing_key_id, real)
        self.assertTrue(certificate.is_unaltered, "it can be tried out")
        self.assertTrue(self.certificate.is_unaltered)

    def test_no_number_of_a_copy_is_one_of_the_real_series(self):
        self._neutralize()
        certificate = self._another()
        self.assertTrue(certificate.number.startswith(TEST_MARK))
        self.assertTrue(certificate.application_id.name.startswith(TEST_MARK))
        for pattern in ("TEST-{等级}{流水号}", "test{等级}{流水号}"):
            with self.subTest(pattern=pattern), self.assertRaises(ValidationError):
                self.county.certificate_pattern = pattern

    def test_every_page_of_every_paper_is_marked(self):
        kept = {
            "certificate": self.certificate,
            "application_form": self.application,
            "material_list": self.application,
            "assessment_sheet": self.application.sudo().review_id.assessment_ids[0],
            "session_minutes": self.application.sudo().review_id.session_id,
            "dossier": self.application,
        }
        for form, record in kept.items():
            self.assertNotIn(MARK, "".join(self._pages(form, record)), form)
        hashes = self.application.sudo().paper_ids.mapped("sha256")
        self._neutralize()
        other = self._another()
        live = {"certificate": other, "application_form": other.application_id, "dossier": other.application_id}
        live["application_form of a draft"] = self._draft(id_number=resident_id(sequence=907))
        for form, record in (*kept.items(), *live.items()):
            user = self.nominator if "draft" in form else self.county_officer
            for number, page in enumerate(self._pages(form.partition(" ")[0], record, user), 1):
                with self.subTest(form=form, page=number):
                    self.assertIn(MARK, page)
        for form in ("application_form", "ballot_paper", "publicity_list", "assessment_sheet", "return_notice"):
            records = self.env[self.env.ref(f"wz_skill_cert.report_{form}").model]
            with self.subTest(blank=form):
                self.assertIn(MARK, "".join(self._pages(form, records)))
        self.assertEqual(self.application.sudo().paper_ids.mapped("sha256"), hashes)
        self.assertFalse(self.application.file_faults, "what is kept is as it was; what is handed out is marked")

    def test_its_codes_lead_to_no_real_page(self):
        self._neutralize()
        self.assertTrue(self._another().verify_url.startswith("https://test.invalid/"))


@tagged("standard", "post_install", "-at_install")
class TestPages(NeutralizedCase, HttpCase):
    def test_every_public_page_says_so_and_no_certificate_is_called_valid(self):
        addresses = {
            "verify": f"/skill-cert/verify/{self.certificate.token}",
            "none": "/skill-cert/verify/x",
            "check": "/skill-cert/check",
            "publicity": f"/skill-cert/publicity/{self.county.code}",
            "key": f"/skill-cert/key/{self.certificate.key_name}.pem",
        }
        self.env.flush_all()
        self.assertIn("证书有效", self.url_open(addresses["verify"]).text)
        for address in addresses.values():
            self.assertNotIn("测试", self.url_open(address).text)
        self._neutralize()
        for name, address in addresses.items():
            with self.subTest(page=name):
                text = self.url_open(address).text
                self.assertIn("测试", text)
                self.assertIn("无效", text)
                self.assertNotIn("证书有效", text)

    def test_a_kept_paper_that_is_downloaded_is_marked(self):
        paper = self.certificate.sudo().paper_ids
        paper._pdf()
        self.county_officer.password = self.county_officer.login
        self.env.flush_all()
        self._neutralize()
        self.authenticate(self.county_officer.login, self.county_officer.login)
        answer = self.url_open(f"/web/content/skill.cert.paper/{paper.id}/content")
        text = "".join(PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
        self.assertIn(MARK, text)
