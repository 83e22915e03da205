"""Runbooks, as they are read and worked through in Slack."""
