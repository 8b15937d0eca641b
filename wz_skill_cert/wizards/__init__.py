from . import panel_wizard, reason_wizard, refusal_wizard
