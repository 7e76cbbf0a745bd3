//! NTLM messages inside other protocols: who logs in, and what the other side is called.
//!
//! ```text
//!  "NTLMSSP\0", type (4), fields: length (2), space (2), offset from the signature (4)
//! ```
//! Secrets are only hashes of a challenge here, and none is read. Source: MS-NLMP 2.2.1, 2.2.2.

use std::fmt;

use arrayvec::ArrayVec;

use crate::message::{Fact, Field, Subject};
use crate::{Reader, Utf16};

const SIGNATURE: &[u8] = b"NTLMSSP\0";
/// Places of fields, from the signature (MS-NLMP 2.2.1.2, 2.2.1.3).
const TARGET_INFO_AT: usize = 40;
const VERSION_AT: usize = 48;
const DOMAIN_AT: usize = 28;
const USER_AT: usize = 36;
const WORKSTATION_AT: usize = 44;
/// Attributes of the target information (MS-NLMP 2.2.2.1).
const NETBIOS_COMPUTER_NAME: u16 = 1;
const DNS_COMPUTER_NAME: u16 = 3;

/// What one NTLM message tells.
pub(crate) enum Ntlm<'a> {
    /// The server tells its names and version.
    Challenge {
        /// Names of the computer: NetBIOS, DNS.
        names: ArrayVec<Utf16<'a>, 2>,
        system: Option<System>,
    },
    /// The client logs in.
    Authenticate { account: Account<'a>, workstation: Utf16<'a> },
}

/// Version of Windows as NTLM tells it.
pub(crate) struct System([u8; 2], u16);

/// Domain and user.
pub(crate) struct Account<'a> {
    domain: Utf16<'a>,
    user: Utf16<'a>,
}

impl<'a> Ntlm<'a> {
    /// Finds the NTLM message somewhere in `bytes`.
    pub(crate) fn find(bytes: &'a [u8]) -> Option<Self> {
        let start = bytes.windows(SIGNATURE.len()).position(|window| window == SIGNATURE)?;
        let message = bytes.get(start..)?;
        let field = |at| field(message, at).map(Utf16);
        match Reader::new(message.get(SIGNATURE.len()..)?).le32()? {
            2 => {
                let names = names(self::field(message, TARGET_INFO_AT).unwrap_or_default());
                Some(Self::Challenge { names, system: system(message) })
            }
            3 => Some(Self::Authenticate {
                account: Account { domain: field(DOMAIN_AT)?, user: field(USER_AT)? },
                workstation: field(WORKSTATION_AT).unwrap_or_default(),
            }),
            _ => None,
        }
    }

    /// The facts of it; an anonymous login has none.
    pub(crate) fn facts(&self, scheme: &'static str) -> ArrayVec<Fact<'_>, 3> {
        let mut facts = ArrayVec::new();
        let about = Subject::Sender;
        match self {
            Self::Challenge { names, system } => {
                facts.extend(names.iter().map(|name| Fact::Identity {
                    about,
                    field: Field::Hostname,
                    value: name,
                }));
                let field = Field::OperatingSystem;
                facts.extend(system.as_ref().map(|value| Fact::Identity { about, field, value }));
            }
            Self::Authenticate { account, workstation } => {
                if !account.user.0.is_empty() {
                    let (cleartext, default) = (false, false);
                    facts.push(Fact::Credential { scheme, account, cleartext, default });
                }
                if !workstation.0.is_empty() {
                    let field = Field::Hostname;
                    facts.push(Fact::Identity { about, field, value: workstation });
                }
            }
        }
        facts
    }
}

/// The bytes that the field at this place leads to.
fn field(message: &[u8], at: usize) -> Option<&[u8]> {
    let mut reader = Reader::new(message.get(at..)?);
    let length = usize::from(reader.le16()?);
    reader.skip(2)?;
    let offset = usize::try_from(reader.le32()?).ok()?;
    message.get(offset..)?.get(..length)
}

fn names(information: &[u8]) -> ArrayVec<Utf16<'_>, 2> {
    let mut names = ArrayVec::new();
    let mut reader = Reader::new(information);
    while let (Some(kind @ 1..), Some(length)) = (reader.le16(), reader.le16()) {
        let Some(name) = reader.take(length.into()) else { break };
        if matches!(kind, NETBIOS_COMPUTER_NAME | DNS_COMPUTER_NAME) && !name.is_empty() {
            let _ = names.try_push(Utf16(name));
        }
    }
    names
}

fn system(message: &[u8]) -> Option<System> {
    let mut reader = Reader::new(message.get(VERSION_AT..)?);
    let version = reader.array::<2>()?;
    let build = reader.le16()?;
    // the last byte is 15 in every version that fills the field (MS-NLMP 2.2.2.10)
    reader.skip(3)?;
    (reader.u8()? == 15 && version != [0, 0]).then_some(System(version, build))
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor], build) = self;
        write!(f, "Windows {major}.{minor} build {build}")
    }
}

impl fmt::Display for Account<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.domain.0.is_empty() {
            self.user.fmt(f)
        } else {
            write!(f, "{}\\{}", self.domain, self.user)
        }
    }
}
