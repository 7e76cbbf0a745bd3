"""Who is in the cell: every host with its address, on one flat network as small plants have it."""

from typing import NamedTuple


class Host(NamedTuple):
    ip: str
    mac: str
    station: str  # name on the automation side, for LLDP and DCP


PREFIX = 16

HOSTS = {
    "gateway": Host("10.20.0.1", "00:1b:54:20:00:01", "plant-gateway"),
    "line": Host("10.20.1.10", "00:01:05:1c:20:10", "line-controller"),
    "services": Host("10.20.2.5", "00:15:5d:20:02:05", "plant-services"),
    "hmi": Host("10.20.2.10", "00:a0:45:2d:02:10", "hmi-1"),
    "engineering": Host("10.20.3.10", "8c:ec:4b:30:03:10", "eng-station"),
    "switch": Host("10.20.7.2", "00:80:63:a7:07:02", "cell-switch-7"),
    "plc": Host("10.20.7.10", "28:63:36:c7:07:10", "weld-plc-7"),
    "robot": Host("10.20.7.20", "00:30:d6:07:07:20", "weld-robot-7"),
    "io": Host("10.20.7.30", "00:30:de:41:07:30", "io-block-7"),
    "drive": Host("10.20.7.40", "00:00:bc:3e:07:40", "turntable-drive-7"),
    "timer": Host("10.20.7.50", "00:90:e8:5f:07:50", "weld-timer-7"),
    "intruder": Host("10.20.7.66", "00:e0:4c:68:01:9c", ""),
}

INTERNET = "192.0.43.10"  # held by ICANN; nothing leaves the namespaces

DURATION = 75.0  # seconds that are recorded
INTRUSION = 44.0  # when the laptop is plugged in
