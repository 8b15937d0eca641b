"""Who gives or takes a right of our roles leaves an entry, on whatever road."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase


@tagged("standard", "post_install", "-at_install")
class TestRightsTraced(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.admin = self.env.ref("base.user_admin")
        self.admin.group_ids = [Command.link(self.env.ref("wz_skill_cert.group_manager").id)]
        self.env = self.env(user=self.admin)
        self.group = self.env.ref("wz_skill_cert.group_data_officer")
        unit = self._unit("温州示例丁有限公司（虚构）", bureau=self.other_county)
        # What the world of the tests made is its superuser's; here the administrator does all.
        self.user, self.unit, self.county = (record.with_env(self.env) for record in (self._user(), unit, self.county))
        self.env["res.users"]._record_rights()

    def _both(self, give, take):
        return (give, "given"), (take, "taken")

    def _roads(self):
        """Yield (road, what the entry says, [(step, given or taken)])."""
        user, group, unit, county = self.user, self.group, self.unit, self.county
        data_officer, officer = "Data protection / Data officer", county.name
        both = self.env["res.groups"].create({"name": "示例", "implied_ids": [Command.link(group.id)]})
        empty = self.env["res.groups"].create({"name": "示例二", "user_ids": [Command.link(user.id)]})
        yield (
            "user",
            data_officer,
            self._both(
                lambda: user.write({"group_ids": [Command.link(group.id)]}),
                lambda: user.write({"group_ids": [Command.unlink(group.id)]}),
            ),
        )
        yield (
            "group",
            data_officer,
            self._both(
                lambda: group.write({"user_ids": [Command.link(user.id)]}),
                lambda: group.write({"user_ids": [Command.unlink(user.id)]}),
            ),
        )
        yield (
            "all users of a group",
            data_officer,
            self._both(
                lambda: group.write({"all_user_ids": [Command.link(user.id)]}),
                lambda: group.write({"all_user_ids": [Command.unlink(user.id)]}),
            ),
        )
        yield (
            "a group that implies it",
            data_officer,
            self._both(
                lambda: user.write({"group_ids": [Command.link(both.id)]}),
                both.unlink,
            ),
        )
        yield (
            "a group that comes to imply it",
            data_officer,
            self._both(
                lambda: empty.write({"implied_ids": [Command.link(group.id)]}),
                lambda: group.write({"implied_by_ids": [Command.unlink(empty.id)]}),
            ),
        )
        yield "load", data_officer, self._both(
            lambda: self.env["res.users"].load([".id", "group_ids/.id"], [[str(user.id), f"{self.env.ref('base.group_user').id},{group.id}"]]),
            lambda: user.write({"group_ids": [Command.unlink(group.id)]}),
        )  # fmt: skip
        yield (
            "bureau",
            officer,
            self._both(
                lambda: county.write({"user_ids": [Command.link(user.id)]}),
                lambda: county.write({"user_ids": [Command.unlink(user.id)]}),
            ),
        )
        yield (
            "user's bureaus",
            officer,
            self._both(
                lambda: user.write({"skill_cert_bureau_ids": [Command.link(county.id)]}),
                lambda: user.write({"skill_cert_bureau_ids": [Command.clear()]}),
            ),
        )
        yield (
            "unit",
            unit.name,
            self._both(
                lambda: unit.write({"nominator_user_ids": [Command.link(user.id)]}),
                lambda: user.write({"nominator_unit_ids": [Command.clear()]}),
            ),
        )
        yield (
            "a unit that is deleted",
            unit.name,
            self._both(
                lambda: user.write({"nominator_unit_ids": [Command.link(unit.id)]}),
                unit.unlink,
            ),
        )
        yield (
            "archived and back",
            data_officer,
            self._both(
                lambda: user.write({"group_ids": [Command.link(group.id)]}),
                lambda: user.write({"active": False}),
            ),
        )
        yield (
            "back and deleted",
            data_officer,
            self._both(
                lambda: user.write({"active": True}),
                user.unlink,
            ),
        )

    def _entries(self, last):
        entries = self.env["skill.cert.trail"].sudo().search([("event", "=", "right"), ("id", ">", last)])
        return [(entry.user_id, entry.reference, entry.detail) for entry in entries]

    def _last(self):
        return self.env["skill.cert.trail"].sudo().search([], limit=1).id

    def test_each_right_given_or_taken_leaves_one_entry_on_every_road(self):
        login = self.user.login
        for road, label, steps in self._roads():
            for step, done in steps:
                last = self._last()
                step()
                with self.subTest(road=road, done=done):
                    self.assertEqual(self._entries(last), [(self.admin, login, {done: label})])

    def test_what_is_created_with_a_right_leaves_an_entry(self):
        last = self._last()
        user = self.env["res.users"].create(
            {"name": "示例", "login": "rights@test.invalid", "group_ids": [Command.set([self.env.ref("base.group_user").id, self.group.id])]}
        )  # fmt: skip
        unit = self._unit("温州示例戊有限公司（虚构）", bureau=self.other_county)
        unit.copy({"nominator_user_ids": [Command.link(user.id)]})
        self.assertEqual(len(self._entries(last)), 2)

    def test_what_changes_nothing_leaves_no_entry(self):
        last = self._last()
        self.user.group_ids = [Command.link(self.env.ref("base.group_user").id)]
        self.county.user_ids = [Command.set(self.county.user_ids.ids)]
        self.assertFalse(self._entries(last))

    def test_what_is_given_past_odoos_models_is_found_afterwards(self):
        last = self._last()
        self.env.cr.execute(
            "INSERT INTO skill_cert_bureau_user_rel (bureau_id, user_id) VALUES (%s, %s)",
            [self.county.id, self.user.id],
        )
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_rights").method_direct_trigger()
        [(_by, reference, detail)] = self._entries(last)
        self.assertEqual((reference, detail), (self.user.login, {"given": self.county.name}))
