"""bacpypes3: one device asks another who it is, reads and writes it, and is refused."""

import asyncio
import subprocess

from bacpypes3.apdu import ErrorRejectAbortNack
from bacpypes3.app import Application
from bacpypes3.argparse import SimpleArgumentParser
from bacpypes3.local.analog import AnalogValueObject
from bacpypes3.pdu import Address
from bacpypes3.primitivedata import ObjectIdentifier

import harness


def application(name, number, address):
    parser = SimpleArgumentParser()
    options = ["--name", name, "--instance", str(number), "--address", address]
    return Application.from_args(parser.parse_args(options))


async def talk(account):
    server = application("press", 1001, "10.9.8.1/24")
    client = application("panel", 1002, "10.9.8.2/24")
    kind = ("analogValue", 1)
    server.add_object(
        AnalogValueObject(objectIdentifier=kind, objectName="Speed", presentValue=21.5)
    )
    await asyncio.sleep(0.5)
    target = Address("10.9.8.1")
    found = await client.who_is(1001, 1001, address=target, timeout=2)
    harness.check("who is", [str(one.iAmDeviceIdentifier) for one in found], ["device,1001"])
    account.line("who_is", "request", "who-is", object="device 1001..1001", intent="observe")
    account.line("who_is", "notice", "i-am", object="device 1001", intent="observe")
    value, unknown = (ObjectIdentifier(f"analog-value,{number}") for number in (1, 9))
    place = "analog-value 1 present-value"

    async def read(expected):
        got = await client.read_property(target, value, "present-value")
        harness.check("the value", got, expected)
        fields = {"object": place, "intent": "observe", "read": f"[{got}]"}
        account.exchange("read_property", "read-property", **fields)

    await read(21.5)
    await client.write_property(target, value, "present-value", 33.5, priority=8)
    fields = {"object": place, "intent": "operate", "wrote": "[33.5]"}
    account.exchange("write_property", "write-property", **fields)
    await read(33.5)
    try:
        await client.read_property(target, unknown, "present-value")
    except ErrorRejectAbortNack as error:
        outcome = str(error).removeprefix("object: ")
    fields = {"object": "analog-value 9 present-value", "outcome": outcome}
    account.exchange("read_property", "read-property", intent="observe", **fields)
    wanted = [value, ["object-name", "present-value"]]
    got = await client.read_property_multiple(target, wanted)
    harness.check("both", [one[3] for one in got], ["Speed", 33.5])
    fields = {"intent": "observe", "read": ["Speed", "33.5"]}
    account.exchange("read_property_multiple", "read-property-multiple", **fields)


def main(account):
    for address in ("10.9.8.1/24", "10.9.8.2/24"):
        subprocess.run(["ip", "address", "add", address, "brd", "+", "dev", "lo"], check=True)
    asyncio.run(talk(account))


harness.record(main, "bacpypes3", ["bacnet"])
