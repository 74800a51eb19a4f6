"""Writes docs/room.md from the tables of the domain: what the code does is what the page says."""

from collections.abc import Iterable

from hub.room import words
from hub.room.criticality import CATEGORIES, HANDOVER_MIN
from hub.room.criticality import DATED as CRITICAL_DATED
from hub.room.permissions import CONFLICTS, OPENING, ROWS, Row
from hub.room.roles import CARE, Role
from hub.room.safety import CHECKLIST, DATED, RULES, Condition
from hub.room.stages import (
    CLOCKS,
    EXITS,
    MAIN_LINE,
    OWNED,
    QUERY_WAIT,
    RESTARTS,
    USUAL,
    WAITS,
    Stage,
    Urgency,
)
from hub.room.visibility import PLAIN, REPORT_READERS

PAGE = """<!-- Written by `make docs` from the tables of hub/room. Do not edit. -->
# The exam room: stages, permissions, clocks, safety rules

Everything on this page is drawn from the tables that the hub decides by: `hub/room/stages.py`,
`permissions.py`, `safety.py` and `words.py`. Minutes and safety rules are proposals: the
physicians, the pharmacist and the physicist of each site validate theirs before use.

## Stages

The way from stage to stage. A reopened room goes back to the stage that it was closed from.

{diagram}

{stages}

While a query on the protocol has no answer, the room waits for `{query}` instead of its stage's
own act.

## Who may do what, in which stage

{permissions}

Beside the table:

- `case.claim` has one winner (`already_claimed` names them), and is how a colleague takes an exam
  that was offered. `case.release` is for its owner or the regulator, `case.reassign` for these and
  the coordinator.
- `justification.decide` is for the one who claimed the exam, or any regulator; a radiologist who
  did not is told who did (`already_claimed`).
- `protocol.issue` and `protocol.amend` are open to every radiologist and regulator of the room,
  whoever claimed: each names the next version, or is refused as `stale_after`. Two series with one
  number are refused as `bad_body`.
- `protocol.acknowledge` names the version in force and its hash and reads back its critical
  fields. While a query on that version has no answer it is refused as `wrong_stage`: the
  radiologist answers or amends first. A query put later stops no later act.
- `checklist.complete` answers every item of the checklist below that applies.
- `request.amend` of what the checks rest on makes a completed checklist void.
- `acquisition.end` says what contrast was given, or why none, where the protocol orders contrast.
  `acquisition.abort` opens an incident of itself.
- `message.retract` takes back one's own message only, and deletes nothing.
- The owner and the last requester cannot be removed; whoever was removed stays out until invited.
- A room with an open incident does not close. Before the report is acknowledged it closes with a
  reason only.
- `contrast.record` and `reaction.report` are said when it happens; a reaction opens an incident of
  itself. `acquisition.end` need not repeat what was recorded.
- `patient.release` is for whom the policy of the site says: `either` (as shipped), `radiologist`
  or `technologist`; once for an acquisition.
- `dose.record` holds the whole record and is replaced by another one with a reason. The phantom
  goes with every value; a total over two phantoms is refused as `bad_body`. What is above a
  reference level is a warning.
- `reading.start` has one reader at a time (`already_claimed` names them). Whoever may read takes
  the reading over at once with a reason; `from_person` of the event tells who lost it.
- `report.issue`, `report.sign` and `reading.stop` are for the one who reads. A report has a
  conclusion; a final one of an exam with X-rays tells the dose or why it is not known. Its version
  is the next integer of the room, counted by the hub where it is left out.
- `report.sign` and `addendum.sign` store the delivery to the requester in the same breath, under
  the hash that was signed. An addendum has to be acknowledged again.
- `report.acknowledge` names a version and a hash, or takes the ones in force; older ones are
  refused as `stale_after`.
- `clock.pause` stops every clock that runs and promises something; `clock.resume`, or the exam's
  next stage, lets them go on.

## Commands that go stale

A command with `after` older than one of these events is refused as `stale_after` (W-16).

{conflicts}

## Clocks

Minutes by urgency. `total` goes on while a question waits; a person who pauses it says why
(`clock.pause`). Renewed by: {restarts}. A limit that goes by is stored once, as `deadline.passed`.
Of the clocks that are foretold a breach is said beforehand, once, as `deadline.predicted`: of
`total` when the usual minutes of the stages to come do not fit any more, of the others when three
quarters of their time are gone.

{clocks}

Usual minutes of a stage, a proposal too:

{usual}

Causes of a pause:

{causes}

## Critical results

Minutes from when it was identified (`limit`) or raised (the others). Proposals [est], gone through
{critical_dated}; each site writes down its own. Only `critical.acknowledged` by a named person, or
`critical.closed`, ends the calling. While a category 1 result has no receipt it is the room's next
move, before that of the stage.

{critical}

- `critical.acknowledge` is for the requesting physician, the physician on site and the person whom
  the result is for; never for whoever raised it or answers for it. With `recipient` it is for the
  radiologist or the subspecialist who told somebody outside of the hub and heard it read back.
- `critical.close` before the receipt: refused in category 1, with a reason in the others.
- Whom an open result is for, and who answers for it, cannot be removed.

## Second opinion and review

`opinion.ask` brings a person into the room with the question; access begins there. A question to a
specialty may be taken on by any radiologist, regulator or subspecialist of the room but the asker.
`opinion.conclude` and `opinion.withdraw` are for the asker, who took over from them, or has the
exam. A room with an opinion that waits for somebody does not close.

`review.record` is for a radiologist, regulator, subspecialist or quality role that did not sign the
report, also in a closed room; its author does not become one of the people of the room.

## Handover

`handover.offer` offers all that one answers for in the room; it lapses after {handover} minutes.
Where the exam is among it, it is also offered as by `case.reassign`, and claiming it accepts the
whole. What can be in it:

{loops}

## Who sees what

Roles outside care receive every event as `withheld`, but for {plain}.

Who may read a report, once in the room:

{reports}

## Safety rules

`warn` is shown; `override` is refused as `unsafe` until a person sets it aside with a reason. A
rule that needs a stated value never speaks of an unknown one. Gone through {dated}.

{rules}

## Checklist

Every item that applies must be answered, and every one that the protocol's `checks_required` names:
a code of this list, or one of the site's own. What is left out is refused as `unsafe`, which names
all that is missing; an item that failed, too. Each may be set aside by an override, with a reason,
of the rule `check.CODE`. An unknown one warns. An item of no list, or one that comes twice, is
refused as `bad_body`; one that does not apply may be answered all the same.

{checklist}

## Quick replies

{quick_replies}

## Events

{events}
"""


