"""fs100 reads, writes, starts, moves and transfers jobs with a small YRC controller of ours."""

import os
import struct

import fs100
import harness

FS100 = fs100.FS100
JOB = b"/JOB\r\n//NAME WELD\r\n" + b"Y" * 900 + b"\r\nEND\r\n"
KEPT = b"/JOB\r\n//NAME PICK\r\n" + b"X" * 600 + b"\r\nEND\r\n"
#: Bytes of a file in one datagram, as fs100 sends them and as we answer.
BLOCK = 400
LAST = 0x80000000
WORDS = struct.pack("<13i", *range(13))
READINGS = {
    0x70: struct.pack("<III", 4107, 0, 0) + b"2020/01/01 00:00" + b"ALARM".ljust(32, b"\0"),
    0x71: struct.pack("<III", 4107, 0, 0) + b"2020/01/01 00:00" + b"ALARM".ljust(32, b"\0"),
    0x72: struct.pack("<II", 0x46, 0x40),
    0x73: b"WELD-A1".ljust(32, b"\0") + struct.pack("<III", 3, 1, 10000),
    0x74: b"".join(b"J%d  " % axis for axis in range(1, 9)),
    0x75: WORDS,
    0x76: WORDS,
    0x77: WORDS,
    0x88: b"2020/01/01 00:00" + b"0001:00'00".ljust(12),
    0x89: b"FS3.90A(EN/JP)-00".ljust(24, b"\0") + b"MH5L".ljust(16, b"\0") + b"3.90".ljust(8),
}
VARIABLES = {
    0x78: b"\x05",
    0x79: struct.pack("<H", 65533),
    0x7A: b"\x05",
    0x7B: struct.pack("<h", -3),
    0x7C: struct.pack("<i", -70000),
    0x7D: struct.pack("<f", 1.5),
    0x7E: b"HELLO".ljust(16, b"\0"),
    0x7F: WORDS,
}


class Controller:
    """Answers as a controller: `YERC`, header, then service, status and data."""

    def __init__(self):
        self.transfer = None

    @staticmethod
    def reply(request, block, data=b"", status=0, added=0):
        """One datagram that answers `request`."""
        division, number, service = request[9], request[11], request[29]
        head = struct.pack("<HHBBBBI", 0x20, len(data), 3, division, 1, number, block)
        extra = 1 if added else 0
        head += b"99999999" + struct.pack("<BBBBHH", service | 0x80, status, extra, 0, added, 0)
        return b"YERC" + head + data

    def robot(self, request):
        """Robot control: one answer to each request."""
        command, service = struct.unpack("<H", request[24:26])[0], request[29]
        if command == 0x86:
            return [self.reply(request, LAST, status=0x1F, added=0x2070)]
        data = VARIABLES.get(command, b"") if service in (0x01, 0x0E) else b""
        if 0x300 <= command <= 0x309:
            count = struct.unpack("<I", request[32:36])[0]
            data = struct.pack("<I", count) + struct.pack("<3h", 7, 8, 9)
        return [self.reply(request, LAST, READINGS.get(command, data))]

    def file(self, request):
        """File control: blocks, each acknowledged before the next."""
        service, data = request[29], request[32:]
        block = struct.unpack("<I", request[12:16])[0]
        if request[10] == 0:
            self.transfer = data.split(b"\0")[0]
            if service == 0x32:
                return [self.reply(request, LAST | 1, b"PICK.JBI\r\nWELD.JBI\r\n")]
            if service == 0x16 and self.transfer == b"PICK.JBI":
                return [self.reply(request, 1, KEPT[:BLOCK])]
            if service == 0x16:
                return [self.reply(request, LAST, status=0x1F, added=0xE2B3)]
            return [self.reply(request, LAST if service == 0x09 else 0)]
        if service == 0x15:
            return [self.reply(request, block)]
        if service == 0x16 and not block & LAST:
            part = KEPT[BLOCK * block : BLOCK * (block + 1)]
            last = LAST if BLOCK * (block + 1) >= len(KEPT) else 0
            return [self.reply(request, (block + 1) | last, part)]
        return []


def read_all(client, account):
    """Everything that the client can ask for."""
    info = {}

    def ask(call, operation, *arguments, read=(), **fields):
        harness.check(operation, call(*arguments), 0)
        account.exchange(call.__name__, operation, intent="observe", read=read, **fields)

    ask(client.get_status, "read status information", info, read="[70, 64]")
    kind = FS100.SystemInfoType.R1
    ask(client.acquire_system_info, "read system information", kind, info, object="system 11")
    ask(client.read_executing_job_info, "read executing job information", info, read="WELD-A1")
    harness.check("the job", info["job_name"], "WELD-A1")
    ask(client.get_last_alarm, "read alarm data", info, object="alarm 1")
    ask(client.read_alarm_info, "read alarm history", 1, info, object="alarm history 1")
    ask(client.read_axis_name, "read axis configuration", {}, object="group 101")
    ask(client.read_position, "read robot position", {}, object="group 101")
    ask(client.read_position_error, "read position error", {}, 1, object="group 1")
    ask(client.read_torque, "read torque", {}, 1, object="group 1")
    kind = FS100.ManagementTimeType.CONTROL_POWER_ON
    ask(client.acquire_management_time, "read management time", kind, {}, object="time 1")


