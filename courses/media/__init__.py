"""The library of a course: pictures, drawings, sound, short films and documents.

Images that people upload are told by their bytes, capped in pixels before decoding, drawn anew as WebP in three widths, and kept under a
random name. Own drawings come only with a course's files: checked (``courses.figures``), given the portal's colours, kept under their hash.
"""

from .adding import add, add_image
from .filing import load_figures, load_media
from .finding import found, pick, search
from .images import encode
from .naming import FOLDER, NAME, STORED, MediaError

__all__ = [
    "FOLDER",
    "NAME",
    "STORED",
    "MediaError",
    "add",
    "add_image",
    "encode",
    "found",
    "load_figures",
    "load_media",
    "pick",
    "search",
]
