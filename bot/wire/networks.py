"""The chat networks that a bot can be in: what each needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Network:
    """A network: its name for people, the extra that brings it, a module that this installs.

    `variables` are those of the environment that it needs, of which `address` holds host and port
    of what has to be running; `command` runs the bot there.
    """

    title: str
    extra: str
    module: str
    variables: tuple[str, ...]
    address: str
    command: str


NETWORKS = {
    "wechat": Network(
        "WeChat, through a wechaty gateway",
        "wechat",
        "wechaty",
        ("WECHATY_PUPPET_SERVICE_ENDPOINT", "WECHATY_PUPPET_SERVICE_TOKEN"),
        "WECHATY_PUPPET_SERVICE_ENDPOINT",
        "palou run",
    ),
}
"""By name, the likeliest first."""
