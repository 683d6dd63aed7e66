"""
A chat by WebSocket. What is said goes into a stream of Redis, and from there to everybody, whichever node they are at. A client that
comes back says the last thing that it has heard (`/room?after=<id>`), and misses nothing.
"""

import asyncio
import http
import json
import os
import signal
from urllib.parse import parse_qs, urlsplit

import redis.asyncio
from websockets.asyncio.server import serve

store = redis.asyncio.Redis(host=os.environ["REDIS_HOST"], decode_responses=True)

# Said twice by somebody who wasn't sure: once is enough. In one step, so that no node can end between the note that it was said and what
# was said: then nobody would ever hear it.
say = store.register_script("""
if redis.call("SET", KEYS[1], 1, "NX", "EX", 3600) then
  redis.call("XADD", KEYS[2], "*", "nonce", ARGV[1], "text", ARGV[2])
end
""")


async def health(connection, request):
    """Plain requests: the balancers' check, and whoever has lost the way."""
    if request.path == "/readyz":
        await store.ping()
        return connection.respond(http.HTTPStatus.OK, "ready\n")
    if urlsplit(request.path).path != "/room":
        return connection.respond(http.HTTPStatus.NOT_FOUND, "the room is at /room\n")
    return None


async def tell(connection, after):
    while True:
        for _, entries in await store.xread({"room": after}, block=1000):
            for after, said in entries:
                await connection.send(json.dumps({"id": after, **said}))


async def listen(connection):
    async for text in connection:
        said = json.loads(text)
        await say(keys=[f"said:{said['nonce']}", "room"], args=[said["nonce"], said["text"]])


async def room(connection):
    after = parse_qs(urlsplit(connection.request.path).query).get("after", ["0"])[0]
    tasks = [asyncio.create_task(tell(connection, after)), asyncio.create_task(listen(connection))]
    _, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()


async def main():
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with serve(room, "0.0.0.0", int(os.environ["PORT"]), process_request=health):
        await over.wait()


asyncio.run(main())
