from . import nomination_wizard, panel_wizard, policy_preview, reason_wizard, refusal_wizard
