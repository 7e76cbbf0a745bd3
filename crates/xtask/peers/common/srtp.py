"""A small SRTP server for the peers that read a GE controller or a FANUC robot.

Header of 56 bytes: type, sequence u16 at 2, length of what follows u16 at 4, message type at 31;
a short request has its service, selector, offset and count at 42, a long one at 50.
"""

import struct

import harness

READ, WORDS, BITS = 4, (8, 10, 12), 0x46


def data_of(service, selector, offset, count):
    """Data of an answer: each byte tells its place."""
    if service == READ:
        size = 2 * count if selector in WORDS else count
        size = (count + 7) // 8 if selector >= BITS else size
    else:
        size = 16 if service in (0x43, 0x03, 0x38, 0x25) else 0
    return bytes((place * 7 + offset) & 0xFF for place in range(size))


def serve(stream):
    """Answers every request of a connection; up to six bytes stand in the header itself."""
    while True:
        head = harness.exactly(stream, 56)
        harness.exactly(stream, struct.unpack("<H", head[4:6])[0])
        answer = bytearray(56)
        if head[0] == 0:
            answer[0] = answer[8] = 1
            stream.sendall(answer)
            continue
        answer[0] = 3
        answer[2:4] = head[2:4]
        answer[9] = answer[17] = answer[40] = answer[41] = 1
        answer[30] = head[30]
        answer[32:38] = b"\x10\x0e\0\0\x30\x3a"
        answer[54:56] = b"\x7c\x21"
        place = head[50:56] if head[31] == 0x80 else head[42:48]
        data = data_of(*struct.unpack("<BBHH", place))
        if len(data) > 6:
            answer[4:6] = struct.pack("<H", len(data))
            answer[31] = 0x94
        else:
            answer[31] = 0xD4
            answer[44 : 44 + len(data)] = data
            data = b""
        stream.sendall(bytes(answer) + data)
