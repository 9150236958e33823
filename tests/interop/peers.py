"""Servers for the interop tests: Apache ZooKeeper's (the Debian packages) and ours (`viv server run`), each as a process of
its own, alone or in an ensemble of both kinds.

Everything binds 127.0.0.1 on ports that were free a moment ago. Nothing here sleeps blindly: each wait polls a condition
until a deadline and fails with what it last saw.
"""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

VIV = os.environ.get("VIV", "build/release/bin/viv")
JAVA_CLASSPATH = ("/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar:"
                  "/usr/share/java/netty-codec.jar:/usr/share/java/netty-resolver.jar")  # with which it speaks TLS
WORDS = "4lw.commands.whitelist=*"
OURS = os.environ.get("INTEROP_SERVERS", "vivarium")  # "apache" checks the tests against Apache alone


_next_port = 22000 + (os.getpid() * 37) % 9000


def free_ports(count):
    """Ports below the range that the system gives to outgoing connections; never the same one twice."""
    global _next_port
    found = []
    while len(found) < count:
        _next_port = 22000 + (_next_port - 22000 + 1) % 10000
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", _next_port))
                found.append(_next_port)
            except OSError:
                pass
    return found


def wait_for(what, condition, seconds=60):
    """Polls until condition() gives something true, and returns that."""
    deadline, last = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        try:
            last = condition()
            if last:
                return last
        except Exception as problem:  # a peer that is not up yet: part of what is waited for
            last = problem
        time.sleep(0.02)  # the interval of the poll, not a wait for its outcome
    raise AssertionError(f"{what}: not within {seconds} s; last seen: {last!r}")


def word(port, text, timeout=5):
    """The answer to a four-letter word."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.settimeout(timeout)
        connection.sendall(text.encode())
        answer = b""
        while True:
            piece = connection.recv(65536)
            if not piece:
                return answer.decode()
            answer += piece


def mntr(port):
    return dict(line.split("\t", 1) for line in word(port, "mntr").splitlines() if "\t" in line)


class Server:
    """One server of an ensemble. kind: "apache" or "vivarium"."""

    def __init__(self, kind, folder, sid, client_port, config, java=()):
        self.kind, self.folder, self.sid, self.client_port, self.java = kind, folder, sid, client_port, list(java)
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        if sid is not None:
            (self.data / "myid").write_text(f"{sid}\n")
        self.config = folder / "zoo.cfg"
        self.config.write_text(config)
        self.log = folder / "server.log"
        self.process = None

    def command(self):
        if self.kind == "apache":
            return ["java", "-Xmx256m", "-cp", JAVA_CLASSPATH, "-Dzookeeper.admin.enableServer=false",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "-Dorg.slf4j.simpleLogger.showDateTime=true",
                    *self.java, "org.apache.zookeeper.server.quorum.QuorumPeerMain", str(self.config)]
        return [VIV, "server", "run", str(self.config)]

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log, cwd=self.folder)

    def freeze(self):
        """Stops every thread of the process, and returns once they all stand still."""
        self.process.send_signal(signal.SIGSTOP)
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task")

        def still():
            return all(stat.read_text().rsplit(") ", 1)[1][0] == "T" for stat in tasks.glob("*/stat"))
        wait_for(f"{self} to stand still", still, 20)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        """kill -9, at once."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self):
        """An orderly stop; the exit status."""
        if not self.process:
            return None
        self.process.terminate()
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self}: did not stop within 20 s of SIGTERM")
        finally:
            self.process = None

    def wipe(self):
        shutil.rmtree(self.data / "version-2", ignore_errors=True)

    def mode(self):
        """"leader", "follower", "observer", "standalone"; None while it serves nobody."""
        try:
            for line in word(self.client_port, "srvr").splitlines():
                if line.startswith("Mode: "):
                    return line[6:]
        except OSError:
            pass
        return None

    def log_text(self):
        return self.log.read_text(errors="replace")

    def log_since(self, offset):
        with open(self.log, errors="replace") as log:
            log.seek(offset)
            return log.read()

    def log_size(self):
        return self.log.stat().st_size if self.log.exists() else 0

    @property
    def address(self):
        return f"127.0.0.1:{self.client_port}"

    def __repr__(self):
        return f"{self.kind} server {self.sid} on {self.client_port} in {self.folder}"


class Ensemble:
    """kinds: one name a server, ids from 1 (or `first_sid`). A single kind makes a standalone server. The last `observers`
    of them do not vote."""

    def __init__(self, kinds, tick_ms=500, init_limit=20, sync_limit=8, first_sid=1, observers=0, extra="",
                 max_timeout_ms=60000, java=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vivarium-interop-"))
        count = len(kinds)
        ports = free_ports(count * 3)
        sids = [first_sid + index for index in range(count)]
        members = "" if count == 1 else "".join(
            f"server.{sid}=127.0.0.1:{ports[count + index]}:{ports[2 * count + index]}"
            f"{':observer' if index >= count - observers else ''}\n" for index, sid in enumerate(sids))
        self.servers = []
        for index, (kind, sid) in enumerate(zip(kinds, sids)):
            folder = self.folder / f"server{sid}"
            config = (f"tickTime={tick_ms}\ninitLimit={init_limit}\nsyncLimit={sync_limit}\ndataDir={folder}/data\n"
                      f"clientPort={ports[index]}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\npreAllocSize=1024\n"
                      f"maxClientCnxns=0\nmaxSessionTimeout={max_timeout_ms}\n{WORDS}\n{extra}{members}")
            if index >= count - observers:
                config += "peerType=observer\n"
            self.servers.append(Server(kind, folder, None if count == 1 else sid, ports[index], config, java))

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        for server in self.servers:
            server.kill()
        if failure is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            for server in self.servers:
                print(f"--- the end of the log of {server}")
                print("\n".join(server.log_text().splitlines()[-40:]) if server.log.exists() else "(none)")

    def start(self):
        for server in self.servers:
            server.start()
        return self.wait_serving()

    def wait_serving(self, servers=None, seconds=60):
        """Until each of them serves; the leader (or the standalone server)."""
        servers = servers or self.running()

        def ready():
            modes = [server.mode() for server in servers]
            return all(modes) and ("leader" in modes or "standalone" in modes)
        wait_for(f"{len(servers)} servers serving", ready, seconds)
        return self.leader()

    def running(self):
        return [server for server in self.servers if server.process]

    def leader(self):
        return next((s for s in self.running() if s.mode() in ("leader", "standalone")), None)

    def follower(self):
        return next(s for s in self.running() if s.mode() == "follower")

    def connect_string(self):
        return ",".join(server.address for server in self.servers)

    def __getitem__(self, sid):
        return next(server for server in self.servers if server.sid == sid)


class EnsembleTest(unittest.TestCase):
    """Tests that share one ensemble of three."""

    @classmethod
    def setUpClass(cls):
        cls.ensemble = Ensemble([OURS] * 3)
        cls.addClassCleanup(cls.ensemble.__exit__, None)
        cls.ensemble.start()
