"""Classical test theory as pure functions (no Django, no rows): points from 0 to 1, times in seconds, shares from 0 to 1.

What each number means, with its source, stands in ``definitions`` and on the page. ``reports`` computes them from rows.
"""
