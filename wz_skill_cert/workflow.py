"""The procedure of the notice's part 4 as tables: what a step brings with it. Plain Python, no Odoo: everything may import it."""

# What each act brings with it, in the order in which it happens. Each feature supplies one method of the model, which says
# there why it does it; only these lists call it. The order of imports decides nothing.
CONSEQUENCES = {}


def follow(records, act, *args):
    """Let everything follow that ``act`` brings with it for ``records``: CONSEQUENCES, in that order."""
    for name in CONSEQUENCES[records._name, act]:
        getattr(records, name)(*args)
