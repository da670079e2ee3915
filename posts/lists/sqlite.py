"""The triggers of SQLite, where one writes at a time: nothing is to be held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..installed import Trigger, create
from .definition import ANCESTRY, ANY, LISTINGS, WAYS, Kind
from .rules import Dialect, Rule, rules
from .tallies import TALLIES, counted

VIEW = "posts_ancestry_ways"
# A trigger may not recur, but may ask a view that does.
DIALECT = Dialect(differs="IS NOT", ways=VIEW, held=ANY)
HOUR = "CAST({0}1, 4) || {0}6, 2) || {0}9, 2) || {0}12, 2) AS INTEGER)".format("substr({moment}, ")


def install(cursor: Any) -> None:
    create(cursor, wanted())


def remove(cursor: Any) -> None:
    for trigger in triggers():
        cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")
    cursor.execute(f"DROP VIEW IF EXISTS {VIEW}")


def hold_still(cursor: Any) -> None:
    """A transaction that writes is alone."""


pause, resume = remove, install


def weigh(cursor: Any) -> None:
    """Its planner needs no numbers here: it counts along the index in any case."""


def wanted() -> list[Trigger]:
    """The triggers, and the view that they ask."""
    return [Trigger(VIEW, ANCESTRY, (f"CREATE VIEW {VIEW} AS {WAYS}",)), *triggers()]


def triggers() -> Iterator[Trigger]:
    for rule in (*rules(DIALECT), *of_tallies()):
        event = f"{rule.event} OF {', '.join(rule.columns)}" if rule.columns else rule.event
        when = f"WHEN {rule.when}" if rule.when else ""
        action = f"BEGIN {'; '.join(rule.statements)}; END"
        statement = f"CREATE TRIGGER {rule.name} AFTER {event} ON {rule.table} {when} {action}"
        yield Trigger(rule.name, rule.table, (statement,))


def of_tallies() -> Iterator[Rule]:
    for event, row, step in (("INSERT", "NEW", 1), ("DELETE", "OLD", -1)):
        yield Rule(LISTINGS, event, count(f"{row}.kind", f"{row}.subject", step), about="tally")
        yield Rule(LISTINGS, event, stretches(row, step), when=f"{row}.kind = {Kind.SITE.value}", about="stretches")
    yield Rule(
        LISTINGS,
        "UPDATE",
        [*stretches("OLD", -1), *stretches("NEW", 1)],
        columns=("publish_at",),
        when=f"NEW.kind = {Kind.SITE.value} AND {DIALECT.changed(['publish_at'])}",
        about="stretches",
    )


def stretches(row: str, step: int) -> list[str]:
    return [statement for kind, subject in counted(row, HOUR).items() for statement in count(kind, subject, step)]


def count(kind: str, subject: str, step: int) -> list[str]:
    """The statements that count a tally up or down; what is not there, after a flush, stays away."""
    its_own = f"kind = {kind} AND subject = {subject}"
    first = (
        f"INSERT INTO {TALLIES} (kind, subject, number) SELECT {kind}, {subject}, 0 "
        f"WHERE NOT EXISTS (SELECT 1 FROM {TALLIES} WHERE {its_own})"
    )
    move = f"UPDATE {TALLIES} SET number = number + {step} WHERE {its_own}"
    return [first, move] if step > 0 else [move]
