"""Nobody sees or touches what is not theirs: roles × models × operations, and the side doors.

A first matrix; states, JSON-2 and XML-RPC for all cells belong to a later issue. A model of the addon that is
missing in ``EXPECTED`` fails the suite.
"""

import base64

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import LOGIN_SEQUENCE, SkillCertCase, resident_id

INTERNAL = (
    "nominator", "other nominator", "association", "expert", "other expert", "recused", "member", "county", "other county",
    "city", "manager", "plain", "hr",
)  # fmt: skip
ROLES = (*INTERNAL, "portal", "public")
READ_BY_ALL = dict.fromkeys(INTERNAL, "r")
CASE = {"nominator": "r", "expert": "r", "member": "r", "county": "r", "city": "r"}
DRAFT = {"nominator": "rwcu"}
RULES = {**READ_BY_ALL, "manager": "rwcu"}
# Which of read, write, create and delete each role may do with each record; a role that is missing may do nothing.
EXPECTED = {
    # record: {role: operations}
    "skill.cert.application": CASE,
    "skill.cert.application, draft": DRAFT,
    "skill.cert.achievement": CASE,
    "skill.cert.achievement, draft": DRAFT,
    "skill.cert.material": CASE,
    "skill.cert.material, draft": DRAFT,
    # The copy of the identity card shows what is masked elsewhere.
    "skill.cert.material, personal": {"nominator": "r", "county": "r", "city": "r"},
    "skill.cert.application.history": CASE,
    "skill.cert.application.history, draft": DRAFT,
    "skill.cert.application.contribution": CASE,
    "skill.cert.application.contribution, draft": DRAFT,
    "skill.cert.submission": {"nominator": "r", "county": "r", "city": "r"},
    "skill.cert.submission, draft": DRAFT,
    # As the form that it keeps, which shows the ID number.
    "skill.cert.paper": {"nominator": "r", "county": "r", "city": "r"},
    "skill.cert.paper, of a sheet": {"nominator": "r", "county": "r", "city": "r"},
    # Before anything is nominated: the unit's own nominators, and rows by the check alone.
    "skill.cert.sheet.import": DRAFT,
    "skill.cert.sheet.row": {"nominator": "r"},
    "skill.cert.sheet.progress": {"nominator": "r"},
    "skill.cert.expert": {"expert": "r", "county": "rwc", "city": "rwc"},
    # What an officer has recorded about an expert is not for that expert; the own declaration is.
    "skill.cert.conflict": {"county": "rwc", "city": "rwc"},
    "skill.cert.conflict, own": {"recused": "r", "county": "rw", "city": "rw"},
    "skill.cert.draw": {"county": "rc", "city": "r"},
    "skill.cert.draw.line": {"county": "rw", "city": "r"},
    "skill.cert.panel": {"expert": "r", "recused": "r", "county": "rwc", "city": "r"},
    "skill.cert.panel.member": {"expert": "r", "recused": "r", "county": "rwcu", "city": "r"},
    "skill.cert.review": {"county": "r", "city": "r"},
    "skill.cert.assessment": {"expert": "r", "county": "r", "city": "r"},
    "skill.cert.committee": {"county": "rwc", "city": "r"},
    "skill.cert.committee.member": {"county": "rwc", "city": "r"},
    "skill.cert.session": {"member": "r", "county": "rc", "city": "r"},
    "skill.cert.session.seat": {"member": "r", "county": "r", "city": "r"},
    # Whoever assessed the case and has no seat votes on nothing.
    "skill.cert.motion": {"member": "r", "county": "r", "city": "r"},
    "skill.cert.ballot": {"county": "r", "city": "r"},
    # A count of a paper vote under way is its officer's alone.
    "skill.cert.paper.count": {"county": "rw"},
    "skill.cert.paper.count.line": {"county": "rw"},
    # Who objects is known to the bureau that handles the case, not even to the city.
    "skill.cert.objection": {"county": "rwc"},
    "skill.cert.certificate": {"nominator": "r", "county": "r", "city": "r"},
    "skill.cert.policy": RULES,
    "skill.cert.condition": RULES,
    "skill.cert.criterion": RULES,
    "skill.cert.material.template": RULES,
    "skill.cert.achievement.type": RULES,
    "skill.cert.occupation": RULES,
    "skill.cert.bureau": RULES,
    "skill.cert.campaign": {**RULES, "city": "rwc"},
    "hr.employee.achievement": {"hr": "rwcu"},
    # A dialogue is its opener's alone.
    "skill.cert.reason.wizard": {"county": "rwcu", "city": "c"},
    "skill.cert.refusal.wizard": {"county": "rwcu", "city": "c", "expert": "c", "member": "c"},
    "skill.cert.panel.wizard": {"county": "rwcu", "city": "c"},
    "skill.cert.blank.form.wizard": {
        "nominator": "rwc", "other nominator": "c", "association": "c", "county": "c", "other county": "c", "city": "c",
    },
    "skill.cert.print.wizard": {
        "nominator": "rwc", "other nominator": "c", "association": "c", "county": "c", "other county": "c", "city": "c",
    },
    # What is printed shows ID numbers: nobody but the requester, not even in the same unit or bureau.
    "skill.cert.print.job": {"nominator": "ru"},
    "skill.cert.nomination.wizard": {"nominator": "rwc", "other nominator": "c", "association": "c"},
    # Lines name employees: only for a nominator of the unit's own HR, who is none of these roles.
    "skill.cert.nomination.wizard.line": {},
    "skill.cert.policy.preview": {"manager": "rwc"},
    "skill.cert.policy.preview.line": {},
    "skill.cert.prospect": {"hr": "r"},
    # Ids only, and no case.
    "skill.cert.invariant.check": {"manager": "r"},
}  # fmt: skip


