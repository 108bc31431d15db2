"""The doorbell: heard at once by the role it is meant for, lost without harm when nobody is there."""

import asyncio
import time

import pytest

from channels.bell import Bell


@pytest.fixture
async def bells(tmp_path):
    made = []

    def make(role: str, listening: bool = True, url: str = "") -> Bell:
        bell = Bell(url or f"sqlite:///{tmp_path}/x.db", role)
        made.append(bell)
        if listening:
            bell.listen()
        return bell

    yield make
    for bell in made:
        bell.close()


async def test_a_ring_is_heard_before_the_poll_would_come(bells):
    worker, web = bells("worker"), bells("web", listening=False)
    asyncio.get_running_loop().call_later(0.02, web.ring, "worker")
    start = time.monotonic()
    assert await worker.wait(5)
    assert time.monotonic() - start < 1


async def test_a_ring_that_came_before_the_wait_is_not_lost(bells):
    worker, web = bells("worker"), bells("web", listening=False)
    web.ring("worker")
    await asyncio.sleep(0.02)
    assert await worker.wait(5)
    assert not await worker.wait(0.01)


async def test_only_the_role_and_the_database_that_are_meant_hear_it(bells):
    worker, web, other = bells("worker"), bells("web"), bells("worker", url="sqlite:////elsewhere.db")
    web.ring("worker")
    assert await worker.wait(1)
    assert not await web.wait(0.02)
    assert not await other.wait(0.02)


async def test_every_listener_of_a_role_is_told(bells):
    first, second, web = bells("worker"), bells("worker"), bells("web", listening=False)
    web.ring("worker")
    assert await first.wait(1)
    assert await second.wait(1)


async def test_a_dead_listener_harms_nobody_and_is_forgotten(bells):
    dead, web = bells("worker"), bells("web", listening=False)
    path = dead._path
    asyncio.get_running_loop().remove_reader(dead._listener)
    dead._listener.close()  # as a killed process leaves it: the file stays
    dead._listener = None
    assert path.exists()
    web.ring("worker")
    assert not path.exists()
    alive = bells("worker")
    web.ring("worker")
    assert await alive.wait(1)


async def test_nobody_listening_is_no_error(bells):
    bells("web", listening=False).ring("worker")
    assert not await bells("worker").wait(0.01)
