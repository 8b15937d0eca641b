"""What Odoo itself tells people from outside: in a bureau's database only what concerns them.

Every model that they may read is read whole, so that a model which a later version of Odoo opens is covered, too.
"""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase

TAGS = ("standard", "post_install", "-at_install")
NOT_SHOWN = "(not shown)"
# Words that stand in the names, logins and addresses of nobody else.
STRANGER, EXPERT, OTHER_UNIT, EMPLOYEE = "Zqstranger", "Zqexpert", "Zqunit", "Zqemployee"
NOMINATOR, ASSESSOR = "Zqnominator", "Zqassessor"
# Computed by programs outside of this database, or a file of the installation.
UNREAD_MODELS = {"ir.profile"}
UNREAD_TYPES = {"binary", "properties", "properties_definition"}
X2MANY = {"one2many", "many2many"}
LINKS = {"many2one", *X2MANY}


class PlatformCase(SkillCertCase):
    """A decided case of the enterprise, and people whom neither its nominator nor its expert has to know."""

    def _prepare(self):
        super()._prepare()
        self.case = self._qualified()
        self._decide(self.case)
        self.expert = self.case.sudo().review_ids.assessment_ids[:1].user_id
        for expert in self.env["skill.cert.expert"].search([]):
            if expert.user_id != self.expert:
                self._rename(expert.user_id, EXPERT)
        self.password = self.nominator.login  # as it was made, before the new login
        self._rename(self.expert, ASSESSOR)
        self._rename(self.nominator, NOMINATOR)
        self._rename(self.other_nominator, STRANGER)
        self.other_enterprise.name = f"{OTHER_UNIT} 泵阀有限公司（虚构）"
        self.staff = self.env["hr.employee"].create(
            {
                "name": f"{EMPLOYEE} 1",
                "work_email": f"{EMPLOYEE}1@test.invalid",
                "resume_line_ids": [Command.create({"name": f"{EMPLOYEE} school", "date_start": "2001-07-01"})],
            }
        )
        self.skill = self.env["hr.skill.type"].create(
            {
                "name": "示例技能",
                "skill_ids": [Command.create({"name": "示例"})],
                "skill_level_ids": [Command.create({"name": "一级", "level_progress": 100})],
            }
        )
        self.env["hr.employee.skill"].create(
            {
                "employee_id": self.staff.id,
                "skill_type_id": self.skill.id,
                "skill_id": self.skill.skill_ids.id,
                "skill_level_id": self.skill.skill_level_ids.id,
                "valid_from": "2020-01-01",
            }
        )
        self.department = self.env["hr.department"].create({"name": f"{EMPLOYEE} shop", "manager_id": self.staff.id})
        self._let_them_talk()
        self.env.flush_all()
        self.env.invalidate_all()

    def _rename(self, user, word):
        # As the administrator, not as superuser in somebody's name: that is refused.
        user = self.env["res.users"].browse(user.id)
        user.write({"name": f"{word} {user.id}", "login": f"{word}{user.id}@test.invalid"})
        user.partner_id.email = f"{word}{user.id}@test.invalid"

    def _let_them_talk(self):
        """Strangers write, follow and are told: on a partner, in a channel of the whole house, among themselves."""
        stranger = self.other_nominator
        unit = self.other_enterprise
        unit.message_subscribe(stranger.partner_id.ids)
        unit.message_post(body=f"{STRANGER} 来信", author_id=stranger.partner_id.id)
        general = self.env.ref("mail.channel_all_employees")
        general.sudo()._add_members(users=stranger | self.expert | self.nominator)
        general.message_post(body=f"{STRANGER} 通知", author_id=stranger.partner_id.id, message_type="comment")

    def _everything_read(self, user):
        """Return {model: text of all rows that ``user`` receives, all fields, the names behind each link included}."""
        result = {}
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(user)
            readable = not model._abstract and not model._transient and name not in UNREAD_MODELS
            if readable and (model._auto or model._table_query) and model.has_access("read"):
                result[name] = self._text_of(model)
        return result

    def _text_of(self, model):
        fields = model.fields_get(attributes=["type", "relation"])
        spec = {
            name: {"fields": {"display_name": {}}} if field["type"] in LINKS else {}
            for name, field in fields.items()
            if field["type"] not in UNREAD_TYPES
            and (
                field["type"] not in X2MANY or self.env[field["relation"]].with_user(model.env.user).has_access("read")
            )
        }
        rows = model.with_context(active_test=False)
        try:
            return str(rows.web_search_read([], spec))
        except AccessError:
            # A field that is refused tells nothing: the others are read one by one.
            return "".join(self._column(rows, name, part) for name, part in spec.items())

    def _column(self, rows, name, part):
        try:
            return str(rows.web_search_read([], {name: part}))
        except AccessError:
            return ""

    def _assert_unknown(self, user, *words):
        for model, text in self._everything_read(user).items():
            for word in words:
                with self.subTest(model=model, word=word):
                    self.assertNotIn(word.lower(), text.lower())