WHOSE = {
    "requester": "the one who asked",
    "owner": "the one who claimed",
    "technologist": "the one who acknowledged",
    "reader": "the one who reads",
}
"""Of `Wait.person`."""


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def diagram() -> str:
    """The transitions, as a Mermaid state diagram; acts that change no stage are not drawn."""
    edges: dict[tuple[Stage, Stage], list[str]] = {}
    for row in ROWS:
        for stage, answers in row.moves.items():
            for answer, to in answers.items():
                if to is stage or row.command in ("room.close", "room.reopen"):
                    continue
                label = f"{row.command} ({answer})" if answer else row.command
                edges.setdefault((stage, to), []).append(label)
    lines = ["stateDiagram-v2", f"    [*] --> {OPENING.value}: request.submit"]
    ways = sorted(edges, key=lambda way: [list(Stage).index(stage) for stage in way])
    lines += [f"    {one.value} --> {to.value}: {', '.join(edges[one, to])}" for one, to in ways]
    closable = [stage for stage in Stage if stage in _closable()]
    lines += [f"    {stage.value} --> closed: room.close" for stage in closable]
    return "\n".join(["```mermaid", *lines, "```"])


def _closable() -> frozenset[Stage]:
    return frozenset(next(row for row in ROWS if row.command == "room.close").moves)


def _stages() -> str:
    def line(stage: Stage) -> list[str]:
        fr, en = words.STAGES[stage]
        kind = "main line" if stage in MAIN_LINE else "exit" if stage in EXITS else "end"
        wait = WAITS.get(stage)
        if wait is None:
            return [f"`{stage.value}`", fr, en, kind, "–", "–", "–"]
        who = ", ".join(words.ROLES[role][1] for role in wait.roles)
        whose = f"{who} ({WHOSE[wait.person]})" if wait.person else who
        clock = f"`{wait.clock}`" if wait.clock else "–"
        return [f"`{stage.value}`", fr, en, kind, f"`{wait.act}`", whose, clock]

    head = ("stage", "français", "English", "kind", "waits for", "from", "clock")
    return _table(head, (line(stage) for stage in Stage))


def _leads(row: Row) -> str:
    if not row.moves:
        return f"opens the room in `{OPENING.value}`"
    if row.command == "room.reopen":
        return "the stage it was closed from"
    changing = {
        (answer, to)
        for stage, answers in row.moves.items()
        for answer, to in answers.items()
        if to is not stage
    }
    if not changing:
        return "–"
    ordered = sorted(changing, key=lambda one: (list(Stage).index(one[1]), one[0]))
    return ", ".join(f"`{to.value}` ({answer})" if answer else f"`{to.value}`"
                     for answer, to in ordered)  # fmt: skip


def _where(row: Row) -> str:
    stages = [stage for stage in Stage if stage in row.moves]
    if not stages:
        return "no room yet"
    if set(stages) == set(Stage) - {Stage.CLOSED}:
        return "all but `closed`"
    if len(stages) > len(MAIN_LINE) // 2 and set(stages) <= set(MAIN_LINE):
        missing = [stage.value for stage in MAIN_LINE if stage not in stages]
        return f"the main line{' but ' + _codes(missing) if missing else ''}"
    return _codes(stage.value for stage in stages)


