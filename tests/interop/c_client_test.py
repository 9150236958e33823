"""Apache's C client (c_client.cpp), and recipes on it (c_recipes.cpp), against an ensemble of three."""
import os
import subprocess
import unittest

import peers

PROGRAM = os.environ.get("C_CLIENT", "build/release/bin/c_client")
RECIPES = os.environ.get("C_RECIPES", "build/release/bin/c_recipes")


class CClient(unittest.TestCase):
    def run_scenario(self, scenario, between=None, program=PROGRAM):
        with peers.Ensemble([peers.OURS] * 3) as ensemble:
            ensemble.start()
            process = subprocess.Popen([program, ensemble.connect_string(), scenario], stdin=subprocess.PIPE,
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

    def test_a_lock(self):
        self.run_scenario("lock", program=RECIPES)

    def test_a_queue(self):
        self.run_scenario("queue", program=RECIPES)


if __name__ == "__main__":
    unittest.main(verbosity=2)
