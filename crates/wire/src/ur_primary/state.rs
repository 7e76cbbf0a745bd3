//! What controllers stream: robot state, robot messages, and real-time packets.
//!
//! Only what tells the state of the machine is read: mode, stops, program, speed, texts, versions.
//! Offsets of real-time packets follow from the manual's columns of eight bytes behind the size.

use std::fmt;

use super::codes;
use crate::ur_rtde::codes::{robot_mode, runtime_state, safety_mode};
use crate::{Reader, Text};

/// Sub-packages of a robot state, by type.
const MODE_DATA: u8 = 0;
const MASTERBOARD_DATA: u8 = 3;
const CONFIGURATION_DATA: u8 = 6;

/// What one robot state package says.
#[derive(Default)]
pub(super) struct State {
    mode: Option<Mode>,
    safety_mode: Option<u8>,
    /// Type of the arm, in the first package of a conversation.
    pub(super) robot_type: Option<u32>,
    /// A sub-package does not fit in its package.
    pub(super) cut: bool,
}

struct Mode {
    emergency_stop: bool,
    protective_stop: bool,
    running: bool,
    paused: bool,
    robot_mode: u8,
    speed: Option<f64>,
}

impl State {
    pub(super) fn read(mut package: Reader<'_>) -> Self {
        let mut state = Self::default();
        while !package.is_empty() {
            let Some((kind, body)) = sub_package(&mut package) else {
                state.cut = true;
                break;
            };
            match kind {
                MODE_DATA => state.mode = Mode::read(body),
                MASTERBOARD_DATA => state.safety_mode = masterboard(body),
                CONFIGURATION_DATA => state.robot_type = configuration(body),
                _ => {}
            }
        }
        state
    }
}

/// Size (with itself), type, and the rest.
pub(super) fn sub_package<'a>(package: &mut Reader<'a>) -> Option<(u8, Reader<'a>)> {
    let size = package.be32()?;
    let mut body = package.sub(usize::try_from(size).ok()?.checked_sub(4)?)?;
    Some((body.u8()?, body))
}

impl Mode {
    fn read(mut body: Reader<'_>) -> Option<Self> {
        body.skip(8)?; // timestamp
        let [_connected, _enabled, _power, emergency, protective, running, paused] =
            body.array()?;
        let robot_mode = body.u8()?;
        body.skip(1)?; // control mode
        Some(Self {
            emergency_stop: emergency != 0,
            protective_stop: protective != 0,
            running: running != 0,
            paused: paused != 0,
            robot_mode,
            speed: body.be64().map(f64::from_bits),
        })
    }
}

fn masterboard(mut body: Reader<'_>) -> Option<u8> {
    // digital inputs and outputs, ranges and values of two analog inputs and two outputs,
    // temperature, voltage and two currents
    body.skip(4 + 4 + 2 + 16 + 2 + 16 + 16)?;
    body.u8()
}

fn configuration(mut body: Reader<'_>) -> Option<u32> {
    // limits of six joints, default speeds, DH parameters, masterboard version, controller box
    body.skip(6 * 16 + 6 * 16 + 5 * 8 + 4 * 48 + 4 + 4)?;
    body.be32()
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(mode) = &self.mode {
            write!(f, "robot mode {}", robot_mode(i32::from(mode.robot_mode)))?;
            let program = match (mode.running, mode.paused) {
                (_, true) => "paused",
                (true, false) => "running",
                (false, false) => "stopped",
            };
            write!(f, ", program {program}")?;
            if let Some(speed) = mode.speed {
                write!(f, ", speed {:.0}%", speed * 100.0)?;
            }
            if mode.emergency_stop {
                f.write_str(", emergency stop")?;
            }
            if mode.protective_stop {
                f.write_str(", protective stop")?;
            }
        }
        match self.safety_mode {
            Some(mode) => write!(f, ", safety mode {}", safety_mode(i32::from(mode))),
            None => Ok(()),
        }
    }
}

/// What one robot message says.
pub(super) enum Note<'a> {
    Text(Text<'a>),
    Label { id: u32, text: Text<'a> },
    Titled { code: Option<(u32, u32)>, title: Text<'a>, text: Text<'a> },
    Version(Version<'a>),
    SafetyMode { code: u32, argument: u32, mode: u8 },
    Report { code: u32, argument: u32, text: Text<'a> },
    Exception { line: u32, column: u32, text: Text<'a> },
}

/// Version of the controller's software.
pub(super) struct Version<'a> {
    pub(super) project: Text<'a>,
    major: u8,
    minor: u8,
    bugfix: u32,
    build: Option<u32>,
}

impl fmt::Display for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.bugfix)?;
        self.build.map_or(Ok(()), |build| write!(f, ".{build}"))
    }
}

