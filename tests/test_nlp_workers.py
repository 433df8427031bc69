"""Those who read: whatever becomes of a worker, every article is read once, and the rows are those of one process."""

import os
import signal

import pytest
from test_nlp_read import BODIES, dump, fill

from nlp import cluster, workers
from nlp.batches import Outcome, ReadError, read_batch
from nlp.cluster import read_as
from nlp.read import find_unread, read_articles
from nlp.version import extractor_version
from nlp.workers import AHEAD, BATCH, Crew, LostError

POISON = "Bài này làm chương trình chết."


def read_or_die(batch):
    """Read a batch; one with poison ends the process, as a crash in a library or a lack of memory does."""
    if any(POISON in item[2] for item in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return read_batch(batch)


def read_or_die_as(version, batch):
    return read_or_die(batch)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(workers, "BATCH", 2)
    monkeypatch.setattr(cluster, "LARGEST", 2)


def poisoned(folder):
    return fill(folder, [*BODIES, POISON, *BODIES])


def failures(db):
    return {row["id"]: row["failure"] for row in db["articles"].rows if row["failure"]}


def test_a_process_that_dies_costs_one_article(tmp_path, monkeypatch, small_batches):
    monkeypatch.setattr(workers, "read_batch", read_or_die)
    db = poisoned(tmp_path)
    summary = read_articles(db, find_unread(db), workers=2)
    assert (summary.articles, summary.failed) == (7, 1)
    assert failures(db) == {4: "cost its reader: a process ended abruptly"}


def test_a_dask_worker_that_dies_costs_one_article(tmp_path, monkeypatch, small_batches):
    import dask
    from distributed import LocalCluster

    monkeypatch.setattr(cluster, "read_as", read_or_die_as)
    db = poisoned(tmp_path)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local,
    ):
        summary = read_articles(db, find_unread(db), scheduler=local.scheduler_address)
    assert (summary.articles, summary.failed) == (7, 1)
    assert failures(db) == {4: "cost its reader: workers ended abruptly"}


def test_a_dask_worker_killed_in_the_middle_loses_and_doubles_nothing(tmp_path, small_batches):
    from distributed import LocalCluster

    one, two = fill(tmp_path / "one", BODIES * 8), fill(tmp_path / "two", BODIES * 8)
    read_articles(one, find_unread(one))
    done = []
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:

        def kill_one(steps):
            done.append(steps)
            if len(done) == 5:
                os.kill(local.workers[0].pid, signal.SIGKILL)

        summary = read_articles(two, find_unread(two), scheduler=local.scheduler_address, progress=kill_one)
    assert (summary.articles, summary.failed) == (24, 0)
    assert dump(one) == dump(two)


def test_a_run_that_ends_in_the_middle_is_gone_on_with(tmp_path, small_batches):
    one, two = fill(tmp_path / "one", BODIES * 3), fill(tmp_path / "two", BODIES * 3)
    read_articles(one, find_unread(one))
    read_articles(two, find_unread(two), workers=2, is_over=lambda: two.execute(
        "select count(*) from articles where extractor is not null").fetchone()[0] == 4)
    assert find_unread(two) == [5, 6, 7, 8, 9]
    read_articles(two, find_unread(two), workers=2)
    assert dump(one) == dump(two)


def test_a_scheduler_that_goes_is_one_line(tmp_path, small_batches):
    from distributed import LocalCluster

    db = fill(tmp_path, BODIES * 8)
    local = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None)
    with local, pytest.raises(ReadError, match="run again, what was read is kept"):
        read_articles(db, find_unread(db), scheduler=local.scheduler_address, progress=lambda _: local.close())
    assert len(find_unread(db)) < 24


def test_a_worker_with_another_extractor_is_refused():
    with pytest.raises(ReadError, match=r"has extractor .*, not 0\.0\.1\+other; install the same release"):
        read_as("0.0.1+other", [])
    assert read_as(extractor_version(), []) == []


