"""Containers, TTL znodes and quotas beside Apache's: the same answers, data that each opens, ensembles of both kinds in which
each leads, and znodes that go in their time whoever removes them."""
import struct
import unittest

import peers
from mixed_test import client, close, tree
from raw import RawClient, text

OURS = peers.OURS
CREATE_CONTAINER, CREATE_TTL, MULTI, QUOTA_EXCEEDED = 19, 21, 14, -125
KEYS = "extendedTypesEnabled=true\nenforceQuota=true\nznode.container.checkIntervalMs=400\n"
JAVA = ["-Dzookeeper.extendedTypesEnabled=true", "-Dzookeeper.enforceQuota=true", "-Dznode.container.checkIntervalMs=400"]
HOUR = 3600 * 1000


def request(path, data=b"x", flags=0, ttl=None):
    acl = struct.pack(">ii", 1, 31) + text("world") + text("anyone")
    body = text(path) + struct.pack(">i", len(data)) + data + acl + struct.pack(">i", flags)
    return body if ttl is None else body + struct.pack(">q", ttl)


class Kinds:
    """What a client does with containers, TTL znodes and quotas; every error must be 0 where nothing else is said."""

    def __init__(self, test, server):
        self.test, self.raw = test, RawClient(server.client_port, 30000)

    def ok(self, answer):
        self.test.assertEqual(answer[0], 0, answer)

    def container(self, path):
        self.ok(self.raw.request(CREATE_CONTAINER, request(path, flags=4)))

    def ttl(self, path, milliseconds):
        self.ok(self.raw.request(CREATE_TTL, request(path, flags=5, ttl=milliseconds)))

    def create(self, path, data=b"x"):
        return self.raw.create(path, data)[0]

    def delete(self, path):
        self.ok(self.raw.request(2, text(path) + struct.pack(">i", -1)))

    def exists(self, path):
        return self.raw.get(path)[0] == 0

    def quota(self, path, limits):
        for name, data in (("", b""), ("/zookeeper_limits", limits), ("/zookeeper_stats", b"count=0,bytes=0")):
            self.test.assertEqual(self.create("/zookeeper/quota" + path + name, data), 0)

    def stats(self, path):
        return self.raw.get("/zookeeper/quota" + path + "/zookeeper_stats")[1]

    def fill(self):
        self.create("/q", b"12345")
        self.create("/q/a", b"678")
        self.quota("/q", b"count=-1,bytes=-1=;byteHardLimit=100;countHardLimit=5")
        self.container("/empty")   # it has never had a child: it stays
        self.container("/full")
        self.create("/full/child")
        self.ttl("/long", HOUR)
        self.ttl("/parent", 2000)  # it has a child: it stays
        self.create("/parent/child")
        parts = [(CREATE_CONTAINER, request("/m", flags=4)), (CREATE_TTL, request("/mt", flags=5, ttl=HOUR))]
        body = b"".join(struct.pack(">i?i", op, False, -1) + one for op, one in parts) + struct.pack(">i?i", -1, True, -1)
        self.ok(self.raw.request(MULTI, body))
        for name in "bcd":
            self.test.assertEqual(self.create("/q/" + name, b"9"), 0)
        self.test.assertEqual(self.create("/q/e"), QUOTA_EXCEEDED)
        self.test.assertEqual(self.raw.request(5, text("/q/a") + struct.pack(">i", 200) + bytes(200) +
                                               struct.pack(">i", -1))[0], QUOTA_EXCEEDED)
        self.test.assertEqual(self.stats("/q"), b"count=5,bytes=11")

    def empty(self):
        """Ends what keeps /full and /parent, and what keeps the quota full."""
        for path in ("/full/child", "/parent/child", "/q/d"):
            self.delete(path)

    def wait_gone(self):
        for path in ("/full", "/parent"):
            peers.wait_for(f"{path} to be removed", lambda: not self.exists(path))
        for path in ("/empty", "/long", "/m", "/mt"):
            self.test.assertTrue(self.exists(path), path)

    def close(self):
        self.raw.vanish()


