"""Makes wechaty ready for `palou run`: the gateway's address and token, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.networks import (
    NETWORKS,
    WECHAT,
    WECHATY_ENDPOINT,
    WECHATY_TOKEN,
    is_address,
    unset,
)
from bot.wire.terms import Connection, Listener
from bot.wire.wechat.compat import prepare
from knowledge.errors import PalouError


def connector(environment: Mapping[str, str]) -> Callable[[Listener], Connection]:
    """What makes a new connection each time.

    PalouError: wechaty is not installed, or something is missing in the environment.
    """
    endpoint, token = _gateway(environment)
    prepare()
    from bot.wire.wechat import connection

    return connection.connector(endpoint, token)


def _gateway(environment: Mapping[str, str]) -> tuple[str, str]:
    """The gateway's address and token. Without the address, wechaty would ask a public host."""
    if missing := unset(NETWORKS[WECHAT].needs, environment):
        raise PalouError(f"set {' and '.join(missing)} in the environment to reach the gateway")
    endpoint, token = environment[WECHATY_ENDPOINT].strip(), environment[WECHATY_TOKEN].strip()
    if not is_address(endpoint):
        raise PalouError(f"{WECHATY_ENDPOINT} should be host:port, like 127.0.0.1:18788")
    return endpoint, token
