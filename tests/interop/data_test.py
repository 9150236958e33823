"""Each opens the other's data: a server of one kind writes, is stopped or killed, and one of the other kind starts on the
same directory. And nothing that was acknowledged is lost when ours is killed at any moment."""
import os
import threading
import unittest

from kazoo.security import make_digest_acl

import peers
from mixed_test import client, close, tree

OURS = peers.OURS


class Data(unittest.TestCase):
    def fill(self, server, rounds=300):
        zk = client(server)
        zk.create("/d", b"x")
        for number in range(rounds):
            zk.create("/d/n-", os.urandom(number % 50), sequence=True)
            zk.set("/d", b"%d" % number)
        zk.create("/acl", b"s", acl=[make_digest_acl("bob", "pw", all=True)])
        zk.create("/gone")
        zk.delete("/gone")
        transaction = zk.transaction()
        transaction.create("/m", b"1")
        transaction.set_data("/m", b"2")
        transaction.commit()
        close(zk)

    def other_opens(self, first, second, ended, extra=""):
        with peers.Ensemble([first], extra=extra) as ensemble:
            server = ensemble.servers[0]
            server.start()
            ensemble.wait_serving()
            self.fill(server)
            before = tree(server)
            ended(server)
            server.kind = second
            server.start()
            ensemble.wait_serving()
            self.assertEqual(before, tree(server))
            zk = client(server)
            self.assertEqual(zk.create("/d/n-", sequence=True), "/d/n-0000000300")
            close(zk)
            # And back again, with what the second one added.
            after = tree(server)
            server.stop()
            server.kind = first
            server.start()
            ensemble.wait_serving()
            self.assertEqual(after, tree(server))

    def test_apache_opens_ours_after_a_clean_stop(self):
        self.other_opens(OURS, "apache", lambda server: server.stop())

    def test_apache_opens_ours_after_a_kill(self):
        self.other_opens(OURS, "apache", lambda server: server.kill())

    def test_we_open_apaches_after_a_kill(self):
        self.other_opens("apache", OURS, lambda server: server.kill())

    def test_snapshots_of_ours_are_apaches(self):
        self.other_opens(OURS, "apache", lambda server: server.stop(), extra="snapCount=100\n")

    def test_snapshots_of_apaches_are_ours(self):
        self.other_opens("apache", OURS, lambda server: server.stop(), extra="snapCount=100\n")

    def test_kill_9_loses_nothing_acknowledged(self):
        with peers.Ensemble([OURS], extra="snapCount=500\n") as ensemble:
            server = ensemble.servers[0]
            acknowledged = 0
            for round_number in range(8):
                server.start()
                ensemble.wait_serving()
                zk = client(server)
                zk.ensure_path("/k")
                found = int(zk.get("/k")[0] or b"-1")
                self.assertGreaterEqual(found, acknowledged - 1, "an acknowledged write is lost")
                enough = threading.Event()
                state = {"number": found + 1}

                def write():
                    try:
                        while True:
                            zk.set("/k", b"%d" % state["number"])
                            state["number"] += 1
                            if state["number"] > found + 150 + 37 * round_number:
                                enough.set()
                    except Exception:
                        pass
                writer = threading.Thread(target=write, daemon=True)
                writer.start()
                self.assertTrue(enough.wait(60))
                server.kill()
                acknowledged = state["number"]
                zk.stop()
                writer.join(30)
                acknowledged = state["number"]
                zk.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
