"""Linimasa as it is, with one thing more: a request that asks for it is told how many statements it cost."""

from linimasa.settings import *  # noqa: F403
from linimasa.settings import MIDDLEWARE as ITS_OWN

MIDDLEWARE = ["benchmarks.counting.CountingMiddleware", *ITS_OWN]
