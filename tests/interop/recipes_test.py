"""Our recipes (recipes_client.cpp) against an ensemble of three, beside kazoo's on the same paths where their names of znodes are
the same: Lock, ReadLock, WriteLock, Election, Queue, DoubleBarrier, Counter and Party."""
import os
import queue
import subprocess
import threading
import unittest

from kazoo.client import KazooClient

import peers
from kazoo_recipes_test import in_thread

PROGRAM = os.environ.get("RECIPES_CLIENT", "build/release/bin/recipes_client")


class Person:
    """One process with one session."""

    def __init__(self, servers, timeout_ms=4000):
        self.process = subprocess.Popen([PROGRAM, servers, str(timeout_ms)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines, self.seen = queue.Queue(), []
        threading.Thread(target=lambda: [self.lines.put(line.rstrip("\n")) for line in self.process.stdout], daemon=True).start()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self

    def hears(self, expected, seconds=40):
        """Waits for the line, past others."""
        while True:
            try:
                line = self.lines.get(timeout=seconds)
            except queue.Empty:
                raise AssertionError(f"no {expected!r} after {self.seen}") from None
            self.seen.append(line)
            if line == expected:
                return self

    def has_heard(self, line):
        while not self.lines.empty():
            self.seen.append(self.lines.get())
        return line in self.seen

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(30)
        self.process.stdout.close()


class Recipes(peers.EnsembleTest):
    def setUp(self):
        self.people = []
        self.zk = KazooClient(hosts=self.ensemble.connect_string(), timeout=10.0)
        self.zk.start(timeout=30)
        self.root = "/" + self.id().rsplit(".", 1)[1]

    def tearDown(self):
        for person in self.people:
            person.end()
        self.zk.stop()
        self.zk.close()

    def person(self):
        person = Person(self.ensemble.connect_string())
        self.people.append(person)
        return person

    def line_has(self, count):
        peers.wait_for(f"{count} in line", lambda: len(self.zk.get_children(self.root)) == count)

    def test_a_lock_by_turns(self):
        ann, bob = self.person(), self.person()
        ann.say(f"lock exclusive {self.root} ann").hears("lock held")
        bob.say(f"lock exclusive {self.root} bob")
        self.line_has(2)
        bob.say("contenders").hears("line ann bob")
        ann.say("release").hears("released")
        bob.hears("lock held")

    def test_a_lock_beside_kazoos(self):
        ann, theirs = self.person(), self.zk.Lock(self.root, "kazoo")
        ann.say(f"lock exclusive {self.root} ann").hears("lock held")
        self.assertFalse(theirs.acquire(blocking=False))
        waiting = in_thread(theirs.acquire)
        peers.wait_for("both in line", lambda: theirs.contenders() == ["ann", "kazoo"])
        ann.say("release")
        self.assertTrue(waiting.result())
        bob = self.person().say(f"lock exclusive {self.root} bob")
        self.line_has(2)
        bob.say("contenders").hears("line kazoo bob")
        self.assertFalse(bob.has_heard("lock held"))
        theirs.release()
        bob.hears("lock held")

    def test_read_and_write_locks_beside_kazoos(self):
        ann, bob, cyd = self.person(), self.person(), self.person()
        theirs = self.zk.ReadLock(self.root)
        ann.say(f"lock read {self.root} ann").hears("lock held")
        self.assertTrue(theirs.acquire(timeout=20), "readers hold it together")
        bob.say(f"lock write {self.root} bob")
        self.line_has(3)
        cyd.say(f"lock read {self.root} cyd")
        self.line_has(4)
        ann.say("release").hears("released")
        self.assertFalse(bob.has_heard("lock held"))
        theirs.release()
        bob.hears("lock held")
        self.assertFalse(cyd.has_heard("lock held"))
        writer = self.zk.WriteLock(self.root)
        waiting = in_thread(writer.acquire)
        bob.say("release")
        cyd.hears("lock held")
        cyd.say("release")
        self.assertTrue(waiting.result())

    def test_a_holder_that_is_killed(self):
        ann, bob = self.person(), self.person()
        ann.say(f"lock exclusive {self.root} ann").hears("lock held")
        bob.say(f"lock exclusive {self.root} bob")
        self.line_has(2)
        ann.kill()
        bob.hears("lock held")

    def test_an_election_beside_kazoos(self):
        ann, go = self.person(), threading.Event()
        ann.say(f"lead {self.root} ann").hears("leads true")
        election = self.zk.Election(self.root, "kazoo")
        led = []
        theirs = in_thread(lambda: election.run(lambda: (led.append(1), go.wait(30))))
        peers.wait_for("both in line", lambda: election.contenders() == ["ann", "kazoo"])
        bob = self.person().say(f"lead {self.root} bob")
        self.line_has(3)
        self.assertFalse(led)
        ann.say("stop").hears("stopped")
        peers.wait_for("kazoo leads", lambda: led)
        self.assertFalse(bob.has_heard("leads true"))
        go.set()
        theirs.result()
        bob.hears("leads true")

    def test_a_queue_beside_kazoos(self):
        ann, theirs = self.person(), self.zk.Queue(self.root)
        ann.say(f"take {self.root}")
        theirs.put(b"first")
        ann.hears("took first")
        ann.say(f"put {self.root} b 100").hears("put entry-100-0000000001")
        theirs.put(b"a", 5)
        ann.say(f"put {self.root} c 100").hears("put entry-100-0000000003")
        self.assertEqual(theirs.get(), b"a")
        ann.say(f"take {self.root}").hears("took b")
        self.assertEqual(self.zk.Queue(self.root).get(), b"c")

    def test_a_double_barrier_beside_kazoos(self):
        ann, theirs = self.person(), self.zk.DoubleBarrier(self.root, 3)
        ann.say(f"enter {self.root} 3")
        peers.wait_for("ours", lambda: self.zk.exists(self.root) and len(self.zk.get_children(self.root)) == 1)
        entering = in_thread(theirs.enter)
        self.line_has(2)
        self.assertFalse(ann.has_heard("entered") or theirs.participating)
        bob = self.person().say(f"enter {self.root} 3")
        for one in (ann, bob):
            one.hears("entered")
        entering.result()
        leaving = in_thread(theirs.leave)
        ann.say("leave")
        peers.wait_for("one has left", lambda: len(self.zk.get_children(self.root)) <= 2)
        self.assertFalse(ann.has_heard("left"))
        bob.say("leave")
        for one in (ann, bob):
            one.hears("left")
        leaving.result()

    def test_a_counter_beside_kazoos(self):
        ann, theirs = self.person(), self.zk.Counter(self.root)
        theirs += 5
        ann.say(f"add {self.root} 2").hears("counter 7")
        theirs -= 1
        self.assertEqual(theirs.value, 6)
        for _ in range(20):
            ann.say(f"add {self.root} 1")
            theirs += 1
        ann.say(f"add {self.root} 0")
        peers.wait_for("all forty", lambda: theirs.value == 46)

    def test_a_group_beside_kazoos_party(self):
        ann, bob, party = self.person(), self.person(), self.zk.Party(self.root, "kazoo")
        ann.say(f"watch {self.root}").hears("members")
        bob.say(f"join {self.root}/{'b' * 32}__party__ bob").hears("joined")
        ann.hears(f"members {'b' * 32}__party__=bob")
        party.join()
        self.assertEqual(sorted(party), ["bob", "kazoo"])
        ann.hears("members " + " ".join(sorted([f"{'b' * 32}__party__=bob", f"{party.node}=kazoo"])))
        bob.kill()
        ann.hears(f"members {party.node}=kazoo")
        party.leave()

    def test_a_service_and_its_changes(self):
        ann, bob = self.person(), self.person()
        ann.say(f"watch {self.root}/mail").hears("members")
        bob.say(f"join {self.root}/mail/a 10.0.0.1:25").hears("joined")
        ann.hears("members a=10.0.0.1:25")
        bob.say("update 10.0.0.2:25")
        ann.hears("members a=10.0.0.2:25")
        bob.say("depart").hears("departed")
        self.assertEqual(self.zk.get_children(self.root + "/mail"), [])

    def test_a_configuration(self):
        ann = self.person().say(f"config {self.root}").hears("value none")
        self.zk.create(self.root, b"one")
        ann.hears("value one 0")
        self.zk.set(self.root, b"two")
        ann.hears("value two 1")
        self.zk.delete(self.root)
        ann.hears("value none")

    def test_zz_all_survive_the_leaders_end(self):
        ann, bob, cyd = self.person(), self.person(), self.person()
        ann.say(f"lock exclusive {self.root}/lock ann").hears("lock held")
        bob.say(f"lock exclusive {self.root}/lock bob").say(f"join {self.root}/group/bob 1").hears("joined")
        cyd.say(f"watch {self.root}/group").hears("members bob=1")
        cyd.say(f"take {self.root}/queue")
        leader = self.ensemble.leader()
        leader.kill()
        peers.wait_for("a new leader", lambda: self.ensemble.leader())
        bob.say("update 2")
        cyd.hears("members bob=2")
        peers.wait_for("an entry", lambda: self.zk.retry(lambda: self.zk.Queue(self.root + "/queue").put(b"x") or True))
        cyd.hears("took x")
        self.assertFalse(bob.has_heard("lock held"))
        self.assertFalse(ann.has_heard("lock lost"))
        ann.say("release").hears("released")
        bob.hears("lock held")
        leader.start()
        self.ensemble.wait_serving(self.ensemble.servers)


if __name__ == "__main__":
    unittest.main(verbosity=2)
