"""pymcprotocol reads, writes, runs and stops a small MELSEC CPU of ours, in four frame formats."""

import struct

import pymcprotocol

import harness

WRONG, OK = 0xC810, 0


def answer(command, bits, words, echo):
    """Data of an answer in binary: what is read, the name of the CPU, or the echo."""
    if command == 0x0401:
        return bytes((words + 1) // 2) if bits else struct.pack(f"<{words}H", *range(words))
    return {0x0101: b"R08CPU          \0\x48", 0x0619: echo}.get(command, b"")


def answer_ascii(command, bits, words, echo):
    """The same as text."""
    if command == 0x0401:
        return b"1" * words if bits else b"".join(b"%04X" % word for word in range(words))
    return {0x0101: b"Q03UDVCPU       0366", 0x0619: echo}.get(command, b"")


def cpu(stream):
    """A connection in whichever of 3E, 4E, binary and ASCII its first bytes are."""
    while True:
        head = harness.exactly(stream, 2)
        if head[1:] in (b"0", b"4"):
            text(stream, head)
        else:
            binary(stream, head)


def binary(stream, head):
    """Subheader u16, serial number (4E), route, length u16, timer, command, subcommand, data."""
    route = harness.exactly(stream, 5 if head[0] == 0x50 else 9)
    (length,) = struct.unpack("<H", harness.exactly(stream, 2))
    body = harness.exactly(stream, length)
    command, sub = struct.unpack("<HH", body[2:6])
    data = body[6:]
    if command == 0x0403:
        found = bytes(2 * data[0] + 4 * data[1])
    else:
        words = struct.unpack("<H", data[-2:])[0] if command == 0x0401 else 0
        found = answer(command, sub & 1, words, data)
    end = WRONG if command == 0x1630 and b"1234" not in data else OK
    if end:
        found = route[-5:] + struct.pack("<HH", command, sub)
    found = struct.pack("<H", end) + found
    stream.sendall(bytes([head[0] | 0x80, 0]) + route + struct.pack("<H", len(found)) + found)


def text(stream, head):
    """The same fields, each byte as two characters."""
    head += harness.exactly(stream, 2)
    route = harness.exactly(stream, 10 if head[1:2] == b"0" else 18)
    body = harness.exactly(stream, int(harness.exactly(stream, 4), 16))
    command, sub = int(body[4:8], 16), int(body[8:12], 16)
    data = body[12:]
    if command == 0x0403:
        found = b"0" * (4 * int(data[:2], 16) + 8 * int(data[2:4], 16))
    else:
        words = int(data[-4:], 16) if command == 0x0401 else 0
        found = answer_ascii(command, sub & 1, words, data)
    found = b"0000" + found
    stream.sendall(b"D" + head[1:] + route + b"%04X" % len(found) + found)


def rows(plc, ascii_frames, password):
    """Call, operation, intent, and what of it is seen.

    pymcprotocol writes the number of a hexadecimal device (X, Y, W) in decimal digits when it
    talks ASCII; SLMP 5.2 (SH-080956ENG) has them in hexadecimal, and a CPU reads them so.
    """
    device = (lambda digits: str(int(digits, 16))) if ascii_frames else (lambda digits: digits)
    x, y, w = device("10"), device("20"), device("A")
    y_last = f"{int(y, 16) + 2:X}"
    w_last = f"{int(w, 16) + 2:X}"
    y160, y2f = device("160"), device("2F")
    observe, operate, administer = "observe", "operate", "administer"
    words, bits = plc.batchread_wordunits, plc.batchread_bitunits
    read_bits = "[1, 1, 1, 1, 1]" if ascii_frames else "[0, 0, 0, 0, 0]"
    return [
        (lambda: words("D100", 3), "read", observe, {"object": "D 100..102", "read": "[0, 1, 2]"}),
        (
            lambda: bits("X10", 5),
            "read",
            observe,
            {"object": f"X {x}..{int(x, 16) + 4:X}", "read": read_bits},
        ),
        (
            lambda: plc.batchwrite_wordunits("W0A", [1, 2, 3]),
            "write",
            operate,
            {"object": f"W {w}..{w_last}", "wrote": "[1, 2, 3]"},
        ),
        (
            lambda: plc.batchwrite_bitunits("Y20", [1, 0, 1]),
            "write",
            operate,
            {"object": f"Y {y}..{y_last}", "wrote": "[1, 0, 1]"},
        ),
        (
            lambda: plc.randomread(["D1", "TN0", "M100"], ["D1500", "Y160"]),
            "read random",
            observe,
            {"object": f"D 1, TN 0, M 100, D 1500, Y {y160}"},
        ),
        (
            lambda: plc.randomwrite(["D7"], [1], ["D9"], [2]),
            "write random",
            operate,
            {"object": "D 7, D 9"},
        ),
        (
            lambda: plc.randomwrite_bitunits(["M50", "Y2F"], [1, 0]),
            "write random",
            operate,
            {"object": f"M 50, Y {y2f}"},
        ),
        (lambda: plc.remote_run(0, True), "remote run", operate, {"object": "forced"}),
        (plc.remote_stop, "remote stop", administer, {}),
        (plc.remote_pause, "remote pause", administer, {}),
        (plc.remote_latchclear, "remote latch clear", administer, {}),
        (plc.read_cputype, "read type name", observe, {}),
        (lambda: plc.remote_unlock(password), "remote password unlock", administer, {}),
        (lambda: plc.remote_lock(password), "remote password lock", administer, {}),
        (lambda: plc.echo_test("abcd"), "self test", "session", {}),
        (plc.remote_reset, "remote reset", administer, {}),
    ]


def main(account):
    harness.serve_tcp(5007, cpu)
    kinds = (pymcprotocol.Type3E, "Q", "1234"), (pymcprotocol.Type4E, "iQ-R", "123456")
    for kind, series, password in kinds:
        for frames in ("binary", "ascii"):
            plc = kind(plctype=series)
            plc.setaccessopt(commtype=frames)
            plc.connect("127.0.0.1", 5007)
            for call, operation, intent, fields in rows(plc, frames == "ascii", password):
                call()
                seen = f"{kind.__name__} {frames} {operation}"
                # The answer does not repeat the devices of random access and of `forced`.
                place = fields.pop("object", None)
                read, wrote = fields.pop("read", ()), fields.pop("wrote", ())
                asked = {"object": place, "values": harness.texts(wrote)}
                account.line(seen, "request", operation, intent=intent, **asked)
                got = {"outcome": "ok", "values": harness.texts(read)}
                account.line(seen, "response", operation, intent=intent, **got)
            plc.close()
    plc = pymcprotocol.Type3E(plctype="Q")
    plc.connect("127.0.0.1", 5007)
    refused = harness.attempt(plc.remote_unlock, "9999")
    harness.check("a wrong password", "C810" in str(refused), True)
    fields = {"intent": "administer", "outcome": "remote password error, authentication failed"}
    account.exchange("remote_unlock(9999)", "remote password unlock", **fields)
    plc.close()


harness.record(main, "pymcprotocol", ["melsec"])
