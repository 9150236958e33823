"""Random histories of requests, for differential.py: what a step asks, and its bytes.

The same seed makes the same history as long as the first server answers alike: what it says guides what comes next.
"""
import base64
import hashlib
import random
import struct
import zlib

from raw import text

CREATE, DELETE, EXISTS, GET_DATA, SET_DATA, GET_ACL, SET_ACL, GET_CHILDREN, SYNC, PING = 1, 2, 3, 4, 5, 6, 7, 8, 9, 11
GET_CHILDREN2, CHECK, MULTI, CREATE2, AUTH, SET_WATCHES, CLOSE, ERROR = 12, 13, 14, 15, 100, 101, -11, -1
RECONFIG, CHECK_WATCHES, REMOVE_WATCHES, MULTI_READ, SASL = 16, 17, 18, 22, 102
GET_EPHEMERALS, GET_ALL_CHILDREN_NUMBER, SET_WATCHES2, ADD_WATCH, WHO_AM_I = 103, 104, 105, 106, 107
CREATE_CONTAINER, DELETE_CONTAINER, CREATE_TTL = 19, 20, 21
CREATES = (CREATE, CREATE2, CREATE_CONTAINER, CREATE_TTL)
NAMES = {CREATE: "create", DELETE: "delete", EXISTS: "exists", GET_DATA: "getData", SET_DATA: "setData", GET_ACL: "getACL",
         SET_ACL: "setACL", GET_CHILDREN: "getChildren", SYNC: "sync", PING: "ping", GET_CHILDREN2: "getChildren2",
         CHECK: "check", MULTI: "multi", CREATE2: "create2", AUTH: "auth", SET_WATCHES: "setWatches", CLOSE: "closeSession", RECONFIG: "reconfig", CHECK_WATCHES: "checkWatches",
         REMOVE_WATCHES: "removeWatches", MULTI_READ: "multiRead", SASL: "sasl", GET_EPHEMERALS: "getEphemerals",
         GET_ALL_CHILDREN_NUMBER: "getAllChildrenNumber", SET_WATCHES2: "setWatches2", ADD_WATCH: "addWatch",
         WHO_AM_I: "whoAmI", CREATE_CONTAINER: "createContainer", DELETE_CONTAINER: "deleteContainer", CREATE_TTL: "createTTL"}
LAST_OF_ITS_STEP = {SET_ACL, CLOSE}
ALONE_IN_ITS_STEP = {AUTH, SASL}


# --- Encoding ---

def buffer(data):
    return struct.pack(">i", -1) if data is None else struct.pack(">i", len(data)) + data


def acl_list(acl):
    return struct.pack(">i", len(acl)) + b"".join(
        struct.pack(">i", perms) + text(scheme) + text(name) for perms, scheme, name in acl)


def paths(names):
    return struct.pack(">i", len(names)) + b"".join(text(name) for name in names)


def encode(op, arguments):
    """The request's body."""
    if op in CREATES:
        path, data, acl, flags, *ttl = arguments
        return text(path) + buffer(data) + acl_list(acl) + struct.pack(">i", flags) + b"".join(
            struct.pack(">q", one) for one in ttl)
    if op in (DELETE, CHECK):
        return text(arguments[0]) + struct.pack(">i", arguments[1])
    if op in (EXISTS, GET_DATA, GET_CHILDREN, GET_CHILDREN2):
        return text(arguments[0]) + struct.pack(">?", arguments[1])
    if op == SET_DATA:
        return text(arguments[0]) + buffer(arguments[1]) + struct.pack(">i", arguments[2])
    if op == SET_ACL:
        return text(arguments[0]) + acl_list(arguments[1]) + struct.pack(">i", arguments[2])
    if op in (GET_ACL, SYNC, DELETE_CONTAINER, GET_EPHEMERALS, GET_ALL_CHILDREN_NUMBER):
        return text(arguments[0])
    if op in (CHECK_WATCHES, REMOVE_WATCHES, ADD_WATCH):
        return text(arguments[0]) + struct.pack(">i", arguments[1])
    if op == SASL:
        return buffer(arguments[0])
    if op == RECONFIG:
        return b"".join(text(servers) for servers in arguments[:3]) + struct.pack(">q", arguments[3])
    if op == AUTH:
        return struct.pack(">i", 0) + text(arguments[0]) + buffer(arguments[1])
    if op in (SET_WATCHES, SET_WATCHES2):
        return struct.pack(">q", arguments[0]) + b"".join(paths(names) for names in arguments[1:])
    if op in (MULTI, MULTI_READ):
        parts = b"".join(struct.pack(">i?i", kind, False, -1) + encode(kind, more) for kind, more in arguments)
        return parts + struct.pack(">i?i", -1, True, -1)
    return b""