impl<'a> Note<'a> {
    /// Reads a message of this type, from behind the type.
    pub(super) fn read(kind: u8, mut body: Reader<'a>) -> Option<Self> {
        Some(match kind {
            1 => Self::Label { id: body.be32()?, text: rest(&mut body) },
            2 => {
                // request id, requested type, warning, error, blocking
                body.skip(4 + 1 + 3)?;
                Self::titled(None, &mut body)?
            }
            3 => Self::Version(Version::read(&mut body)?),
            5 => {
                let (code, argument) = (body.be32()?, body.be32()?);
                Self::SafetyMode { code, argument, mode: body.u8()? }
            }
            6 => {
                let (code, argument) = (body.be32()?, body.be32()?);
                body.skip(4 + 4 + 4)?; // report level, data type, data
                Self::Report { code, argument, text: rest(&mut body) }
            }
            7 => {
                let code = (body.be32()?, body.be32()?);
                Self::titled(Some(code), &mut body)?
            }
            9 => {
                body.skip(8)?; // request id, requested type
                Self::Text(rest(&mut body))
            }
            10 => {
                let (line, column) = (body.be32()?, body.be32()?);
                Self::Exception { line, column, text: rest(&mut body) }
            }
            _ => Self::Text(rest(&mut body)),
        })
    }

    fn titled(code: Option<(u32, u32)>, body: &mut Reader<'a>) -> Option<Self> {
        let length = body.u8()?;
        let title = Text(body.take(length.into())?);
        Some(Self::Titled { code, title, text: rest(body) })
    }
}

fn rest<'a>(body: &mut Reader<'a>) -> Text<'a> {
    Text::trimmed(body.take_rest())
}

impl<'a> Version<'a> {
    fn read(body: &mut Reader<'a>) -> Option<Self> {
        let length = body.u8()?;
        let project = Text::trimmed(body.take(length.into())?);
        let (major, minor, bugfix) = (body.u8()?, body.u8()?, body.be32()?);
        // the build number came with 3.3; before it the date follows, which begins with text
        let build = body.be32().filter(|build| *build < 0x0100_0000);
        Some(Self { project, major, minor, bugfix, build })
    }
}

impl fmt::Display for Note<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Label { id, text } => write!(f, "{id}: {text}"),
            Self::Titled { code, title, text } => {
                if let Some((code, argument)) = code {
                    write!(f, "C{code}A{argument} ")?;
                }
                write!(f, "{title}: {text}")
            }
            Self::Version(version) => write!(f, "{} {version}", version.project),
            Self::SafetyMode { code, argument, mode } => {
                write!(f, "C{code}A{argument} safety mode {}", safety_mode(i32::from(*mode)))
            }
            Self::Report { code, argument, text } if text.0.is_empty() => {
                write!(f, "C{code}A{argument}")
            }
            Self::Report { code, argument, text } => write!(f, "C{code}A{argument} {text}"),
            Self::Exception { line, column, text } => {
                write!(f, "line {line} column {column}: {text}")
            }
        }
    }
}

/// One real-time packet, from behind its size.
pub(super) struct Realtime<'a>(pub(super) &'a [u8]);

impl Realtime<'_> {
    /// The value in this column of the manual, counted from 1.
    fn column(&self, column: usize) -> Option<f64> {
        let start = column.checked_sub(1)?.checked_mul(8)?;
        Reader::new(self.0.get(start..)?).be64().map(f64::from_bits)
    }

    /// Whether time and target joint positions are numbers that a robot could send.
    pub(super) fn plausible(&self) -> bool {
        let time = self.column(1).is_none_or(|time| (0.0..1e9).contains(&time));
        let joint = |column| self.column(column).is_none_or(|angle| angle.abs() < 100.0);
        time && (2..=7).all(joint)
    }
}

impl fmt::Display for Realtime<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(time) = self.column(1) {
            write!(f, "time {time:.3}")?;
        }
        let word = |name: &'static str, column, words: fn(i32) -> &'static str| {
            let value = self.column(column)?;
            let found = (-1..=32).find(|number| (f64::from(*number) - value).abs() < 0.5)?;
            Some((name, words(found))).filter(|(_, word)| !word.is_empty())
        };
        let program = |state: i32| u32::try_from(state).map_or("", runtime_state);
        let words = [
            word("robot mode", 95, robot_mode),
            word("safety mode", 102, safety_mode),
            word("program", 132, program),
        ];
        for (name, word) in words.into_iter().flatten() {
            write!(f, ", {name} {word}")?;
        }
        Ok(())
    }
}

/// The model that a robot type stands for, without the series.
pub(super) fn model(kind: u32) -> Option<&'static str> {
    Some(codes::robot_type(kind)).filter(|name| !name.is_empty())
}
