"""A small invented world and the steps of the procedure, taken by the persons who take them.

Every person and unit is fictitious: ID area 330300 is issued to nobody, sequences start at 901.
"""

import io
from datetime import date, timedelta

import pikepdf

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import TransactionCase

from . import crowd

LOGIN_SEQUENCE = iter(range(10**6))
PERSON_SEQUENCE = iter(range(10**6))
UPDATE_FIELDS = {"write_date", "write_uid"}


def resident_id(birth=date(1985, 5, 20), sequence=901):
    """Return an invented resident ID of area 330300, its check character by the weights of GB 11643."""
    body = f"330300{birth:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * 2 ** (17 - position) for position, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def patent_number(serial):
    """Return an invented invention patent of 2099: weights 2..9 and 2..5, modulo 11, 10 written X."""
    digits = f"20991{serial:07d}"
    weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return f"ZL{digits}.{'0123456789X'[total % 11]}"


def pdf(title="示例材料（虚构）", prepare=None, **save):
    """Return the bytes of a PDF of one empty page; ``prepare(pdf)`` puts into it what a test needs."""
    document, content = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(595, 842))
    document.docinfo["/Title"] = title
    if prepare:
        prepare(document)
    document.save(content, **{"deterministic_id": "encryption" not in save, **save})
    return content.getvalue()


PROOF = pdf()


class _Refused:
    """``assertRaises`` (which rolls the step back) and a look at what the sentence says."""

    def __init__(self, case, words, error):
        self.case, self.words, self.context = case, words, case.assertRaises(error)

    def __enter__(self):
        self.caught = self.context.__enter__()
        return self.caught

    def __exit__(self, *exc_info):
        handled = self.context.__exit__(*exc_info)
        for word in self.words:
            self.case.assertIn(str(word), str(self.caught.exception))
        return handled


