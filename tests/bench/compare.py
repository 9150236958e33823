#!/usr/bin/env python3
"""compare: Apache ZooKeeper 3.8 (Debian's packages) and `viv server run` beside each other, on this machine.

    tests/bench/compare.py [--viv build/release/bin/viv] [--dir build/bench] [--rounds 5] [--seconds 5] [--quick]

Both peers run as processes of their own on the same disk, with fsync on, with the same configuration, keys and load
client (viv bench); rounds alternate between the two. Apache is warmed up first. What is measured:

  ready      three servers with empty directories, from the start of the processes until all of them serve
  memory     resident memory of an idle server, five seconds after that
  reads      pipelined getData of 100 bytes: one server, then sessions on all three
  writes     pipelined setData of 100 bytes, sessions on all three servers
  16 by 16   the same on one server, with 16 sessions of 16 requests in flight, beside what the client reaches so itself
  latency    one request at a time, on one server
  nodes      znodes of 100 bytes below one parent: the time to create them, the server's resident memory, the longest wait
             of another session's reads while all of them are listed, and the time from a start after SIGKILL until the
             server serves again
  outage     the longest time without a write, one after the other, while the leader is killed with SIGKILL

Prints a table with medians and spreads as Markdown, and keeps every figure in DIR/raw.jsonl.
"""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "interop"))
import peers  # noqa: E402

