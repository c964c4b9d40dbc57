from __future__ import annotations

import io
import json
import os
import re

import pikepdf
import pytest

from certificates import ornament, pdf
from certificates.models import CertificateFile
from linimasa import typesetting
from tests.certificates.paper import text_of
from tests.factories.certificates import completed_enrolment, issued, siti

pytestmark = pytest.mark.django_db
NAMES = {
    "mononym": {"name": "Wa", "suffix_titles": ""},
    "both_apostrophes": {"name": "Moh. Syafi’i Ma'ruf", "suffix_titles": ""},
    "diacritics": {"name": "Ni Luh Putu Śrī Ḥāfiẓ", "suffix_titles": "S.I.P."},
    "hundred_characters": {
        "prefix_titles": "Prof. Dr. Ir. H.",
        "name": "Muhammad Ma'mun Al-Qadri Hasibuan Nasution",
        "suffix_titles": "S.Sos., S.I.Kom., M.Si., M.I.Kom., Ph.D.",
    },
    "as_long_as_the_profile_allows": {
        "prefix_titles": "Prof. Dr. " * 6,
        "name": "Muhammad " * 13,
        "suffix_titles": "M.I.Kom., " * 11 + "Ph.D.",
    },
    "one_endless_word": {"prefix_titles": "P" * 60, "name": "W" * 120, "suffix_titles": "S" * 120},
    "typst_markup": {"name": '#panic("x") $x^2$ \\ " *b* _i_ @a <b> `r` [c] // =', "suffix_titles": '#sys.inputs "\\'},
}


def face_of(certificate, **name: str) -> dict:
    face = json.loads(json.dumps(certificate.snapshot))
    titles = {"prefix_titles": "", "name": "Siti", "suffix_titles": ""} | {key: value.strip() for key, value in name.items()}
    full = f"{titles['prefix_titles']} {titles['name']}".strip() + (f", {titles['suffix_titles']}" if titles["suffix_titles"] else "")
    face["holder"].update(titles, full_name=full)
    return face


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_two_tagged_pages_that_say_they_are_archivable_and_accessible():
    certificate = issued()
    data = pdf.render(certificate.snapshot)
    with opened(data) as paper:
        assert len(paper.pages) == 2
        for page in paper.pages:
            assert [round(float(side)) for side in page.mediabox] == [0, 0, 842, 595]
        root = paper.Root
        assert root.Lang == "id-ID" and root.MarkInfo.Marked and root.StructTreeRoot.K is not None
        with paper.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == ("3", "A", "1")
            assert meta["dc:title"] == f"Sertifikat {certificate.number} – {certificate.snapshot['holder']['full_name']}"
        assert json.loads(paper.attachments["sertifikat.json"].get_file().read_bytes()) == certificate.snapshot
    assert len(data) <= 100_000


def test_every_font_is_embedded():
    fonts: set[str] = set()
    with opened(pdf.render(issued().snapshot)) as paper:
        for page in paper.pages:
            for font in page.resources.Font.values():
                inner = font.DescendantFonts[0]
                fonts.add(str(inner.BaseFont))
                descriptor = inner.FontDescriptor
                assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
    assert fonts and all("PlusJakartaSans" in name for name in fonts)


def test_the_text_is_the_snapshots():
    certificate = issued()
    face = certificate.snapshot
    front, back = (squeezed(page) for page in text_of(pdf.render(face)))
    holder, signatory = face["holder"], face["signatory"]
    on_front = [face["number"], holder["full_name"], holder["nip"], holder["position"], holder["agency"], face["activity"], face["mode"]]
    on_front += [face["predicate"], f"{face['jp']} JP", f"{face['minutes_text']} menit", face["code"], face["site"], face["place"]]
    on_front += [face["starts"]["text"], face["ends"]["text"], face["issued"]["text"], *face["issuer"].values(), *signatory.values()]
    on_front += [face["example_note"]]
    assert [text for text in on_front if squeezed(text) not in front] == []
    on_back = [face["number"], face["calculation"], face["mark"], face["jp"], face["code"]]
    on_back += [text for row in face["rows"] for text in (row["title"], row["jp"], row["minutes_text"], row["mark"])]
    assert [text for text in on_back if squeezed(text) not in back] == []


def test_objectives_are_listed_and_the_nip_is_nowhere_in_full():
    learner = siti()
    enrolment = completed_enrolment(learner)
    for module in enrolment.course.modules.all():
        module.current_version.facts["objectives"] = [f"Menjalankan hal {n} dari {module.code}." for n in range(1, 6)]
        module.current_version.save()
    from certificates import issuing

    face = issuing.issue(enrolment).snapshot
    data = pdf.render(face)
    back = squeezed(text_of(data)[1])
    assert [len(outcome["points"]) for outcome in face["outcomes"]] == [3, 3, 3]
    assert all(squeezed(point) in back for outcome in face["outcomes"] for point in outcome["points"])
    with opened(data) as paper:
        everything = b"".join(bytes(obj.read_bytes()) for obj in paper.objects if isinstance(obj, pikepdf.Stream))
    assert learner.nip.encode() not in everything + data


@pytest.mark.parametrize("name", NAMES)
def test_every_name_fits_on_its_page_as_it_was_typed(name):
    face = face_of(issued(), **NAMES[name])
    data = pdf.render(face)
    with opened(data) as paper:
        assert len(paper.pages) == 2
    front = squeezed(text_of(data)[0])
    for part in ("prefix_titles", "name", "suffix_titles"):
        assert squeezed(face["holder"][part]) in front


