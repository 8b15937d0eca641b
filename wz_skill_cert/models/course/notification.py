"""The outbox: what is to be told to whom, collected to one e-mail a person and kind, and sent apart from the steps themselves.

An e-mail leaves the house: it names cases by number and nobody by name, goes to one person each who may still read the record
when it is sent, and what is more is behind a link that asks for the login.
"""

import logging
import re
from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import formataddr

from ... import clock
from ...reports import wording
from ..platform.enumeration import office_language

_logger = logging.getLogger(__name__)

# What there is to tell, each with the e-mail template of the same name (data/notification_templates.xml).
NOTICES = [
    ("submitted", "To be checked"),
    ("returned", "Returned for correction"),
    ("accepted", "Papers accepted"),
    ("withdrawn", "Application withdrawn"),
    ("transferred", "Handed over to another bureau"),
    ("invited", "Asked to assess"),
    ("declined", "An expert has declined"),
    ("assessed", "All assessments are in"),
    ("recommended", "Handed over to the city"),
    ("session_open", "Vote opened"),
    ("decided", "Result of the recognition"),
    ("certified", "Certificate issued"),
    ("objection", "News of an objection"),
    ("terminated", "Case terminated"),
    ("sent_back", "Sent back by the city"),
    ("correction_asked", "Correction asked for"),
    ("correction_decided", "Correction decided"),
    ("papers", "Further papers asked for"),
    ("papers_in", "Further papers are in"),
    ("revoked", "Qualification revoked"),
    ("due", "Deadline near"),
    ("late", "Deadline missed"),
    ("closing", "Campaign closes soon"),
    ("session_soon", "Session tomorrow"),
    ("session_vote", "Vote outstanding"),
    ("campaign", "Campaign opened"),
    ("holidays", "Schedule of holidays missing"),
    ("digest", "Daily overview"),
]
# As the e-mails name them: the office writes in Chinese, whatever the language of the installation.
KINDS = {
    "submitted": "待受理",
    "returned": "退回补正",
    "accepted": "已受理",
    "withdrawn": "已撤回",
    "transferred": "已移交",
    "invited": "考评邀请",
    "declined": "需补充专家",
    "assessed": "考评已完成",
    "recommended": "技师推荐",
    "session_open": "表决开始",
    "decided": "认定结果",
    "certified": "证书核发",
    "objection": "异议处理",
    "terminated": "终止办理",
    "sent_back": "市级退回",
    "correction_asked": "申请更正",
    "correction_decided": "更正结果",
    "papers": "补充材料",
    "papers_in": "补充材料已交",
    "revoked": "资格取消",
    "due": "期限临近",
    "late": "已逾期",
    "closing": "申报将截止",
    "session_soon": "明日评审会",
    "session_vote": "待投票",
    "campaign": "申报开始",
    "holidays": "节假日安排待录入",
}
# Calls for action that others may have answered meanwhile: told only while the record is still in this state.
ONLY_WHILE = {
    "submitted": "submitted",
    "returned": "returned",
    "recommended": "recommended",
    "sent_back": "qualified",
    "assessed": "assessment",
    "invited": "invited",
    "session_open": "open",
}
# Which say until when.
WITH_DAY = ("submitted", "returned", "recommended", "sent_back", "assessed", "invited", "due", "late")
# What many single clicks in a row bring about goes into one e-mail.
COLLECT = timedelta(minutes=5)
# Lines in one e-mail; the others are behind the link.
LINES = 50
# People served between two commits of the scheduled action.
BATCH = 20
KEPT = timedelta(days=180)
# Whatever a template says: no ID number and no mobile phone leaves the house by e-mail.
NUMBERS = (
    (re.compile(r"(?<![0-9A-Za-z])(\d{3})\d{11}(\d{3}[0-9Xx])(?![0-9A-Za-z])"), r"\1***********\2"),
    (re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])"), r"\1****\2"),
)


def without_numbers(text):
    """Return ``text`` with every ID number and mobile phone number in it masked."""
    for pattern, stars in NUMBERS:
        text = pattern.sub(stars, text)
    return text