KINDS = ("apache", "viv")
NAMES = {"apache": "Apache ZooKeeper 3.8.0", "viv": "Vivarium"}
JAVA = ["java", "-Xmx1000m", "-cp", peers.JAVA_CLASSPATH, "-Dzookeeper.admin.enableServer=false",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=info", "org.apache.zookeeper.server.quorum.QuorumPeerMain"]
SIXTEEN = ("--sessions", "16", "--in-flight", "16")  # shapes of a load
ONE = ("--sessions", "1", "--in-flight", "1")
POLL = 0.002  # seconds between two looks at a server that starts


class Server:
    def __init__(self, kind, folder, sid, client_port, ensemble):
        self.kind, self.folder, self.sid, self.client_port = kind, folder, sid, client_port
        (folder / "data").mkdir(parents=True)
        (folder / "data" / "myid").write_text(f"{sid}\n")
        self.config = folder / "zoo.cfg"
        self.config.write_text(f"tickTime=2000\ninitLimit=10\nsyncLimit=5\ndataDir={folder}/data\n"
                               f"clientPort={client_port}\nclientPortAddress=127.0.0.1\nmaxClientCnxns=0\n"
                               f"{peers.WORDS}\n{ensemble}")
        self.process = None

    def start(self, viv):
        command = JAVA + [str(self.config)] if self.kind == "apache" else [viv, "server", "run", str(self.config)]
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)

    def mode(self):
        try:
            for line in peers.word(self.client_port, "srvr", timeout=2).splitlines():
                if line.startswith("Mode: "):
                    return line[6:]
        except OSError:
            pass
        return None

    def resident(self):
        """Megabytes."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the system does not tell the memory of a process")

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class Team:
    """Servers of one kind: three in an ensemble, or one alone."""

    def __init__(self, kind, folder, viv, size=3):
        self.kind, self.viv = kind, viv
        shutil.rmtree(folder, ignore_errors=True)
        clients, quorums, elections = (peers.free_ports(size) for _ in range(3))
        lines = "".join(f"server.{i + 1}=127.0.0.1:{quorums[i]}:{elections[i]}\n" for i in range(size)) if size > 1 else ""
        self.servers = [Server(kind, folder / f"server{i + 1}", i + 1, clients[i], lines) for i in range(size)]

    def start(self):
        """Seconds until every server serves."""
        begin = time.monotonic()
        for server in self.servers:
            server.start(self.viv)
        self.wait()
        return time.monotonic() - begin

    def wait(self):
        waiting, deadline = list(self.servers), time.monotonic() + 120
        while waiting:
            waiting = [server for server in waiting if server.mode() is None]
            if time.monotonic() > deadline:
                raise RuntimeError(f"{NAMES[self.kind]} does not serve within two minutes: see {waiting[0].folder}/server.log")
            if waiting:
                time.sleep(POLL)

    def stop(self):
        for server in self.servers:
            server.kill()

    def connect(self):
        return ",".join(f"127.0.0.1:{server.client_port}" for server in self.servers)

    def leader(self):
        return peers.wait_for("a leader", lambda: next((s for s in self.servers if s.mode() == "leader"), None))

    def bench(self, workload, seconds, warm_up, shape=()):
        return run_json([self.viv, "bench", "--server", self.connect(), "--workload", workload, "--rounds", "1", "--seconds",
                         str(seconds), "--warm-up", str(warm_up), "--json", *shape])

    def outage(self, seconds):
        """Milliseconds without a write while the leader dies and comes back."""
        measuring = subprocess.Popen([self.viv, "bench", "outage", "--server", self.connect(), "--seconds", str(seconds),
                                      "--json"], stdout=subprocess.PIPE)
        time.sleep(seconds / 4)  # a part of the run on a healthy ensemble
        leader = self.leader()
        leader.kill()
        out, _ = measuring.communicate()
        leader.start(self.viv)
        self.wait()
        return json.loads(out)


def run_json(command):
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


class Comparison:
    def __init__(self, arguments):
        self.arguments = arguments
        self.folder = pathlib.Path(arguments.dir).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.raw = open(self.folder / "raw.jsonl", "a")
        self.figures = {}

    def keep(self, what, kind, round_number, value, detail=None):
        self.figures.setdefault(what, {}).setdefault(kind, []).append(value)
        self.raw.write(json.dumps({"at": time.strftime("%FT%TZ", time.gmtime()), "what": what, "kind": kind,
                                   "round": round_number, "value": value, "detail": detail}) + "\n")
        self.raw.flush()
        print(f"{what}, round {round_number}, {NAMES[kind]}: {value:,.1f}", flush=True)

    def team(self, kind, size=3):
        return Team(kind, self.folder / f"{kind}{size}", self.arguments.viv, size)

    def readiness(self):
        for number in range(1, self.arguments.rounds + 1):
            for kind in KINDS:
                team = self.team(kind)
                try:
                    self.keep("three servers ready, ms", kind, number, team.start() * 1000)
                    time.sleep(self.arguments.settle)  # what an idle server keeps, not what its start needs
                    memory = [server.resident() for server in team.servers]
                    self.keep("idle memory of a server, MB", kind, number, statistics.mean(memory), memory)
                finally:
                    team.stop()

    def loads(self, what, size, workload, shape=(), figure="median"):
        teams = {kind: self.team(kind, size) for kind in KINDS}
        try:
            for team in teams.values():
                team.start()
            teams["apache"].bench(workload, self.arguments.warm_up, 0, shape)
            for number in range(1, self.arguments.rounds + 1):
                for kind, team in teams.items():
                    result = team.bench(workload, self.arguments.seconds, min(1, self.arguments.seconds), shape)
                    value = result["median"] if figure == "median" else result["rounds"][0][figure] * 1000
                    self.keep(what, kind, number, value, result)
            if size > 1 and workload == "write":
                self.outages(teams)
        finally:
            for team in teams.values():
                team.stop()

    def outages(self, teams):
        for number in range(1, self.arguments.rounds + 1):
            for kind, team in teams.items():
                result = team.outage(self.arguments.outage)
                self.keep("without a write after kill -9 of the leader, ms", kind, number, result["longestMs"], result)

    def nodes(self, count):
        named = f"{count:,} znodes"
        for number in range(1, self.arguments.rounds + 1):
            for kind in KINDS:
                team = self.team(kind, 1)
                try:
                    team.start()
                    server = team.servers[0]
                    result = run_json([self.arguments.viv, "bench", "nodes", "--server", team.connect(), "--count", str(count),
                                       "--pid", str(server.process.pid), "--keep", "--json"])
                    self.keep(f"{named} created, ms", kind, number, result["createSeconds"] * 1000, result)
                    self.keep(f"{named}, memory of the server, MB", kind, number, result["residentMb"])
                    self.keep(f"{named} listed: another session's longest wait, ms", kind, number, result["waitMs"])
                    server.kill()
                    begin = time.monotonic()
                    server.start(self.arguments.viv)
                    team.wait()
                    self.keep(f"{named}, ready again after kill -9, ms", kind, number, (time.monotonic() - begin) * 1000)
                finally:
                    team.stop()

    def ceiling(self, title="", shape=()):
        process = subprocess.Popen([self.arguments.viv, "bench", "ceiling"], stdout=subprocess.PIPE, text=True)
        try:
            address = process.stdout.readline().split()[2]
            for workload in ("read", "write"):
                result = run_json([self.arguments.viv, "bench", "--server", address, "--workload", workload, "--rounds", "3",
                                   "--seconds", str(self.arguments.seconds), "--warm-up", "1", "--json", *shape])
                self.raw.write(json.dumps({"what": f"ceiling, {workload}{title}", "value": result["median"],
                                           "detail": result}) + "\n")
                print(f"The load client itself reaches {result['median']:,.0f} {workload}s a second{title}.", flush=True)
        finally:
            process.kill()
            process.wait()

    def table(self):
        lines = [f"| | {NAMES['apache']} | {NAMES['viv']} | ratio |", "|---|---|---|---|"]
        for what, by_kind in self.figures.items():
            cells, medians = [], []
            for kind in KINDS:
                values = by_kind[kind]
                medians.append(statistics.median(values))
                cells.append(f"{medians[-1]:,.0f} ({min(values):,.0f} to {max(values):,.0f})")
            more_is_better = "a second" in what
            ratio = medians[1] / medians[0] if more_is_better else medians[0] / medians[1]
            lines.append(f"| {what} | {cells[0]} | {cells[1]} | {ratio:.1f} times |")
        return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viv", default="build/release/bin/viv")
    parser.add_argument("--dir", default="build/bench")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5, help="length of a round of load")
    parser.add_argument("--nodes", type=int, default=1000000, help="znodes below one parent; 0: leave that out")
    parser.add_argument("--only-nodes", action="store_true", help="measure nothing else")
    parser.add_argument("--quick", action="store_true", help="one short round of each: does it work at all?")
    arguments = parser.parse_args()
    arguments.viv = str(pathlib.Path(arguments.viv).resolve())
    arguments.settle, arguments.warm_up, arguments.outage = 5, 15, 8
    if arguments.quick:
        arguments.rounds, arguments.seconds, arguments.settle, arguments.warm_up, arguments.outage = 1, 1, 1, 2, 4
        arguments.nodes = min(arguments.nodes, 20000)
    comparison = Comparison(arguments)
    if not arguments.only_nodes:
        comparison.ceiling()
        comparison.readiness()
        comparison.loads("pipelined reads a second, one server", 1, "read")
        comparison.loads("pipelined reads a second, three servers", 3, "read")
        comparison.loads("pipelined writes a second, three servers", 3, "write")
        comparison.ceiling(", 16 sessions by 16 requests", SIXTEEN)
        comparison.loads("reads a second, 16 sessions by 16 requests", 1, "read", SIXTEEN)
        comparison.loads("writes a second, 16 sessions by 16 requests", 1, "write", SIXTEEN)
        comparison.loads("median latency of a read, one at a time, \u00b5s", 1, "read", ONE, "medianMs")
        comparison.loads("median latency of a write, one at a time, \u00b5s", 1, "write", ONE, "medianMs")
    if arguments.nodes > 0:
        comparison.nodes(arguments.nodes)
    print("\nMedian and, in brackets, the spread of", arguments.rounds, "alternating rounds:\n")
    print(comparison.table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
