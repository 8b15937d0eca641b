"""The people and the records of the table in ``matrix.py``."""

import base64
from datetime import timedelta

from odoo.addons.wz_skill_cert import clock
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import LOGIN_SEQUENCE, SkillCertCase, resident_id
from .matrix import APPLICATION, CASE_STATES


class IsolationCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
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
        self.meeting = self._session(self.case, committee)
        self.meeting.action_open()
        self._vote(self.meeting, 9)
        self.meeting.action_close()
        self.case.action_certify()


FILE = ("submit", "accept")
ASSESS = (*FILE, "assess")
QUALIFY = (*ASSESS, "find", "conclude")
PASS = (*QUALIFY, "open", "close")
ROADS_OF_STATES = {
    "draft": (),
    "submitted": ("submit",),
    "returned": ("submit", "return"),
    "accepted": FILE,
    "assessment": ASSESS,
    "qualified": QUALIFY,
    "recommended": (*QUALIFY, "recommend"),
    "review": (*QUALIFY, "open"),
    "passed": PASS,
    "certified": (*PASS, "certify"),
    "rejected": (*ASSESS, "find against", "conclude"),
    "withdrawn": ("submit", "withdraw"),
    "terminated": (*PASS, "terminate"),
    "revoked": (*PASS, "certify", "revoke"),
}
STEPS = {
    "submit": lambda test, case: case.action_submit(),
    "withdraw": lambda test, case: case.action_withdraw(),
    "return": lambda test, case: case.action_return("补充"),
    "accept": lambda test, case: case.action_accept(),
    "assess": lambda test, case: test._step_assess(case),
    "find": lambda test, case: test._assess(case),
    "find against": lambda test, case: test._assess(case, "unqualified"),
    "conclude": lambda test, case: case.action_conclude_assessment(),
    "recommend": lambda test, case: case.action_recommend(),
    "open": lambda test, case: test._step_open(case),
    "close": lambda test, case: test._step_close(case),
    "certify": lambda test, case: case.action_certify(),
    "terminate": lambda test, case: case.action_terminate("died", "示例"),
    "revoke": lambda test, case: case.action_revoke("弄虚作假"),
}


