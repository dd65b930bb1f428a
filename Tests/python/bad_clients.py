"""Throws slow clients and made-up keys at a running server, and asks how a normal customer fares meanwhile.

    python bad_clients.py http://127.0.0.1:8080 --key KEY [--mount /t/acme/gate] [--pid PID]
                          [--connections 10000] [--keys 1000000] [--seconds 30]

Needs nothing but Python. The key's customer must not be rate limited, and a plan `sim-30d`-like (the cheapest) is
bought again and again. Bad clients come from 127.1.0.0/16, so that they are many addresses; the customer from
127.0.0.1. Fails where a customer's request is refused or lost, where anybody hears a 5xx that is no 503, where the
memory grows by more than --memory-max, or where made-up keys are let in.
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import resource
import socket
import statistics
import sys
import time
from collections import Counter
from urllib.parse import urlsplit


class Target:
    def __init__(self, arguments):
        parts = urlsplit(arguments.url)
        self.host, self.port = parts.hostname, parts.port
        self.mount, self.key, self.pid = arguments.mount, arguments.key, arguments.pid

    def request(self, method, path, headers=(), body=b""):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", *headers]
        if body:
            lines += [f"Content-Length: {len(body)}", "Content-Type: application/json"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def memory(self):
        """Mebibytes of resident memory; None where the process is not known."""
        if not self.pid:
            return None
        with open(f"/proc/{self.pid}/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() / 2**20


async def answer(reader):
    """Status and body of one answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    length = next((int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0)
    return status, await reader.readexactly(length)


class Customer:
    """Lists plans and buys, over one connection that is kept, as fast as it is answered but for a short rest."""

    def __init__(self, target):
        self.target, self.failures, self.plan = target, [], None

    async def ask(self, number):
        key = f"x-api-key: {self.target.key}"
        if number % 2 or self.plan is None:
            return await self.once(self.target.request("GET", f"{self.target.mount}/api/proxy?op=plans", [key]))
        body = json.dumps({"op": "purchase", "planId": self.plan}).encode()
        return await self.once(self.target.request("POST", f"{self.target.mount}/api/proxy", [key], body))

    async def once(self, request):
        self.writer.write(request)
        return await asyncio.wait_for(answer(self.reader), 20)

    async def connect(self):
        self.reader, self.writer = await asyncio.open_connection(self.target.host, self.target.port)

    async def shop(self, until):
        """Milliseconds that each request took, until the event is set."""
        times = []
        await self.connect()
        while not until.is_set():
            started = time.perf_counter()
            try:
                status, body = await self.ask(len(times))
                if status != 200:
                    self.failures.append(f"{status} {body[:120]!r}")
                elif self.plan is None:
                    plans = json.loads(body)["plans"]
                    self.plan = min(plans, key=lambda plan: plan["priceAmountCents"])["id"]
            except Exception as error:
                self.failures.append(repr(error))
                await self.connect()
            times.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(0.005)
        self.writer.close()
        return times


def shop(target, until, results):
    """The customer has a process of its own: how busy the bad clients' one is must not show in its times."""
    customer = Customer(target)
    results.send((asyncio.run(customer.shop(until)), customer.failures))


class Crowd:
    """Connections that misbehave in one way each, and come again when they are thrown out."""

    def __init__(self, target, count, kinds=()):
        self.target, self.count = target, count
        self.open, self.heard, self.returns = 0, Counter(), 0
        self.kinds = [self.silent, self.half_head, self.slow_body, self.endless_body, self.short_body, self.garbage,
                      self.half_closed, self.no_reader]
        self.kinds = [kind for kind in self.kinds if not kinds or kind.__name__ in kinds]

    async def run(self, until):
        tasks = [asyncio.create_task(self.member(number, until)) for number in range(self.count)]
        await until.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def member(self, number, until):
        source = f"127.1.{number // 200 % 250}.{number % 200 + 1}"
        # They do not all come in the same millisecond.
        await asyncio.sleep(number / max(self.count, 1) * 2)
        while not until.is_set():
            writer = None
            try:
                reader, writer = await self.connect(source)
                self.open += 1
                await self.kinds[number % len(self.kinds)](reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                pass
            finally:
                if writer:
                    self.open -= 1
                    writer.close()
            self.returns += 1
            await asyncio.sleep(random.uniform(0.5, 1.5))

    async def connect(self, source):
        connection = socket.socket()
        # Who does not read takes hardly anything into the system's buffers either.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.setblocking(False)
        try:
            connection.bind((source, 0))
            await asyncio.get_running_loop().sock_connect(connection, (self.target.host, self.target.port))
            return await asyncio.open_connection(sock=connection)
        except BaseException:
            connection.close()
            raise

    async def listen(self, reader):
        """Counts what is answered until the server hangs up."""
        data = await reader.read(65_536)
        if data.startswith(b"HTTP/1.1 "):
            self.heard[int(data[9:12])] += 1
        while await reader.read(65_536):
            pass

    async def dribble(self, reader, writer, piece):
        listening = asyncio.create_task(self.listen(reader))
        try:
            while not listening.done():
                writer.write(piece)
                await asyncio.wait([listening], timeout=2)
        finally:
            listening.cancel()

    async def silent(self, reader, writer):
        await self.listen(reader)

    async def half_head(self, reader, writer):
        writer.write(b"POST /t/acme/gate/api/proxy HTTP/1.1\r\nHost: x\r\nX-")
        await self.dribble(reader, writer, b"a")

    async def slow_body(self, reader, writer):
        writer.write(self.post("Content-Length: 60000") + b" " * 9_000)
        await self.dribble(reader, writer, b" ")

    async def endless_body(self, reader, writer):
        writer.write(self.post("Transfer-Encoding: chunked"))
        await self.dribble(reader, writer, b"4000\r\n" + b" " * 16384 + b"\r\n")

    async def short_body(self, reader, writer):
        writer.write(self.post("Content-Length: 100") + b"{}")
        writer.write_eof()
        await self.listen(reader)

    async def garbage(self, reader, writer):
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n" * 3 + random.randbytes(200) + b"\r\n\r\n")
        await self.listen(reader)

    async def half_closed(self, reader, writer):
        writer.write_eof()
        await self.listen(reader)

    async def no_reader(self, reader, writer):
        writer.transport.pause_reading()
        path = f"{self.target.mount}/openapi.json"
        writer.write(self.target.request("GET", path) * 20)
        await asyncio.sleep(40)

    def post(self, framing):
        path = f"{self.target.mount}/api/proxy"
        return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{framing}\r\n\r\n".encode()


class Thieves:
    """Try made-up keys, each once, several requests at a time over kept connections."""

    BATCH = 50

    def __init__(self, target, count, connections=16):
        self.target, self.left, self.connections = target, count, connections
        self.heard = Counter()

    async def run(self):
        await asyncio.gather(*(self.one(number) for number in range(self.connections)))

    async def one(self, number):
        while self.left > 0:
            reader, writer = await asyncio.open_connection(
                self.target.host, self.target.port, local_addr=(f"127.2.0.{number + 1}", 0))
            try:
                while self.left > 0:
                    count = min(self.BATCH, self.left)
                    self.left -= count
                    writer.write(b"".join(self.attempt() for _ in range(count)))
                    for _ in range(count):
                        status, _ = await asyncio.wait_for(answer(reader), 60)
                        self.heard[status] += 1
            except (OSError, asyncio.IncompleteReadError):
                self.heard["cut"] += 1
            finally:
                writer.close()

    def attempt(self):
        key = f"rk_{random.getrandbits(160):040x}"
        return self.target.request("GET", f"{self.target.mount}/api/proxy?op=plans", [f"x-api-key: {key}"])


def line(name, times, memory):
    ordered = sorted(times)
    at = lambda share: ordered[min(len(ordered) - 1, int(len(ordered) * share))]
    used = "" if memory is None else f"  {memory:7.0f} MiB"
    print(f"{name:<34} {len(times):6} requests  p50 {statistics.median(times):7.2f} ms  p99 {at(0.99):8.2f} ms  "
          f"max {ordered[-1]:8.2f} ms{used}", flush=True)


async def phase(name, target, work):
    """The customer's times while the work is done; returns what went wrong for the customer."""
    until = multiprocessing.Event()
    results, sender = multiprocessing.Pipe(duplex=False)
    shopping = multiprocessing.Process(target=shop, args=(target, until, sender))
    shopping.start()
    await work()
    memory = target.memory()
    until.set()
    times, failures = await asyncio.to_thread(results.recv)
    shopping.join()
    line(name, times, memory)
    return failures


async def main(arguments):
    target = Target(arguments)
    crowd = Crowd(target, arguments.connections, arguments.kinds.split())
    thieves = Thieves(target, arguments.keys)

    async def rest():
        await asyncio.sleep(arguments.seconds / 4)

    async def siege():
        until = asyncio.Event()
        besieging = asyncio.create_task(crowd.run(until))
        await asyncio.sleep(arguments.seconds)
        print(f"  {crowd.open} of {arguments.connections} bad connections open, {crowd.returns} came again, heard "
              f"{dict(crowd.heard)}", flush=True)
        until.set()
        await besieging

    problems = await phase("alone", target, rest)
    before = target.memory()
    problems += await phase(f"{arguments.connections} bad connections", target, siege)
    if arguments.keys:
        problems += await phase(f"{arguments.keys} made-up keys", target, thieves.run)
    print(f"  thieves heard {dict(thieves.heard)}", flush=True)
    problems += await phase("alone again", target, rest)

    problems += [f"a bad connection heard {status}" for status in crowd.heard if status >= 500 and status != 503]
    problems += [f"a thief heard {status}" for status in thieves.heard if status not in (401, 429, 503, "cut")]
    if before and target.memory() - before > arguments.memory_max:
        problems.append(f"the server grew by {target.memory() - before:.0f} MiB")
    print("\n".join(problems[:20]) or "every request of the customer was answered")
    return 1 if problems else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--key", required=True)
    parser.add_argument("--mount", default="/t/acme/gate")
    parser.add_argument("--pid", type=int)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--kinds", default="", help="of bad connections: silent half_head slow_body …; all of them")
    parser.add_argument("--memory-max", type=float, default=512, help="mebibytes that the server may grow by")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    sys.exit(asyncio.run(main(parser.parse_args())))
