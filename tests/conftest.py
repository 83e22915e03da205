"""What holds for every test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No test is timed: a machine that is busy with something else must not make one fail.
settings.register_profile("opsbot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("opsbot")
