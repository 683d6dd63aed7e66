"""Connections to the board's database. Where it is, and its account, come from the environment."""

import os
import psycopg2


def connect():
    return psycopg2.connect(
        host=os.environ["DATABASE_HOST"],
        dbname="postgres",
        user="board",
        password=os.environ["DATABASE_PASSWORD"],
        connect_timeout=2,
    )
