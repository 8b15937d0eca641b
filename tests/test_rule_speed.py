"""The record rules of the cases stay cheap (issue 7, Rules stay fast); `make bench` measures them with 200,000 cases."""

import re

from odoo.fields import Domain
from odoo.tests import tagged

from .common import SkillCertCase, resident_id
from .matrix_records import IsolationCase

COLUMNS = {"name": {}, "applicant_name": {}, "state": {}, "employer_name": {}, "submitted_on": {}}
# What a rule may say of the user: a number, or groups, by which the cached rules are kept apart.
SAID_OF_USER = {"user.id", "user._is_outsider", "user._keeps_staff", "user.has_group"}


@tagged("standard", "post_install", "-at_install")
class TestRuleSpeed(IsolationCase):
    def _readers(self):
        return {
            "nominator": (self.nominator, 1),
            "expert": (self.experts[0].user_id, 1),
            "county officer": (self.county_officer, 1),
            "city officer": (self.city_officer, 1),
        }

    def _page(self, user):
        """Return how many queries the page and its count take, and what is found."""
        cases = self.env["skill.cert.application"].with_user(user) if user else self.env["skill.cert.application"]
        for _warm in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = cases.web_search_read([], COLUMNS, limit=1, count_limit=10_001)
        return self.env.cr.sql_log_count - before, found["length"]

    def test_a_role_asks_the_database_once_more_than_the_superuser(self):
        for number in (907, 909):
            self._submitted(id_number=resident_id(sequence=number))
        self.env.flush_all()
        least, found = self._page(None)
        self.assertGreaterEqual(found, 3)
        for role, (user, more) in self._readers().items():
            with self.subTest(role=role):
                queries, seen = self._page(user)
                self.assertGreaterEqual(seen, 1)
                self.assertLessEqual(queries, least + more)

    def test_rules_are_judged_at_once_as_they_are_one_by_one(self):
        """The quick look at a page of cases and the slow one at each agree, also for what is not the user's."""
        foreign = self._submitted(self.other_nominator, id_number=resident_id(sequence=911))
        draft = self._draft(id_number=resident_id(sequence=913))
        cases = (self.case.sudo() | foreign.sudo() | draft.sudo()).sudo(False)
        seen = 0
        for role, (user, _more) in self._readers().items():
            own = cases.with_user(user).sudo()
            for name in ("user_nominates", "user_acts", "user_oversees", "user_assesses"):
                self.env.flush_all()
                self.env.invalidate_all()
                rule = Domain(name, "=", True)
                searched = set(own.search(rule & Domain("id", "in", own.ids)).ids)
                with self.subTest(role=role, rule=name):
                    self.assertEqual({*own.filtered(name).ids}, searched)
                    # As Odoo hands over the domain of a role's rules.
                    self.assertEqual({*own.filtered_domain(rule.optimize(own)).ids}, searched)
                    self.assertEqual(
                        own.filtered_domain(rule | Domain("id", "=", own[0].id)) | own[0], own.filtered(name) | own[0]
                    )
                    seen += len(searched)
        self.assertGreater(seen, 4)

    def test_no_rule_holds_numbers_that_would_go_stale(self):
        data = self.env["ir.model.data"].search([("module", "=", "wz_skill_cert"), ("model", "=", "ir.rule")])
        ours = self.env["ir.rule"].browse(data.mapped("res_id"))
        self.assertGreater(len(ours), 100)
        for rule in ours:
            with self.subTest(rule=rule.name):
                self.assertLessEqual({*re.findall(r"user\.\w+", rule.domain_force)}, SAID_OF_USER)


@tagged("standard", "post_install", "-at_install")
class TestAtOnce(SkillCertCase):
    def test_a_right_to_a_list_begins_and_ends_in_the_same_transaction(self):
        case = self._submitted()
        cases = case.with_user(self.other_officer)
        for _round in range(2):
            self.assertFalse(cases.search([("id", "=", case.id)]))
            self.county.user_ids += self.other_officer
            self.assertTrue(cases.search([("id", "=", case.id)]))
            self.assertTrue(cases.has_access("read"))
            self.county.user_ids -= self.other_officer
            self.assertFalse(cases.has_access("read"))
        own = case.with_user(self.other_nominator)
        self.other_nominator.nominator_unit_ids += self.enterprise
        self.assertTrue(own.has_access("read"))
        self.other_nominator.nominator_unit_ids -= self.enterprise
        self.assertFalse(own.has_access("read"))
        self.assertFalse(own.search([("id", "=", case.id)]))

    def test_a_county_that_gets_another_city_leaves_the_first_at_once(self):
        case = self._submitted().with_user(self.city_officer)
        self.assertTrue(case.has_access("read"))
        other = self.env["skill.cert.bureau"].create({"name": "示例市（虚构）", "code": "339900", "level": "city"})
        self.county.parent_id = other
        self.assertFalse(case.has_access("read"))
        self.assertFalse(case.search([("id", "=", case.id)]))

    def test_an_archived_bureau_and_an_archived_unit_keep_their_cases(self):
        case = self._submitted()
        self.county.active = False
        self.enterprise.active = False
        self.assertTrue(case.with_user(self.county_officer).has_access("read"))
        self.assertTrue(case.with_user(self.nominator).has_access("read"))
