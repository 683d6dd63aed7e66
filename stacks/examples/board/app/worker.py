"""Takes jobs from the queue, one after the other: counts the words of new notes. A job is gone when its work is saved."""

import pathlib
import signal
import time

from database import connect

going = True


def stop(*_):
    global going
    going = False


signal.signal(signal.SIGTERM, stop)
connection = connect()
while going:
    pathlib.Path("/tmp/alive").touch()
    with connection, connection.cursor() as cursor:
        # Of several workers each takes another one; one that dies leaves its job to the next.
        cursor.execute("delete from jobs where note in (select note from jobs limit 1 for update skip locked) returning note")
        job = cursor.fetchone()
        if job is not None:
            cursor.execute(
                "update notes set words = array_length(regexp_split_to_array(trim(text), '\\s+'), 1) where id = %s", job
            )
    if job is None:
        time.sleep(0.2)
