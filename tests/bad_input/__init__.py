"""What is wrong with what a command is given is said in one line, and nothing is harmed."""
