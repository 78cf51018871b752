"""What no load can make again: questions and what came of them, feedback, rooms, wishes."""
