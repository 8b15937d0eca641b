"""How a bureau numbers its certificates."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ... import clock
from ..platform.neutralized import TEST_MARK, numbered

# 职业资格证书 number, 16 digits: year 2, province 2, city 2, body 1, serial of the
# body 3, level 1, serial 5.
PATTERN_PARTS = {
    "year": "年份",
    "province": "省",
    "city": "市",
    "body": "机关类别",
    "body_serial": "机关序号",
    "level": "等级",
    "serial": "流水号",
}
DEFAULT_PATTERN = "".join(f"{{{name}}}" for name in PATTERN_PARTS.values())
LEVEL_DIGITS = {"senior_worker": "3", "technician": "2"}


class Bureau(models.Model):
    _inherit = "skill.cert.bureau"

    certificate_pattern = fields.Char(
        "Certificate number pattern",
        required=True,
        default=DEFAULT_PATTERN,
        help="Parts in braces: {年份} year, {省} province, {市} city, {机关类别} kind of the body, {机关序号} its serial, "
        "{等级} level, {流水号} serial of the certificate.",
    )
    certificate_example = fields.Char("Example of a number", compute="_compute_certificate_example")
    body_kind = fields.Char("Kind of issuing body", size=1, default="0", help="One digit of the certificate number.")
    body_serial = fields.Char(
        "Serial of issuing body", size=3, default="001", help="Three digits of the certificate number."
    )
    sequence_id = fields.Many2one(
        "ir.sequence", "Certificate counter", readonly=True, copy=False, groups="base.group_system"
    )
    reissue_sequence_id = fields.Many2one(
        "ir.sequence", "Reissue counter", readonly=True, copy=False, groups="base.group_system"
    )

    @api.depends("code", "body_kind", "body_serial", "certificate_pattern")
    def _compute_certificate_example(self):
        for bureau in self:
            parts = {**bureau._number_parts(), "year": f"{clock.today():%y}", "level": "3", "serial": "00001"}
            bureau.certificate_example = _filled(bureau.certificate_pattern, parts)

    @api.constrains("certificate_pattern")
    def _check_certificate_pattern(self):
        english = {name: key for key, name in PATTERN_PARTS.items()}
        for bureau in self:
            keys = {english.get(name, name) for name in re.findall(r"\{([^{}]*)\}", bureau.certificate_pattern)}
            if unknown := keys - PATTERN_PARTS.keys():
                raise ValidationError(
                    self.env._("Unknown part in the certificate number: %s.", ", ".join(sorted(unknown)))
                )
            if TEST_MARK.strip("-") in bureau.certificate_pattern.upper():
                raise ValidationError(
                    self.env._("“TEST” marks the numbers of a copy of the database, and begins no real one.")
                )
            if not {"serial", "level"} <= keys:
                raise ValidationError(
                    self.env._("A certificate number needs at least the level {等级} and the serial {流水号}.")
                )

    def _next_certificate_number(self, level, day):
        """Return the next number for a certificate of ``level`` issued on ``day``."""
        self.ensure_one()
        parts = {
            **self._number_parts(),
            "year": f"{day:%y}",
            "level": LEVEL_DIGITS[level],
            "serial": self._certificate_counter().next_by_id(),
        }
        return numbered(self.env, _filled(self.certificate_pattern, parts))

    def _next_reissue_serial(self, day):
        """Return the next serial of a paper that takes another's place: division code, year and six digits."""
        self.ensure_one()
        # sudo: as in _certificate_counter
        bureau = self.sudo()
        if not bureau.reissue_sequence_id:
            bureau.reissue_sequence_id = bureau._new_counter("skill.cert.reissue", padding=6)
        return numbered(self.env, f"{self.code}{day:%Y}{bureau.reissue_sequence_id.next_by_id()}")

    def _new_counter(self, code, padding):
        # no_gap locks the row: two officers issuing at once wait for each other
        # instead of leaving a hole that a court would ask about.
        return self.env["ir.sequence"].create(
            {
                "name": f"{self.name} {self.code}",
                "code": code,
                "implementation": "no_gap",
                "padding": padding,
                "company_id": False,
            }
        )

    def _number_parts(self):
        """Return the parts of a number that tell this bureau from others."""
        code = self.code or ""
        parts = {"province": code[:2], "city": code[2:4], "body": self.body_kind, "body_serial": self.body_serial}
        return {key: value or "" for key, value in parts.items()}

    def _number_prefix(self):
        """Return what tells this bureau's certificate numbers from others', serial and level aside."""
        return _filled(self.certificate_pattern, self._number_parts())

    def _certificate_counter(self):
        # sudo: an officer may issue certificates but not administer sequences; the counter
        # belongs to this bureau alone and its value is public on the certificate.
        bureau = self.sudo()
        if not bureau.sequence_id:
            bureau.sequence_id = bureau._new_counter("skill.cert.certificate", padding=5)
        return bureau.sequence_id


def _filled(pattern, parts):
    """Return ``pattern`` with the known parts filled in; a part may go by its English or its Chinese name."""
    values = {**parts, **{PATTERN_PARTS[key]: value for key, value in parts.items()}}
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), pattern or "")