@tagged(*TAGS)
class TestNothingElse(PlatformCase):
    takes_long = True

    def test_a_nominator_receives_no_stranger_in_any_model(self):
        self._assert_unknown(self.nominator, STRANGER, EXPERT, OTHER_UNIT, EMPLOYEE, ASSESSOR)

    def test_an_expert_receives_no_stranger_in_any_model(self):
        self._assert_unknown(self.expert, STRANGER, EXPERT, OTHER_UNIT, EMPLOYEE, NOMINATOR)

    def test_the_words_would_be_found(self):
        """The plain internal user of the same database reads them all: the sweep can fail."""
        models = ("res.partner", "hr.resume.line", "mail.message", "discuss.channel.member")
        text = "".join(self._text_of(self.env[model].with_user(self.plain_user)) for model in models)
        for word in (STRANGER, EXPERT, OTHER_UNIT, EMPLOYEE):
            self.assertIn(word, text)


@tagged(*TAGS)
class TestOverTheWire(PlatformCase, HttpCase):
    """The routes behind the chatter, the conversations, the pictures and the searches, as the browser calls them."""

    WORDS = (STRANGER, EXPERT, ASSESSOR, OTHER_UNIT, EMPLOYEE)

    def _post(self, path, **params):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            answer = self.url_open(path, json={"params": params})
        self.env.invalidate_all(flush=False)
        return answer.text

    def _call(self, model, method, *args, **kwargs):
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self._post(path, model=model, method=method, args=args, kwargs=kwargs)

    def _answers(self):
        """Yield (road, answer) for all that a nominator may ask about the case and about people."""
        case = {"thread_model": self.case._name, "thread_id": self.case.id}
        yield "messages", self._post("/mail/thread/messages", **case)
        yield "recipients", self._post("/mail/thread/recipients", **case)
        parts = ["followers", "activities", "attachments", "suggestedRecipients", "scheduledMessages"]
        thread = ["mail.thread", {**case, "request_list": parts}]
        yield "thread", self._post("/mail/data", fetch_params=[thread])
        wanted = ["init_messaging", {}], ["channels_as_member", {}], "systray_get_activities"
        yield "start", self._post("/mail/data", fetch_params=list(wanted))
        yield "followers", self._call(self.case._name, "message_get_followers", self.case.ids)
        for word in (*self.WORDS, ""):
            for method in ("get_mention_suggestions", "search_for_channel_invite"):
                yield method, self._call("res.partner", method, word)
            yield "conversations", self._post("/discuss/search", term=word)
            for model in ("res.partner", "res.users", "hr.employee.public", "resource.resource"):
                yield f"names of {model}", self._call(model, "name_search", word)
        for user in (self.other_nominator, self._hidden()[:1]):
            emails = [user.partner_id.email]
            yield "address", self._post("/mail/partner/from_email", **case, emails=emails)
            yield "card", self._post("/mail/data", fetch_params=[["avatar_card", {"user_id": user.id}]])
            yield (
                "chat",
                self._post(
                    "/mail/data", fetch_params=[["/discuss/get_or_create_chat", {"partners_to": user.partner_id.ids}]]
                ),
            )

    def _hidden(self):
        return self.case.sudo().review_ids.assessment_ids.user_id - self.expert

    def test_no_route_names_a_stranger_to_a_nominator(self):
        self.case.with_user(self.nominator).message_post(body="您好")
        self.env.flush_all()
        self.authenticate(self.nominator.login, self.password)
        answered = set()
        for road, text in self._answers():
            if f"{NOMINATOR} " in text:
                answered.add(road)
            for word in self.WORDS:
                with self.subTest(road=road, word=word):
                    self.assertNotIn(f"{word} ", text)
        # The roads do lead somewhere: the nominator's own name comes back on them.
        self.assertLessEqual({"messages", "chat", "get_mention_suggestions", "names of res.users"}, answered)

    def test_a_picture_shows_no_initial_of_a_stranger(self):
        self.authenticate(self.nominator.login, self.password)
        nobody = self.env["res.partner"].search([], order="id desc", limit=1).id + 1000
        hidden = self._hidden()[:1].partner_id
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            pictures = [
                self.url_open(f"/web/image/res.partner/{number}/avatar_128").content
                for number in (hidden.id, nobody, self.nominator.partner_id.id)
            ]
        self.assertEqual(pictures[0], pictures[1])
        self.assertNotEqual(pictures[0], pictures[2])