class IsolationCase(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.experts = self._experts(self.county, 4)
        self.recused = self.experts[3]
        self.case = self._reported_case()
        self.env["skill.cert.conflict"].create({"expert_id": self.recused.id, "application_id": self.case.id})
        self.panel = self._panel(self.county, experts=self.experts)
        self._start_assessment(self.case, self.panel)

    def _reported_case(self):
        history = {"date_start": "2010-01-01", "unit": "温州示例电器有限公司（虚构）", "description": "技术改造"}
        application = self._draft(contribution_ids=[Command.create(history)], photo=False)
        self.sheet = (
            self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        )
        self.sheet.application_ids = [Command.link(application.id)]
        self.sheet.action_submit()
        application = application.with_user(self.county_officer)
        application.action_accept()
        return application

    def _may_export(self, user):
        """Let nothing but the rules of the addon stop the user's exports."""
        user.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]

    def _decided(self):
        self._assess(self.case)
        self.case.action_conclude_assessment()
        committee = self._committee(self.county, experts=7, hr=1)
        self.session = self._session(self.case, committee)
        self.session.action_open()
        self._vote(self.session, 9)
        self.session.action_close()
        self.case.action_certify()


@tagged("standard", "post_install", "-at_install")
class TestMatrix(IsolationCase):
    def setUp(self):
        super().setUp()
        self._decided()
        self.users = self._make_users()

    def _make_users(self):
        association = self._association(self.enterprise)
        hr = self._user()
        hr.group_ids = [Command.link(self.env.ref("hr.group_hr_user").id)]
        login = f"portal{next(LOGIN_SEQUENCE)}@test.invalid"
        return {
            "nominator": self.nominator,
            "other nominator": self.other_nominator,
            "association": self._nominator(association),
            "expert": self.experts[0].user_id,
            "other expert": self._expert(self.county).user_id,
            "recused": self.recused.user_id,
            "member": self.session.seat_ids[1].user_id,
            "county": self.county_officer,
            "other county": self.other_officer,
            "city": self.city_officer,
            "manager": self.manager,
            "plain": self.plain_user,
            "hr": hr,
            "portal": new_test_user(self.env, login, groups="base.group_portal"),
            "public": self.env.ref("base.public_user"),
        }

    def _records(self):
        """Return {row of the table: (record, values to write, values to create or None)}."""
        return {
            **self._papers(),
            **self._people(),
            **self._meeting_records(),
            **self._rules(),
            **self._dialogues(),
            **self._staff(),
        }

    def _staff(self):
        """Return what HR sees of its employees, and the dialogues about them."""
        employee = self._employee(achievement_ids=[Command.create(self._achievement_vals(self.env.user))])
        wizard = self.env["skill.cert.nomination.wizard"].with_user(self.nominator).create({})
        own = self.env[wizard._name].with_user(self._hr_nominator(self.enterprise)).create({})
        line = {"employee_id": employee.id, "level": "technician", "wizard_id": own.id}
        preview = self.env["skill.cert.policy.preview"].with_user(self.manager).create({"policy_id": self.policy.id})
        change = {"employee_id": employee.id, "preview_id": preview.id}
        return {
            "skill.cert.prospect": (
                self.env["skill.cert.prospect"].search([("employee_id", "=", employee.id)], limit=1),
                {"level": "technician"},
                {"employee_id": employee.id},
            ),
            wizard._name: (wizard, {"campaign_id": self.campaign.id}, {}),
            "skill.cert.blank.form.wizard": (
                self.env["skill.cert.blank.form.wizard"].with_user(self.nominator).create({}), {"form": "material_list"}, {},
            ),
            "skill.cert.print.wizard": (
                self.env["skill.cert.print.wizard"].with_user(self.nominator).create({}), {"copies": "2"}, {},
            ),
            "skill.cert.print.job": (
                self.env["skill.cert.print.job"].with_user(self.nominator)._start(
                    self.case.with_user(self.nominator), ["material_list"], "1", "pdf"
                ),
                {"state": "done"}, {"user_id": self.nominator.id, "total": 1},
            ),
            "skill.cert.nomination.wizard.line": (
                self.env["skill.cert.nomination.wizard.line"].create(line), {"level": "senior_worker"}, line,
            ),
            preview._name: (preview, {"gain_count": 1}, {"policy_id": self.policy.id}),
            "skill.cert.invariant.check": (
                self.env["skill.cert.invariant.check"]._run_scheduled(), {"offender_count": 1}, {"offender_count": 1},
            ),
            "skill.cert.policy.preview.line": (
                self.env["skill.cert.policy.preview.line"].create(change), {"level_after": "technician"}, change,
            ),
        }  # fmt: skip

    def _papers(self):
        case = self.case.sudo()
        draft = self._draft(
            applicant_name="李示例",
            id_number=resident_id(sequence=903),
            contribution_ids=[Command.create({"date_start": "2010-01-01", "unit": "示例", "description": "示例"})],
        ).sudo()
        line = {
            "application_id": draft.id,
            "name": "示例",
            "date_start": "2001-01-01",
            "description": "示例",
            "unit": "示例",
        }
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        new_sheet = {"nominator_id": self.enterprise.id, "campaign_id": self.campaign.id, "bureau_id": self.county.id}
        new_application = {"nominator_id": self.enterprise.id, "campaign_id": self.campaign.id}
        title = {"type_id": self.env.ref("wz_skill_cert.achievement_type_title").id, "title_rank": "2", "name": "示例"}
        rows = {
            "skill.cert.application": (case, {"summary": "示例"}, None),
            "skill.cert.application, draft": (draft, {"summary": "示例"}, new_application),
            "skill.cert.submission": (self.sheet, {"contact_name": "示例"}, None),
            "skill.cert.submission, draft": (sheet, {"contact_name": "示例"}, new_sheet),
            "skill.cert.paper": (
                case.paper_ids[:1],
                {"sha256": "0"},
                {"application_id": case.id, "form": "application_form", "moment": "decided"},
            ),
            "skill.cert.paper, of a sheet": (
                self.sheet.sudo().paper_ids,
                {"sha256": "0"},
                {"submission_id": self.sheet.id, "form": "submission_summary", "moment": "submitted"},
            ),
        }
        for name, names, values in (
            ("achievement_ids", ("application_id",), title),
            ("material_ids", ("application_id", "name"), {}),
            ("history_ids", ("application_id", "date_start", "description"), {}),
            ("contribution_ids", ("application_id", "date_start", "description", "unit"), {}),
        ):
            model = case[name]._name
            change = {"name": "示例"} if "name" in case[name]._fields else {"description": "示例"}
            rows[model] = (case[name][-1:], change, None)
            rows[f"{model}, draft"] = (draft[name][:1], change, {key: line[key] for key in names} | values)
        rows |= self._uploads(sheet)
        rows["skill.cert.material, personal"] = (case.material_ids.filtered("personal")[:1], {"name": "示例"}, None)
        return rows

    def _uploads(self, sheet):
        file = base64.b64encode(self.env["skill.cert.submission"]._template_xlsx())
        upload = sheet.import_ids.create({"submission_id": sheet.id, "file": file})
        row = self.env["skill.cert.sheet.row"].create({"import_id": upload.id, "number": 4})
        return {
            upload._name: (upload, {"file_name": "示例.xlsx"}, {"submission_id": sheet.id, "file": file}),
            row._name: (row, {"is_good": True}, {"import_id": upload.id, "number": 5}),
            "skill.cert.sheet.progress": (upload.progress_ids.sudo(), {"done": 1}, {"import_id": upload.id}),
        }

    def _people(self):
        person = self.env["res.partner"].create({"name": "王示例"})
        accepted = self._accepted(applicant_name="李示例", id_number=resident_id(sequence=905)).sudo()
        conflict = self.env["skill.cert.conflict"].search([("expert_id", "=", self.recused.id)])
        review = self.case.sudo().review_ids
        member = self.panel.sudo().member_ids.filtered(lambda m: m.expert_id == self.experts[1])
        new_expert = {"partner_id": person.id, "qualification": "senior_engineer", "bureau_id": self.county.id}
        other = self._expert(self.county)
        employee = self._employee()
        title = {"type_id": self.env.ref("wz_skill_cert.achievement_type_title").id, "title_rank": "2", "name": "示例"}
        ledger = {**title, "employee_id": employee.id}
        return {
            "skill.cert.expert": (self.experts[0], {"available": False}, new_expert),
            "skill.cert.conflict": (conflict, {"note": "示例"}, {"expert_id": other.id, "application_id": accepted.id}),
            "skill.cert.conflict, own": (self._own_declaration(accepted), {"note": "示例"}, None),
            **self._draws(),
            "skill.cert.panel": (self.panel, {"name": "示例"}, {"name": "示例", "bureau_id": self.county.id}),
            "skill.cert.panel.member": (
                member, {"expert_id": member.expert_id.id}, {"panel_id": self.panel.id, "expert_id": other.id},
            ),
            "skill.cert.review": (
                review, {"outcome": "passed"},
                {"application_id": self.case.id, "bureau_id": self.county.id, "purpose": "certify"},
            ),
            "skill.cert.assessment": (
                review.assessment_ids.filtered(lambda a: a.expert_id == self.experts[0]), {"opinion": "示例"},
                {"review_id": review.id, "expert_id": other.id},
            ),
            "hr.employee.achievement": (self.env["hr.employee.achievement"].create(ledger), {"name": "示例"}, ledger),
        }  # fmt: skip

    def _own_declaration(self, application):
        declared = self.env["skill.cert.conflict"].with_user(self.recused.user_id).sudo()
        return declared.create({"expert_id": self.recused.id, "application_id": application.id}).sudo(False)

    def _draws(self):
        draft = self.panel.copy({"name": "示例", "member_ids": [], "leader_id": False})
        draw = self.env["skill.cert.draw"].with_user(self.county_officer).create({"panel_id": draft.id})
        draw.action_draw()
        return {
            draw._name: (draw, {"wanted": 1}, {"panel_id": draft.id}),
            draw.line_ids._name: (
                draw.line_ids[0], {"refusal_reason": "示例"}, {"draw_id": draw.id, "expert_id": self.experts[0].id},
            ),
        }  # fmt: skip

    def _meeting_records(self):
        session = self.session.sudo()
        committee, motion, case = session.committee_id, session.motion_ids, self.case.sudo()
        seat = session.seat_ids[1]
        member = committee.member_ids.filtered(lambda m: m.role == "expert")[0]
        new_member = {"committee_id": committee.id, "expert_id": self._expert(self.county).id, "role": "expert"}
        ballot = self.env["skill.cert.ballot"].search([("motion_id", "=", motion.id)], limit=1)
        return {
            "skill.cert.committee": (committee, {"name": "示例"}, {"name": "示例", "bureau_id": self.county.id}),
            "skill.cert.committee.member": (member, {"role": "expert"}, new_member),
            "skill.cert.session": (session, {"place": "示例"}, {"name": "示例", "committee_id": committee.id}),
            "skill.cert.session.seat": (seat, {"present": False}, {"session_id": session.id, "member_id": member.id}),
            "skill.cert.motion": (motion, {"sequence": 1}, {"session_id": session.id, "application_id": case.id}),
            "skill.cert.ballot": (ballot, {"choice": "agree"}, {"motion_id": motion.id, "token": "x"}),
            **self._counting_and_objecting(),
            "skill.cert.certificate": (
                case.certificate_ids, {"issued_on": "2001-01-01"}, {"application_id": case.id, "number": "1"},
            ),
        }  # fmt: skip

    def _counting_and_objecting(self):
        paper = self._session(self._waiting_for_vote(1))
        paper.voting = "paper"
        paper.action_open()
        paper.action_count()
        count = paper.sudo().count_ids
        objection = {"application_id": self.case.id, "ground": "示例", "objector_name": "示例举报人"}
        objections = self.env["skill.cert.objection"].with_user(self.county_officer)
        figures = {"count_id": count.id, "motion_id": paper.motion_ids.id}
        return {
            "skill.cert.paper.count": (
                count, {"scan_ids": []}, {"session_id": paper.id, "officer_id": self.county_officer.id},
            ),
            "skill.cert.paper.count.line": (count.line_ids, {"agree": 1}, figures),
            "skill.cert.objection": (objections.create(objection), {"ground": "别的"}, objection),
        }  # fmt: skip

    def _rules(self):
        kind = self.env["skill.cert.achievement.type"].create({"name": "示例", "kind": "award"})
        policy = self.env["skill.cert.policy"].create({"name": "示例", "code": "示例"})
        condition = {"policy_id": policy.id, "level": "technician", "text": "示例"}
        template = {"policy_id": policy.id, "name": "示例"}
        first = self.env["skill.cert.condition"].create({**condition, "number": 1})
        criterion = {"condition_id": first.id, "kind": "award", "type_ids": [Command.set(kind.ids)]}
        bureau = {"name": "示例", "level": "county", "parent_id": self.city.id}
        campaign = {"name": "示例", "date_close": "2099-12-31", "bureau_id": self.city.id, "policy_id": self.policy.id}
        rows = (
            (policy, {"code": "示例二", "name": "示例"}),
            (first, {**condition, "number": 2}),
            (self.env["skill.cert.criterion"].create(criterion), criterion),
            (self.env["skill.cert.material.template"].create(template), template),
            (
                self.env["skill.cert.achievement.type"].create({"name": "示例", "kind": "award"}),
                {"name": "示例", "kind": "award"},
            ),
            (self.env["skill.cert.occupation"].create({"name": "示例"}), {"name": "示例"}),
            (self.env["skill.cert.bureau"].create({**bureau, "code": "339901"}), {**bureau, "code": "339902"}),
            (self.env["skill.cert.campaign"].create(campaign), campaign),
        )
        changes = {"skill.cert.condition": {"text": "示例"}, "skill.cert.criterion": {"min_count": 2}}
        return {
            record._name: (record, changes.get(record._name, {"name": "示例三"}), values) for record, values in rows
        }

    def _dialogues(self):
        reason = {"application_ids": [Command.set(self.case.ids)], "action": "revoke", "reason": "示例"}
        refusal = {"achievement_id": self.case.sudo().achievement_ids.id, "reason": "示例"}
        panel = {"application_ids": [Command.set(self.case.ids)]}
        return {
            name: (self.env[name].with_user(self.county_officer).create(values), change, values)
            for name, values, change in (
                ("skill.cert.reason.wizard", reason, {"reason": "别的"}),
                ("skill.cert.refusal.wizard", refusal, {"reason": "别的"}),
                ("skill.cert.panel.wizard", panel, {"panel_id": self.panel.id}),
            )
        }

    def _may(self, user, operation, record, change, values):
        record = record.with_user(user).with_context(tracking_disable=True)
        steps = {
            "r": lambda: record.web_read({"display_name": {}}),
            "w": lambda: record.write(dict(change)),
            "c": lambda: record.create(dict(values)),
            "u": record.unlink,
        }
        with mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.models.unlink"):
            try:
                with self.env.cr.savepoint() as savepoint:
                    steps[operation]()
                    self.env.flush_all()
                    savepoint.rollback()
            except (UserError, IntegrityError):
                return False
            finally:
                self.env.invalidate_all(flush=False)
        return True

    def test_every_cell_of_the_matrix(self):
        wrong = []
        for row, (record, change, values) in self._records().items():
            self.assertTrue(record, row)
            for role in ROLES:
                found = "".join(
                    operation
                    for operation in "rwcu"
                    if (values is not None or operation != "c")
                    and self._may(self.users[role], operation, record, change, values)
                )
                if found != (expected := EXPECTED[row].get(role, "")):
                    wrong.append(f"{row}: {role} may “{found}”, expected “{expected}”")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_every_model_of_the_addon_has_its_row(self):
        models = {
            name
            for name in self.env.registry
            if self.env[name]._original_module == "wz_skill_cert" and not self.env[name]._abstract
        }
        self.assertEqual({row.split(",")[0] for row in EXPECTED}, models)

    def test_whoever_may_not_read_finds_counts_and_groups_nothing(self):
        for row, (record, _change, _values) in self._records().items():
            for role in ROLES:
                if "r" in EXPECTED[row].get(role, ""):
                    continue
                own = record.with_user(self.users[role])
                with self.subTest(row=row, role=role), mute_logger("odoo.addons.base.models.ir_rule"):
                    domain = [("id", "=", record.id)]
                    for look in (
                        lambda own=own, domain=domain: own.search(domain).ids,
                        lambda own=own, domain=domain: own.search_count(domain),
                        lambda own=own, domain=domain: own.name_search("", domain),
                        lambda own=own, domain=domain: [
                            group for group in own.formatted_read_group(domain, [], ["__count"]) if group["__count"]
                        ],
                        lambda own=own: own.read(["display_name"]),
                    ):
                        self.assertFalse(self._seen(look))

    def _seen(self, look):
        """Return what a look shows; a refusal shows nothing."""
        try:
            return look()
        except AccessError:
            self.env.invalidate_all(flush=False)
            return False

    def test_a_right_that_is_granted_or_revoked_works_at_once(self):
        application = self.case.with_user(self.other_nominator)
        self.assertFalse(application.has_access("read"))
        self.enterprise.nominator_user_ids = [Command.link(self.other_nominator.id)]
        self.assertTrue(application.has_access("read"))
        self.enterprise.nominator_user_ids = [Command.unlink(self.other_nominator.id)]
        self.assertFalse(application.has_access("read"))
        self.county.user_ids = [Command.unlink(self.county_officer.id)]
        self.assertFalse(self.case.with_user(self.county_officer).has_access("read"))


