"""Services of IT that stand around a cell: DNS, NTP, SNMP, HTTP with Basic, Telnet. Small ones."""

import base64
import http.client
import http.server
import socket
import struct
import threading
import time

from cell import HOSTS, INTERNET

NAMES = {f"{host.station}.plant.example": host.ip for host in HOSTS.values() if host.station}
NAMES["updates.vendor.example"] = INTERNET
NTP_EPOCH = 2_208_988_800
WHEN = 1_772_431_080  # the day of the recording, so that two recordings carry the same times


def background(function, *arguments):
    threading.Thread(target=function, args=arguments, daemon=True).start()


def udp_server(port, answer):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("0.0.0.0", port))
        while True:
            request, peer = server.recvfrom(2048)
            if reply := answer(request):
                server.sendto(reply, peer)


def udp_ask(ip, port, request):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(1)
        client.sendto(request, (ip, port))
        try:
            return client.recv(2048)
        except TimeoutError:
            return b""


# --- DNS (RFC 1035) ----------------------------------------------------------------------------

def dns_question(name):
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return labels + b"\0" + struct.pack(">HH", 1, 1)


def dns_answer(request):
    labels, at = [], 12
    while size := request[at]:
        labels.append(request[at + 1:at + 1 + size].decode())
        at += 1 + size
    ip = NAMES.get(".".join(labels))
    flags = 0x8580 if ip else 0x8583
    head = request[:2] + struct.pack(">HHHHH", flags, 1, 1 if ip else 0, 0, 0)
    record = struct.pack(">HHHIH", 0xC00C, 1, 1, 300, 4) + socket.inet_aton(ip) if ip else b""
    return head + request[12:at + 5] + record


def resolve(name, number):
    request = struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + dns_question(name)
    udp_ask(HOSTS["services"].ip, 53, request)


# --- NTP (RFC 5905) ----------------------------------------------------------------------------

def ntp_time(seconds):
    return struct.pack(">II", int(seconds) + NTP_EPOCH, int(seconds % 1 * 2**32))


def ntp_answer(request):
    now = ntp_time(WHEN + time.monotonic() % 3600)
    head = struct.pack(">BBbbII4s", 0x24, 2, 6, -20, 0, 0, b"\x0a\x14\x00\x01")
    return head + now + request[40:48] + now + now


def ask_time():
    request = b"\x23" + bytes(39) + ntp_time(WHEN + time.monotonic() % 3600)
    udp_ask(HOSTS["services"].ip, 123, request)


# --- SNMP (RFC 1157, 3416): one variable at a time ---------------------------------------------

def ber(kind, value):
    return bytes([kind, len(value)]) + value


OBJECTS = {
    b"\x2b\x06\x01\x02\x01\x01\x01\x00": b"Hirschmann BOBCAT Managed Switch HiOS-2A-09.0.01",
    b"\x2b\x06\x01\x02\x01\x01\x05\x00": b"cell-switch-7",
    b"\x2b\x06\x01\x02\x01\x01\x06\x00": b"South works, body shop, cell 7",
}


def snmp(kind, number, oid, value):
    bind = ber(0x30, ber(0x30, ber(6, oid) + value))
    pdu = ber(kind, ber(2, struct.pack(">H", number)) + ber(2, b"\0") + ber(2, b"\0") + bind)
    return ber(0x30, ber(2, b"\1") + ber(4, b"public") + pdu)


def snmp_answer(request):
    for oid, text in OBJECTS.items():
        if oid in request:
            number = int.from_bytes(request[request.index(b"\xa0") + 4:][:2], "big")
            return snmp(0xA2, number, oid, ber(4, text))
    return b""


def poll_switch(number):
    for place, oid in enumerate(OBJECTS):
        udp_ask(HOSTS["switch"].ip, 161, snmp(0xA0, number + place, oid, b"\x05\x00"))


# --- HTTP with Basic (RFC 9110, 7617) ----------------------------------------------------------

class Pages(http.server.BaseHTTPRequestHandler):
    server_version = "MoxaHttp/2.2"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        known = self.headers.get("Authorization", "").startswith("Basic ")
        body = b"<html><title>NPort 5110</title>weld timer</html>" if known else b""
        self.send_response(200 if known else 401)
        if not known:
            self.send_header("WWW-Authenticate", 'Basic realm="NPort"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def http_server():
    http.server.ThreadingHTTPServer(("0.0.0.0", 80), Pages).serve_forever()


def browse(ip, account, path="/"):
    connection = http.client.HTTPConnection(ip, 80, timeout=3)
    for headers in ({}, {"Authorization": "Basic " + base64.b64encode(account).decode()}):
        connection.request("GET", path, headers=headers)
        connection.getresponse().read()
    connection.close()


def upload(ip, host, data):
    connection = http.client.HTTPConnection(ip, 80, timeout=3)
    connection.request("POST", "/drop", body=data, headers={"Host": host})
    connection.getresponse().read()
    connection.close()


# --- Telnet (RFC 854) --------------------------------------------------------------------------

def telnet_session(peer):
    with peer:
        peer.sendall(b"\xff\xfd\x18\xff\xfb\x01\xff\xfb\x03\r\nNPort 5110\r\nlogin: ")
        account = line(peer)
        peer.sendall(b"\r\nPassword: ")
        line(peer)
        peer.sendall(b"\r\n" + account + b"@weld-timer-7> ")
        while command := line(peer):
            peer.sendall(b"\r\nschedule 4, 8.2 kA, 12 cycles\r\n" + account + b"@weld-timer-7> ")
            if command == b"exit":
                return


def line(peer):
    text = b""
    while not text.endswith(b"\n"):
        part = peer.recv(64)
        if not part:
            return b""
        text += part
    return text.replace(b"\xff\xfc\x18\xff\xfd\x01\xff\xfd\x03", b"").strip()


def telnet_server():
    with socket.create_server(("0.0.0.0", 23)) as server:
        while True:
            background(telnet_session, server.accept()[0])


def telnet(ip, account, password, commands):
    with socket.create_connection((ip, 23), timeout=3) as peer:
        peer.sendall(b"\xff\xfc\x18\xff\xfd\x01\xff\xfd\x03")
        for text in (account, password, *commands):
            time.sleep(0.3)
            peer.recv(512)
            peer.sendall(text + b"\r\n")
        time.sleep(0.3)
