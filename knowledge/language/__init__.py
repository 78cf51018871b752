"""Chinese as a chat has it."""
