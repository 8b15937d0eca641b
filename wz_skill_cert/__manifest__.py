{
    "name": "Direct recognition of skilled workers (Wenzhou)",
    "summary": "Nominate, assess, vote on and certify 高级工 and 技师 under 温人社发〔2020〕86号",
    "version": "19.0.1.0.0",
    "category": "Human Resources",
    "license": "AGPL-3",
    "author": "wz_skill_cert contributors",
    "depends": ["hr_skills", "mail"],
    "external_dependencies": {
        "python": ["python-stdnum", "weasyprint", "XlsxWriter"],
    },
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/sequence.xml",
        "data/achievement_types.xml",
        "data/policy.xml",
        "data/bureaus.xml",
        "data/occupations.xml",
    ],
    "demo": [],
    "application": True,
}
