"""What operators read: every four-letter word, every AdminServer command and every metric of ours beside Apache 3.8.0's.

Two servers alone and two ensembles of three, one of each kind, given the same traffic. Compared is what a program that
reads the answers can rely on: keys, their order, types, wording; numbers may differ. What may differ else stands in
EXCEPTIONS, each with its reason.
"""
import json
import os
import re
import socket
import struct
import unittest
import urllib.error
import urllib.request

import peers
from kazoo.client import KazooClient

OURS = os.environ.get("INTEROP_SERVERS", "vivarium")
SERVLETS = ":/usr/share/java/servlet-api.jar"  # Debian's zookeeper does not name it, and has no AdminServer without

# Where an answer may differ from Apache's: (word or command, key) -> why. Keys are regular expressions.
EXCEPTIONS = {
    ("mntr", r"\d+_learner_handler_qp_.*"): "a packet for a learner waits in no queue",
    ("mntr", r"(snapshot|restore)_(error|rate_limited)_count"): "3.9's",
    ("mntr", r"zookeeper_(read|write)_per_namespace"): "Apache writes /zookeeper/config itself, where its 3.8 does",
    ("envi", r"java\..*"): "a JVM's own",
}


def excepted(word, key):
    key = re.sub(r"^(zk_)?(avg|min|max|cnt|sum|p50|p95|p99|p999)_(?=.*(_qp_|per_namespace))", "", key)
    return any(name == word and re.fullmatch(pattern, re.sub("^zk_", "", key)) for name, pattern in EXCEPTIONS)


def shape(text):
    """A text with what is a number, a host's name, a size or a version in place of itself."""
    text = re.sub(r"Zookeeper version: .*|zookeeper.version=.*", "version", text)
    text = re.sub(r"/127\.0\.0\.1:\d+|\[0:0:0:0:0:0:0:1\]:\d+", "/ADDRESS", text)
    text = re.sub(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}", "DATE", text)
    text = re.sub(r"0x[0-9a-f]+", "HEX", text)
    text = re.sub(r"lop=[A-Z]+", "lop=OP", text)  # a ping may have come behind the last request
    text = re.sub(r"(dataDir|dataLogDir)=.*", r"\1=PATH", text)
    return re.sub(r"-?\b\d+(\.\d+)?\b", "N", text)


def types(value):
    """A JSON value with its types in place of its leaves; the names of objects that are ids become one."""
    if isinstance(value, dict):
        names = ["ID" if re.fullmatch(r"\d+", name) else name for name in value]
        return {name: types(one) for name, one in zip(names, value.values())}
    if isinstance(value, list):
        return [types(value[0])] if value else []
    if isinstance(value, bool) or value is None:
        return str(value)
    return "number" if isinstance(value, (int, float)) else "text"


def raw(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


class Kind:
    """A server alone and an ensemble of one kind, with their AdminServers and a client that watches."""

    def __init__(self, kind):
        self.kind = kind
        self.alone, self.three = peers.Ensemble([kind]), peers.Ensemble([kind] * 3)
        self.admin = {}
        for ensemble in (self.alone, self.three):
            for server in ensemble.servers:
                self.admin[server], = peers.free_ports(1)
                text = server.config.read_text().replace(
                    "admin.enableServer=false", f"admin.enableServer=true\nadmin.serverPort={self.admin[server]}\n"
                                                "admin.serverAddress=127.0.0.1")
                server.config.write_text(text)
            ensemble.start()
        leader = self.three.leader()
        self.servers = {"standalone": self.alone[None], "leader": leader,
                        "follower": next(one for one in self.three.servers if one is not leader)}
        self.clients = []
        for name in ("standalone", "leader", "follower"):
            client = KazooClient(self.servers[name].address)
            client.start()
            self.clients.append(client)
            path = "/words-" + name
            client.create(path, b"value")
            for _ in range(200):
                client.set(path, b"other")
            client.create(path + "/e", b"", ephemeral=True)
            client.get(path, watch=print)
            client.get_children(path, watch=print)

    def close(self):
        for client in self.clients:
            client.stop()
            client.close()
        for ensemble in (self.alone, self.three):
            ensemble.__exit__(None)

    def get(self, name, command, method="GET", headers=()):
        url = f"http://127.0.0.1:{self.admin[self.servers[name]]}{command}"
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=dict(headers))) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def json(self, name, command):
        status, headers, body = self.get(name, "/commands/" + command)
        assert status == 200 and headers["Content-Type"] == "application/json", (command, status, headers)
        return json.loads(body)


