"""What opens the pages of a private group and the desk: all derived from one secret.

Whoever serves the pages and whoever writes links to them need not talk to each other: knowing the
secret, both come to the same tokens. Another secret makes every link and session invalid.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache

LEAST = 16
"""Characters that a secret must have: members hold what is made of it, and could try out fewer."""

_ROUNDS = 100_000  # of PBKDF2, RFC 8018: some 50 ms, once a process
_BYTES = 18


class Tokens:
    """The tokens of one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._key = hashlib.pbkdf2_hmac("sha256", self._secret, b"palou web", _ROUNDS)

    def group(self, name: str) -> str:
        """What opens the pages of a group: 24 characters that a URL may hold."""
        return self._mac("group", name)

    def sealed(self, what: str, until: int) -> str:
        """A pass for something until a moment (seconds since 1970)."""
        return f"{until}.{self._mac(what, str(until))}"

    def holds(self, what: str, sealed: str, now: float) -> bool:
        """Whether a pass is genuine and has not expired."""
        until, _, mac = sealed.partition(".")
        genuine = hmac.compare_digest(self._mac(what, until).encode(), mac.encode())
        return genuine and until.isdecimal() and now < int(until)

    def is_secret(self, given: str) -> bool:
        """Whether somebody knows the secret itself."""
        return hmac.compare_digest(self._secret, given.encode())

    def _mac(self, what: str, of: str) -> str:
        mac = hmac.digest(self._key, f"{what}\0{of}".encode(), "sha256")
        return base64.urlsafe_b64encode(mac[:_BYTES]).decode("ascii")


@lru_cache(maxsize=8)
def tokens(secret: str) -> Tokens:
    """The tokens of a secret, made once."""
    return Tokens(secret)
