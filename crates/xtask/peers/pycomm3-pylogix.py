"""pycomm3 asks and pylogix reads and writes tags of cpppo's simulated controller."""

import os
import subprocess
import sys

from pycomm3 import CIPDriver
from pylogix import PLC

import harness

TAGS = ("SCADA=INT[1000]", "FL=REAL")


def simulate():
    """cpppo, a process of its own."""
    program = os.path.join(os.path.dirname(sys.executable), "enip_server")
    subprocess.Popen([program, "-a", "127.0.0.1:44818", *TAGS], stdout=subprocess.DEVNULL)
    harness.wait_for(44818)


def attributes(account):
    """pycomm3: attributes, without a connection."""
    rows = [
        (0x01, 0x01, None, "get attributes all", "class 0x01 instance 1"),
        (0x0E, 0x01, 7, "get attribute single", "class 0x01 instance 1 attr 7"),
        (0x0E, 0xF5, 6, "get attribute single", "class 0xf5 instance 1 attr 6"),
    ]
    with CIPDriver("127.0.0.1") as driver:
        for service, group, attribute, operation, place in rows:
            more = {"attribute": attribute} if attribute else {}
            got = driver.generic_message(
                service=service, class_code=group, instance=1, connected=False, **more
            )
            harness.check(operation, got.error, None)
            fields = {"object": place, "intent": "observe", "read": got.value.hex()}
            account.exchange(operation, operation, **fields)


def tags(account):
    """pylogix: tags, over a connection; it asks once what kind of tag it is."""
    with PLC("127.0.0.1") as plc:
        harness.check("read", plc.Read("SCADA[2]").Value, 0)
        account.exchange("Read", "large forward open", intent="session")
        kind = {"intent": "observe", "read": "INT [0]"}
        account.exchange("Read", "read tag", object="SCADA", **kind)
        account.exchange("Read", "read tag", object="SCADA[2]", **kind)
        harness.check("write", plc.Write("SCADA[2]", 7).Status, "Success")
        fields = {"object": "SCADA[2]", "intent": "operate", "wrote": "INT [7]"}
        account.exchange("Write", "write tag", **fields)
        got = plc.Read(["SCADA[2]", "SCADA[1]", "FL"])
        harness.check("read", [one.Value for one in got], [7, 0, 0.0])
        account.exchange("Read", "read tag", object="FL", intent="observe", read="REAL [0.0]")
        account.line("Read", "request", "multiple service packet", intent="session")
        account.line("Read", "response", "multiple service packet", outcome="ok")
        for name, shown in (("SCADA[2]", "INT [7]"), ("SCADA[1]", "INT [0]"), ("FL", "REAL [0.0]")):
            fields = {"object": name, "intent": "observe", "read": shown}
            account.exchange("Read", "read tag", **fields)
        harness.check("write", plc.Write("FL", 1.5).Status, "Success")
        fields = {"object": "FL", "intent": "operate", "wrote": "REAL [1.5]"}
        account.exchange("Write", "write tag", **fields)
    account.exchange("close", "forward close", intent="session")


def main(account):
    simulate()
    attributes(account)
    tags(account)


#: The encapsulation below: neither peer tells its user of it.
BELOW = ["register session", "unregister session", "send rr data", "send unit data"]
versions = ", ".join(harness.version(name) for name in ("pycomm3", "pylogix", "cpppo"))
peers, protocols = "pycomm3, pylogix, cpppo", ["cip", "ethernet-ip"]
harness.record(main, peers, protocols, beside=BELOW, release=versions)
