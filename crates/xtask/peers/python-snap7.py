"""python-snap7's client reads, writes, stops, starts and reads programs of its own server."""

import snap7
from snap7.type import Block, SrvArea

import harness

#: Two requests of python-snap7 3.3.0 are malformed, and tshark says so too: get_cpu_state reads
#: nothing at all, and delete leaves out the length of the service's name.
SHORT = "message is shorter than it announces"


def memory(account, client):
    """Bytes of a data block."""
    client.db_write(1, 10, bytearray(b"\1\2\3\4"))
    fields = {"object": "DB1.DBB10 x4", "intent": "operate", "wrote": "[0x01020304]"}
    account.exchange("db_write", "write var", **fields)
    harness.check("db_read", bytes(client.db_read(1, 10, 4)), b"\1\2\3\4")
    fields = {"object": "DB1.DBB10 x4", "intent": "observe", "read": "[0x01020304]"}
    account.exchange("db_read", "read var", **fields)


def short(account, call, operation):
    """A request that is not whole, and that python-snap7's server answers all the same."""
    account.line(call, "request", operation, anomaly=SHORT)
    account.line(call, "response", operation, outcome="ok")


def rows(client):
    """Call, operation, intent, object."""
    observe, operate, administer = "observe", "operate", "administer"
    cold, warm = "cold restart", "warm restart"
    return [
        (client.get_cpu_info, "read szl", observe, "SZL 0x001c index 0x0000"),
        (client.get_order_code, "read szl", observe, "SZL 0x0011 index 0x0000"),
        (client.list_blocks, "list blocks", observe, None),
        (client.get_plc_datetime, "read clock", observe, None),
        (client.set_plc_system_datetime, "set clock", administer, None),
        (lambda: client.set_session_password("secret"), "plc password", administer, None),
        (client.plc_stop, "plc stop", administer, None),
        (client.plc_cold_start, f"pi-service p_program ({cold})", operate, None),
        (client.plc_hot_start, f"pi-service p_program ({warm})", operate, None),
        (
            lambda: client.compress(1000),
            "pi-service _garb (compress memory)",
            administer,
            None,
        ),
        (
            lambda: client.copy_ram_to_rom(1000),
            "pi-service _modu (copy ram to rom)",
            "program",
            None,
        ),
        (lambda: client.list_blocks_of_type(Block.DB, 10), "list blocks of type", observe, "DB"),
        (lambda: client.get_block_info(Block.DB, 1), "get block info", observe, "DB 1 active"),
    ]


def blocks(account, client):
    """A block out of the controller, and one that it does not take."""
    block, size = client.full_upload(Block.DB, 1)
    harness.check("the size", size, len(block))
    for operation in ("start upload", "upload", "end upload"):
        fields = {"object": "DB 1 active", "intent": "observe"}
        account.exchange("full_upload", operation, **fields)
    account.program("full_upload", "S7 block", bytes(block), name="DB 1 active")
    refused = harness.attempt(client.download, bytearray(b"p" * 500), 1)
    harness.check("the refusal", "class=0x81, code=0x04" in str(refused), True)
    outcome = "service not implemented or frame error"
    fields = {"object": "DB 1 passive", "intent": "program", "outcome": outcome}
    account.exchange("download", "request download", **fields)


def main(account):
    server = snap7.server.Server()
    server.register_area(SrvArea.DB, 1, bytearray(200))
    server.start(tcp_port=102)
    harness.wait_for(102)
    client = snap7.client.Client()
    client.connect("127.0.0.1", 0, 1)
    account.line("connect", "request", "cotp connect request", intent="session")
    account.line("connect", "response", "cotp connect confirm", outcome="ok")
    account.exchange("connect", "setup communication", intent="session", wrote="pdu 480 bytes")
    memory(account, client)
    client.get_cpu_state()
    short(account, "get_cpu_state", "read var")
    for call, operation, intent, place in rows(client):
        call()
        account.exchange(operation, operation, intent=intent, object=place)
    blocks(account, client)
    client.delete(Block.DB, 1)
    short(account, "delete", "pi-service")
    client.disconnect()
    account.line("disconnect", "notice", "cotp disconnect request", intent="session")
    account.line("disconnect", "notice", "cotp disconnect confirm", intent="session")


harness.record(main, "python-snap7", ["s7comm"])
