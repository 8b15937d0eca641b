"""What was signed stays as it was signed, whatever becomes of all that it was made from."""

import base64
from collections import Counter, deque

from psycopg2 import Error

from odoo import fields
from odoo.addons.wz_skill_cert import signing
from odoo.addons.wz_skill_cert.models.outcome.signature import LATER
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_signature import CertificateCase

# What a certificate can reach and Odoo's own works are made of: no fact of a certificate is there.
WORKS = (
    "ir.", "base.", "mail.", "bus.", "discuss.", "report.", "digest.", "properties.", "res.lang", "res.groups", "res.config",
    "res.country", "res.currency", "res.users.settings",
)  # fmt: skip
TO_MANY = ("one2many", "many2many")
RELATIONS = ("many2one", *TO_MANY)
LOG_FIELDS = ("id", "create_uid", "create_date", "write_uid", "write_date")


def other_value(record, field):
    """Return a value for ``field`` that it does not have, of its kind."""
    value = record[field.name]
    match field.type:
        case "char" | "text" | "html":
            # Digits where there are digits: a code has a form.
            return "".join(str(9 - int(sign)) for sign in value) if (value or "").isdigit() else f"改{value or ''}"[:40]
        case "integer" | "float" | "monetary":
            return value + 1
        case "boolean":
            return not value
        case "date":
            return fields.Date.add(value or fields.Date.today(), days=1)
        case "datetime":
            return fields.Datetime.add(value or fields.Datetime.now(), days=1)
        case "selection":
            return next((key for key in field.get_values(record.env) if key != value), False)
        case "many2one":
            return record.env[field.comodel_name].search([("id", "!=", value.id)], limit=1).id
        case "one2many" | "many2many":
            return [Command.clear()]
        case "binary" | "image":
            return base64.b64encode(b"\x89PNG" if field.type == "image" else b"other")
    return False


class SealedCase(CertificateCase):
    def _reached(self, start):
        """Return all records that ``start`` leads to by whatever relation, nearest first."""
        reached, waiting = {start}, deque([start])
        while waiting:
            for record in self._neighbours(waiting.popleft()) - reached:
                reached.add(record)
                waiting.append(record)
                yield record

    def _some_of_each(self, records):
        """Return all records of ours, and of each model of Odoo's the nearest ten: the tests' crowd of users is one kind."""
        taken, counts = [], Counter()
        for record in records:
            counts[record._name] += 1
            if record._name.startswith("skill.cert.") or counts[record._name] <= 10:
                taken.append(record)
        return taken

    def _neighbours(self, record):
        related = [field for field in record._fields.values() if field.type in RELATIONS]
        related = [field for field in related if not field.comodel_name.startswith(WORKS)]
        return {one for field in related for one in self._related(record, field) if one.id}

    def _related(self, record, field):
        # Some are computed for a form only, and some for nobody.
        try:
            return record.with_context(active_test=False)[field.name]
        except (UserError, ValueError):
            return []

    def _change_all(self, record, to_many):
        """Change each field of ``record`` that lets itself be written, or empty each of its lists. Return how many did."""
        if not record.exists():
            return 0
        wanted = [field for field in record._fields.values() if (field.type in TO_MANY) == to_many]
        wanted = [field for field in wanted if field.store or field.inverse or field.related]
        return sum(self._change(record, field) for field in wanted if field.name not in LOG_FIELDS)

    def _change(self, record, field):
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                record.write({field.name: other_value(record, field)})
                self.env.flush_all()
            return 1
        except (Error, UserError, ValueError, TypeError, KeyError, AttributeError):
            self.env.invalidate_all()
            return 0

    def _shown(self):
        """Return what the certificate says on its public page, in an export and as what was signed."""
        self.env.invalidate_all()
        certificate = self.env["skill.cert.certificate"].sudo().browse(self.certificate.id)
        page = self.env["ir.qweb"]._render("wz_skill_cert.verify_page", {"certificate": certificate})
        names = [name for name in certificate._signed_fields() - LATER if certificate._fields[name].type != "many2one"]
        return page, certificate.export_data(sorted(names))["datas"], certificate._signed_content()