class Notification(models.Model):
    """One thing that one user is to be told about one record. Holds no words about it: they are made when it is sent."""

    _name = "skill.cert.notification"
    _description = "Notification"
    _inherit = ["skill.cert.discreet"]
    _order = "id"
    _rec_name = "reference"

    user_id = fields.Many2one("res.users", "Recipient", required=True, ondelete="cascade", index=True)
    notice = fields.Selection(NOTICES, "Kind of notification", required=True)
    res_model = fields.Char("Kind of record", required=True)
    res_id = fields.Many2oneReference("Record ID", model_field="res_model", required=True, index=True)
    # Of a reminder alone: the day that it reminds of.
    day = fields.Date("Deadline")
    state = fields.Selection(
        [
            ("waiting", "To be sent"),
            ("mailed", "E-mailed"),
            ("silent", "Not e-mailed"),
            ("failed", "Could not be written"),
        ],
        required=True,
        default="waiting",
    )
    mail_id = fields.Many2one("skill.cert.notification.mail", "E-mail", ondelete="set null", index="btree_not_null")
    reference = fields.Char("Number", compute="_compute_reference", compute_sudo=True)
    particulars = fields.Char(compute="_compute_reference", compute_sudo=True)
    shown_day = fields.Date("To be done by", compute="_compute_reference", compute_sudo=True)
    url = fields.Char("Link", compute="_compute_reference", compute_sudo=True)

    _waiting = models.Index("(user_id) WHERE state = 'waiting'")
    _reminded_once = models.UniqueIndex(
        "(user_id, notice, res_model, res_id, day) WHERE day IS NOT NULL", "This reminder has been sent already."
    )

    @api.depends("res_model", "res_id")
    def _compute_reference(self):
        base, records = self.browse().get_base_url(), self._records()
        for notification in self:
            record = records.get((notification.res_model, notification.res_id))
            reference, particulars, day = record._notified_as() if record else (False, False, False)
            notification.reference, notification.particulars = reference, particulars
            notification.shown_day = (notification.day or day) if notification.notice in WITH_DAY else False
            notification.url = f"{base}/odoo/{notification.res_model}/{notification.res_id}"

    def _records(self):
        """Return {(model, id): record} of what there still is."""
        return {
            (model, record.id): record
            for model, rows in self.grouped("res_model").items()
            for record in self.env[model].browse(rows.mapped("res_id")).exists()
        }

    # ------------------------------------------------------------------ into the outbox

    @api.model
    def _tell(self, notice, pairs):
        """Put into the outbox that these users are to be told about these records: [(record, users)]."""
        # Nobody's doing: whoever reads that there is news does not read by whom.
        outbox = self.with_user(SUPERUSER_ID)
        rows = outbox.create([values for record, users in pairs for values in outbox._rows(notice, record, users)])
        if rows:
            outbox.env.ref("wz_skill_cert.cron_notification")._trigger(fields.Datetime.now() + COLLECT)
        return rows

    @api.model
    def _remind(self, notice, triples):
        """Put reminders into the outbox, each once in all: [(record, users, day)]."""
        outbox = self.with_user(SUPERUSER_ID)
        rows = [
            {**values, "day": day} for record, users, day in triples for values in outbox._rows(notice, record, users)
        ]
        known = outbox._known_reminders(notice, rows)
        return outbox.create([row for row in rows if outbox._key(row) not in known])

    @api.model
    def _rows(self, notice, record, users):
        return [
            {"user_id": user.id, "notice": notice, "res_model": record._name, "res_id": record.id}
            for user in users
            if user.active
        ]

    @api.model
    def _known_reminders(self, notice, rows):
        domain = [("notice", "=", notice), *((name, "in", list({r[name] for r in rows})) for name in ("res_id", "day"))]
        return {(n.user_id.id, n.res_model, n.res_id, n.day) for n in self.search(domain)}

    @api.model
    def _key(self, row):
        return row["user_id"], row["res_model"], row["res_id"], row["day"]

    # ------------------------------------------------------------------ out of it

    @api.model
    def _run(self):
        """Scheduled, and a few minutes after each hand-over: send to all who want it at once."""
        cron = self.env["ir.cron"]
        users = self._users_waiting(Domain("user_id.skill_cert_notify", "!=", "daily"))
        for start in range(0, len(users), BATCH):
            served = users[start : start + BATCH]
            self._serve(served)
            if not cron._commit_progress(len(served), remaining=max(len(users) - start - BATCH, 0)):
                return

    @api.model
    def _users_waiting(self, domain):
        groups = self._read_group(Domain("state", "=", "waiting") & domain, ["user_id"], order="user_id")
        return self.env["res.users"].union(*(user for (user,) in groups))

    @api.model
    def _serve(self, users):
        """Send what waits for these users: one e-mail a user and kind."""
        waiting = self.search([("state", "=", "waiting"), ("user_id", "in", users.ids)])
        for user, rows in waiting.grouped("user_id").items():
            current = rows._still_to_be_told(user)
            (rows - current).state = "silent"
            if user.skill_cert_notify == "activity":
                current.state = "silent"
                continue
            for notice, collected in current.grouped("notice").items():
                collected._mail(user, notice)

    def _still_to_be_told(self, user):
        """Return those that still hold and whose record ``user`` may read now; rights may have changed since the step."""
        current = self.browse()
        for model, rows in self.grouped("res_model").items():
            records = self.env[model].browse(rows.mapped("res_id")).exists()
            readable = set(records.with_user(user)._filtered_access("read").ids) if user.active else ()
            current |= rows.filtered(lambda row, ids=readable: row.res_id in ids and row._holds())
        return current

    def _holds(self):
        state = ONLY_WHILE.get(self.notice)
        return not state or self.env[self.res_model].browse(self.res_id).state == state

    def _mail(self, user, notice, **values):
        """Write one e-mail of these to ``user`` and queue it; ``values`` of the overview alone."""
        mail = self.env["skill.cert.notification.mail"]
        try:
            # A template that somebody has broken keeps nobody else's mail back.
            with self.env.cr.savepoint():
                mail = mail.create({"user_id": user.id, "notice": notice, **values})
                self.mail_id = mail
                self.state = "mailed" if mail._queue() else "silent"
        except Exception:
            _logger.exception("Notification %s could not be written", notice)
            self.write({"state": "failed", "mail_id": False})

    @api.autovacuum
    def _gc_notifications(self):
        old = Domain("create_date", "<", fields.Datetime.now() - KEPT) & Domain("state", "!=", "waiting")
        # A reminder that was deleted would be sent again while its deadline is not met.
        self.search(old & Domain("day", "=", False), limit=10_000).unlink()


