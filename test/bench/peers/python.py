"""Times the Python library in a file: python.py file kind count. Prints seconds, and how many events they were for."""
import sys
from time import perf_counter
from uuid import NAMESPACE_URL, uuid4, uuid5

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

file, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
recorder = SQLiteApplicationRecorder(SQLiteDatastore(file))
recorder.create_table()
STATE = b'{"timestamp":{"_type_":"datetime_iso","_data_":"2026-11-23T04:34:56.922529+00:00"},"trick":"roll over"}'


def events(id, first, many):
    return [StoredEvent(id, version, "kennel:Dog.TrickAdded", STATE) for version in range(first, first + many)]


def timed(work):
    start = perf_counter()
    done = work()
    print(perf_counter() - start, done)


def append(batches):
    for batch in batches:
        recorder.insert_events(batch)
    return sum(map(len, batches))


def follow():
    start, read = 1, 0
    while read < count:
        page = recorder.select_notifications(start, 1000)
        if not page:
            break
        read, start = read + len(page), page[-1].id + 1
    return read


if kind == "append":
    id = uuid4()
    batches = [events(id, version, 1) for version in range(1, count + 1)]
    timed(lambda: append(batches))
elif kind == "batches":
    batches = [events(uuid4(), 1, 100) for _ in range(count // 100)]
    timed(lambda: append(batches))
elif kind == "replay":
    id = uuid5(NAMESPACE_URL, f"dog of {count}")
    if not recorder.select_events(id, limit=1):
        for version in range(1, count + 1, 100):
            recorder.insert_events(events(id, version, 100))
    timed(lambda: len(recorder.select_events(id)))
elif kind == "follow":
    timed(follow)
