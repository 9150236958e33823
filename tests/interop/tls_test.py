"""TLS: our client to Apache's server, kazoo and Apache's shell to ours, and the names that certificates give their owners
on either server."""
import os
import pathlib
import shutil
import socket
import ssl
import struct
import subprocess
import tempfile
import unittest

from kazoo.client import KazooClient

import peers
from certificates import Authority
from raw import Stream, text

VIV = os.path.abspath(peers.VIV)
NETTY = ["-Dzookeeper.serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory"]
# What stands in a certificate; the two servers must make the same identity of it.
SUBJECTS = [
    (("CN", "jo"),),
    (("C", "DE"), ("ST", "Some, State"), ("O", "Acme #1"), ("+OU", "x"), ("CN", "jo")),
    (("DC", "org"), ("DC", "example"), ("UID", "u1"), ("CN", "Jürgen \"q\"")),
    (("emailAddress", "a@b.c"), ("serialNumber", "77"), ("CN", "a+b=c<d>e;f\\g")),
    (("street", "One way"), ("L", "There"), ("SN", "Doe"), ("CN", "#leads")),
]


class TlsStream(Stream):
    def __init__(self, port, authority, certificate):
        super().__init__(port)
        context = ssl.create_default_context(cafile=authority.certificate)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
        self.send(struct.pack(">iqiqi", 0, 0, 10000, 0, 16) + bytes(16) + b"\0")
        self.receive()

    def request(self, xid, op, body):
        self.send(struct.pack(">ii", xid, op) + body)
        answer = self.receive()
        return struct.unpack(">i", answer[12:16])[0], answer[16:]

    def own_acl(self, path):
        """The ACL of a znode that is made for its creator alone."""
        acl = struct.pack(">ii", 1, 31) + text("auth") + text("")
        error, _ = self.request(1, 1, text(path) + struct.pack(">i", 0) + acl + struct.pack(">i", 0))
        return self.request(2, 6, text(path))[1] if error == 0 else error


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="vivarium-tls-"))
        cls.authority = Authority(cls.folder / "ours")
        cls.stranger = Authority(cls.folder / "other", "Another authority")
        cls.own = cls.authority.issue("server")
        cls.client = cls.authority.issue("client", (("O", "Acme"), ("CN", "jo")), "")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    def server(self, kind, extra="", own=None):
        port = peers.free_ports(1)[0]
        config = (f"secureClientPort={port}\nsecureClientPortAddress=127.0.0.1\nssl.keyStore.location={own or self.own}\n"
                  f"ssl.trustStore.location={self.authority.certificate}\n{extra}")
        ensemble = peers.Ensemble([kind], extra=config, java=NETTY)
        self.addCleanup(ensemble.__exit__, None)
        ensemble.start()
        peers.wait_for("the secure port", lambda: socket.create_connection(("127.0.0.1", port), timeout=5).close() is None)
        return ensemble, port

    def shell(self, port, *words, configuration=None, host="127.0.0.1"):
        if configuration is None:
            words = ("--trust", self.authority.certificate, "--cert", self.client, *words)
        else:
            file = self.folder / f"client-{port}.properties"
            file.write_text("".join(f"zookeeper.{key}={value}\n" for key, value in configuration.items()))
            words = ("-client-configuration", file, *words)
        return subprocess.run([VIV, "shell", "-server", f"{host}:{port}", *map(str, words)], capture_output=True, text=True,
                              timeout=60)

    def configuration(self, **changes):
        return {"client.secure": "true", "clientCnxnSocket": "org.apache.zookeeper.ClientCnxnSocketNetty",
                "ssl.keyStore.location": self.client, "ssl.trustStore.location": self.authority.certificate,
                **{key.replace("_", "."): value for key, value in changes.items()}}

    def check_shell(self, port):
        for host in ("127.0.0.1", "localhost"):
            self.assertEqual(self.shell(port, "create", f"/by-{host}", "value", host=host).returncode, 0)
        self.assertIn("value", self.shell(port, "get", "/by-localhost", configuration=self.configuration()).stdout)
        wrong = self.shell(port, "ls", "/", configuration=self.configuration(ssl_trustStore_location=self.stranger.certificate))
        self.assertEqual(wrong.returncode, 3, wrong)
        self.assertIn("was not made by an authority that ssl.trustStore.location", wrong.stderr)
        unknown = self.shell(port, "ls", "/", configuration=self.configuration(ssl_keyStore_location=self.stranger.issue("unknown")))
        self.assertEqual(unknown.returncode, 3, unknown)
        self.assertIn("does not accept our certificate", unknown.stderr)

    def test_our_shell_and_apaches_server(self):
        _, port = self.server("apache")
        self.check_shell(port)

    def test_our_shell_and_apaches_server_over_tls_1_3(self):
        _, port = self.server("apache", "ssl.protocol=TLSv1.3\nssl.enabledProtocols=TLSv1.3\nssl.ciphersuites=TLS_AES_256_GCM_SHA384\n")
        self.assertEqual(self.shell(port, "create", "/a", "x").returncode, 0)
        older = self.shell(port, "ls", "/", configuration=self.configuration(ssl_enabledProtocols="TLSv1.2"))
        self.assertEqual(older.returncode, 3, older)
        self.assertIn("protocol", older.stderr)

    def test_our_shell_and_our_server(self):
        _, port = self.server("vivarium")
        self.check_shell(port)

    def test_an_expired_certificate(self):
        expired = self.authority.issue("expired", until=["-days", "-1"])
        for kind in ("apache", "vivarium"):
            _, port = self.server(kind, own=expired)
            refused = self.shell(port, "ls", "/")
            self.assertEqual(refused.returncode, 3, refused)
            self.assertIn("has expired", refused.stderr)

    def test_kazoo_and_our_server(self):
        ensemble, port = self.server("vivarium")
        key, certificate = self.client.with_suffix(".key"), self.client.with_suffix(".crt")
        zk = KazooClient(f"127.0.0.1:{port}", use_ssl=True, ca=str(self.authority.certificate), certfile=str(certificate),
                         keyfile=str(key), verify_certs=True)
        self.addCleanup(zk.close)
        self.addCleanup(zk.stop)
        zk.start(timeout=30)
        value = os.urandom(900_000)
        zk.create("/kazoo", value, ephemeral=True)
        self.assertEqual(zk.get("/kazoo")[0], value)
        plain = KazooClient(ensemble.servers[0].address)
        self.addCleanup(plain.close)
        self.addCleanup(plain.stop)
        plain.start(timeout=30)
        self.assertEqual(plain.get("/kazoo")[0], value)

    def test_apaches_shell_and_our_server(self):
        for protocols in ("TLSv1.2", "TLSv1.3"):
            _, port = self.server("vivarium", f"ssl.enabledProtocols={protocols}\n")
            properties = self.configuration(ssl_protocol=protocols, ssl_enabledProtocols=protocols)
            if protocols == "TLSv1.3":
                properties["ssl.ciphersuites"] = "TLS_AES_128_GCM_SHA256"
            shell = subprocess.run(
                ["java", "-cp", peers.JAVA_CLASSPATH, *(f"-Dzookeeper.{key}={value}" for key, value in properties.items()),
                 "org.apache.zookeeper.ZooKeeperMain", "-server", f"localhost:{port}", "create", "/by-java", "value"],
                capture_output=True, text=True, timeout=60)
            self.assertIn("Created /by-java", shell.stdout + shell.stderr)

    def test_both_servers_make_the_same_name_of_a_certificate(self):
        identities = {}
        certificates = [self.authority.issue(f"name{number}", subject, "") for number, subject in enumerate(SUBJECTS)]
        for kind in ("apache", "vivarium"):
            _, port = self.server(kind)
            identities[kind] = [TlsStream(port, self.authority, certificate).own_acl(f"/n{number}")[:-68]
                                for number, certificate in enumerate(certificates)]
        self.assertEqual(identities["apache"], identities["vivarium"])
        self.assertIn(b"CN=jo,", identities["apache"][1])

    def test_both_servers_take_the_same_ids_for_names(self):
        answers = {}
        for kind in ("apache", "vivarium"):
            _, port = self.server(kind)
            stream = TlsStream(port, self.authority, self.client)
            answers[kind] = {}
            for number, identity in enumerate(["CN=foo", "nonsense", "", "FOO=1", "1.2.3=x", 'cn = a ; o="b,c"', "CN=a,", "CN=",
                                               "emailAddress=a@b", "CN=a+O=b", "DNQ=3,S=5,T=2", "CN=a\\,b", "OID.2.5.4.3=x"]):
                acl = struct.pack(">ii", 1, 31) + text("x509") + text(identity)
                answers[kind][identity] = stream.request(
                    number + 1, 1, text(f"/i{number}") + struct.pack(">i", 0) + acl + struct.pack(">i", 0))[0]
        self.assertEqual(answers["apache"], answers["vivarium"])
        self.assertEqual(sorted(set(answers["apache"].values())), [-114, 0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
