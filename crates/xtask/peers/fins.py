"""fins reads, writes, programs, runs and stops a small CJ2 CPU of ours, over UDP and TCP."""

import struct

import fins.fins_common
import fins.tcp
import fins.udp

import harness

#: What is in the program area, and what is written into it.
KEPT = bytes(index * 7 & 0xFF for index in range(1000))
SENT = bytes(index * 3 & 0xFF for index in range(900))


def answer(frame):
    """Header of ten bytes with source and destination swapped, command, end code, data."""
    command, data = frame[10:12], frame[12:]
    found = b"\0\0"
    if command == b"\1\1":
        count = struct.unpack(">H", data[4:6])[0]
        found += struct.pack(f">{count}H", *range(count))
    elif command == b"\3\6":
        start, count = struct.unpack(">IH", data[2:8])
        part = KEPT[start : start + (count & 0x7FFF)]
        last = 0x8000 if start + len(part) >= len(KEPT) else 0
        found += data[:6] + struct.pack(">H", len(part) | last) + part
    elif command == b"\3\7":
        found += data[:8]
    elif command == b"\5\1":
        found += b"CJ2M-CPU33".ljust(20) + b"02.01".ljust(20) + bytes(52)
    elif command == b"\6\1":
        found += bytes(26)
    head = bytes([frame[0] | 0x40]) + frame[1:3] + frame[6:9] + frame[3:6] + frame[9:12]
    return head + found


def talk(stream):
    """FINS/TCP: `FINS`, length u32, command u32, error u32; first the node addresses."""
    while True:
        _, length, command, _ = struct.unpack(">4sIII", harness.exactly(stream, 16))
        body = harness.exactly(stream, length - 8)
        if command == 0:
            stream.sendall(b"FINS" + struct.pack(">IIIII", 16, 1, 0, 10, 1))
        else:
            found = answer(body)
            stream.sendall(b"FINS" + struct.pack(">III", len(found) + 8, 2, 0) + found)


def one_by_one(account, connection, area, path):
    """What is one command each."""
    execute, frame = connection.execute_fins_command_frame, connection.fins_command_frame
    write = connection.memory_area_write
    rows = [
        (
            lambda: connection.memory_area_read(area, b"\0\x64\0", 3),
            "memory area read",
            {"intent": "observe", "object": "D 100..102", "read": "[0, 1, 2]"},
        ),
        (
            lambda: write(area, b"\0\x64\0", b"\0\1\0\2", 2),
            "memory area write",
            {"intent": "operate", "object": "D 100..101", "wrote": "[1, 2]"},
        ),
        (connection.cpu_unit_data_read, "controller data read", {"intent": "observe"}),
        (connection.cpu_unit_status_read, "controller status read", {"intent": "observe"}),
        (connection.change_to_run_mode, "run", {"intent": "operate"}),
        (connection.change_to_program_mode, "stop", {"intent": "administer"}),
        (
            lambda: execute(frame(b"\x0c\x02", b"\xff\xff")),
            "access right forced acquire",
            {"intent": "administer"},
        ),
        (
            lambda: execute(frame(b"\x03\x08", b"\xff\xff\0")),
            "program area clear",
            {"intent": "program"},
        ),
    ]
    for call, operation, fields in rows:
        harness.check(operation, call()[12:14], b"\0\0")
        account.exchange(f"{path} {operation}", operation, **fields)


def programs(account, connection, path):
    """Programs to the CPU and back.

    file_to_plc_program counts its pieces by 992 bytes and sends 400 in each, so that only a
    program shorter than one piece arrives whole; a longer one is written piece by piece here.
    """
    source, target = harness.scratch("sent.bin"), harness.scratch("got.bin")
    with open(source, "wb") as file:
        file.write(SENT[:300])
    connection.file_to_plc_program(source)
    call = f"{path} file_to_plc_program"
    account.exchange(call, "stop", intent="administer")
    fields = {"object": "program byte 0..299", "intent": "program"}
    account.exchange(call, "program area write", **fields)
    account.exchange(call, "run", intent="operate")
    account.program(call, "OMRON program", SENT[:300])

    call = f"{path} program_area_write"
    for start in range(0, len(SENT), 400):
        part = SENT[start : start + 400]
        end = start + len(part)
        last = 0x8000 if end == len(SENT) else 0
        connection.program_area_write(start, len(part) | last, part)
        fields = {"object": f"program byte {start}..{end - 1}", "intent": "program"}
        account.exchange(call, "program area write", **fields)
    account.program(call, "OMRON program", SENT)

    connection.plc_program_to_file(target)
    with open(target, "rb") as file:
        got = file.read()
    call = f"{path} plc_program_to_file"
    for start in range(0, len(KEPT), 400):
        fields = {"object": f"program byte {start}..{start + 399}", "intent": "observe"}
        account.exchange(call, "program area read", **fields)
    account.program(call, "OMRON program", got)


def main(account):
    harness.serve_udp(9600, lambda request: [answer(request)])
    harness.serve_tcp(9600, talk)
    area = fins.fins_common.FinsPLCMemoryAreas().DATA_MEMORY_WORD
    for kind in (fins.udp.UDPFinsConnection, fins.tcp.TCPFinsConnection):
        connection = kind()
        if kind is fins.udp.UDPFinsConnection:
            connection.connect("127.0.0.1", bind_port=9777)
            connection.dest_node_add, connection.srce_node_add = 1, 10
        else:
            connection.connect("127.0.0.1")
            account.line("connect", "request", "client node address send", intent="session")
            fields = {"intent": "session", "outcome": "ok"}
            account.line("connect", "response", "server node address send", **fields)
        one_by_one(account, connection, area, kind.__name__)
        programs(account, connection, kind.__name__)


harness.record(main, "fins", ["fins"])
