//! What discovery tells of a participant, writer or reader (RTPS 2.5 8.5.3, 8.5.4, 9.6.3).
//!
//! Quality of service other than the partition is passed over, and so are the types themselves.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use arrayvec::ArrayVec;

use super::codes::{self, parameter};
use super::read::{Cdr, Guid};
use super::topic::TypeName;
use crate::Text;

/// Locators that are shown.
const LOCATORS_MAX: usize = 8;
/// Partitions that are shown.
const PARTITIONS_SHOWN_MAX: usize = 8;
/// Port of domain 0, and ports of each domain (RTPS 2.5 9.6.2.3).
const PORT_BASE: u32 = 7400;
const PORTS_OF_DOMAIN: u32 = 250;
/// Highest domain whose ports exist.
const DOMAIN_MAX: u32 = 232;

/// Where a participant can be reached by UDP.
#[derive(Clone, Copy, Debug)]
struct Locator<'a> {
    address: &'a [u8],
    v6: bool,
    port: u32,
}

impl<'a> Locator<'a> {
    /// Reads a locator; those of other transports are `None`.
    fn read(value: &mut Cdr<'a>) -> Option<Self> {
        let (kind, port) = (value.u32()?, value.u32()?);
        let address = value.bytes.take(16)?;
        matches!(kind, 1 | 2).then_some(Self { address, v6: kind == 2, port })
    }
}

impl fmt::Display for Locator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v4 = self.address.last_chunk::<4>().copied().unwrap_or_default();
        let v6 = self.address.first_chunk::<16>().copied().unwrap_or_default();
        if self.v6 {
            write!(f, "[{}]:{}", Ipv6Addr::from(v6), self.port)
        } else {
            write!(f, "{}:{}", Ipv4Addr::from(v4), self.port)
        }
    }
}

/// What an announcement holds.
#[derive(Clone, Default)]
pub(super) struct Announced<'a> {
    pub(super) guid: Option<Guid>,
    pub(super) topic: Option<&'a [u8]>,
    pub(super) type_name: Option<&'a [u8]>,
    pub(super) host: Option<Text<'a>>,
    /// The participant has an identity for DDS security.
    pub(super) secured: bool,
    /// The list of parameters came to its end.
    pub(super) whole: bool,
    name: Option<&'a [u8]>,
    enclave: Option<&'a [u8]>,
    process: Option<&'a [u8]>,
    domain: Option<u32>,
    domain_by_port: Option<u32>,
    lease_s: Option<u32>,
    vendor: u16,
    version: Option<[u8; 4]>,
    partition: Option<Cdr<'a>>,
    locators: ArrayVec<Locator<'a>, LOCATORS_MAX>,
}

impl<'a> Announced<'a> {
    /// Reads serialised data; `vendor` is the sender's.
    pub(super) fn read(payload: &'a [u8], vendor: u16) -> Self {
        let mut announced = Self { vendor, ..Self::default() };
        // representation identifier: parameter list, big or little endian (RTPS 2.5 10.5)
        let little = match payload {
            [0, 2, _, _, ..] => false,
            [0, 3, _, _, ..] => true,
            _ => return announced,
        };
        let mut list = Cdr::new(payload.get(4..).unwrap_or_default(), little);
        announced.whole = list.parameters(&mut |id, value| announced.see(id, value)).is_some();
        announced
    }

    fn see(&mut self, id: u16, mut value: Cdr<'a>) {
        match id {
            parameter::PARTICIPANT_GUID => self.guid = self.guid.or_else(|| value.guid()),
            parameter::ENDPOINT_GUID => self.guid = value.guid().or(self.guid),
            parameter::TOPIC_NAME => self.topic = value.string(),
            parameter::TYPE_NAME => self.type_name = value.string(),
            parameter::ENTITY_NAME => self.name = value.string().filter(|name| !name.is_empty()),
            parameter::DOMAIN => self.domain = value.u32(),
            parameter::VENDOR => self.vendor = value.bytes.be16().unwrap_or(self.vendor),
            parameter::LEASE => self.lease_s = value.u32(),
            parameter::PARTITION => self.partition = Some(value),
            parameter::USER_DATA => self.enclave = value.string().and_then(enclave),
            parameter::PROPERTIES => self.properties(value).unwrap_or_default(),
            parameter::IDENTITY_TOKEN => self.secured = true,
            parameter::RTI_DOMAIN if self.vendor == codes::RTI => {
                self.domain = self.domain.or_else(|| value.u32());
            }
            parameter::RTI_VERSION if self.vendor == codes::RTI => {
                self.version = value.bytes.array();
            }
            parameter::DEFAULT_UNICAST
            | parameter::META_UNICAST
            | parameter::META_MULTICAST
            | parameter::DEFAULT_MULTICAST => self.locator(id, &mut value),
            _ => {}
        }
    }

