//! CIP requests: what they act on, what they would do and what they carry as values.
//!
//! Source: CIP Networks Library Volume 1 clause 2-4 (Message Router request format).

use std::fmt;

use arrayvec::ArrayVec;

use super::codes::{self, class};
use super::open::{self, Opening};
use super::path::{Path, Route, Target};
use super::values::Values;
use crate::message::Object;
use crate::table::{Operation, Protocol};
use crate::{Reader, cip_safety};

/// Services whose data is read.
pub(super) mod service {
    pub(in super::super) const MULTIPLE: u8 = 0x0a;
    pub(in super::super) const GET_ALL: u8 = 0x01;
    pub(in super::super) const GET_LIST: u8 = 0x03;
    pub(in super::super) const SET_LIST: u8 = 0x04;
    pub(in super::super) const GET_SINGLE: u8 = 0x0e;
    pub(in super::super) const EXECUTE_PCCC: u8 = 0x4b;
    pub(in super::super) const READ_TAG: u8 = 0x4c;
    pub(in super::super) const WRITE_TAG: u8 = 0x4d;
    pub(in super::super) const FORWARD_CLOSE: u8 = 0x4e;
    pub(in super::super) const UNCONNECTED_SEND: u8 = 0x52;
    pub(in super::super) const READ_FRAGMENT: u8 = 0x52;
    pub(in super::super) const WRITE_FRAGMENT: u8 = 0x53;
    pub(in super::super) const FORWARD_OPEN: u8 = 0x54;
    pub(in super::super) const LARGE_FORWARD_OPEN: u8 = 0x5b;
}

/// One request, read.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) service: u8,
    path: Path<'a>,
    pub(super) target: Target,
    pub(super) data: &'a [u8],
    pub(super) operation: &'static Operation,
    /// Opens or closes a connection with safety parameters.
    safety: bool,
}

/// Safety connections that were opened, by serial number, vendor and originator: what closes one
/// need not repeat its safety parameters. The oldest makes room.
#[derive(Debug)]
pub(super) struct SafetyConnections {
    known: ArrayVec<[u8; 8], 16>,
}

impl SafetyConnections {
    /// None was opened yet.
    pub(super) const fn new() -> Self {
        Self { known: ArrayVec::new_const() }
    }

    /// Remembers what opens a safety connection, and marks what closes one.
    pub(super) fn mark(&mut self, request: &mut Request<'_>) {
        let Some(identity) = request.identity() else { return };
        let place = self.known.iter().position(|known| *known == identity);
        match (request.service == service::FORWARD_CLOSE, place) {
            (true, Some(_)) => request.mark_safety(),
            (true, None) => {}
            (false, None) if request.safety => {
                if self.known.is_full() {
                    self.known.remove(0);
                }
                self.known.push(identity);
            }
            (false, Some(place)) if !request.safety => {
                self.known.remove(place);
            }
            (false, _) => {}
        }
    }
}

