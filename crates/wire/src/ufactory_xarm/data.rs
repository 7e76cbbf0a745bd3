//! What functions of the UFACTORY private protocol act on, and the values that they carry.
//!
//! Floating-point numbers are least significant byte first, whole numbers most significant byte
//! first, but for the 32-bit ones. Source: `uxbus_cmd.py` of the xArm-Python-SDK.

use std::fmt;

use arrayvec::ArrayVec;

use super::codes;
use crate::message::Object;
use crate::{Reader, Text};

/// Longest name of a trajectory: 80 characters and a NUL.
const NAME_BYTES_MAX: usize = 81;

/// What a function acts on, and the drive or tool behind the controller that it goes to.
#[derive(Clone, Debug, Default)]
pub(super) enum Target {
    #[default]
    Nothing,
    Cell {
        space: &'static str,
        first: u16,
        unit: Option<u8>,
    },
    Word(&'static str),
    Axis {
        axis: u8,
        on: bool,
    },
    Name(ArrayVec<u8, NAME_BYTES_MAX>),
}

/// Stands for all axes.
const ALL_AXES: u8 = 8;

impl Target {
    /// Of a request.
    pub(super) fn read(function: u8, data: &[u8]) -> Self {
        Self::of(function, Reader::new(data)).unwrap_or_default()
    }

    fn of(function: u8, mut data: Reader<'_>) -> Option<Self> {
        let register = |space, mut data: Reader<'_>| {
            let unit = data.u8()?;
            Some(Self::Cell { space, first: data.be16()?, unit: Some(unit) })
        };
        let cell = |first| Self::Cell { space: "analog output", first, unit: None };
        Some(match function {
            11 | 18 => Self::Axis { axis: data.u8()?, on: data.u8()? != 0 },
            19 => Self::Word(codes::mode(data.u8()?)),
            50 | 59 | 60 | 77 | 79 | 201 => Self::Word(if data.u8()? == 0 { "off" } else { "on" }),
            62 | 63 => {
                let end = data.rest().iter().position(|byte| *byte == 0).unwrap_or(data.len());
                Self::Name(data.rest().iter().copied().take(end.min(NAME_BYTES_MAX)).collect())
            }
            101..=104 | 107 => register("servo register", data)?,
            127..=130 => register("tool register", data)?,
            134 => Self::Cell { space: "digital output", first: output(data)?, unit: None },
            135 => cell(0),
            136 => cell(1),
            _ => return None,
        })
    }

    /// The same to be shown.
    pub(super) fn object(&self) -> Object<'_> {
        match self {
            Self::Cell { space, first, .. } => {
                Object::Range { space, first: u32::from(*first), count: 1 }
            }
            Self::Word(word) if !word.is_empty() => Object::Named(word),
            Self::Name(name) if name.is_empty() => Object::Nothing,
            Self::Name(_) | Self::Axis { .. } => Object::Named(self),
            Self::Nothing | Self::Word(_) => Object::Nothing,
        }
    }

    /// The drive, or the device behind the tool's serial line.
    pub(super) const fn unit(&self) -> Option<u16> {
        match self {
            Self::Cell { unit: Some(unit), .. } => Some(*unit as u16),
            Self::Cell { .. }
            | Self::Nothing
            | Self::Word(_)
            | Self::Axis { .. }
            | Self::Name(_) => None,
        }
    }
}

/// The one output whose bit is set in the high bytes of up to two words.
fn output(mut data: Reader<'_>) -> Option<u16> {
    let low = data.be16()?;
    let high = data.be16().unwrap_or(0);
    let mask = u16::from_be_bytes([high.to_be_bytes()[0], low.to_be_bytes()[0]]);
    (mask.count_ones() == 1).then(|| u16::try_from(mask.trailing_zeros()).ok()).flatten()
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => Text(name).fmt(f),
            Self::Axis { axis, on } => {
                match *axis {
                    ALL_AXES => f.write_str("all axes ")?,
                    axis => write!(f, "axis {axis} ")?,
                }
                f.write_str(if *on { "on" } else { "off" })
            }
            Self::Nothing | Self::Cell { .. } | Self::Word(_) => Ok(()),
        }
    }
}

/// Numbers, and what a response says of the controller's state.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) floats: &'a [u8],
    pub(super) state: Option<u8>,
}

/// Numbers shown of one message.
const VALUES_MAX: usize = 16;
/// Bits of the state byte, from `uxbus_cmd_tcp.py`.
const STATE_BITS: [(u8, &str); 3] =
    [(0x40, "error not cleared"), (0x20, "warning not cleared"), (0x10, "not ready to move")];
/// The function was not carried out, or its result means nothing.
pub(super) const INVALID: u8 = 0x08;

impl Values<'_> {
    /// Whether there is anything to show.
    pub(super) fn is_empty(&self) -> bool {
        let told = |state| STATE_BITS.iter().any(|(bit, _)| state & bit != 0);
        self.floats.len() < 4 && !self.state.is_some_and(told)
    }
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = "";
        if self.floats.len() >= 4 {
            let (values, _) = self.floats.as_chunks::<4>();
            f.write_str("[")?;
            for value in values.iter().take(VALUES_MAX) {
                write!(f, "{before}{}", f32::from_le_bytes(*value))?;
                before = ", ";
            }
            f.write_str("]")?;
        }
        for (bit, word) in STATE_BITS {
            if self.state.is_some_and(|state| state & bit != 0) {
                write!(f, "{before}{word}")?;
                before = ", ";
            }
        }
        Ok(())
    }
}
