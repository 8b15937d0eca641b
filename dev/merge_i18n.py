"""Brings the addon's translation files up to the exported terms.

python merge_i18n.py EXPORTED.pot I18N_FOLDER
"""

import importlib.util
import sys
from pathlib import Path

import polib
import translation

COMMON_TERMS = {"Created by", "Created on", "Display Name", "ID", "Last Updated by", "Last Updated on"}
METADATA_OF_TEMPLATE = ("POT-Creation-Date", "PO-Revision-Date", "Language-Team")


def keep_dates(exported, path):
    """Dates alone are no reason for a change."""
    if path.exists():
        old = translation.load(path).metadata
        exported.metadata.update({key: old[key] for key in METADATA_OF_TEMPLATE if key in old})


def translations_of(file):
    return {entry.msgid: entry.msgstr for entry in file if not entry.obsolete and entry.msgstr}


def odoo_translations():
    """What Odoo itself says for the fields that every model has (Created by…)."""
    module = Path(importlib.util.find_spec("odoo").submodule_search_locations[0], "addons", "base")
    path = translation.translation_path(module / "i18n")
    return translations_of(translation.load(path)) if path.exists() else {}


def merged(exported, old):
    """The exported terms in their order, each with the translation it had."""
    known = translations_of(old)
    if any(entry.msgid in COMMON_TERMS - known.keys() for entry in exported):
        known = {term: text for term, text in odoo_translations().items() if term in COMMON_TERMS} | known
    new = polib.POFile(wrapwidth=0)
    new.header = exported.header
    new.metadata = {**exported.metadata, "Language": translation.LANGUAGE, "Plural-Forms": "nplurals=1; plural=0;"}
    for entry in exported:
        own = entry.msgid if translation.is_chinese(entry.msgid) else ""
        entry.msgstr = known.get(entry.msgid) or own
        new.append(entry)
    return new


def main(exported_path, folder):
    template = Path(folder) / Path(exported_path).name
    path = translation.translation_path(folder)
    exported = translation.load(exported_path)
    keep_dates(exported, template)
    exported.save(str(template))
    old = translation.load(path) if path.exists() else []
    new = merged(exported, old)
    new.save(str(path))
    missing = [entry.msgid for entry in new if not entry.msgstr]
    print(f"{path.name}: {len(new)} terms, {len(missing)} to translate")
    for term in missing:
        print(f"  {term!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
