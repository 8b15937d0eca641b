#!/usr/bin/env bash
# python-stdnum 2.2 (PyPI), module stdnum.cn.uscc: the unified social credit code of GB 32100.
#
# Behaviour: validate() and is_valid() let a code begin with digits only. GB 32100 gives registrars letters, too: A is the Central
# Military Commission's, N the agriculture authorities' (rural collectives hold such codes), Y that of all others. A
# code of theirs is refused as a wrong format, while calc_check_digit() of the same module computes its check digit as the
# standard does.
#
# Why it surprises: one half of a module accepts what the other half refuses, and the refusal reads like a typing error. Whoever
# checks units by is_valid() tells a rural collective that its code is wrong.
#
# Seen on 2026-11-28: «N: check digit agrees, is_valid() False», the same for A and Y; «9: check digit agrees, is_valid() True».
#
# The codes are invented: division 330300, a body number that nobody holds.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check python-stdnum==2.2
"$work/venv/bin/python" - <<'PYTHON'
import sys

from stdnum.cn import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_digit(body):
    """Return the check digit of GB 32100: weights are the powers of 3 modulo 31."""
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return ALPHABET[-total % 31]


seen = {}
for registrar in "9NAY":
    body = f"{registrar}1330300MA0000901"
    number = body + check_digit(body)
    agrees = uscc.calc_check_digit(number) == number[-1]
    seen[registrar] = (agrees, uscc.is_valid(number))
    print(f"{registrar}: check digit {'agrees' if agrees else 'differs'}, is_valid() {uscc.is_valid(number)}")
expected = {"9": (True, True), "N": (True, False), "A": (True, False), "Y": (True, False)}
if seen != expected:
    sys.exit("The behaviour has changed: registrars other than digits are judged in another way now.")
PYTHON