class Nodes(unittest.TestCase):
    def other_opens(self, first, second, ended, extra=""):
        with peers.Ensemble([first], extra=KEYS + extra, java=JAVA) as ensemble:
            server = ensemble.servers[0]
            server.start()
            ensemble.wait_serving()
            kinds = Kinds(self, server)
            kinds.fill()
            kinds.close()
            before = tree(server)
            ended(server)
            server.kind = second
            server.start()
            ensemble.wait_serving()
            self.assertEqual(before, tree(server))
            kinds = Kinds(self, server)
            self.assertEqual(kinds.create("/q/e"), QUOTA_EXCEEDED)
            kinds.empty()
            kinds.wait_gone()
            self.assertEqual(kinds.create("/q/e", b"56"), 0)
            self.assertEqual(kinds.stats("/q"), b"count=5,bytes=12")
            kinds.close()
            after = tree(server)
            server.stop()
            server.kind = first
            server.start()
            ensemble.wait_serving()
            self.assertEqual(after, tree(server))

    def test_apache_opens_ours(self):
        self.other_opens(OURS, "apache", lambda server: server.kill())

    def test_apache_opens_a_snapshot_of_ours(self):
        self.other_opens(OURS, "apache", lambda server: server.stop(), "snapCount=10\n")

    def test_we_open_apaches(self):
        self.other_opens("apache", OURS, lambda server: server.kill())

    def test_we_open_a_snapshot_of_apaches(self):
        self.other_opens("apache", OURS, lambda server: server.stop(), "snapCount=10\n")

    def mixed(self, kinds):
        with peers.Ensemble(kinds, extra=KEYS, java=JAVA) as ensemble:
            leader = ensemble.start()
            self.assertEqual(leader.sid, 3)
            users = [Kinds(self, server) for server in ensemble.servers]
            users[2].fill()  # through the leader: a quota is judged by what the leader has applied
            users[1].empty()
            users[0].wait_gone()
            for user in users:
                user.close()
            # The last change is everywhere once each server has synced.
            for server in ensemble.servers:
                zk = client(server)
                zk.sync("/")
                close(zk)
            trees = [tree(server) for server in ensemble.servers]
            self.assertEqual(trees[0], trees[1])
            self.assertEqual(trees[0], trees[2])
            for server in ensemble.servers:
                self.assertEqual(peers.mntr(server.client_port)["zk_digest_mismatches_count"], "0", server)
            self.assertEqual(peers.mntr(leader.client_port)["zk_q_quota_exceeded_error_per_namespace"], "2")

    def test_we_lead(self):
        self.mixed(["apache", "apache", OURS])

    def test_apache_leads(self):
        self.mixed(["apache", OURS, "apache"])

    def test_a_ttl_without_extended_types_is_refused_alike(self):
        for kind in ("apache", OURS):
            with peers.Ensemble([kind]) as ensemble:
                ensemble.start()
                raw = RawClient(ensemble.servers[0].client_port, 30000)
                answers = [raw.request(CREATE_TTL, request("/t", flags=flags, ttl=ttl))[0]
                           for flags, ttl in ((5, 1000), (6, 0), (0, 1000), (7, 5))]
                self.assertEqual(answers, [-6, -6, -8, -8], kind)

    def test_the_ensembles_description(self):
        """/zookeeper/config: the same members in the same words on every server, readable and writable by nobody."""
        with peers.Ensemble(["apache", OURS, "apache"]) as ensemble:
            ensemble.start()
            said = []
            for server in ensemble.servers:
                raw = RawClient(server.client_port, 30000)
                error, _, body = raw.request(4, text("/zookeeper/config") + b"\0")
                self.assertEqual(error, 0)
                size = struct.unpack(">i", body[:4])[0]
                czxid, mzxid, ctime, mtime, version, cversion, aversion = struct.unpack(">qqqqiii", body[4 + size:][:44])
                self.assertGreater(mtime, 0)
                acl = raw.request(6, text("/zookeeper/config"))[2]
                self.assertEqual(raw.request(5, text("/zookeeper/config") + struct.pack(">i1ci", 1, b"x", -1))[0], -102)
                said.append((body[4:4 + size], czxid, mzxid, ctime, version, cversion, aversion, acl[:len(acl) - 68]))
            self.assertEqual(said[0], said[1])
            self.assertEqual(said[0], said[2])

    def test_what_every_tree_has_stays(self):
        outcomes = []
        for kind in ("apache", OURS):
            with peers.Ensemble([kind]) as ensemble:
                ensemble.start()
                raw = RawClient(ensemble.servers[0].client_port, 30000)
                said = []
                for path in ("/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"):
                    said.append(raw.request(2, text(path) + struct.pack(">i", -1))[0])
                    said.append(raw.create(path)[0])
                    said.append(raw.request(5, text(path) + struct.pack(">i1ci", 1, b"x", -1))[0])
                    said.append(raw.get(path))
                    said.append(raw.request(6, text(path))[0])
                said += [raw.create("/zookeeper/mine")[0], raw.request(2, text("/zookeeper/mine") +
                                                                       struct.pack(">i", -1))[0]]
                outcomes.append(said)
        self.assertEqual(outcomes[0], outcomes[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
