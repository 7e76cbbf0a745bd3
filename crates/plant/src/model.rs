//! The declared plant: zones, assets, conduits and their rules, windows.
//!
//! Values of these types come from [`crate::parse`], which has checked them: every id leads to its
//! row, names are unique, no address belongs to two assets. Protocols and operations are still
//! words here; `policy` resolves them.

use std::fmt;

use crate::address::Address;
use crate::allow::Allow;
use crate::calendar::Window;
use crate::diagnostic::Diagnostic;
use crate::level::{Level, SecurityLevel};
use crate::network::Network;
use crate::source::Place;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(pub(crate) u32);

            impl $name {
                /// Its place in the plant's list.
                pub fn index(self) -> usize {
                    usize::try_from(self.0).unwrap_or(usize::MAX)
                }

                /// The id of this place in the plant's list; a list never passes 2^32 rows.
                pub fn at(index: usize) -> Self {
                    Self(u32::try_from(index).unwrap_or(u32::MAX))
                }
            }
        )*
    };
}

ids! {
    /// A zone of one plant.
    ZoneId,
    /// An asset of one plant.
    AssetId,
    /// A conduit of one plant.
    ConduitId,
    /// A window of one plant.
    WindowId,
}

/// A plant as its owner declares it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plant {
    /// What people call it; empty if no file says.
    pub name: String,
    /// IANA time zone of its windows; UTC if no file says.
    pub timezone: Option<String>,
    /// Zones, in the order of the files.
    pub zones: Vec<Zone>,
    /// Assets, in the order of the files.
    pub assets: Vec<Asset>,
    /// Conduits, in the order of the files.
    pub conduits: Vec<Conduit>,
    /// Windows, in the order of the files.
    pub windows: Vec<Window>,
    /// Names of the sources that it was read from.
    pub files: Vec<String>,
    /// What is likely not meant so.
    pub warnings: Vec<Diagnostic>,
}

impl Plant {
    /// The row of a zone.
    pub fn zone(&self, id: ZoneId) -> Option<&Zone> {
        self.zones.get(id.index())
    }

    /// The row of an asset.
    pub fn asset(&self, id: AssetId) -> Option<&Asset> {
        self.assets.get(id.index())
    }

    /// The row of a conduit.
    pub fn conduit(&self, id: ConduitId) -> Option<&Conduit> {
        self.conduits.get(id.index())
    }

    /// The name of the source of a place; empty for places of other plants.
    pub fn file(&self, place: Place) -> &str {
        let index = usize::try_from(place.source).unwrap_or(usize::MAX);
        self.files.get(index).map_or("", String::as_str)
    }

    /// An endpoint as plant files write it.
    pub fn endpoint(&self, endpoint: Endpoint) -> String {
        match endpoint {
            Endpoint::Zone(id) => {
                format!("zone:{}", self.zone(id).map_or("", |zone| zone.name.as_str()))
            }
            Endpoint::Asset(id) => {
                format!("asset:{}", self.asset(id).map_or("", |asset| asset.name.as_str()))
            }
            Endpoint::Outside => "outside".to_owned(),
            Endpoint::Any => "any".to_owned(),
        }
    }
}

/// Assets of equal need for protection (IEC 62443-3-2 ZCR 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Its name.
    pub name: String,
    /// Purdue level.
    pub level: Level,
    /// IEC 62443 target security level.
    pub target: Option<SecurityLevel>,
    /// Where its stations live; of nested networks of several zones the narrowest counts.
    pub networks: Vec<Network>,
    /// VLAN id, 1 to 4094.
    pub vlan: Option<u16>,
    /// Free text for people.
    pub note: Option<String>,
    /// Where it is declared.
    pub place: Place,
}

/// What an asset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssetKind {
    /// A robot controller.
    Robot,
    /// A programmable controller.
    Plc,
    /// Remote I/O or another field device.
    Device,
    /// A drive.
    Drive,
    /// A sensor, camera or scanner.
    Sensor,
    /// An energy or process meter.
    Meter,
    /// Operator panel or SCADA station.
    Hmi,
    /// Engineering station.
    Engineering,
    /// Switch, router, access point.
    Network,
    /// Joins two networks or protocols.
    Gateway,
    /// A server.
    Server,
    /// A workstation or phone without a part in the process.
    Workstation,
}