@tagged(*TAGS)
class TestWhatConcerns(SkillCertCase):
    """The other half: what concerns an outsider is received, and begins and ends with the right to it, at once."""

    def _known(self, user):
        """Return the partners that ``user`` receives, less those that every outsider needs: self, the firm, OdooBot."""
        always = user.partner_id | user.company_ids.partner_id | self.env.ref("base.partner_root")
        return self.env["res.partner"].with_user(user).with_context(active_test=False).search([]).sudo() - always

    def test_a_nominator_receives_the_own_unit_its_association_and_the_colleagues(self):
        colleague = self._nominator(self.enterprise)
        association = self._association(self.enterprise)
        self._nominator(association)
        self.assertEqual(self._known(self.nominator), self.enterprise | association | colleague.partner_id)
        self.assertEqual(
            self.env["res.users"].with_user(self.nominator).search([("share", "=", False)]), self.nominator | colleague
        )

    def test_an_association_receives_its_members_and_not_their_people(self):
        association = self._association(self.enterprise)
        user = self._nominator(association)
        self.assertEqual(self._known(user), association | self.enterprise)

    def test_who_handles_a_case_is_known_to_its_nominator_unless_an_expert(self):
        leader = self._expert(self.county, "bureau_leader").user_id
        self.county.user_ids = [Command.link(leader.id)]
        self._submitted()
        self.assertEqual(
            self._known(self.nominator),
            self.enterprise | (self.county_officer | self.city_officer).partner_id,
        )

    def test_an_expert_receives_the_own_employer_and_the_units_of_the_own_cases(self):
        employer = self._unit("温州示例仪表有限公司（虚构）")
        case = self._accepted()
        panel = self._panel(
            self.county, experts=self._expert(self.county, employer=employer) | self._experts(self.county, 2)
        )
        expert = panel.member_ids.expert_id[:1]
        self._start_assessment(case, panel, accept=False)
        officers = (self.county_officer | self.city_officer).partner_id
        known = self._known(expert.user_id)
        self.assertEqual(known, employer | officers, "before the answer the case is not the expert's yet")
        self._accept_assignments(case)
        self.env.invalidate_all()
        self.assertEqual(self._known(expert.user_id), employer | officers | self.enterprise)

    def test_a_right_granted_or_revoked_works_at_once(self):
        user, unit = self.nominator, self.other_enterprise
        for _round in range(2):
            self.assertFalse(unit.with_user(user).has_access("read"))
            unit.nominator_user_ids = [Command.link(user.id)]
            self.assertTrue(unit.with_user(user).has_access("read"))
            self.assertIn(unit, self._known(user))
            unit.nominator_user_ids = [Command.unlink(user.id)]
            self.assertFalse(unit.with_user(user).has_access("read"))
            self.assertNotIn(unit, self._known(user))

    def test_who_works_for_the_bureau_is_no_outsider(self):
        chair = self._expert(self.county, "bureau_leader").user_id
        self.assertNotIn(self.other_enterprise, self._known(chair))
        chair.group_ids = [Command.link(self.env.ref("wz_skill_cert.group_county_officer").id)]
        self.assertIn(self.other_enterprise, self._known(chair))
        for user in (
            self.county_officer,
            self.city_officer,
            self.manager,
            self.plain_user,
            self.env.ref("base.user_admin"),
        ):
            self.assertIn(self.other_enterprise, self._known(user))

    def test_the_hr_of_an_outside_enterprise_keeps_the_staff_of_its_company_and_no_other(self):
        company = self.env["res.company"].create({"name": "温州示例电器有限公司（虚构）内部"})
        user = self._hr_nominator(self.enterprise)
        user.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        stranger = self._employee("别家示例")
        stranger.resume_line_ids = [Command.create({"name": "别家学校", "date_start": "2001-07-01"})]
        employees = self.env["hr.employee"].with_user(user)
        own = employees.create({"name": "自家示例"})
        own.write({"resume_line_ids": [Command.create({"name": "学校", "date_start": "2001-07-01"})]})
        own.work_phone = "0577-00000901"
        self.assertEqual(employees.search([]), own)
        self.assertEqual(employees.env["hr.employee.public"].search([]).ids, own.ids)
        # The new employee brings a line of its own: the day of the hiring.
        self.assertEqual(employees.env["hr.resume.line"].search([]).employee_id, own)
        self.assertTrue(own.sudo().work_contact_id.with_user(user).has_access("read"))
        self.assertFalse(stranger.sudo().work_contact_id.with_user(user).has_access("read"))
        self.assertFalse(self.other_nominator.partner_id.with_user(user).has_access("read"))

    def test_an_outsider_without_employees_receives_the_own_record_alone(self):
        self._employee("别人示例")
        own = self._employee("本人示例", user_id=self.nominator.id)
        public = self.env["hr.employee.public"].with_user(self.nominator)
        self.assertEqual(public.search([]).ids, own.ids)
        self.assertEqual(public.env["resource.resource"].search([]), own.resource_id)


