"""Files that are played: the part that a player asks for (RFC 9110 §14), so that one may jump in a film and go on after a bad line.

One range at a time; a request for several gets the whole file, as the standard allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

CHUNK = 65_536  # bytes
_ONE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*")


def asked(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that the header asks for; None: the whole file. Raises ValueError for what lies outside."""
    found = _ONE.fullmatch(header.strip())
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = int(found[2])
        if not length or not size:
            raise ValueError
        return max(0, size - length), size - 1
    first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None  # malformed, so as if it were not there
    if first >= size:
        raise ValueError
    return first, min(last, size - 1)


def answer(request: HttpRequest, file: BinaryIO, size: int, *, content_type: str, tag: str) -> HttpResponseBase:
    """The file or the asked part of it: 200, 206, 304 or 416; without a body for HEAD. ``tag`` never names anything else.

    Closes ``file`` when it was sent.
    """
    etag = f'"{tag}"'
    held = request.headers.get("If-None-Match", "")
    span = None
    is_ranged = request.headers.get("Range") and request.headers.get("If-Range", etag).strip() == etag and request.method == "GET"
    try:
        span = asked(request.headers["Range"], size) if is_ranged else None
    except ValueError:
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        file.close()
    else:
        first, last = span or (0, size - 1)
        if etag in [one.strip().removeprefix("W/") for one in held.split(",")]:
            response = HttpResponse(status=304)
            file.close()
        elif request.method == "HEAD":
            response = HttpResponse(content_type=content_type)
            response["Content-Length"] = str(size)
            file.close()
        else:
            response = StreamingHttpResponse(_part(file, first, last), status=206 if span else 200, content_type=content_type)
            response["Content-Length"] = str(last - first + 1)
            response._resource_closers.append(file.close)  # type: ignore[attr-defined]  # also when the reader goes away before the first byte
        if span and response.status_code == 206:
            response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    return response


def _part(file: BinaryIO, first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
