//! The fixed part and the options of one DHCP message.
//!
//! Reads the options area, and the `file` and `sname` fields where option 52 says that they hold
//! options as well (RFC 2131 4.1). Of options that stand twice the first counts; options split
//! over several (RFC 3396) are read from their first part only.

use std::fmt;
use std::net::Ipv4Addr;

use plant::Mac;

use super::codes::{self, option};
use crate::message::Anomaly;
use crate::{Reader, Text};

pub(super) const OVERRUN: Anomaly = Anomaly::malformed("option length passes the end");
pub(super) const SHORT: Anomaly = Anomaly::malformed("option is too short for its kind");
pub(super) const NO_END: Anomaly = Anomaly::violation("options do not end with the end option");

/// What stands at fixed places.
pub(super) struct Fixed<'a> {
    pub(super) op: u8,
    pub(super) hardware: u8,
    pub(super) hardware_bytes: u8,
    pub(super) transaction: u32,
    pub(super) client: Ipv4Addr,
    pub(super) yours: Ipv4Addr,
    pub(super) relay: Ipv4Addr,
    address: &'a [u8],
    server_name: &'a [u8],
    file: &'a [u8],
}

impl<'a> Fixed<'a> {
    pub(super) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let [op, hardware, hardware_bytes, _hops] = reader.array()?;
        let transaction = reader.be32()?;
        reader.skip(4)?; // seconds, flags
        let client = reader.array::<4>()?.into();
        let yours = reader.array::<4>()?.into();
        reader.skip(4)?; // next server of the boot
        let relay = reader.array::<4>()?.into();
        Some(Self {
            op,
            hardware,
            hardware_bytes,
            transaction,
            client,
            yours,
            relay,
            address: reader.take(16)?,
            server_name: reader.take(64)?,
            file: reader.take(128)?,
        })
    }

    /// The client's Ethernet address (hardware type 1, 6 bytes).
    pub(super) fn mac(&self) -> Option<Mac> {
        let mac = self.address.first_chunk().copied().map(Mac)?;
        (self.hardware == 1 && self.hardware_bytes == 6 && !mac.is_unset()).then_some(mac)
    }
}

/// The options that are read.
#[derive(Default)]
pub(super) struct Options<'a> {
    pub(super) message: Option<u8>,
    pub(super) requested: Option<Ipv4Addr>,
    pub(super) server: Option<Ipv4Addr>,
    pub(super) hostname: Option<Text<'a>>,
    pub(super) vendor_class: Option<Text<'a>>,
    domain: Option<Text<'a>>,
    text: Option<Text<'a>>,
    fqdn: Option<Text<'a>>,
    lease_s: Option<u32>,
    mask: Option<Ipv4Addr>,
    router: Option<Ipv4Addr>,
    name_server: Option<Ipv4Addr>,
    overload: u8,
    pub(super) anomaly: Option<Anomaly>,
}

impl<'a> Options<'a> {
    pub(super) fn read(fixed: &Fixed<'a>, area: Reader<'a>) -> Self {
        let mut options = Self::default();
        options.area(area);
        if options.overload & 1 != 0 {
            options.area(Reader::new(fixed.file));
        }
        if options.overload & 2 != 0 {
            options.area(Reader::new(fixed.server_name));
        }
        options.hostname = options.hostname.or(options.fqdn);
        options
    }

    fn area(&mut self, mut area: Reader<'a>) {
        loop {
            match area.u8() {
                Some(option::PAD) => {}
                Some(option::END) => return,
                Some(kind) => {
                    let Some(value) = area.u8().and_then(|length| area.sub(length.into())) else {
                        self.anomaly = Some(OVERRUN);
                        return;
                    };
                    if self.option(kind, value).is_none() {
                        self.anomaly = self.anomaly.or(Some(SHORT));
                    }
                }
                None => {
                    self.anomaly = self.anomaly.or(Some(NO_END));
                    return;
                }
            }
        }
    }

    fn option(&mut self, kind: u8, mut value: Reader<'a>) -> Option<()> {
        let first_address = |place: &mut Option<Ipv4Addr>, mut value: Reader<'a>| {
            let address = value.array::<4>()?.into();
            place.get_or_insert(address);
            Some(())
        };
        let text = |place: &mut Option<Text<'a>>, value: Reader<'a>| {
            place.get_or_insert(Text::trimmed(value.rest()));
            Some(())
        };
        match kind {
            option::MESSAGE => {
                let message = value.u8()?;
                self.message.get_or_insert(message);
            }
            option::LEASE => {
                let seconds = value.be32()?;
                self.lease_s.get_or_insert(seconds);
            }
            option::OVERLOAD => self.overload = value.u8()?,
            option::FQDN => {
                let flags = value.u8()?;
                value.skip(2)?;
                // flag E: the name is in DNS wire format, which option 12 repeats in practice
                if flags & 4 == 0 && !value.is_empty() {
                    self.fqdn = Some(Text::trimmed(value.rest()));
                }
            }
            option::REQUESTED => return first_address(&mut self.requested, value),
            option::SERVER => return first_address(&mut self.server, value),
            option::MASK => return first_address(&mut self.mask, value),
            option::ROUTER => return first_address(&mut self.router, value),
            option::NAME_SERVER => return first_address(&mut self.name_server, value),
            option::HOSTNAME => return text(&mut self.hostname, value),
            option::DOMAIN => return text(&mut self.domain, value),
            option::TEXT => return text(&mut self.text, value),
            option::VENDOR_CLASS => return text(&mut self.vendor_class, value),
            _ => {}
        }
        Some(())
    }

    /// Whether the message's type and its op field contradict each other.
    pub(super) fn contradicts(&self, op: u8) -> bool {
        self.message.is_some_and(|message| codes::op(message) != 0 && codes::op(message) != op)
    }
}

impl fmt::Display for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = f.debug_map();
        let mut part = |name: &str, value: Option<&dyn fmt::Display>| {
            if let Some(value) = value {
                parts.entry(&format_args!("{name}"), &format_args!("{value}"));
            }
        };
        macro_rules! parts {
            ($($name:literal: $field:ident,)*) => {
                $(part($name, self.$field.as_ref().map(|value| value as &dyn fmt::Display));)*
            };
        }
        parts! {
            "hostname": hostname, "vendor class": vendor_class, "requested": requested,
            "server": server, "lease s": lease_s, "mask": mask, "router": router,
            "name server": name_server, "domain": domain, "text": text,
        }
        parts.finish()
    }
}
