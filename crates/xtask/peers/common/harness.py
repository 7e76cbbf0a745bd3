"""What every peer script shares: the recording, the account of what the peer did, small servers.

A script is started by `cargo xtask peers` in a network namespace of its own, with two files: one
for the capture, one for the account. It drives somebody else's client or server and writes, as
JSON lines, what that peer was told to do and what it says that it got. It never looks at the
recorded bytes, and it knows Lightcurtain only by the names of operations.
"""

import hashlib
import importlib.metadata
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

#: Seconds after which a script that hangs is ended.
LIMIT_S = 150
#: Each packet at once, and room for many: a packet takes a place of the longest length.
TCPDUMP = ("-s", "66000", "-B", "131072", "-U", "--immediate-mode", "-Z", "root")
#: Seconds that the last packets get to reach the capture.
SETTLE_S = 0.6


class Account:
    """The JSON lines: what the peer did and saw, in order."""

    def __init__(self, protocol):
        self.protocol = protocol

    def line(self, call, kind, operation, **fields):
        """One message: a request, a response, or a notice that nobody asked for.

        Fields that are not given are not compared: `object`, `intent`, `outcome`, `values` (texts
        that all stand in the message's values), `anomaly` (what is wrong with it on purpose).
        """
        said = {"call": call, "kind": kind, "operation": operation, **fields}
        said.setdefault("protocol", self.protocol)
        write({"said": {key: value for key, value in said.items() if value is not None}})

    def exchange(self, call, operation, outcome="ok", wrote=(), read=(), **fields):
        """A request that was answered; `wrote` and `read` are texts in either's values."""
        self.line(call, "request", operation, values=texts(wrote), **fields)
        self.line(call, "response", operation, outcome=outcome, values=texts(read), **fields)

    def program(self, call, kind, content, **fields):
        """A program or file that the peer sent or received whole."""
        found = hashlib.sha256(content).hexdigest()
        said = {"call": call, "kind": kind, "hash": f"sha256:{found}", "bytes": len(content)}
        write({"program": {"protocol": self.protocol, **said, **fields}})


def texts(values):
    """One text or many, as a list."""
    return [values] if isinstance(values, str) else [str(value) for value in values]


def write(value):
    """One JSON line that the tool reads."""
    ACCOUNT.write(json.dumps(value) + "\n")


def attempt(call, *arguments):
    """What the peer returns, or the text of what it raises: both are an answer."""
    try:
        return call(*arguments)
    except Exception as error:  # peers raise all kinds of errors for a refusal
        return f"{type(error).__name__}: {error}"


def check(what, found, expected):
    """Ends the script when the peer itself did not get what its server gave."""
    if found != expected:
        raise AssertionError(f"{what}: the peer got {found!r} instead of {expected!r}")


def version(package, otherwise=""):
    """The installed version of the peer."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return otherwise


def fingerprint(module):
    """What stands for the version of a peer that has none."""
    with open(module.__file__, "rb") as file:
        return "sha256:" + hashlib.sha256(file.read()).hexdigest()[:12]


def exactly(stream, count):
    """So many bytes of a connection; the end of the connection ends its server."""
    found = b""
    while len(found) < count:
        part = stream.recv(count - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def serve_tcp(port, talk, address="127.0.0.1"):
    """Gives every connection to `talk`, each in a thread of its own."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(8)

    def guarded(stream):
        try:
            talk(stream)
        except (EOFError, OSError):
            stream.close()

    def accept():
        while True:
            stream, _ = listener.accept()
            thread(guarded, stream)

    thread(accept)


def serve_udp(port, answers, address="127.0.0.1"):
    """Sends every datagram that `answers` gives for one that came."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, port))

    def answer():
        while True:
            request, sender = server.recvfrom(65535)
            for reply in answers(request):
                server.sendto(reply, sender)

    thread(answer)


def thread(work, *arguments):
    """Work that ends with the script."""
    threading.Thread(target=work, args=arguments, daemon=True).start()


def wait_for(port, address="127.0.0.1"):
    """Waits until a server listens, without connecting to it."""
    wanted = f":{port:04X} 00000000:0000 0A"
    wanted6 = f":{port:04X} 00000000000000000000000000000000:0000 0A"
    for _ in range(200):
        tables = open("/proc/net/tcp").read() + open("/proc/net/tcp6").read()
        if wanted in tables or wanted6 in tables:
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on {address}:{port}")


def scratch(name):
    """A path for a file of the peer, beside the capture."""
    return os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), name)


def record(work, peer, protocols, beside=(), release=None, device="lo", at_once=False):
    """Records `work(account)` and writes the account.

    `protocols`: all that Lightcurtain may see; the account is of the first where a line does not
    name one. `beside`: operations that the peer does by itself and does not tell its user of.
    `at_once`: several peers act at once, so that only messages of one operation have an order.
    """
    signal.alarm(LIMIT_S)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    head = {"peer": peer, "version": release or version(peer), "at_once": at_once}
    write({"head": {**head, "protocols": list(protocols), "beside": list(beside)}})
    command = ["tcpdump", "-i", device, *TCPDUMP, "-w", sys.argv[1]]
    capture = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in capture.stderr:
        if "listening on" in line:
            break
    else:
        raise RuntimeError("tcpdump does not listen")
    work(Account(protocols[0]))
    time.sleep(SETTLE_S)
    capture.send_signal(signal.SIGINT)
    if "\n0 packets dropped by kernel" not in capture.stderr.read():
        raise RuntimeError("tcpdump lost packets; run the peer again")
    write({"end": True})
    ACCOUNT.flush()
    os._exit(0)


#: Not the standard output: peers print there what they like.
ACCOUNT = open(sys.argv[2], "w", encoding="utf-8")
