"""Brings the tables to what this release needs. May be run twice."""

from database import connect

with connect() as connection, connection.cursor() as cursor:
    cursor.execute("create table if not exists notes (id text primary key, text text not null, words int)")
    cursor.execute("create table if not exists jobs (note text primary key references notes)")
    cursor.execute("create table if not exists reports (made timestamptz default now(), notes int not null)")
    print("the tables are there")
