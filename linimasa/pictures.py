"""Pictures that people send: told by their bytes, capped in pixels before decoding, drawn anew without metadata.

What comes out of here was drawn by Pillow on an empty canvas, so nothing that hid in the file (place, program, second file) is left.
``press`` does it in a process of its own, with little memory and little time: a hostile file ends that process, never the portal. That
process runs this very file, so nothing else of ours is imported here.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageOps

MOST_PIXELS = 24_000_000  # of a JPEG, which is decoded at a fraction of its size
MOST_OTHER_PIXELS = {"PNG": 12_000_000, "WEBP": 6_400_000}  # decoded whole, and Pillow holds a WebP four times
SHARPEST = 20  # how many times as long as it is wide, or as wide as it is long
MOST_MEMORY = 170_000_000  # bytes that the process of ``press`` may ask for
MOST_SECONDS = 20
STRIP = 2_000_000  # pixels that are converted at a time
# what Pillow throws
BROKEN = (OSError, ValueError, SyntaxError, MemoryError, EOFError, TypeError, ArithmeticError, LookupError, Image.DecompressionBombError)
UNREADABLE = "Gambar ini rusak dan tidak dapat dibaca sampai selesai. Simpan ulang dari aplikasi asalnya."
TOO_HEAVY = "Gambar ini terlalu berat untuk dibuka. Simpan ulang sebagai JPEG biasa, paling lebar 1600 piksel, lalu unggah lagi."


class PictureError(ValueError):
    """The picture cannot be taken; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Pressed:
    """A picture as WebP without metadata, with its size in pixels."""

    data: bytes
    width: int
    height: int


