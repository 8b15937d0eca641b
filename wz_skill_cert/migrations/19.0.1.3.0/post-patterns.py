from openupgradelib import openupgrade

OLD = "{year}{province}{city}{body}{body_serial}{level}{serial}"
NEW = "{年份}{省}{市}{机构类别}{机构序号}{等级}{流水号}"


@openupgrade.migrate()
def migrate(env, version):
    """The same pattern in the words of those who maintain it; a bureau's own pattern stays as it is."""
    openupgrade.logged_query(
        env.cr, "UPDATE skill_cert_bureau SET certificate_pattern = %s WHERE certificate_pattern = %s", (NEW, OLD)
    )
