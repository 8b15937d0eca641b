"""Adds to the demo's own cases one application in every state, for the upgrade to carry over.

Run by `odoo shell`; the states are set as the procedure does, past its guards: what counts here
is that each kind of record exists.
"""

application = env["skill.cert.application"].sudo()
source = application.search([("state", "=", "certified")], limit=1)
for state, _label in application._fields["state"].selection:
    if not application.search_count([("state", "=", state)]):
        copy = source.copy({"campaign_id": source.campaign_id.id})
        copy.write({"state": state, "name": f"{state}-1", "submitted_on": source.submitted_on, "reason": "示例"})
states = {state for [state] in application._read_group([], ["state"])}
assert states == {state for state, _label in application._fields["state"].selection}, states
env.cr.commit()
