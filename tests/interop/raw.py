"""A client in raw bytes: a session that can vanish without a word, and bytes that no client sends."""
import socket
import struct


class Stream:
    """Frames on a connection to a client port; nothing is said unasked, not even the handshake."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.unread = b""

    def send(self, payload):
        self.socket.sendall(struct.pack(">i", len(payload)) + payload)

    def receive(self):
        size = struct.unpack(">i", self.exactly(4))[0]
        return self.exactly(size)

    def exactly(self, size):
        while len(self.unread) < size:
            piece = self.socket.recv(65536)
            if not piece:
                raise ConnectionError("the server closed the connection")
            self.unread += piece
        data, self.unread = self.unread[:size], self.unread[size:]
        return data


class RawClient(Stream):
    def __init__(self, port, timeout_ms=4000, session=0, password=bytes(16), last_zxid=0):
        super().__init__(port)
        self.send(struct.pack(">iqiqi", 0, last_zxid, timeout_ms, session, 16) + password + b"\0")
        answer = self.receive()
        self.timeout_ms, self.session = struct.unpack(">iq", answer[4:16])
        self.password = answer[20:36]
        self.xid = 0

    def request(self, op, body=b""):
        """(error, zxid, body) of the answer; watch events on the way are passed over."""
        self.xid += 1
        self.send(struct.pack(">ii", self.xid, op) + body)
        while True:
            answer = self.receive()
            xid, zxid, error = struct.unpack(">iqi", answer[:16])
            if xid == self.xid:
                return error, zxid, answer[16:]

    def create(self, path, data=b"", flags=0):
        acl = struct.pack(">ii", 1, 31) + text("world") + text("anyone")
        return self.request(1, text(path) + struct.pack(">i", len(data)) + data + acl + struct.pack(">i", flags))

    def get(self, path):
        error, _, body = self.request(4, text(path) + b"\0")
        return error, body[4:4 + struct.unpack(">i", body[:4])[0]] if error == 0 else None

    def vanish(self):
        self.socket.close()


def text(value):
    raw = value.encode(errors="surrogatepass")
    return struct.pack(">i", len(raw)) + raw