@tagged("standard", "post_install", "-at_install")
class TestSealed(SealedCase):
    def test_a_bureaus_new_division_code_leaves_its_certificates_as_they_were(self):
        shown = self._shown()
        self.county.code = "330399"
        self.assertTrue(self.certificate.is_unaltered)
        self.assertEqual(self._shown(), shown)

    def test_whatever_changes_in_all_that_it_can_reach_a_certificate_verifies_and_shows_the_same(self):
        shown = self._shown()
        changed, models = 0, set()
        reached = self._some_of_each(self._reached(self.certificate.sudo()))
        # Lists last: what is taken off one may be gone.
        for record, to_many in [(record, to_many) for to_many in (False, True) for record in reached]:
            if done := self._change_all(record, to_many):
                changed += done
                models.add(record._name)
                self.assertTrue(self.certificate.is_unaltered, record)
        self.assertEqual(self._shown(), shown)
        for name in ("bureau", "application", "occupation", "policy", "campaign", "review", "expert", "achievement"):
            self.assertIn(f"skill.cert.{name}", models)
        self.assertIn("res.partner", models)
        self.assertGreater(changed, 500)

    def test_no_fact_of_a_certificate_is_changed_by_anybody_not_even_the_program(self):
        certificate = self.certificate.sudo()
        for name in certificate._signed_fields():
            field = certificate._fields[name]
            with self.subTest(field=name), self.assert_refused("never changes"):
                certificate.write({name: other_value(certificate, field)})
        key = certificate.signing_key_id
        for name in ("name", "public_key", "bureau_id", "algorithm", "created_on", "private_key"):
            with self.subTest(field=name), self.assert_refused("never changed"):
                key.write({name: other_value(key, key._fields[name])})
        self.assertTrue(certificate.is_unaltered)

    def test_an_altered_fact_of_either_format_is_found(self):
        names = {
            signing.FORMAT: ("bureau_code", "key_name", "holder_name", "id_number_masked", "number", "sex", "level"),
            signing.FORMAT_1: ("bureau_code", "key_name", "holder_name", "birth_date", "education", "kind", "issuer"),
        }
        for form, columns in names.items():
            self._signed_in(form)
            self.assertTrue(self.certificate.is_unaltered)
            for column in columns:
                with self.subTest(form=form, column=column), self.env.cr.savepoint() as savepoint:
                    other = other_value(self.certificate.sudo(), self.certificate._fields[column])
                    self._tamper(**{column: other})
                    self.assertFalse(self.certificate.is_unaltered)
                    self.assertIn(self.certificate, self.certificate.sudo()._unconfirmed())
                    savepoint.rollback()
                    self.env.invalidate_all()

    def _signed_in(self, form):
        self._tamper(signature=None, signed_format=None if form == signing.FORMAT_1 else form)
        certificate = self.certificate.sudo()
        signature = certificate.signing_key_id._sign(certificate._signed_content())
        certificate.signature = base64.b64encode(signature).decode()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_the_upgrade_stores_what_verifies_and_names_what_does_not(self):
        other = self.env["skill.cert.certificate"].browse(self._another().id)
        both = (self.certificate | other).sudo()
        self.env.cr.execute("UPDATE skill_cert_certificate SET bureau_code = NULL, key_name = NULL")
        self.env.cr.execute("UPDATE skill_cert_certificate SET occupation_name = '焊工' WHERE id = %s", (other.id,))
        self.env.invalidate_all()
        self.assertEqual(both._store_signed_facts(), other)
        self.assertEqual(self.certificate.bureau_code, self.county.code)
        self.assertTrue(self.certificate.is_unaltered)
        self.assertEqual(self.env["skill.cert.certificate"].sudo()._unconfirmed(), other)

    def _another(self):
        application = self._waiting_for_vote(1)
        self._decide(application)
        return application.action_certify()
