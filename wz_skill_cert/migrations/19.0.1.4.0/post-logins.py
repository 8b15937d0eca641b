from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # Seats and assessments keep the login that they had. Of votes cast before, who cast is what the seat says.
    openupgrade.logged_query(
        env.cr,
        "UPDATE skill_cert_session_seat SET voter_id = user_id WHERE voted AND voter_id IS NULL",
    )
