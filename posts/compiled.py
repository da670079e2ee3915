"""Queries that are put together and compiled once, and then run with other values at each request.

To construct a query of a list and to compile it costs Django ten times what any of our databases needs to answer it. So
a queryset is built once with a `Parameter` wherever a value of the request belongs, and its SQL is kept. What it says,
who sees what above all, is said where it always is: in `posts.managers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, Self
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, Value
from django.db.models.query import ModelIterable, get_related_populators

from . import prepared

# Of one query: by its shapes and the lengths of its lists, of which readers cannot choose many.
MAX_STATEMENTS = 200

type Told = tuple[tuple[Any, ...], ...]
"""Rows as the driver of the database tells them."""

type Converter = tuple[int, list[Callable[..., Any]], Any]
"""The number of a column, and what makes its values, for an expression and a connection."""


class Parameter(Value):
    """What stands in a queryset, wherever an expression may, for a value that is known when it runs."""

    def __init__(self, name: str) -> None:
        super().__init__(None)
        self.name = name

    def as_sql(self, *_: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@dataclass(frozen=True)
class Statement:
    """What a queryset was compiled to."""

    sql: str
    parameters: tuple[Any, ...]
    converters: list[Converter]
    make: Callable[[tuple[Any, ...]], Model] | None
    """What makes an instance of a row, of a queryset of instances."""

    @classmethod
    def of(cls, queryset: QuerySet, using: str) -> Self:
        """Raises EmptyResultSet where it is plain from the start that nothing can be found."""
        compiler = queryset.query.get_compiler(using)
        whole, values = compiler.as_sql()
        sql, parameters = with_constants(whole, values, connections[using])
        columns = [expression for expression, *_ in compiler.select[: compiler.col_count]]
        converters = [(place, *found) for place, found in compiler.get_converters(columns).items()]
        is_of_instances = queryset._iterable_class is ModelIterable  # noqa: SLF001 -- nothing public tells it
        return cls(sql, parameters, converters, maker(compiler, queryset) if is_of_instances else None)

    def run(self, connection: BaseDatabaseWrapper, values: dict[str, Any]) -> Told:
        known = {name: as_sent(value, connection) for name, value in values.items()}
        filled = [known[value.name] if isinstance(value, Parameter) else value for value in self.parameters]
        return told(connection, self.sql, filled)

    def converted(self, rows: Told, connection: BaseDatabaseWrapper) -> Iterator[tuple[Any, ...]]:
        for row in map(list, rows):
            for place, convert_all, expression in self.converters:
                for convert in convert_all:
                    row[place] = convert(row[place], expression, connection)
            yield tuple(row)


@dataclass(frozen=True)
class Found:
    """What a query has found: equal to anything that the database tells in the same words.

    So it is what to keep by that which is drawn of it: to make rows or instances of it takes longer than to compare it.
    """

    told: Told = ()
    statement: Statement | None = field(default=None, compare=False)
    using: str = field(default=DEFAULT_DB_ALIAS, compare=False)

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The columns of each row, as Django gives them."""
        if self.statement is None or not self.statement.converters:
            return list(self.told)
        return list(self.statement.converted(self.told, connections[self.using]))

    @property
    def instances(self) -> list[Any]:
        """The rows of a queryset of instances as these, without what `prefetch_related()` would add."""
        return list(map(self.statement.make, self.rows)) if self.statement and self.statement.make else []

    def without(self, number: int) -> Found:
        """The same without its last columns, which Django gives as they are told."""
        return replace(self, told=tuple([row[:-number] for row in self.told]))