class MatrixCase(IsolationCase):
    def _prepare(self):
        super()._prepare()
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
            "member": self.meeting.seat_ids[1].user_id,
            "county": self.county_officer,
            "other county": self.other_officer,
            "city": self.city_officer,
            "manager": self.manager,
            "plain": self.plain_user,
            "hr": hr,
            "data officer": self._user("group_data_officer"),
            "portal": new_test_user(self.env, login, groups="base.group_portal"),
            "public": self.env.ref("base.public_user"),
        }

    def _records(self):
        """Return {row of the table: (record, values to write, values to create or None)}."""
        return {
            **self._case_rows(),
            **self._papers(),
            **self._people(),
            **self._meeting_records(),
            **self._rules(),
            **self._dialogues(),
            **self._staff(),
            **self._notifications(),
            **self._protection(),
            **self._figures(),
            **self._association_rows(),
        }

    def _figures(self):
        """Return a row of the statistics and the county's report of them."""
        self.env.flush_all()
        row = self.env["skill.cert.statistics"].browse(self.case.id)
        values = {"bureau_id": self.county.id, "year": 2099}
        report = self.env["skill.cert.annual.report"].with_user(self.county_officer).create(values)
        return {
            row._name: (row, {"level": "technician"}, {"level": "technician"}),
            report._name: (report, {"year": 2098}, values),
        }

    def _association_rows(self):
        """Return what an association keeps about the enterprise, its member, and what the enterprise keeps of itself."""
        secretary = self.users["association"]
        association = secretary.nominator_unit_ids
        membership = self.env["skill.cert.membership"].search([("association_id", "=", association.id)])
        scan, new_scan = (self._file(secretary, "consent.pdf") for _ in range(2))
        consent = {"membership_id": membership.id, "signatory": "示例"}
        recorded = (
            self.env["skill.cert.consent"]
            .with_user(secretary)
            .create({**consent, "attachment_ids": [Command.set(scan.ids)]})
        )
        draft = self._draft(id_number=resident_id(sequence=991), summary=False)
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        sheet.application_ids = [Command.link(draft.id)]
        sheet.action_check()
        finding = {"submission_id": sheet.id, "application_id": draft.id, "kind": "error", "text": "示例"}
        sheets = {"nominator_id": association.id, "campaign_id": self.campaign.id}
        wizards = self.env["skill.cert.member.sheets"].with_user(secretary)
        return {
            membership._name: (
                membership.sudo(), {"contact_name": "示例"},
                {"association_id": association.id, "member_id": self.other_enterprise.id},
            ),
            recorded._name: (recorded, {"signatory": "别人"}, {**consent, "attachment_ids": [Command.set(new_scan.ids)]}),
            "skill.cert.submission.problem": (sheet.sudo().problem_ids[0], {"text": "别的"}, finding),
            wizards._name: (wizards.create(sheets), {"campaign_id": self.campaign.id}, sheets),
            **self._merges(),
            "skill.cert.unit.wizard": (
                self.env["skill.cert.unit.wizard"].with_user(self.nominator).create({}), {"headcount": 1},
                {},
            ),
        }  # fmt: skip

    def _merges(self):
        units = {"source_id": self.enterprise.id, "target_id": self.other_enterprise.id, "reason": "示例"}
        merge = self.env["skill.cert.unit.merge"].with_user(self.manager).create(units)
        address = self.env["skill.cert.address.wizard"].with_user(self.manager).create({})
        return {
            merge._name: (merge, {"reason": "别的"}, units),
            address._name: (address, {"reason": "别的"}, {"address": "https://zs.example.com"}),
        }

    def _protection(self):
        """Return what the data officer has, beside the trail of all that was done here."""
        officer, close = self.users["data officer"], clock.today() - timedelta(days=6 * 366)
        old, older = (
            self.campaign.copy({"name": name, "date_open": close, "date_close": close}) for name in ("old", "older")
        )
        erasure = self.env["skill.cert.erasure"].with_user(officer).create({"campaign_id": old.id})
        export = self.env["skill.cert.person.export"].with_user(officer).create({"id_number": resident_id()})
        trail = self.env["skill.cert.trail"].search([("res_id", "=", self.case.id)], limit=1)
        return {
            trail._name: (trail, {"event": "state"}, {"event": "state", "model": "x"}),
            erasure._name: (erasure, {"done": 1}, {"campaign_id": older.id}),
            export._name: (export, {"id_number": "x"}, {"id_number": "x"}),
        }

    def _notifications(self):
        """Return what the nominator was told, and what nobody has been told yet."""
        told = {"user_id": self.nominator.id, "notice": "accepted"}
        mail = self.env["skill.cert.notification.mail"].create(told)
        about = {**told, "res_model": self.case._name, "res_id": self.case.id}
        rows = self.env["skill.cert.notification"].create([{**about, "mail_id": mail.id}, about])
        return {
            "skill.cert.notification, sent": (rows[0], {"state": "failed"}, about),
            "skill.cert.notification, waiting": (rows[1], {"state": "silent"}, about),
            mail._name: (mail, {"notice": "late"}, told),
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
            "skill.cert.print.job, waiting": (self._print_job(), {"state": "done"}, {"user_id": self.nominator.id, "total": 1}),
            "skill.cert.print.job, done": (self._print_job("done"), {"total": 2}, None),
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

    def _print_job(self, state="waiting"):
        jobs, case = self.env["skill.cert.print.job"].with_user(self.nominator), self.case.with_user(self.nominator)
        job = jobs._start(case, ["material_list"], "1", "pdf")
        job.sudo().state = state
        return job

    def _papers(self):
        case = self.case.sudo()
        self.sheet.sudo().paper_ids._render()
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        new_sheet = {"nominator_id": self.enterprise.id, "campaign_id": self.campaign.id, "bureau_id": self.county.id}
        frozen = {"form": "application_form", "moment": "decided"}
        rows = {
            "skill.cert.submission, submitted": (self.sheet, {"contact_name": "示例"}, None),
            "skill.cert.submission, draft": (sheet, {"contact_name": "示例"}, new_sheet),
            "skill.cert.paper": (case.paper_ids[:1], {"sha256": "0"}, {"application_id": case.id, **frozen}),
            "skill.cert.paper, of a sheet": (
                self.sheet.sudo().paper_ids, {"sha256": "0"}, {"submission_id": self.sheet.id, **frozen},
            ),
            "skill.cert.step": (
                case.step_ids[:1],
                {"state": "certified"},
                {"application_id": case.id, "state": "certified", "at": "2099-01-01"},
            ),
            "skill.cert.material, personal": (case.material_ids.filtered("personal")[:1], {"name": "示例"}, None),
        }  # fmt: skip
        return rows | self._uploads(sheet)

    # ------------------------------------------------------------------ a case in each of its states

    def _case_rows(self):
        cases = {state: self._case_in(state, number) for number, state in enumerate(CASE_STATES)}
        rows = {row: record for state, case in cases.items() for row, record in self._lines_of(state, case)}
        in_charge = {"officer_id": self.county_officer.id}
        seen = {"officer_remark": "示例"}
        return rows | {
            **self._asked_rows(cases),
            f"{APPLICATION}, officer in charge": (cases["assessment"], in_charge, None),
            "skill.cert.material, officer's remark": (cases["accepted"].material_ids[-1], seen, None),
        }

    def _asked_rows(self, cases):
        """Return what the returned case is asked for, which it has not answered yet."""
        request = cases["returned"].request_ids
        new = {"application_id": request.application_id.id, "occasion": "return", "asked_on": "2099-01-01"}
        point = {"request_id": request.id, "application_id": request.application_id.id, "text": "示例"}
        return {
            "skill.cert.request, open": (request, {"state": "closed"}, new),
            "skill.cert.request.point, open": (request.point_ids, {"word": "别的"}, point),
        }

    def _lines_of(self, state, case):
        new = {"nominator_id": self.enterprise.id, "campaign_id": self.campaign.id}
        yield f"{APPLICATION}, {state}", (case, {"summary": "示例"}, new if state in ("draft", "returned") else None)
        line = {"application_id": case.id}
        day = {**line, "date_start": "2001-01-01", "description": "示例"}
        title = {"type_id": self.env.ref("wz_skill_cert.achievement_type_title").id, "title_rank": "2", "name": "示例"}
        for records, change, values in (
            (case.achievement_ids, {"name": "示例"}, {**line, **title}),
            (case.material_ids, {"name": "示例"}, {**line, "name": "示例"}),
            (case.history_ids, {"description": "示例"}, day),
            (case.contribution_ids, {"description": "示例"}, {**day, "unit": "示例"}),
        ):
            yield f"{records._name}, {state}", (records[-1], change, values)

    def _case_in(self, state, number):
        """Return a case that went the whole road to ``state``, with the panel and the committee of all cases."""
        history = {"date_start": "2010-01-01", "unit": "温州示例电器有限公司（虚构）", "description": "技术改造"}
        case = self._draft(
            id_number=resident_id(sequence=911 + 2 * number),
            level="technician" if state == "recommended" else "senior_worker",
            contribution_ids=[Command.create(history)],
        )
        own = case.with_user(self.county_officer)
        for step in ROADS_OF_STATES[state]:
            STEPS[step](self, case if step in ("submit", "withdraw") else own)
        self.assertEqual(case.sudo().state, state)
        return case.sudo()

    def _step_assess(self, case):
        self.env["skill.cert.conflict"].create({"expert_id": self.recused.id, "application_id": case.id})
        self._start_assessment(case, self.panel)

    def _step_open(self, case):
        self._session(case, self.meeting.committee_id).action_open()

    def _step_close(self, case):
        session = case.sudo().review_id.motion_id.session_id.with_user(self.county_officer)
        self._vote(session, 9)
        session.action_close()

    def _uploads(self, sheet):
        file = base64.b64encode(self.env["skill.cert.submission"]._template_xlsx())
        upload = sheet.import_ids.create({"submission_id": sheet.id, "file": file})
        row = self.env["skill.cert.sheet.row"].create({"import_id": upload.id, "number": 4})
        done = sheet.import_ids.create({"submission_id": sheet.id, "file": file})
        done.sudo().state = "done"
        new = {"submission_id": sheet.id, "file": file.decode()}
        return {
            f"{upload._name}, new": (upload, {"file_name": "示例.xlsx"}, new),
            f"{upload._name}, done": (done, {"submission_id": self.sheet.id}, new),
            row._name: (row, {"is_good": True}, {"import_id": upload.id, "number": 5}),
            "skill.cert.sheet.progress": (upload.progress_ids.sudo(), {"done": 1}, {"import_id": upload.id}),
        }

    def _people(self):
        person = self.env["res.partner"].create({"name": "王示例"})
        accepted = self._accepted(applicant_name="李示例", id_number=resident_id(sequence=905)).sudo()
        conflict = self.case.sudo().conflict_ids
        review = self.case.sudo().review_ids
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
            **self._panels(),
            "skill.cert.review": (
                review, {"outcome": "passed"},
                {"application_id": self.case.id, "bureau_id": self.county.id, "purpose": "certify"},
            ),
            **self._assessments(),
            "hr.employee.achievement": (self.env["hr.employee.achievement"].create(ledger), {"name": "示例"}, ledger),
        }  # fmt: skip

    def _panels(self):
        draft = self.panel.copy({"name": "示例"})
        rows = {}
        for state, panel in (("draft", draft), ("appointed", self.panel)):
            member = panel.sudo().member_ids.filtered(lambda m: m.expert_id == self.experts[1])
            new = {"panel_id": panel.id, "expert_id": self._expert(self.county).id}
            values = {"name": "示例", "bureau_id": self.county.id}
            rows[f"{panel._name}, {state}"] = (panel, {"name": "示例"}, values)
            rows[f"{member._name}, {state}"] = (member, {"expert_id": member.expert_id.id}, new)
        return rows

    def _assessments(self):
        """Return the first expert's assessment in each of its states."""
        states = ("invited", "draft", "submitted", "declined", "released")
        return dict(self._assessment_in(state, number) for number, state in enumerate(states))

    def _assessment_in(self, state, number):
        case = self._accepted(id_number=resident_id(sequence=951 + 2 * number))
        self._start_assessment(case, self.panel, accept=False)
        own = case.sudo().review_id.assessment_ids.filtered(lambda a: a.expert_id == self.experts[0])
        if state in ("draft", "submitted"):
            self._accept_assignments(case)
        if state == "submitted":
            self._assess(case)
        elif state == "declined":
            own.with_user(own.user_id).action_decline("time")
        elif state == "released":
            own._release()
        self.assertEqual(own.state, state)
        new = {"review_id": own.review_id.id, "expert_id": self._expert(self.county).id}
        return f"{own._name}, {state}", (own, {"opinion": "示例"}, new)

    def _own_declaration(self, application):
        declared = self.env["skill.cert.conflict"].with_user(self.recused.user_id).sudo()
        return declared.create({"expert_id": self.recused.id, "application_id": application.id}).sudo(False)

    def _draws(self):
        draft = self.panel.copy({"name": "示例", "member_ids": [], "leader_id": False})
        draw = self.env["skill.cert.draw"].with_user(self.county_officer).create({"panel_id": draft.id})
        draw.action_draw()
        waiting = draw.create({"panel_id": draft.id, "reason": "示例"})
        return {
            f"{draw._name}, draft": (waiting, {"wanted": 1}, {"panel_id": draft.id}),
            f"{draw._name}, drawn": (draw, {"wanted": 1}, {"panel_id": draft.id}),
            draw.line_ids._name: (
                draw.line_ids[0], {"refusal_reason": "示例"}, {"draw_id": draw.id, "expert_id": self.experts[0].id},
            ),
        }  # fmt: skip

    def _meeting_records(self):
        case = self.case.sudo()
        revoked = self.env["skill.cert.certificate"].search([("state", "=", "revoked")], limit=1)
        number = {"issued_on": "2001-01-01"}, {"application_id": case.id, "number": "1"}
        rows = {
            **self._committees(),
            **self._counting_and_objecting(),
            **self._publications(),
            "skill.cert.certificate, valid": (case.certificate_ids, *number),
            "skill.cert.signing.key": (
                case.certificate_ids.signing_key_id,
                {"state": "retired"},
                {"bureau_id": self.other_county.id, "name": "0", "public_key": "x"},
            ),
            "skill.cert.certificate, revoked": (revoked, *number),
        }
        committee = self.meeting.sudo().committee_id
        for state in ("draft", "open"):
            session = self._session(self._waiting_for_vote(1), committee)
            if state == "open":
                session.action_open()
            rows |= self._meeting(state, session.sudo())
        return rows | self._meeting("closed", self.meeting.sudo())

    def _publications(self):
        values = {
            "session_id": self.meeting.id, "first_day": "2099-01-01", "last_day": "2099-01-08", "contact": "示例",
        }  # fmt: skip
        publication = self.env["skill.cert.publication"].create(values)
        line = {"publication_id": publication.id, "application_id": self.case.id, "applicant_name": "示例"}
        return {
            publication._name: (publication, {"contact": "别处"}, values),
            "skill.cert.publication.line": (
                self.env["skill.cert.publication.line"].create(line), {"applicant_name": "别人"}, line,
            ),
        }  # fmt: skip

    def _meeting(self, state, session):
        seat, motion = session.seat_ids[1], session.motion_ids
        unseated = self.env["skill.cert.committee.member"].create(
            {"committee_id": session.committee_id.id, "expert_id": self._expert(self.county).id, "role": "expert"}
        )
        waiting = self._waiting_for_vote(1)
        ballot = self.env["skill.cert.ballot"].search([("motion_id", "=", motion.id)], limit=1)
        rows = {
            session._name: (session, {"place": "示例"}, {"name": "示例", "committee_id": session.committee_id.id}),
            seat._name: (seat, {"present": False}, {"session_id": session.id, "member_id": unseated.id}),
            motion._name: (motion, {"sequence": 1}, {"session_id": session.id, "application_id": waiting.id}),
            **({ballot._name: (ballot, {"choice": "agree"}, {"motion_id": motion.id, "token": "x"})} if ballot else {}),
        }
        return {f"{model}, {state}": row for model, row in rows.items()}

    def _committees(self):
        rows = {}
        draft = self._committee(self.county, appoint=False)
        for state, committee in (("draft", draft), ("appointed", self.meeting.committee_id)):
            member = committee.sudo().member_ids.filtered(lambda m: m.role == "expert")[0]
            new = {"committee_id": committee.id, "expert_id": self._expert(self.county).id, "role": "expert"}
            values = {"name": "示例", "bureau_id": self.county.id}
            rows[f"{committee._name}, {state}"] = (committee, {"name": "示例"}, values)
            rows[f"{member._name}, {state}"] = (member, {"role": "expert"}, new)
        return rows

    def _corrections(self):
        asked = {"application_id": self.case.id, "ground": "示例", "new_name": "章示例", "asked_by": "示例"}
        corrections = self.env["skill.cert.correction"].with_user(self.county_officer)
        allowed = corrections.create({**asked, "new_name": self.case.applicant_name, "new_education": "college"})
        allowed.proof_ids = [Command.set(self._file(self.county_officer, "proof.pdf").ids)]
        allowed.action_allow()
        line = {"correction_id": allowed.id, "fact": "sex"}
        return {
            "skill.cert.correction, asked": (corrections.create(asked), {"ground": "别的"}, asked),
            "skill.cert.correction.line, allowed": (allowed.line_ids, {"new_value": "别的"}, line),
        }

    def _counting_and_objecting(self):
        paper = self._session(self._waiting_for_vote(1))
        paper.voting = "paper"
        self._officer(self.county, "county")  # two count
        paper.action_open()
        paper.action_count()
        count = paper.sudo().count_ids
        objection = {"application_id": self.case.id, "ground": "示例", "objector_name": "示例举报人"}
        objections = self.env["skill.cert.objection"].with_user(self.county_officer)
        dismissed = objections.create(objection)
        dismissed.action_dismiss("示例")
        figures = {"count_id": count.id, "motion_id": paper.motion_ids.id}
        return {
            "skill.cert.paper.count, open": (
                count, {"scan_ids": []}, {"session_id": paper.id, "officer_id": self.county_officer.id},
            ),
            "skill.cert.paper.count.line, open": (count.line_ids, {"agree": 1}, figures),
            **self._corrections(),
            "skill.cert.objection, open": (objections.create(objection), {"ground": "别的"}, objection),
            "skill.cert.objection, dismissed": (dismissed, {"ground": "别的"}, objection),
        }  # fmt: skip

    def _rules(self):
        bureau = {"name": "示例", "level": "county", "parent_id": self.city.id}
        campaign = {"name": "示例", "date_close": "2099-12-31", "bureau_id": self.city.id, "policy_id": self.policy.id}
        kind = {"name": "示例", "kind": "award"}
        wording = {"name": "示例", "kind": "return"}
        rows = (
            (self.env["skill.cert.achievement.type"].create(kind), kind),
            (self.env["skill.cert.reason"].create(wording), wording),
            (
                self.env["skill.cert.holiday"].create({"name": "示例", "first_day": "2099-10-01"}),
                {"name": "示例", "first_day": "2099-10-08"},
            ),
            (self.env["skill.cert.occupation"].create({"name": "示例"}), {"name": "示例"}),
            (self.env["skill.cert.bureau"].create({**bureau, "code": "339901"}), {**bureau, "code": "339902"}),
            (self.env["skill.cert.campaign"].create(campaign), campaign),
        )
        facts = self.policy.copy().plausibility_ids
        fact = {"policy_id": facts.policy_id.id, "fact": facts[0].fact, "verdict": "off", "boundary": 1}
        facts[0].unlink()
        return {
            facts._name: (facts[1], {"verdict": "off"}, fact),
            **{record._name: (record, {"name": "示例三"}, values) for record, values in rows},
            **self._policy_rows("draft", self.env["skill.cert.policy"].create({"name": "示例", "code": "示例"})),
            **self._policy_rows("in force", self.policy),
        }

    def _policy_rows(self, state, policy):
        kind = self.env.ref("wz_skill_cert.achievement_type_award")
        condition = {"policy_id": policy.id, "level": "technician", "text": "示例", "number": 9}
        template = {"policy_id": policy.id, "name": "示例"}
        first = policy.condition_ids[:1] or policy.condition_ids.create({**condition, "number": 8})
        criterion = {"condition_id": first.id, "kind": "award", "type_ids": [Command.set(kind.ids)]}
        rows = (
            (policy, {"name": "示例"}, {"code": f"示例 {state}", "name": "示例"}),
            (first, {"text": "示例"}, condition),
            (first.criterion_ids[:1] or first.criterion_ids.create(criterion), {"min_count": 2}, criterion),
            (
                policy.material_template_ids[:1] or policy.material_template_ids.create(template),
                {"name": "示例"},
                template,
            ),
        )
        return {f"{record._name}, {state}": (record, change, values) for record, change, values in rows}

    def _dialogues(self):
        reason = {"application_ids": [Command.set(self.case.ids)], "action": "revoke", "reason": "示例"}
        refusal = {"achievement_id": self.case.sudo().achievement_ids.id, "reason": "示例"}
        panel = {"application_ids": [Command.set(self.case.ids)]}
        replacement = {"certificate_id": self.case.sudo().certificate_ids.id, "reason": "示例"}
        publication = {"session_id": self.meeting.id, "contact": "示例"}
        result = self.env["skill.cert.issue.result"].with_user(self.county_officer).sudo().create({})
        line = {"result_id": result.id, "application_id": self.case.id}
        return {
            result._name: (result, {"line_ids": []}, {}),
            "skill.cert.issue.result.line": (result.line_ids.create(line), {"reason": "别的"}, line),
            **self._asked(reason, refusal, panel, replacement, publication),
        }

    def _asked(self, reason, refusal, panel, replacement, publication):
        wizard = self.env["skill.cert.reason.wizard"].with_user(self.county_officer).create(reason)
        return {
            name: (self.env[name].with_user(self.county_officer).create(values), change, values)
            for name, values, change in (
                ("skill.cert.reason.wizard.line", {"wizard_id": wizard.id, "text": "示例"}, {"text": "别的"}),
                ("skill.cert.reason.wizard", reason, {"reason": "别的"}),
                ("skill.cert.refusal.wizard", refusal, {"reason": "别的"}),
                ("skill.cert.panel.wizard", panel, {"panel_id": self.panel.id}),
                ("skill.cert.replacement.wizard", replacement, {"reason": "别的"}),
                ("skill.cert.schedule.wizard", panel, {"assess_place": "别处"}),
                ("skill.cert.publication.wizard", publication, {"contact": "别处"}),
            )
        }
