//! Points and values of simple messages, as `decode` shows them.
//!
//! Source: `joint_traj_pt.h`, `joint_traj_pt_full.h`, `robot_status.h` of `industrial_core`, and
//! the structures of MotoROS.

use std::fmt;

use super::codes;
use super::frame::{Frame, Words};

/// A point of a trajectory: `group 0 point 3`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub(super) group: Option<u32>,
    pub(super) sequence: Option<u32>,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(group) = self.group {
            write!(f, "group {}", group.cast_signed())?;
        }
        if let Some(sequence) = self.sequence {
            let before = if self.group.is_some() { " " } else { "" };
            write!(f, "{before}point {}", sequence.cast_signed())?;
        }
        Ok(())
    }
}

/// What a message carries.
#[derive(Clone, Copy)]
pub(super) enum Values<'a> {
    /// Ten joints from this word on.
    Joints(Words<'a>, usize),
    /// The state of a robot.
    Status(Words<'a>),
    /// One word: an output, a register, a tool.
    Word(u32),
}

/// Joints of every structure.
const JOINTS: usize = 10;
/// Words of `status`: name, and whether it is a state of no, yes or unknown.
const STATUS: [(&str, bool); 7] = [
    ("drives powered", true),
    ("e-stopped", true),
    ("error", false),
    ("in error", true),
    ("in motion", true),
    ("mode", false),
    ("motion possible", true),
];

impl<'a> Values<'a> {
    /// Of topics and requests.
    pub(super) fn said(frame: &Frame<'a>) -> Option<Self> {
        let body = frame.body;
        let joints = |place| body.get(place).map(|_| Self::Joints(body, place));
        match frame.kind {
            codes::JOINT | codes::TRAJ_PT => joints(1),
            codes::TRAJ_PT_FULL => joints(4),
            15 => joints(3),
            13 => Some(Self::Status(body)),
            2005 | 2009 | 2013 | 2018 => body.get(1).map(Self::Word),
            _ => None,
        }
    }

    /// Of replies that carry what was read.
    pub(super) fn answered(frame: &Frame<'a>) -> Option<Self> {
        match frame.kind {
            2004 | 2008 => frame.body.get(0).map(Self::Word),
            _ => None,
        }
    }
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(f, "[{word}]"),
            Self::Joints(words, first) => {
                f.write_str("[")?;
                for place in 0..JOINTS {
                    let Some(word) = words.get(first + place) else { break };
                    let before = if place > 0 { ", " } else { "" };
                    write!(f, "{before}{}", f32::from_bits(word))?;
                }
                f.write_str("]")
            }
            Self::Status(words) => {
                let mut before = "";
                for (place, (name, ternary)) in STATUS.into_iter().enumerate() {
                    let Some(word) = words.get(place) else { break };
                    match (ternary, word) {
                        (true, 0) => write!(f, "{before}{name} no")?,
                        (true, 1) => write!(f, "{before}{name} yes")?,
                        (_, u32::MAX) => write!(f, "{before}{name} unknown")?,
                        (_, word) => write!(f, "{before}{name} {word}")?,
                    }
                    before = ", ";
                }
                Ok(())
            }
        }
    }
}
