"""Merging contacts changes no case: Odoo's dialogue refuses whom the procedure knows; the manager merges units, told and traced."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, resident_id

TAGS = ("standard", "post_install", "-at_install")
DIALOGUE = "base.partner.merge.automatic.wizard"
QUIET = ("odoo.http", "odoo.addons.base.partner.merge")


@tagged(*TAGS)
class TestOdoosMerge(SkillCertCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.association = self._association(self.other_enterprise)
        self.expert = self._expert(self.county, employer=self.other_enterprise)
        self.case = self._submitted(id_number=resident_id(sequence=941)).sudo()
        self.admin = self.env.ref("base.user_admin")
        self.stranger = self.env["res.partner"].create({"name": "路人示例", "email": "a@test.invalid"})
        self.former = self._unit("从前的示例厂（虚构）")
        self._draft(self._nominator(self.former), id_number=resident_id(sequence=943))
        self.former.write(
            {"skill_cert_unit": False, "skill_cert_bureau_id": False, "nominator_user_ids": [Command.clear()]}
        )
        self.env.flush_all()

    def _known(self):
        """Return the contacts of the procedure, each for a reason of its own."""
        person = self.env["res.partner"].create({"name": "专家示例"})
        self.env["skill.cert.expert"].create(
            {"partner_id": person.id, "qualification": "senior_engineer", "bureau_id": self.county.id}
        )
        return {
            "unit": self.enterprise,
            "association": self.association,
            "expert with a login": self.expert.partner_id,
            "expert without": person,
            "officer": self.county_officer.partner_id,
            "nominator": self.nominator.partner_id,
            "unit no longer, of a case": self.former,
        }

    def _roads(self, partners, target):
        dialogues = self.env[DIALOGUE].with_user(self.admin)
        values = {"partner_ids": [Command.set(partners.ids)], "dst_partner_id": target.id, "state": "selection"}
        yield "button", lambda: dialogues.create(values).action_merge()
        yield "method", lambda: dialogues._merge(partners.ids, target.with_user(self.admin))
        yield "superuser", lambda: self.env[DIALOGUE].sudo()._merge(partners.ids)
        yield "automatic", lambda: dialogues.create({"group_by_email": True}).action_start_automatic_process()

    def test_nobody_whom_the_procedure_knows_is_merged_on_any_road(self):
        for reason, known in self._known().items():
            known.email = self.stranger.email
            self.env.flush_all()
            for other in (self.stranger, known):
                both = known | self.stranger
                for road, step in self._roads(both, other):
                    before = self._facts(self.case), self._facts(known), self._facts(self.expert)
                    with self.subTest(reason=reason, road=road, into=other.name), mute_logger(*QUIET):
                        with self.assert_refused("Units are merged by the manager"):
                            step()
                        self.assertTrue(both.exists() == both)
                        self.assertEqual((self._facts(self.case), self._facts(known), self._facts(self.expert)), before)
            known.email = False

    def test_over_the_wire_neither(self):
        self.authenticate(self.admin.login, self.admin.login)
        values = {
            "partner_ids": [Command.set((self.enterprise | self.stranger).ids)],
            "dst_partner_id": self.stranger.id,
            "state": "selection",
        }
        dialogue = self.env[DIALOGUE].with_user(self.admin).create(values)
        params = {"model": DIALOGUE, "method": "action_merge", "args": [dialogue.ids], "kwargs": {}}
        with mute_logger(*QUIET):
            answer = self.url_open("/web/dataset/call_kw", json={"jsonrpc": "2.0", "method": "call", "params": params})
        self.assertIn("error", answer.json())
        self.assertTrue(self.enterprise.exists())

    def test_contacts_of_whom_it_knows_nothing_are_merged_as_before(self):
        twin = self.env["res.partner"].create({"name": "路人示例", "email": "a@test.invalid"})
        with mute_logger(*QUIET, "odoo.models.unlink"):
            self.env[DIALOGUE].with_user(self.admin)._merge(
                (twin | self.stranger).ids, self.stranger.with_user(self.admin)
            )
        self.assertFalse(twin.exists())
        self.assertTrue(self.stranger.exists())


@tagged(*TAGS)
class TestMergeOfUnits(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.association = self._association(self.enterprise)
        self.expert = self._expert(self.county, employer=self.enterprise)
        self.filed = self._submitted(id_number=resident_id(sequence=945)).sudo()
        self.draft = self._draft(id_number=resident_id(sequence=947)).sudo()
        self.theirs = self._draft(
            self._nominator(self.association), employer_id=self.enterprise.id, id_number=resident_id(sequence=949)
        ).sudo()
        self.sheet = (
            self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        )
        self.contact = self.env["res.partner"].create({"name": "联系示例", "parent_id": self.enterprise.id})
        self.worker = self._employee(address_id=self.enterprise.id)
        self.env.flush_all()

    def _merge(self, user=None, **values):
        units = {
            "source_id": self.enterprise.id,
            "target_id": self.other_enterprise.id,
            "reason": "登记机关决定（虚构）",
        }
        return self.env["skill.cert.unit.merge"].with_user(user or self.manager).create({**units, **values})

    def test_what_is_open_moves_and_what_was_submitted_stays_as_it_was(self):
        before, papers = self._facts(self.filed), [self._facts(paper) for paper in self.filed.paper_ids]
        self._merge().action_merge()
        self.assertEqual(self._facts(self.filed), before)
        self.assertEqual([self._facts(paper) for paper in self.filed.paper_ids], papers)
        new = self.other_enterprise
        self.assertEqual((self.draft.nominator_id, self.draft.employer_id), (new, new))
        self.assertEqual((self.theirs.nominator_id, self.theirs.employer_id), (self.association, new))
        self.assertEqual(self.sheet.sudo().nominator_id, new)
        self.assertEqual((self.expert.employer_id, self.contact.parent_id, self.worker.address_id), (new, new, new))
        self.assertIn(self.association, new.association_ids)
        self.assertFalse(self.enterprise.association_ids)
        self.assertEqual((self.enterprise.active, self.enterprise.skill_cert_merged_into_id), (False, new))

    def test_the_old_units_nominators_go_on_and_still_read_the_old_cases(self):
        self._merge().action_merge()
        self.env.flush_all()
        own = self.draft.with_user(self.nominator)
        own.summary = "改写"
        self.assertTrue(self.filed.with_user(self.nominator).has_access("read"))
        self.assertTrue(self.draft.with_user(self.other_nominator).has_access("read"))
        self.assertFalse(self.filed.with_user(self.other_nominator).has_access("read"))

    def test_the_manager_is_told_beforehand_what_moves_and_what_stays(self):
        with Form(self.env["skill.cert.unit.merge"].with_user(self.manager)) as form:
            form.source_id = self.enterprise
            form.target_id = self.other_enterprise
            form.reason = "示例"
            self.assertIn("Drafts of applications: 2", form.moves)
            self.assertIn(self.nominator.name, form.moves)
            self.assertIn(self.expert.name, form.moves)
            self.assertIn("Applications that were submitted: 1", form.stays)
            self.assertIn(self.filed.name, form.stays)

    def test_it_is_traced_and_told_on_both_units(self):
        self._merge().action_merge()
        entry = self.env["skill.cert.trail"].search([("event", "=", "units_merged")], limit=1)
        self.assertEqual((entry.user_id, entry.res_id), (self.manager, self.enterprise.id))
        self.assertEqual(entry.detail, {"into": self.other_enterprise.id})
        for unit in self.enterprise | self.other_enterprise:
            self.assertIn("登记机关决定", unit.message_ids[0].body)

    def test_a_conflict_of_interest_outlives_the_merge(self):
        def conflicts():
            self.env.flush_all()
            return self.expert._conflict_reasons(self.filed)[self.filed].get(self.expert)

        self.assertIn("employer", conflicts())
        self._merge().action_merge()
        self.assertIn("employer", conflicts())
        third = self._unit("温州示例第三厂（虚构）")
        self._merge(source_id=self.other_enterprise.id, target_id=third.id).action_merge()
        self.assertEqual(self.expert.employer_id, third)
        self.assertIn("employer", conflicts())

    def test_nobody_else_merges_units_or_says_they_were(self):
        for user in (self.nominator, self.county_officer, self.city_officer, self.plain_user, self.expert.user_id):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._merge(user)
        for user in (self.county_officer, self.manager, self.env.ref("base.user_admin")):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.enterprise.with_user(user).skill_cert_merged_into_id = self.other_enterprise

    def test_only_two_units_of_one_kind_and_with_a_reason(self):
        for values in (
            {"target_id": self.enterprise.id},
            {"target_id": self.association.id},
            {"reason": "  "},
            {"source_id": self.env.company.partner_id.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._merge(**values).action_merge()
        self._merge().action_merge()
        with self.assert_refused("already"):
            self._merge().action_merge()
