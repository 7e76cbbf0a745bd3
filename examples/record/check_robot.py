"""Others' clients against the simulated robot, on loopback: what they read is what it is.

`VENV/bin/pip install urx==0.11.0`, then `VENV/bin/python check_robot.py`. Needs the UR ports free.
The robot runs in a process of its own, because `ur_rtde` holds the interpreter while it waits.
"""

import os
import pathlib
import subprocess
import sys
import time

from dashboard_client import DashboardClient
from rtde_io import RTDEIOInterface
from rtde_receive import RTDEReceiveInterface
from script_client import ScriptClient

HERE = pathlib.Path(__file__).parent
IP = "127.0.0.1"


def check(what, seen, expected):
    if seen != expected:
        raise SystemExit(f"{what}: {seen!r} is not {expected!r}")
    print(f"{what}: {seen}")


def dashboard_and_rtde():
    dashboard = DashboardClient(IP)
    dashboard.connect()
    check("version", dashboard.polyscopeVersion(), "5.15.2.1")
    check("model", dashboard.getRobotModel(), "UR10")
    dashboard.loadURP("/programs/weld_seam.urp")
    dashboard.play()
    check("program", dashboard.programState(), "PLAYING weld_seam.urp")
    receive = RTDEReceiveInterface(IP, 125.0)
    control = RTDEIOInterface(IP)
    check("speed slider", control.setSpeedSlider(0.5), True)
    check("output", control.setStandardDigitalOut(3, True), True)
    time.sleep(1)
    check("speed scaling", receive.getSpeedScaling(), 0.5)
    check("outputs", receive.getActualDigitalOutputBits(), 8)
    check("robot mode", receive.getRobotMode(), 7)
    script = ScriptClient(IP, 5, 15)
    script.connect()
    script.sendScriptCommand("def probe():\n  protective_stop()\nend\n")
    time.sleep(1)
    check("safety mode", receive.getSafetyMode(), 3)
    dashboard.unlockProtectiveStop()
    check("unlocked", dashboard.safetymode(), "Safetymode: NORMAL")


def client_interfaces():
    import urx

    arm = urx.Robot(IP, use_rt=True)
    state = arm.secmon.get_all_data(True)
    check("primary robot mode", state["RobotModeData"]["robotMode"], 7)
    check("primary safety", state["RobotModeData"]["isSecurityStopped"], False)
    check("joints", len(arm.getj()), 6)
    arm.close()


def main():
    robot = subprocess.Popen([sys.executable, str(HERE / "robot.py")])
    try:
        time.sleep(1)
        dashboard_and_rtde()
        client_interfaces()
        print("others' clients agree")
    finally:
        robot.terminate()
    sys.stdout.flush()
    os._exit(0)  # ur_rtde's threads would complain of the closed connection


if __name__ == "__main__":
    main()
