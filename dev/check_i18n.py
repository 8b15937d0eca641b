"""Fails unless the addon's translation files are complete and fresh.

python check_i18n.py EXPORTED.pot I18N_FOLDER
"""

import sys

import translation


def stale_template(exported, path):
    """The committed template must be what Odoo exports, except for dates and versions."""
    if path is None:
        return ["there is no template (.pot)"]
    committed = translation.load(path)
    ours, theirs = (
        {(entry.msgctxt, entry.msgid): (sorted(entry.occurrences), entry.comment) for entry in file}
        for file in (committed, exported)
    )
    return [
        *(f"{path.name} lacks {key[1]!r}" for key in theirs.keys() - ours.keys()),
        *(f"{path.name} has {key[1]!r}, which is gone" for key in ours.keys() - theirs.keys()),
        *(
            f"{path.name} has other places or notes for {key[1]!r}"
            for key in ours.keys() & theirs.keys()
            if ours[key] != theirs[key]
        ),
    ]


def incomplete_translation(exported, path):
    if not path.exists():
        return [f"there is no {path.name}"]
    translated = {entry.msgid: entry for entry in translation.load(path) if not entry.obsolete}
    terms = {entry.msgid for entry in exported}
    return [
        *(f"{path.name} lacks {term!r}" for term in sorted(terms - translated.keys())),
        *(f"{path.name} has {term!r}, which is gone" for term in sorted(translated.keys() - terms)),
        *(f"{path.name}: {problem}" for entry in translated.values() for problem in entry_problems(entry)),
        *(f"{path.name} keeps obsolete {e.msgid!r}" for e in translation.load(path).obsolete_entries()),
    ]


def entry_problems(entry):
    if not entry.msgstr.strip():
        yield f"{entry.msgid!r} is not translated"
    elif translation.placeholders(entry.msgid) != translation.placeholders(entry.msgstr):
        yield f"the placeholders of {entry.msgid!r} and its translation differ"
    if entry.fuzzy:
        yield f"{entry.msgid!r} is fuzzy"


def main(exported_path, folder):
    exported = translation.load(exported_path)
    problems = [
        *stale_template(exported, translation.template_path(folder)),
        *incomplete_translation(exported, translation.translation_path(folder)),
    ]
    for problem in problems:
        print(problem)
    print(
        f"{len(exported)} terms, {len(problems)} problems" + ("; `make i18n` refreshes the files" if problems else "")
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
