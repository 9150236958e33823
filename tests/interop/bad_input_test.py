"""Bad input on every port of a running ensemble: the connection is closed, the log says why, and the servers serve on."""
import random
import re
import socket
import struct
import unittest

import peers
from raw import RawClient, text


def closed(connection, seconds=30):
    """Has the other side closed the connection, within this time?"""
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
        return True
    except ConnectionError:
        return True
    except socket.timeout:
        return False


class BadInput(peers.EnsembleTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls.ensemble.leader()
        cls.random = random.Random(7)

    def tearDown(self):
        """After every insult: all three still serve, the same one leads, and a write goes through each."""
        self.assertEqual([server.process.poll() for server in self.ensemble.servers], [None] * 3)
        self.assertEqual(self.ensemble.leader(), self.leader)
        for server in self.ensemble.servers:
            friend = RawClient(server.client_port)
            self.assertEqual(friend.create(f"/{self.id().rsplit('.', 1)[1]}-{server.sid}")[0], 0)
            friend.vanish()

    def ports(self, server):
        """(quorum port, election port) of a server."""
        found = re.search(rf"server\.{server.sid}=127\.0\.0\.1:(\d+):(\d+)", server.config.read_text())
        return int(found.group(1)), int(found.group(2))

    def insult(self, server, port, data, shut=True):
        """Sends it, and demands that the connection is closed and that the log has a line about it."""
        offset = server.log_size()
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            try:
                connection.sendall(data)
                if shut:
                    connection.shutdown(socket.SHUT_WR)
            except ConnectionError:
                pass
            self.assertTrue(closed(connection), f"{len(data)} bytes {data[:16].hex()} on {port}")
        return offset

    def assertLogged(self, server, offset, pattern):
        peers.wait_for(f"/{pattern}/ in the log of {server}", lambda: re.search(pattern, server.log_since(offset)), 10)

    def test_garbage_on_every_port(self):
        for server in self.ensemble.servers:
            for port in (server.client_port, *self.ports(server)):
                if port == self.ports(server)[0] and server is not self.leader:
                    continue  # only a leader listens there
                for size in (1, 3, 4, 5, 17, 64, 4000):
                    self.insult(server, port, self.random.randbytes(size))

    def test_oversized_frame(self):
        offset = self.insult(self.leader, self.leader.client_port, struct.pack(">i", 2_000_000_000), shut=False)
        self.assertLogged(self.leader, offset, "(?i)2000000000")

    def test_negative_frame(self):
        offset = self.insult(self.leader, self.leader.client_port, struct.pack(">i", -5) + b"x" * 50, shut=False)
        self.assertLogged(self.leader, offset, "-5")

    def test_half_a_handshake(self):
        whole = struct.pack(">iiqiqi", 45, 0, 0, 4000, 0, 16) + bytes(17)
        for size in range(1, len(whole)):
            self.insult(self.leader, self.leader.client_port, whole[:size])

    def test_wrong_password(self):
        victim = RawClient(self.leader.client_port, timeout_ms=10000)
        self.assertEqual(victim.create("/victim", flags=1)[0], 0)
        thief = RawClient(self.leader.client_port, session=victim.session, password=b"wrong password!!")
        self.assertEqual((thief.timeout_ms, thief.session), (0, 0))
        self.assertTrue(closed(thief.socket))
        self.assertEqual(victim.get("/victim")[0], 0, "the session still belongs to its owner")
        victim.vanish()

    def test_unknown_session(self):
        guess = RawClient(self.leader.client_port, session=0x1234567890, password=bytes(16))
        self.assertEqual((guess.timeout_ms, guess.session), (0, 0))

    def test_malformed_requests(self):
        bodies = [b"", b"\0", struct.pack(">i", -1), struct.pack(">i", 1 << 30), struct.pack(">i", 3) + b"ab",
                  text("/x") + struct.pack(">i", 1 << 20), text("no slash") + b"\0", text("/a/../b") + b"\0"]
        for op in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14, 15, 100, 101, 77, -10, 99999):
            for body in bodies:
                enemy = RawClient(self.leader.client_port)
                try:
                    enemy.socket.settimeout(20)
                    error, _, _ = enemy.request(op, body)
                    # An empty setWatches or sync of an odd path may be fine; anything else is an error of ZooKeeper's own.
                    self.assertTrue(error == 0 or -200 < error < 0, (op, body, error))
                except ConnectionError:
                    pass  # closed: as Apache does with what cannot be read
                enemy.vanish()

    def test_quorum_port_liars(self):
        port = self.ports(self.leader)[0]

        def packet(kind, zxid, data):
            return struct.pack(">iqi", kind, zxid, len(data)) + data + struct.pack(">i", -1)
        info = struct.pack(">qiq", 99, 0x10000, 0)
        offset = self.insult(self.leader, port, packet(11, 0, info), shut=False)  # a server that nobody has heard of
        self.assertLogged(self.leader, offset, "99")
        self.insult(self.leader, port, packet(3, 5, b""), shut=False)              # an ACK before anything
        self.insult(self.leader, port, struct.pack(">iqi", 11, 0, 1 << 30), shut=False)
        self.insult(self.leader, port, packet(11, 0, b"short"), shut=False)

    def test_election_port_liars(self):
        for server in self.ensemble.servers:
            port = self.ports(server)[1]
            self.insult(server, port, struct.pack(">qqi", -65536, 99, 9) + b"127.0.0.1", shut=False)
            self.insult(server, port, struct.pack(">qqi", -65536, 1, 1 << 20), shut=False)
            self.insult(server, port, struct.pack(">qqi", -1, 1, 4) + b"abcd", shut=False)


if __name__ == "__main__":
    unittest.main(verbosity=2)
