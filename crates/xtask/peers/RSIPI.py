"""RSIPI corrects the path of a robot: our clock, around its own simulated robot's packets."""

import importlib.resources
import re
import socket
import time

import harness
from RSIPI.rsi_api import RSIAPI

#: Packets before and after the correction.
BEFORE, AFTER = 10, 10


def settings():
    """RSIPI's own example configuration, with this machine's address."""
    source = importlib.resources.files("RSIPI") / "contexts" / "RSI_EthernetConfig_Basic.xml"
    text = re.sub("<IP_NUMBER>.*?<", "<IP_NUMBER>127.0.0.1<", source.read_text())
    path = harness.scratch("rsi.xml")
    with open(path, "w") as file:
        file.write(text)
    return path, int(re.search(r"<PORT>(\d+)<", text).group(1))


class Robot:
    """Sends where it is, and gets the correction that answers it."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(5)
        self.socket.connect(("127.0.0.1", port))
        self.clock = 123450000

    def cycle(self):
        """One packet and its answer: the correction in X, as the robot reads it."""
        self.clock += 4
        place = 'X="1.5" Y="2.5" Z="3.5" A="0.0" B="0.0" C="0.0"'
        text = f'<Rob Type="KUKA"><RIst {place}/><RSol {place}/><Delay D="0"/>'
        self.socket.send(f"{text}<IPOC>{self.clock}</IPOC></Rob>".encode())
        answer = self.socket.recv(65535).decode()
        harness.check("the answered clock", f"<IPOC>{self.clock}</IPOC>" in answer, True)
        return re.search(r'RKorr X="([-0-9.]+)"', answer).group(1)


def main(account):
    path, port = settings()
    client = RSIAPI(path)
    client.start()
    time.sleep(2)
    robot = Robot(port)
    for number in range(BEFORE + AFTER):
        if number == BEFORE:
            client.motion.update_cartesian(X=0.5)
            time.sleep(0.5)
        corrected = float(robot.cycle())
        harness.check("the correction", corrected, 0.5 if number >= BEFORE else 0.0)
        values = ["RIst X=1.5 Y=2.5 Z=3.5"]
        account.line("robot", "notice", "rob", object="KUKA", intent="observe", values=values)
        values = [f"RKorr X={corrected:.6f} Y=0.000000"]
        fields = {"object": "ImFree", "intent": "operate", "values": values}
        account.line("update_cartesian", "request", "sen, correction", **fields)
    client.stop()


harness.record(main, "RSIPI", ["kuka-rsi"])
