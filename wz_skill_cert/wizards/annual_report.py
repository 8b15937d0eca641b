import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import clock
from ..reports import annual_xlsx as annual
from ..reports import wording


class AnnualReport(models.TransientModel):
    """Exports the figures of a year or a campaign for a city or a county: tables that add up, ready to print."""

    _name = "skill.cert.annual.report"
    _description = "Annual report"

    bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "Report of",
        required=True,
        ondelete="cascade",
        default=lambda self: self._own_bureau(),
        help="The appraisal centre of the city stands for the whole city.",
    )
    year = fields.Integer("Year of the campaign", required=True, default=lambda self: clock.today().year)
    campaign_id = fields.Many2one(
        "skill.cert.campaign", "One campaign only", ondelete="cascade", help="Empty: all campaigns of the year."
    )
    content = fields.Binary("File", attachment=True, readonly=True)
    file_name = fields.Char(compute="_compute_file_name")

    @api.depends("year")
    def _compute_file_name(self):
        for report in self:
            report.file_name = f"年度统计表-{report.year}.xlsx"

    @api.onchange("campaign_id")
    def _onchange_campaign_id(self):
        self.year = self.campaign_id.year or self.year

    @api.model
    def _own_bureau(self):
        """Return the bureau whose figures the user reads whole: the city for its officers, else the own county.

        Of several none: the person is asked.
        """
        bureaus = self.env["skill.cert.bureau"].search([("user_acts", "=", True)])
        bureaus = bureaus.filtered(lambda bureau: bureau.level == "city") or bureaus
        return bureaus if len(bureaus) == 1 else bureaus.browse()

    def action_export(self):
        """Make the workbook and download it.

        Raises AccessError where the user does not read all cases of the bureau, UserError where there are none.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_whole()
        self.content = base64.b64encode(self._workbook())
        url = f"/web/content/{self._name}/{self.id}/content/{self.file_name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _check_whole(self):
        """Refuse a report whose heading would say more than its figures hold."""
        bureau, user = self.bureau_id, self.env.user
        is_city_officer = user.has_group("wz_skill_cert.group_city_officer")
        if not (bureau.user_oversees and is_city_officer) and not (bureau.user_acts and bureau.level == "county"):
            raise AccessError(self.env._("You do not read all applications of %s.", bureau.name))
        if self.campaign_id and self.campaign_id.bureau_id != bureau.city_id:
            raise UserError(self.env._("%s is a campaign of another city.", self.campaign_id.name))

    def _domain(self):
        whose = ("city_id" if self.bureau_id.level == "city" else "bureau_id", "=", self.bureau_id.id)
        when = ("campaign_id", "=", self.campaign_id.id) if self.campaign_id else ("year", "=", str(self.year))
        return [whose, when]

    def _counts(self, dimension):
        """Return {(value, level, outcome): number of applications}, by the user's own rights."""
        groups = self.env["skill.cert.statistics"]._read_group(
            self._domain(), [dimension, "level", "outcome"], ["__count"]
        )
        return {(value or False, level, outcome): count for value, level, outcome, count in groups}

    def _workbook(self):
        day = wording.day(clock.today())
        return annual.AnnualWorkbook(self._title(), self.bureau_id.name, day, self._tables()).content()

    def _title(self):
        if self.campaign_id:
            return f"{self.campaign_id.name}统计表"
        return f"{self.year}年度高技能人才直接认定统计表"

    def _tables(self):
        words = annual.labelled
        return [
            self._figures_by("按县（市、区）", "县（市、区）", "bureau_id", self._bureau_rows),
            self._figures_by("按职业（工种）", "职业（工种）", "occupation_id", self._occupation_rows),
            self._figures_by("按认定条件", "认定条件", "condition_id", self._condition_rows),
            self._figures_by("按年龄", "年龄", "age_band", lambda found: words(annual.AGE_BANDS)),
            self._figures_by("按性别", "性别", "sex", lambda found: words(annual.SEXES)),
            self._figures_by("按文化程度", "文化程度", "education", lambda found: words(annual.EDUCATIONS)),
            self._figures_by("按推荐单位", "推荐单位", "nominator_kind", lambda found: words(annual.NOMINATORS)),
        ]

    def _figures_by(self, name, heading, dimension, rows_of):
        counts = self._counts(dimension)
        found = {key for key, _level, _outcome in counts}
        rows = [(key, label) for key, label in rows_of(found) if key or False in found]
        return annual.Table(name, heading, rows, counts)

    def _bureau_rows(self, found):
        """Return every county of the report, also one without applications: nought is an answer, too."""
        own = self.bureau_id
        if own.level == "city":
            own = own.search([("city_id", "=", own.id)])
        return [(bureau, bureau.name) for bureau in (own | own.union(*found)).sorted("code")]

    def _occupation_rows(self, found):
        rows = self._sorted(found, "skill.cert.occupation", "code")
        return [*((row, f"{row.name} {row.code or ''}".strip()) for row in rows), (False, annual.UNKNOWN)]

    def _condition_rows(self, found):
        policies = self._sorted(found, "skill.cert.condition", "id").policy_id
        rows = policies.condition_ids.sorted(lambda row: (row.policy_id.id, row.level, row.number))
        return [*((row, self._condition_label(row, policies)) for row in rows), (False, "未记录")]

    def _condition_label(self, condition, policies):
        level = "高级工" if condition.level == "senior_worker" else "技师"
        label = f"{level}第{condition.number}项条件"
        return f"{label}（{condition.policy_id.code}）" if len(policies) > 1 else label

    def _sorted(self, found, model, key):
        return self.env[model].union(*(record for record in found if record)).sorted(key)
