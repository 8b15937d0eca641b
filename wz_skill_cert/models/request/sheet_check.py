"""What the database knows about a row of 附件2 and the paper does not. The sentences are Chinese, as on the paper."""

from collections import defaultdict

from odoo.fields import Domain

from ... import workflow
from ...sheets.sheet_reader import key_of

# What a row says about the application itself; identity and unit are resolved first.
PLAIN_FIELDS = (
    "applicant_name", "id_number", "sex", "birth_date", "education", "level", "job", "phone",
    "stated_career_years", "stated_benefit", "employer_assets", "employer_sales", "employer_headcount",
)  # fmt: skip


class SheetCheck:
    """Checks the rows of one upload against catalogue, units and the unit's other applications."""

    def __init__(self, submission, member=None):
        """Check for ``submission``; of an association's ``member`` alone where the file is this member's."""
        self.submission, self.env = submission, submission.env
        self.member = member or submission.nominator_id.browse()
        self.units = self._units()
        self.occupations = self._occupations()
        self.known = self._known()
        self.seen = {}

    def check(self, number, values):
        """Return (values of the application, {field: problem}, the draft that it corrects or None)."""
        problems = {}
        vals = {name: values[name] for name in PLAIN_FIELDS if name in values}
        if "occupation" in values:
            vals["occupation_id"] = self._occupation(values["occupation"], problems)
        vals["employer_id"] = self._employer(values.get("employer"), problems)
        draft = self._draft(number, vals, problems) if not problems else None
        return vals, problems, draft

    # ------------------------------------------------------------------ occupation

    def _occupations(self):
        """Return {typed name or code: occupations}, the names in force before those of 2022."""
        index = defaultdict(self.env["skill.cert.occupation"].browse)
        every = self.env["skill.cert.occupation"].search([])
        for names in (("name", "code"), ("name_2022", "code_2022")):
            found = defaultdict(every.browse)
            for occupation in every:
                typed = [key_of(occupation[name]) for name in names if occupation[name]]
                for key in {*typed, "".join(typed)}:
                    found[key] |= occupation
            index.update({key: occupations for key, occupations in found.items() if key not in index})
        return dict(index)

    def _occupation(self, typed, problems):
        occupations = self.occupations.get(key_of(typed))
        in_scope = occupations.filtered("in_scope") if occupations else None
        if len(in_scope or ()) == 1:
            return in_scope.id
        if in_scope:
            problems["occupation"] = "有多个职业叫这个名称，请填写职业编码"
        elif occupations:
            problems["occupation"] = "该职业（工种）目前不在直接认定的申报范围内"
        else:
            problems["occupation"] = "职业目录中没有这个职业（工种），请从列表中选择或填写职业编码"
        return None

    # ------------------------------------------------------------------ unit

    def _units(self):
        nominator = self.submission.nominator_id
        # sudo: the members of the unit's own association, as its nominators choose among them.
        units = nominator | nominator.sudo().association_member_ids.with_env(self.env)
        if nominator.sudo().skill_cert_unit != "association":  # sudo: the kind of one's own unit
            units = nominator
        if self.member:
            units &= self.member
        index = defaultdict(list)
        for unit in units.sudo():  # sudo: names and bureaus of these units
            index[key_of(unit.name)].append((unit.id, unit.skill_cert_bureau_id.id))
        return dict(index)

    def _employer(self, typed, problems):
        nominator = self.submission.nominator_id
        is_association = nominator.sudo().skill_cert_unit == "association"  # sudo: the kind of one's own unit
        if not typed and self.member:
            typed = self.member.sudo().name  # sudo: the name of a member of the user's own association
        if not typed and is_association:
            problems["employer"] = "请填写报名单位：申报人所在的会员单位"
            return None
        units = self.units.get(key_of(typed or nominator.name), [])
        if len(units) != 1:
            problems["employer"] = self._unknown_unit(units, is_association)
            return None
        [(unit, bureau)] = units
        if bureau != self.submission.bureau_id.id:
            problems["employer"] = f"该单位不属于本表报送的{self.submission.bureau_id.name}，请另表报送"
        return unit

    def _unknown_unit(self, units, is_association):
        if units:
            return "有多个会员单位叫这个名称，请在系统中单独申报"
        if self.member:
            return "这份表只能申报所选会员单位的职工"
        if is_association:
            return "不是本协会的会员单位；请核对单位全称"
        return "只能申报本单位职工：报名单位应为本单位全称"

    # ------------------------------------------------------------------ identity

    def _known(self):
        """Return {(ID number, occupation, level): the unit's application in the campaign}; the withdrawn left out."""
        nominator, model = self.submission.nominator_id, self.env["skill.cert.application"]
        applications = model.search_fetch(
            model._taken_domain(self.submission.campaign_id, own=nominator)
            & Domain("nominator_id", "=", nominator.id)
            & Domain("id_number", "!=", False),
            ["id_number", "occupation_id", "level", "state", "submission_id"],
            # Of several, what has been submitted counts, and then what is on this sheet.
            order="id",
        )
        ranked = applications.sorted(
            lambda a: (not workflow.row(a.state).open, a.submission_id == self.submission, -a.id)
        )
        return {a._place(): a for a in ranked}

    def _draft(self, number, vals, problems):
        identity = (vals.get("id_number"), vals.get("occupation_id"), vals.get("level"))
        if not all(identity):
            return None
        first = self.seen.setdefault(identity, number)
        if first != number:
            problems["id_number"] = f"与第{first}行重复：同一人、同一职业、同一等级"
        application = self.known.get(identity)
        if not application:
            return None
        if not workflow.row(application.state).open:
            problems["id_number"] = "此人本批次已申报同一职业、同一等级"
        elif application.submission_id not in (self.submission.browse(), self.submission):
            problems["id_number"] = "此人的申报已在另一张汇总表上"
        return application