@tagged(*TAGS)
class TestByNumber(SkillCertCase):
    """Whoever counts through the numbers of people learns no name: refused, in the same words as for nobody."""

    def _prepare(self):
        super()._prepare()
        self.case = self._draft()
        self.hidden = self._expert(self.county).user_id
        self.nobody = self.env["res.partner"].search([], order="id desc", limit=1).id + 1000

    def _assert_unanswered(self, step):
        """``step(partner id)`` is refused for a hidden person and for nobody, in the same words and without the name."""
        words = []
        for number in (self.hidden.partner_id.id, self.nobody):
            with self.assertRaises(UserError) as caught:
                step(number)
            words.append(str(caught.exception).replace(str(number), "N"))
            self.env.invalidate_all()
        self.assertEqual(*words)
        self.assertNotIn(self.hidden.name, words[0])

    def test_messages_to_a_number(self):
        case, messages = self.case, self.env["mail.message"].with_user(self.nominator)
        self._assert_unanswered(lambda number: case.message_post(body="您好", partner_ids=[number]))
        self._assert_unanswered(lambda number: case.message_post(body="您好", author_id=number))
        self._assert_unanswered(lambda number: case.message_notify(body="您好", partner_ids=[number]))
        vals = {"model": case._name, "res_id": case.id, "body": "您好", "message_type": "comment"}
        self._assert_unanswered(lambda number: messages.create({**vals, "partner_ids": [Command.link(number)]}))
        self._assert_unanswered(lambda number: messages.create({**vals, "partner_ids": [Command.set([number])]}))
        self._assert_unanswered(lambda number: messages.create({**vals, "author_id": number}))
        own = case.message_post(body="您好")
        self._assert_unanswered(lambda number: own.write({"partner_ids": [Command.link(number)]}))
        self._assert_unanswered(lambda number: own.write({"author_id": number}))

    def test_followers_and_conversations(self):
        channels = self.env["discuss.channel"].with_user(self.nominator)
        self._assert_unanswered(lambda number: self.case.message_subscribe([number]))
        self._assert_unanswered(lambda number: channels._create_group([number]))
        own = channels._create_group([self.nominator.partner_id.id])
        members = channels.env["discuss.channel.member"]
        with self.assertRaises(UserError):
            own.add_members([self.hidden.partner_id.id])
        self._assert_unanswered(lambda number: members.create({"channel_id": own.id, "partner_id": number}))
        # A chat is opened with those whom one finds: here with oneself.
        chat = channels._get_or_create_chat([self.hidden.partner_id.id])
        self.assertEqual(chat.channel_member_ids.partner_id, self.nominator.partner_id)

    def test_tasks_for_a_number(self):
        activities = self.env["mail.activity"].with_user(self.nominator)
        vals = {
            "res_model_id": self.env["ir.model"]._get_id(self.case._name),
            "res_id": self.case.id,
            "summary": "示例",
        }
        with self.assertRaises(AccessError) as caught:
            activities.create({**vals, "user_id": self.hidden.id})
        self.assertNotIn(self.hidden.name, str(caught.exception))
        own = activities.create({**vals, "user_id": self.nominator.id})
        with self.assertRaises(AccessError) as caught:
            own.user_id = self.hidden
        self.assertNotIn(self.hidden.name, str(caught.exception))

    def test_a_link_to_a_number_shows_no_name(self):
        """Odoo tells the name of whatever a many-to-one points at, also of people whom the user may not read."""
        spec = {"activity_user_id": {"fields": {"display_name": {}}}}
        plan = self.env["mail.activity.schedule"].with_user(self.nominator)
        values = {"res_model": self.case._name, "res_ids": str(self.case.ids)}
        with self.assertRaises(AccessError) as caught:
            plan.create({**values, "activity_user_id": self.hidden.id})
        self.assertNotIn(self.hidden.name, str(caught.exception))
        wizard = plan.create(values)
        wizard.sudo().activity_user_id = self.hidden
        self.assertEqual(wizard.web_read(spec)[0]["activity_user_id"]["display_name"], NOT_SHOWN)
        for record in (self.hidden, self.hidden.partner_id, self.other_enterprise):
            self.assertEqual(record.with_user(self.nominator).sudo().display_name, NOT_SHOWN)
        for record in (self.nominator, self.nominator.partner_id, self.enterprise):
            self.assertEqual(record.with_user(self.nominator).sudo().display_name, record.name)
        self.assertEqual(self.hidden.with_user(self.plain_user).display_name, self.hidden.name)

    def test_the_known_are_addressed_as_before(self):
        colleague = self._nominator(self.enterprise)
        message = self.case.message_post(body="您好", partner_ids=colleague.partner_id.ids)
        self.assertEqual(message.sudo().partner_ids, colleague.partner_id)
        self.case.message_subscribe(colleague.partner_id.ids)
        self.assertIn(colleague.partner_id, self.case.message_partner_ids)
        self.env["discuss.channel"].with_user(self.nominator)._get_or_create_chat(colleague.partner_id.ids)

    def test_a_known_address_tells_no_name(self):
        self.hidden.partner_id.email = "hidden@test.invalid"
        find = self.env["mail.thread"].with_user(self.nominator)._partner_find_from_emails_single
        self.assertFalse(find(["hidden@test.invalid"], no_create=True))
        find = self.env["mail.thread"].with_user(self.county_officer)._partner_find_from_emails_single
        self.assertEqual(find(["hidden@test.invalid"], no_create=True), self.hidden.partner_id)
