"""pyads reads, writes, stops and routes; its own test server answers, and our files beside it."""

import struct

import pyads
from pyads.testserver import AdsTestServer, AdvancedHandler, PLCVariable
from pyads.testserver.handler import AmsResponseData

import harness

NET_ID = "127.0.0.1.1.1"


class Controller(AdvancedHandler):
    """The test server, and the system service's files: open 120, close 121, write 123, delete 131."""

    def handle_request(self, request):
        head = request.ams_header
        group = struct.unpack("<I", head.data[:4])[0] if len(head.data) >= 4 else 0
        if head.command_id == b"\x09\0" and group in (120, 121, 123, 131):
            found = struct.pack("<I", 77) if group == 120 else b""
            data = struct.pack("<II", 0, len(found)) + found
            return AmsResponseData(b"\5\0", head.error_code, data)
        return super().handle_request(request)


def router(request):
    """Answers a request for a route: our net id, and that it was added."""
    answer = request[:8] + struct.pack("<I", 0x80000006) + bytes([5, 1, 2, 3, 1, 1])
    return [answer + struct.pack("<HIHHI", 10000, 1, 1, 4, 0)]


def names(account, connection):
    """Variables by name: pyads asks for a handle, uses it, and gives it back."""
    rows = [
        ("MAIN.a", 0x2710, 2, pyads.PLCTYPE_INT, 11),
        ("MAIN.b", 0x2711, 4, pyads.PLCTYPE_DINT, 22),
    ]
    for name, handle, size, kind, value in rows:
        place = f"symbol value by handle offset {handle:#x} length {size}"
        for call in ("write", "read"):
            seen = f"{call}_by_name({name})"
            account.line(
                seen,
                "request",
                "read write",
                object=f"symbol handle by name {name}",
                intent="observe",
            )
            account.line(seen, "response", "read write", outcome="ok")
            if call == "write":
                connection.write_by_name(name, value, kind)
                account.exchange(seen, "write", object=place, intent="operate")
            else:
                got = connection.read_by_name(name, kind)
                harness.check(name, got, value)
                account.exchange(seen, "read", object=place, intent="observe")
            place_of_release = "symbol release handle offset 0x0 length 4"
            account.exchange(seen, "write", object=place_of_release, intent="session")


def lists(account, connection):
    """Several variables in one request."""
    got = connection.read_list_by_name(["MAIN.a", "MAIN.b"])
    harness.check("the list", got, {"MAIN.a": 11, "MAIN.b": 22})
    for name in got:
        place = f"symbol info by name ex {name}"
        account.line("list", "request", "read write", object=place, intent="observe")
        account.line("list", "response", "read write", outcome="ok")
    items = ["group 0x3039 offset 0x4e20 length 2", "group 0x3039 offset 0x4e21 length 4"]
    for operation, intent in (("sum read", "observe"), ("sum write", "operate")):
        if operation == "sum write":
            connection.write_list_by_name({"MAIN.a": 1, "MAIN.b": 2})
        for place in items:
            account.line(operation, "request", operation, object=place, intent=intent)
        account.line(operation, "response", operation, outcome="ok", object="2 items")


def controls(account, connection, service):
    """Stops, starts and restarts the controller and its system."""
    rows = [
        (connection, pyads.ADSSTATE_STOP, "stop"),
        (connection, pyads.ADSSTATE_RUN, "run"),
        (service, pyads.ADSSTATE_RESET, "reset"),
        (service, pyads.ADSSTATE_RECONFIG, "reconfig"),
    ]
    for target, state, name in rows:
        target.write_control(state, 0, 0, pyads.PLCTYPE_INT)
        account.exchange(f"write_control({name})", f"write control {name}", intent="administer")


def files(account, service):
    """A boot project to the controller; an old one away."""
    udint, text = pyads.PLCTYPE_UDINT, pyads.PLCTYPE_STRING
    path, content = "C:\\boot\\Port_851.app", "PROGRAM" * 20
    handle = service.read_write(120, 0x52, udint, path, text)
    harness.check("the handle", handle, 77)
    fields = {"object": f"group 0x78 {path}", "intent": "program"}
    account.line("open", "request", "file open", **fields)
    account.line("open", "response", "file open", outcome="ok")
    service.read_write(123, handle, None, content, text)
    account.line("write", "request", "file write", intent="program")
    account.line("write", "response", "file write", outcome="ok")
    service.read_write(121, handle, None, None, None)
    account.line("close", "request", "file close", intent="session")
    account.line("close", "response", "file close", outcome="ok")
    # pyads ends the text that it writes with a zero byte.
    account.program("files", None, content.encode() + b"\0")
    old = "C:\\boot\\old.app"
    service.read_write(131, 0x10000, None, old, text)
    fields = {"object": f"group 0x83 {old}", "intent": "program"}
    account.line("delete", "request", "file delete", **fields)
    account.line("delete", "response", "file delete", outcome="ok")


def main(account):
    harness.serve_udp(48899, router)
    added = pyads.add_route_to_plc(
        "10.9.8.7.1.1", "10.9.8.7", "127.0.0.1", "Administrator", "1", route_name="ENG"
    )
    harness.check("the route", added, True)
    route = {"object": "ENG to 10.9.8.7.1.1 at 10.9.8.7", "intent": "administer"}
    account.line("add_route_to_plc", "request", "add route", **route)
    account.line("add_route_to_plc", "response", "add route", outcome="ok")
    handler = Controller()
    server = AdsTestServer(handler=handler, logging=False)
    server.start()
    harness.wait_for(48898)
    handler.add_variable(PLCVariable("MAIN.a", bytes(2), ads_type=2, symbol_type="INT"))
    handler.add_variable(PLCVariable("MAIN.b", bytes(4), ads_type=3, symbol_type="DINT"))
    pyads.open_port()
    connection = pyads.Connection(NET_ID, pyads.PORT_SPS1, "127.0.0.1")
    connection.open()
    harness.check("the state", connection.read_state()[0], pyads.ADSSTATE_RUN)
    account.exchange("read_state", "read state", intent="observe", read="run")
    connection.read_device_info()
    account.exchange("read_device_info", "read device info", intent="observe")
    names(account, connection)
    lists(account, connection)
    service = pyads.Connection(NET_ID, 10000, "127.0.0.1")
    service.open()
    controls(account, connection, service)
    files(account, service)


harness.record(main, "pyads", ["ads"])
