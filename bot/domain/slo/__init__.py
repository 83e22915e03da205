"""Service level objectives: what was promised, what was measured, and what that leaves."""
