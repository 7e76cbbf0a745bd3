"""A Universal Robots e-Series controller, as its network interfaces show it.

Dashboard 29999, primary 30001, secondary 30002, real-time 30003, RTDE 30004. Motion is a slow
circle; stops, programs, power and inputs change the state that every interface reports. It is
written from the vendor's interface manuals and holds no code of the vendor.
"""

import math
import socket
import struct
import threading
import time

VERSION = (5, 15, 2, 1)
MODEL = "UR10"
SERIAL = "20235500321"
RATE_HZ = 50.0  # most that RTDE sends; a real controller sends up to 500 a second
STATE_HZ = 10.0  # of the primary, secondary and real-time interfaces

TYPES = {
    "timestamp": "DOUBLE", "robot_mode": "INT32", "safety_mode": "INT32",
    "safety_status": "INT32", "runtime_state": "UINT32", "speed_scaling": "DOUBLE",
    "target_speed_fraction": "DOUBLE", "actual_momentum": "DOUBLE",
    "actual_main_voltage": "DOUBLE", "actual_robot_voltage": "DOUBLE",
    "actual_robot_current": "DOUBLE", "actual_execution_time": "DOUBLE",
    "robot_status_bits": "UINT32", "safety_status_bits": "UINT32",
    "actual_digital_input_bits": "UINT64", "actual_digital_output_bits": "UINT64",
    "actual_tool_accelerometer": "VECTOR3D", "joint_mode": "VECTOR6INT32",
    "standard_analog_input0": "DOUBLE", "standard_analog_input1": "DOUBLE",
    "standard_analog_output0": "DOUBLE", "standard_analog_output1": "DOUBLE",
    "payload": "DOUBLE", "payload_cog": "VECTOR3D", "payload_inertia": "VECTOR6D",
    "speed_slider_mask": "UINT32", "speed_slider_fraction": "DOUBLE",
    "standard_digital_output_mask": "UINT8", "standard_digital_output": "UINT8",
    "configurable_digital_output_mask": "UINT8", "configurable_digital_output": "UINT8",
    "tool_digital_output_mask": "UINT8", "tool_digital_output": "UINT8",
    "standard_analog_output_mask": "UINT8", "standard_analog_output_type": "UINT8",
    "standard_analog_output_0": "DOUBLE", "standard_analog_output_1": "DOUBLE",
}
VECTORS = """target_q target_qd target_qdd target_current target_moment actual_q actual_qd
actual_current joint_control_output actual_TCP_pose actual_TCP_speed actual_TCP_force
target_TCP_pose target_TCP_speed joint_temperatures actual_joint_voltage ft_raw_wrench
external_force_torque""".split()
REGISTERS = {"int_register": "INT32", "double_register": "DOUBLE", "bit_register_": "BOOL",
             "bit_registers": "UINT32"}
FORMATS = {"DOUBLE": "d", "INT32": "i", "UINT32": "I", "UINT64": "Q", "UINT8": "B", "BOOL": "B",
           "VECTOR3D": "3d", "VECTOR6D": "6d", "VECTOR6INT32": "6i"}


def type_of(field):
    if field in VECTORS:
        return "VECTOR6D"
    for part, kind in REGISTERS.items():
        if part in field and field.startswith(("input_", "output_")):
            return kind
    return TYPES.get(field, "NOT_FOUND")


def fields_of(text):
    """Field names of a setup; the ur_rtde client ends its list with a comma."""
    return [name for name in text.decode().split(",") if name]


