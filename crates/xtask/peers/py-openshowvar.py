"""py-openshowvar reads and writes variables of a small KUKAVARPROXY of ours."""

import struct

from py_openshowvar import openshowvar

import harness

VARIABLES = {"$OV_PRO": "100", "$MODEL_NAME[]": '"#KR6R900"', "$POS_ACT": "{E6POS: X 1.0, Y 2.0}"}


def proxy(stream):
    """Message: number u16, length u16, mode u8, length u16, name, and to write length, value."""
    while True:
        number, length = struct.unpack(">HH", harness.exactly(stream, 4))
        body = harness.exactly(stream, length)
        mode, size = struct.unpack(">BH", body[:3])
        name = body[3 : 3 + size].decode()
        if mode == 1 and name in VARIABLES:
            VARIABLES[name] = body[5 + size :].decode()
        value = VARIABLES.get(name, "").encode()
        answer = struct.pack(">BH", mode, len(value)) + value
        answer += b"\0\1\1" if name in VARIABLES else b"\0\1\0"
        stream.sendall(struct.pack(">HH", number, len(answer)) + answer)


def main(account):
    harness.serve_tcp(7000, proxy)
    client = openshowvar("127.0.0.1", 7000)
    for name in VARIABLES:
        got = client.read(name, False).decode()
        account.exchange(f"read({name})", "read variable", object=name, intent="observe", read=got)
    got = client.write("$OV_PRO", "35", False).decode()
    fields = {"object": "$OV_PRO", "intent": "operate", "wrote": "35", "read": got}
    account.exchange("write($OV_PRO, 35)", "write variable", **fields)
    harness.check("the variable", client.read("$OV_PRO", False), b"35")
    account.exchange("read($OV_PRO)", "read variable", object="$OV_PRO", read="35")
    client.read("NOPE", False)
    fields = {"object": "NOPE", "intent": "observe", "outcome": "not done"}
    account.exchange("read(NOPE)", "read variable", **fields)
    client.close()


harness.record(main, "py-openshowvar", ["kuka-varproxy"])