@tagged("standard", "post_install", "-at_install")
class TestPersonalData(IsolationCase):
    """The ID number, the phone and the photo are not for experts, by no road."""

    SECRET = ("id_number", "phone", "photo")

    def setUp(self):
        super().setUp()
        self._may_export(self.experts[0].user_id)
        self.seen = self.case.with_user(self.experts[0].user_id)

    def test_an_expert_sees_the_masked_number_only(self):
        number = self.case.sudo().id_number
        self.assertEqual(self.seen.id_number_masked, number[:3] + "*" * 11 + number[-4:])
        self.assertEqual(self.seen.applicant_name, "张示例")

    def test_an_expert_cannot_guess_them_digit_by_digit(self):
        for name, start in (("id_number", "330300"), ("phone", "138")):
            for operator, value in (
                ("=like", f"{start}%"),
                ("ilike", start),
                ("in", [f"{start}00000901"]),
                (">", start),
            ):
                with self.subTest(field=name, operator=operator), self.assertRaises(AccessError):
                    self.seen.search_count([(name, operator, value)])

    def test_an_expert_cannot_read_or_export_them(self):
        for name in self.SECRET:
            roads = {
                "read": lambda name=name: self.seen.read([name]),
                "attribute": lambda name=name: self.seen[name],
                "web_read": lambda name=name: self.seen.web_read({name: {}}),
                "search_read": lambda name=name: self.seen.search_read([], [name]),
                "mapped": lambda name=name: self.seen.mapped(name),
                "export": lambda name=name: self.seen.export_data([name]),
                "domain": lambda name=name: self.seen.search([(name, "!=", False)]),
                "count": lambda name=name: self.seen.search_count([(name, "!=", False)]),
                "group": lambda name=name: self.seen.formatted_read_group([], [name], ["__count"]),
                "order": lambda name=name: self.seen.search([], order=f"{name} desc"),
                "filter": lambda name=name: self.seen.filtered_domain([(name, "!=", False)]),
                "through a line": lambda name=name: self.seen.achievement_ids.search([(f"application_id.{name}", "!=", False)]),
                "through the assessment": lambda name=name: self.env["skill.cert.assessment"]
                .with_user(self.seen.env.user).search([(f"application_id.{name}", "!=", False)]),
            }  # fmt: skip
            for road, step in roads.items():
                with self.subTest(field=name, road=road), self.assertRaises(UserError):
                    step()
                self.env.invalidate_all()

    def test_fields_get_does_not_even_name_them(self):
        self.assertFalse(set(self.SECRET) & set(self.seen.fields_get()))

    def test_the_nominator_and_the_bureau_see_them(self):
        for user in (self.nominator, self.county_officer, self.city_officer):
            self.assertEqual(self.case.with_user(user).id_number, resident_id())

    def test_the_error_about_a_number_does_not_repeat_it(self):
        with self.assertRaises(UserError) as caught:
            self._draft(id_number=resident_id(sequence=903)[:-1] + "A")
        self.assertNotIn(resident_id(sequence=903)[:-1], str(caught.exception))


