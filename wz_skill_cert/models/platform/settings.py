"""Limits that an administrator sets (Settings), each with the value that holds until then."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

UPLOAD_MB = "wz_skill_cert.upload_max_mb"
VERIFY_PER_CLIENT = "wz_skill_cert.verify_per_minute"
VERIFY_IN_ALL = "wz_skill_cert.verify_per_minute_in_all"
TRAIL_MONTHS = "wz_skill_cert.trail_months"
RETENTION_YEARS = "wz_skill_cert.retention_years"
REMIND_DAYS = "wz_skill_cert.remind_days"
READING_DAYS = "wz_skill_cert.reading_days"
DEFAULTS = {
    UPLOAD_MB: 20,
    VERIFY_PER_CLIENT: 60,
    VERIFY_IN_ALL: 1200,
    TRAIL_MONTHS: 60,
    RETENTION_YEARS: 5,
    REMIND_DAYS: 3,
    READING_DAYS: 90,
}


def _limit(env, key):
    # sudo: the limit holds for everybody, the parameters are readable by administrators alone.
    value = env["ir.config_parameter"].sudo().get_param(key) or ""
    return int(value) if value.isdecimal() and int(value) else DEFAULTS[key]


def upload_limit(env):
    """Return the size of the largest file accepted, in MB."""
    return _limit(env, UPLOAD_MB)


def verify_limits(env):
    """Return how many verification pages are answered a minute: (to one client, in all)."""
    return _limit(env, VERIFY_PER_CLIENT), _limit(env, VERIFY_IN_ALL)


def trail_months(env):
    """Return how many months entries of the audit trail are kept: 6 at least."""
    return max(_limit(env, TRAIL_MONTHS), 6)


def retention_years(env):
    """Return after how many years from its close a campaign's personal data may be erased: 5 at least."""
    return max(_limit(env, RETENTION_YEARS), 5)


def remind_days(env):
    """Return how many days before a deadline one is reminded of it."""
    return _limit(env, REMIND_DAYS)


def reading_days(env):
    """Return for how many days after the end of a round its experts still read the case."""
    return _limit(env, READING_DAYS)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    skill_cert_upload_max_mb = fields.Integer(
        "Largest file (MB)", config_parameter=UPLOAD_MB, default=DEFAULTS[UPLOAD_MB]
    )
    skill_cert_verify_per_minute = fields.Integer(
        "Verifications a minute from one address",
        config_parameter=VERIFY_PER_CLIENT,
        default=DEFAULTS[VERIFY_PER_CLIENT],
    )
    skill_cert_verify_per_minute_in_all = fields.Integer(
        "Verifications a minute in all",
        config_parameter=VERIFY_IN_ALL,
        default=DEFAULTS[VERIFY_IN_ALL],
        help="Beyond it, an address that asks often waits, and one that asks seldom is still answered.",
    )

    skill_cert_trail_months = fields.Integer(
        "Audit trail kept (months)", config_parameter=TRAIL_MONTHS, default=DEFAULTS[TRAIL_MONTHS]
    )
    skill_cert_retention_years = fields.Integer(
        "Personal data kept (years)", config_parameter=RETENTION_YEARS, default=DEFAULTS[RETENTION_YEARS]
    )
    skill_cert_remind_days = fields.Integer(
        "Remind so many days before a deadline", config_parameter=REMIND_DAYS, default=DEFAULTS[REMIND_DAYS]
    )
    skill_cert_reading_days = fields.Integer(
        "Experts read a case after its round (days)", config_parameter=READING_DAYS, default=DEFAULTS[READING_DAYS]
    )

    @api.constrains("skill_cert_upload_max_mb", "skill_cert_verify_per_minute", "skill_cert_verify_per_minute_in_all")
    def _check_skill_cert_limits(self):
        for settings in self:
            if not 1 <= settings.skill_cert_upload_max_mb <= 200:
                raise ValidationError(self.env._("The largest file has 1 to 200 MB."))
            if min(settings.skill_cert_verify_per_minute, settings.skill_cert_verify_per_minute_in_all) < 1:
                raise ValidationError(self.env._("At least one verification a minute must be possible."))

    @api.constrains("skill_cert_trail_months", "skill_cert_retention_years")
    def _check_skill_cert_terms(self):
        for settings in self:
            if settings.skill_cert_trail_months < 6:
                raise ValidationError(self.env._("The audit trail is kept for 6 months at least."))
            if settings.skill_cert_retention_years < 5:
                raise ValidationError(self.env._("Records of a campaign are kept for 5 years at least."))

    @api.constrains("skill_cert_reading_days")
    def _check_skill_cert_reading_days(self):
        if any(settings.skill_cert_reading_days < 1 for settings in self):
            raise ValidationError(self.env._("Experts read a case for a day at least after its round."))

    @api.constrains("skill_cert_remind_days")
    def _check_skill_cert_remind_days(self):
        for settings in self:
            if not 1 <= settings.skill_cert_remind_days <= 30:
                raise ValidationError(self.env._("One is reminded 1 to 30 days before a deadline."))