impl AssetKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Robot,
        Self::Plc,
        Self::Device,
        Self::Drive,
        Self::Sensor,
        Self::Meter,
        Self::Hmi,
        Self::Engineering,
        Self::Network,
        Self::Gateway,
        Self::Server,
        Self::Workstation,
    ];

    /// The word in plant files and reports; where a role is seen on the wire, the role's word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Robot => "robot",
            Self::Plc => "plc",
            Self::Device => "device",
            Self::Drive => "drive",
            Self::Sensor => "sensor",
            Self::Meter => "meter",
            Self::Hmi => "hmi",
            Self::Engineering => "engineering",
            Self::Network => "network",
            Self::Gateway => "gateway",
            Self::Server => "server",
            Self::Workstation => "workstation",
        }
    }

    /// The kind with this word.
    pub fn by_name(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == word)
    }
}

impl fmt::Display for AssetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What is known of an asset beside what it is; all free text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Who made it.
    pub vendor: Option<String>,
    /// Model or product name.
    pub model: Option<String>,
    /// The vendor's order number.
    pub order_code: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Firmware or software version.
    pub firmware: Option<String>,
    /// Hardware revision.
    pub hardware: Option<String>,
    /// Where it stands.
    pub location: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Free text for people.
    pub note: Option<String>,
}

/// A program that an asset may receive, known by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// SHA-256 of the whole.
    pub sha256: [u8; 32],
    /// What people call it.
    pub name: Option<String>,
}

impl Pin {
    /// Reads `sha256:` and 64 hexadecimal digits, and a name behind a blank if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.trim().strip_prefix("sha256:")?;
        let (digits, name) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let mut sha256 = [0; 32];
        let pairs = digits.as_bytes().chunks(2);
        if digits.len() != 2 * sha256.len() {
            return None;
        }
        for (byte, pair) in sha256.iter_mut().zip(pairs) {
            let &[high, low] = pair else { return None };
            *byte = digit(high)? << 4 | digit(low)?;
        }
        let name = name.trim();
        Some(Self { sha256, name: (!name.is_empty()).then(|| name.to_owned()) })
    }
}

/// As plant files write it.
impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.sha256.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        self.name.iter().try_for_each(|name| write!(f, " {name}"))
    }
}

/// A thing with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its name.
    pub name: String,
    /// The zone that it belongs to.
    pub zone: ZoneId,
    /// What it is.
    pub kind: Option<AssetKind>,
    /// Maker, model, versions.
    pub identity: Identity,
    /// Where it can be reached.
    pub addresses: Vec<Address>,
    /// Programs that it may receive; if there are any, it may receive no others.
    pub programs: Vec<Pin>,
    /// Where it is declared.
    pub place: Place,
}

/// One end of a conduit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Endpoint {
    /// Every station of the zone: its assets, and what else lives in its networks.
    Zone(ZoneId),
    /// One asset.
    Asset(AssetId),
    /// Every station that belongs to no zone.
    Outside,
    /// Every station.
    Any,
}

/// What a guard does with a message that no rule permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Answer with the protocol's own refusal.
    Answer,
    /// End the connection.
    Reset,
    /// Say nothing.
    Drop,
}

/// What happens to a conduit if the guard itself fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFault {
    /// Messages pass unguarded.
    Pass,
    /// Messages are blocked.
    Block,
}

/// Whether a conduit is encrypted between gateways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// It must be.
    Required,
    /// It need not be.
    Off,
}

/// The only way from some zones or assets to others (IEC 62443-3-2 ZCR 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conduit {
    /// Its name.
    pub name: String,
    /// Who opens conversations.
    pub from: Vec<Endpoint>,
    /// Who answers.
    pub to: Vec<Endpoint>,
    /// What is permitted; everything else on this way is denied.
    pub allow: Vec<Allow>,
    /// What a guard does with the rest, where the owner says.
    pub deny: Option<Denial>,
    /// What happens if the guard fails, where the owner says.
    pub on_fault: Option<OnFault>,
    /// Whether it is encrypted, where the owner says.
    pub encrypt: Option<Encryption>,
    /// Free text for people.
    pub note: Option<String>,
    /// Where it is declared.
    pub place: Place,
}
