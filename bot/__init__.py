"""Receives what a group says, decides whether to speak, and replies with a cited excerpt."""
