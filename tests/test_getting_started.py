"""Five steps to the first campaign: each ticked by the records alone, for the manager alone."""

from datetime import timedelta

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase


@tagged("standard", "post_install", "-at_install")
class GettingStartedCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.bureaus = self.env["skill.cert.bureau"].search([])
        self.in_scope = self.env["skill.cert.occupation"].search([("in_scope", "=", True)])

    def _steps(self, user=None):
        self.env.flush_all()
        steps = self.env["skill.cert.getting.started"].with_user(user or self.manager).steps()
        return {step["key"]: step for step in steps}

    def _done(self, key):
        return self._steps()[key]["done"]

    def _take_all(self):
        for bureau in self.bureaus.filtered(lambda bureau: not bureau.user_ids):
            bureau.user_ids = [Command.link(self.city_officer.id)]
        self.bureaus.with_user(self.manager).action_make_signing_keys()
        self.in_scope.hrss_run = "yes"

    def _menus(self, user=None):
        menus = self.env["ir.ui.menu"].with_user(user or self.manager).load_menus(False)
        first, again = (self.env.ref(f"wz_skill_cert.menu_getting_started{suffix}").id for suffix in ("", "_again"))
        self.assertFalse({c for menu in menus.values() for c in menu["children"]} - set(menus), "no child without menu")
        return first in menus, again in menus


class TestSteps(GettingStartedCase):
    def test_the_steps_come_in_their_order_with_a_place_to_go(self):
        steps = self._steps()
        self.assertEqual(list(steps), ["officers", "numbers", "occupations", "units", "campaign"])
        for step in steps.values():
            action = self.env.ref(step["action"])
            self.assertTrue(self.env[action.res_model].with_user(self.manager).has_access("write"))
            self.assertTrue(step["title"] and step["text"] and step["button"])

    def test_officers_once_every_bureau_has_one(self):
        self.assertFalse(self._done("officers"))
        for bureau in self.bureaus - self.county:
            bureau.user_ids = [Command.link(self.city_officer.id)]
        self.county.user_ids = False
        self.assertFalse(self._done("officers"), "all but one")
        self.county.user_ids = [Command.link(self.county_officer.id)]
        self.assertTrue(self._done("officers"))

    def test_bureaus_that_do_not_take_part_are_archived_and_not_waited_for(self):
        (self.bureaus - self.city - self.county - self.other_county).active = False
        self.assertTrue(self._done("officers"))

    def test_numbers_once_every_bureau_has_a_key_and_a_serial_of_its_own(self):
        (self.bureaus - self.county).action_make_signing_keys()
        self.assertFalse(self._done("numbers"), "all but one")
        self.county.action_make_signing_keys()
        self.assertTrue(self._done("numbers"))
        self.county.body_serial = self.other_county.body_serial
        self.assertFalse(self._done("numbers"), "two bureaus would issue the same number")
        self.county.body_kind = "9"
        self.assertTrue(self._done("numbers"))

    def test_a_key_that_is_there_is_kept(self):
        self.county.action_make_signing_keys()
        key = self.county.signing_key_ids
        self.county.action_make_signing_keys()
        self.assertEqual(self.county.signing_key_ids, key)

    def test_only_a_manager_makes_keys(self):
        for user in (self.county_officer, self.city_officer, self.nominator):
            with self.assertRaises(AccessError):
                self.county.with_user(user).action_make_signing_keys()
        self.assertFalse(self.county.has_signing_key)

    def test_occupations_once_none_in_scope_is_only_likely(self):
        self.in_scope.hrss_run = "yes"
        self.assertTrue(self._done("occupations"))
        self.in_scope[0].hrss_run = "likely"
        self.assertFalse(self._done("occupations"))
        self.in_scope[0].hrss_run = "no"
        self.assertTrue(self._done("occupations"))
        self.in_scope.hrss_run = "no"
        self.assertFalse(self._done("occupations"), "nothing may be applied for")

    def test_units_once_one_has_somebody_who_nominates(self):
        self.assertTrue(self._done("units"))
        self.env["res.partner"].search([("nominator_user_ids", "!=", False)]).nominator_user_ids = False
        self.assertFalse(self._done("units"))

    def test_the_campaign_once_its_first_day_has_come(self):
        self.env["skill.cert.campaign"].with_context(active_test=False).search([]).write(
            {"date_open": clock.today() + timedelta(days=1), "date_close": clock.today() + timedelta(days=9)}
        )
        self.assertFalse(self._done("campaign"))
        self.campaign.date_open = clock.today()
        self.assertTrue(self._done("campaign"))
        self.campaign.write({"date_open": "2020-01-01", "date_close": "2020-02-01", "active": False})
        self.assertTrue(self._done("campaign"), "the first campaign is opened once")

    def test_nobody_ticks_by_hand(self):
        self.assertFalse(self.env["skill.cert.getting.started"]._fields.keys() & {"done", "state", "active"})

    def test_it_is_the_managers_page(self):
        for user in (self.city_officer, self.county_officer, self.nominator, self.plain_user):
            with self.assertRaises(AccessError):
                self._steps(user)


class TestMenu(GettingStartedCase):
    def test_it_comes_first_until_all_is_done_and_is_among_the_rules_then(self):
        self.assertEqual(self._menus(), (True, False))
        self._take_all()
        self.assertTrue(all(step["done"] for step in self._steps().values()))
        self.assertEqual(self._menus(), (False, True))
        self.county.user_ids = False
        self.assertEqual(self._menus(), (True, False))

    def test_nobody_else_has_it(self):
        for user in (self.city_officer, self.nominator, self.plain_user):
            self.assertEqual(self._menus(user), (False, False))
