"""A robot that does nothing: run once by `warm.py` to learn what every robot needs."""

from robocorp import workitems
from robocorp.tasks import task


@task
def rehearse() -> None:
    """Take every work item and answer it with an empty one."""
    for item in workitems.inputs:
        with item:
            workitems.outputs.create({})
