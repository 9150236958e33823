#!/usr/bin/env python3
"""Shows that every rule of tidy, and the layer guard of the build, catches a planted violation.

    tidy_test.py ROOT
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tidy  # noqa: E402

ROOT = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]
HEAD = "// What this file is.\n"


class Planted(unittest.TestCase):
    def findings(self, path, text):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / path
            file.parent.mkdir(parents=True)
            file.write_text(text)
            return tidy.Tree(folder, ["base:", "tree:base", "zab:base", "net:zab tree"]).check()

    def assertFinds(self, path, text, words):
        found = self.findings(path, text)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def assertClean(self, path, text):
        self.assertEqual(self.findings(path, text), [])

    def test_undeclared_include(self):
        self.assertFinds("core/tree/a.h", HEAD + '#include "zab/leader.h"\n', "does not depend on zab")
        self.assertClean("core/net/a.h", HEAD + '#include "base/ids.h"\n#include "zab/leader.h"\n')

    def test_a_module_that_this_build_leaves_out_has_no_edges(self):
        self.assertClean("ui/bridge/a.h", HEAD + '#include "tree/path.h"\n')

    def test_asio(self):
        self.assertFinds("core/tree/a.cpp", "#include <boost/asio/io_context.hpp>\n", "only in net")
        self.assertFinds("core/net/a.cpp", "#include <boost/asio.hpp>\n", "never all of it")
        self.assertClean("core/net/a.cpp", "#include <boost/asio/io_context.hpp>\n")

    def test_threads(self):
        self.assertFinds("core/tree/a.cpp", "#include <mutex>\n", "threads")
        self.assertClean("core/net/a.cpp", "#include <thread>\n")

    def test_clocks_and_chance(self):
        self.assertFinds("core/zab/a.cpp", "auto t = std::chrono::steady_clock::now();\n", "clock")
        self.assertFinds("core/zab/a.cpp", "std::random_device device;\n", "clock or chance")
        self.assertFinds("core/zab/a.cpp", "long t = time(nullptr);\n", "clock")
        self.assertClean("core/zab/a.cpp", "// steady_clock in words\nlong a = self.time();\n")

    def test_qt_in_core(self):
        self.assertFinds("core/tree/a.cpp", "#include <QString>\n", "no Qt")

    def test_platform_headers(self):
        self.assertFinds("core/storage/disk.cpp", "#include <unistd.h>\n", "platform")
        self.assertClean("core/storage/disk_posix.cpp", "#include <unistd.h>\n#include <sys/file.h>\n")

    def test_opening_paragraph(self):
        self.assertFinds("core/tree/a.h", "#pragma once\n", "paragraph")

    def test_long_file(self):
        self.assertFinds("core/tree/a.cpp", "int a;\n" * 801, "800 lines")
        self.assertClean("core/tree/a.cpp", "int a;\n" * 800)

    def test_long_function(self):
        body = "    call();\n"
        self.assertFinds("core/tree/a.cpp", "void f() {\n" + body * 70 + "}\n", "function of 72 lines")
        self.assertClean("core/tree/a.cpp", "void f() {\n" + body * 68 + "}\n")
        self.assertFinds("core/tree/a.cpp", "A::A(int b)\n    : b_(b) {\n" + body * 70 + "}\n", "function")

    def test_flat_switch_is_excepted(self):
        cases = "".join(f"    case {n}: return {n};\n" for n in range(90))
        self.assertClean("core/tree/a.cpp", "int f(int a) {\n    switch (a) {\n" + cases + "    }\n}\n")

    def test_layer_guard_of_the_build(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "copy"
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("build", ".git", "vectors"))
            module = copy / "core/jute/CMakeLists.txt"
            module.write_text(module.read_text().replace("DEPENDS", "DEPENDS storage"))
            done = subprocess.run(["cmake", "-S", copy, "-B", copy / "build", "-DVIV_CORE_ONLY=ON", "-G", "Ninja"],
                                  capture_output=True, text=True)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("jute may not depend on storage", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
