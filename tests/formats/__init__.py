"""Readers of foreign formats: what each writer writes, its quirks, and damage."""
