"""airo-fanuc streams positions to its own simulated CRX controller."""

import socket

from airo_fanuc.testing import FakeCRXConfig, FakeCRXController, WallClock, wire

import harness

COMMANDS = 20
AXES = 9


def main(account):
    config = FakeCRXConfig(strict=False)
    controller = FakeCRXController(
        config, sm_port=60015, rmi_bootstrap_port=16001, clock=WallClock()
    )
    controller.start()
    controller.start_realtime()
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(2)
    client.connect(("127.0.0.1", 60015))
    client.send(wire.encode_get_capability_packet())
    found = wire.decode_capability_result_packet(client.recv(2000))
    harness.check("the version", found.version_no, 3)
    account.exchange("get capability", "get capability", intent="observe")
    client.send(wire.encode_start_packet())
    account.line("start", "request", "start", intent="session")
    for number in range(COMMANDS):
        status = wire.decode_status_packet(client.recv(2000))
        joints = status.joint_angle_deg[0]
        values = [f"safety scale {status.safety_scale:.2f}", f"joints {joints:.3f}"]
        account.line("status", "notice", "status", intent="observe", values=values)
        place = number / 4
        client.send(wire.encode_command_packet(status.sequence_no, [place] * AXES))
        values = [f"move to {place:.3f} {place:.3f}"]
        account.line("command", "request", "command", intent="operate", values=values)
    client.send(wire.encode_stop_packet())
    account.line("stop", "request", "stop", intent="session")
    # What the controller sent before it read the last packet.
    client.settimeout(0.5)
    while True:
        try:
            wire.decode_status_packet(client.recv(2000))
        except TimeoutError:
            break
        account.line("status", "notice", "status", intent="observe")
    controller.close()


harness.record(main, "airo-fanuc", ["fanuc-stream-motion"], at_once=True)
