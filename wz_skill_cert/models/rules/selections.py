"""Selections that several models share.

Keys that are compared are digits, so that SQL, domains and Python order them alike.
"""

LEVELS = [("senior_worker", "Senior worker (level 3)"), ("technician", "Technician (level 2)")]


def levels_from(level):
    """Return the keys of ``level`` and all that are higher."""
    keys = [key for key, _label in LEVELS]
    return keys[keys.index(level) :] if level in keys else []


SCOPES = [("1", "County"), ("2", "City"), ("3", "Province"), ("4", "National")]

GRADES = [
    ("0", "Special prize"),
    ("1", "First prize"),
    ("2", "Second prize"),
    ("3", "Third prize"),
    ("4", "Fourth prize"),
]

# 员级 and 助理级 are both 初级 (domain.md, Conditions).
TITLE_RANKS = [("1", "Junior"), ("2", "Intermediate"), ("3", "Associate senior"), ("4", "Senior")]

# From the weakest to the strongest: criteria ask for a role "or stronger".
ROLES = [
    ("participant", "Participant"),
    ("main_participant", "Main participant"),
    ("main_contributor", "Main contributor"),
]

KINDS = [
    ("honour", "Honour"),
    ("award", "Science and technology award"),
    ("patent", "Patent"),
    ("title", "Professional title"),
    ("talent", "Talent programme"),
    ("breakthrough", "Technical breakthrough"),
]

# GB/T 2261.1
SEXES = [("1", "Male"), ("2", "Female")]

EDUCATIONS = [
    ("postgraduate", "Postgraduate"),
    ("bachelor", "Bachelor"),
    ("college", "Junior college"),
    ("vocational", "Secondary vocational school"),
    ("senior_high", "Senior high school"),
    ("junior_high", "Junior high school"),
    ("primary", "Primary school"),
    ("other", "Other"),
]

CERTIFICATE_KINDS = [
    ("qualification", "Vocational qualification certificate"),
    ("skill_level", "Vocational skill level certificate"),
]

PURPOSES = [("recommend", "Recommendation to the city"), ("certify", "Certification")]

CHOICES = [("agree", "Agree"), ("against", "Against"), ("abstain", "Abstain")]
