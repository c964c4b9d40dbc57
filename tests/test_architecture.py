"""The map in docs/architecture.md is true: arrows point left, files are named and small, one place marks HTML safe."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["audit", "accounts", "notifications", "courses", "cohorts", "quizzes", "certificates"]
WIRING = {"urls.py", "settings.py", "celery.py", "tasks.py"}
NAMES_THAT_SAY_NOTHING = {"core", "common", "services", "utils", "util", "helpers", "helper", "managers", "misc", "base", "lib", "shared"}
NAMED_BY_DJANGO = {"linimasa/postgresql/base.py"}  # a database backend's module must have this name
# What these hold is said once for all rooms: the map's "Where does it go?".
HELD_BY_EVERY_ROOM = {
    *("__init__", "access", "apps", "demo", "forms", "hashers", "invariants", "messages", "models", "own_data", "passwords"),
    *("receivers", "signals", "tasks", "urls", "views", "wsgi"),
}
MOST_LINES = 400


def sources(room: str) -> list[Path]:
    return [file for file in sorted((ROOT / room).rglob("*.py")) if "migrations" not in file.parts]


def imports(file: Path) -> set[str]:
    """The first words of all absolute imports, wherever in the file they are (type-checking blocks too)."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "import_string")):
            found |= {str(word.value).split(".")[0] for word in node.args if isinstance(word, ast.Constant)}
    return found


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_the_apps_to_its_left(app):
    allowed = set(APPS[: APPS.index(app) + 1])
    wrong = {str(file.relative_to(ROOT)): bad for file in sources(app) if (bad := imports(file) & set(APPS) - allowed)}
    assert wrong == {}


def test_the_shell_imports_no_app():
    shell = [file for file in sources("linimasa") if file.name not in WIRING and "management" not in file.parts]
    wrong = {str(file.relative_to(ROOT)): bad for file in shell if (bad := imports(file) & set(APPS))}
    assert wrong == {}


def test_relative_imports_stay_in_their_room():
    wrong = []
    for app in [*APPS, "linimasa"]:
        for file in sources(app):
            depth = len(file.relative_to(ROOT).parts) - 1
            wrong += [
                f"{file.relative_to(ROOT)}:{node.lineno}"
                for node in ast.walk(ast.parse(file.read_text()))
                if isinstance(node, ast.ImportFrom) and node.level > depth
            ]
    assert wrong == []


def test_every_file_is_named_for_an_activity_or_a_thing():
    rooms = [file for app in [*APPS, "linimasa"] for file in (ROOT / app).rglob("*.py")]
    names = {str(file.relative_to(ROOT)): {part.removesuffix(".py") for part in file.relative_to(ROOT).parts} for file in rooms}
    assert {name for name, words in names.items() if words & NAMES_THAT_SAY_NOTHING} == NAMED_BY_DJANGO


def test_no_file_is_two_things():
    """A file that grows beyond this is looked at twice: usually it is two activities."""
    rooms = [file for app in [*APPS, "linimasa"] for file in sources(app)]
    assert [str(file.relative_to(ROOT)) for file in rooms if len(file.read_text().splitlines()) > MOST_LINES] == []


def test_only_one_module_marks_html_safe():
    python = [file for app in [*APPS, "linimasa"] for file in sources(app)]
    marking = {str(file.relative_to(ROOT)) for file in python if re.search(r"mark_safe|SafeString\(|SafeText\(|__html__", file.read_text())}
    assert marking <= {"linimasa/markdown.py"}
    templates = [file for file in (ROOT / "templates").rglob("*") if file.suffix in {".html", ".txt", ".svg"}]
    assert [str(file.relative_to(ROOT)) for file in templates if re.search(r"\|\s*safe\b|autoescape off.*\.html", file.read_text())] == []


def test_pages_carry_no_inline_script_style_or_handler():
    inline = re.compile(r"<style\b|\sstyle=|\son[a-z]+=[\"']|<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)", re.IGNORECASE)
    pages = sorted((ROOT / "templates").rglob("*.html"))
    wrong = [f"{page.relative_to(ROOT)}: {hit.group(0).strip()}" for page in pages if (hit := inline.search(page.read_text()))]
    assert wrong == []


def test_no_attribute_carries_a_number_written_for_people():
    """A key of 1080 is drawn as 1.080 unless a filter says otherwise; in an address or a value that is another thing."""
    grouped = re.compile(r"=\"[^\"{]*\{\{ *[a-z_.]+\.(?:pk|width|height|quiz__activity) *\}\}")
    pages = sorted((ROOT / "templates").rglob("*.html"))
    wrong = [f"{page.relative_to(ROOT)}: {hit.group(0)}" for page in pages if (hit := grouped.search(page.read_text()))]
    assert wrong == []


def test_the_map_names_every_room():
    told = (ROOT / "docs" / "architecture.md").read_text()
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    rooms = {name.split("/")[0] for name in kept if "/" in name and not name.startswith(".")}
    assert [room for room in sorted(rooms) if f"`{room}/`" not in told] == []
    assert " ← ".join(APPS) in told


@pytest.mark.parametrize("app", [*APPS, "linimasa"])
def test_the_map_says_what_each_file_of_a_room_is_for(app):
    (row,) = [line for line in (ROOT / "docs" / "architecture.md").read_text().splitlines() if line.startswith(f"| `{app}/` |")]
    here = {file.stem for file in (ROOT / app).glob("*.py")} - HELD_BY_EVERY_ROOM
    assert {name for name in here if not re.search(rf"`(?:[a-z_]+/)?{name}`|`{name}[./]", row)} == set()


def test_apps_are_wired_in_the_order_of_the_arrows():
    from django.conf import settings

    assert [name for name in settings.INSTALLED_APPS if name in APPS] == APPS
