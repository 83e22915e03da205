"""Runbooks: what they say, step by step, and which one is meant."""
