//! One line of the R3 protocol.
//!
//! ```text
//!  client:  [robot] ; [slot] ; COMMAND argument ; argument ..   [CR | CR LF]
//!  server:  QoK answer ; answer ..  or  QeR error number        [CR | CR LF]
//! ```
//! Whether lines are terminated is a setting of the controller; some clients end theirs with NUL.
//! A line of at most 255 bytes is sent at once, so that without a terminator it ends with the
//! segment, until the first terminator shows that this side sends them. Source: BFP-A4288 3.1 and
//! 3.3.

/// Longest line that is waited for: commands have at most 255 bytes; of answers, which may carry
/// error texts and lines of a program, no bound is named.
pub(super) const LINE_BYTES_MAX: usize = 2048;

/// A line cut out of the stream, without its terminator.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a [u8],
    pub(super) bytes: usize,
    pub(super) terminated: bool,
}

impl<'a> Line<'a> {
    /// The line at the start of `bytes`; without a terminator it is all of them.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let Some(end) = bytes.iter().position(|byte| is_end(*byte)) else {
            return Self { text: bytes, bytes: bytes.len(), terminated: false };
        };
        let (text, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
        let terminators = rest.iter().take_while(|byte| is_end(**byte)).count();
        Self { text, bytes: end + terminators, terminated: true }
    }

    /// Whether it may be a line: text with VT between lines of a program.
    pub(super) fn is_text(&self) -> bool {
        self.text.iter().all(|byte| *byte >= 0x20 || matches!(byte, 0x0b | b'\t'))
    }
}

/// What may stand at the end of a line.
const fn is_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | 0)
}

/// A client's line.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) robot: u8,
    pub(super) slot: u8,
    pub(super) command: &'a [u8],
}

impl<'a> Request<'a> {
    /// Robot and slot may be left out, which means 1; blanks may stand before the command.
    pub(super) fn read(text: &'a [u8]) -> Option<Self> {
        let mut parts = text.splitn(3, |byte| *byte == b';');
        let (robot, slot) = (number(parts.next()?)?, number(parts.next()?)?);
        let command = parts.next()?.trim_ascii_start();
        (robot <= 9 && slot <= 99 && !command.is_empty()).then_some(Self { robot, slot, command })
    }
}

/// Up to two digits; 1 if there are none.
fn number(digits: &[u8]) -> Option<u8> {
    match digits {
        [] => Some(1),
        [a @ b'0'..=b'9'] => Some(a - b'0'),
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some((a - b'0') * 10 + (b - b'0')),
        _ => None,
    }
}

/// A controller's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer<'a> {
    Ok(&'a [u8]),
    Error(&'a [u8]),
}

impl<'a> Answer<'a> {
    pub(super) fn read(text: &'a [u8]) -> Option<Self> {
        let (head, tail) = text.split_at_checked(3)?;
        match head {
            _ if head.eq_ignore_ascii_case(b"qok") => Some(Self::Ok(tail)),
            _ if head.eq_ignore_ascii_case(b"qer") => Some(Self::Error(tail)),
            _ => None,
        }
    }

    /// The number of an error: up to the first `;`.
    pub(super) fn error_number(tail: &[u8]) -> u32 {
        let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).take(9);
        digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
    }
}
