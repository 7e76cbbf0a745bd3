"""Writes pcapng: one Ethernet interface, nanoseconds, a comment on the section."""

import struct


def block(kind, body):
    size = len(body) + 12
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def write(path, frames, comment):
    """`frames` are pairs of nanoseconds since 1970 and bytes, in order of time."""
    end = option(0, b"")
    head = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + option(1, comment.encode()) + end
    port = struct.pack("<HHI", 1, 0, 65535) + option(2, b"mirror") + option(9, b"\x09") + end
    with open(path, "wb") as file:
        file.write(block(0x0A0D0D0A, head) + block(1, port))
        for time_ns, frame in frames:
            entry = struct.pack("<IIIII", 0, time_ns >> 32, time_ns & 0xFFFFFFFF,
                                len(frame), len(frame))
            file.write(block(6, entry + frame + bytes(-len(frame) % 4)))