@tagged("standard", "post_install", "-at_install")
class TestExpertNames(IsolationCase):
    """Nominators learn the result and the reason, and never who sat on the panel or voted."""

    INSIDE = ("review_ids", "review_id", "conflict_ids", "expert_user_ids", "officer_id")

    def test_no_field_of_the_application_leads_a_nominator_to_an_expert(self):
        own = self.case.with_user(self.nominator)
        name = self.experts[0].name
        self._may_export(self.nominator)
        self.env.flush_all()
        for field in self.INSIDE:
            roads = {
                "read": lambda field=field: own.read([field]),
                "domain": lambda field=field: own.search([(field, "!=", False)]),
                "name": lambda field=field: own.search([(f"{field}.display_name", "ilike", name)]),
                "export": lambda field=field: own.export_data([f"{field}/id"]),
                "group": lambda field=field: own.formatted_read_group([], [field], ["__count"]),
            }
            for road, step in roads.items():
                with self.subTest(field=field, road=road), self.assertRaises(UserError):
                    step()
                self.env.invalidate_all()

    def test_nobody_groups_by_users_who_are_none_of_their_business(self):
        self.env.flush_all()
        for model, field in (
            ("skill.cert.bureau", "user_ids"),
            ("res.partner", "nominator_user_ids"),
            ("skill.cert.application", "employer_id.nominator_user_ids"),
            ("res.users", "skill_cert_bureau_ids"),
        ):
            for user in (self.nominator, self.experts[0].user_id):
                with self.subTest(model=model, user=user.name), self.assertRaises(AccessError):
                    self.env[model].with_user(user).formatted_read_group([], [field], ["__count"])

    def test_no_model_of_the_panel_or_the_vote_answers_a_nominator(self):
        for name in (
            "panel",
            "panel.member",
            "review",
            "assessment",
            "expert",
            "conflict",
            "session",
            "motion",
            "session.seat",
            "committee",
        ):
            with self.subTest(model=name), self.assertRaises(AccessError):
                self.env[f"skill.cert.{name}"].with_user(self.nominator).search_count([])

    def test_no_readable_field_of_the_decided_case_names_an_expert(self):
        achievement = self.case.achievement_ids
        achievement.with_user(self.experts[0].user_id).action_verify()
        self._decided()
        people = self.experts | self.session.sudo().seat_ids.expert_id
        names = set(people.mapped("name")) | set(people.user_id.mapped("login"))
        self.env.invalidate_all()
        application = self.case.with_user(self.nominator)
        own = [
            application,
            *(
                line
                for name in ("achievement_ids", "material_ids", "history_ids", "certificate_ids")
                for line in application[name]
            ),
        ]
        for record in own:
            text = str(record.read(list(record.fields_get())))
            for name in names:
                self.assertNotIn(name, text, f"{record._name} names {name}")

    def test_the_chatter_and_its_followers_name_no_expert(self):
        expert = self.experts[0].user_id
        seen = self.case.with_user(expert)
        with self.assertRaises(AccessError):
            seen.message_post(body="我是专家。")
        with self.assertRaises(AccessError):
            self.env["mail.message"].with_user(expert).create(
                {"model": seen._name, "res_id": seen.id, "body": "我是专家。", "message_type": "comment"}
            )
        try:
            seen.message_subscribe(expert.partner_id.ids)
        except AccessError:
            self.env.invalidate_all()
        self._decided()
        partners = self.experts.partner_id | self.session.sudo().seat_ids.expert_id.partner_id
        followers = self.env["mail.followers"].search([("res_model", "=", seen._name), ("res_id", "=", seen.id)])
        self.assertFalse(followers.partner_id & partners)
        messages = self.env["mail.message"].search([("model", "=", seen._name), ("res_id", "=", seen.id)])
        self.assertFalse(messages.author_id & partners)
        activities = self.env["mail.activity"].search([("res_model", "=", seen._name), ("res_id", "=", seen.id)])
        self.assertFalse(activities.user_id.partner_id & partners)

    def test_a_nominator_and_an_officer_may_write_in_the_chatter(self):
        for user in (self.nominator, self.county_officer):
            self.assertTrue(self.case.with_user(user).message_post(body="请查收。"))

    def test_the_result_is_seen_only_after_the_decision(self):
        self._assess(self.case)
        self.case.action_conclude_assessment()
        own = self.case.with_user(self.nominator)
        session = self._session(self.case)
        session.action_open()
        self._vote(session, 4, 3)
        self.env.invalidate_all()
        self.assertEqual((own.vote_agree, own.vote_base, own.vote_conclusion), (0, 0, False))
        session.action_close()
        self.assertEqual((own.vote_agree, own.vote_against, own.vote_base), (4, 3, 7))


