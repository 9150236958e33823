"""Apache's C client (c_client.cpp) against an ensemble of three."""
import os
import subprocess
import unittest

import peers

PROGRAM = os.environ.get("C_CLIENT", "build/release/bin/c_client")


class CClient(unittest.TestCase):
    def run_scenario(self, scenario, between=None):
        with peers.Ensemble([peers.OURS] * 3) as ensemble:
            ensemble.start()
            process = subprocess.Popen([PROGRAM, ensemble.connect_string(), scenario], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True)
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
    unittest.main(verbosity=2)
