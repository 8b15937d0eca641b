"""Draws the house from the code: its rooms, its states, and the table of the notice's paragraphs.

python picture.py ADDON DOCS --odoo PACKAGES

Writes DOCS/images/rooms.svg and states.svg, 1000 units wide, and in DOCS/architecture.md what stands between the two marks of
the table. The tests compare all three with what is kept.
"""

import argparse
import ast
import importlib.util
import sys
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import house
import paragraphs

WIDTH = 1000
BEGIN, END = "<!-- paragraphs: make picture -->\n", "<!-- end -->\n"
INK, SOFT, FAINT, LINE = "#1f2733", "#5b6675", "#8390a0", "#d5dbe3"
# One colour each for whose turn it is; nobody's is grey.
COLOURS = {
    "nominator": ("#2f6fb0", "#e8f1fa"),
    "officer": ("#2a7d5f", "#e6f4ee"),
    "experts": ("#8a5a12", "#fbf1df"),
    "committee": ("#7a3f8f", "#f5eaf8"),
    None: ("#5b6675", "#eef1f4"),
}
SHADES = ("#e3ecf6", "#c3d7ec", "#93b8dc", "#5b91c4", "#2f6fb0")
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
    "font-family=\"'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', 'Helvetica Neue', Arial, sans-serif\">\n"
    '<title>{title}</title>\n<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
)


class Drawing:
    """An SVG that grows by its elements; what is drawn first lies below."""

    def __init__(self, title):
        self.title, self.parts = title, []

    def box(self, x, y, width, height, fill, stroke="none", radius=6):
        self.parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius}" fill="{fill}" stroke="{stroke}"/>'
        )

    def text(self, x, y, words, size=12, fill=INK, anchor="start", bold=False, turn=0):
        weight = ' font-weight="600"' if bold else ""
        turned = f' transform="rotate({turn} {x:g} {y:g})"' if turn else ""
        self.parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}{turned}>{escape(words)}</text>'
        )

    def spans(self, x, y, spans, size):
        """Draw a line of (words, colour) one after the other."""
        inner = "".join(f'<tspan fill="{fill}">{escape(words)}</tspan>' for words, fill in spans)
        self.parts.append(f'<text x="{x:g}" y="{y:g}" font-size="{size}" xml:space="preserve">{inner}</text>')

    def line(self, points, stroke=LINE, width=1.0, arrow=False, dash=""):
        path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width:g}" stroke-linejoin="round"{dashed}/>'
        )
        if arrow:
            self.head(*points[-2:], stroke)

    def head(self, before, end, fill):
        """Draw the head of an arrow that comes straight from ``before`` to ``end``."""
        (x0, y0), (x, y) = before, end
        dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
        left, right = (x - 7 * dx + 4 * dy, y - 7 * dy + 4 * dx), (x - 7 * dx - 4 * dy, y - 7 * dy - 4 * dx)
        self.parts.append(
            f'<path d="M{x:g} {y:g} L{left[0]:g} {left[1]:g} L{right[0]:g} {right[1]:g} Z" fill="{fill}"/>'
        )

    def dot(self, x, y, radius, fill):
        self.parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>')

    def svg(self, height):
        head = HEAD.format(width=WIDTH, height=f"{height:g}", title=escape(self.title))
        return head + "\n".join(self.parts) + "\n</svg>\n"


# ---------------------------------------------------------------------- the rooms

CARD_RIGHT, FIRST_COLUMN, COLUMN, TOP = 566, 608, 30, 142
FILES_WIDTH = 88  # characters of a line of files
MOST_SHADE = 12  # files; from here on the darkest


