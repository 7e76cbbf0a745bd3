"""fanuc-rmi moves a small controller of ours and sets its outputs and frames."""

import json

from fanuc_rmi import RobotClient

import harness

FRAME = {"X": 1, "Y": 0, "Z": 0, "W": 0, "P": 0, "R": 0}
JOINTS = {f"J{axis}": 1 if axis == 1 else 0 for axis in range(1, 10)}


def controller(stream):
    """One JSON object a line; each is answered by its own name and sequence number."""
    rest = b""
    while True:
        part = stream.recv(4096)
        if not part:
            return
        rest += part
        while b"\r\n" in rest:
            line, rest = rest.split(b"\r\n", 1)
            asked = json.loads(line)
            kinds = ("Communication", "Command", "Instruction")
            kind = next(kind for kind in kinds if kind in asked)
            answer = {kind: asked[kind], "ErrorID": 0}
            if "SequenceID" in asked:
                answer["SequenceID"] = asked["SequenceID"]
            if asked[kind] == "FRC_Connect":
                answer.update(PortNumber=16002, MajorVersion=7, MinorVersion=3)
            stream.sendall(json.dumps(answer).encode() + b"\r\n")


def main(account):
    harness.serve_tcp(16001, controller)
    harness.serve_tcp(16002, controller)
    robot = RobotClient(host="127.0.0.1", startup_pause=0)
    rows = [
        (robot.connect, "frc_connect", "session", None, ()),
        (robot.initialize, "frc_reset", "operate", None, ()),
        (None, "frc_initialize", "operate", None, ()),
        (None, "frc_setuframeutool", "operate", "uframe 0", ()),
        (lambda: robot.speed_override(50), "frc_setoverride", "operate", None, "Value=50"),
        (lambda: robot.write_dout(3, "ON"), "frc_writedout", "operate", "port 3", "PortValue=ON"),
        (lambda: robot.read_din(4), "frc_readdin", "observe", "port 4", "PortNumber=4"),
        (
            lambda: robot.linear_relative(FRAME, 50, 1),
            "frc_linearrelative",
            "operate",
            None,
            (),
        ),
        (
            lambda: robot.joint_absolute(JOINTS, 10, 2),
            "frc_jointmotionjrep",
            "operate",
            None,
            'JointAngle={"J1": 1',
        ),
        (lambda: robot.wait_time(1, 3), "frc_waittime", "operate", None, "Time=1"),
        (lambda: robot.set_uframe(1, 4), "frc_setuframe", "operate", "uframe 1", ()),
        (lambda: robot.read_uframe_data(1), "frc_readuframedata", "observe", "uframe 1", ()),
        (
            lambda: robot.write_uframe_data(1, FRAME),
            "frc_writeuframedata",
            "program",
            "uframe 1",
            'Frame={"X": 1.0',
        ),
        (robot.get_uframe_utool, "frc_getuframeutool", "observe", None, ()),
        (robot.abort, "frc_abort", "operate", None, ()),
        (robot.close, "frc_disconnect", "session", None, ()),
    ]
    for call, operation, intent, place, wrote in rows:
        if call is not None:
            call()
        account.exchange(operation, operation, intent=intent, object=place, wrote=wrote)


harness.record(main, "fanuc-rmi", ["fanuc-rmi"])