class Robot:
    """State of the machine, shared by all interfaces."""

    def __init__(self):
        self.lock = threading.Lock()
        self.started = time.monotonic()
        self.mode = 7  # running
        self.safety = 1  # normal
        self.program = "/programs/weld_seam.urp"
        self.runtime = 1  # stopped
        self.speed = 1.0
        self.outputs = 0
        self.registers = {}
        self.events = []  # robot messages for primary clients: (number, type, payload)
        self.claimed = {}

    def event(self, kind, payload):
        with self.lock:
            self.events.append((len(self.events) + 1, kind, payload))

    def key(self, title):
        name = self.program.rsplit("/", 1)[-1].removesuffix(".urp").encode()
        title = title.encode()
        self.event(7, struct.pack(">iiB", 0, 0, len(title)) + title + name)

    def protective_stop(self):
        self.safety = 3
        self.runtime = 4
        self.event(5, struct.pack(">iiBII", 160, 0, 3, 1, 0))

    def time(self):
        return time.monotonic() - self.started

    def joints(self):
        t = self.time() if self.runtime == 2 else 0.0
        base = [0.0, -1.57, 1.57, -1.57, -1.57, 0.0]
        return [angle + 0.2 * math.sin(0.5 * t + n) for n, angle in enumerate(base)]

    def value(self, field):
        joints = self.joints()
        known = {
            "timestamp": self.time(), "robot_mode": self.mode, "safety_mode": self.safety,
            "safety_status": self.safety, "runtime_state": self.runtime,
            "speed_scaling": self.speed, "target_speed_fraction": self.speed,
            "actual_main_voltage": 48.1, "actual_robot_voltage": 48.0,
            "actual_robot_current": 0.6 + 0.2 * abs(joints[0]), "actual_q": joints,
            "target_q": joints, "actual_TCP_pose": [0.4, 0.2, 0.5, 0.0, 3.14, 0.0],
            "joint_temperatures": [31.0, 31.5, 30.2, 33.1, 33.0, 32.4],
            "joint_mode": [253] * 6, "robot_status_bits": 3 | (self.runtime == 2) << 1,
            "safety_status_bits": 1 if self.safety == 1 else 4,
            "actual_digital_output_bits": self.outputs,
        }
        if field in known:
            return known[field]
        if field in self.registers:
            return self.registers[field]
        count = {"VECTOR6D": 6, "VECTOR3D": 3, "VECTOR6INT32": 6}.get(type_of(field))
        return [0] * count if count else 0


def pack(robot, fields, types):
    parts = []
    for field, kind in zip(fields, types):
        value = robot.value(field)
        parts.append(struct.pack(">" + FORMATS[kind], *value) if isinstance(value, list)
                     else struct.pack(">" + FORMATS[kind], value))
    return b"".join(parts)


# --- dashboard ---------------------------------------------------------------------------------

MODES = {3: "POWER_OFF", 4: "POWER_ON", 5: "IDLE", 7: "RUNNING"}
SAFETY = {1: "NORMAL", 3: "PROTECTIVE_STOP"}
STATES = {1: "STOPPED", 2: "PLAYING", 4: "PAUSED"}


def dashboard_answer(robot, line):
    words = line.split(" ")
    tail = " ".join(words[1:])
    ready = robot.mode == 7 and robot.safety == 1
    queries = {
        "robotmode": f"Robotmode: {MODES[robot.mode]}",
        "safetymode": f"Safetymode: {SAFETY[robot.safety]}",
        "safetystatus": f"Safetystatus: {SAFETY[robot.safety]}",
        "programState": f"{STATES[robot.runtime]} {robot.program.rsplit('/', 1)[-1]}",
        "running": f"Program running: {str(robot.runtime == 2).lower()}",
        "get loaded program": f"Loaded program: {robot.program}",
        "get robot model": MODEL,
        "get serial number": SERIAL,
        "PolyscopeVersion": "URSoftware {}.{}.{}.{} (Aug 20 2023)".format(*VERSION),
        "version": "{}.{}.{}.{}".format(*VERSION),
        "is in remote control": "true",
        "isProgramSaved": f"true {robot.program}",
        "get operational mode": "NONE",
        "getUserRole": "NONE",
        "quit": "Disconnected",
        "close popup": "closing popup",
        "close safety popup": "closing safety popup",
        "restart safety": "Restarting safety",
        "power on": "Powering on",
        "power off": "Powering off",
        "brake release": "Brake releasing",
    }
    if line == "play":
        if not ready:
            return "Failed to execute: play"
        robot.runtime = 2
        robot.key("PROGRAM_XXX_STARTED")
        return "Starting program"
    if line in ("stop", "pause"):
        if robot.runtime != 2:
            return f"Failed to execute: {line}"
        robot.runtime = 1 if line == "stop" else 4
        robot.key("PROGRAM_XXX_STOPPED" if line == "stop" else "PROGRAM_XXX_PAUSED")
        return "Stopped" if line == "stop" else "Pausing program"
    if line == "unlock protective stop":
        if robot.safety == 3:
            robot.safety = 1
            robot.event(5, struct.pack(">iiBII", 160, 0, 1, 1, 0))
        return "Protective stop releasing"
    if words[0] == "load" and words[1:2] == ["installation"]:
        return f"Loading installation: {' '.join(words[2:])}"
    if words[0] == "load":
        if not tail.endswith(".urp"):
            return f"File not found: {tail}"
        robot.program, robot.runtime = tail, 1
        return f"Loading program: {tail}"
    if words[0] == "popup":
        return "showing popup"
    if words[0] == "addToLog":
        return "Added log message"
    return queries.get(line, f"could not understand: '{line}'")


