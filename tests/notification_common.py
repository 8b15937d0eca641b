"""The outbox as the scheduled action empties it, and the e-mails that come out."""

from .common import SkillCertCase, resident_id

NAME, PHONE, ID_NUMBER = "欧阳哨兵", "13911112222", resident_id(sequence=977)


class NotificationCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.outbox = self.env["skill.cert.notification"]
        self.outbox.search([]).unlink()
        self.env["mail.mail"].search([]).unlink()
        self.env["skill.cert.campaign"].search([("id", "!=", self.campaign.id)]).write(
            {"date_open": "2000-01-01", "date_close": "2000-12-31"}
        )

    def _sentinel(self, **values):
        """Return a complete draft of a person whose name, number and phone must not leave the house."""
        return self._draft(**{"applicant_name": NAME, "phone": PHONE, "id_number": ID_NUMBER, **values})

    def _deliver(self):
        """Send what waits, as the scheduled action does, and return {user: e-mails} of what was queued by it."""
        self.env.flush_all()
        before = self.env["mail.mail"].search([])
        self.outbox._serve(self.outbox.search([("state", "=", "waiting")]).user_id)
        return self._by_user(self.env["mail.mail"].search([]) - before)

    def _by_user(self, mails):
        for mail in mails:
            self.assertEqual(len(mail.recipient_ids), 1, "one person each")
            self.assertFalse(mail.email_cc or mail.email_to)
        return mails.sorted("id").grouped(lambda mail: mail.recipient_ids.user_ids)

    def _told(self):
        """Return {user: kinds of what was put into the outbox since the last time}, and forget it."""
        rows = self.outbox.search([("state", "=", "waiting")])
        told = {user: sorted(own.mapped("notice")) for user, own in rows.grouped("user_id").items()}
        rows.state = "silent"
        return told
