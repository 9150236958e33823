"""viv shell beside Apache's own shell: the same lines to both, on the same ensemble, and what they print is compared."""
import os
import re
import subprocess
import unittest

import peers

SYNC = "Sync is OK"
# What differs from run to run, or is the tool's own.
STAT = re.compile(r"^(cZxid|ctime|mZxid|mtime|pZxid|ephemeralOwner) = .*$", re.M)
EVENT = re.compile(r"\nWATCHER::\n\nWatchedEvent [^\n]*\n")

SAME = [
    "create ROOT hello", "create ROOT again", "create ROOT/a", "create ROOT/none/x", "create -e ROOT/e mine", "create -s ROOT/s- x",
    "create -c ROOT/c", "create -t 60000 ROOT/t x", "create -s -t 60000 ROOT/ts- x", "create -c -e ROOT/bad", "create -t 5 -e ROOT/bad",
    "create -s -e ROOT/se-", "create ROOT/acl x world:anyone:r", "create ROOT/two 'two words'", 'create ROOT/three "three more words"',
    "get ROOT", "get -s ROOT", "get ROOT/a", "get ROOT/none", "ls ROOT", "ls -s ROOT", "ls -sR ROOT", "ls -R ROOT", "ls ROOT/none",
    "stat ROOT", "stat ROOT/none", "set ROOT world", "set -s ROOT more", "set -v 1 ROOT late", "set ROOT/none x", "getAcl ROOT",
    "getAcl -s ROOT/acl", "getAcl ROOT/none", "setAcl ROOT/a world:anyone:crwa", "setAcl -s -v 1 ROOT/a world:anyone:cdrwa",
    "setAcl -v 7 ROOT/a world:anyone:r", "setAcl -R ROOT/a world:anyone:cdrwa", "getEphemerals ROOT/e",
    "getEphemerals ROOT/x", "getAllChildrenNumber ROOT", "getAllChildrenNumber ROOT/none", "whoami", "addauth digest ann:secret",
    "whoami", "create ROOT/mine x auth::cdrwa", "getAcl ROOT/mine", "addWatch -m PERSISTENT ROOT/a", "addWatch ROOT/c",
    "removewatches ROOT/c", "removewatches ROOT/none", "removewatches -d ROOT/none", "delete ROOT", "delete ROOT/none",
    "delete -v 9 ROOT/a", "delete -v 0 ROOT/a", "setquota -n 5 ROOT", "setquota -b 1000 ROOT", "setquota -N 50 ROOT",
    "setquota -B 5000 ROOT", "setquota -n 5 ROOT/c", "setquota -n 5 ROOT/none", "delquota -b ROOT", "delquota ROOT",
    "delquota ROOT", "listquota ROOT", "config -s", "reconfig -remove 9", "printwatches off", "printwatches", "printwatches on", "printwatches",
    "deleteall ROOT/none", "deleteall ROOT/s-0000000002 -b 10", "get ROOT/mine",
]
# Both print the command's usage.
USAGE = ["ls", "get", "create", "set ROOT", "delete", "deleteall", "setAcl ROOT", "stat", "sync", "getAcl",
         "getAllChildrenNumber", "listquota", "delquota", "addWatch", "removewatches", "reconfig"]


def normal(text):
    text = STAT.sub(r"\1", EVENT.sub("", text))
    return re.sub(r"\n\n+", "\n", text).strip()


class Shell(peers.EnsembleTest):
    def setUp(self):
        self.root = "/" + self.id().rsplit(".", 1)[1]

    def zkcli(self):
        return ["java", "-Xmx128m", "-cp", peers.JAVA_CLASSPATH, "-Djline.terminal=jline.UnsupportedTerminal",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off", "org.apache.zookeeper.ZooKeeperMain", "-server",
                self.ensemble.servers[0].address, "-waitforconnection"]

    def viv(self, *words):
        return [peers.VIV, "shell", "-server", self.ensemble.servers[0].address, *words]

    def answers(self, program, lines):
        """What it prints for each of the lines."""
        text = "".join(f"{line}\nsync /\n" for line in ["sync /", *lines]) + "quit\n"
        out = subprocess.run(program, input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120).stdout
        parts = out.split(SYNC)
        self.assertEqual(len(parts), len(lines) + 3, out)
        return parts[2:-1]

    def both(self, lines):
        """(line, Apache's answer, ours) for each; each shell has a znode of its own for ROOT."""
        theirs, ours = self.root + "-theirs", self.root + "-ours-"  # of one length
        apaches = self.answers(self.zkcli(), [line.replace("ROOT", theirs) for line in lines])
        viv = self.answers(self.viv(), [line.replace("ROOT", ours) for line in lines])
        return [(line, normal(one.replace(theirs, "ROOT")), normal(two.replace(ours, "ROOT")))
                for line, one, two in zip(lines, apaches, viv)]

    def test_the_answers_are_the_same(self):
        for line, theirs, ours in self.both(SAME):
            with self.subTest(line):
                self.assertEqual(ours, theirs)

    def test_usage_is_the_same(self):
        for line, theirs, ours in self.both(USAGE):
            with self.subTest(line):
                self.assertTrue(theirs)
                # 3.9 has options that 3.8 has not, and a comment behind one usage.
                self.assertEqual(ours.replace(" [-b] [-x]", "").replace("] [-b] path data", "] path data"), theirs.split(" #")[0])

    def test_what_is_not_understood_is_said_by_both(self):
        for line, theirs, ours in self.both(["ls -x ROOT", "frobnicate", "create -t soon ROOT/x", "deleteall ROOT -b x", "setquota -n x ROOT",
                                             "setquota ROOT"]):
            with self.subTest(line):
                sentence = re.search(r"Unrecognized option: -x|Command not found|-t argument must be a long value|-b argument must be an int value"
                                     r"|NumberFormatException|Missing required option: \[-n num soft quota.*\]", theirs)
                self.assertTrue(sentence, theirs)
                if sentence.group() != "NumberFormatException":  # the Java class of it is not ours to print
                    self.assertIn(sentence.group(), ours)

    def test_each_reads_the_quota_that_the_other_wrote(self):
        self.answers(self.viv(), [f"create {self.root}", f"setquota -n 5 -B 700 {self.root}"])
        limits = "Output quota for ROOT count=5,bytes=-1=;byteHardLimit=700;countHardLimit=-1"
        theirs = self.answers(self.zkcli(), [f"listquota {self.root}", f"setquota -N 9 {self.root}"])[0]
        self.assertIn(limits, theirs.replace(self.root, "ROOT"))
        ours = self.answers(self.viv(), [f"listquota {self.root}"])[0]
        self.assertIn(limits.replace("countHardLimit=-1", "countHardLimit=9"), ours.replace(self.root, "ROOT"))

    def test_persistent_watches_tell_of_every_change(self):
        lines = [f"create {self.root}", f"addWatch {self.root}", f"create {self.root}/a", f"set {self.root}/a x", f"delete {self.root}/a",
                 f"removewatches {self.root}", f"set {self.root} quiet"]
        out = subprocess.run(self.viv(), input="\n".join(lines + ["sync /", ""]), text=True, capture_output=True, timeout=60).stdout
        events = re.findall(r"type:(\w+) path:(\S+)", out)
        self.assertEqual(events, [("NodeCreated", self.root + "/a"), ("NodeDataChanged", self.root + "/a"),
                                  ("NodeDeleted", self.root + "/a"), ("PersistentWatchRemoved", self.root)])


if __name__ == "__main__":
    unittest.main(verbosity=2)