def dashboard(robot, peer):
    peer.sendall(b"Connected: Universal Robots Dashboard Server\n")
    with peer.makefile("rb") as lines:
        for line in lines:
            line = line.decode("latin-1").strip()
            peer.sendall(dashboard_answer(robot, line).encode() + b"\n")
            if line == "quit":
                return


# --- primary, secondary, real-time -------------------------------------------------------------

def framed(kind, payload):
    return struct.pack(">IB", len(payload) + 5, kind) + payload


def robot_message(kind, payload, now):
    return framed(20, struct.pack(">Qbb", int(now * 1e6), -2, kind) + payload)


def robot_state(robot, first=False):
    now, joints = int(robot.time() * 1e6), robot.joints()
    running, stopped = robot.runtime == 2, robot.safety == 3
    mode = struct.pack(">Q7?BBdddB", now, True, True, robot.mode >= 4, False, stopped, running,
                       robot.runtime == 4, robot.mode, 1, robot.speed, 1.0, 1.0, 0)
    arm = b"".join(struct.pack(">dddffffB", q, q, 0.0, 0.6, 48.0, 31.0, 0.0, 253) for q in joints)
    board = struct.pack(">IIBBddbbddffffBBB", 0, robot.outputs, 0, 0, 0.0, 0.0, 0, 0, 0.0, 0.0,
                        36.0, 48.0, 0.6, 0.1, robot.safety, 0, 0) + bytes(7)
    pose = struct.pack(">12d", 0.4, 0.2, 0.5, 0.0, 3.14, 0.0, *[0.0] * 6)
    return framed(16, framed(0, mode) + framed(1, arm) + framed(3, board) + framed(4, pose)
                  + (configuration() if first else b""))


def configuration():
    limits = [(-6.28, 6.28)] * 6 + [(2.09, 5.0)] * 6
    numbers = [number for pair in limits for number in pair] + [1.05, 1.4, 0.25, 1.2, 0.05]
    numbers += [0.0, -0.6127, -0.57155, 0.0, 0.0, 0.0] + [0.18, 0, 0, 0.17, 0.12, 0.12]
    numbers += [1.57, 0, 0, 1.57, -1.57, 0] + [0.0] * 6
    return framed(6, struct.pack(">53d4i", *numbers, 1, 4, 2, 1))


def client_interface(robot, peer, messages):
    """Primary with messages, secondary without; both run script."""
    name = b"URControl"
    version = struct.pack(">B", len(name)) + name + struct.pack(
        ">BBii", *VERSION) + b"20-08-2023, 10:00:00"
    peer.sendall(robot_message(3, version, robot.time()) + robot_state(robot, first=True))
    threading.Thread(target=run_script, args=(robot, peer), daemon=True).start()
    told = len(robot.events)
    while True:
        time.sleep(1 / STATE_HZ)
        peer.sendall(robot_state(robot))
        for number, kind, payload in robot.events[told:] if messages else []:
            peer.sendall(robot_message(kind, payload, robot.time()))
            told = number


def run_script(robot, peer):
    with peer.makefile("rb") as lines:
        for line in lines:
            words = line.strip()
            if words.startswith(b"def "):
                robot.key("PROGRAM_XXX_STARTED")
            elif words.startswith(b"protective_stop"):
                robot.protective_stop()
            elif words.startswith(b"set_digital_out(") and b"True" in words:
                robot.outputs |= 1


def realtime(robot, peer):
    threading.Thread(target=run_script, args=(robot, peer), daemon=True).start()
    while True:
        columns = [0.0] * 152
        columns[0] = robot.time()
        columns[1:7] = columns[31:37] = robot.joints()
        columns[94], columns[101], columns[131] = robot.mode, robot.safety, robot.runtime
        peer.sendall(struct.pack(">I152d", 1220, *columns))
        time.sleep(1 / STATE_HZ)


