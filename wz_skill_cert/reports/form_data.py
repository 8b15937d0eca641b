"""What 附件1 states, as data: the file attached to its PDF, so that a receiving system need not retype the form.

The file is UTF-8 JSON under static/src/forms/application-form.schema.json (JSON Schema, draft 7), which its ``schema``
names. It says what the papers of the application say and no more: 附件1 whole, with the ID number in full as the paper
has it, and the enterprise's facts of 附件2. The photo is not repeated: it is on the form's third page. Keys are English
and stay; a key that is added keeps the version, one that changes its meaning raises it.

- days are ISO dates (``2026-11-24``), counted in China;
- amounts are decimal texts in 万元 with two places (``"35.50"``), as a number in binary would not be the one written;
- codes are those of the record: ``sex`` GB/T 2261.1, ``level`` and ``education`` the keys that the schema lists;
- what nobody stated is ``null``, and ``vote`` is null before the decision.
"""

import base64
import json

from .. import clock
from . import wording

SCHEMA = "urn:wz-skill-cert:application-form:1"
FILE_NAME = "application-form.json"


def application_data(application, draft):
    """Return the content of 附件1 as plain values that JSON can hold, described above; ``draft`` as it is printed."""
    return {
        "schema": SCHEMA,
        "policy": _text(application.policy_id.code),
        "number": _text(application.name),
        "draft": draft,
        "filled_in_on": _day(application.submitted_on),
        "level": _text(application.level),
        "occupation": {
            "code": _text(application.occupation_code),
            "name": _text(application.occupation_name),
        },
        "applicant": _applicant(application),
        "employer": _employer(application),
        "nominator": _text(application.nominator_name),
        "history": [_line(line, "description", "witness") for line in application.history_ids.sorted("date_start")],
        "summary": _text(application.summary),
        "contributions": [
            _line(line, "unit", "description", "result", "witness")
            for line in application.contribution_ids.sorted("date_start")
        ],
        "mentoring": _text(application.mentoring),
        "recommendation": _text(application.recommendation),
        "vote": _vote(application),
    }


def attachment(application, draft):
    """Return the data as a link of the page, which the engine turns into an attached file."""
    content = json.dumps(application_data(application, draft), ensure_ascii=False, indent=1).encode()
    return {"name": FILE_NAME, "uri": "data:application/json;base64," + base64.b64encode(content).decode()}


def _applicant(application):
    return {
        "name": _text(application.applicant_name),
        "id_number": _text(application.id_number),
        "sex": _text(application.sex),
        "birth_date": _day(application.birth_date),
        "education": _text(application.education),
        "phone": _text(application.phone),
        "career_start": _day(application.career_start),
        "occupation": _text(application.current_occupation),
        "occupation_start": _day(application.occupation_start),
        "occupation_years": application.occupation_years if application.occupation_start else None,
        "job": _text(application.job),
        "technical_specialty": _text(application.technical_specialty),
        "annual_benefit": _amount(application.annual_benefit),
        "qualification": {
            "level": _text(application.held_level),
            "issuer": _text(application.held_issuer),
            "issued_on": _day(application.held_on),
        },
        "title": {"name": _text(application.title_name), "appointed_on": _day(application.title_date)},
    }


def _employer(application):
    return {
        "name": _text(application.employer_name),
        "address": _text(application.employer_address),
        "contact": _text(application.contact_name),
        "contact_phone": _text(application.contact_phone),
        "assets": _amount(application.employer_assets),
        "annual_sales": _amount(application.employer_sales),
        "headcount": application.employer_headcount or None,
    }


def _line(line, *names):
    return {"from": _day(line.date_start), "to": _day(line.date_end), **{name: _text(line[name]) for name in names}}


def _vote(application):
    if not application.vote_conclusion:
        return None
    return {
        "members": application.vote_base,
        "agree": application.vote_agree,
        "against": application.vote_against,
        "abstain": application.vote_abstain,
        "passed": application.vote_passed,
        "decided_on": _day(application.decided_on),
    }


def _text(value):
    return value or None


def _day(moment):
    day = clock.day_of(moment)
    return day.isoformat() if day else None


def _amount(value):
    return wording.money(value) or None
