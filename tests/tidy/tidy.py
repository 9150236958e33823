#!/usr/bin/env python3
"""tidy: the rules of STYLE.md and ARCHITECTURE.md that a program can check.

    tidy.py ROOT MODULES     MODULES: lines "name:dependency dependency", as zk_module() was told them

Prints one line per violation, "file:line: what is wrong", and exits with 1 if there is any.
"""
import pathlib
import re
import sys

LINES_MAX = 800
FUNCTION_LINES_MAX = 70
SOURCES = {".h", ".cpp"}

THREAD_HEADERS = {"thread", "mutex", "shared_mutex", "condition_variable", "future", "semaphore", "latch", "barrier", "stop_token"}
THREAD_PLACES = ("core/net/", "core/launch/", "core/sim/job_runner", "core/ensemble/mailbox.h", "ui/bridge/", "app/", "tests/")
ASIO_PLACES = ("core/net/", "core/launch/", "app/", "tests/")
MACHINES = ("core/base/", "core/jute/", "core/trace/", "core/config/", "core/tree/", "core/storage/", "core/election/",
            "core/zab/", "core/admin/", "core/server/", "core/client/", "core/sim/")
PLATFORM_HEADER = re.compile(r"^(windows\.h|winsock2?\.h|ws2tcpip\.h|io\.h|unistd\.h|fcntl\.h|dirent\.h|poll\.h|pwd\.h|signal\.h|"
                             r"termios\.h|netdb\.h|spawn\.h|histedit\.h|sys/.*|arpa/.*|netinet/.*|net/if\.h|linux/.*|mach/.*)$")
PLATFORM_FILE = re.compile(r"_(posix|windows|linux|macos|unix)\.(h|cpp)$")
CLOCK = re.compile(r"\b(steady_clock|system_clock|high_resolution_clock|clock_gettime|gettimeofday|random_device)\b"
                   r"|(?<![\w.>:])(s?rand|time)\s*\(\s*(\)|NULL|nullptr|0\s*\))")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def blank(text):
    """The same text with comments, strings and characters blanked out, so that only code is left, on its lines."""
    pattern = re.compile(r'R"(\w*)\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def empty(match):
        if match.group(0)[0] == "'" and match.start() > 0 and text[match.start() - 1].isalnum():
            return match.group(0)  # a digit separator: 1'000
        return re.sub(r"[^\n]", " ", match.group(0))

    return pattern.sub(empty, text)


def functions(code):
    """Yields (first line, number of lines, body) of every function body: a brace that follows a parameter list."""
    stack = []
    head_start = 0
    for match in re.finditer(r"[{};]", code):
        sign, at = match.group(0), match.start()
        if sign == "{":
            head = code[head_start:at]
            is_function = bool(re.search(r"\)\s*(const|noexcept|override|final|mutable|&|\s)*(->[\w:<>,&*\s]+)?(\s*:\s*[\w:<>]+[({].*)?\s*$",
                                         head, re.S))
            is_control = bool(re.search(r"(^|[^\w])(if|for|while|switch|catch|namespace|class|struct|enum|union|do|else|try)\b[^;]*$",
                                        head.strip().split("\n")[-1] if head.strip() else ""))
            stack.append((at, is_function and not is_control and "namespace" not in head))
        elif sign == "}" and stack:
            start, is_function = stack.pop()
            if is_function and not any(outer for _, outer in stack):
                body = code[start:at + 1]
                yield code.count("\n", 0, start) + 1, body.count("\n") + 1, body
        head_start = match.end()


def is_flat_switch(body):
    """A switch whose cases are one line each: long, but read at a glance."""
    lines = [line.strip() for line in body.splitlines() if line.strip(" {}")]
    cases = sum(1 for line in lines if re.match(r"(case\b.*|default\s*):", line))
    return "switch" in body and cases * 2 >= len(lines)


def place(path, places):
    return any(path.startswith(start) for start in places)


class Tree:
    def __init__(self, root, modules):
        self.root = pathlib.Path(root)
        self.below = {}
        for line in modules:
            name, _, dependencies = line.strip().partition(":")
            if name:
                self.below[name] = set(dependencies.split())
        changed = True
        while changed:  # edges are transitive
            changed = False
            for name, direct in self.below.items():
                whole = set(direct)
                for dependency in direct:
                    whole |= self.below.get(dependency, set())
                if whole != direct:
                    self.below[name], changed = whole, True
        self.found = []

    def say(self, path, line, what):
        self.found.append(f"{path}:{line}: {what}")

    def check(self):
        for folder in ("core", "ui", "app", "tests"):
            for file in sorted((self.root / folder).rglob("*")):
                if file.suffix in SOURCES and file.is_file():
                    self.check_file(file, file.relative_to(self.root).as_posix())
        return self.found

    def check_file(self, file, path):
        text = file.read_text(encoding="utf-8")
        code = blank(text)
        lines = text.splitlines()
        if len(lines) > LINES_MAX:
            self.say(path, len(lines), f"the file has more than {LINES_MAX} lines")
        if file.suffix == ".h" and not (lines and lines[0].startswith("//")):
            self.say(path, 1, "a header opens with a paragraph that says what it is")
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if match:
                self.check_include(path, number, match.group(2), match.group(1) == '"')
        if place(path, MACHINES):
            for match in CLOCK.finditer(code):
                self.say(path, code.count("\n", 0, match.start()) + 1, f"a machine uses a clock or chance of its own: {match.group(0).strip()}")
        if not path.startswith("tests/"):
            for line, length, body in functions(code):
                if length > FUNCTION_LINES_MAX and not is_flat_switch(body):
                    self.say(path, line, f"a function of {length} lines; {FUNCTION_LINES_MAX} is the most")

    def check_include(self, path, line, name, own):
        if name in THREAD_HEADERS and not place(path, THREAD_PLACES):
            self.say(path, line, f"threads stand only in the places that ARCHITECTURE.md names: <{name}>")
        if name == "boost/asio.hpp" or name.startswith("boost/beast.hpp"):
            self.say(path, line, "include the parts of Asio that are used, never all of it")
        if re.match(r"boost/(asio|beast|process)\b", name) and not place(path, ASIO_PLACES):
            self.say(path, line, f"Asio stands only in net and launch: {name}")
        if path.startswith("core/") and re.match(r"(Q[A-Z]|Qt[A-Z])", name):
            self.say(path, line, f"no Qt in the core: {name}")
        if path.startswith("ui/") and "QtConcurrent" in name and not path.startswith("ui/models/"):
            self.say(path, line, "QtConcurrent stands only in ui/models")
        if PLATFORM_HEADER.match(name) and not PLATFORM_FILE.search(path) and not path.startswith("tests/"):
            self.say(path, line, f"a platform's header outside a file named for the platform: {name}")
        if own:
            self.check_edge(path, line, name)

    def check_edge(self, path, line, name):
        parts = path.split("/")
        if parts[0] not in ("core", "ui") or len(parts) < 3:
            return
        module, target = parts[1], name.split("/")[0]
        if module not in self.below:
            return  # this build leaves it out
        if target in self.below and target != module and target not in self.below[module]:
            self.say(path, line, f"{module} includes {name}, but does not depend on {target}")


def main():
    found = Tree(sys.argv[1], pathlib.Path(sys.argv[2]).read_text().splitlines()).check()
    print("\n".join(found) if found else "tidy")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