def kind_of(data: bytes) -> str:
    """«JPEG», «PNG» or «WEBP» by the first bytes, never by a name; empty for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def opened(data: bytes, kinds: tuple[str, ...]) -> Image.Image:
    """The picture of one of these kinds, its header read and its size accepted, not yet decoded. Raises PictureError."""
    most = MOST_OTHER_PIXELS.get(kind_of(data), MOST_PIXELS)
    too_big = f"Gambar ini lebih dari {most // 1_000_000} juta piksel. Kecilkan dahulu, misalnya menjadi 1600 piksel lebarnya."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=kinds)
    except Image.DecompressionBombError:
        raise PictureError(too_big) from None
    except BROKEN:
        raise PictureError("Gambar ini rusak dan tidak dapat dibaca. Simpan ulang dari aplikasi asalnya.") from None
    if image.width * image.height > most:
        raise PictureError(too_big)
    if max(image.size) > SHARPEST * min(image.size):
        raise PictureError(f"Gambar ini lebih dari {SHARPEST} kali lebih panjang daripada lebarnya. Potong menjadi beberapa gambar.")
    return image


def redrawn(image: Image.Image, *, box: tuple[int, int], transparency: bool = False) -> Image.Image:
    """The first frame of an opened picture (closed afterwards), upright, at most as large as ``box`` (pixels), on a new canvas without
    metadata. Raises PictureError.

    Holds at most the decoded picture and a strip of it, however it is coded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image.seek(0)
            turned = image.getexif().get(0x0112, 1) in {5, 6, 7, 8}
            wide, tall = box[::-1] if turned else box
            ratio = max(image.width / wide, image.height / tall, 1)
            if image.format == "JPEG":
                image.draft(None, (-int(-image.width // ratio), -int(-image.height // ratio)))
            image.load()
            exif, profile = image.getexif(), image.info.get("icc_profile")
            seen_through = transparency and (image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info)
            small = _smaller(image, wide, tall, "RGBA" if seen_through else "RGB", profile)
            small.getexif()[0x0112] = exif.get(0x0112, 1)
            upright = ImageOps.exif_transpose(small) or small
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
    except MemoryError:
        raise PictureError(TOO_HEAVY) from None
    except BROKEN:
        raise PictureError(UNREADABLE) from None
    return clean


def _smaller(image: Image.Image, wide: int, tall: int, mode: str, profile: Any) -> Image.Image:
    """The decoded picture (closed afterwards) in ``mode``, at most ``wide`` × ``tall``: divided strip by strip, then scaled."""
    by = max(1, int(max(image.width / wide, image.height / tall)))
    drawn = "RGBa" if mode == "RGBA" else mode  # colours weighed by how much one sees through, as scaling needs them
    canvas = Image.new(drawn, (-(-image.width // by), -(-image.height // by)))
    rows = max(1, STRIP // (image.width * by)) * by
    for top in range(0, image.height, rows):
        strip = _toned(image.crop((0, top, image.width, min(top + rows, image.height))), mode, image.info, profile).convert(drawn)
        canvas.paste(strip.reduce(by) if by > 1 else strip, (0, top // by))
    image.close()  # lets go of what was decoded before the last step needs as much again
    canvas.thumbnail((wide, tall), Image.Resampling.LANCZOS)
    return canvas.convert(mode)


def _toned(strip: Image.Image, mode: str, info: Mapping[Any, Any], profile: Any) -> Image.Image:
    """The strip with 8 bits a channel, in the colours of screens."""
    if strip.mode.startswith("I"):
        strip = strip.convert("I").point(lambda value: value * (1 / 256)).convert("L")  # convert("L") alone would cut, not scale
    if profile and strip.mode in {"RGB", "CMYK", "L"} and mode == "RGB":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(strip, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or strip.convert(mode)
        except (ImageCms.PyCMSError, *BROKEN):
            pass  # a wrong profile: the numbers as they are
    if "transparency" in info and strip.mode in {"P", "L", "RGB"}:
        strip.info["transparency"] = info["transparency"]
    return strip.convert(mode)


# --- in a process of its own ------------------------------------------------------------------------------------------
def press(
    data: bytes, *, kinds: Sequence[str], box: tuple[int, int], widths: Sequence[int], crop: Mapping[str, float] | None, quality: int
) -> list[Pressed]:
    """The whole picture in ``box``, then, of what ``crop`` leaves of it, each of ``widths`` that is smaller and its full width.

    ``crop``: x, y, width, height as parts (0 to 1) of the upright picture. Not cropped, the full width is the whole itself and is not
    repeated. At most MOST_MEMORY and MOST_SECONDS. Raises PictureError.
    """
    job = {"kinds": list(kinds), "box": list(box), "widths": list(widths), "crop": dict(crop) if crop else None, "quality": quality}
    try:
        done = subprocess.run(  # noqa: S603  # this very file, no shell
            [sys.executable, "-I", __file__], input=json.dumps(job).encode() + b"\n" + data, capture_output=True, timeout=3 * MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise PictureError(TOO_HEAVY) from None
    head, _line, rest = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise PictureError(TOO_HEAVY)
    told = json.loads(head)
    if told["problem"]:
        raise PictureError(told["problem"])
    made = []
    for width, height, size in told["made"]:
        made.append(Pressed(rest[:size], width, height))
        rest = rest[size:]
    return made


def _main() -> None:
    """One job from standard input: a line of JSON, then the picture. Its answer: a line of JSON, then the pictures."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = None  # counted by ``opened``
    job = json.loads(sys.stdin.buffer.readline())
    problem, made = "", []
    try:
        made = _pressed(job, sys.stdin.buffer.read())
    except PictureError as error:
        problem = str(error)
    except MemoryError:
        problem = TOO_HEAVY
    told = {"problem": problem, "made": [[one.width, one.height, len(one.data)] for one in made]}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + b"".join(one.data for one in made))


def _pressed(job: Mapping[str, Any], data: bytes) -> list[Pressed]:
    image = opened(data, tuple(job["kinds"]))
    whole = redrawn(image, box=tuple(job["box"]), transparency=True)
    made = [_coded(whole, job["quality"])]
    cut = _cut(whole, job["crop"]) if job["crop"] else whole
    for width in (*job["widths"], cut.width):
        if width < cut.width or (job["crop"] and width == cut.width):
            height = max(1, round(cut.height * width / cut.width))
            made.append(_coded(cut.resize((width, height), Image.Resampling.LANCZOS), job["quality"]))
    return made


def _cut(whole: Image.Image, crop: Mapping[str, float]) -> Image.Image:
    left, top = round(crop["x"] * whole.width), round(crop["y"] * whole.height)
    right, bottom = round((crop["x"] + crop["width"]) * whole.width), round((crop["y"] + crop["height"]) * whole.height)
    left, top = min(left, whole.width - 1), min(top, whole.height - 1)
    return whole.crop((left, top, min(max(right, left + 1), whole.width), min(max(bottom, top + 1), whole.height)))


def _coded(image: Image.Image, quality: int) -> Pressed:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4)
    return Pressed(out.getvalue(), image.width, image.height)


if __name__ == "__main__":
    _main()