class NotificationMail(models.Model):
    """One e-mail to one user, on which its template is rendered: what of it is personal stays behind the links."""

    _name = "skill.cert.notification.mail"
    _description = "Notification by e-mail"
    _inherit = ["skill.cert.discreet"]
    _order = "id desc"
    _rec_name = "notice"

    user_id = fields.Many2one("res.users", "Recipient", required=True, ondelete="cascade", index=True)
    notice = fields.Selection(NOTICES, "Kind of notification", required=True)
    notification_ids = fields.One2many("skill.cert.notification", "mail_id", "Notifications")
    # For the templates
    count = fields.Integer("Number of notifications", compute="_compute_content", compute_sudo=True)
    numbers = fields.Char("Numbers of the cases", compute="_compute_content", compute_sudo=True)
    office = fields.Char("Sender", compute="_compute_content", compute_sudo=True)
    today = fields.Char(compute="_compute_content", compute_sudo=True)

    @api.depends("notification_ids")
    def _compute_content(self):
        for mail in self:
            lines = mail.notification_ids
            mail.count = len(lines)
            first = lines[:1].reference or ""
            mail.numbers = f"{first} 等 {len(lines)} 件" if len(lines) > 1 else first
            mail.office = mail._bureau().issuer
            mail.today = wording.day(clock.today())

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Return what a manager may have filled in: nothing else of the case, which is not the manager's to read."""
        return ("object.numbers", "object.count", "object.office", "object.today")

    def _bureau(self):
        """Return the bureau in whose name is written: that of the records, or the city for those of several."""
        records = self.notification_ids._records().values()
        bureaus = self.env["skill.cert.bureau"].union(*(record._notifying_bureau() for record in records))
        bureaus = bureaus or self.user_id.skill_cert_bureau_ids
        cities = bureaus.city_id
        return bureaus if len(bureaus) == 1 else cities if len(cities) == 1 else cities.browse()

    # ------------------------------------------------------------------ writing

    def _queue(self):
        """Write the e-mail and queue it with Odoo; return whether there is a template and an address for it."""
        template = self.env.ref(f"wz_skill_cert.mail_template_{self.notice}", raise_if_not_found=False)
        if not template or not template.active or not self.user_id.email:
            return False
        self.env["mail.mail"].create(self._values(template))
        # Odoo's own queue sends it: where no server answers, only the queue knows.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return True

    def _values(self, template):
        sender, address = self._bureau(), self._address()
        return {
            "subject": without_numbers(self._subject(template)),
            "body_html": without_numbers(self._body(template)),
            "recipient_ids": [fields.Command.link(self.user_id.partner_id.id)],
            # In the bureau's name: who handles a case is nobody's business outside.
            "author_id": self.env.company.partner_id.id,
            "email_from": formataddr((sender.issuer or self.env.company.name, address)) if address else False,
            "reply_to": sender.email or address,
            "headers": repr({"Auto-Submitted": "auto-generated"}),
            "auto_delete": True,
        }

    def _address(self):
        return self.env.company.email or self.env["ir.mail_server"]._get_default_from_address() or self._bureau().email

    def _as_recipient(self):
        """Return the e-mail as its recipient reads it, in Chinese: a template shows nobody what the own rights do not."""
        return self.with_user(self.user_id).with_context(lang=office_language(self.env))

    def _render(self, template, name):
        own = self._as_recipient()
        return template.with_env(own.env)._render_field(name, own.ids)[own.id]

    def _subject(self, template):
        return " ".join(str(self._render(template, "subject") or "").split())

    def _body(self, template):
        content = Markup(self._render(template, "body_html"))  # rendered by QWeb, which escapes
        own = self._as_recipient()
        lines = own.notification_ids[:LINES]
        values = {
            "mail": own,
            "content": content,
            "lines": lines,
            "home": lines.url if len(lines) == 1 else f"{self.get_base_url()}/odoo",
            "notices": KINDS,
            "day": wording.day,
        }
        return str(own.env["ir.qweb"]._render("wz_skill_cert.notification_layout", values))

    @api.autovacuum
    def _gc_mails(self):
        self.search([("create_date", "<", fields.Datetime.now() - KEPT)], limit=10_000).unlink()