    fn locator(&mut self, id: u16, value: &mut Cdr<'a>) {
        let Some(locator) = Locator::read(value) else { return };
        let place = locator.port.checked_sub(PORT_BASE);
        let domain = place.map(|place| place / PORTS_OF_DOMAIN);
        if id == parameter::META_MULTICAST
            && place.is_some_and(|place| place % PORTS_OF_DOMAIN == 0)
            && domain.is_some_and(|domain| domain <= DOMAIN_MAX)
        {
            self.domain_by_port = domain;
        }
        let _ = self.locators.try_push(locator);
    }

    /// Names and values that implementations tell of their process.
    fn properties(&mut self, mut value: Cdr<'a>) -> Option<()> {
        for _ in 0..value.u32()? {
            let (name, text) = (value.string()?, value.string()?);
            match name {
                // RTI Connext, Cyclone DDS, Fast DDS
                b"dds.sys_info.hostname" | b"__Hostname" | b"fastdds.physical_data.host" => {
                    self.host = Some(Text(text)).filter(|host| !host.0.is_empty());
                }
                b"dds.sys_info.executable_filepath"
                | b"__ProcessName"
                | b"fastdds.physical_data.process" => self.process = Some(text),
                _ => {}
            }
        }
        Some(())
    }

    /// What names the participant to people: its own name, its ROS 2 enclave, its process.
    pub(super) fn label(&self) -> Option<Text<'a>> {
        let slash = |name: &&[u8]| *name != b"/";
        self.name
            .filter(slash)
            .or(self.enclave.filter(slash))
            .or(self.process)
            .or(self.name)
            .map(Text)
    }

    /// The implementation, where the vendor is listed.
    pub(super) fn software(&self) -> Option<Software> {
        let name = codes::vendor(self.vendor);
        (!name.is_empty()).then_some(Software { name, version: self.version })
    }
}

/// ROS 2 puts the enclave of a process into its user data: `enclave=/cell/arm;`.
fn enclave(data: &[u8]) -> Option<&[u8]> {
    let rest = data.strip_prefix(b"enclave=")?;
    rest.split(|byte| *byte == b';').next()
}

/// `RTI Connext DDS 5.2.0.0`.
pub(super) struct Software {
    name: &'static str,
    version: Option<[u8; 4]>,
}

impl fmt::Display for Software {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        match self.version {
            Some([major, minor, release, revision]) => {
                write!(f, " {major}.{minor}.{release}.{revision}")
            }
            None => Ok(()),
        }
    }
}

/// What is told beside the object, in the order in which people ask.
impl fmt::Display for Announced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Parts { f, written: false };
        if let Some(type_name) = self.type_name {
            parts.add(format_args!("type {}", TypeName(type_name)))?;
            if let Some(partition) = self.partition {
                parts.add(format_args!("partition {}", Partition(partition)))?;
            }
            return self.guid.map_or(Ok(()), |guid| parts.add(format_args!("guid {guid}")));
        }
        if let Some(label) = self.label() {
            parts.add(format_args!("\"{label}\""))?;
        }
        match (self.domain, self.domain_by_port) {
            (Some(domain), _) => parts.add(format_args!("domain {domain}"))?,
            (None, Some(domain)) => parts.add(format_args!("domain {domain} by its port"))?,
            (None, None) => {}
        }
        if let Some(software) = self.software() {
            parts.add(format_args!("{software}"))?;
        }
        if self.secured {
            parts.add(format_args!("secured"))?;
        }
        if let Some(lease_s) = self.lease_s {
            parts.add(format_args!("lease {lease_s} s"))?;
        }
        for locator in &self.locators {
            parts.add(format_args!("{locator}"))?;
        }
        Ok(())
    }
}

/// Parts with a space between them.
struct Parts<'a, 'b> {
    f: &'a mut fmt::Formatter<'b>,
    written: bool,
}

impl Parts<'_, '_> {
    fn add(&mut self, part: fmt::Arguments<'_>) -> fmt::Result {
        if std::mem::replace(&mut self.written, true) {
            self.f.write_str(" ")?;
        }
        self.f.write_fmt(part)
    }
}

/// `cell7,line`.
struct Partition<'a>(Cdr<'a>);

impl fmt::Display for Partition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = self.0;
        let count = names.u32().and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        for place in 0..count.min(PARTITIONS_SHOWN_MAX) {
            let Some(name) = names.string() else { break };
            write!(f, "{}{}", if place > 0 { "," } else { "" }, Text(name))?;
        }
        f.write_str(if count > PARTITIONS_SHOWN_MAX { ",.." } else { "" })
    }
}
