"""Our server beside Apache's: the same random history, compared answer by answer, as differential.py does it.

DIFFERENTIAL_SEED and DIFFERENTIAL_STEPS play another history.
"""
import contextlib
import io
import os
import time
import unittest
from unittest import mock

import differential
import peers

OURS = peers.OURS
SEED = int(os.environ.get("DIFFERENTIAL_SEED", "1"))
STEPS = int(os.environ.get("DIFFERENTIAL_STEPS", "10000"))


class Differential(unittest.TestCase):
    def test_the_same_history_gives_the_same_answers(self):
        start = time.monotonic()
        duel = differential.run(["apache", OURS], SEED, STEPS)
        print(f"seed {SEED}, {duel.step} steps in {time.monotonic() - start:.0f} s: {duel.summary()}")
        for name in differential.NAMES.values():
            if name != "check":  # it stands in multis
                self.assertGreater(duel.counts[name], 0, name)
        self.assertGreater(duel.counts["event"], STEPS // 20)
        self.assertGreater(duel.counts["succeeded"], STEPS // 3)

    def test_quotas_are_kept_alike(self):
        duel = differential.run(["apache", OURS], SEED, STEPS // 2, quotas=True)
        print(f"with quotas: {duel.summary()}")
        self.assertGreater(duel.counts["beyond a quota"], STEPS // 1000)

    def test_every_member_of_an_ensemble_answers_alike(self):
        for role in ("leader", "follower", "observer"):
            with self.subTest(role):
                duel = self.play_until_apache_answers(role)
                self.assertGreater(duel.counts["succeeded"], STEPS // 30)

    def play_until_apache_answers(self, role):
        for seed in range(SEED, SEED + 3):
            try:
                return differential.run(["apache", OURS], seed, STEPS // 10, role=role)
            except differential.Silence as silence:
                if silence.kind != "apache":
                    raise
        return self.fail("Apache's server was silent in three histories")

    def test_a_difference_is_found_and_said_with_its_seed_and_step(self):
        honest = differential.Peer.stat

        def wrong(peer, reader):
            return {**honest(peer, reader), "cversion": 0} if peer.server.kind == "second" else honest(peer, reader)

        def named(duel, servers, *more):
            servers[1].kind = "second"
            plain(duel, servers, *more)
        plain = differential.Duel.__init__
        with mock.patch.object(differential.Peer, "stat", wrong), mock.patch.object(differential.Duel, "__init__", named):
            with self.assertRaisesRegex(differential.Difference, r"seed 7(.|\n)*--seed 7 --steps \d+"), \
                    contextlib.redirect_stdout(io.StringIO()):  # the servers' logs
                differential.run([OURS, OURS], 7, 2000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