def _permissions() -> str:
    def line(row: Row) -> list[str]:
        fr, en = words.COMMANDS[row.command]
        who = (
            "everyone in care"
            if row.roles == CARE
            else ", ".join(words.ROLES[role][1] for role in Role if role in row.roles)
        )
        return [f"`{row.command}`", f"{fr} / {en}", who, _where(row), _leads(row)]

    return _table(("command", "words", "who", "in which stages", "leads to"), map(line, ROWS))


def _conflicts() -> str:
    rows = ([f"`{kind}`", _codes(sorted(held))] for kind, held in CONFLICTS.items())
    return _table(("command", "stale after an unseen"), rows)


def _clocks() -> str:
    def line(name: str) -> list[str]:
        rule = next(one for one in CLOCKS if one.name == name)
        fr, en = words.CLOCKS[name]
        minutes = (rule.limit(one.value) for one in Urgency)
        said = [str(one) if one is not None else "–" for one in minutes]
        whose = ", ".join(words.ROLES[role][1] for role in rule.roles)
        whose += f" ({WHOSE[OWNED[name]]})" if name in OWNED else ""
        paused = _codes(s.value for s in rule.pauses_in) or "–"
        return [f"`{name}`", fr, en, whose, *said, paused, "yes" if rule.foretold else "–"]

    head = ("clock", "français", "English", "whose", *(one.value for one in Urgency))
    head = (*head, "pauses in", "foretold")
    return _table(head, (line(rule.name) for rule in CLOCKS))


def _usual() -> str:
    rows = ([f"`{stage.value}`", str(held[0]), str(held[1])] for stage, held in USUAL.items())
    return _table(("stage", "P0, P1", "P2, P3"), rows)


def _reports() -> str:
    def line(status: str) -> list[str]:
        fr, en = words.REPORTS[status]
        readers = REPORT_READERS[status]
        who = "everyone in care" if readers == CARE else "its author"
        return [f"`{status}`", fr, en, who]

    return _table(("state", "français", "English", "who"), map(line, words.REPORTS))


def _critical() -> str:
    def line(number: int) -> list[str]:
        rule = CATEGORIES[number]
        fr, en = words.CATEGORY_WORDS[number]
        steps = ", ".join(
            f"{step.minutes}: {', '.join(words.ROLES[role][1] for role in step.roles)}"
            for step in rule.steps
        )
        back = "with the words" if rule.direct else "yes" if rule.read_back else "–"
        return [
            str(number), fr, en, str(rule.limit_min), steps, str(rule.exhausted_min),
            str(rule.repeat_min), back, rule.source,
        ]  # fmt: skip

    head = (
        "category", "français", "English", "limit", "also called", "phone this number",
        "again every", "read-back", "source",
    )  # fmt: skip
    return _table(head, map(line, CATEGORIES))


def _when(conditions: Iterable[Condition]) -> str:
    def one(condition: Condition) -> str:
        fact, how, value = condition
        if value is True and how == "is":
            return fact
        if value is False and how == "is":
            return f"not {fact}"
        sign = {"is": "=", "below": "<", "from": "≥", "in": "in"}[how]
        shown = ", ".join(value) if isinstance(value, tuple) else value
        return f"{fact} {sign} {shown}"

    return "; ".join(map(one, conditions)) or "always"


def _rules() -> str:
    rows = (
        [f"`{rule.code}`", rule.level, _when(rule.when), rule.fr, rule.en, rule.source]
        for rule in RULES
    )
    return _table(("rule", "level", "when", "français", "English", "source"), rows)


def _checklist() -> str:
    rows = ([f"`{one.code}`", _when(one.when), one.fr, one.en] for one in CHECKLIST)
    return _table(("item", "asked when", "français", "English"), rows)


def _words(table: dict[str, words.Words]) -> str:
    rows = ([f"`{code}`", fr, en] for code, (fr, en) in table.items())
    return _table(("code", "français", "English"), rows)


def room_page() -> str:
    """The whole page."""
    return PAGE.format(
        diagram=diagram(),
        stages=_stages(),
        query=QUERY_WAIT.act,
        permissions=_permissions(),
        conflicts=_conflicts(),
        restarts=", ".join(f"`{kind}` → `{name}`" for kind, name in RESTARTS.items()),
        clocks=_clocks(),
        usual=_usual(),
        causes=_words(words.CAUSES),
        reports=_reports(),
        critical_dated=CRITICAL_DATED,
        critical=_critical(),
        handover=HANDOVER_MIN,
        loops=_words(words.LOOPS),
        plain=_codes(sorted(PLAIN - {"withheld"})),
        dated=DATED,
        rules=_rules(),
        checklist=_checklist(),
        quick_replies=_words(words.QUICK_REPLIES),
        events=_words(words.EVENTS),
    )
