"""ur_rtde loads, plays, sets, watches and unlocks the simulated robot of examples/record."""

import pathlib
import subprocess
import sys
import time

from dashboard_client import DashboardClient
from rtde_io import RTDEIOInterface
from rtde_receive import RTDEReceiveInterface
from script_client import ScriptClient

import harness

IP = "127.0.0.1"
#: What the two writes put into their packages.
WRITES = (["speed_slider_fraction=0.5"], ["standard_digital_output=8"])
SCRIPT = "def probe():\n  protective_stop()\nend\n"


def control(account, dashboard):
    """The dashboard: loads and plays."""
    account.line("connect", "notice", "greeting")
    rows = [
        (dashboard.polyscopeVersion, "polyscopeversion", "observe", {"read": "5.15.2.1"}),
        (dashboard.getRobotModel, "get robot model", "observe", {"read": "UR10"}),
        (
            lambda: dashboard.loadURP("/programs/weld_seam.urp"),
            "load",
            "operate",
            {"object": "/programs/weld_seam.urp"},
        ),
        (dashboard.play, "play", "operate", {}),
        (dashboard.programState, "programstate", "observe", {"read": "PLAYING weld_seam.urp"}),
    ]
    for call, operation, intent, fields in rows:
        call()
        account.exchange(operation, operation, intent=intent, **fields)


def main(account):
    root = pathlib.Path(__file__).resolve().parents[3]
    subprocess.Popen([sys.executable, str(root / "examples" / "record" / "robot.py")])
    for port in (29999, 30001, 30002, 30003, 30004):
        harness.wait_for(port)
    dashboard = DashboardClient(IP)
    dashboard.connect()
    control(account, dashboard)
    receive = RTDEReceiveInterface(IP, 125.0)
    writer = RTDEIOInterface(IP)
    writer.setSpeedSlider(0.5)
    writer.setStandardDigitalOut(3, True)
    time.sleep(1)
    harness.check("the speed", receive.getSpeedScaling(), 0.5)
    harness.check("the outputs", receive.getActualDigitalOutputBits(), 8)
    for wrote in WRITES:
        fields = {"protocol": "ur-rtde", "intent": "operate", "values": wrote}
        account.line("RTDEIOInterface", "notice", "input data package", **fields)
    script = ScriptClient(IP, 5, 15)
    script.connect()
    script.sendScriptCommand(SCRIPT)
    fields = {"protocol": "ur-primary", "intent": "program", "object": "def probe"}
    account.line("sendScriptCommand", "request", "urscript", **fields)
    fields = {"protocol": "ur-primary", "name": "probe"}
    account.program("sendScriptCommand", "URScript", SCRIPT.encode(), **fields)
    time.sleep(1)
    harness.check("the safety mode", receive.getSafetyMode(), 3)
    dashboard.unlockProtectiveStop()
    account.exchange("unlockProtectiveStop", "unlock protective stop", intent="safety")
    mode = dashboard.safetymode()
    account.exchange("safetymode", "safetymode", intent="observe", read=mode)


#: ur_rtde sets up what it may ever read and write; the robot tells its state all the time.
BESIDE = [
    "request protocol version",
    "get urcontrol version",
    "control package setup outputs",
    "control package setup inputs",
    "control package start",
    "control package pause",
    "output data package",
    "realtime data",
]
protocols = ["ur-dashboard", "ur-rtde", "ur-primary"]
harness.record(main, "ur_rtde", protocols, beside=BESIDE, at_once=True)