class SkillCertCase(TransactionCase):
    """Two counties, the city, an enterprise, an association, a pool of experts, an open campaign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_world()

    @classmethod
    def _make_world(cls):
        """Create what the cases share; also for tests that commit it to a database of their own."""
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        cls.env["skill.cert.public.address"]._set("https://zs.example.com", "")
        cls.policy = cls.env.ref("wz_skill_cert.policy_wenzhou_2020_86")
        cls.city = cls.env.ref("wz_skill_cert.bureau_330300")
        cls.county = cls.env.ref("wz_skill_cert.bureau_330302")
        cls.other_county = cls.env.ref("wz_skill_cert.bureau_330303")
        cls.electrician = cls.env.ref("wz_skill_cert.occupation_6_31_01_03")
        cls.county_officer = cls._officer(cls.county, "county")
        cls.other_officer = cls._officer(cls.other_county, "county")
        cls.city_officer = cls._officer(cls.city, "city")
        cls.manager = cls._user("group_manager")
        cls.plain_user = cls._user()
        cls.campaign = cls.env["skill.cert.campaign"].create(
            {
                "name": "2099 test campaign",
                "date_open": clock.today() - timedelta(days=1),
                "date_close": clock.today() + timedelta(days=30),
                "bureau_id": cls.city.id,
                "policy_id": cls.policy.id,
            }
        )
        cls.enterprise = cls._unit("温州示例电器有限公司（虚构）")
        cls.nominator = cls._nominator(cls.enterprise)
        cls.other_enterprise = cls._unit("温州示例泵阀有限公司（虚构）", bureau=cls.other_county)
        cls.other_nominator = cls._nominator(cls.other_enterprise)

    def setUp(self):
        # Before Odoo sets the savepoint of the test.
        if "_is_prepared" not in vars(type(self)):
            self._prepare_once()
        super().setUp()

    def _prepare_once(self):
        """Let all tests of the class begin with what the first one prepares."""
        case_class, own = type(self), set(vars(self))
        with self.env.cr.savepoint():
            self._prepare()
        assert not self._cleanups, "what ends with a test belongs into setUp"
        for name in {*vars(self)} - own:
            setattr(case_class, name, vars(self).pop(name))
        case_class._is_prepared = True

    def _prepare(self):
        """Make what all tests of the class begin with, as setUp would, but once a class: records, and what is computed.

        What a test changes of it is rolled back. Only methods of the ORM may be used: no request, no patch.
        """

    # ------------------------------------------------------------------ people and units

    @classmethod
    def _user(cls, *groups):
        return cls._users(1, *groups)

    @classmethod
    def _users(cls, number, *groups):
        return crowd.wake(cls.env, groups, number)

    @classmethod
    def _officer(cls, bureau, level):
        user = cls._user(f"group_{level}_officer")
        bureau.user_ids = [Command.link(user.id)]
        return user

    @classmethod
    def _unit(cls, name, kind="enterprise", bureau=None):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "skill_cert_unit": kind,
                "skill_cert_bureau_id": (bureau or cls.county).id,
                "enterprise_assets": 5000,
                "enterprise_sales": 8000.5,
                "enterprise_headcount": 320,
            }
        )

    @classmethod
    def _nominator(cls, unit):
        user = cls._user("group_nominator")
        unit.nominator_user_ids = [Command.link(user.id)]
        return user

    @classmethod
    def _expert(cls, bureau, qualification="senior_engineer", employer=None):
        return cls._experts(bureau, 1, qualification, employer)

    @classmethod
    def _experts(cls, bureau, number, qualification="senior_engineer", employer=None):
        return cls.env["skill.cert.expert"].create(
            [
                {
                    "partner_id": user.partner_id.id,
                    "user_id": user.id,
                    "qualification": qualification,
                    "bureau_id": bureau.id,
                    "employer_id": employer.id if employer else False,
                }
                for user in cls._users(number, "group_expert")
            ]
        )

    @classmethod
    def _hr_nominator(cls, unit):
        """Return a nominator of ``unit`` who also keeps the enterprise's employees."""
        user = cls._nominator(unit)
        user.group_ids = [Command.link(cls.env.ref("hr.group_hr_user").id)]
        return user

    @classmethod
    def _employee(cls, name="张示例", **values):
        return cls.env["hr.employee"].create({"name": name, **values})

    @classmethod
    def _association(cls, *members):
        association = cls._unit("温州示例电气行业协会（虚构）", "association")
        for member in members:
            member.association_ids = [Command.link(association.id)]
        return association

    # ------------------------------------------------------------------ what must hold

    def assert_refused(self, *words, error=UserError):
        """Return the context in which a step is refused, with a sentence that contains all ``words``."""
        return _Refused(self, words, error)

    def _facts(self, record):
        """Return all stored facts of a record as the database has them, to compare before and after."""
        record = record.sudo()
        record.env.flush_all()
        record.invalidate_recordset()
        names = [name for name, field in record._fields.items() if field.store and name not in UPDATE_FIELDS]
        return record.read(names, load=None)[0]

    # ------------------------------------------------------------------ papers

    def _file(self, user, name="proof.pdf"):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create(
                {
                    "name": name,
                    "raw": PROOF,
                }
            )
        )

    def _achievement_vals(self, user, kind="title", **values):
        types = {
            "honour": "model_worker",
            "award": "award",
            "patent": "patent_invention",
            "title": "title",
            "talent": "talent_excellent",
            "breakthrough": "breakthrough",
        }
        defaults = {
            "title": {"name": "工程师", "title_rank": "2"},
            "honour": {"name": "劳动模范", "scope": "2"},
            "award": {"name": "科技进步奖", "scope": "2", "grade": "3", "role": "main_contributor"},
            "patent": {"name": "一种示例装置", "number": patent_number(1), "role": "main_contributor"},
            "talent": {"name": "优秀技能人才"},
            "breakthrough": {"name": "工艺革新", "role": "main_participant", "annual_benefit": 50},
        }
        return {
            "type_id": self.env.ref(f"wz_skill_cert.achievement_type_{types[kind]}").id,
            "evidence_ids": [Command.set(self._file(user).ids)],
            **defaults[kind],
            **values,
        }

    def _application_vals(self, user=None, **values):
        user = user or self.nominator
        birth = date(1985, 5, 20)
        # At 18 at the earliest.
        begun = max(2005, Date.to_date(values.get("birth_date") or birth).year + 18)
        return {
            "nominator_id": user.nominator_unit_ids[:1].id,
            "campaign_id": self.campaign.id,
            "level": "senior_worker",
            "occupation_id": self.electrician.id,
            "applicant_name": "张示例",
            "id_number": resident_id(birth, 901),
            "sex": "1",
            "birth_date": birth,
            "education": "vocational",
            "phone": "13800000901",
            "career_start": f"{begun}-07-01",
            "occupation_start": f"{begun + 1}-07-01",
            "summary": "爱岗敬业。",
            "recommendation": "同意推荐。",
            "history_ids": [
                Command.create(
                    {
                        "date_start": f"{begun}-07-01",
                        "description": "温州示例电器有限公司（虚构）电工",
                        "witness": "李示例",
                    }
                )
            ],
            "achievement_ids": [Command.create(self._achievement_vals(user))],
            **values,
        }

    def _draft(self, user=None, **values):
        """Return a complete draft of the nominator ``user``, in the user's own environment."""
        user = user or self.nominator
        application = self.env["skill.cert.application"].with_user(user).create(self._application_vals(user, **values))
        for material in application.material_ids.filtered("required"):
            material.attachment_ids = [Command.set(self._file(user, "id.pdf").ids)]
        return application

    # ------------------------------------------------------------------ the procedure, step by step

    def _submitted(self, user=None, **values):
        application = self._draft(user, **values)
        application.action_submit()
        return application.with_user(self._handler(application))

    def _accepted(self, user=None, **values):
        application = self._submitted(user, **values)
        application.action_accept()
        return application

    def _handler(self, application):
        return application.sudo().handling_bureau_id.user_ids[:1]

    def _settle(self, application, user=None, word="已补正。"):
        """Answer all that the bureau asks, as the nominator, and return the case in the nominator's environment."""
        own = application.with_user(user or self.nominator)
        own.request_ids.filtered(lambda request: request.state == "open").point_ids.action_settle(word)
        return own

    def _panel(self, bureau, size=3, experts=None):
        experts = experts or self._experts(bureau, size)
        officer = bureau.sudo().user_ids[:1]
        panel = (
            self.env["skill.cert.panel"]
            .with_user(officer)
            .create(
                {
                    "name": "Panel",
                    "bureau_id": bureau.id,
                    "policy_id": self.policy.id,
                    "leader_id": experts[:1].id,
                    "member_ids": [Command.create({"expert_id": expert.id}) for expert in experts],
                }
            )
        )
        panel.action_appoint()
        return panel

    def _start_assessment(self, applications, panel=None, accept=True):
        """Hand the applications to a panel, whose experts accept the assignment unless told otherwise."""
        officer = self._handler(applications[:1])
        panel = panel or self._panel(applications[:1].sudo().handling_bureau_id)
        panel.with_user(officer).application_ids = [Command.link(application.id) for application in applications]
        applications.with_user(officer).action_start_assessment()
        if accept:
            self._accept_assignments(applications)

    def _accept_assignments(self, applications):
        for assessment in applications.sudo().review_id.assessment_ids.filtered(lambda a: a.state == "invited"):
            assessment.with_user(assessment.user_id).action_accept()
        # As the end of the request does: the rules ask the table who reads the case.
        self.env.flush_all()

    def _assess(self, applications, verdict="qualified"):
        for assessment in applications.sudo().review_id.assessment_ids.filtered(lambda a: a.state == "draft"):
            own = assessment.with_user(assessment.user_id)
            own.application_id.achievement_ids.filtered(lambda a: a.verified == "claimed").action_verify()
            own.write(
                {
                    "materials": "complete",
                    "method": "practical",
                    "place": "示例实训中心",
                    "held_on": "2099-01-01",
                    "opinion": "属实。",
                    "verdict": verdict,
                    "score_conduct": 90,
                    "score_ability": 88,
                    "score_training": 85,
                    "score_results": 92,
                }
            )
            own.action_submit()

    def _qualified(self, user=None, **values):
        application = self._accepted(user, **values)
        self._qualify(application)
        return application

    def _qualify(self, applications):
        officer = self._handler(applications[:1])
        self._start_assessment(applications)
        self._assess(applications)
        applications.with_user(officer).action_conclude_assessment()

    def _committee(self, bureau, experts=5, hr=1, appoint=True):
        return self._committee_of(
            bureau,
            self._expert(bureau, "bureau_leader"),
            self._experts(bureau, experts),
            self._experts(bureau, hr, "hr_head"),
            appoint=appoint,
        )

    def _committee_of(self, bureau, chair, experts, heads, appoint=True):
        officer = bureau.sudo().user_ids[:1]
        members = [
            {"expert_id": chair.id, "role": "chair"},
            *({"expert_id": expert.id, "role": "expert"} for expert in experts),
            *({"expert_id": head.id, "role": "hr"} for head in heads),
        ]
        committee = (
            self.env["skill.cert.committee"]
            .with_user(officer)
            .create(
                {
                    "name": "Committee",
                    "bureau_id": bureau.id,
                    "policy_id": self.policy.id,
                    "member_ids": [Command.create(member) for member in members],
                }
            )
        )
        if appoint:
            committee.action_appoint()
        return committee

    def _waiting_for_vote(self, number, bureau=None):
        """Return applications that wait for a vote at ``bureau``, without the way that led there."""
        bureau = bureau or self.county
        births = [date(1986, 1, 1) + timedelta(days=next(PERSON_SEQUENCE)) for _ in range(number)]
        applications = self.env["skill.cert.application"].create(
            [
                self._application_vals(
                    applicant_name=f"示例{birth:%m%d}",
                    id_number=resident_id(birth),
                    birth_date=birth,
                    bureau_id=bureau.id,
                    achievement_ids=[],
                    state="qualified",
                    submitted_on="2099-01-01",
                )
                for birth in births
            ]
        )
        self.env["skill.cert.review"].create(
            [
                {"application_id": application.id, "bureau_id": bureau.id, "purpose": "certify", "outcome": "qualified"}
                for application in applications
            ]
        )
        return applications.with_user(bureau.user_ids[:1])

    def _session(self, applications, committee=None):
        """Return a session of the handling bureau: all present, no conflict declared, the applications on the agenda."""
        bureau = applications[:1].sudo().handling_bureau_id
        committee = committee or self._committee(bureau)
        session = (
            self.env["skill.cert.session"]
            .with_user(bureau.sudo().user_ids[:1])
            .create(
                {
                    "name": "Session",
                    "committee_id": committee.id,
                    "motion_ids": [Command.create({"application_id": application.id}) for application in applications],
                }
            )
        )
        session.action_all_present()
        session.action_record_declarations()
        return session

    def _vote(self, session, agree, against=0):
        """Cast whole papers: the first ``agree`` members agree to all, the next ``against`` refuse all, others abstain."""
        choices = ["agree"] * agree + ["against"] * against
        for index, seat in enumerate(session.sudo().seat_ids.filtered("present")):
            choice = choices[index] if index < len(choices) else "abstain"
            motions = session.sudo().motion_ids.filtered(
                lambda m, seat=seat: m.state == "open" and seat not in m.recused_seat_ids
            )
            session.with_user(seat.user_id).cast({motion.id: choice for motion in motions})

    def _end(self, session):
        """Let the announced end of an open vote have come."""
        self.env.flush_all()
        query = "UPDATE skill_cert_session SET ends_on = opened_on - interval '1 minute' WHERE id = %s"
        self.env.cr.execute(query, [session.id])
        self.env.invalidate_all()

    def _decide(self, applications, agree=7, against=0):
        session = self._session(applications)
        session.action_open()
        self._vote(session, agree, against)
        session.action_close()
        return session