def test_long_words_everywhere_and_many_modules_still_make_two_pages():
    face = face_of(issued(), name="Siti")
    face["activity"] = "Kegiatan yang panjang sekali " * 17
    face["holder"].update(position="Jabatan " * 20, agency="Instansi " * 17)
    face["signatory"].update(name="Penanda Tangan " * 12, position="Direktur " * 20)
    face["issuer"].update(unit="Direktorat " * 15)
    face["rows"] = [dict(face["rows"][1], title="Modul dengan judul " * 10) for _ in range(25)]
    face["outcomes"] = [{"title": f"Modul {n}", "points": ["Melakukan " * 25] * 5} for n in range(9)]
    face["calculation"] *= 4
    with opened(pdf.render(face)) as paper:
        assert len(paper.pages) == 2


def test_the_same_snapshot_gives_the_same_bytes():
    face = issued().snapshot
    assert pdf.render(face) == pdf.render(json.loads(json.dumps(face)))
    assert pdf.render(face) != pdf.render(face_of(issued(), name="Lain"))


def test_the_qr_code_leads_to_the_public_address():
    face = issued().snapshot
    code = pdf.qr(face["url"])
    assert code.error == "Q"
    drawn = pdf.qr_svg(face["url"])
    assert matrix_of_svg(drawn) == [[bool(module) for module in row] for row in code.matrix]
    assert read_qr(code.matrix) == face["url"]


def matrix_of_svg(svg: str) -> list[list[bool]]:
    """The modules that segno's SVG paints: horizontal strokes ``m<dx> <dy>h<length>`` on rows."""
    size = int(re.search(r'width="(\d+)"', svg)[1]) // 4
    path = re.findall(r'd="(M[^"]+)"', svg)[-1]
    grid = [[False] * size for _ in range(size)]
    x = y = 0.0
    for kind, first, second in re.findall(r"([Mmh])\s*(-?[\d.]+)(?:[ ,](-?[\d.]+))?", path):
        if kind == "h":
            for column in range(int(x), int(x + float(first))):
                grid[int(y)][column] = True
            x += float(first)
        elif kind == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    return grid


def read_qr(matrix) -> str:
    """Decode byte-mode data of a QR code from its modules (no repair: the code is fresh)."""
    size = len(matrix)
    version = (size - 17) // 4
    mask = int("".join(str(matrix[8][column]) for column in (2, 3, 4)), 2) ^ 0b101
    conditions = [
        lambda r, c: (r + c) % 2 == 0,
        lambda r, c: r % 2 == 0,
        lambda r, c: c % 3 == 0,
        lambda r, c: (r + c) % 3 == 0,
        lambda r, c: (r // 2 + c // 3) % 2 == 0,
        lambda r, c: r * c % 2 + r * c % 3 == 0,
        lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
        lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
    ]
    from segno import consts

    spots = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()

    def is_function(r: int, c: int) -> bool:
        if r == 6 or c == 6 or (r < 9 and (c < 9 or c >= size - 8)) or (r >= size - 8 and c < 9):
            return True
        if version >= 7 and ((r < 6 and size - 11 <= c) or (c < 6 and size - 11 <= r)):
            return True
        corners = {(6, 6), (6, spots[-1]), (spots[-1], 6)} if spots else set()
        return any(abs(r - a) <= 2 and abs(c - b) <= 2 for a in spots for b in spots if (a, b) not in corners)

    bits, column, up = [], size - 1, True
    while column > 0:
        column -= column == 6
        for r in range(size - 1, -1, -1) if up else range(size):
            for c in (column, column - 1):
                if not is_function(r, c):
                    bits.append(matrix[r][c] ^ conditions[mask](r, c))
        column, up = column - 2, not up
    words = [int("".join(map(str, bits[i : i + 8])), 2) for i in range(0, len(bits) - 7, 8)]
    lengths = [info.num_data for info in consts.ECC[version][consts.ERROR_LEVEL_Q] for _ in range(info.num_blocks)]
    blocks: list[list[int]] = [[] for _ in lengths]
    stream = iter(words)
    for position in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if position < length:
                block.append(next(stream))
    data = "".join(f"{word:08b}" for block in blocks for word in block)
    assert data[:4] == "0100", "byte mode"
    width = 8 if version < 10 else 16
    count = int(data[4 : 4 + width], 2)
    start = 4 + width
    return bytes(int(data[start + 8 * n : start + 8 * n + 8], 2) for n in range(count)).decode()


def test_the_ornament_files_are_what_their_source_draws():
    for part in ornament.PARTS:
        assert ornament.file_of(part).read_text() == ornament.draw(part), "run manage.py draw_ornament and raise pdf.RENDERER"


def test_drawing_in_a_process_that_forked_after_drawing_is_refused_instead_of_hanging(monkeypatch):
    face = issued().snapshot
    pdf.render(face)
    monkeypatch.setattr(typesetting, "_first_in", os.getpid() + 1)
    with pytest.raises(RuntimeError, match="forked"):
        pdf.render(face)


def test_the_stored_file_says_its_size_and_renderer():
    kept = CertificateFile.objects.get(certificate=issued(drawn=True))
    assert kept.size == len(bytes(kept.data)) and kept.renderer == pdf.RENDERER
