"""abb_robot_client drives a small RWS 1.0 server of ours, and a robot that sends EGM."""

import http.server
import json
import socket
import sys

import numpy
from abb_robot_client.egm import EGM
from abb_robot_client.rws import RWS

import harness

MODULE = b"MODULE Main\n  PROC main()\n  ENDPROC\nENDMODULE\n" * 3000
DIGEST = (
    'Digest realm="validusers@robapi.abb", domain="/", qop="auth", nonce="MTIzNDU2", '
    'opaque="799d5", algorithm="MD5", stale="FALSE"'
)


# Our server has no data of a robot: where abb_robot_client looks for some in a reply it raises. Its
# account then has what it asked, and `ok` for the status 200 that it was given.
class Server(http.server.BaseHTTPRequestHandler):
    """Wants a login, takes everything, and has one file."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Says nothing."""

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        if not self.headers.get("Authorization", "").startswith("Digest"):
            return self.say(401, b"", [("WWW-Authenticate", DIGEST)])
        if self.command == "GET" and self.path.endswith("Main.mod"):
            return self.say(200, MODULE)
        if self.command == "GET":
            empty = {"_embedded": {"_state": [], "resources": []}, "state": []}
            return self.say(200, json.dumps(empty).encode())
        return self.say(201 if self.command == "PUT" else 204)

    def say(self, code, body=b"", headers=()):
        self.send_response(code)
        for name, value in headers:
            self.send_header(name, value)
        if code != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = answer


def rows(client):
    """Call, operation, object, intent, what is written."""
    task, panel = "/rw/rapid/tasks/T_ROB1", "/rw/panel"
    execution = "/rw/rapid/execution"
    signals, data = "/rw/iosystem/signals/Local/DRV_1", "/rw/rapid/symbol/data/RAPID/T_ROB1/x"
    unit = "/rw/motionsystem/mechunits/ROB_1"
    observe, operate = "observe", "operate"
    return [
        (client.stop, "stop program", execution, operate, "stopmode=stop"),
        (client.resetpp, "reset program pointer", execution, operate, ()),
        (lambda: client.activate_task("T_ROB1"), "activate task", task, operate, ()),
        (lambda: client.deactivate_task("T_ROB1"), "deactivate task", task, operate, ()),
        (client.get_execution_state, "read execution state", execution, observe, ()),
        (client.get_controller_state, "read controller state", f"{panel}/ctrlstate", observe, ()),
        (
            lambda: client.set_controller_state("motoron"),
            "motors on",
            f"{panel}/ctrlstate",
            operate,
            "ctrl-state=motoron",
        ),
        (client.get_operation_mode, "read operating mode", f"{panel}/opmode", observe, ()),
        (lambda: client.get_digital_io("DO1"), "read i/o", f"{signals}/DO1", observe, ()),
        (
            lambda: client.set_digital_io("DO1", 1),
            "set signal",
            f"{signals}/DO1",
            operate,
            "lvalue=1",
        ),
        (
            lambda: client.set_analog_io("AO1", 0.5),
            "set signal",
            f"{signals}/AO1",
            operate,
            "lvalue=0.5",
        ),
        (lambda: client.get_rapid_variable("x", "T_ROB1"), "read rapid data", data, observe, ()),
        (
            lambda: client.set_rapid_variable("x", "5", "T_ROB1"),
            "write rapid data",
            data,
            operate,
            "value=5",
        ),
        (
            lambda: client.delete_file("$home/Main.mod"),
            "delete file",
            "/fileservice/$home/Main.mod",
            "program",
            (),
        ),
        (
            lambda: client.list_files("$home"),
            "list directory",
            "/fileservice/$home",
            observe,
            (),
        ),
        (client.read_event_log, "read event log", "/rw/elog/0", observe, ()),
        (client.get_tasks, "read", "/rw/rapid/tasks", observe, ()),
        (client.get_jointtarget, "read motion system", f"{unit}/jointtarget", observe, ()),
        (client.get_robtarget, "read motion system", f"{unit}/robtarget", observe, ()),
        (client.get_speedratio, "read speed ratio", f"{panel}/speedratio", observe, ()),
        (
            lambda: client.set_speedratio(50),
            "set speed ratio",
            f"{panel}/speedratio",
            operate,
            "speed-ratio=50",
        ),
        (
            lambda: client.try_create_ipc_queue("q", 4440, 200),
            "send message to program",
            "/rw/dipc",
            operate,
            "dipc-queue-name=q",
        ),
        (
            lambda: client.send_ipc_message("q", "hi", "q2"),
            "send message to program",
            "/rw/dipc/q",
            operate,
            "dipc-data=hi",
        ),
        (client.logout, "logout", "/logout", "session", ()),
    ]