def xid_of(op, counted):
    return {PING: -2, AUTH: -4, SET_WATCHES: -8, SET_WATCHES2: -8}.get(op, counted)


# --- What is asked ---

OPEN = [(31, "world", "anyone")]
ODD_PATHS = ["", "x", "x/y", "/", "//", "/a/", "/a//b", "/a/.", "/a/..", "/a/./b", "/./a", "/a/\x00", "/\x00/a", "/a/\x01",
             "/a/\x1f", "/a/\x7f", "/a/\x9f", "/a/\u00a0", "/\u20ac", "/a/\ud7ff", "/a/\ue000", "/a/\uf8ff", "/a/\uf900",
             "/a/\uffef", "/a/\ufff0", "/zookeeper", "/zookeeper/", "/zookeeper/quota", "/zookeeper/config",
             "/zookeeper/x", "/a/...", "/a/ b", "/nobody/is/here"]
DIGESTS = {who: f"{who}:" + base64.b64encode(hashlib.sha1(f"{who}:secret".encode()).digest()).decode()
           for who in ("ann", "bob")}
ODD_ACLS = [[], [(31, "world", "someone")], [(31, "nobody", "x")], [(31, "digest", "ann")], [(31, "digest", "ann:")],
            [(31, "digest", ":h")], [(31, "digest", "a:b:")], [(31, "digest", "a:b:c")], [(31, "digest", "")],
            [(31, "ip", "999.1.1.1")], [(31, "ip", "127.0.0.1/33")], [(31, "ip", "127.0.0.1/-1")], [(31, "ip", "x")],
            [(31, "ip", "127.0.0/8")], [(31, "ip", "")], [(31, "x509", "CN=a")], [(31, "sasl", "ann")],
            [(31, "super", "")], [(31, "auth", "anything")], [(0, "world", "anyone")], [(63, "world", "anyone")],
            [(-1, "world", "anyone")], [(31, "", "")], [(31, "world", "anyone"), (1, "nobody", "x")]]
ACLS = [OPEN, OPEN + OPEN, [(1, "world", "anyone")], [(15, "world", "anyone")], [(1, "world", "anyone"), (31, "auth", "")],
        [(31, "auth", "")], [(31, "auth", ""), (31, "digest", DIGESTS["ann"])], [(31, "digest", DIGESTS["ann"])],
        [(3, "digest", DIGESTS["ann"]), (1, "digest", DIGESTS["bob"])], [(16, "digest", DIGESTS["bob"]), (15, "world", "anyone")],
        [(31, "ip", "127.0.0.1")], [(31, "ip", "127.0.0.0/8")], [(5, "ip", "10.0.0.0/8"), (9, "ip", "127.0.0.0/31")],
        [(16, "world", "anyone")], [(2, "world", "anyone"), (17, "ip", "127.0.0.1")]]


# --- Which watches ---

ONCE, PERSISTENT, RECURSIVE = "once", 0, 1  # the last two: the modes of addWatch
CHILDREN, DATA, ANY = 1, 2, 3               # the types of checkWatches and removeWatches


