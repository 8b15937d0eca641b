"""What a client's value of a one-to-many or many-to-many names: a list of ids, of commands, or of both."""

from odoo.fields import Command


def linked_ids(value):
    """Return the ids of existing records that ``value`` links or writes."""
    ids = set()
    for item in value or ():
        if isinstance(item, int):
            ids.add(item)
        elif item[0] in (Command.UPDATE, Command.LINK) and isinstance(item[1], int):
            ids.add(item[1])
        elif item[0] == Command.SET:
            ids.update(item[2])
    return ids
