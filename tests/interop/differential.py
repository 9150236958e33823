"""Random histories, played to an Apache server and to ours; every answer and every watch event is compared field by field.

    differential.py [--seed N] [--steps N] [--quotas] [--role standalone] [--peers apache,vivarium] [--all]

A step is one to six requests that a session sends in one piece, or a session that is opened, resumed or dropped. Both
servers are fresh and alone, or members of a fresh ensemble of three (--role leader, follower or observer), so zxids must be
equal as they stand; times are compared only with each other and with 0,
session ids and passwords are mapped, children and ACL entries sorted. With the seed and the number of steps that a
difference prints the same history is played again; --all goes on behind a difference and prints one of each kind.
Both servers have extended types and never remove a container by themselves; with --quotas they enforce quotas, too, and the
history, of one request a step, sets and meets them.

What is not in the histories, and why:
- a createTTL with another mode's flags and a negative time, and quota znodes that nobody can read: they end a 3.8.0 server;
- a createContainer with an ephemeral's flags outside a multi: 3.8.0 takes it for an ephemeral while it is on its way;
- a check outside a multi: it breaks a 3.8.0 server, and is refused as unknown since 3.8.5 and 3.9.3, as by ours;
- bodies that cannot be decoded: 3.8.0 answers some of them with success, and they take no zxid from it;
- requests sent behind a setACL, a closeSession, an auth or a sasl in the same piece: 3.8.0 judges them by the ACL from
  before, counts the children that the session leaves behind, or answers out of turn, as its threads happen to run;
- quotas where several requests are on their way: 3.8.0 judges them by what it happens to have applied.
And where 3.9, which ours follows, differs from 3.8.0:
- a session watches a path in one way only (once, persistent, recursive), and the watcher types 4 and 5 are not used: 3.8.0
  keeps one way for each path and forgets the older one;
- only paths that nobody else watches are asked for with checkWatches: 3.8.0 answers for the watches of all;
- recursive watches are removed before the watches are counted: 3.8.0 counts them twice;
- an exists of what may not be read is asked without a watch, and must fail with NoAuth at ours and not at 3.8.0;
- a notification's header says the event's zxid since 3.9 and -1 before; both are right.
The ephemerals of a closed session go in no promised order, nor do a session's identities.
"""
import argparse
import collections
import re
import struct
import sys
import zlib

import peers
from history import (ADD_WATCH, ANY, AUTH, CLOSE, CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL, ERROR, EXISTS, GET_ACL, GET_ALL_CHILDREN_NUMBER, GET_CHILDREN,
                     GET_CHILDREN2, GET_DATA, GET_EPHEMERALS, MULTI, MULTI_READ, NAMES, PING, REMOVE_WATCHES, SASL, SET_ACL,
                     SET_DATA, SYNC, WHO_AM_I, History, buffer, encode, xid_of)
from raw import Stream

SESSIONS = 5
NO_AUTH = -102
QUOTA_EXCEEDED = -125


def alike(quotas):
    """The configuration of both."""
    enforced = "true" if quotas else "false"
    return {"extra": "minSessionTimeout=30000000\nextendedTypesEnabled=true\nznode.container.checkIntervalMs=86400000\n"
                     f"enforceQuota={enforced}\n", "max_timeout_ms": 60000000,
            "java": ["-Dzookeeper.forceSync=no", "-Dzookeeper.extendedTypesEnabled=true",
                     "-Dznode.container.checkIntervalMs=86400000", f"-Dzookeeper.enforceQuota={enforced}"]}


# --- Decoding ---

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return values if len(values) > 1 else values[0]

    def buffer(self):
        size = self.take("i")
        if size < 0:
            return None
        self.at += size
        return self.data[self.at - size:self.at]

    def text(self):
        raw = self.buffer()
        return None if raw is None else raw.decode(errors="backslashreplace")

    def rest(self):
        return self.data[self.at:]


