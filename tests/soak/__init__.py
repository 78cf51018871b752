"""What takes long and goes on until something breaks: kills, hostile inputs, outages, a whole day.

Each part is a module with options of its own (`python -m tests.soak.kills --help`); all four one
after the other are `python -m tests.soak`, in a short form with `--short`, as `.ci/run` does.
"""
