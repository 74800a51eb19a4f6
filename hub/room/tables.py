"""The tables of the domain as JSON values, for the web client and whoever writes another one."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hub.room import words
from hub.room.criticality import CATEGORIES, Category
from hub.room.criticality import DATED as CRITICAL_DATED
from hub.room.permissions import CONFLICTS, OPENING, ROWS, Row
from hub.room.requests import ASKED
from hub.room.roles import CARE, Role
from hub.room.safety import CHECKLIST, DATED, RULES, TOPICS
from hub.room.stages import (
    CLOCKS,
    CRITICAL_PHONE,
    CRITICAL_WAIT,
    EXITS,
    MAIN_LINE,
    OWNED,
    QUERY_STAGES,
    QUERY_WAIT,
    RESTARTS,
    WAITS,
    Stage,
    Urgency,
    Wait,
)
from hub.room.visibility import REPORT_READERS
from hub.room.words import Words

Table = dict[str, Any]


def _said(pair: Words) -> Table:
    return {"fr": pair[0], "en": pair[1]}


def _all_said(table: Mapping[Any, Words]) -> Table:
    return {str(code): _said(pair) for code, pair in table.items()}


def _wait(wait: Wait | None) -> Table | None:
    if wait is None:
        return None
    return {**asdict(wait), "roles": [role.value for role in wait.roles]}


def _listed(roles: frozenset[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


def _stage(stage: Stage) -> Table:
    return {
        **_said(words.STAGES[stage]),
        "main_line": stage in MAIN_LINE,
        "exit": stage in EXITS,
        "wait": _wait(WAITS.get(stage)),
    }


def _category(rule: Category) -> Table:
    return {
        **_said(words.CATEGORY_WORDS[rule.number]),
        "limit_min": rule.limit_min,
        "steps": [
            {"minutes": step.minutes, "roles": [role.value for role in step.roles]}
            for step in rule.steps
        ],
        "exhausted_min": rule.exhausted_min,
        "repeat_min": rule.repeat_min,
        "read_back": rule.read_back,
        "words_required": rule.direct,
        "source": rule.source,
    }


def _row(row: Row) -> Table:
    return {
        **_said(words.COMMANDS[row.command]),
        "event": row.event,
        "roles": [role.value for role in Role if role in row.roles],
        "stages": [stage.value for stage in Stage if stage in row.moves],
        "moves": {
            stage.value: {answer: to.value for answer, to in answers.items()}
            for stage, answers in row.moves.items()
        },
        "conflicts": sorted(CONFLICTS.get(row.command, ())),
    }


def tables() -> Table:
    """Stages, roles, commands, clocks, words, safety rules and checklist, of JSON values only.

    Every `fr`/`en` is what a clinician reads. `commands[kind].moves` is stage -> answer -> next
    stage; `request.submit` has none: it opens the room in `opening`.
    """
    return {
        "opening": OPENING.value,
        "stages": {stage.value: _stage(stage) for stage in Stage},
        "roles": {role.value: {**_said(words.ROLES[role]), "care": role in CARE} for role in Role},
        "urgencies": {one.value: _said(words.URGENCIES[one]) for one in Urgency},
        "commands": {row.command: _row(row) for row in ROWS},
        "acts": _all_said(words.COMMANDS),
        "events": _all_said(words.EVENTS),
        "clocks": {
            rule.name: {
                **_said(words.CLOCKS[rule.name]),
                "runs_in": [stage.value for stage in rule.runs_in],
                "pauses_in": [stage.value for stage in rule.pauses_in],
                "resumes": rule.resumes,
                "roles": [role.value for role in rule.roles],
                "person": OWNED.get(rule.name, ""),
                "foretold": rule.foretold,
                "minutes": {one.value: rule.limit(one.value) for one in Urgency},
            }
            for rule in CLOCKS
        },
        "measures": _all_said(words.MEASURES),
        "restarts": dict(RESTARTS),
        "causes": _all_said(words.CAUSES),
        "reports": {
            status: {
                **_said(pair),
                "readers": _listed(REPORT_READERS[status]),
            }
            for status, pair in words.REPORTS.items()
        },
        "sections": _all_said(words.SECTIONS),
        "phantoms": _all_said(words.PHANTOMS),
        "channels": _all_said(words.CHANNELS),
        "query": {"stages": [stage.value for stage in QUERY_STAGES], "wait": _wait(QUERY_WAIT)},
        "critical": {
            "dated": CRITICAL_DATED,
            "wait": _wait(CRITICAL_WAIT),
            "phone": _wait(CRITICAL_PHONE),
            "categories": {str(n): _category(rule) for n, rule in CATEGORIES.items()},
            "methods": _all_said(words.CRITICAL_METHODS),
            "outcomes": _all_said(words.OUTCOMES),
        },
        "grades": _all_said(words.GRADES),
        "impacts": _all_said(words.IMPACTS),
        "loops": _all_said(words.LOOPS),
        "asked": list(ASKED),
        "quick_replies": _all_said(words.QUICK_REPLIES),
        "incidents": _all_said(words.INCIDENTS),
        "identities": _all_said(words.IDENTITIES),
        "rings": {
            "purposes": _all_said(words.PURPOSES),
            "passed_over": _all_said(words.PASSED_OVER),
        },
        "checklist": [
            {**asdict(check), "when": [list(condition) for condition in check.when]}
            for check in CHECKLIST
        ],
        "safety": {
            "dated": DATED,
            "topics": _all_said(TOPICS),
            "rules": [
                {**asdict(rule), "when": [_condition(one) for one in rule.when]} for rule in RULES
            ],
        },
    }


def _condition(condition: tuple[str, str, Any]) -> list[Any]:
    fact, how, value = condition
    return [fact, how, list(value) if isinstance(value, tuple) else value]
