"""No text is longer than was told, no file holds the house up, and neither does a case that cannot be printed."""

from odoo.addons.wz_skill_cert.models.platform.text_limits import LIMITS
from odoo.addons.wz_skill_cert.workflow import OUR_MODELS
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id

MEGABYTE = 10**6


@tagged("standard", "post_install", "-at_install")
class TestTexts(SkillCertCase):
    def _limited(self):
        """Yield (model, field, limit) of every text of the addon that somebody may type."""
        for name in self.env.registry:
            model = self.env[name]
            if not model._abstract:
                for field, limit in model._text_limits().items():
                    yield model, model._fields[field], limit

    def test_every_text_that_somebody_may_type_has_a_limit(self):
        limited = {(model._name, field.name) for model, field, _limit in self._limited()}
        typed = {
            (name, field.name)
            for name, model in self.env.registry.items()
            if name.startswith(OUR_MODELS) and not model._abstract
            for field in model._fields.values()
            if field.type in LIMITS and field.store and not self._is_made(field)
        }
        self.assertEqual(typed - limited, set())
        self.assertIn(("res.partner", "skill_cert_contact"), limited)
        self.assertGreater(len(limited), 60)

    def _is_made(self, field):
        return getattr(field, "guarded", False) or field.related or (field.compute and field.readonly)

    def test_every_text_takes_its_limit_and_refuses_one_more_and_a_megabyte(self):
        self.case = self._application()
        for model, field, limit in self._limited():
            model._check_lengths([{field.name: "字" * limit}])
            for size in (limit + 1, MEGABYTE):
                for road in (self._by_create, self._by_write, self._by_flush):
                    with (
                        self.subTest(model=model._name, field=field.name, size=size, road=road.__name__),
                        self.assertRaises(UserError) as refused,
                    ):
                        road(model.sudo(), field, "字" * size)
                    # Or what asks for more than a length: a file, a case, or that nobody writes there at all.
                    if isinstance(refused.exception, ValidationError):
                        self.assertRegex(str(refused.exception), rf"{limit} characters; these are \d+")

    def _by_create(self, model, field, text):
        asked_first = {"skill.cert.objection": {"application_id": self.case.id}, "hr.employee": {"name": "示例"}}
        model.create({field.name: text, **asked_first.get(model._name, {})})

    def _by_write(self, model, field, text):
        # No record is needed: refused before anything is looked at.
        model.browse().write({field.name: text})

    def _by_flush(self, model, field, text):
        # Where a computed text ends.
        column = text if field.size else field.convert_to_column(text, model)
        model.browse()._write_multi([{field.name: column}])

    def test_the_line_of_a_case_is_measured_on_the_way_through_its_case(self):
        for line in ({"witness": "证" * 101}, {"description": "工" * 1_001}):
            with self.assertRaises(ValidationError):
                values = {"date_start": "2005-07-01", "description": "电工", **line}
                self._application(history_ids=[Command.create(values)])

    def test_what_is_copied_from_a_unit_is_measured_at_the_case(self):
        nominator = self._nominator(self._unit("温" * 201))
        with self.assertRaisesRegex(ValidationError, "200 characters; these are 201"):
            self._application(nominator)

    def test_a_longer_text_of_earlier_days_stays_and_is_printed(self):
        application = self._application()
        self.env.cr.execute(
            "UPDATE skill_cert_application SET summary = %s WHERE id = %s", ("旧" * 12_000, application.id)
        )
        application.invalidate_recordset()
        application.job = "维修电工"
        application.flush_recordset()
        page = (
            self.env["ir.actions.report"]
            .with_user(self.nominator)
            ._render_qweb_html("wz_skill_cert.report_application_form", application.ids)[0]
        )
        self.assertIn("旧" * 12_000, page.decode())

    def test_the_form_tells_the_limit(self):
        described = self.env["skill.cert.application"].fields_get(["summary", "applicant_name"])
        self.assertEqual(described["applicant_name"]["size"], 100)
        self.assertIn("10000", described["summary"]["help"])

    def _application(self, user=None, **values):
        user = user or self.nominator
        return self.env["skill.cert.application"].with_user(user).create(self._application_vals(user, **values))
