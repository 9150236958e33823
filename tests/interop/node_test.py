"""The Node client, node-zookeeper-client (node/client.js), against an ensemble of three. npm fetches the version that the lock
file names into the build folder; where there is no node or npm, or npm reaches no registry, the test is skipped and says so."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import peers

HERE = pathlib.Path(__file__).parent / "node"
FOLDER = pathlib.Path(os.environ.get("NODE_FOLDER") or pathlib.Path(tempfile.gettempdir()) / "vivarium-interop-node")
SKIPPED = 77


def fetch():
    """Why the client cannot be had; nothing where it is there."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "node and npm are not installed"
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "client.js"):
        shutil.copy(HERE / name, FOLDER / name)
    ran = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=FOLDER, timeout=180, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return f"npm ci: {ran.stdout}" if ran.returncode else None


class NodeClient(unittest.TestCase):
    def run_scenario(self, scenario, between=None):
        with peers.Ensemble([peers.OURS] * 3) as ensemble:
            ensemble.start()
            process = subprocess.Popen(["node", "client.js", ensemble.connect_string(), scenario], cwd=FOLDER,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if between:
                self.assertEqual(process.stdout.readline(), "ready\n")
                between(ensemble)
            out, _ = process.communicate("go\n", timeout=120)
            self.assertEqual((process.returncode, out), (0, "done\n"))

    def test_basics(self):
        self.run_scenario("basics")

    def test_reconnect_after_the_leader_is_killed(self):
        def kill(ensemble):
            ensemble.leader().kill()
            peers.wait_for("a new leader", lambda: ensemble.leader())
        self.run_scenario("reconnect", kill)


if __name__ == "__main__":
    missing = fetch()
    if missing:
        print(f"skipped: {missing}")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