def test_order_and_blame_need_no_process():
    """A crew that loses every batch with a 3 in it, and the article itself each time."""
    handed = []

    def submit(batch):
        handed.append([item[0] for item in batch])

        def wait():
            if any(item[0] == 3 for item in batch):
                raise LostError("gone")
            return [Outcome(item[0], None, None) for item in batch]

        return wait

    batches = [[(number, "", "", None, None) for number in (at, at + 1)] for at in (1, 3, 5, 7)]
    found = list(Crew(submit, workers=1).read(batches))
    assert [(o.article_id, o.failure) for o in found] == [
        (1, None), (2, None), (3, "cost its reader: gone"), (4, None), (5, None), (6, None), (7, None), (8, None),
    ]  # fmt: skip
    assert handed[:AHEAD] == [[1, 2], [3, 4], [5, 6]]


def test_nobody_is_blamed_for_a_neighbour():
    """A crew in which a death takes along whatever is under way, as it does in a pool of processes."""
    under_way = {}

    def submit(batch):
        number = len(under_way)
        under_way[number] = batch

        def wait():
            batches = [b for b in under_way.values() if b]
            if any(item[0] in (3, 5, 8) for b in batches for item in b):
                raise LostError("gone")
            under_way[number] = None
            return [Outcome(item[0], None, None) for item in batch]

        def wait_and_leave():
            try:
                return wait()
            finally:
                under_way[number] = None

        return wait_and_leave

    batches = [[(number, "", "", None, None) for number in (at, at + 1)] for at in range(1, 11, 2)]
    found = list(Crew(submit, workers=1).read(batches))
    assert [o.article_id for o in found] == list(range(1, 11))
    assert [o.article_id for o in found if o.failure] == [3, 5, 8]


@pytest.mark.parametrize("count", [2, 3])
def test_several_processes_that_die_cost_their_articles_alone(tmp_path, monkeypatch, small_batches, count):
    monkeypatch.setattr(workers, "read_batch", read_or_die)
    one = POISON + " "
    db = fill(tmp_path, [one + "Một.", *BODIES, one + "Hai.", BODIES[0], one + "Ba.", *BODIES, one + "Bốn."])
    summary = read_articles(db, find_unread(db), workers=count)
    assert (summary.articles, summary.failed) == (11, 4)
    assert list(failures(db)) == [1, 5, 7, 11]


@pytest.mark.parametrize(
    ("articles", "largest", "size"),
    [(3, 500, BATCH), (600, 500, 100), (100_000, 500, 500), (100_000, BATCH, BATCH)],
)
def test_batches_are_coarse_where_there_are_many(articles, largest, size):
    assert Crew(lambda batch: list, workers=2, largest=largest).size(articles) == size


def test_the_same_batch_has_the_same_name_on_the_cluster():
    names = []

    class Client:
        def submit(self, function, *arguments, key):
            names.append(key)

    one, other = [(1, "Tin", "Một câu.", None, None)], [(1, "Tin", "Một câu khác.", None, None)]
    crew = cluster.Cluster(Client(), "tcp://127.0.0.1:1", 1)
    for batch in (one, one, other):
        crew.submit(batch)
    assert names[0] == names[1] != names[2]
    assert names[0].startswith(f"read-{extractor_version()}-") and "câu" not in names[0]


def test_a_batch_that_was_lost_is_asked_for_under_another_name():
    """Else the scheduler answers with the failure it keeps, and an article that only stood by is blamed."""
    from distributed import KilledWorker

    names = []

    class Future:
        def result(self):
            raise KilledWorker("read", "tcp://127.0.0.1:2", 3)

    class Client:
        def submit(self, function, *arguments, key):
            names.append(key)
            return Future()

    crew = cluster.Cluster(Client(), "tcp://127.0.0.1:1", 1)
    for _ in range(2):
        with pytest.raises(LostError):
            crew.submit([(1, "Tin", "Một câu.", None, None)])()
    assert names[1] == f"{names[0]}-1"