impl<'a> Request<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let service = reader.u8()?;
        let words = usize::from(reader.u8()?);
        let path = Path(reader.take(words * 2)?);
        let target = path.target();
        let data = reader.take_rest();
        let operation = codes::operation(service, &target, data);
        let mut request = Self { service, path, target, data, operation, safety: false };
        let led = request.opening().map(|opening| opening.path).or_else(|| request.closing());
        if led.is_some_and(|path| path.target().safety) {
            request.mark_safety();
        }
        Some(request)
    }

    fn mark_safety(&mut self) {
        self.safety = true;
        self.operation = cip_safety::codes::connection(self.service).unwrap_or(self.operation);
    }

    /// Which connection this opens or closes: serial number, vendor, originator (CIP V1 3-5.5).
    fn identity(&self) -> Option<[u8; 8]> {
        let ahead = match self.service {
            _ if !self.is_for_connection_manager() => return None,
            service::FORWARD_OPEN | service::LARGE_FORWARD_OPEN => 10,
            service::FORWARD_CLOSE => 2,
            _ => return None,
        };
        let mut data = Reader::new(self.data);
        data.skip(ahead)?;
        data.array()
    }

    /// Whose message it is: what touches safety is CIP Safety's.
    pub(super) fn protocol(&self) -> Protocol {
        let safety = self.intent() == plant::Intent::Safety;
        if safety { Protocol::CIP_SAFETY } else { Protocol::CIP }
    }

    pub(super) const fn is_for_connection_manager(&self) -> bool {
        matches!(self.target.class, Some(class::CONNECTION_MANAGER))
    }

    pub(super) fn opening(&self) -> Option<Opening<'a>> {
        let large = self.service == service::LARGE_FORWARD_OPEN;
        (self.is_for_connection_manager() && (large || self.service == service::FORWARD_OPEN))
            .then(|| Opening::read(Reader::new(self.data), large))
            .flatten()
    }

    fn closing(&self) -> Option<Path<'a>> {
        (self.is_for_connection_manager() && self.service == service::FORWARD_CLOSE)
            .then(|| open::closing(Reader::new(self.data)))
            .flatten()
    }

    pub(super) fn unconnected(&self) -> Option<(&'a [u8], Path<'a>)> {
        (self.is_for_connection_manager() && self.service == service::UNCONNECTED_SEND)
            .then(|| open::unconnected(Reader::new(self.data)))
            .flatten()
    }

    pub(super) const fn is_pccc(&self) -> bool {
        self.service == service::EXECUTE_PCCC && matches!(self.target.class, Some(class::PCCC))
    }

    /// The slot that the connection leads to which this opens or closes.
    pub(super) fn connection_slot(&self) -> Option<u16> {
        let opening = self.opening().map(|opening| opening.path);
        opening.or_else(|| self.closing())?.target().slot
    }

    /// What it acts on, as rules and people name it: of carriers, where they lead.
    pub(super) fn object(&self) -> Shown<'a> {
        if let Some((_, route)) = self.unconnected().filter(|(_, route)| !route.0.is_empty()) {
            Shown::Route(Route(route))
        } else if let Some(opening) = self.opening() {
            Shown::Path(opening.path)
        } else {
            Shown::Path(self.closing().unwrap_or(self.path))
        }
    }

    /// What it would do.
    pub(super) fn intent(&self) -> plant::Intent {
        if self.safety {
            plant::Intent::Safety
        } else if let Some(opening) = self.opening() {
            opening.intent()
        } else if let Some(path) = self.closing() {
            open::closing_intent(path)
        } else {
            codes::intent(self.operation, self.target.class)
        }
    }

    pub(super) fn values(&self) -> Option<Values<'a>> {
        let data = Reader::new(self.data);
        match self.service {
            service::GET_LIST => Some(Values::Attributes(self.data)),
            service::SET_LIST => Values::bytes(self.data),
            service::MULTIPLE => None,
            service::WRITE_TAG | service::WRITE_FRAGMENT if self.is_tag() => {
                Values::tag(data, true, self.service == service::WRITE_FRAGMENT)
            }
            service::READ_TAG | service::READ_FRAGMENT if self.is_tag() => Values::elements(data),
            _ if self.is_pccc() || self.unconnected().is_some() => None,
            _ if self.is_for_connection_manager() => self.opening().map(Values::Opening),
            _ => Values::bytes(self.data),
        }
    }

    /// Whether it names a Logix tag, whose values carry their type.
    pub(super) fn is_tag(&self) -> bool {
        self.target.symbolic || self.target.class == Some(0x6b)
    }
}

/// What a message acts on.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    Path(Path<'a>),
    Route(Route<'a>),
}

impl<'a> Shown<'a> {
    pub(super) fn object(&'a self) -> Object<'a> {
        match self {
            Self::Path(Path([])) => Object::Nothing,
            Self::Path(_) | Self::Route(_) => Object::Named(self),
        }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            Self::Route(route) => route.fmt(f),
        }
    }
}
