"""The triggers of PostgreSQL, where many write at the same time.

None of them waits but for writers of the same post, and for whoever moves a category. Tallies are added to by rows of
their own and folded at the commit, under the lock that each commit takes anyway to count its generation: a tally that
writers counted up in one row would make each wait for all others, and some for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..generation import CONTENT
from ..installed import Trigger, create
from ..models import Generation
from .definition import (
    ALL,
    ANCESTRY,
    CATEGORIES,
    CO_WRITTEN,
    IN_CATEGORY,
    KEY,
    LISTINGS,
    NEEDED,
    POSTS,
    TAGGED,
    WAYS,
    Kind,
    places,
    row,
)
from .rules import Dialect, Hold, Rule, rules
from .tallies import TALLIES, counted

DIALECT = Dialect(differs="IS DISTINCT FROM", ways=f"({WAYS}) AS ways", held=row("held"))
HOUR = "to_char({moment} AT TIME ZONE 'UTC', 'YYYYMMDDHH24')::bigint"
SOURCES = (POSTS, IN_CATEGORY, TAGGED, CO_WRITTEN)
OWN = (ANCESTRY, LISTINGS, TALLIES)
HOLDS = {
    Hold.TREE: f"LOCK TABLE {ANCESTRY} IN ROW SHARE MODE",
    Hold.TREE_ALONE: f"LOCK TABLE {ANCESTRY} IN EXCLUSIVE MODE",
}


def wanted() -> list[Trigger]:
    """Each after its function."""
    return [
        Trigger(
            name,
            table,
            (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ {body} RETURN NULL; END $$",
                f"{rule} EXECUTE FUNCTION {name}()",
            ),
        )
        for name, table, rule, body in triggers()
    ]


# A statement is planned once for all subjects. Thought to be one of thousands, a subject seems to have few posts, and
# the planner would sort the whole list of a common one: 1.4 s for a feed among a million posts instead of 1.4 ms.
# The planner learns of it by looking at the table again.
EXPECT_LONG_LISTS = f"ALTER TABLE {LISTINGS} ALTER COLUMN subject SET (n_distinct = 1); ANALYZE {LISTINGS} (subject)"


def install(cursor: Any) -> None:
    cursor.execute(EXPECT_LONG_LISTS)
    create(cursor, wanted())


def remove(cursor: Any) -> None:
    for name, _table, _rule, _body in triggers():
        cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def hold_still(cursor: Any) -> None:
    """Nobody else may write what lists are made of, until the transaction ends; everybody may read."""
    cursor.execute(f"LOCK TABLE {CATEGORIES}, {', '.join(SOURCES)} IN SHARE MODE")
    cursor.execute(f"LOCK TABLE {', '.join(OWN)} IN SHARE ROW EXCLUSIVE MODE")


def pause(cursor: Any) -> None:
    """A table of which triggers have something to do yet cannot be altered: they do it now."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in OWN:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def weigh(cursor: Any) -> None:
    """Let the planner know how many places there are, and count them in memory: along the index takes far longer."""
    cursor.execute(f"ANALYZE {LISTINGS}")
    cursor.execute("SET LOCAL work_mem = '256MB'")


def resume(cursor: Any) -> None:
    for table in OWN:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def triggers() -> Iterator[tuple[str, str, str, str]]:
    """The name of each, its table, its rule and the body of its function."""
    for rule in rules(DIALECT):
        event = f"{rule.event} OF {', '.join(rule.columns)}" if rule.columns else rule.event
        when = f"WHEN ({rule.when})" if rule.when else ""
        yield (
            rule.name,
            rule.table,
            f"CREATE TRIGGER {rule.name} AFTER {event} ON {rule.table} FOR EACH ROW {when}",
            body(held(rule), rule.statements),
        )
    yield from of_truncation()
    yield from of_tallies()


def body(first: list[str], statements: Any) -> str:
    return "DECLARE held record; BEGIN " + " ".join(f"{statement};" for statement in (*first, *statements))


def held(rule: Rule) -> list[str]:
    """The tree before the post: whoever moves a category holds no post yet."""
    tree = [HOLDS[rule.hold]] if rule.hold else []
    post = [f"SELECT {', '.join(NEEDED)} INTO held FROM {POSTS} WHERE id = {rule.post} FOR NO KEY UPDATE"]
    return tree + (post if rule.post else [])


def of_truncation() -> Iterator[tuple[str, str, str, str]]:
    gone = f"DELETE FROM {LISTINGS} WHERE ({KEY}) NOT IN (SELECT {KEY} FROM ({places(ALL)}) AS there)"
    for table in SOURCES:
        name = f"{table}_lists_truncate"
        yield name, table, f"CREATE TRIGGER {name} AFTER TRUNCATE ON {table} FOR EACH STATEMENT", body([], [gone])


def of_tallies() -> Iterator[tuple[str, str, str, str]]:
    for event, side, sign in (("INSERT", "NEW", ""), ("DELETE", "OLD", "-")):
        name = f"{LISTINGS}_lists_{event.lower()}_tally"
        rule = f"CREATE TRIGGER {name} AFTER {event} ON {LISTINGS} REFERENCING {side} TABLE AS place FOR EACH STATEMENT"
        yield name, LISTINGS, rule, body([], [append_all(sign)])
    name = f"{LISTINGS}_lists_update_stretches"
    when = f"NEW.kind = {Kind.SITE.value} AND {DIALECT.changed(['publish_at'])}"
    rule = f"CREATE TRIGGER {name} AFTER UPDATE OF publish_at ON {LISTINGS} FOR EACH ROW WHEN ({when})"
    yield name, LISTINGS, rule, body([], [append_stretches("OLD", -1), append_stretches("NEW", 1)])
    name = f"{TALLIES}_lists_fold"
    rule = f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON {TALLIES} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    yield name, TALLIES, rule, FOLD


def append_all(sign: str) -> str:
    """Add to the tallies what a statement has changed of the listings, its transition table `place`."""
    own = f"SELECT kind, subject, {sign}COUNT(*) FROM place GROUP BY kind, subject"
    stretches = [
        f"SELECT {kind}, {subject}, {sign}COUNT(*) FROM place WHERE kind = {Kind.SITE.value} GROUP BY 2"
        for kind, subject in counted("place", HOUR).items()
    ]
    return f"INSERT INTO {TALLIES} (kind, subject, number) {' UNION ALL '.join([own, *stretches])}"


def append_stretches(row: str, step: int) -> str:
    values = ", ".join(f"({kind}, {subject}, {step})" for kind, subject in counted(row, HOUR).items())
    return f"INSERT INTO {TALLIES} (kind, subject, number) VALUES {values}"


FOLD = f"""
DECLARE first bigint; total bigint;
BEGIN
    PERFORM 1 FROM {TALLIES} WHERE id = NEW.id;
    IF NOT FOUND THEN RETURN NULL; END IF;
    PERFORM 1 FROM {Generation._meta.db_table} WHERE id = {CONTENT} FOR NO KEY UPDATE;
    SELECT min(id), sum(number) INTO first, total FROM {TALLIES} WHERE kind = NEW.kind AND subject = NEW.subject;
    IF first <> NEW.id OR total <> NEW.number THEN
        DELETE FROM {TALLIES} WHERE kind = NEW.kind AND subject = NEW.subject AND id <> first;
        UPDATE {TALLIES} SET number = total WHERE id = first;
    END IF;
"""
"""Make one row of all that a tally has. The first row of a transaction folds those that come after it, too."""