def variables(client, account):
    """Variables one by one, and several at once."""
    kinds = FS100.VarType
    rows = [
        (kinds.IO, "i/o", "io", 1, 3),
        (kinds.REGISTER, "register", "register", 2, 9),
        (kinds.BYTE, "byte variable", "B", 3, 9),
        (kinds.INTEGER, "integer variable", "I", 4, -5),
        (kinds.DOUBLE, "double precision integer variable", "D", 5, -70000),
        (kinds.REAL, "real variable", "R", 6, 2.5),
        (kinds.STRING, "character variable", "S", 7, "HI"),
    ]
    for kind, name, prefix, number, value in rows:
        place = f"{prefix} {number}"
        variable = FS100.Variable(kind, number)
        harness.check(name, client.read_variable(variable), 0)
        fields = {"object": place, "intent": "observe", "read": str(variable.val)}
        account.exchange(f"read_variable({place})", f"read {name}", **fields)
        number = 2501 if kind == kinds.IO else number
        place = f"{prefix} {number}"
        harness.check(name, client.write_variable(FS100.Variable(kind, number, value)), 0)
        fields = {"object": place, "intent": "operate", "wrote": str(value)}
        account.exchange(f"write_variable({place})", f"write {name}", **fields)
    plural = [FS100.Variable(kinds.INTEGER, number) for number in (10, 11, 12)]
    harness.check("plural", client.read_variables(plural), 0)
    harness.check("the values", [one.val for one in plural], [7, 8, 9])
    fields = {"object": "I 10..12", "intent": "observe"}
    account.exchange("read_variables(I10..12)", "read plural integer variables", **fields)


def commands(client, account):
    """What moves the robot, or lets it move."""
    target = (100000, 200000, 300000, 0, 0, 0, 0)
    power, hold = FS100.POWER_TYPE_SERVO, FS100.POWER_TYPE_HOLD
    on, off = FS100.POWER_SWITCH_ON, FS100.POWER_SWITCH_OFF
    cycle = FS100.CYCLE_TYPE_ONE_CYCLE
    switch, mode = "hold / servo on/off", "step / cycle / continuous switching"
    moved = "movement instruction (cartesian)"
    rows = [
        (lambda: client.reset_alarm(1), "alarm reset / error cancel", {}),
        (lambda: client.switch_power(power, on), switch, {"object": "servo on"}),
        (lambda: client.switch_power(hold, off), switch, {"object": "hold off"}),
        (lambda: client.select_cycle(cycle), mode, {"object": "one cycle"}),
        (lambda: client.select_job("WELD-A1.JBI", 4), "job select", {"object": "WELD-A1"}),
        (lambda: client.mov(1, 17, 0, 500, target), moved, {"wrote": "100000, 200000, 300000"}),
        (
            lambda: client.pmov(1, 0, 500, (1, 2, 3, 4, 5, 6, 0, 0)),
            "movement instruction (pulse)",
            {"wrote": "1, 2, 3, 4, 5, 6"},
        ),
        (
            lambda: client.show_text_on_pendant("HELLO"),
            "character string display",
            {"wrote": "HELLO"},
        ),
    ]
    for call, operation, fields in rows:
        harness.check(operation, call(), 0)
        account.exchange(operation, operation, intent="operate", **fields)
    harness.check("play_job", client.play_job(), 0x1F)
    harness.check("errno", client.errno, 0x2070)
    fields = {"intent": "operate", "outcome": "servo off"}
    account.exchange("play_job", "start-up (job start)", **fields)


def files(client, account):
    """Jobs to the controller and back."""
    names = []
    harness.check("the list", (client.get_file_list("*.JBI", names), len(names)), (0, 2))
    fields = {"object": "*.JBI", "intent": "observe"}
    account.exchange("get_file_list", "file list acquiring", **fields)
    account.line("get_file_list", "notice", "block received", object="*.JBI", intent="session")

    path = harness.scratch("WELD.JBI")
    with open(path, "wb") as file:
        file.write(JOB)
    harness.check("send_file", client.send_file(path), 0)
    for _ in range(1 + -(-len(JOB) // BLOCK)):
        fields = {"object": "WELD.JBI", "intent": "program"}
        account.exchange("send_file(WELD.JBI)", "file loading", **fields)
    account.program("send_file(WELD.JBI)", "INFORM job", JOB, name="WELD.JBI")

    folder = os.path.dirname(path)
    harness.check("recv_file", client.recv_file("PICK.JBI", folder), 0)
    with open(os.path.join(folder, "PICK.JBI"), "rb") as file:
        got = file.read()
    saving = {"object": "PICK.JBI", "intent": "observe"}
    account.line("recv_file(PICK.JBI)", "request", "file saving", **saving)
    for _ in range(-(-len(got) // BLOCK)):
        account.line("recv_file(PICK.JBI)", "response", "file saving", outcome="ok", **saving)
        account.line("recv_file(PICK.JBI)", "notice", "block received", object="PICK.JBI")
    account.program("recv_file(PICK.JBI)", "INFORM job", got, name="PICK.JBI")

    harness.check("no such file", client.recv_file("NONE.JBI", folder) != 0, True)
    fields = {"object": "NONE.JBI", "intent": "observe", "outcome": "file not found"}
    account.exchange("recv_file(NONE.JBI)", "file saving", **fields)
    harness.check("delete_file", client.delete_file("OLD.JBI"), 0)
    fields = {"object": "OLD.JBI", "intent": "program"}
    account.exchange("delete_file(OLD.JBI)", "file deleting", **fields)


def main(account):
    controller = Controller()
    harness.serve_udp(10040, controller.robot)
    harness.serve_udp(10041, controller.file)
    client = FS100("127.0.0.1")
    for part in (read_all, variables, commands, files):
        part(client, account)


harness.record(main, "fs100", ["yaskawa-hses"], release=harness.fingerprint(fs100))