class Peer:
    """One server, and what must be known to compare what it says."""

    def __init__(self, server):
        self.server = server
        self.numbers = {0: 0}  # session id -> the same number on both sides

    def stat(self, reader):
        czxid, mzxid, ctime, mtime, version, cversion, aversion, owner, size, children, pzxid = reader.take("qqqqiiiqiiq")
        return {"czxid": czxid, "mzxid": mzxid, "ctime": "0" if ctime == 0 else "a time",
                "mtime": "0" if mtime == 0 else "as ctime" if mtime == ctime and czxid == mzxid else "a time",
                "version": version, "cversion": cversion, "aversion": aversion,
                "owner": self.numbers.get(owner, owner), "length": size, "children": children, "pzxid": pzxid}

    def result(self, op, reader):
        """The body of a successful answer."""
        if op == CREATE or op == SYNC:
            return reader.text()
        if op in (CREATE2, CREATE_CONTAINER, CREATE_TTL):
            return reader.text(), self.stat(reader)
        if op in (EXISTS, SET_DATA, SET_ACL):
            return self.stat(reader)
        if op == GET_DATA:
            data = reader.buffer()
            if data and data.startswith(b"server."):  # an ensemble's configuration: the ports are its own
                data = re.sub(rb":\d{5}", b":port", data)
            return data, self.stat(reader)
        if op == GET_ACL:
            acl = sorted((reader.take("i"), reader.text(), reader.text()) for _ in range(reader.take("i")))
            return acl, self.stat(reader)
        if op in (GET_CHILDREN, GET_CHILDREN2):
            names = sorted(reader.text() for _ in range(reader.take("i")))
            return names, self.stat(reader) if op == GET_CHILDREN2 else None
        if op == GET_EPHEMERALS:
            return sorted(reader.text() for _ in range(reader.take("i")))
        if op == WHO_AM_I:
            return sorted((reader.text(), reader.text()) for _ in range(reader.take("i")))
        if op in (ADD_WATCH, GET_ALL_CHILDREN_NUMBER):
            return reader.take("i")
        if op == SASL:
            return reader.buffer()
        if op in (MULTI, MULTI_READ):
            parts = []
            while True:
                kind, done, error = reader.take("i?i")
                if done:
                    return parts, (kind, error)
                parts.append((kind, error, reader.take("i") if kind == ERROR else self.result(kind, reader)))
        return None


# --- One session, on one peer ---

class Session:
    def __init__(self, peer):
        self.peer, self.stream, self.id, self.password = peer, None, 0, bytes(16)

    def open(self, timeout_ms, resumed, password, last_seen, read_only, number):
        """What came of a ConnectRequest."""
        self.drop()
        self.stream = Stream(self.peer.server.client_port)
        session = {"new": 0, "unknown": 0x0123456789ABCDEF}.get(resumed, self.id)
        secret = self.password if password == "right" else password
        flag = b"" if read_only is None else struct.pack(">?", read_only)
        self.stream.send(struct.pack(">iqiq", 0, last_seen, timeout_ms, session) + buffer(secret) + flag)
        try:
            answer = Reader(self.stream.receive())
        except ConnectionError:
            self.drop()
            return "closed without an answer"
        version, timeout, granted = answer.take("iiq")
        secret, rest = answer.buffer(), answer.rest()
        if granted:
            self.peer.numbers.setdefault(granted, number)
            self.id, self.password = granted, secret
        else:
            said = [self.ended()]
            self.drop()
            return version, timeout, 0, secret, rest, said
        return version, timeout, self.peer.numbers[granted], len(secret), rest, []

    def ended(self):
        try:
            return self.stream.receive()
        except ConnectionError:
            return "closed"

    def drop(self):
        if self.stream:
            self.stream.socket.close()
            self.stream = None

    def play(self, requests):
        """Sends them in one piece; what came back, in order. `requests`: (xid, op, arguments)."""
        payload = b""
        for xid, op, arguments in requests:
            body = struct.pack(">ii", xid, op) + encode(op, arguments)
            payload += struct.pack(">i", len(body)) + body
        said = []
        waiting = collections.deque(requests)
        try:
            self.stream.socket.sendall(payload)
            while waiting:
                reader = Reader(self.stream.receive())
                xid, zxid, error = reader.take("iqi")
                if xid == -1:
                    said.append(("event", *reader.take("ii"), reader.text(), reader.rest()))
                    continue
                _, op, _ = waiting.popleft()
                body = self.peer.result(op, reader) if error == 0 else None
                said.append((NAMES.get(op, op), {"xid": xid, "zxid": zxid, "error": error}, body, reader.rest()))
                if op == CLOSE or (op == AUTH and error != 0) or op not in NAMES:
                    raise ConnectionError(self.ended())
        except TimeoutError:
            raise Silence(self.peer.server, waiting) from None
        except (ConnectionError, struct.error) as problem:
            said.append(("the connection", "closed" if isinstance(problem, ConnectionError) else repr(problem)))
            self.drop()
        return said


# --- The comparison ---