def told(connection: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> Told:
    """What the database tells when asked by a statement that comes again and again; the values are as they are sent."""
    if connection.vendor == "postgresql" and prepared.can_tell(connection):
        return tuple(prepared.told(connection, sql, values))
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(cursor.fetchall())


def with_constants(sql: str, parameters: Iterable[Any], connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
    """A statement whose constants stand in it, written as in the conditions of indexes, and what is left to send.

    SQLite plans a statement anew, which takes longer than to run it, whenever a value is bound that says whether an
    index of some rows alone, such as those of what is published, will do (https://www.sqlite.org/c3ref/prepare.html).
    """
    quoted, given, left = connection.schema_editor().quote_value, iter(parameters), []

    def written(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return place[0]
        value = next(given)
        if isinstance(value, int | str) and "%" not in str(value):
            return str(quoted(value))
        left.append(value)
        return place[0]

    return prepared.PLACE.sub(written, sql), tuple(left)


def maker(compiler: Any, queryset: QuerySet) -> Callable[[tuple[Any, ...]], Model]:
    """What makes an instance of a row, with what `select_related()` adds, as Django's `ModelIterable` does."""
    info, using = compiler.klass_info, compiler.using
    columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    names = [expression.target.attname for expression, *_ in compiler.select[columns]]
    mode = queryset._fetch_mode  # type: ignore[attr-defined]  # noqa: SLF001 -- as above
    populators = get_related_populators(info, compiler.select, using, mode)
    annotations = tuple(compiler.annotation_col_map.items())

    def make(row: tuple[Any, ...]) -> Model:
        instance = info["model"].from_db(using, names, row[columns])
        for populator in populators:
            populator.populate(row, instance)
        for name, place in annotations:
            setattr(instance, name, row[place])
        return instance

    return make


def as_sent(value: Any, connection: BaseDatabaseWrapper) -> Any:
    """A value as this database takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return prepared.as_sent(value) if connection.vendor == "postgresql" else value


class Compiled:
    """A query by `build(*shape, **parameters)`, which returns a `values_list()`, or instances, of a model's rows.

    `shape` is what changes the SQL, such as a direction or a limit; each is compiled once. A parameter is a Parameter,
    or a list of them where a list of values is given, whose length is a part of the shape: for `pk__in`, since Django's
    own `posts__in` wants values, where `posts__pk__in` takes these. Lists are filled up to few different lengths, so
    the last value of one may come several times.
    """

    def __init__(self, model: type[Model], build: Callable[..., QuerySet]) -> None:
        self._model = model
        self._build = build
        self._statement = lru_cache(maxsize=MAX_STATEMENTS)(self._compile)

    def rows(self, *shape: Hashable, **values: Any) -> list[tuple[Any, ...]]:
        """The columns of each row that there is now for these values. One query."""
        return self.find(*shape, **values).rows

    def instances(self, *shape: Hashable, **values: Any) -> list[Any]:
        """The same as instances of the model, without what `prefetch_related()` would add."""
        return self.find(*shape, **values).instances

    def find(self, *shape: Hashable, **values: Any) -> Found:
        """The same as the database tells it."""
        using = router.db_for_read(self._model)
        values = {name: filled_up(value) if isinstance(value, list) else value for name, value in values.items()}
        lengths = tuple((name, len(value) if isinstance(value, list) else None) for name, value in values.items())
        statement = self._statement(using, shape, lengths)
        if statement is None:
            return Found()
        flat = dict(chain.from_iterable(map(named, values, values.values())))
        return Found(statement.run(connections[using], flat), statement, using)

    def _compile(self, using: str, shape: Sequence[Any], lengths: Sequence[tuple[str, int | None]]) -> Statement | None:
        parameters = {name: stand_in(name, length) for name, length in lengths}
        try:
            return Statement.of(self._build(*shape, **parameters), using)
        except EmptyResultSet:
            return None


def filled_up(values: list[Any]) -> list[Any]:
    """With its last value, to a power of two."""
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values)) if values else values


def stand_in(name: str, length: int | None) -> Parameter | list[Parameter]:
    if length is None:
        return Parameter(name)
    return [Parameter(f"{name}{number}") for number in range(length)]


def named(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A value by the name of its Parameter, or those of a list by the names of theirs."""
    if isinstance(value, list):
        return ((f"{name}{number}", item) for number, item in enumerate(value))
    return iter([(name, value)])
