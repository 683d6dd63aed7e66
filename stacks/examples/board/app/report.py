"""Writes down how many notes there are."""

from database import connect

with connect() as connection, connection.cursor() as cursor:
    cursor.execute("insert into reports (notes) select count(*) from notes returning notes")
    print(f"{cursor.fetchone()[0]} notes")
