"""placeholder while the rest is written"""
import ctypes
import signal


def dies_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