# What both tell of themselves, too. (Of zk_approximate_data_size Apache counts a path's characters, we its bytes.)
COUNTERS = ("zk_znode_count", "zk_watch_count", "zk_ephemerals_count", "zk_global_sessions", "zk_outstanding_requests")


class Difference(AssertionError):
    pass


class Silence(AssertionError):
    """A server did not answer. Apache's followers of 3.8.0 now and then forget a request, and its session with it."""

    def __init__(self, server, requests):
        super().__init__(f"{server} did not answer {[(NAMES.get(op, op), short(more)) for _, op, more in requests]}")
        self.kind = server.kind


class Duel:
    def __init__(self, servers, seed, everything=False, quotas=False):
        self.peers = [Peer(server) for server in servers]
        self.sessions = [[Session(peer) for peer in self.peers] for _ in range(SESSIONS)]
        self.seed, self.everything = seed, everything
        self.history, self.step, self.xid, self.opened = History(seed, quotas), 0, 0, 0
        self.unordered = set()  # sessions whose next events come in no promised order
        self.counts, self.kinds = collections.Counter(), {}

    def differ(self, what, one, other):
        kind = self.kind(one, other)
        if kind in self.kinds:
            return
        self.kinds[kind] = self.step
        names = [f"{peer.server.kind} says" for peer in self.peers]
        width = max(map(len, names))
        lines = [f"step {self.step} of seed {self.seed}: {what}"]
        for index in range(max(len(one), len(other))):
            mine, theirs = (list(side)[index] if index < len(side) else "nothing more" for side in (one, other))
            if mine == theirs:
                lines.append(f"    {'both say':{width}} {short(mine)}")
            else:
                lines += [f"    {names[0]:{width}} {short(mine)}", f"    {names[1]:{width}} {short(theirs)}"]
        lines.append(f"    to play it again: differential.py --seed {self.seed} --steps {self.step}")
        message = "\n".join(lines)
        if not self.everything:
            raise Difference(message)
        print(message, flush=True)

    @staticmethod
    def kind(one, other):
        """Differences of the same kind are printed once."""
        for mine, theirs in zip(one, other):
            if mine != theirs:
                return tuple(side[0] if isinstance(side, tuple) else str(side) for side in (mine, theirs)) + tuple(
                    str(side[1].get("error")) for side in (mine, theirs) if len(side) > 1 and isinstance(side[1], dict))
        return len(one) > len(other)

    def compare(self, index, what, answers):
        if index in self.unordered:
            answers = [sorted(events(said), key=repr) + [one for one in said if one[0] != "event"] for said in answers]
            self.unordered.discard(index)
        if answers[0] != answers[1]:
            self.differ(what, *answers)

    def settle(self):
        """Waits until both have noticed which connections are gone, and their watches with them."""
        for side, peer in enumerate(self.peers):
            alive = 1 + sum(sessions[side].stream is not None for sessions in self.sessions)  # the one that asks
            peers.wait_for(f"{alive} connections to {peer.server}", lambda: alive == int(
                peers.mntr(peer.server.client_port)["zk_num_alive_connections"]))

    def open(self, index):
        for session in self.sessions[index]:
            session.drop()
        self.settle()
        arguments = self.history.opening(self.sessions[index][0].id != 0)
        self.opened += 1
        answers = [session.open(*arguments, self.opened) for session in self.sessions[index]]
        self.counts["connect"] += 1
        if answers[0] != answers[1]:
            self.differ(f"session {index} connects with {arguments}", *[[("connect", *answer)] if isinstance(
                answer, tuple) else [(answer,)] for answer in answers])
        self.unordered.discard(index)

    def hidden(self, index, path):
        """May this session not read the znode?"""
        answers = [session.play([(1, GET_DATA, (path, False))]) for session in self.sessions[index]]
        self.compare(index, f"session {index} looks whether it may read {path}", answers)
        return isinstance(answers[0][-1][1], dict) and answers[0][-1][1]["error"] == NO_AUTH

    def send(self, index, found):
        hides = found[0][0] == EXISTS and self.hidden(index, found[0][1][0])
        if hides:
            found = [(EXISTS, (found[0][1][0], False))]
        requests = []
        for op, arguments in found:
            self.xid += 1
            requests.append((xid_of(op, self.xid), op, arguments))
            self.counts[NAMES.get(op, "unknown")] += 1
        answers = [session.play(requests) for session in self.sessions[index]]
        if any(op == CLOSE for op, _ in found):
            self.unordered.update(range(SESSIONS))
        if hides:
            for peer, said in zip(self.peers, answers):
                expected = 0 if peer.server.kind == "apache" else NO_AUTH
                said[-1] = ("exists of what is hidden", said[-1][1]["zxid"], said[-1][1]["error"] == expected)
        self.compare(index, f"session {index} asks {[(NAMES.get(op, op), short(more)) for _, op, more in requests]}", answers)
        if hides:
            return
        self.history.learn(requests, answers[0])
        for said in answers[0]:
            self.counts["event" if said[0] == "event" else "answer"] += 1
            self.counts["succeeded"] += isinstance(said[1], dict) and said[1]["error"] == 0
            self.counts["beyond a quota"] += isinstance(said[1], dict) and said[1]["error"] == QUOTA_EXCEEDED

    def play(self, steps):
        """So many requests and openings."""
        while self.step < steps:
            index = self.history.random.randrange(SESSIONS)
            alive = [session.stream is not None for session in self.sessions[index]]
            if not all(alive) or self.history.random.random() < 0.004:
                self.step += 1
                self.open(index)
                continue
            found = self.history.requests(index)[:steps - self.step]
            self.step += len(found)
            self.send(index, found)
        self.compare_trees()

    def summary(self):
        return ", ".join(f"{count} {name}" for name, count in self.counts.most_common())

    def compare_trees(self):
        """Every event that is still due, every znode, and the counters."""
        for index, session in enumerate(self.sessions):
            if all(side.stream for side in session):
                self.send(index, [(PING, ())] + [(REMOVE_WATCHES, (path, ANY)) for asker, path in
                                                 sorted(self.history.recursive) if asker == index])
        while not all(side.stream for side in self.sessions[0]):
            self.open(0)
        waiting = ["/"]
        while waiting:
            path = waiting.pop()
            self.send(0, [(EXISTS, (path, False)), (GET_DATA, (path, False)), (GET_ACL, (path,))])
            requests = [(1, GET_CHILDREN, (path, False))]
            answers = [side.play(requests) for side in self.sessions[0]]
            self.compare(0, f"the children of {path}", answers)
            if answers[0][-1][1]["error"] == 0:
                waiting += [path.rstrip("/") + "/" + name for name in answers[0][-1][2][0]]
        told = [[(name, count.get(name, "").strip()) for name in COUNTERS]
                for count in (peers.mntr(peer.server.client_port) for peer in self.peers)]
        if told[0] != told[1]:
            self.differ("mntr", *told)


