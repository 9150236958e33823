"""Crowds and bad manners: many connections, clients that say little, nothing, or never read. Each time another client is
served meanwhile, and the server's memory is looked at. CROWD=full runs the numbers of a bad day (ten thousand connections,
a million watches); without it they are small."""
import os
import resource
import select
import socket
import struct
import time
import unittest

import peers
from raw import RawClient, text

FULL = os.environ.get("CROWD") == "full"
CONNECTIONS = 10_000 if FULL else 400
WATCHES = 1_000_000 if FULL else 20_000
HELLO = struct.pack(">iqiqi", 0, 0, 60000, 0, 16) + bytes(16) + b"\0"
HELLO = struct.pack(">i", len(HELLO)) + HELLO


def memory(process):
    """The server's resident memory in KiB."""
    for line in open(f"/proc/{process.pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1])


def say(*words):
    print("   ", *words, flush=True)


class Crowd(unittest.TestCase):
    def setUp(self):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        if hard < CONNECTIONS + 100:
            self.skipTest(f"{hard} open files are allowed, and {CONNECTIONS} connections are too many for that")

    def server(self, extra=""):
        ensemble = peers.Ensemble(["vivarium"], extra=extra)
        self.addCleanup(ensemble.__exit__, None)
        ensemble.start()
        self.port, self.process = ensemble.servers[0].client_port, ensemble.servers[0].process
        self.other = RawClient(self.port, timeout_ms=60000)
        self.assertEqual(self.other.create("/a", b"value")[0], 0)
        return ensemble

    def open(self, count, hello=HELLO):
        """So many connections that have said hello. From two addresses, since each has only some ports."""
        sockets = []
        for number in range(count):
            one = socket.socket()
            one.bind((f"127.0.0.{1 + number % 4}", 0))
            one.connect(("127.0.0.1", self.port))
            one.sendall(hello)
            sockets.append(one)
        self.addCleanup(lambda: [one.close() for one in sockets])
        return sockets

    def served(self, within=5.0):
        """Another client gets its answer; how long that took at most, of twenty times, in milliseconds."""
        longest = 0
        for _ in range(20):
            begun = time.monotonic()
            self.assertEqual(self.other.get("/a"), (0, b"value"))
            longest = max(longest, time.monotonic() - begun)
        self.assertLess(longest, within)
        return round(longest * 1000, 2)

    def closed(self, sockets, seconds):
        """Until the server has closed them all."""
        poll = select.poll()
        left = {one.fileno(): one for one in sockets}
        for number in left:
            poll.register(number, select.POLLIN)
        deadline = time.monotonic() + seconds
        while left and time.monotonic() < deadline:
            for number, _ in poll.poll(1000):
                try:
                    gone = not left[number].recv(65536)
                except ConnectionError:
                    gone = True
                if gone:
                    poll.unregister(number)
                    del left[number]
        self.assertEqual(len(left), 0, "not closed")

    def test_many_connections(self):
        self.server()
        before = memory(self.process)
        begun = time.monotonic()
        sockets = self.open(CONNECTIONS)
        for one in sockets:
            self.assertEqual(len(one.recv(41, socket.MSG_WAITALL)), 41)
        taken = time.monotonic() - begun
        each = (memory(self.process) - before) / CONNECTIONS
        say(f"{CONNECTIONS} sessions in {taken:.1f} s, {each:.1f} KiB each; another client waits {self.served()} ms at most")
        self.assertEqual(peers.mntr(self.port)["zk_num_alive_connections"], str(CONNECTIONS + 2))
        self.assertLess(each, 32)

    def test_those_who_never_finish_saying_hello(self):
        self.server("nio.sessionlessCnxnTimeout=3000\n")
        before = memory(self.process)
        sockets = self.open(CONNECTIONS, HELLO[:20])
        for one in sockets[::2]:
            one.sendall(HELLO[20:21])  # and a byte now and then
        waits = self.served()
        say(f"{CONNECTIONS} half hellos: {(memory(self.process) - before) / CONNECTIONS:.1f} KiB each, another waits {waits} ms")
        self.closed(sockets, 60)
        self.served()

    def test_those_who_fall_silent(self):
        self.server()
        silent = struct.pack(">i", 45) + struct.pack(">iqiqi", 0, 0, 1000, 0, 16) + bytes(16) + b"\0"
        sockets = self.open(CONNECTIONS, silent)
        waits = self.served()
        self.closed(sockets, 60)
        say(f"{CONNECTIONS} silent sessions have expired; another client waits {waits} ms, then {self.served()} ms at most")
        peers.wait_for("one session", lambda: peers.mntr(self.port)["zk_global_sessions"] == "1")

    def test_one_who_never_reads(self):
        self.server()
        value = os.urandom(500_000)
        self.assertEqual(self.other.create("/big", value)[0], 0)
        deaf = RawClient(self.port, timeout_ms=60000)
        deaf.socket.setblocking(False)
        before = memory(self.process)
        ask = struct.pack(">ii", 7, 4) + text("/big") + b"\0"
        ask = (struct.pack(">i", len(ask)) + ask) * 1000
        sent = 0
        deadline = time.monotonic() + 20
        while sent < 2000 * len(ask) and time.monotonic() < deadline:  # a terabyte of answers
            try:
                sent += deaf.socket.send(ask)
            except BlockingIOError:
                if not select.select([], [deaf.socket], [], 0.3)[1]:
                    break
        grown = memory(self.process) - before
        say(f"{sent} bytes of requests sent, none read: {grown} KiB more; another client waits {self.served()} ms at most")
        self.assertLess(sent, 2000 * len(ask), "it is not read from for ever")
        self.assertLess(grown, 64 * 1024)

    def test_one_who_never_reads_its_events(self):
        ensemble = self.server()
        path = "/" + "p" * 500_000
        self.assertEqual(self.other.create(path)[0], 0)
        deaf = RawClient(self.port, timeout_ms=60000)
        self.assertEqual(deaf.request(106, text(path) + struct.pack(">i", 0))[0], 0)  # a persistent watch
        before = memory(self.process)
        peak = 0
        for number in range(200):  # a hundred megabytes of events
            self.assertEqual(self.other.request(5, text(path) + struct.pack(">ii", 0, -1))[0], 0)
            peak = max(peak, memory(self.process) - before)
            if "does not read its answers; closed" in ensemble.servers[0].log_text():
                break
        else:
            self.fail("it is kept for ever")
        say(f"closed after {number} events of half a megabyte, {peak} KiB more at most; another client waits {self.served()} ms")
        self.assertGreater(number, 120, "64 MiB are kept for it")
        self.assertLess(peak, 200 * 1024)

    def test_many_watches(self):
        self.server()
        watcher = RawClient(self.port, timeout_ms=60000)
        before, begun = memory(self.process), time.monotonic()
        for first in range(0, WATCHES, 10_000):
            frames = []
            for number in range(first, min(first + 10_000, WATCHES)):
                payload = struct.pack(">ii", number + 1, 3) + text(f"/watched/{number:07}") + b"\1"
                frames.append(struct.pack(">i", len(payload)) + payload)
            watcher.socket.sendall(b"".join(frames))
            watcher.exactly(20 * min(10_000, WATCHES - first))  # each says that there is no such znode
            self.served()
        taken = time.monotonic() - begun
        each = (memory(self.process) - before) * 1024 / WATCHES
        say(f"{WATCHES} watches in {taken:.1f} s, {each:.0f} bytes each; another client waits {self.served()} ms at most")
        self.assertEqual(peers.mntr(self.port)["zk_watch_count"], str(WATCHES))
        self.assertLess(each, 600)
        self.assertEqual(self.other.create("/watched")[0], 0)
        self.assertEqual(self.other.create(f"/watched/{WATCHES - 1:07}")[0], 0)
        event = watcher.receive()
        self.assertEqual(struct.unpack(">i", event[:4])[0], -1)
        watcher.vanish()
        peers.wait_for("no watches", lambda: peers.mntr(self.port)["zk_watch_count"] == "0")
        self.served()


if __name__ == "__main__":
    unittest.main(verbosity=2)
