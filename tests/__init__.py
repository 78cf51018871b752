"""The tests: their settings hold before any module of theirs is imported."""

from hypothesis import settings

# No test times itself: on a busy machine, any example may take long.
settings.register_profile("palou", deadline=None)
settings.load_profile("palou")