class Assessment(models.Model):
    _inherit = "skill.cert.assessment"

    def _notified_as(self):
        return self.application_id._notified_as()

    def _notifying_bureau(self):
        return self.bureau_id


class Session(models.Model):
    _inherit = "skill.cert.session"

    def _notified_as(self):
        """Return (name, time and place); which cases are on the agenda is read in the system, by those not recused."""
        moment = fields.Datetime.context_timestamp(self.with_context(tz="Asia/Shanghai"), self.date)
        parts = (f"{wording.day(self.date)} {moment:%H:%M}", self.place)
        return self.name, " · ".join(part for part in parts if part), False

    def _notifying_bureau(self):
        return self.bureau_id


class Campaign(models.Model):
    _inherit = "skill.cert.campaign"

    def _notified_as(self):
        return self.name, f"申报时间：{wording.day(self.date_open)}至{wording.day(self.date_close)}", False

    def _notifying_bureau(self):
        return self.bureau_id


class Holiday(models.Model):
    _inherit = "skill.cert.holiday"

    def _notified_as(self):
        return self.name, f"已录入至{wording.day(self.last_day)}", False

    def _notifying_bureau(self):
        return self.env["skill.cert.bureau"]


class Bureau(models.Model):
    _inherit = "skill.cert.bureau"

    email = fields.Char(
        "E-mail for replies", help="Where answers to notifications go; empty: to the company's address."
    )
