"""Workflows carried out in the test's own process."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from dbos import DBOS
from dbos._dbos import _get_or_create_dbos_registry

from desk.durable import run_workflows


@contextmanager
def carried_out_here() -> Iterator[None]:
    """While the block lasts. DBOS expects one life a process and would refuse the next test's
    datasource, so what it knows of an earlier one is dropped. It starts in a thread of its own: a
    browser that another test has left open keeps an event loop running in the first, where DBOS
    refuses to."""
    _get_or_create_dbos_registry().dbos = None
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(run_workflows).result()
    yield
    DBOS.destroy()
