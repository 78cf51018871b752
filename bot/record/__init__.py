"""What no load can make again: questions and what came of them, replies, feedback, rooms, wishes."""
