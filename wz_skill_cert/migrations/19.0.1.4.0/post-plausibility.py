from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # What contradicts itself no notice can mean: it is refused from now on under every policy. Where a boundary was chosen, a
    # policy in force goes on reading as it did, and the bureau is warned; its manager may decide otherwise.
    policies = env["skill.cert.policy"].with_context(active_test=False).search([])
    drafts = policies.filtered(lambda policy: policy.state == "draft")
    drafts._add_missing_facts()
    (policies - drafts)._add_missing_facts(
        lambda fact: fact.verdict if fact.boundary is None or fact.verdict == "off" else "warned"
    )
