"""Whether the database is a copy that was made harmless (``odoo neutralize``): asked here and nowhere else."""

# Before each number that a copy gives: no real number begins so.
TEST_MARK = "TEST-"


def is_neutralized(env):
    """Tell whether ``odoo neutralize`` was run on this database: then nothing that it issues or shows is valid."""
    # sudo: that it is a copy is no secret; the parameters are readable by administrators alone.
    value = env["ir.config_parameter"].sudo().get_param("database.is_neutralized")
    return (value or "").lower() not in ("", "0", "f", "false")


def numbered(env, number):
    """Return ``number`` as this database gives it: a copy's are not of the real series."""
    return f"{TEST_MARK}{number}" if is_neutralized(env) else number
