"""Hostile text: a seeded generator, a judge that reads pages as a browser would, and a filler of every form of the studio."""
