from tests.support.harness import World
import time
import pytest
@pytest.mark.parametrize("n", range(6))
async def test_a(world: World, n) -> None:
    t=time.perf_counter()
    await world.ana.types("/incident p0 checkout is down")
    t1=time.perf_counter()
    await world.forward(minutes=30)
    t2=time.perf_counter()
    print("TIME", t1-t, t2-t1)
