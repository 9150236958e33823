"""kazoo, the Python client, against an ensemble of three: what an ordinary program does all day."""
import os
import threading
import unittest

from kazoo.client import KazooClient
from kazoo.exceptions import BadVersionError, NoAuthError, NodeExistsError, NoNodeError, NotEmptyError, RolledBackError
from kazoo.security import make_digest_acl

import peers
from raw import RawClient


class Kazoo(peers.EnsembleTest):
    def setUp(self):
        self.clients = []
        self.zk = self.client()
        self.root = "/" + self.id().rsplit(".", 1)[1]
        self.zk.create(self.root)

    def tearDown(self):
        for client in self.clients:
            client.stop()
            client.close()

    def client(self, server=None, timeout=10.0, **options):
        hosts = server.address if server else self.ensemble.connect_string()
        client = KazooClient(hosts=hosts, timeout=timeout, **options)
        self.clients.append(client)
        client.start(timeout=30)
        return client

    def test_create_read_update_delete(self):
        path = self.root + "/a"
        self.assertEqual(self.zk.create(path, b"one"), path)
        data, stat = self.zk.get(path)
        self.assertEqual((data, stat.version, stat.dataLength, stat.czxid), (b"one", 0, 3, stat.mzxid))
        self.assertEqual(self.zk.set(path, b"three", version=0).version, 1)
        with self.assertRaises(BadVersionError):
            self.zk.set(path, b"x", version=0)
        with self.assertRaises(NodeExistsError):
            self.zk.create(path)
        self.zk.create(path + "/child")
        with self.assertRaises(NotEmptyError):
            self.zk.delete(path)
        self.assertEqual(self.zk.get_children(self.root), ["a"])
        self.zk.delete(path + "/child")
        self.zk.delete(path, version=1)
        with self.assertRaises(NoNodeError):
            self.zk.get(path)
        self.assertIsNone(self.zk.exists(path))

    def test_create_with_stat(self):
        path, stat = self.zk.create(self.root + "/c2", b"12", include_data=True)
        self.assertEqual((path, stat.version, stat.dataLength), (self.root + "/c2", 0, 2))

    def test_sequential(self):
        names = [self.zk.create(self.root + "/n-", sequence=True).rsplit("-", 1)[1] for _ in range(3)]
        self.assertEqual(names, ["0000000000", "0000000001", "0000000002"])

    def test_watches_fire_once_and_in_order(self):
        events = []
        changed = threading.Event()

        def seen(event):
            events.append((event.type, event.path))
            changed.set()

        path = self.root + "/w"
        self.zk.exists(path, watch=seen)
        self.zk.get_children(self.root, watch=seen)
        self.zk.create(path)
        peers.wait_for("two events", lambda: len(events) == 2)
        self.assertEqual(sorted(events), [("CHILD", self.root), ("CREATED", path)])
        self.zk.get(path, watch=seen)
        other = self.client()
        other.set(path, b"1")
        other.set(path, b"2")
        peers.wait_for("one event", lambda: len(events) == 3)
        self.zk.sync(path)
        self.assertEqual(self.zk.get(path)[0], b"2")
        self.assertEqual(events[2:], [("CHANGED", path)])

    def test_ephemerals_go_with_their_session(self):
        owner = self.client()
        path = self.root + "/e"
        owner.create(path, ephemeral=True)
        self.assertEqual(self.zk.get(path)[1].ephemeralOwner, owner.client_id[0])
        gone = threading.Event()
        self.zk.get(path, watch=lambda event: gone.set())
        owner.stop()
        self.assertTrue(gone.wait(30))
        self.assertIsNone(self.zk.exists(path))

    def test_ephemerals_go_when_their_session_expires(self):
        path = self.root + "/e"
        owner = RawClient(self.ensemble.follower().client_port, timeout_ms=2000)
        self.assertEqual(owner.create(path, flags=1)[0], 0)
        gone = threading.Event()
        self.zk.sync(path)
        self.assertIsNotNone(self.zk.exists(path, watch=lambda event: gone.set()))
        owner.vanish()
        self.assertTrue(gone.wait(30))

    def test_multi(self):
        transaction = self.zk.transaction()
        transaction.create(self.root + "/m", b"1")
        transaction.set_data(self.root + "/m", b"2", version=0)
        transaction.create(self.root + "/m/s-", sequence=True)
        transaction.check(self.root + "/m", version=1)
        results = transaction.commit()
        self.assertEqual(results[0], self.root + "/m")
        self.assertEqual(results[2], self.root + "/m/s-0000000000")
        failing = self.zk.transaction()
        failing.create(self.root + "/never")
        failing.delete(self.root + "/missing")
        failing.create(self.root + "/never2")
        kinds = [type(result) for result in failing.commit()]
        self.assertEqual(kinds[1], NoNodeError)
        self.assertEqual(kinds[0], RolledBackError)
        self.assertIsNone(self.zk.exists(self.root + "/never"))

    def test_acl_keeps_others_out(self):
        path = self.root + "/secret"
        owner = self.client(auth_data=[("digest", "bob:pw")])
        owner.create(path, b"s", acl=[make_digest_acl("bob", "pw", all=True)])
        self.assertEqual(owner.get(path)[0], b"s")
        with self.assertRaises(NoAuthError):
            self.zk.get(path)
        with self.assertRaises(NoAuthError):
            self.zk.set(path, b"x")
        self.zk.add_auth("digest", "bob:pw")
        self.assertEqual(self.zk.get(path)[0], b"s")

    def test_writes_on_one_server_are_read_on_another_after_sync(self):
        writer = self.client(self.ensemble.servers[0])
        reader = self.client(self.ensemble.servers[1])
        for number in range(50):
            writer.set(self.root, str(number).encode())
            reader.sync(self.root)
            self.assertEqual(reader.get(self.root)[0], str(number).encode())

    def test_large_values(self):
        value = os.urandom(900_000)
        self.zk.create(self.root + "/big", value)
        self.assertEqual(self.zk.get(self.root + "/big")[0], value)

    def test_zz_reconnect_after_the_leader_is_killed(self):
        leader = self.ensemble.leader()
        zk = self.client(leader, timeout=20.0)  # a session that the leader itself serves
        zk.set_hosts(self.ensemble.connect_string())
        session = zk.client_id[0]
        zk.create(self.root + "/mine", ephemeral=True)
        fired = threading.Event()
        zk.get(self.root, watch=lambda event: fired.set())
        leader.kill()
        peers.wait_for("a new leader", lambda: self.ensemble.leader())
        peers.wait_for("a write", lambda: zk.retry(zk.create, self.root + "/after-", sequence=True))
        self.assertEqual(zk.client_id[0], session)
        self.assertIsNotNone(zk.exists(self.root + "/mine"))
        zk.set(self.root, b"changed")
        self.assertTrue(fired.wait(30), "the watch was set again on the new server")
        leader.start()
        self.ensemble.wait_serving(self.ensemble.servers)


if __name__ == "__main__":
    unittest.main(verbosity=2)
