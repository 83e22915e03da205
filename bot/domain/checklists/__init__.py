"""Routine reviews: when they are due, one occurrence of a checklist (a run), and what becomes of it."""
