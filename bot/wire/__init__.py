"""Keeps the bot in a chat, on any network: messages reach the core, and replies the chat, once.

A message passes `inbox` (each once, in order), `adapter` (fetches it), `hub` (the one core behind
all accounts: has it decide, and logs that) and `outbox` (sends what was decided, once, in time).
`supervisor` stands around an account's and makes a new connection whenever one ends; `service` is
the process with all of them, until a signal; `status` is its log, and `state` the note of it for
the desk. `edges` are clock and limits.

A network is a `Connection` (see `terms`) in a folder of its own, like `wechat`; nothing here knows
one. The gateway is whatever a network is reached through.
"""