@tagged("standard", "post_install", "-at_install")
class TestConflicts(IsolationCase):
    def test_whoever_declares_a_conflict_loses_the_case_at_once(self):
        user = self.experts[0].user_id
        seen = self.case.with_user(user)
        self.assertTrue(seen.has_access("read"))
        self.env["skill.cert.conflict"].with_user(user).create(
            {"expert_id": self.experts[0].id, "application_id": self.case.id}
        )
        for record in (
            seen,
            self.case.sudo().achievement_ids.with_user(user),
            self.case.sudo().material_ids.with_user(user),
        ):
            self.assertFalse(record.has_access("read"), record._name)
            self.assertFalse(record.search_count([]), record._name)

    def test_a_declaration_is_no_question_about_the_cases_of_others(self):
        expert = self._expert(self.county)
        conflicts = self.env["skill.cert.conflict"].with_user(expert.user_id)
        values = {"expert_id": expert.id, "application_id": self.case.id}
        for create in (
            lambda: conflicts.create(values),
            lambda: conflicts.with_context(default_application_id=self.case.id).create({"expert_id": expert.id}),
        ):
            with self.assertRaises(AccessError):
                create()
        self.assertFalse(conflicts.search([]))

    def test_an_officer_draws_on_the_own_pool_and_the_citys_and_learns_no_other_names(self):
        foreign, of_city = self._expert(self.other_county), self._expert(self.city)
        members = self.env["skill.cert.panel.member"].with_user(self.county_officer)
        draft = self.panel.with_user(self.county_officer).copy({"name": "示例", "member_ids": [], "leader_id": False})
        with self.assertRaises(AccessError):
            members.create({"panel_id": draft.id, "expert_id": foreign.id})
        committee = self._committee(self.county, appoint=False)
        with self.assert_refused(error=AccessError) as caught:
            committee.write({"member_ids": [Command.create({"expert_id": foreign.id, "role": "hr"})]})
        self.assertNotIn(foreign.name, str(caught.exception))
        with self.assertRaises(AccessError):
            self.env["skill.cert.conflict"].with_user(self.county_officer).create(
                {"expert_id": foreign.id, "application_id": self.case.id}
            )
        self.assertTrue(members.create({"panel_id": draft.id, "expert_id": of_city.id}))

    def test_a_declared_conflict_is_not_moved_to_a_case_of_another_county(self):
        foreign = self._submitted(self.other_nominator, id_number=resident_id(sequence=907))
        conflict = self.env["skill.cert.conflict"].search([("expert_id", "=", self.recused.id)])
        with self.assertRaises(UserError):
            conflict.with_user(self.county_officer).write({"application_id": foreign.id})
        self.assertEqual(conflict.application_id, self.case.sudo())

    def test_nobody_declares_for_another(self):
        with self.assertRaises(AccessError):
            self.env["skill.cert.conflict"].with_user(self.experts[0].user_id).create(
                {"expert_id": self.experts[1].id, "application_id": self.case.id}
            )

    def test_an_expert_of_the_same_employer_never_sees_the_case(self):
        expert = self._expert(self.county, employer=self.enterprise)
        panel = self._panel(self.county, experts=expert | self._experts(self.county, 3))
        other = self._accepted(applicant_name="李示例", id_number=resident_id(sequence=903))
        self._start_assessment(other, panel)
        self.assertFalse(other.with_user(expert.user_id).has_access("read"))

    def test_another_expert_cannot_write_an_assessment(self):
        assessments = self.case.sudo().review_id.assessment_ids
        first, second = assessments[:2]
        with self.assertRaises(AccessError):
            first.with_user(second.user_id).write({"verdict": "unqualified"})
        with self.assertRaises(AccessError):
            first.with_user(second.user_id).action_submit()
        self._assess(self.case)
        with self.assert_refused("final"):
            first.with_user(first.user_id).write({"verdict": "unqualified"})

    def test_a_verdict_on_an_achievement_is_for_those_who_check_it(self):
        achievement = self.case.sudo().achievement_ids
        outsiders = (
            self.nominator, self.other_officer, self.city_officer, self.manager, self.recused.user_id,
            self._expert(self.county).user_id,
        )  # fmt: skip
        for user in outsiders:
            for step in ("action_verify", lambda own: own.action_refuse("假的")):
                own = achievement.with_user(user)
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    getattr(own, step)() if isinstance(step, str) else step(own)
        self.assertEqual(achievement.verified, "claimed")


