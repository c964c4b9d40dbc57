"""The folders of the bank: a tree for each course, drawn up in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Max

from accounts.models import User
from audit import log
from courses.models import Course

from ..models import Category, Question

DEEPEST = 8
LONGEST = 120
MOST = 500
SEPARATOR = "/"


class CategoryError(ValueError):
    """The tree cannot be changed this way; a sentence."""


@dataclass
class Branch:
    """One category in the tree: ``depth`` from 0, ``path`` as written («Modul 1/Akun»), ``count`` its own questions, ``whole`` with
    all below, ``below`` the ids of itself and everything under it."""

    category: Category
    depth: int
    path: str
    count: int = 0
    whole: int = 0
    below: list[int] = field(default_factory=list)
    is_first: bool = True
    is_last: bool = True

    @property
    def is_empty(self) -> bool:
        """Nothing in it and nothing under it; retired questions count too."""
        return not self.whole and len(self.below) == 1


def tree(course: Course) -> list[Branch]:
    """Every category of the course in the order of the tree, with its questions counted (retired ones too). Two statements."""
    children: dict[int | None, list[Category]] = defaultdict(list)
    for one in Category.objects.filter(course=course).order_by("position", "name", "pk"):
        children[one.parent_id].append(one)
    rows = Question.objects.filter(course=course, category__isnull=False).order_by().values_list("category").annotate(Count("pk"))
    counts = dict(rows)
    found: list[Branch] = []

    def grow(parent: int | None, depth: int, path: str) -> list[Branch]:
        here: list[Branch] = []
        siblings = children.get(parent, [])
        for place, one in enumerate(siblings):
            branch = Branch(one, depth, f"{path}{one.name}", counts.get(one.pk, 0))
            branch.is_first, branch.is_last = place == 0, place == len(siblings) - 1
            found.append(branch)
            under = grow(one.pk, depth + 1, f"{branch.path}{SEPARATOR}")
            branch.below = [one.pk, *(pk for each in under for pk in each.below)]
            branch.whole = branch.count + sum(each.whole for each in under)
            here.append(branch)
        return here

    grow(None, 0, "")
    return found


def path_of(category: Category | None, branches: Iterable[Branch]) -> str:
    """«Modul 1/Akun»; empty for none."""
    return next((one.path for one in branches if category and one.category.pk == category.pk), "")


def name_problem(name: str) -> str:
    """Why a category cannot be called so, as a sentence; empty when it can."""
    if not name.strip() or len(name) > LONGEST:
        return f"Nama kategori 1 sampai {LONGEST} huruf."
    return "Nama kategori tidak boleh memuat garis miring: garis miring memisahkan kategori dan isinya." if SEPARATOR in name else ""


def is_path(path: object) -> bool:
    """Whether this is a path as ``tree`` writes it, so that it comes back as it was."""
    names = path.split(SEPARATOR) if isinstance(path, str) else []
    return 0 < len(names) <= DEEPEST and all(name and not name_problem(name) and " ".join(name.split()) == name for name in names)


def find_or_make(course: Course, path: str, *, by: User | None = None) -> Category:
    """The category at this path («A/B/C»), made where it is missing. Raises CategoryError for an empty, too deep or too long path."""
    names = [" ".join(name.split()) for name in path.split(SEPARATOR) if name.strip()]
    if not names or len(names) > DEEPEST or any(name_problem(name) for name in names):
        raise CategoryError(
            f"Kategori ditulis seperti “Modul 1/Akun”: 1 sampai {DEEPEST} tingkat, setiap nama paling panjang {LONGEST} huruf."
        )
    found: Category | None = None
    with transaction.atomic():
        Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
        for name in names:
            found = Category.objects.filter(course=course, parent=found, name=name).first() or _make(course, found, name, by)
    assert found is not None  # noqa: S101 - there is at least one name
    return found


@transaction.atomic
def add(course: Course, name: str, *, by: User | None, parent: Category | None = None) -> Category:
    """A new category at the end of its parent's. Raises CategoryError when the name stands there already, or the tree is full."""
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    name = _free_name(course, parent, name, None)
    if parent is not None and (parent.course_id != course.pk or len(_above(parent)) >= DEEPEST):
        raise CategoryError(f"Kategori paling banyak {DEEPEST} tingkat.")
    return _make(course, parent, name, by)


