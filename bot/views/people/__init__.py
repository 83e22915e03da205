"""Whom to reach, who is on call, and calling them."""
