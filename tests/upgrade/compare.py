"""Compares two snapshots: every record of the first is in the second with the same values, or their new words."""

import json
import sys

# {(model, field before): (model, field after)}: what migrations since the release have renamed.
RENAMED = {}
# What migrations have written in other words: {(model, field): {value before: value after}}.
REWORDED = {
    ("skill.cert.bureau", "certificate_pattern"): {
        "{year}{province}{city}{body}{body_serial}{level}{serial}": "{年份}{省}{市}{机关类别}{机关序号}{等级}{流水号}",
    },
}


def load(path):
    with open(path, encoding="utf-8") as source:
        return json.load(source)


def differences(before, after):
    for model, records in before.items():
        for record, values in records.items():
            for field, value in values.items():
                new_model, new_field = RENAMED.get((model, field), (model, field))
                now = after.get(new_model, {}).get(record, {}).get(new_field, "(missing)")
                expected = REWORDED[model, field].get(value, value) if (model, field) in REWORDED else value
                if now != expected:
                    yield f"{model} {record} {field}: {value!r} became {now!r}"


def main(before_path, after_path):
    before, after = load(before_path), load(after_path)
    lost = list(differences(before, after))
    for line in lost[:50]:
        print(line)
    records = sum(map(len, before.values()))
    if lost or not before["skill.cert.ballot"] or not before["skill.cert.certificate"]:
        sys.exit(f"upgrade: {len(lost)} values of {records} records changed.")
    print(f"upgrade: all values of {records} records are the same, {len(before['files'])} file hashes among them.")


main(*sys.argv[1:])
