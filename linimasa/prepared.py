"""Statements that are compiled once and run many times: for the few that every page asks and every saved answer writes.

Building and compiling a queryset costs several times what the database takes for an indexed row. A ``Prepared`` says what it asks
for in the ORM's own words, is compiled at its first use, and from then on only runs; PostgreSQL too plans it once a connection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, Field, Model, QuerySet
from django.db.models.query import get_related_populators

_NUMBER = 2_147_000_000  # stands for the first whole number; an integer column holds it and no key is as high
_HIGHEST = 2**63 - 1
_TEXT = "\x02parameter-{}\x02"  # stands for a text; nothing that reaches us holds this sign
Row = tuple[Any, ...]
Places = tuple[tuple[int, int], ...]


class Prepared:
    """``build(*parameters)`` gives the queryset; ``kinds`` are the parameters' types (``int`` or ``str``), each used at least once.

    ``objects(*parameters)`` gives its model instances (with ``select_related`` and annotations), ``rows(*parameters)`` the tuples of
    a ``values_list``. One statement each, counted and wrapped like every other. Safe between threads.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], *kinds: type) -> None:
        self._build = build
        self._markers = _markers(kinds)
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


class PreparedUpdate:
    """``build(*parameters)`` gives the rows of one table, ``fields`` names what is written to them.

    ``computed()`` gives what the database works out itself: names with expressions, such as ``{"count": F("count") - 1}``.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any]],
        *kinds: type,
        fields: Sequence[str] = (),
        computed: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        self._build, self._names, self._computed = build, tuple(fields), computed
        self._markers = _markers(kinds)
        self._plans: dict[str, tuple[str, Row, Places, list[Field[Any, Any]]]] = {}

    def update(self, *parameters: int | str, **values: Any) -> int:
        """Write these values (one for each field named) and say how many rows were changed. One statement."""
        connection = connections[DEFAULT_DB_ALIAS]
        plan = self._plans.get(connection.vendor)
        if plan is None:
            plan = self._plans[connection.vendor] = self._compiled()
        sql, given, places, fields = plan
        written = [field.get_db_prep_save(values[field.name], connection) for field in fields]
        with _cursor(connection) as cursor:
            cursor.execute(sql, [*written, *_filled(given, places, parameters)])
            return int(cursor.rowcount)

    def _compiled(self) -> tuple[str, Row, Places, list[Field[Any, Any]]]:
        query = self._build(*self._markers).query
        quote, table = connections[DEFAULT_DB_ALIAS].ops.quote_name, query.get_initial_alias()
        compiler, meta = query.get_compiler(using=DEFAULT_DB_ALIAS), query.get_meta()
        fields: list[Any] = [meta.get_field(name) for name in self._names]
        columns, given = [f"{quote(field.column)} = %s" for field in fields], list[Any]()
        for name, expression in self._computed().items():
            value, parameters = compiler.compile(expression.resolve_expression(query, allow_joins=False, for_save=True))
            columns.append(f"{quote(cast(Any, meta.get_field(name)).column)} = {value}")
            given += parameters
        where, parameters = compiler.compile(query.where)
        given += parameters
        sql = f"UPDATE {quote(table)} SET {', '.join(columns)} WHERE {where}"  # noqa: S608
        return sql, tuple(given), _places(given, self._markers), fields


def insert(*rows: Model, or_leave: bool = False) -> None:
    """Add these rows of one model as ``row.save(force_insert=True)`` would, but without signals and without learning their keys.

    One statement; raises IntegrityError. With ``or_leave`` a row that is there already stays as it is. No rows: nothing.
    """
    if not rows:
        return
    with _cursor(connections[DEFAULT_DB_ALIAS]) as cursor:
        _insert(cursor, rows, " ON CONFLICT DO NOTHING" if or_leave else "")


def add(row: Model) -> None:
    """Add the row as ``row.save(force_insert=True)`` would, but without signals. It learns its key.

    One statement; raises IntegrityError.
    """
    connection, key = connections[DEFAULT_DB_ALIAS], cast(Any, row._meta.pk)
    with _cursor(connection) as cursor:
        _insert(cursor, [row], f" RETURNING {connection.ops.quote_name(key.column)}")
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _insert(cursor: Any, rows: Sequence[Model], ending: str) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    fields, sql = _insertion(type(rows[0]), connection.vendor)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields]
    cursor.execute(f"{sql} VALUES {places}{ending}", values)


@cache
def _insertion(model: type[Model], _vendor: str) -> tuple[list[Field[Any, Any]], str]:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields: list[Any] = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    columns = ", ".join(quote(field.column) for field in fields)
    return fields, f"INSERT INTO {quote(model._meta.db_table)} ({columns})"


def _markers(kinds: Sequence[type]) -> Row:
    return tuple(_NUMBER + place if kind is int else _TEXT.format(place) for place, kind in enumerate(kinds))


def _places(given: Sequence[Any], markers: Row) -> Places:
    """Where in the statement's parameters each of ours stands."""
    places = tuple((at, markers.index(value)) for at, value in enumerate(given) if value in markers)
    if {place for _at, place in places} != set(range(len(markers))):
        raise ValueError("Every parameter of a prepared statement must reach its SQL.")
    return places


def _filled(given: Row, places: Places, parameters: Row) -> list[Any]:
    values = list(given)
    for at, place in places:
        values[at] = parameters[place]
    return values


def _cursor(connection: Any) -> Any:
    """PostgreSQL's plans a statement once a connection."""
    return connection.prepared_cursor() if connection.vendor == "postgresql" else connection.cursor()


class _Plan:
    """One queryset, compiled for one kind of database. Holds nothing of a connection."""

    def __init__(self, queryset: QuerySet[Any], markers: Row) -> None:
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self._sql, given = compiler.as_sql()
        self._given = tuple(given)
        self._places = _places(self._given, markers)
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
        if any(isinstance(value, int) and value > _HIGHEST for value in parameters):
            return []  # no key is as high, and databases refuse to look for it
        connection = connections[DEFAULT_DB_ALIAS]
        with _cursor(connection) as cursor:
            cursor.execute(self._sql, _filled(self._given, self._places, parameters))
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
