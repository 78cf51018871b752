"""The offline harness: groups in memory, conversations as files, replays of real days."""
