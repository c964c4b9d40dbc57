"""Content files: YAML and Markdown with a front matter, read with limits and with the place of every mapping, written canonically."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

MOST_BYTES = 1_000_000
MOST_DEPTH = 10
MOST_NODES = 50_000
LONGEST_PLAIN = 40  # signs of a number, a day, a yes or no
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNREADABLE = (ValueError, OverflowError, LookupError, AttributeError, TypeError)  # what YAML's readers of numbers and days throw
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FileProblem(Exception):
    """A file cannot be read; ``where`` is «file:line», the message a sentence that says how to mend it."""

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(f"{where}: {sentence}")
        self.where = where
        self.sentence = sentence


class Placed(dict[str, Any]):
    """A mapping from a file that remembers its place: ``where`` is «m1-keamanan-akun/quiz.yaml:7»."""

    where = ""


def read_text(path: Path, name: str) -> str:
    """The file's text. Raises FileProblem: missing, larger than 1 MB, not UTF-8, control characters."""
    if path.is_symlink() or not path.is_file():
        raise FileProblem(name, "Berkas ini tidak ditemukan.")
    if path.stat().st_size > MOST_BYTES:
        raise FileProblem(name, f"Berkas ini lebih besar dari {MOST_BYTES // 1000} KB. Pecah menjadi beberapa berkas.")
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise FileProblem(name, "Berkas ini bukan teks UTF-8. Simpan ulang sebagai UTF-8.") from None
    found = _CONTROL.search(text)
    if found:
        raise FileProblem(
            f"{name}:{text.count(chr(10), 0, found.start()) + 1}", "Ada karakter kendali yang tidak terbaca. Hapus karakter itu."
        )
    return text.replace("\r\n", "\n")


def read_yaml(path: Path, name: str) -> Any:
    """The file's value; mappings are ``Placed``. Raises FileProblem."""
    return parse_yaml(read_text(path, name), name)


def parse_yaml(text: str, name: str, *, first_line: int = 1) -> Any:
    """The value of a YAML text without anchors, tags, double keys; at most 10 levels deep. Raises FileProblem with the line."""
    try:
        _check_events(text, name, first_line)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            return _value(node, loader, name, first_line) if node is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        raise FileProblem(f"{name}:{line}", "YAML tidak terbaca. Periksa lekukan, titik dua, dan tanda kutip di sekitarnya.") from None
    except (yaml.YAMLError, *_UNREADABLE):
        raise FileProblem(name, "YAML tidak terbaca. Periksa isinya.") from None


def _check_events(text: str, name: str, first_line: int) -> None:
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        where = f"{name}:{(event.start_mark.line if event.start_mark else 0) + first_line}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FileProblem(where, "Jangkar dan alias YAML (& dan *) tidak dipakai di sini. Tulis nilainya.")
        if getattr(event, "tag", None):
            raise FileProblem(where, "Tanda jenis YAML (!) tidak dipakai di sini. Hapus tanda itu.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        nodes += isinstance(event, yaml.NodeEvent)
        if depth > MOST_DEPTH:
            raise FileProblem(where, f"Isi bersarang lebih dari {MOST_DEPTH} tingkat. Ratakan susunannya.")
        if nodes > MOST_NODES:
            raise FileProblem(where, "Berkas ini berisi terlalu banyak butir. Pecah menjadi beberapa berkas.")


def _value(node: yaml.Node, loader: Any, name: str, first_line: int) -> Any:
    where = f"{name}:{node.start_mark.line + first_line}"
    if isinstance(node, yaml.MappingNode):
        made = Placed()
        made.where = where
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            place = f"{name}:{key_node.start_mark.line + first_line}"
            if key is None:
                raise FileProblem(place, "Kunci harus berupa teks.")
            if key in made:
                raise FileProblem(place, f"Kunci «{key}» ditulis dua kali. Hapus salah satunya.")
            made[key] = _value(value_node, loader, name, first_line)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, loader, name, first_line) for item in node.value]
    if node.tag != "tag:yaml.org,2002:str" and len(str(node.value)) > LONGEST_PLAIN:  # 1:1:1:… is a number to YAML, counted for minutes
        raise FileProblem(where, "Angka ini terlalu panjang. Bila maksudnya teks, tulis di antara tanda kutip.")
    try:
        return loader.construct_object(node)
    except _UNREADABLE:
        raise FileProblem(
            where, f"Nilai «{str(node.value)[:40]}» tidak terbaca. Bila maksudnya teks, tulis di antara tanda kutip."
        ) from None


class _Writer(yaml.SafeDumper):
    """Plain, wide, in the order given; texts of several lines as literal blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(writer: yaml.SafeDumper, value: str) -> yaml.Node:
    return writer.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Writer.add_representer(str, _text)
_Writer.add_representer(Placed, lambda writer, value: writer.represent_dict(value.items()))


def write_yaml(value: Any) -> str:
    """The canonical YAML text of plain values (dict, list, str, int, float, bool, None, date)."""
    return yaml.dump(value, Dumper=_Writer, allow_unicode=True, sort_keys=False, default_flow_style=False, width=130)


def read_lesson(path: Path, name: str) -> tuple[Placed, str]:
    """Front matter and Markdown of a lesson. Raises FileProblem."""
    text = read_text(path, name)
    found = re.match(r"---\n(.*?\n)---\n(.*)\Z", text, re.S)
    if not found:
        raise FileProblem(f"{name}:1", "Pelajaran harus diawali kepala YAML di antara dua baris ---.")
    front = parse_yaml(found[1], name, first_line=2)
    if not isinstance(front, Placed):
        raise FileProblem(f"{name}:2", "Kepala YAML harus berisi pasangan kunci dan nilai.")
    return front, found[2].strip("\n") + "\n"


def write_lesson(front: dict[str, Any], body: str) -> str:
    """The canonical text of a lesson's file."""
    stripped = body.strip("\n")
    return f"---\n{write_yaml(front)}---\n\n{stripped}\n"
