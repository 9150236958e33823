"""Apache's own shell, zkCli, against an ensemble of three: one Java process a test that reads its commands from a pipe."""
import queue
import subprocess
import threading
import unittest

import peers


class JavaShell(peers.EnsembleTest):
    def shell(self, *lines):
        """What zkCli prints for these commands."""
        return self.finish(self.open(), *lines)

    def open(self, address=None):
        return subprocess.Popen(["java", "-Xmx128m", "-cp", peers.JAVA_CLASSPATH, "-Djline.terminal=jline.UnsupportedTerminal",
                                 "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "org.apache.zookeeper.ZooKeeperMain",
                                 "-server", address or self.ensemble.connect_string(), "-timeout", "20000",
                                 "-waitforconnection"],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def finish(self, process, *lines):
        out, _ = process.communicate("\n".join(lines + ("quit", "")), timeout=60)
        return out

    def drain(self, lines):
        """The lines until the shell has been silent for half a second."""
        while True:
            try:
                yield lines.get(timeout=0.5)
            except queue.Empty:
                return

    def test_create_read_update_delete(self):
        out = self.shell("create /j hello", "get /j", "set /j world", "get -s /j", "ls /", "create /j/k v", "delete /j",
                         "deleteall /j", "stat /j")
        self.assertIn("Created /j", out)
        self.assertRegex(out, r"(?m)^hello$")
        self.assertRegex(out, r"(?m)^world$")
        self.assertIn("dataVersion = 1", out)
        self.assertIn("Node not empty: /j", out)
        self.assertIn("Node does not exist: /j", out)
        self.assertRegex(out, r"\[.*j.*zookeeper.*\]")

    def test_ephemeral_sequential_and_watch(self):
        out = self.shell("create /w", "get -w /w", "set /w x", "create -e -s /w/e- v", "ls /w", "stat /w")
        self.assertIn("type:NodeDataChanged path:/w", out)
        self.assertIn("Created /w/e-0000000000", out)
        self.assertIn("[e-0000000000]", out)
        after = self.shell("sync /w", "ls /w")
        self.assertRegex(after, r"(?m)^\[\]$", "the ephemeral went with its session")

    def test_containers_quotas_and_the_ensembles_description(self):
        out = self.shell("create -c /c", "create /c/child v", "ls /", "create -t 1000 /t", "create /q 123", "create /q/a 45",
                         "setquota -n 3 /q", "listquota /q", "setquota -B 9 /q", "listquota /q", "create /q/b 6", "listquota /q",
                         "delquota /q", "listquota /q", "delete /zookeeper/quota", "config")
        self.assertIn("Created /c", out)
        self.assertIn("Created /c/child", out)
        self.assertIn("Unimplemented", out, "a TTL needs extendedTypesEnabled")
        self.assertIn("count=2,bytes=5", out)
        self.assertIn("count=3,bytes=6", out)
        self.assertIn("Arguments are not valid : /zookeeper/quota", out)
        for server in self.ensemble.servers:
            self.assertRegex(out, rf"(?m)^server\.{server.sid}=127\.0\.0\.1:\d+:\d+:participant$")
        self.assertRegex(out, r"(?m)^version=0$")

    def test_acl_and_auth(self):
        out = self.shell("addauth digest bob:pw", "create /acl s auth::cdrwa", "getAcl /acl", "get /acl")
        self.assertIn("'digest,'bob:", out)
        self.assertRegex(out, r"(?m)^s$")
        self.assertIn("Insufficient permission", self.shell("get /acl"))

    def test_reconnect_after_the_leader_is_killed(self):
        leader = self.ensemble.leader()
        follower = self.ensemble.follower()
        process = self.open(f"{leader.address},{follower.address}")
        process.stdin.write("create -e /r mine\n")
        process.stdin.flush()
        seen = ""
        while "Created /r" not in seen:
            line = process.stdout.readline()
            self.assertTrue(line, seen)
            seen += line
        leader.kill()
        peers.wait_for("a new leader", lambda: self.ensemble.leader())
        self.assertIn("mine", self.shell("get /r"))
        # The same shell gets its session back on the other server: it still owns the ephemeral, and writes it.
        lines = queue.Queue()
        threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()

        def written():
            process.stdin.write("set /r again\nget /r\n")
            process.stdin.flush()
            return any(line.strip() == "again" for line in self.drain(lines))
        peers.wait_for("the shell's write after the leader's end", written)
        self.assertNotIn("ephemeralOwner = 0x0\n", self.shell("sync /r", "get -s /r"))
        process.stdin.write("quit\n")
        process.stdin.close()
        process.wait(60)
        leader.start()
        self.ensemble.wait_serving(self.ensemble.servers)
        self.assertIn("Created /after", self.shell("create /after"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
