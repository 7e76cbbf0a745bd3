//! The frame of SRTP.
//!
//! ```text
//!  0      1     2          4             6        26      30    31
//!  +------+-----+----------+-------------+--------+-------+-----+--------------+
//!  | type |  0  | sequence | text length | (zero) | clock | tag | message type |  little endian
//!  +------+-----+----------+-------------+--------+-------+-----+--------------+
//!  32               36                    40       41      42
//!  +----------------+---------------------+--------+-------+---------- .. 56 +------
//!  | mailbox source | mailbox destination | packet | total | body           | text
//!  +----------------+---------------------+--------+-------+-----------------+------
//!  request, body from 42 (type 0xc0) or 50 (0x80, with text): service, selector, offset16,
//!  count16, and up to 6 bytes inline; reply: status, minor status, 6 bytes, .., PLC status at 54
//! ```
//! Source: DFRWS 2017 paper, figures 3 and 4; the two body places as in packets of a commercial
//! driver to a robot (Booozie-Z, Fanuc_GESRTP_Driver).

use crate::Reader;
use crate::session::Step;

/// Bytes before the text.
pub(super) const HEADER_BYTES: usize = 56;
/// Text that is waited for; what is longer is shown in part.
const TEXT_BYTES_MAX: usize = 60 * 1024;
/// Where a mailbox address ends with a CPU: `x0 0e 00 00`, x being its slot.
const CPU_MAILBOX: u8 = 0x0e;

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Opens the connection.
    Init,
    /// Answers that.
    InitAck,
    /// Asks for a service.
    Request,
    /// Answers it.
    Reply,
}

/// One frame.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) role: Role,
    /// Number that the reply repeats.
    pub(super) sequence: u16,
    pub(super) message_type: u8,
    /// This packet and how many there are.
    pub(super) packet: (u8, u8),
    /// Of requests the service, of replies the major status.
    pub(super) code: u8,
    /// Of requests the memory selector, of replies the minor status.
    pub(super) selector: u8,
    pub(super) offset: u16,
    pub(super) count: u16,
    /// Bytes inside the header.
    pub(super) inline: &'a [u8],
    /// The last two bytes of the header: in replies, the state of the PLC.
    pub(super) state: u16,
    pub(super) text: &'a [u8],
    /// Bytes of the whole frame.
    pub(super) bytes: usize,
    /// Mailbox addresses are those of a CPU and its client, and packets are counted from 1.
    pub(super) addressed: bool,
}

impl<'a> Frame<'a> {
    /// Reads the frame at the start of `bytes`.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Step> {
        Self::check(bytes)?;
        let (header, rest) =
            bytes.split_at_checked(HEADER_BYTES).ok_or(Step::Need(HEADER_BYTES))?;
        let frame = Self::header(header).ok_or(Step::Lost)?;
        let length = (frame.bytes - HEADER_BYTES).min(TEXT_BYTES_MAX);
        let text = rest.get(..length).ok_or(Step::Need(HEADER_BYTES + length))?;
        Ok(Self { text, ..frame })
    }

    /// What the first bytes alone rule out.
    fn check(bytes: &[u8]) -> Result<(), Step> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8().ok_or(Step::Lost)?;
        let second = reader.u8();
        let fits = matches!(kind, 0..=3 | 8) && (kind == 0 || second.unwrap_or(0) == 0);
        if fits { Ok(()) } else { Err(Step::Lost) }
    }

    fn header(header: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(header);
        let role = match reader.u8()? {
            0 => Role::Init,
            1 => Role::InitAck,
            2 | 8 => Role::Request,
            _ => Role::Reply,
        };
        reader.skip(1)?;
        let (sequence, length) = (reader.le16()?, reader.le16()?);
        reader.skip(25)?;
        let message_type = reader.u8()?;
        let (source, destination) = (reader.array::<4>()?, reader.array::<4>()?);
        let packet = (reader.u8()?, reader.u8()?);
        let state = Reader::new(header.get(54..)?).le16()?;
        let text = matches!(message_type, 0x80);
        if text && role == Role::Request {
            reader.skip(8)?;
        }
        let (code, selector) = (reader.u8()?, reader.u8()?);
        let inline = if role == Role::Reply { reader.rest().get(..6)? } else { reader.rest() };
        let (offset, count) = (reader.le16()?, reader.le16()?);
        let inline = if role == Role::Reply { inline } else { reader.take_rest() };
        let opening = matches!(role, Role::Init | Role::InitAck);
        // an init has no length: some clients put their own number there
        let length = if opening { 0 } else { usize::from(length) };
        let frame = Self {
            role,
            sequence,
            message_type,
            packet,
            code,
            selector,
            offset,
            count,
            inline,
            state,
            text: &[],
            bytes: HEADER_BYTES + length,
            addressed: addressed(role, source, destination) && packet.0 > 0 && packet.0 <= packet.1,
        };
        // beside its type and a number only zeros
        let plain = || header.get(10..).is_some_and(|tail| tail.iter().all(|byte| *byte == 0));
        (frame.typed() && (!opening || plain())).then_some(frame)
    }

    /// Whether the message type is one of the role.
    const fn typed(&self) -> bool {
        match self.role {
            Role::Init | Role::InitAck => true,
            Role::Request => matches!(self.message_type, 0xc0 | 0x80),
            Role::Reply => matches!(self.message_type, 0xd4 | 0x94 | 0xd1),
        }
    }

    /// The data that a request writes or a reply brings.
    pub(super) const fn data(&self) -> &'a [u8] {
        match self.message_type {
            0x80 | 0x94 => self.text,
            _ => self.inline,
        }
    }
}

const fn addressed(role: Role, source: [u8; 4], destination: [u8; 4]) -> bool {
    match (role, source, destination) {
        (Role::Request, [0, 0, 0, 0], [slot, CPU_MAILBOX, 0, 0])
        | (Role::Reply, [slot, CPU_MAILBOX, 0, 0], _) => slot & 0x0f == 0,
        _ => false,
    }
}