class Words(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        peers.JAVA_CLASSPATH += SERVLETS
        cls.apache, cls.ours = Kind("apache"), Kind(OURS)

    @classmethod
    def tearDownClass(cls):
        cls.apache.close()
        cls.ours.close()

    def both(self, name, word):
        return [raw(kind.servers[name].client_port, word if isinstance(word, bytes) else word.encode()).decode()
                for kind in (self.apache, self.ours)]

    def each(self):
        return ("standalone", "leader", "follower")

    def test_texts_are_worded_alike(self):
        for name in self.each():
            for word in ("ruok", "srvr", "stat", "conf", "cons", "isro", "wchs", "wchc", "wchp", "dirs", "gtmk"):
                theirs, ours = self.both(name, word)
                with self.subTest(server=name, word=word):
                    self.assertEqual(sorted(set(shape(ours).splitlines())), sorted(set(shape(theirs).splitlines())))
                    self.assertEqual(ours.endswith("\n"), theirs.endswith("\n"))

    def test_dump_has_the_same_parts(self):
        for name in self.each():
            theirs, ours = ([line for line in shape(text).splitlines() if "expire at" not in line]
                            for text in self.both(name, "dump"))
            with self.subTest(server=name):
                self.assertEqual(sorted(set(ours)), sorted(set(theirs)))

    def test_hash_tells_the_same_digests(self):
        # Both trees were made by the same requests, but for the times that the digest contains: the zxids agree.
        for name in self.each():
            theirs, ours = self.both(name, "hash")
            self.assertTrue(theirs and ours, name)
            self.assertRegex(ours, r"\A([0-9a-f]+: -?\d+\n)+\Z")
            self.assertEqual([line.split(":")[0][-2:] for line in ours.splitlines()],
                             [line.split(":")[0][-2:] for line in theirs.splitlines()])

    def test_mntr_has_the_same_keys_and_types(self):
        for name in self.each():
            theirs, ours = (dict(line.split("\t", 1) for line in text.splitlines()) for text in self.both(name, "mntr"))
            with self.subTest(server=name):
                self.assertEqual({key for key in set(ours) ^ set(theirs) if not excepted("mntr", key)}, set())
                for key in set(ours) & set(theirs):
                    if key in ("zk_version", "zk_server_state", "zk_peer_state"):
                        continue
                    self.assertEqual("." in ours[key], "." in theirs[key], (key, ours[key], theirs[key]))
                self.assertEqual(ours["zk_server_state"], theirs["zk_server_state"])
                self.assertEqual(ours.get("zk_peer_state"), theirs.get("zk_peer_state"))

    def test_what_apache_has_measured_we_have_measured(self):
        """A summary with values in Apache after this traffic has values in ours, unless its row says that it has none."""
        page = (peers.pathlib.Path(__file__).parents[2] / "resources/help/commands.md").read_text()
        absent = set(re.findall(r"^\| `(\w+)` \|[^|]*\| no \|", page, re.M))
        self.assertGreater(len(absent), 20)
        # Apache counts each answer of its caches, queues and threads; what depends on how fast the disk is may be 0.
        # So may what ours counts only of requests that had to wait.
        # Whether a learner gets a snapshot or a DIFF at its first start depends on who had elected itself when.
        timing = {"inflight_diff_count", "inflight_snap_count", "leader_unavailable_time", "read_commitproc_time_ms", "request_throttle_queue_time_ms", "snapshottime", "unavailable_time"}
        missing = []
        for name in self.each():
            theirs, ours = (peers.mntr(kind.servers[name].client_port) for kind in (self.apache, self.ours))
            for key, value in theirs.items():
                metric = key.removeprefix("zk_cnt_")
                if key.startswith("zk_cnt_") and value != "0" and metric not in absent | timing and not excepted("mntr", key):
                    missing += [(name, key, value)] if ours[key] == "0" else []
        self.assertEqual(missing, [])

    def test_envi_has_the_same_keys(self):
        theirs, ours = ({line.split("=", 1)[0] for line in text.splitlines()} for text in self.both("standalone", "envi"))
        self.assertEqual({key for key in theirs ^ ours if not excepted("envi", key)}, set())

    def test_words_that_change_something(self):
        for name in self.each():
            for word in ("crst", "srst"):
                theirs, ours = self.both(name, word)
                self.assertEqual(ours, theirs)
            for mask in (7, 306):
                self.assertEqual(*self.both(name, b"stmk" + struct.pack(">q", mask)))
                self.assertEqual(*self.both(name, "gtmk"))
            self.assertEqual(*self.both(name, b"\xff\xf4\xff\xfd\x06"))

    def test_commands_have_the_same_fields_in_the_same_order(self):
        for name in self.each():
            for command in ("configuration", "connections", "dirs", "get_trace_mask", "hash", "is_read_only", "last_snapshot",
                            "leader", "observers", "ruok", "voting_view", "watch_summary", "watches", "watches_by_path",
                            "zabstate", "initial_configuration", "observer_connection_stat_reset", "dump", "set_trace_mask",
                            "set_trace_mask?traceMask=306", "set_trace_mask?traceMask=x", "unknown"):
                theirs, ours = (types(kind.json(name, command)) for kind in (self.apache, self.ours))
                with self.subTest(server=name, command=command):
                    if command == "dump":  # Apache lists empty buckets, and its last one may be one of them
                        for answer in (theirs, ours):
                            answer["expiry_time_to_session_ids"] = ""
                    self.assertEqual(json.dumps(ours), json.dumps(theirs))

    def test_statistics_have_the_same_fields(self):
        for name in self.each():
            for command in ("server_stats", "stats"):
                theirs, ours = (types(kind.json(name, command)) for kind in (self.apache, self.ours))
                with self.subTest(server=name, command=command):
                    self.assertEqual(ours, theirs)
                    self.assertEqual(list(ours), list(theirs))
            theirs, ours = (kind.json(name, "monitor") for kind in (self.apache, self.ours))
            with self.subTest(server=name, command="monitor"):
                self.assertEqual({key for key in set(ours) ^ set(theirs) if not excepted("mntr", key)}, set())
                for key in set(ours) & set(theirs):
                    self.assertEqual(type(ours[key]), type(theirs[key]), key)

    def test_statuses_are_the_same(self):
        for method, path in (("GET", "/commands"), ("GET", "/commands/"), ("GET", "/"), ("GET", "/commandsx"),
                             ("POST", "/commands/ruok"), ("PUT", "/commands/ruok"), ("TRACE", "/commands/ruok"),
                             ("HEAD", "/commands/ruok"), ("OPTIONS", "/commands/ruok"), ("GET", "/commands/wchs?x=y")):
            theirs, ours = (kind.get("standalone", path, method) for kind in (self.apache, self.ours))
            with self.subTest(method=method, path=path):
                self.assertEqual(ours[0], theirs[0])
                self.assertEqual(ours[1]["Allow"], theirs[1]["Allow"])

    def test_the_index_page_lists_the_same_and_what_3_9_has(self):
        theirs, ours = (set(kind.get("standalone", "/commands")[2].split("<br/>\n")) for kind in (self.apache, self.ours))
        self.assertEqual(theirs - ours, set())
        self.assertEqual(sorted(re.findall(r">(\w+)<", "".join(ours - theirs))), ["restore", "snapshot"])

    def test_a_snapshot_that_was_streamed_is_apaches_to_read(self):
        if OURS != "vivarium":
            self.skipTest("3.8 has no snapshot command")
        status, headers, _ = self.ours.get("standalone", "/commands/snapshot")
        self.assertEqual(status, 401)
        url = f"http://127.0.0.1:{self.ours.admin[self.ours.servers['standalone']]}/commands/snapshot"
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": "digest a:b"})) as answer:
            body = answer.read()
            self.assertEqual(answer.headers["snapshot_size"], str(len(body)))
            zxid = answer.headers["last_zxid"].removeprefix("0x")
        with peers.Ensemble(["apache"]) as reader:
            folder = reader[None].data / "version-2"
            folder.mkdir()
            (folder / f"snapshot.{zxid}").write_bytes(body)
            reader.start()
            client = KazooClient(reader[None].address)
            client.start()
            self.assertEqual(client.get("/words-standalone")[0], b"other")
            client.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