def own(index):
    """Paths that only this session watches: 3.8.0 answers a checkWatches for the watches of all."""
    return [f"/own{index}", f"/own{index}/a", f"/own{index}/a/b"]


def way(index, path):
    """How this session may watch this path, if at all. Always the same way: 3.8.0 knows one way for each, and forgets the
    older one over the newer."""
    if path.startswith("/own") and path not in own(index):
        return None
    return (ONCE, ONCE, ONCE, PERSISTENT, RECURSIVE)[zlib.crc32(f"{index}{path}".encode(errors="replace")) % 5]


class History:
    """Makes the steps. What the servers answered guides it: which versions are current, which names a sequence gave."""

    """With `quotas` they are set and met too, one request a step: those that are on their way together Apache judges as its
    threads happen to run."""

    def __init__(self, seed, quotas=False):
        self.random, self.quotas = random.Random(seed), quotas
        self.version, self.zxid = {}, 0
        self.sequential = []
        self.session = 0       # whose step is made
        self.recursive = set()  # (session, path) of the recursive watches asked for

    def path(self):
        chance = self.random
        roll = chance.random()
        if 0.12 <= roll < 0.16:
            return chance.choice(own(chance.choice((self.session, chance.randrange(5)))))
        if roll < 0.06:
            return chance.choice(ODD_PATHS)
        if roll < 0.12 and self.sequential:
            return chance.choice(self.sequential)
        return "".join("/" + chance.choice("abc") for _ in range(chance.choice((1, 1, 2, 2, 2, 3))))

    def acl(self):
        roll = self.random.random()
        return OPEN if roll < 0.7 else self.random.choice(ACLS if roll < 0.93 else ODD_ACLS)

    def data(self):
        size = self.random.choices((None, 0, 1, 7, 300, 20000), (4, 4, 4, 20, 4, 1))[0]
        return None if size is None else self.random.randbytes(size)

    def expected(self, path):
        roll = self.random.random()
        if roll < 0.5:
            return -1
        return self.version.get(path, 0) if roll < 0.9 else self.random.choice((0, 1, 2, 99, -2))

    def change(self, alone=False):
        """One operation that a multi may hold, too; `alone`: it stands in none."""
        chance = self.random
        op = chance.choices((*CREATES, DELETE, SET_DATA), (15, 9, 3, 3, 12, 12))[0]
        path = self.path()
        if op in (CREATE, CREATE2):
            odd = chance.random() < 0.02
            flags = chance.choice((4, 5, 6, 7, -1, 99)) if odd else chance.choices((0, 1, 2, 3), (6, 3, 1, 1))[0]
            return op, (path, self.data(), self.acl(), flags)
        if op == CREATE_CONTAINER:
            # Alone, an ephemeral's flag makes an ephemeral of it as long as the container is on its way to 3.8.0's tree.
            flags = chance.choice((0, 2, 5, 6, 7) + (() if alone else (1, 3))) if chance.random() < 0.15 else 4
            return op, (path, self.data(), self.acl(), flags)
        if op == CREATE_TTL:
            flags = chance.choice((0, 1, 2, 3, 4, 7)) if chance.random() < 0.15 else chance.choice((5, 5, 6))
            ttl = chance.choice((0, -1, 2 ** 40, -2 ** 63)) if chance.random() < 0.15 else chance.choice(
                (3600000, 2 ** 40 - 1))
            if alone and flags < 5:  # with a negative time it ends a 3.8.0 server
                ttl = abs(ttl) % 2 ** 62
            return op, (path, self.data(), self.acl(), flags, ttl)
        return op, (path, self.expected(path)) if op == DELETE else (path, self.data(), self.expected(path))

    def quota_change(self):
        """Sets a quota, or changes one. What cannot be read ends a 3.8.0 server."""
        chance = self.random
        base = "/zookeeper/quota" + chance.choice(("/a", "/b", "/c", "/a/b", "/own1"))
        name = chance.choice(("", "/zookeeper_limits", "/zookeeper_limits", "/zookeeper_stats", "/zookeeper_stats"))
        if chance.random() < 0.12:
            return DELETE, (base + name, -1)
        limit = [chance.choice((-1, chance.randrange(9))) for _ in range(2)] + [
            chance.choice((-1, chance.randrange(400))) for _ in range(2)]
        data = b"count=%d,bytes=%d" % (limit[0], limit[2])
        if chance.random() < 0.7:
            data += b"=;byteHardLimit=%d;countHardLimit=%d" % (limit[3], limit[1])
        if name == "/zookeeper_stats":
            data = chance.choice((b"", b"count=0,bytes=0"))
        if chance.random() < 0.6:
            return chance.choice((CREATE, CREATE2)), (base + name, data, OPEN, 0)
        return SET_DATA, (base + name, data, -1)

    def watched(self, how):
        """A path that this session may watch in this way."""
        while True:
            path = self.path()
            if way(self.session, path) == how:
                return path

    def read(self):
        op = self.random.choice((EXISTS, GET_DATA, GET_DATA, GET_CHILDREN, GET_CHILDREN2))
        path = self.path()
        return op, (path, self.random.random() < 0.6 and way(self.session, path) == ONCE)

    def multi_read(self):
        chance = self.random
        parts = [(chance.choice((GET_DATA, GET_CHILDREN)), (self.path(), chance.random() < 0.3))
                 for _ in range(chance.choice((0, 1, 2, 3, 6)))]
        odd = chance.random()
        if odd < 0.04:
            parts = [(DELETE, (self.path(), -1))]
        elif odd < 0.08:
            parts.insert(chance.randrange(len(parts) + 1), chance.choice(
                ((DELETE, ("/a", -1)), (EXISTS, ("/a", False)), (GET_CHILDREN2, ("/a", False)))))
        return MULTI_READ, parts

    def watch_request(self):
        """addWatch, checkWatches, removeWatches, setWatches and setWatches2."""
        chance = self.random
        roll = chance.random()
        if roll < 0.35:
            how = chance.choice((PERSISTENT, RECURSIVE))
            path = self.watched(how)
            if chance.random() < 0.05:
                return ADD_WATCH, (path, chance.choice((2, -1, 99)))
            if how == RECURSIVE:
                self.recursive.add((self.session, path))
            return ADD_WATCH, (path, how)
        if roll < 0.7:
            op = chance.choice((CHECK_WATCHES, REMOVE_WATCHES))
            path = chance.choice(own(self.session)) if op == CHECK_WATCHES else self.path()
            kinds = (CHILDREN, DATA, ANY) if way(self.session, path) == ONCE else (ANY,)
            return op, (path, chance.choice((0, -1, 6)) if chance.random() < 0.05 else chance.choice(kinds))
        zxid = chance.choice((0, self.zxid, max(self.zxid - chance.randrange(200), 0)))
        lists = [[self.watched(ONCE) for _ in range(chance.randrange(4))] for _ in range(3)]
        if roll < 0.85:
            return SET_WATCHES, (zxid, *lists)
        lists += [[self.watched(how) for _ in range(chance.randrange(3))] for how in (PERSISTENT, RECURSIVE)]
        self.recursive.update((self.session, path) for path in lists[4])
        return SET_WATCHES2, (zxid, *lists)

    def rare(self):
        chance = self.random
        roll = chance.random()
        if roll < 0.4:
            good = ("digest", b"ann:secret"), ("digest", b"bob:secret"), ("digest", b"ann:wrong"), ("ip", b"")
            odd = (("digest", None), ("digest", b""), ("digest", b"ann"), ("digest", b"a:b:c"), ("nobody", b"x"),
                   ("world", b"anyone"), ("sasl", b""), ("x509", b""), ("ip", None), ("auth", b""), ("super", b""))
            return AUTH, chance.choice(good if chance.random() < 0.75 else odd)
        if roll < 0.85:
            return CLOSE, ()
        if roll < 0.9:
            return SASL, (chance.choice((b"", b"token")),)
        if roll < 0.96:
            return RECONFIG, ("", "1", chance.choice(("", "server.1=a:1:2;3")), chance.choice((-1, 0)))
        return chance.choice((77, -1, 0, 10, -10 ** 6)), ()

    def request(self):
        chance = self.random
        if self.quotas and chance.random() < 0.08:
            return self.quota_change()
        if self.quotas and chance.random() < 0.08:
            return GET_DATA, ("/zookeeper/quota" + chance.choice(("/a", "/b", "/a/b")) + "/zookeeper_stats", False)
        roll = chance.random()
        if roll < 0.005:
            return DELETE_CONTAINER, (self.path(),)
        if roll < 0.40:
            return self.change(alone=True)
        if roll < 0.49:
            parts = []
            for _ in range(chance.choice((0, 1, 2, 2, 3, 5))):
                path = self.path()
                parts.append((CHECK, (path, self.expected(path))) if chance.random() < 0.2 else self.change())
            if chance.random() < 0.01:
                parts.append((GET_DATA, ("/a", False)))
            return MULTI, parts
        if roll < 0.77:
            return self.read()
        if roll < 0.80:
            return GET_ACL, (self.path(),)
        if roll < 0.83:
            return SET_ACL, (self.path(), self.acl(), chance.choice((-1, -1, 0, 1)))
        if roll < 0.85:
            return SYNC, (self.path(),)
        if roll < 0.87:
            return PING, ()
        if roll < 0.89:
            return self.multi_read()
        if roll < 0.94:
            return self.watch_request()
        if roll < 0.955:
            return GET_EPHEMERALS, (chance.choice(("", "/", " ", "\t/ ", "/a", "/b/", "a", self.path())),)
        if roll < 0.97:
            return GET_ALL_CHILDREN_NUMBER, (self.path(),)
        if roll < 0.98:
            return WHO_AM_I, ()
        return self.rare()

    def requests(self, session):
        """What this session asks in one piece."""
        self.session = session
        found = []
        for _ in range(1 if self.quotas else self.random.choice((1, 1, 2, 3, 6))):
            op, arguments = self.request()
            first = op == EXISTS or op in ALONE_IN_ITS_STEP or op not in NAMES
            if first and found:
                break
            found.append((op, arguments))
            if op in LAST_OF_ITS_STEP or op in ALONE_IN_ITS_STEP or op not in NAMES:
                break
        return found

    def opening(self, known):
        """How a session is opened, or resumed."""
        chance = self.random
        timeout = chance.choice((0, -5, 1000, 40000000, 50000000, 2 ** 31 - 1))
        resumed = chance.choices(("new", "same", "unknown"), (5, 5 if known else 0, 1))[0]
        password = "right" if chance.random() < 0.85 else chance.choice((bytes(16), b"", None, bytes(15), bytes(17)))
        last_seen = chance.choices((0, self.zxid, self.zxid + 1, self.zxid + 1000, -1), (5, 10, 1, 1, 1))[0]
        return timeout, resumed, password, last_seen, chance.choice((None, False, True))

    def learn(self, requests, said):
        """From the first peer's answers."""
        answers = [one for one in said if one[0] not in ("event", "the connection")]
        for (_, op, arguments), (_, header, body, _) in zip(requests, answers):
            self.zxid = max(self.zxid, header["zxid"])
            if header["error"] != 0:
                continue
            if op in CREATES:
                path = body if op == CREATE else body[0]
                self.version[path] = 0
                if arguments[3] in (2, 3, 6):
                    self.sequential = self.sequential[-20:] + [path]
            elif op == SET_DATA:
                self.version[arguments[0]] = body["version"]
            elif op in (GET_DATA, GET_CHILDREN2):
                self.version[arguments[0]] = body[1]["version"]
            elif op == EXISTS:
                self.version[arguments[0]] = body["version"]