def events(said):
    return [one for one in said if one[0] == "event"]


def short(value):
    """As Python writes it, long data by their length and sum."""
    if isinstance(value, bytes) and len(value) > 8:
        return f"<{len(value)} bytes, crc {zlib.crc32(value):08x}>"
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(map(short, value)) + "]"
    return repr(value)


def run(kinds, seed, steps, everything=False, quotas=False, role="standalone"):
    """Plays it to two fresh servers; the duel, with its counts. Raises Difference."""
    members = 1 if role == "standalone" else 3
    observers = 1 if role == "observer" else 0
    ensembles = [peers.Ensemble([kind] * members, observers=observers, **alike(quotas)) for kind in kinds]
    with ensembles[0], ensembles[1]:
        for ensemble in ensembles:
            for server in ensemble.servers:
                server.start()
        for ensemble in ensembles:
            ensemble.wait_serving()
        chosen = [next(server for server in ensemble.servers if server.mode() == role) for ensemble in ensembles]
        duel = Duel(chosen, seed, everything, quotas)
        duel.play(steps)
        return duel


def main():
    parser = argparse.ArgumentParser(description="Plays the same random history to two servers and compares what they say.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=10000)
    parser.add_argument("--quotas", action="store_true", help="enforce quotas, and set them")
    parser.add_argument("--peers", default="apache,vivarium")
    parser.add_argument("--role", default="standalone", choices=("standalone", "leader", "follower", "observer"))
    parser.add_argument("--all", action="store_true", help="go on behind a difference, and print one of each kind")
    options = parser.parse_args()
    try:
        duel = run(options.peers.split(","), options.seed, options.steps, options.all, options.quotas,
                   options.role)
    except (Difference, Silence) as failure:
        sys.exit(str(failure))
    print(duel.summary())
    if duel.kinds:
        sys.exit(f"{len(duel.kinds)} kinds of differences")


if __name__ == "__main__":
    main()
