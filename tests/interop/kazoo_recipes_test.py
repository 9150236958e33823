"""kazoo's recipes against an ensemble of three: locks, queues, barriers, elections, caches, as its users use them."""
import threading
import unittest

from kazoo.client import KazooClient
from kazoo.exceptions import ConnectionLoss, LockTimeout, NoNodeError, OperationTimeoutError, RolledBackError
from kazoo.protocol.states import KazooState
from kazoo.recipe.cache import TreeCache, TreeEvent
from kazoo.retry import KazooRetry, RetryFailedError

import peers


def in_thread(work):
    """Runs it beside the test; .result(seconds) gives what it returned, or raises what it raised."""
    class Running(threading.Thread):
        def __init__(self):
            super().__init__(daemon=True)
            self.value = self.failure = None

        def run(self):
            try:
                self.value = work()
            except BaseException as failure:
                self.failure = failure

        def result(self, seconds=30):
            self.join(seconds)
            assert not self.is_alive(), "it has not ended"
            if self.failure:
                raise self.failure
            return self.value

    running = Running()
    running.start()
    return running


class KazooRecipes(peers.EnsembleTest):
    def setUp(self):
        self.clients = []
        self.zk, self.other = self.client(), self.client()
        self.root = "/" + self.id().rsplit(".", 1)[1]

    def tearDown(self):
        for client in self.clients:
            client.stop()
            client.close()

    def client(self, timeout=10.0):
        client = KazooClient(hosts=self.ensemble.connect_string(), timeout=timeout)
        self.clients.append(client)
        client.start(timeout=30)
        return client

    def test_lock(self):
        mine, theirs = self.zk.Lock(self.root, "mine"), self.other.Lock(self.root, "theirs")
        self.assertTrue(mine.acquire())
        self.assertFalse(theirs.acquire(blocking=False))
        with self.assertRaises(LockTimeout):
            theirs.acquire(timeout=0.2)
        waiting = in_thread(theirs.acquire)
        peers.wait_for("two in line", lambda: mine.contenders() == ["mine", "theirs"])
        self.assertTrue(mine.release())
        self.assertTrue(waiting.result())
        theirs.release()

    def test_a_lock_goes_to_the_next_when_its_holder_stops(self):
        mine, theirs = self.zk.Lock(self.root), self.other.Lock(self.root)
        mine.acquire()
        waiting = in_thread(theirs.acquire)
        peers.wait_for("two in line", lambda: len(mine.contenders()) == 2)
        self.zk.stop()
        self.assertTrue(waiting.result())

    def test_read_and_write_locks(self):
        first, second = self.zk.ReadLock(self.root), self.other.ReadLock(self.root)
        self.assertTrue(first.acquire() and second.acquire())
        writer = self.zk.WriteLock(self.root)
        waiting = in_thread(writer.acquire)
        peers.wait_for("the writer in line", lambda: len(self.zk.get_children(self.root)) == 3)
        late = self.other.ReadLock(self.root)
        self.assertFalse(late.acquire(blocking=False), "behind the writer")
        first.release()
        second.release()
        self.assertTrue(waiting.result())
        self.assertFalse(late.acquire(blocking=False))
        writer.release()
        self.assertTrue(late.acquire(timeout=20))

    def test_semaphore(self):
        leases = [self.zk.Semaphore(self.root, str(n), max_leases=2) for n in range(3)]
        self.assertTrue(leases[0].acquire() and leases[1].acquire())
        self.assertFalse(leases[2].acquire(blocking=False))
        self.assertEqual(sorted(leases[0].lease_holders()), ["0", "1"])
        waiting = in_thread(lambda: leases[2].acquire(timeout=30))
        leases[0].release()
        self.assertTrue(waiting.result())

    def test_election(self):
        led, go = [], threading.Event()

        def lead(name, wait):
            led.append(name)
            if wait:
                go.wait(30)
        first = self.zk.Election(self.root, "first")
        one = in_thread(lambda: first.run(lead, "first", True))
        peers.wait_for("the first leads", lambda: led == ["first"])
        second = self.other.Election(self.root, "second")
        two = in_thread(lambda: second.run(lead, "second", False))
        peers.wait_for("two in line", lambda: first.contenders() == ["first", "second"])
        go.set()
        one.result()
        two.result()
        self.assertEqual(led, ["first", "second"])

    def test_queue(self):
        queue = self.zk.Queue(self.root)
        for value, priority in ((b"b", 100), (b"c", 100), (b"a", 5)):
            queue.put(value, priority)
        self.assertEqual(len(queue), 3)
        self.assertEqual([self.other.Queue(self.root).get(), queue.get(), queue.get()], [b"a", b"b", b"c"])
        self.assertIsNone(queue.get())

    def test_locking_queue(self):
        mine, theirs = self.zk.LockingQueue(self.root), self.other.LockingQueue(self.root)
        mine.put_all([b"one", b"two"])
        self.assertEqual(mine.get(5), b"one")
        self.assertEqual(theirs.get(5), b"two")
        self.assertTrue(mine.holds_lock())
        self.assertTrue(mine.consume())
        self.assertTrue(theirs.release(), "it goes back")
        self.assertEqual(mine.get(20), b"two")
        self.assertTrue(mine.consume())
        self.assertEqual(len(mine), 0)

    def test_barrier(self):
        barrier = self.zk.Barrier(self.root)
        barrier.create()
        waiting = in_thread(lambda: self.other.Barrier(self.root).wait(30))
        peers.wait_for("its watch", lambda: sum(int(peers.mntr(s.client_port)["zk_watch_count"])
                                                for s in self.ensemble.servers) > 0)
        self.assertTrue(barrier.remove())
        self.assertTrue(waiting.result())

    def test_double_barrier(self):
        barriers = [client.DoubleBarrier(self.root, 3) for client in (self.zk, self.other, self.client())]
        entering = [in_thread(barrier.enter) for barrier in barriers[:2]]
        peers.wait_for("two of three", lambda: len(self.zk.get_children(self.root)) == 2)
        self.assertFalse(any(barrier.participating for barrier in barriers))
        entering.append(in_thread(barriers[2].enter))
        for one in entering:
            one.result()
        self.assertTrue(all(barrier.participating for barrier in barriers))
        for leaving in [in_thread(barrier.leave) for barrier in barriers]:
            leaving.result()
        self.assertEqual(self.zk.get_children(self.root), [])

    def test_counter(self):
        def count(client):
            counter = client.Counter(self.root)
            for _ in range(20):
                counter += 1
        for one in [in_thread(lambda client=client: count(client)) for client in (self.zk, self.other)]:
            one.result(60)
        self.assertEqual(self.zk.Counter(self.root).value, 40)

    def test_party(self):
        party, theirs = self.zk.Party(self.root, "ann"), self.other.Party(self.root, "bob")
        party.join()
        theirs.join()
        self.assertEqual(sorted(party), ["ann", "bob"])
        theirs.leave()
        self.assertEqual(list(party), ["ann"])
        shallow = self.zk.ShallowParty(self.root + "-shallow", "ann")
        shallow.join()
        self.assertEqual(list(self.other.ShallowParty(self.root + "-shallow")), ["ann"])

    def test_tree_cache(self):
        self.zk.create(self.root, b"root")
        seen = []
        cache = TreeCache(self.other, self.root)
        cache.listen(lambda event: seen.append((event.event_type, getattr(event.event_data, "path", None))))
        cache.start()
        peers.wait_for("the cache is filled", lambda: (TreeEvent.INITIALIZED, None) in seen)
        self.zk.create(self.root + "/a/b", b"1", makepath=True)
        peers.wait_for("the child", lambda: cache.get_data(self.root + "/a/b", None))
        self.zk.set(self.root + "/a/b", b"2")
        peers.wait_for("its change", lambda: cache.get_data(self.root + "/a/b").data == b"2")
        self.zk.delete(self.root + "/a", recursive=True)
        peers.wait_for("its end", lambda: (TreeEvent.NODE_REMOVED, self.root + "/a") in seen)
        self.assertEqual(cache.get_children(self.root), frozenset())
        cache.close()

    def test_children_and_data_watches(self):
        self.zk.create(self.root)
        children, values = [], []
        self.other.ChildrenWatch(self.root, children.append)
        self.other.DataWatch(self.root, lambda data, stat: values.append(data))
        for number in range(3):
            self.zk.create(f"{self.root}/{number}")
            peers.wait_for("the children", lambda: sorted(children[-1]) == [str(n) for n in range(number + 1)])
            self.zk.set(self.root, str(number).encode())
            peers.wait_for("the value", lambda: values[-1] == str(number).encode())

    def test_transaction_request(self):
        self.zk.create(self.root)
        transaction = self.zk.transaction()
        transaction.create(self.root + "/a", b"1", ephemeral=True)
        transaction.set_data(self.root, b"2")
        transaction.delete(self.root + "/a")
        self.assertEqual(transaction.commit()[0], self.root + "/a")
        failing = self.zk.transaction()
        failing.set_data(self.root, b"3")
        failing.delete(self.root + "/a")
        self.assertEqual([type(one) for one in failing.commit()], [RolledBackError, NoNodeError])
        self.assertEqual(self.zk.get(self.root)[0], b"2")

    def test_retry(self):
        losses = [ConnectionLoss(), OperationTimeoutError(), ConnectionLoss()]

        def loses_three_times():
            if losses:
                raise losses.pop()
            return self.zk.exists("/")
        self.assertIsNotNone(KazooRetry(max_tries=5, delay=0.01)(loses_three_times))

        def always():
            raise ConnectionLoss()
        with self.assertRaises(RetryFailedError):
            KazooRetry(max_tries=2, delay=0.01)(always)
        with self.assertRaises(NoNodeError):
            self.zk.retry(self.zk.get, self.root + "/none")

    def test_zz_recipes_survive_the_leaders_end(self):
        states = []
        self.zk.add_listener(states.append)
        lock = self.zk.Lock(self.root + "/lock")
        lock.acquire()
        party = self.zk.Party(self.root + "/party", "ann")
        party.join()
        counter = self.other.Counter(self.root + "/counter")
        leader = self.ensemble.leader()
        leader.kill()
        peers.wait_for("a new leader", lambda: self.ensemble.leader())
        peers.wait_for("the connection", lambda: self.zk.state == KazooState.CONNECTED == self.other.state)
        self.assertNotIn(KazooState.LOST, states)
        self.assertFalse(self.other.Lock(self.root + "/lock").acquire(blocking=False))
        self.assertEqual(list(self.other.Party(self.root + "/party")), ["ann"])
        counter += 1
        self.assertEqual(self.zk.retry(lambda: self.zk.Counter(self.root + "/counter").value), 1)
        lock.release()
        self.assertTrue(self.other.Lock(self.root + "/lock").acquire(timeout=20))
        leader.start()
        self.ensemble.wait_serving(self.ensemble.servers)


if __name__ == "__main__":
    unittest.main(verbosity=2)
