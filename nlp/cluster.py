"""An existing Dask cluster as readers: coarse tasks named by what goes in, code by installation, one writer here."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from typing import Any

from nlp.batches import Item, Outcome, ReadError, read_batch
from nlp.version import extractor_version
from nlp.workers import LostError, Wait

CONNECT_SECONDS = 10
# Half a minute of work: the scheduler has thousands of tasks for a large archive, not a million, and a worker that is
# killed loses little.
LARGEST = 500
# What a batch is called on the scheduler holds no text: dashboards show it.
NAME_LENGTH = 16


class Cluster:
    """The workers of a cluster."""

    LARGEST = LARGEST

    def __init__(self, client: Any, address: str, workers: int) -> None:
        self.client = client
        self.address = address
        self.workers = workers
        self.lost: Counter[str] = Counter()

    def submit(self, batch: list[Item]) -> Wait:
        """Hand out a batch; the same one to the same extractor has the same name, so it is not read twice at a time."""
        version = extractor_version()
        name = f"read-{version}-{sha256(repr(batch).encode()).hexdigest()[:NAME_LENGTH]}"
        # What failed once is asked for under another name: the scheduler would answer with the same failure.
        key = f"{name}-{self.lost[name]}" if self.lost[name] else name
        return partial(self.wait_for, name, self.client.submit(read_as, version, batch, key=key))

    def wait_for(self, name: str, future: Any) -> list[Outcome]:
        """Return what a worker read; the scheduler gives a batch whose worker is gone to another.

        Raises LostError for a batch that cost several workers, ReadError when the scheduler is gone.
        """
        from distributed import KilledWorker

        try:
            found: list[Outcome] = future.result()
        except KilledWorker:
            self.lost[name] += 1
            raise LostError("workers ended abruptly") from None
        except (CancelledError, OSError) as error:
            raise ReadError(f"--scheduler {self.address}: lost ({error}); run again, what was read is kept") from None
        return found


def read_as(version: str, batch: list[Item]) -> list[Outcome]:
    """Read a batch on a worker. Raises ReadError when it has another extractor installed: some join late."""
    if version != extractor_version():
        raise ReadError(f"--scheduler: a worker has extractor {extractor_version()}, not {version}; install the same "
                        "release and lists there")
    return read_batch(batch)


@contextmanager
def connect(address: str) -> Iterator[Cluster]:
    """Give the workers of the cluster at an address.

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
        yield Cluster(client, address, len(versions))
