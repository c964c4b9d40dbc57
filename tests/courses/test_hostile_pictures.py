"""Hostile and odd picture files: each is taken or refused with a sentence, and never with more than 300 MB of memory."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from courses import media
from courses.media import images
from linimasa import pictures
from tests.courses.pictures import bomb_header, jpeg_with_exif, png

MOST = 300_000  # KB
# A process that has the whole portal loaded takes one picture, then says how much memory it and what it started had at most.
MEASURE = """
import json, os, resource, sys
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linimasa.settings")
django.setup()
from courses import media
from linimasa import pictures
told = []
for path in sys.argv[1:]:
    try:
        made = media.encode(open(path, "rb").read())
        told.append("taken")
    except media.MediaError as error:
        told.append(str(error))
own = int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0])  # ru_maxrss would hold who started this one
theirs = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"told": told, "own": own, "theirs": theirs}))
"""


def made(mode: str, size: tuple[int, int], form: str, **words: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, form, **words)
    return out.getvalue()


def heavy() -> dict[str, bytes]:
    """Files that say little and want much, each at the limit of what is let in."""
    return {
        "png-alpha": made("RGBA", (3460, 3460), "PNG"),
        "png-tall": made("RGBA", (1700, 7000), "PNG"),
        "png-16-bit": made("I;16", (3460, 3460), "PNG"),
        "png-palette": made("P", (3460, 3460), "PNG"),
        "jpeg-cmyk-progressive": made("CMYK", (4890, 4890), "JPEG", progressive=True),
        "jpeg-progressive": made("RGB", (4890, 4890), "JPEG", progressive=True, subsampling=0),
        "webp": made("RGBA", (2520, 2520), "WEBP"),
    }


def test_the_heaviest_files_stay_under_300_mb_together_with_the_portal_itself(tmp_path: Path):
    paths = []
    for name, data in heavy().items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    done = subprocess.run([sys.executable, "-c", MEASURE, *map(str, paths)], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["own"] + found["theirs"] <= MOST, found
    assert found["told"].count("taken") >= 5 and all(one == "taken" or one.endswith(".") for one in found["told"]), found


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (300, 300), (n, 0, 0)) for n in range(4)]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (made("CMYK", (60, 40), "JPEG"), (60, 40)),
        (made("L", (60, 40), "JPEG"), (60, 40)),
        (made("I;16", (60, 40), "PNG"), (60, 40)),
        (made("1", (60, 40), "PNG"), (60, 40)),
        (made("LA", (60, 40), "PNG"), (60, 40)),
        (made("P", (60, 40), "PNG", transparency=0), (60, 40)),
        (made("RGB", (60, 40), "PNG", icc_profile=b"bukan profil"), (60, 40)),
        (made("RGB", (60, 40), "JPEG", icc_profile=b"\0" * 500), (60, 40)),
        (made("RGB", (60, 40), "PNG") + b"<script>RAHASIA</script>PK\x03\x04", (60, 40)),
        (made("RGB", (1, 1), "PNG"), (1, 1)),
        (animated(), (300, 300)),
        (jpeg_with_exif(), (40, 60)),
    ],
)
def test_an_odd_picture_becomes_a_plain_one(data, size):
    code, width, height = media.encode(data)
    opened = Image.open(io.BytesIO(code))
    assert (width, height) == size == opened.size and opened.format == "WEBP" and b"RAHASIA" not in code
    assert getattr(opened, "n_frames", 1) == 1 and not {"exif", "xmp", "icc_profile"} & set(opened.info)


def test_the_place_where_a_photo_was_taken_is_gone():
    image, exif = Image.new("RGB", (60, 40)), Image.Exif()
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 10.0, 30.5), 3: "E", 4: (106.0, 49.0, 2.1)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(out.getvalue())).getexif().get_ifd(0x8825)
    code, _width, _height = media.encode(out.getvalue())
    assert not Image.open(io.BytesIO(code)).getexif() and b"EXIF" not in code


def test_sixteen_bits_are_scaled_not_cut():
    half = Image.new("I;16", (40, 40), 32_768)
    out = io.BytesIO()
    half.save(out, "PNG")
    code, _width, _height = media.encode(out.getvalue())
    assert abs(Image.open(io.BytesIO(code)).convert("L").getpixel((20, 20)) - 128) <= 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\0\0\0\0WEBP",
        png(400, 400)[:-60],
        made("RGB", (400, 400), "JPEG")[:300],
        made("RGB", (400, 400), "WEBP")[:60],
        bomb_header(),
        bomb_header(2_147_483_647, 2_147_483_647),
        bomb_header(3000, 4000),
        png(10, 2000),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>",
        b"GIF89a" + b"\0" * 60,
        b"\xff\xd8\xff\xe1\xff\xffExif\0\0" + b"\xff" * 70_000,
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(data):
    with pytest.raises(media.MediaError) as refused:
        media.encode(data)
    assert str(refused.value).endswith(".") and len(str(refused.value)) < 200


def test_a_file_that_ends_the_process_that_reads_it_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "__file__", "/nonexistent/press.py")
    with pytest.raises(media.MediaError, match="terlalu berat"):
        images.press(png())
