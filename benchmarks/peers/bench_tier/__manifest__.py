{
    "name": "A record to approve with base_tier_validation",
    "summary": "For benchmarks/vote.py only",
    "version": "19.0.1.0.0",
    "license": "AGPL-3",
    "author": "wz_skill_cert contributors",
    "depends": ["base_tier_validation"],
    "data": ["ir.model.access.csv"],
}
