"""The one SQLite file: its schema, writing knowledge into it, and reading from it."""
