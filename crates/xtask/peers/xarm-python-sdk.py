"""The xArm SDK enables, moves, limits and restarts an arm: a small control box of ours."""

import struct

from xarm.wrapper import XArmAPI

import harness

#: What the box answers, by register; all others get no data.
ANSWERS = {
    1: b"6,6,XI1300,AC1300,v1.12.9".ljust(40, b"\0"),
    2: b"XI130506D43L0Q AC1300".ljust(40, b"\0"),
    13: b"\x02",
    14: b"\0\0",
    15: b"\0\0",
    41: struct.pack("<6f", 300, 0, 150, 3.14, 0, 0),
    42: struct.pack("<7f", *range(7)),
    43: struct.pack("<7f", *range(7)),
    102: b"\0\0\0\7",
    **dict.fromkeys((21, 23, 25), b"\0\0\0"),
}


def box(stream):
    """Frame: number u16, protocol u16 (0 Modbus, 1 heartbeat, 2 private), length u16, body."""
    while True:
        number, protocol, length = struct.unpack(">HHH", harness.exactly(stream, 6))
        body = harness.exactly(stream, length)
        if protocol == 0:
            unit, function = body[:2]
            data = b"\4\0\1\0\2" if function == 3 else body[2:6]
            answer = bytes([unit, function]) + data
        elif protocol == 2:
            answer = bytes([body[0], 0]) + ANSWERS.get(body[0], b"")
        else:
            continue
        stream.sendall(struct.pack(">HHH", number, protocol, len(answer)) + answer)


def rows(arm):
    """Call, operation, intent, and what of it is seen."""
    joints, pose = [0.5] * 7, [300, 0, 150, 3.5, 0, 0]
    moved = "300, 0, 150, 3.5, 0, 0"
    operate, observe, safety = "operate", "observe", "safety"
    return [
        (lambda: arm.get_version(), "get version", observe, {}),
        (lambda: arm.get_robot_sn(), "get robot sn", observe, {}),
        (lambda: arm.motion_en(8, 1), "motion en", operate, {"object": "all axes on"}),
        (lambda: arm.set_mode(0), "set mode", operate, {"object": "position control"}),
        (lambda: arm.set_state(0), "set state motion", operate, {}),
        (lambda: arm.get_state(), "get state", observe, {}),
        (lambda: arm.get_err_code(), "get error", observe, {}),
        (lambda: arm.clean_err(), "clean err", operate, {}),
        (lambda: arm.clean_war(), "clean war", operate, {}),
        (lambda: arm.get_tcp_pose(), "get tcp pose", observe, {"read": "300, 0, 150, 3.14"}),
        (lambda: arm.get_joint_pos(), "get joint pos", observe, {"read": "0, 1, 2, 3, 4, 5, 6"}),
        (lambda: arm.move_joint(joints, 1, 10, 0), "move joint", operate, {"wrote": "0.5, 0.5"}),
        (lambda: arm.move_line(pose, 100, 1000, 0), "move line", operate, {"wrote": moved}),
        (lambda: arm.move_gohome(1, 1, 0), "move home", operate, {}),
        (lambda: arm.set_mode(1), "set mode", operate, {"object": "servo motion"}),
        (lambda: arm.move_servoj(joints, 1, 1, 0), "move servoj", operate, {"wrote": "0.5, 0.5"}),
        (lambda: arm.vc_set_jointv(joints, 1), "vc set jointv", operate, {"wrote": "0.5, 0.5"}),
        (lambda: arm.set_collis_sens(3), "set collis sens", safety, {}),
        (lambda: arm.set_teach_sens(3), "set teach sens", operate, {}),
        (lambda: arm.set_tcp_offset([0, 0, 10, 0, 0, 0]), "set tcp offset", operate, {}),
        (lambda: arm.set_tcp_load(1, [0, 0, 30]), "set load param", operate, {}),
        (lambda: arm.set_fense_on(1), "set fense on", safety, {"object": "on"}),
        (lambda: arm.set_reduced_mode(1), "set reduced mode", safety, {"object": "on"}),
        (lambda: arm.set_xyz_limits([9, -9, 9, -9, 9, -9]), "set limit xyz", safety, {}),
        (
            lambda: arm.servo_addr_r16(1, 0x100),
            "servo r16b",
            observe,
            {"object": "servo register 256"},
        ),
        (
            lambda: arm.servo_addr_w16(1, 0x110, 1),
            "servo w16b",
            "administer",
            {"object": "servo register 272"},
        ),
        (
            lambda: arm.tgpio_addr_w16(0x101, 1),
            "tgpio w16b",
            operate,
            {"object": "tool register 257"},
        ),
        (
            lambda: arm.cgpio_set_auxdigit(2, 1),
            "cgpio set digit",
            operate,
            {"object": "digital output 2"},
        ),
        (lambda: arm.load_traj("pick.traj", 0), "load traj", operate, {"object": "pick.traj"}),
        (lambda: arm.playback_traj(1), "play traj", operate, {}),
        (lambda: arm.get_ik(pose), "get ik", observe, {"wrote": moved, "read": "0, 1, 2, 3"}),
        (lambda: arm.save_conf(), "save conf", "administer", {}),
        (lambda: arm.set_brake(3, 0), "set brake", operate, {"object": "axis 3 off"}),
        (lambda: arm.set_state(3), "set state pause", operate, {}),
        (lambda: arm.set_state(4), "set state stop", operate, {}),
        (lambda: arm.system_control(2), "system control reboot", "administer", {}),
    ]


def main(account):
    harness.serve_tcp(502, box)
    api = XArmAPI(
        "127.0.0.1",
        do_not_open=True,
        enable_report=False,
        check_robot_sn=False,
        check_is_ready=False,
        enable_heartbeat=False,
    )
    api.connect()
    for operation in ("get version", "get error"):
        account.exchange("connect", operation, intent="observe")
    arm = api._arm.arm_cmd
    for call, operation, intent, fields in rows(arm):
        got = call()
        harness.check(operation, (got[0] if isinstance(got, (list, tuple)) else got) in (0, 1), True)
        account.exchange(operation, operation, intent=intent, **fields)
    modbus = {"protocol": "modbus", "intent": "observe", "object": "holding 32..33"}
    harness.check("registers", arm.read_holding_registers(0x20, 2)[0], 0)
    account.exchange("registers", "read holding registers", read="[1, 2]", **modbus)
    modbus = {"protocol": "modbus", "intent": "operate", "object": "holding 1"}
    arm.write_single_holding_register(1, 1)
    account.exchange("register", "write single register", wrote="[1]", **modbus)


harness.record(main, "xarm-python-sdk", ["ufactory-xarm", "modbus"], beside=["heartbeat"])