@transaction.atomic
def rename(category: Category, name: str, *, by: User | None) -> bool:
    """Whether anything differed. Raises CategoryError."""
    Course.objects.select_for_update(of=("self",)).get(pk=category.course_id)
    name = _free_name(category.course, category.parent, name, category)
    changed = Category.objects.filter(pk=category.pk).exclude(name=name).update(name=name)
    if changed:
        log.record("category.renamed", by=by, on=category, old=category.name, name=name)
        category.name = name
    return bool(changed)


@transaction.atomic
def place(category: Category, parent: Category | None, *, by: User | None) -> bool:
    """Move it, with all below, under another (None: to the top). Raises CategoryError for a loop, a name twice or too deep a tree."""
    Course.objects.select_for_update(of=("self",)).get(pk=category.course_id)
    if category.parent_id == (parent.pk if parent else None):
        return False
    branches = {one.category.pk: one for one in tree(category.course)}
    own = branches[category.pk]
    if parent is not None:
        if parent.course_id != category.course_id:
            raise CategoryError("Kategori ini milik kursus lain.")
        if parent.pk in own.below:
            raise CategoryError("Kategori tidak dapat dipindahkan ke dalam dirinya sendiri.")
    height = max(branches[pk].depth for pk in own.below) - own.depth
    if (branches[parent.pk].depth + 1 if parent else 0) + height >= DEEPEST:
        raise CategoryError(f"Kategori paling banyak {DEEPEST} tingkat.")
    _free_name(category.course, parent, category.name, category)
    Category.objects.filter(pk=category.pk).update(parent=parent, position=_next_position(category.course, parent))
    log.record("category.moved", by=by, on=category, name=category.name, under=parent.name if parent else "–")
    category.refresh_from_db()
    return True


@transaction.atomic
def change(category: Category, name: str, parent: Category | None, *, by: User | None) -> bool:
    """Both at once: its name and where it hangs. Whether anything differed. Raises CategoryError and then changes nothing."""
    placed = place(category, parent, by=by)
    return rename(category, name, by=by) or placed


@transaction.atomic
def step(category: Category, *, by: User | None, down: bool) -> int:
    """One place up or down among its neighbours; its new place, from 1. At the edge nothing moves. An order is no audit matter."""
    Course.objects.select_for_update(of=("self",)).get(pk=category.course_id)
    rows = list(Category.objects.filter(course=category.course_id, parent=category.parent_id).order_by("position", "name", "pk"))
    here = next(index for index, one in enumerate(rows) if one.pk == category.pk)
    there = min(max(here + (1 if down else -1), 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
    for number, one in enumerate(rows, 1):
        if one.position != number:
            Category.objects.filter(pk=one.pk).update(position=number)
    return there + 1


def remove_problems(category: Category) -> list[str]:
    """Why this category stays: something is in it."""
    found = []
    if count := Question.objects.filter(category=category).count():
        found.append(f"Kategori “{category.name}” masih berisi {count} soal. Pindahkan dulu soalnya.")
    if Category.objects.filter(parent=category).exists():
        found.append(f"Kategori “{category.name}” masih memuat kategori lain. Pindahkan atau hapus dulu kategori itu.")
    return found


@transaction.atomic
def remove(category: Category, *, by: User | None) -> None:
    """Delete an empty category. Raises CategoryError with what is still in it."""
    Course.objects.select_for_update(of=("self",)).get(pk=category.course_id)
    if problems := remove_problems(category):
        raise CategoryError(" ".join(problems))
    log.record("category.removed", by=by, on=category, name=category.name)
    category.delete()


def _above(category: Category) -> list[Category]:
    """The category and everything above it; one statement a level."""
    found = [category]
    while (parent := found[-1].parent) is not None:
        found.append(parent)
    return found


def _free_name(course: Course, parent: Category | None, name: str, own: Category | None) -> str:
    name = " ".join(name.split())
    if problem := name_problem(name):
        raise CategoryError(problem)
    twice = Category.objects.filter(course=course, parent=parent, name=name)
    if (twice.exclude(pk=own.pk) if own else twice).exists():
        raise CategoryError(f"Kategori “{name}” sudah ada di tempat yang sama.")
    return name


def _make(course: Course, parent: Category | None, name: str, by: User | None) -> Category:
    if Category.objects.filter(course=course).count() >= MOST:
        raise CategoryError(f"Satu kursus memuat paling banyak {MOST} kategori.")
    made = Category.objects.create(course=course, parent=parent, name=name, position=_next_position(course, parent))
    log.record("category.added", by=by, on=made, name=name)
    return made


def _next_position(course: Course, parent: Category | None) -> int:
    return (Category.objects.filter(course=course, parent=parent).aggregate(most=Max("position"))["most"] or 0) + 1
