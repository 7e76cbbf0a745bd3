"""Builds the cell out of network namespaces, runs it, and records what its switch sees.

`record.py FILE`, as root on Linux with iproute2. Each host of `cell.py` is a namespace with one
interface on a bridge, which stands in the namespace of the switch. Every frame is taken once, where
it enters the bridge. Namespaces are removed at the end, whatever happens.
"""

import array
import fcntl
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

import pcapng
from cell import DURATION, HOSTS, INTERNET, PREFIX

HERE = pathlib.Path(__file__).parent
SPACE = "lc-{}"
SETTLE = 8.0  # seconds for interpreters and servers to start
FIRST_NS = 1_772_431_080 * 10**9  # 2026-03-02 05:58 UTC, so that two recordings look alike
COMMENT = "Lightcurtain example cell, recorded between real peers by examples/record"
SO_TIMESTAMPNS = 35  # the kernel's own time of arrival
SIOCETHTOOL = 0x8946
OFFLOADS = (0x17, 0x1F, 0x24, 0x2C)  # checksum, TSO, GSO, GRO: frames as on a wire


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def space(name, *words):
    subprocess.run(["ip", "netns", "exec", SPACE.format(name), *words], check=True)


def build():
    for name in HOSTS:
        ip("netns", "add", SPACE.format(name))
        quiet = ("net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")
        space(name, "sysctl", "-qw", *quiet)
        space(name, "ip", "link", "set", "lo", "up")
    bridge = SPACE.format("switch")
    space("switch", "ip", "link", "add", "br0", "address", HOSTS["switch"].mac, "type", "bridge",
          "stp_state", "0", "mcast_snooping", "0")
    join("switch", "br0")
    for name, host in HOSTS.items():
        if name != "switch":
            port = "p-" + name
            ip("-n", bridge, "link", "add", port, "type", "veth", "peer", "name", "eth0",
               "address", host.mac, "netns", SPACE.format(name))
            ip("-n", bridge, "link", "set", port, "master", "br0", "up")
            join(name, "eth0")
            if name != "gateway":
                ip("-n", SPACE.format(name), "route", "add", "default", "via",
                   HOSTS["gateway"].ip)
    ip("-n", SPACE.format("gateway"), "address", "add", f"{INTERNET}/32", "dev", "lo")


def join(name, device):
    place = ("-n", SPACE.format(name))
    ip(*place, "address", "add", f"{HOSTS[name].ip}/{PREFIX}", "dev", device)
    ip(*place, "link", "set", device, "up")
    space(name, sys.executable, __file__, "--plain", device)


def plain(device):
    """Turns offloads of a device of this namespace off."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for feature in OFFLOADS:
            value = array.array("B", struct.pack("II", feature, 0))
            request = struct.pack("16sP", device.encode(), value.buffer_info()[0])
            try:
                fcntl.ioctl(control, SIOCETHTOOL, request.ljust(40, b"\0"))
            except OSError:
                pass  # a bridge has not all of them


def demolish():
    for name in HOSTS:
        subprocess.run(["ip", "netns", "delete", SPACE.format(name)], check=False,
                       stderr=subprocess.DEVNULL)


def capture(start, frames):
    """Runs in the switch's namespace: what enters its ports, and what it sends itself."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as tap:
        tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        tap.settimeout(0.5)
        start_ns = time.time_ns() + int((start - time.monotonic()) * 10**9)
        while time.monotonic() < start + DURATION:
            try:
                frame, [(*_, stamp)], _, (device, _, kind, *_) = tap.recvmsg(65535, 64)
            except TimeoutError:
                continue
            seconds, rest_ns = struct.unpack("qq", stamp)
            passed_ns = seconds * 10**9 + rest_ns - start_ns
            outgoing = kind == socket.PACKET_OUTGOING
            if passed_ns >= 0 and outgoing == (device == "br0") and device != "lo":
                frames.append((FIRST_NS + passed_ns, frame))
    frames.sort(key=lambda frame: frame[0])


def enter(name):
    handle = os.open(f"/run/netns/{SPACE.format(name)}", os.O_RDONLY)
    setns(handle)
    os.close(handle)


def setns(handle):
    """As os.setns of Python 3.12."""
    import ctypes

    if ctypes.CDLL(None, use_errno=True).setns(handle, 0x40000000) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def record(path):
    build()
    start = time.monotonic() + SETTLE
    logs = HERE / "hosts.log"
    with open(logs, "wb") as log:
        players = [
            subprocess.Popen(["ip", "netns", "exec", SPACE.format(name), sys.executable,
                              str(HERE / "hosts.py"), name, str(start)],
                             stdout=log, stderr=log, start_new_session=True)
            for name in HOSTS
        ]
        frames = []
        try:
            enter("switch")
            tap = threading.Thread(target=capture, args=(start, frames))
            tap.start()
            tap.join()
        finally:
            for player in players:
                os.killpg(player.pid, signal.SIGTERM)
            for player in players:
                player.wait()
    pcapng.write(path, frames, COMMENT)
    print(f"{path}: {len(frames)} frames, {os.path.getsize(path)} bytes")


def main():
    if sys.argv[1] == "--plain":
        plain(sys.argv[2])
        return
    if os.geteuid() != 0:
        sys.exit("network namespaces need root")
    demolish()
    try:
        record(sys.argv[1])
    finally:
        demolish()


if __name__ == "__main__":
    main()
