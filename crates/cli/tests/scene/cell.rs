//! A small cell on the wire: Ethernet, IPv4, TCP and Modbus/TCP, written by hand into a pcap file.
//!
//! Sources: pcap-savefile(5); IEEE 802.3 clause 3.2; RFC 791 section 3.1; RFC 9293 section 3.1;
//! Modbus Application Protocol V1.1b3 and Modbus Messaging on TCP/IP V1.0b section 3.1.3.

use std::net::Ipv4Addr;

/// A station by the last part of its address in 10.20.7.0/24, with a MAC address of its own.
pub(crate) type Host = u8;

pub(crate) const PLC: Host = 10;
pub(crate) const ROBOT_IO: Host = 30;
pub(crate) const PANEL: Host = 40;
pub(crate) const STRANGER: Host = 66;

/// A capture that grows: one frame a millisecond from 2026-03-02T06:00:00Z.
pub(crate) struct Cell {
    pub(crate) bytes: Vec<u8>,
    frames: u32,
    /// Next sequence number of each direction of each connection.
    next: std::collections::BTreeMap<(Host, u16, Host, u16), u32>,
    transaction: u16,
}

const START_S: u32 = 1_772_431_200;
const MODBUS: u16 = 502;

impl Cell {
    pub(crate) fn new() -> Self {
        let mut bytes = Vec::new();
        bytes.extend(0xa1b2_c3d4_u32.to_le_bytes()); // microseconds, little endian
        bytes.extend([2, 0, 4, 0]); // version 2.4
        bytes.extend([0; 8]); // time zone, accuracy
        bytes.extend(65_535_u32.to_le_bytes()); // bytes kept of a frame
        bytes.extend(1_u32.to_le_bytes()); // Ethernet
        Self { bytes, frames: 0, next: std::collections::BTreeMap::new(), transaction: 0 }
    }

    /// A working cell with a stranger who restarts the controller.
    pub(crate) fn with_a_stranger() -> Self {
        let mut cell = Self::new();
        for (from, to, port) in [(PLC, ROBOT_IO, 40_001), (PANEL, PLC, 40_002)] {
            cell.connect(from, port, to);
        }
        for turn in 0..5 {
            // Read holding registers 0..1 -> 7, 9.
            cell.exchange((PLC, 40_001, ROBOT_IO), &[3, 0, 0, 0, 2], &[3, 4, 0, 7, 0, 9]);
            cell.exchange((PANEL, 40_002, PLC), &[3, 0, 100, 0, 1], &[3, 2, 0, turn]);
        }
        // Write single coil 4, on; echoed.
        cell.exchange((PLC, 40_001, ROBOT_IO), &[5, 0, 4, 0xff, 0], &[5, 0, 4, 0xff, 0]);
        cell.connect(STRANGER, 50_000, PLC);
        // Write single register 110 = 9999, echoed.
        let write = [6, 0, 110, 0x27, 0x0f];
        cell.exchange((STRANGER, 50_000, PLC), &write, &write);
        // Diagnostics, restart communications option, echoed.
        let restart = [8, 0, 1, 0, 0];
        cell.exchange((STRANGER, 50_000, PLC), &restart, &restart);
        cell
    }

    /// The three segments that open a connection to the Modbus port.
    pub(crate) fn connect(&mut self, from: Host, port: u16, to: Host) {
        const SYN: u8 = 0x02;
        const ACK: u8 = 0x10;
        self.segment((from, port, to, MODBUS), SYN, &[]);
        self.segment((to, MODBUS, from, port), SYN | ACK, &[]);
        self.segment((from, port, to, MODBUS), ACK, &[]);
    }

    /// A Modbus request and its response, from their function codes on.
    pub(crate) fn exchange(
        &mut self,
        (from, port, to): (Host, u16, Host),
        asked: &[u8],
        answer: &[u8],
    ) {
        const PUSH_ACK: u8 = 0x18;
        self.transaction += 1;
        for (ends, pdu) in [((from, port, to, MODBUS), asked), ((to, MODBUS, from, port), answer)] {
            let mut data = self.transaction.to_be_bytes().to_vec();
            data.extend([0, 0]); // protocol: Modbus
            data.extend(length(pdu.len() + 1)); // bytes from the unit on
            data.push(1); // unit
            data.extend(pdu);
            self.segment(ends, PUSH_ACK, &data);
        }
    }

    fn segment(&mut self, ends: (Host, u16, Host, u16), flags: u8, data: &[u8]) {
        let (from, from_port, to, to_port) = ends;
        let back = self.next.get(&(to, to_port, from, from_port)).copied().unwrap_or(0);
        let next = self.next.entry(ends).or_insert(1000);
        let mut tcp = [from_port.to_be_bytes(), to_port.to_be_bytes()].concat();
        tcp.extend(next.to_be_bytes());
        tcp.extend(back.to_be_bytes());
        tcp.extend([5 << 4, flags, 0x20, 0, 0, 0, 0, 0]); // window, checksum left out, urgent
        *next += u32::try_from(data.len()).expect("small") + u32::from(flags & 2 != 0);
        tcp.extend(data);
        let mut packet = vec![0x45, 0];
        packet.extend(length(20 + tcp.len()));
        packet.extend([0, 0, 0, 0, 64, 6, 0, 0]); // no fragment, time to live, TCP
        packet.extend([address(from), address(to)].concat());
        packet.extend(tcp);
        self.frame(from, to, &packet);
    }

    fn frame(&mut self, from: Host, to: Host, packet: &[u8]) {
        let mut frame = [mac(to), mac(from)].concat();
        frame.extend([0x08, 0x00]);
        frame.extend(packet);
        let size = u32::try_from(frame.len()).expect("small").to_le_bytes();
        let (second, part) = (START_S + self.frames / 1000, self.frames % 1000 * 1000);
        self.bytes.extend([second.to_le_bytes(), part.to_le_bytes(), size, size].concat());
        self.bytes.extend(frame);
        self.frames += 1;
    }
}

fn length(bytes: usize) -> [u8; 2] {
    u16::try_from(bytes).expect("small").to_be_bytes()
}

fn address(host: Host) -> [u8; 4] {
    Ipv4Addr::new(10, 20, 7, host).octets()
}

/// Locally administered, so that no vendor is looked up: tables of vendors change.
fn mac(host: Host) -> [u8; 6] {
    [0x02, 0, 0, 0x20, 7, host]
}

/// The cell as its owner declares it: the stranger is not in it.
pub(crate) const PLANT: &str = r#"[plant]
name     = "South works"
timezone = "Europe/Berlin"

[zone.cell-7]
level    = 1
networks = ["10.20.7.0/24"]

[asset.weld-plc-7]
zone      = "cell-7"
kind      = "plc"
addresses = ["10.20.7.10"]

[asset.io-block-7]
zone      = "cell-7"
kind      = "device"
addresses = ["10.20.7.30"]

[asset.panel-7]
zone      = "cell-7"
kind      = "hmi"
addresses = ["10.20.7.40"]

[[conduit]]
name  = "in the cell"
from  = ["asset:weld-plc-7"]
to    = ["asset:io-block-7"]
allow = ["modbus observe", "modbus operate"]

[[conduit]]
name  = "panel to controller"
from  = ["asset:panel-7"]
to    = ["asset:weld-plc-7"]
allow = ["modbus observe"]
"#;
