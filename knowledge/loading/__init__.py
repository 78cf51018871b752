"""From archives to knowledge: what a load reads anew, and who answered what in it."""
