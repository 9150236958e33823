"""Certificates for the interop tests, made with the openssl program in a folder of the test's own."""
import pathlib
import subprocess

DAY = ["-days", "2"]


def openssl(*words):
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"openssl {' '.join(map(str, words))}: {done.stderr}")


class Authority:
    def __init__(self, folder, name="Interop authority"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key, self.certificate = self.folder / "ca.key", self.folder / "ca.pem"
        self.trust_p12 = self.folder / "ca.p12"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.key,
                "-out", self.certificate, *DAY, "-subj", f"/CN={name}")

    def issue(self, name, subject=(("CN", "localhost"),), alternatives="DNS:localhost,IP:127.0.0.1", until=DAY):
        """A PEM file with a key and its certificate. subject: pairs of type and value; a type that begins with "+" joins
        the set of the one before."""
        config, request = self.folder / f"{name}.cnf", self.folder / f"{name}.csr"
        key, certificate, both = (self.folder / f"{name}.{end}" for end in ("key", "crt", "pem"))
        lines = "".join(f"{'+' if kind.startswith('+') else ''}{number}.{kind.lstrip('+')} = {escape(value)}\n"
                        for number, (kind, value) in enumerate(subject))
        config.write_text(f"[req]\nprompt = no\nutf8 = yes\ndistinguished_name = dn\n[dn]\n{lines}"
                          f"[ext]\n{'subjectAltName = ' + alternatives if alternatives else 'keyUsage = digitalSignature'}\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request,
                "-config", config)
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", *until,
                "-out", certificate, "-extfile", config, "-extensions", "ext")
        both.write_text(key.read_text() + certificate.read_text())
        return both


def escape(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'
