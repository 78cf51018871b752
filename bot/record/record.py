"""Writes down what cannot be rebuilt: questions, replies, feedback, and what admins set."""

from __future__ import annotations

from bot.record.people import People
from bot.record.questions import Questions
from bot.record.states import RoomStates


class Record(Questions, RoomStates, People):
    """The lasting tables of one database, for one bot; `read_only` to look at them."""
