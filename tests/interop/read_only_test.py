"""Read-only mode: kazoo, Apache's shell and ours on a server of ours that is cut off from its quorum; ours on Apache's."""
import os
import subprocess
import threading
import unittest

from kazoo.client import KazooClient
from kazoo.exceptions import NotReadOnlyCallError
from kazoo.protocol.states import KazooState, KeeperState

import peers

VIV = os.path.abspath(peers.VIV)


class ReadOnly(unittest.TestCase):
    def ensemble(self, kind):
        # An Apache server gives sessions in this mode only where they may be local.
        ensemble = peers.Ensemble([kind] * 3, extra="readonlymode.enabled=true\n" + "localSessionsEnabled=true\n" * (kind == "apache"),
                                  java=["-Dreadonlymode.enabled=true"])
        self.addCleanup(ensemble.__exit__, None)
        ensemble.start()
        self.assertEqual(self.shell(ensemble.servers[0], "create", "/a", "value").returncode, 0)
        self.assertEqual(self.shell(ensemble.servers[0], "sync", "/a").returncode, 0)
        return ensemble

    def cut_off(self, ensemble):
        for server in ensemble.servers[1:]:
            server.kill()
        peers.wait_for("read-only mode", lambda: peers.word(ensemble.servers[0].client_port, "isro") == "ro")

    def shell(self, server, *words):
        return subprocess.run([VIV, "shell", "-server", server.address, *words], capture_output=True, text=True, timeout=60)

    def check_ours(self, kind):
        ensemble = self.ensemble(kind)
        self.cut_off(ensemble)
        server = ensemble.servers[0]
        self.assertIn("value", self.shell(server, "-r", "get", "/a").stdout)
        self.assertEqual(self.shell(server, "get", "/a").returncode, 3, "who may write is sent away")

    def test_our_shell_on_our_server(self):
        self.check_ours("vivarium")

    def test_our_shell_on_apaches_server(self):
        self.check_ours("apache")

    def test_apaches_shell_on_our_server(self):
        ensemble = self.ensemble("vivarium")
        self.cut_off(ensemble)
        java = ["java", "-cp", peers.JAVA_CLASSPATH, "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "org.apache.zookeeper.ZooKeeperMain", "-server", ensemble.servers[0].address, "-r"]
        read = subprocess.run([*java, "get", "/a"], capture_output=True, text=True, timeout=60)
        self.assertIn("value", read.stdout)
        wrote = subprocess.run([*java, "set", "/a", "x"], capture_output=True, text=True, timeout=60)
        self.assertIn("read-only", (wrote.stdout + wrote.stderr).lower())

    def test_kazoo_on_our_server_and_on_when_the_quorum_is_back(self):
        ensemble = self.ensemble("vivarium")
        self.cut_off(ensemble)
        zk = KazooClient(ensemble.connect_string(), read_only=True, timeout=10)
        self.addCleanup(zk.close)
        self.addCleanup(zk.stop)
        zk.start(timeout=30)
        self.assertEqual(zk.client_state, KeeperState.CONNECTED_RO)
        self.assertEqual(zk.get("/a")[0], b"value")
        with self.assertRaises(NotReadOnlyCallError):
            zk.set("/a", b"x")
        writable = threading.Event()
        zk.add_listener(lambda state: state == KazooState.CONNECTED and zk.client_state == KeeperState.CONNECTED and writable.set())
        ensemble.servers[1].start()
        self.assertTrue(writable.wait(60))
        self.assertEqual(zk.retry(zk.set, "/a", b"x").version, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
