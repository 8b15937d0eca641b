"""Formats of identity, patent and phone numbers: pure functions, no Odoo."""

import re
import unicodedata
from datetime import date

from stdnum.cn import ric, uscc

RESIDENT_ID = re.compile(r"\d{17}[\dX]")
# GB 32100: who registered the unit (1, 2 … 9; A the military, N agriculture, Y any other), its kind, the division, the body.
UNIT_CODE = re.compile(r"[1-9ANY][0-9]{7}[0-9A-HJ-NPQRTUWXY]{10}")
MOBILE = re.compile(r"1[3-9]\d{9}")
# ZL + year + kind + serial + "." + check; before October 2003 the year had two
# digits and the serial five.
PATENT = re.compile(r"(?:ZL)?(?P<digits>\d{12}|\d{8})\.?(?P<check>[\dX])")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


# Marks that nobody sees and that are no format characters (Unicode Cf): the joiner of graphemes, fillers of Hangul, variation
# selectors, the blank of Braille.
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0x180B, 0x1810), *range(0xE0100, 0xE01F0))
}
# How the dot in a name of the minorities is typed; 民族姓名 write it ·.
DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･●．.﹒"), "·")


def comparable(text, unseen=""):
    """Return ``text`` as two people's names are compared: what looks alike is alike, and what nobody sees is ``unseen``."""
    plain = unicodedata.normalize("NFKC", text or "").casefold().translate(DOTS)
    return "".join(unseen if _is_unseen(char) else char for char in plain)


def _is_unseen(char):
    return char in UNSEEN or unicodedata.category(char) == "Cf"


def normalise(number):
    """Return ``number`` half-width, upper-case and without blanks."""
    return re.sub(r"\s", "", (number or "").translate(FULL_WIDTH)).upper()


def has_valid_check_digit(number):
    """Tell whether a resident ID has 18 characters and the MOD 11-2 check digit of GB 11643.

    ``stdnum.cn.ric.validate`` is not used: it refuses people whose county was
    created after their birth and fails on unknown areas. ``calc_check_digit`` takes
    the whole number and leaves the last character out itself.
    """
    return bool(RESIDENT_ID.fullmatch(number)) and ric.calc_check_digit(number) == number[-1]


def birth_date_of(resident_id):
    """Return the date coded in characters 7 to 14 of a resident ID, or None where it is no date."""
    try:
        return date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))
    except ValueError:
        return None


def sex_of(resident_id):
    """Return ``'1'`` (male) or ``'2'`` (female), GB/T 2261.1: the parity of the 17th digit."""
    return "1" if int(resident_id[16]) % 2 else "2"


def mask(resident_id):
    """Return a resident ID with all but its first three and last four characters starred."""
    return resident_id[:3] + "*" * 11 + resident_id[-4:] if resident_id else ""


def mask_end(masked):
    """Return a masked resident ID for the public, without its last four characters: with a name or a day of birth they tell more."""
    return masked[:3] + "*" * 15 if masked else ""


def mask_name(name):
    """Return a name of which only the first character is shown."""
    return name[:1] + "*" * (len(name) - 1) if name else ""


def is_unit_code(code):
    """Tell whether ``code`` is a unified social credit code (统一社会信用代码, GB 32100) with the right check digit.

    ``stdnum.cn.uscc.is_valid`` (2.2) is not used: it refuses registrars other than digits. Its check digit is right.
    """
    code = normalise(code)
    return bool(UNIT_CODE.fullmatch(code)) and uscc.calc_check_digit(code) == code[-1]


def is_mobile(number):
    """Tell whether ``number`` is a mainland mobile number."""
    return bool(MOBILE.fullmatch(number or ""))


def is_patent_number(number):
    """Tell whether ``number`` is a Chinese patent number with the right check character.

    Weights 2..9 then 2..5 over the digits, modulo 11, 10 written X.
    """
    match = PATENT.fullmatch(normalise(number))
    if not match:
        return False
    total = sum(int(digit) * (2 + i % 8) for i, digit in enumerate(match["digits"]))
    return "0123456789X"[total % 11] == match["check"]


def patent_year(number):
    """Return the year of application that a patent number says, or None: two digits before 2003, then four."""
    digits = bare_number(number)
    if not is_patent_number(number):
        return None
    return int(digits[:4]) if len(digits) == 13 else 1900 + int(digits[:2]) + (100 if digits[:2] < "85" else 0)


def bare_number(number):
    """Return what identifies a numbered paper however it was typed: no prefix, dots or blanks."""
    return re.sub(r"^ZL|[.\-/·]", "", normalise(number))
