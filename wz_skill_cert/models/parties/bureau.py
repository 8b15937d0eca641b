import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ... import clock

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
    """A county's bureau of human resources, or the city's appraisal centre (notice, part 3)."""

    _name = "skill.cert.bureau"
    _description = "Bureau"
    _order = "code"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char("Division code", required=True, size=6, help="GB/T 2260, six digits.")
    level = fields.Selection(
        [("county", "County"), ("city", "City")], "Kind of bureau", required=True, default="county"
    )
    parent_id = fields.Many2one(
        "skill.cert.bureau", "City bureau", domain=[("level", "=", "city")], ondelete="restrict"
    )
    city_id = fields.Many2one(
        "skill.cert.bureau",
        compute="_compute_city_id",
        store=True,
        index=True,
        recursive=True,
        help="The city bureau above this one; a city bureau itself.",
    )
    issuer = fields.Char(
        "Name on certificates",
        compute="_compute_issuer",
        store=True,
        readonly=False,
        help="The authority printed as the issuer.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "skill_cert_bureau_user_rel",
        "bureau_id",
        "user_id",
        string="Officers",
        groups="wz_skill_cert.group_county_officer,wz_skill_cert.group_manager,base.group_erp_manager",
        help="Only these users act for the bureau and see its applications.",
    )
    # For record rules: asked anew in every request, so that a right works and ends at once.
    user_acts = fields.Boolean(
        "I act for it", compute="_compute_user_rights", search="_search_user_acts", compute_sudo=True
    )
    user_oversees = fields.Boolean(
        "I oversee it", compute="_compute_user_rights", search="_search_user_oversees", compute_sudo=True
    )
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
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (code)", "There is already a bureau with this division code.")
    _code_digits = models.Constraint("CHECK (code ~ '^[0-9]{6}$')", "A division code has six digits.")
    _county_has_city = models.Constraint(
        "CHECK (level = 'city' OR parent_id IS NOT NULL)", "A county bureau needs the city bureau above it."
    )

    @api.depends("level", "parent_id.city_id")
    def _compute_city_id(self):
        for bureau in self:
            bureau.city_id = bureau if bureau.level == "city" else bureau.parent_id

    @api.depends("user_ids", "city_id.user_ids")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        own = self.env["res.users"]._own_numbers("acted_bureau_numbers")
        overseen = self.env["res.users"]._own_numbers("overseen_bureau_numbers")
        for bureau in self:
            bureau.user_acts = bureau._origin.id in own
            bureau.user_oversees = bureau._origin.id in overseen

    def _search_user_acts(self, operator, value):
        own = self.env["res.users"]._own_numbers("acted_bureau_numbers")
        return Domain("id", "in", own) if operator == "in" and True in value else NotImplemented

    def _search_user_oversees(self, operator, value):
        own = self.env["res.users"]._own_numbers("overseen_bureau_numbers")
        return Domain("id", "in", own) if operator == "in" and True in value else NotImplemented

    @api.depends("name")
    def _compute_issuer(self):
        for bureau in self:
            bureau.issuer = bureau.name

    @api.depends("code", "body_kind", "body_serial", "certificate_pattern")
    def _compute_certificate_example(self):
        for bureau in self:
            parts = {**bureau._number_parts(), "year": f"{clock.today():%y}", "level": "3", "serial": "00001"}
            bureau.certificate_example = _filled(bureau.certificate_pattern, parts)

    @api.constrains("certificate_pattern")
    def _check_certificate_pattern(self):
        english = {name: key for key, name in PATTERN_PARTS.items()}
        for bureau in self:
            keys = {english.get(name, name) for name in re.findall(r"\{(.*?)\}", bureau.certificate_pattern)}
            if unknown := keys - PATTERN_PARTS.keys():
                raise ValidationError(
                    self.env._("Unknown part in the certificate number: %s.", ", ".join(sorted(unknown)))
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
        return _filled(self.certificate_pattern, parts)

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
            # no_gap locks the row: two officers issuing at once wait for each other
            # instead of leaving a hole that a court would ask about.
            bureau.sequence_id = bureau.env["ir.sequence"].create(
                {
                    "name": f"{bureau.name} {bureau.code}",
                    "code": "skill.cert.certificate",
                    "implementation": "no_gap",
                    "padding": 5,
                    "company_id": False,
                }
            )
        return bureau.sequence_id


def _filled(pattern, parts):
    """Return ``pattern`` with the known parts filled in; a part may go by its English or its Chinese name."""
    values = {**parts, **{PATTERN_PARTS[key]: value for key, value in parts.items()}}
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), pattern or "")
