"""Frames below IP that the hosts send themselves: LLDP, PROFINET DCP and false ARP answers."""

import socket
import struct
import threading
import time

from cell import HOSTS

ARP = 0x0806
LLDP = 0x88CC
PROFINET = 0x8892


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def tlv(kind, value):
    return struct.pack(">H", kind << 9 | len(value)) + value


def lldp(host, description, port):
    me = mac(host.mac)
    return (bytes.fromhex("0180c200000e") + me + struct.pack(">H", LLDP)
            + tlv(1, b"\x04" + me) + tlv(2, b"\x07" + port) + tlv(3, struct.pack(">H", 120))
            + tlv(5, host.station.encode()) + tlv(6, description)
            + tlv(7, struct.pack(">HH", 4, 4))  # a bridge, and works as one
            + tlv(8, b"\x05\x01" + socket.inet_aton(host.ip) + b"\x02\0\0\0\x01\0") + tlv(0, b""))


def announce(device, host, description, every):
    """Sends LLDP for ever."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((device, LLDP))
        while True:
            raw.send(lldp(host, description, b"port-001"))
            time.sleep(every)


def dcp_block(option, suboption, value):
    """A block of an answer: its value begins with a block info word."""
    value = b"\0\0" + value
    return struct.pack(">BBH", option, suboption, len(value)) + value + bytes(len(value) % 2)


def dcp(frame_id, service, kind, xid, delay, blocks):
    return struct.pack(">HBBIHH", frame_id, service, kind, xid, delay, len(blocks)) + blocks


def dcp_identify_all(host, xid):
    """DCP identify request for all devices, to the multicast address of the standard."""
    body = dcp(0xFEFE, 5, 0, xid, 1, struct.pack(">BBH", 0xFF, 0xFF, 0))
    frame = bytes.fromhex("010ecf000000") + mac(host.mac) + struct.pack(">H", PROFINET) + body
    return frame.ljust(60, b"\0")


def dcp_answer(host, to, xid, vendor, ids, role):
    ip = socket.inet_aton(host.ip) + socket.inet_aton("255.255.0.0")
    ip += socket.inet_aton(HOSTS["gateway"].ip)
    blocks = (dcp_block(2, 1, vendor) + dcp_block(2, 2, host.station.encode())
              + dcp_block(2, 3, struct.pack(">HH", *ids)) + dcp_block(2, 4, bytes([role, 0]))
              + dcp_block(1, 2, ip))
    body = dcp(0xFEFF, 5, 1, xid, 0, blocks)
    return (to + mac(host.mac) + struct.pack(">H", PROFINET) + body).ljust(60, b"\0")


def answer_dcp(device, host, vendor, ids, role):
    """Answers DCP identify requests for ever, in the background."""
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(PROFINET))
    raw.bind((device, PROFINET))

    def loop():
        while True:
            frame, source = raw.recvfrom(2048)
            asked = source[2] != socket.PACKET_OUTGOING and frame[14:17] == b"\xfe\xfe\x05"
            if asked and frame[17] == 0:
                xid = int.from_bytes(frame[18:22], "big")
                raw.send(dcp_answer(host, frame[6:12], xid, vendor, ids, role))

    threading.Thread(target=loop, daemon=True).start()


def ask_dcp(device, host):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((device, PROFINET))
        raw.send(dcp_identify_all(host, 0x07070001))


def impersonate(device, host):
    """Tells the switch that the PLC's address is here, and gives the I/O block another name.

    Both are for the record only: the switch does not talk to the PLC, and nobody obeys the name.
    """
    me, plc, switch, io = host.mac, HOSTS["plc"], HOSTS["switch"], HOSTS["io"]
    answer = struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2) + mac(me) + socket.inet_aton(plc.ip)
    answer += mac(switch.mac) + socket.inet_aton(switch.ip)
    arp = mac(switch.mac) + mac(me) + struct.pack(">H", ARP) + answer
    name = b"\0\1spare-1\0"  # keep it after a restart; eight bytes with the padding
    blocks = struct.pack(">BBH", 2, 2, 9) + name
    set_name = dcp(0xFEFD, 4, 0, 0x66010001, 0, blocks)
    renamed = mac(io.mac) + mac(me) + struct.pack(">H", PROFINET) + set_name
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((device, ARP))
        raw.send(arp.ljust(60, b"\0"))
        raw.send(renamed.ljust(60, b"\0"))
