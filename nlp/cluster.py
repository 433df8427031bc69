"""An existing Dask cluster as readers: tasks of a batch each, code by installation, one writer here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nlp.read import ReadError
from nlp.version import extractor_version

CONNECT_SECONDS = 10


@contextmanager
def connect(address: str) -> Iterator[Any]:
    """Give a client of the cluster at an address.

    Raises ReadError when nothing answers there, no worker is up, or a worker has another extractor installed.
    """
    from distributed import Client

    try:
        client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise ReadError(f"--scheduler {address}: {error}; start one with `dask scheduler`") from None
    with client:
        versions = client.run(extractor_version)
        if not versions:
            raise ReadError(f"--scheduler {address}: no workers; start one with `dask worker {address}`")
        other = {worker: found for worker, found in versions.items() if found != extractor_version()}
        if other:
            worker, found = next(iter(sorted(other.items())))
            raise ReadError(f"--scheduler {address}: {worker} has extractor {found}, here is {extractor_version()}; "
                            "install the same release and lists there")
        yield client
