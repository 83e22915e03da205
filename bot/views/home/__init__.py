"""Somebody's Home tab."""
