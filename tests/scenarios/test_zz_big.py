from hypothesis import HealthCheck, settings
from tests.scenarios.test_state_machine import Opsbot
class TestBig(Opsbot.TestCase): pass
TestBig.settings = settings(max_examples=400, stateful_step_count=45, deadline=None, suppress_health_check=list(HealthCheck), database=None, print_blob=True)
