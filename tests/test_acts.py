"""What an act brings with it, and what may stand against it, are the tables of workflow.py and nothing else."""

from odoo.addons.wz_skill_cert.workflow import CONDITIONS, CONSEQUENCES
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestActs(TransactionCase):
    def test_each_name_in_the_tables_is_defined_once_by_a_feature_of_ours(self):
        rows = [*CONSEQUENCES.items(), *CONDITIONS.items()]
        for model, name in [(model, name) for (model, _act), names in rows for name in names]:
            with self.subTest(model=model, name=name):
                classes = [cls for cls in type(self.env[model]).mro() if name in vars(cls)]
                self.assertEqual([cls.__module__.split(".")[2] for cls in classes], ["wz_skill_cert"])
