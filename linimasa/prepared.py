"""Querysets that are compiled once and run many times: for the few statements that every page asks.

Building and compiling a queryset costs several times what the database takes for an indexed row. A ``Prepared`` says what it asks
for in the ORM's own words, is compiled at its first use, and from then on only runs; PostgreSQL too plans it once a connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import get_related_populators

_NUMBER = 2_147_000_000  # stands for the first whole number; an integer column holds it and no key is as high
_TEXT = "\x02parameter-{}\x02"  # stands for a text; nothing that reaches us holds this sign
Row = tuple[Any, ...]


class Prepared:
    """``build(*parameters)`` gives the queryset; ``kinds`` are the parameters' types (``int`` or ``str``), each used at least once.

    ``objects(*parameters)`` gives its model instances (with ``select_related`` and annotations), ``rows(*parameters)`` the tuples of
    a ``values_list``. One statement each, counted and wrapped like every other. Safe between threads.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], *kinds: type) -> None:
        self._build = build
        self._markers = tuple(_NUMBER + place if kind is int else _TEXT.format(place) for place, kind in enumerate(kinds))
        self._plans: dict[str, _Plan] = {}

    def rows(self, *parameters: int | str) -> list[Row]:
        return self._plan().run(parameters)

    def objects(self, *parameters: int | str) -> list[Any]:
        plan = self._plan()
        return [plan.instance(row) for row in plan.run(parameters)]

    def _plan(self) -> _Plan:
        vendor = connections[DEFAULT_DB_ALIAS].vendor
        found = self._plans.get(vendor)
        if found is None:
            found = self._plans[vendor] = _Plan(self._build(*self._markers), self._markers)
        return found


class _Plan:
    """One queryset, compiled for one kind of database. Holds nothing of a connection."""

    def __init__(self, queryset: QuerySet[Any], markers: Row) -> None:
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self._sql, given = compiler.as_sql()
        self._given = tuple(given)
        self._places = tuple((at, markers.index(value)) for at, value in enumerate(self._given) if value in markers)
        if {place for _at, place in self._places} != set(range(len(markers))):
            raise ValueError("Every parameter of a prepared queryset must reach its SQL.")
        self._converters = tuple(
            (at, tuple(functions), expression)
            for at, (functions, expression) in compiler.get_converters([column[0] for column in compiler.select]).items()
        )
        info = compiler.klass_info
        if info is not None:
            start, end = info["select_fields"][0], info["select_fields"][-1] + 1
            self._model, self._own = info["model"], slice(start, end)
            self._names = [column[0].target.attname for column in compiler.select[start:end]]
            self._related = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of a later Django
            self._annotations = tuple(compiler.annotation_col_map.items())

    def run(self, parameters: Row) -> list[Row]:
        values = list(self._given)
        for at, place in self._places:
            values[at] = parameters[place]
        connection = connections[DEFAULT_DB_ALIAS]
        with getattr(connection, "prepared_cursor", connection.cursor)() as cursor:
            cursor.execute(self._sql, values)
            found = cursor.fetchall()
        return [self._converted(row, connection) for row in found] if self._converters else found

    def _converted(self, row: Row, connection: Any) -> Row:
        values = list(row)
        for at, functions, expression in self._converters:
            for convert in functions:
                values[at] = convert(values[at], expression, connection)
        return tuple(values)

    def instance(self, row: Row) -> Any:
        made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for populate in self._related:
            populate.populate(row, made)
        for name, at in self._annotations:
            setattr(made, name, row[at])
        return made
