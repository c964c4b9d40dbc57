"""The bank as its authors work in it: questions with versions, categories, where a question is used, and how it will look.

Nothing here reaches a learner before the module is published.
"""