def rooms_svg(addon, packages):
    """Draw the rooms in their order: what each is for, its files, and how many of them name something of which room before."""
    sources = [source for source in house.sources_of(addon) if source.room in house.ROOMS]
    arrows = Counter((house.room_of(path), room) for path, room in house.arrows_of(house.sources_of(addon), packages))
    drawing = Drawing("The rooms of models/ and what they name")
    rows = list(room_rows(addon, sources))
    rooms_heading(drawing, sum(arrows.values()))
    bottom = TOP + sum(height for *_row, height in rows)
    for number in range(len(rows)):
        x = FIRST_COLUMN + number * COLUMN
        drawing.line([(x, TOP - 8 + sum(row[-1] for row in rows[:number])), (x, bottom)], "#eef1f4", COLUMN - 6)
    y = TOP
    for number, row in enumerate(rows):
        draw_room(drawing, number, y, row, arrows)
        y += row[-1]
    return drawing.svg(bottom + 18)


def rooms_heading(drawing, total):
    drawing.text(20, 34, f"models/: {len(house.ROOMS)} rooms in the order of the notice", 20, bold=True)
    drawing.text(
        20, 58, "A room names only what stands in it or above it. Dark files define a model, grey ones add", 12.5, SOFT
    )
    drawing.text(20, 75, "to one, or serve the others. make lint keeps the order (dev/house.py).", 12.5, SOFT)
    drawing.text(
        20,
        106,
        f"Right: a number counts the files of a row's room that name the column's room; {total} in all.",
        12.5,
        SOFT,
    )
    drawing.text(20, 123, "Nothing stands above the diagonal: no arrow goes back.", 12.5, SOFT)


def room_rows(addon, sources):
    """Yield (room, what it is for, [line of (file, defines a model)], number of models, height of its row)."""
    for room in house.ROOMS:
        own = [source for source in sources if source.room == room and source.path.stem != "__init__"]
        files = [(source.path.stem, any(cls.is_new for cls in source.classes)) for source in own]
        models = sum(bool(cls.is_new) for source in own for cls in source.classes)
        lines = wrapped(files, FILES_WIDTH)
        purpose = ast.get_docstring(ast.parse((addon / "models" / room / "__init__.py").read_text(encoding="utf-8")))
        yield room, purpose, lines, models, 54 + 15 * len(lines)


def wrapped(files, width):
    lines, length = [[]], 0
    for name, defines in files:
        if length + len(name) > width:
            lines.append([])
            length = 0
        lines[-1].append((name, defines))
        length += len(name) + 2
    return lines


def draw_room(drawing, number, y, row, arrows):
    room, purpose, lines, models, height = row
    middle = y + (height - 10) / 2
    drawing.box(20, y, CARD_RIGHT - 20, height - 10, "#f7f9fb", LINE)
    drawing.box(20, y, 5, height - 10, SHADES[-1], radius=2)
    drawing.text(38, y + 20, f"{number + 1}  {room}/", 14.5, bold=True)
    files = sum(len(line) for line in lines)
    counts = f"{files} file{'s' * (files != 1)}, {models} model{'s' * (models != 1)}"
    drawing.text(CARD_RIGHT - 14, y + 20, counts, 11, SOFT, "end")
    drawing.text(38, y + 37, purpose, 11, SOFT)
    for index, line in enumerate(lines):
        spans = [(name + "   ", INK if defines else FAINT) for name, defines in line]
        drawing.spans(38, y + 54 + 15 * index, spans, 11)
    x = FIRST_COLUMN + number * COLUMN
    drawing.line([(CARD_RIGHT, middle), (x - 11, middle)], "#b8c2ce", 1)
    for column, other in enumerate(house.ROOMS[:number]):
        if count := arrows[room, other]:
            draw_count(drawing, FIRST_COLUMN + column * COLUMN, middle, count)
    drawing.text(x + 11, middle - 16, room, 11, SOFT, "end")
    drawing.box(x - 11, middle - 11, 22, 22, INK, radius=4)
    drawing.text(x, middle + 4, str(number + 1), 11.5, "#ffffff", "middle", bold=True)