def services(account):
    """RWS: each request after the other, the first one twice because of the login."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 80), Server)
    harness.thread(server.serve_forever)
    client = RWS("http://127.0.0.1")
    tasks = {"object": "/rw/rapid/tasks", "intent": "observe"}
    harness.attempt(client.get_tasks)
    account.exchange("get_tasks", "read", outcome="unauthorized", **tasks)
    account.exchange("get_tasks", "read", **tasks)
    place = {"object": "/fileservice/$home/Main.mod"}
    client.upload_file("$home/Main.mod", MODULE)
    account.line("upload_file", "request", "write file", intent="program", **place)
    account.line("upload_file", "response", "write file", outcome="ok", **place)
    account.program("upload_file", "RAPID module", MODULE, name="Main.mod")
    got = client.read_file("$home/Main.mod")
    account.exchange("read_file", "read file", intent="observe", **place)
    account.program("read_file", "RAPID module", got, name="Main.mod")
    for call, operation, target, intent, wrote in rows(client):
        print(operation, harness.attempt(call), file=sys.stderr)
        account.exchange(operation, operation, object=target, intent=intent, wrote=wrote)


def guidance(account):
    """EGM: the robot tells its joints, the client answers in one of three ways."""
    robot = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    robot.bind(("127.0.0.1", 24567))
    robot.settimeout(2)
    client = EGM()
    answers = [
        (
            lambda: client.send_to_robot(numpy.array([1, 2, 3, 4, 5, 6.0])),
            ("position guidance", "joints", "planned [1.000 2.000 3.000 4.000 5.000 6.000]"),
        ),
        (
            lambda: client.send_to_robot_cart(numpy.array([1, 2, 3.0]), numpy.array([1, 0, 0, 0.0])),
            ("position guidance", "pose", "planned [1.000 2.000 3.000 1.000"),
        ),
        (
            lambda: client.send_to_robot_path_corr(numpy.array([0.5, 0, 0]), 1),
            ("path correction", "path", "correction [0.500 0.000 0.000]"),
        ),
    ]
    for number in range(9):
        robot.sendto(feedback(number), ("127.0.0.1", 6510))
        got, state = client.receive_from_robot(timeout=2)
        harness.check("feedback", got, True)
        joints = " ".join(f"{angle:.3f}" for angle in state.joint_angles)
        fields = {"protocol": "abb-egm", "values": [f"seqno {number} feedback [{joints}]"]}
        account.line("receive_from_robot", "notice", "robot feedback", intent="observe", **fields)
        call, (operation, place, shown) = answers[number % 3]
        harness.check("sent", call(), True)
        robot.recv(4096)
        fields = {"protocol": "abb-egm", "object": place, "values": [shown]}
        account.line("send_to_robot", "notice", operation, intent="operate", **fields)


def feedback(number):
    """One message of the robot, by the definition that the client brings along."""
    from abb_robot_client._egm_protobuf import egm_pb2

    message = egm_pb2.EgmRobot()
    message.header.seqno, message.header.tm, message.header.mtype = number, 4 * number, 2
    message.feedBack.joints.joints.extend([0, 1, 2, 3, 4, 5])
    message.planned.joints.joints.extend([0] * 6)
    place = message.feedBack.cartesian
    place.pos.x = place.pos.y = place.pos.z = 1
    place.orient.u0, place.orient.u1, place.orient.u2, place.orient.u3 = 1, 0, 0, 0
    message.planned.cartesian.CopyFrom(place)
    message.motorState.state, message.mciState.state, message.rapidExecState.state = 1, 3, 2
    return message.SerializeToString()


def main(account):
    services(account)
    guidance(account)


protocols = ["abb-rws", "abb-egm"]
harness.record(main, "abb-robot-client", protocols, beside=["file content"])
