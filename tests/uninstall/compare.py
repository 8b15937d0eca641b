"""Compares two catalogues of catalogue.py in some of their parts, and fails where they differ.

python compare.py WORDS BEFORE AFTER [--only PART | --without PART]
"""

import json
import sys


def load(path):
    with open(path, encoding="utf-8") as source:
        return json.load(source)


def main(words, before_path, after_path, option, part):
    before, after = load(before_path), load(after_path)
    parts = [name for name in before if (name == part) == (option == "--only")]
    left = [f"left behind in {name}: {row}" for name in parts for row in after[name] if row not in before[name]]
    gone = [f"missing in {name}: {row}" for name in parts for row in before[name] if row not in after[name]]
    for line in left + gone:
        print(line)
    if left or gone:
        sys.exit(f"{words}: {len(left)} left behind, {len(gone)} missing.")
    print(f"{words}: the same in {sum(len(before[name]) for name in parts)} entries.")


main(*sys.argv[1:])