def draw_count(drawing, x, y, count):
    shade = min(len(SHADES) - 1, count * len(SHADES) // MOST_SHADE)
    drawing.dot(x, y, 11.5, SHADES[shade])
    drawing.text(x, y + 4, str(count), 11, "#ffffff" if shade > 2 else INK, "middle")


# ---------------------------------------------------------------------- the states

BOX, GAP, TALL, LEFT = 92, 30, 64, 24
LANE_TOP, UPPER, MAIN, LANE_BELOW = 112, 176, 294, 420
BAR = 34


class States:
    """Where each state of workflow.py is drawn: the way of a case in one row, detours above it, ends as bars over all sources."""

    def __init__(self, workflow):
        self.workflow = workflow
        ways = ("draft", *workflow.ONE_ROUND)
        self.ends = [row for row in workflow.STATES if row.dropped]
        self.rows = {row.key: row for row in workflow.STATES}
        self.x = {key: LEFT + number * (BOX + GAP) for number, key in enumerate(ways)}
        self.y = dict.fromkeys(ways, MAIN)
        for row in workflow.STATES:
            if row.key not in self.x and not row.dropped:
                near = [self.x[key] for key in self.neighbours(row.key) if key in ways]
                self.x[row.key], self.y[row.key] = sum(near) / len(near), UPPER

    def neighbours(self, key):
        steps = self.workflow.TRANSITIONS
        found = [s.target for s in steps if key in s.sources] + [
            s for step in steps if step.target == key for s in step.sources
        ]
        return {state for state in found if not self.rows[state].dropped}

    def sources(self, target):
        return [key for step in self.workflow.TRANSITIONS if step.target == target for key in step.sources]

    def middle(self, key):
        return self.x[key] + BOX / 2

    def is_detour(self, key):
        return self.y[key] == UPPER


def states_svg(addon):
    """Draw the states and steps of workflow.py."""
    workflow = load_workflow(addon)
    states, drawing = States(workflow), Drawing("The states of a case and the steps between them")
    drawing.text(20, 34, "A case from draft to certificate: STATES and TRANSITIONS of workflow.py", 20, bold=True)
    legend(drawing)
    highest = max(states.ends, key=lambda row: len(states.sources(row.key)))
    draw_end(drawing, states, highest, above=True)
    for row in states.ends:
        if row is not highest:
            draw_end(drawing, states, row, above=False)
    for step in workflow.TRANSITIONS:
        for source in step.sources:
            if not states.rows[step.target].dropped:
                draw_step(drawing, states, source, step)
    for key in states.x:
        draw_state(drawing, states, states.rows[key])
    return drawing.svg(draw_table(drawing, workflow, LANE_BELOW + BAR + 44))


def load_workflow(addon):
    spec = importlib.util.spec_from_file_location("workflow", addon / "workflow.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def legend(drawing):
    words = {
        "nominator": "enterprise or association",
        "officer": "bureau",
        "experts": "panel",
        "committee": "committee",
        None: "nobody: ended",
    }
    x = 20
    drawing.text(x, 64, "Whose turn:", 12.5, SOFT)
    x += 82
    for turn, label in words.items():
        colour, light = COLOURS[turn]
        drawing.box(x, 53, 14, 14, light, colour, 3)
        drawing.text(x + 20, 64, label, 12.5, SOFT)
        x += 44 + 6 * len(label)
    drawing.text(
        20,
        88,
        "Below each state: what waits there, and the policy's field of its days. An arrow's colour says who takes the step.",
        12.5,
        SOFT,
    )


def draw_state(drawing, states, row):
    x, y = states.x[row.key], states.y[row.key]
    colour, light = COLOURS[row.turn]
    drawing.box(x, y, BOX, TALL, light, colour)
    lines = broken(row.label, 13)
    for number, line in enumerate(lines):
        drawing.text(x + BOX / 2, y + 17 + 13 * number, line, 11.5, INK, "middle", bold=True)
    below = row.desk or (row.public.title if row.public else "")
    drawing.text(x + BOX / 2, y + 17 + 13 * len(lines), below, 10.5, SOFT, "middle")
    if row.days:
        drawing.text(x + BOX / 2, y + TALL - 7, row.days, 9, colour, "middle")


def broken(words, width):
    lines = [""]
    for word in words.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


def draw_end(drawing, states, row, above):
    """Draw an end as a bar along all states from which a case comes there."""
    sources = states.sources(row.key)
    left = min(states.x[key] for key in sources)
    right = max(states.x[key] for key in sources) + BOX
    y = LANE_TOP if above else LANE_BELOW
    party = {key: step.party for step in states.workflow.TRANSITIONS if step.target == row.key for key in step.sources}
    for key in sources:
        x, colour = states.middle(key), COLOURS[party[key]][0]
        start, end = (states.y[key], y + BAR) if above else (states.y[key] + TALL, y)
        drawing.line([(x, start), (x, end)], colour, 1.2, arrow=True)
    colour, light = COLOURS[None]
    drawing.box(left, y, right - left, BAR, light, colour)
    title = f"{row.label}  {row.public.title}"
    drawing.text((left + right) / 2, y + 21, title, 11.5, INK, "middle", bold=True)


def draw_step(drawing, states, source, step):
    colour = COLOURS[step.party][0]
    here, there = states.x[source], states.x[step.target]
    if states.is_detour(source) or states.is_detour(step.target):
        points = beside(states, source, step.target)
    elif there > here:
        middle = MAIN + TALL / 2
        points = [(here + BOX, middle), (there, middle)]
    else:
        low = MAIN + TALL + 22
        points = [
            (here + BOX / 2 + 18, MAIN + TALL),
            (here + BOX / 2 + 18, low),
            (there + BOX / 2 - 18, low),
            (there + BOX / 2 - 18, MAIN + TALL),
        ]
    drawing.line(points, colour, 1.5, arrow=True)


def beside(states, source, target):
    """Return the straight way between a detour and the row: down at the outer edge, up nearer to the middle."""
    up = states.is_detour(target)
    detour, other = (target, source) if up else (source, target)
    middle, edge = states.middle(detour), 22 if up else 36
    x = middle - edge if states.middle(other) < middle else middle + edge
    return [(x, MAIN), (x, UPPER + TALL)] if up else [(x, UPPER + TALL), (x, MAIN)]


def draw_table(drawing, workflow, y):
    """List the steps in the table's order; return the height of the picture."""
    columns = ((20, "From"), (560, "To"), (690, "Taken by"), (800, "Guard"))
    for x, label in columns:
        drawing.text(x, y, label, 12, SOFT, bold=True)
    for number, step in enumerate(workflow.TRANSITIONS):
        line = y + 22 + 20 * number
        drawing.line([(20, line - 14), (WIDTH - 20, line - 14)], "#e6eaef")
        sources = step.sources if len(step.sources) < 6 else (*step.sources[:3], "…", *step.sources[-2:])
        drawing.text(20, line, ", ".join(sources), 12)
        drawing.text(560, line, step.target, 12, bold=True)
        drawing.text(690, line, step.party, 12, COLOURS[step.party][0])
        drawing.text(800, line, step.guard or "", 12, SOFT)
    return y + 22 + 20 * len(workflow.TRANSITIONS) + 6


# ---------------------------------------------------------------------- all of it


def with_table(text, addon):
    """Return the document with today's table of paragraphs between its marks."""
    before, rest = text.split(BEGIN)
    return before + BEGIN + paragraphs.markdown(addon) + END + rest.split(END, 1)[1]


def drawn(addon, docs, packages):
    """Return {path: content} of all that this command writes."""
    document = docs / "architecture.md"
    return {
        docs / "images" / "rooms.svg": rooms_svg(addon, packages),
        docs / "images" / "states.svg": states_svg(addon),
        document: with_table(document.read_text(encoding="utf-8"), addon),
    }


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("addon", type=Path)
    arguments.add_argument("docs", type=Path)
    arguments.add_argument("--odoo", required=True, help="Odoo's dist-packages, whose names are nobody's room")
    given = arguments.parse_args()
    for path, content in drawn(given.addon, given.docs, given.odoo).items():
        path.write_text(content, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    sys.exit(main())
