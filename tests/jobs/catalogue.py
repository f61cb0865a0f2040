"""The test robots' pages, for this process and for workers under test."""

from automation.catalogue import CATALOGUE, ORDER_NUMBER, Robot, asking

ANYTHING = {
    "rests": {"type": "string"},
    "seconds": {"type": "number"},
    "breaks": {"type": "integer"},
    "how": {"type": "string"},
}


def _robot(name: str, **more: object) -> Robot:
    inputs = asking({"order_number": ORDER_NUMBER}, ANYTHING)
    task = f"tests/jobs/tasks.py:{name}"
    known = {"purpose": "To be tested.", "inputs": inputs, "task": task, "secrets": ()} | more
    return Robot(name=name, **known)  # type: ignore[arg-type]


TEST_ROBOTS = (
    _robot("nothing", at_once=8),
    _robot("effect", at_once=4, tries=20),
    _robot("blind", looks_up=False),
    _robot("bad", tries=1, timeout_seconds=20.0),
    _robot("single", task="tests/jobs/tasks.py:effect", at_once=1, tries=2),
    _robot("slow", task="tests/jobs/tasks.py:nothing", per_minute=3),
)


def add_test_robots() -> None:
    CATALOGUE.update({robot.name: robot for robot in TEST_ROBOTS})