@tagged("standard", "post_install", "-at_install")
class TestRounds(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.application = self._qualified(level="technician")
        self.application.action_recommend()

    def test_a_county_cannot_act_in_the_citys_round(self):
        county = self.application.with_user(self.county_officer)
        self.assertTrue(county.has_access("read"))
        steps = {
            "start": county.action_start_assessment,
            "revoke": lambda: county.action_revoke("假的"),
            "return": lambda: county.action_return("补充"),
            "panel": lambda: county._assign_panel(self.env["skill.cert.panel"]),
            "officer": lambda: county.write({"officer_id": self.county_officer.id}),
            "verdict": lambda: county.achievement_ids.action_refuse("假的"),
        }
        self._refused(steps, "recommended")
        self._qualify(self.application.with_user(self.city_officer))
        steps = {
            "conclude": county.action_conclude_assessment,
            "recommend": county.action_recommend,
            "certify": county.action_certify,
            "session": lambda: self._session(self.application, self._committee(self.county)),
        }
        session = self._session(self.application.with_user(self.city_officer))
        own = session.with_user(self.county_officer)
        steps |= {"open": own.action_open, "close": own.action_close, "write": lambda: own.write({"place": "示例"})}
        self._refused(steps, "qualified")

    def _refused(self, steps, state):
        for name, step in steps.items():
            with self.subTest(step=name), self.assertRaises(UserError):
                step()
            self.assertEqual(self.application.sudo().state, state)

    def test_the_city_cannot_act_in_a_countys_round(self):
        city = self._submitted(applicant_name="李示例", id_number=resident_id(sequence=903)).with_user(
            self.city_officer
        )
        self.assertTrue(city.has_access("read"))
        for step in (city.action_accept, lambda: city.action_return("补充"), lambda: city.action_revoke("假的")):
            with self.assertRaises(AccessError):
                step()
        self.assertEqual(city.state, "submitted")

    def test_the_county_sees_its_own_round_and_not_the_citys(self):
        reviews = self.env["skill.cert.review"].with_user(self.county_officer)
        self.assertEqual(reviews.search([("application_id", "=", self.application.id)]).bureau_id, self.county)
        seen = reviews.with_user(self.city_officer).search([("application_id", "=", self.application.id)])
        self.assertEqual(seen.bureau_id, self.county | self.city)
