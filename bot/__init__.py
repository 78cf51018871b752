"""Receives what a group says, decides whether to speak, and replies with a cited excerpt.

Its rooms, each of which imports only from those before it:

settings, tokens        what an operator can set, and the keys that follow from his secret
terms, reasons          what comes and goes, and why it was decided so
record                  the lasting tables: what was asked, replied, thought of it, and set; and
                        who was seen under which names
reply                   what members read: excerpts, pages, texts
(here)                  from a message to a decision: `core` hears it (by `hearing`), `speaking`
                        has the rules for silence, `answering` replies to questions, which `asking`
                        puts to the knowledge, `talk` and `admin` (with `wishes`, `identity`,
                        `loads`, `room_commands`, `todo_commands`) take what is said to the bot,
                        `voice` makes its messages; `memory`, `rooms`, `flood`, `live` and `erasing`
                        are what it goes by
wire                    keeps it in a chat, on any network; below it, what is WeChat's
harness                 the same without a network: conversations, replays, a group in the terminal
reports                 evaluations and replays as pages
web                     the archive and the desk in a browser
cli                     the command line, a module a command
"""
