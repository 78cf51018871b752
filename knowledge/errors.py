"""The errors that a user can cause or mend; their message says what to do."""

from __future__ import annotations


class PalouError(Exception):
    """Base of all errors that are shown to the user as one line."""


class LoadError(PalouError):
    """Nothing was loaded and the database is as it was."""


class StoreError(PalouError):
    """The database cannot be used."""