# --- RTDE --------------------------------------------------------------------------------------

class Rtde:
    """One RTDE client."""

    def __init__(self, robot, peer):
        self.robot, self.peer = robot, peer
        self.outputs, self.inputs = {}, {}
        self.running = False
        self.version = 1
        self.rate_hz = RATE_HZ

    def send(self, kind, payload):
        self.peer.sendall(struct.pack(">HB", len(payload) + 3, ord(kind)) + payload)

    def run(self):
        threading.Thread(target=self.stream, daemon=True).start()
        with self.peer.makefile("rb") as stream:
            while header := stream.read(3):
                size, kind = struct.unpack(">HB", header)
                self.handle(chr(kind), stream.read(size - 3))

    def handle(self, kind, payload):
        if kind == "V":
            self.version = struct.unpack(">H", payload)[0]
            self.send("V", b"\1" if self.version in (1, 2) else b"\0")
        elif kind == "v":
            self.send("v", struct.pack(">4I", *VERSION))
        elif kind == "O":
            names = payload[8:] if self.version == 2 else payload
            if self.version == 2:
                self.rate_hz = min(struct.unpack(">d", payload[:8])[0], RATE_HZ)
            self.setup(kind, self.outputs, fields_of(names))
        elif kind == "I":
            self.setup(kind, self.inputs, fields_of(payload))
        elif kind in "SP":
            self.running = kind == "S"
            self.send(kind, b"\1")
        elif kind == "U":
            self.input(payload)

    def setup(self, kind, recipes, fields):
        types = [type_of(field) for field in fields]
        claimed = self.robot.claimed
        if kind == "I":
            taken = [claimed.get(field, self) is not self for field in fields]
            types = ["IN_USE" if use else name for use, name in zip(taken, types)]
        good = not {"IN_USE", "NOT_FOUND"} & set(types)
        number = len(recipes) + 1 if good else 0
        if good:
            recipes[number] = (fields, types)
            if kind == "I":
                claimed.update((field, self) for field in fields)
        head = bytes([number]) if self.version == 2 or kind == "I" else b""
        self.send(kind, head + ",".join(types).encode())

    def input(self, payload):
        fields, types = self.inputs[payload[0]]
        values = struct.unpack(">" + "".join(FORMATS[kind] for kind in types), payload[1:])
        given = dict(zip(fields, values))
        self.robot.registers.update(given)
        if given.get("speed_slider_mask"):
            self.robot.speed = given["speed_slider_fraction"]
        if mask := given.get("standard_digital_output_mask"):
            value = given["standard_digital_output"]
            self.robot.outputs = self.robot.outputs & ~mask | value & mask

    def stream(self):
        try:
            while True:
                for number, (fields, types) in list(self.outputs.items()) if self.running else []:
                    head = bytes([number]) if self.version == 2 else b""
                    self.send("U", head + pack(self.robot, fields, types))
                time.sleep(1 / self.rate_hz)
        except OSError:
            pass


def release(robot, client):
    robot.claimed = {field: owner for field, owner in robot.claimed.items() if owner is not client}


def rtde(robot, peer):
    client = Rtde(robot, peer)
    try:
        client.run()
    finally:
        release(robot, client)


# --- server ------------------------------------------------------------------------------------

SERVICES = {
    29999: dashboard,
    30001: lambda robot, peer: client_interface(robot, peer, True),
    30002: lambda robot, peer: client_interface(robot, peer, False),
    30003: realtime,
    30004: rtde,
}


def serve(robot, address, port, service):
    def client(peer):
        with peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                service(robot, peer)
            except OSError:
                pass

    with socket.create_server((address, port)) as listener:
        while True:
            peer, _ = listener.accept()
            threading.Thread(target=client, args=(peer,), daemon=True).start()


def start(address="0.0.0.0"):
    """Serves all interfaces; returns the robot, whose state may be changed."""
    robot = Robot()
    for port, service in SERVICES.items():
        threading.Thread(target=serve, args=(robot, address, port, service), daemon=True).start()
    return robot


if __name__ == "__main__":
    start()
    threading.Event().wait()
