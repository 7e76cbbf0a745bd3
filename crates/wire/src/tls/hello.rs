//! The hellos of both sides: versions, server name, application protocols.
//!
//! Source: RFC 8446 clauses 4.1.2, 4.1.3 and 4.2; the layout is the same since SSL 3.0. The hello
//! of SSL 2.0 (RFC 5246 appendix E.2) has no name in it.

use std::fmt;

use super::codes::{EXTENSION_ALPN, EXTENSION_SERVER_NAME, EXTENSION_SUPPORTED_VERSIONS, Version};
use crate::{Reader, Side, Text};

/// Bytes of a hello's random value.
const RANDOM_BYTES: usize = 32;

/// What a hello says.
pub(super) struct Hello<'a> {
    /// Best version that the client offers, or the one that the server chose.
    pub(super) version: Version,
    /// Chosen by the server.
    pub(super) cipher: Option<u16>,
    pub(super) server_name: &'a [u8],
    /// The list of extension ALPN as on the wire.
    alpn: &'a [u8],
}

impl<'a> Hello<'a> {
    /// Reads the body of a handshake message of `from`; extensions as far as they can be read.
    pub(super) fn read(from: Side, body: &[u8]) -> Option<Hello<'_>> {
        let mut reader = Reader::new(body);
        let version = Version(reader.be16()?);
        reader.skip(RANDOM_BYTES)?;
        let session = reader.u8()?;
        reader.skip(session.into())?;
        let mut hello = Hello { version, cipher: None, server_name: &[], alpn: &[] };
        if from == Side::Server {
            hello.cipher = Some(reader.be16()?);
            reader.skip(1)?; // compression method
        } else {
            let ciphers = reader.be16()?;
            reader.skip(ciphers.into())?;
            let compressions = reader.u8()?;
            reader.skip(compressions.into())?;
        }
        let extensions = reader.be16().and_then(|length| reader.sub(length.into()));
        if let Some(mut extensions) = extensions {
            while hello.extension(from, &mut extensions).is_some() {}
        }
        Some(hello)
    }

    fn extension(&mut self, from: Side, reader: &mut Reader<'a>) -> Option<()> {
        let kind = reader.be16()?;
        let length = reader.be16()?;
        let mut body = reader.sub(length.into())?;
        match (kind, from) {
            (EXTENSION_SERVER_NAME, Side::Client) => self.server_name = server_name(body),
            (EXTENSION_ALPN, _) => self.alpn = body.rest().get(2..).unwrap_or_default(),
            (EXTENSION_SUPPORTED_VERSIONS, Side::Server) => {
                self.version = body.be16().map_or(self.version, Version);
            }
            (EXTENSION_SUPPORTED_VERSIONS, Side::Client) => {
                let listed = body.rest().get(1..).unwrap_or_default().as_chunks::<2>().0;
                let versions = listed.iter().map(|pair| Version(u16::from_be_bytes(*pair)));
                // values without a name are there to exercise servers (RFC 8701)
                let best = versions.filter(|version| !version.name().is_empty()).max();
                self.version = best.unwrap_or(self.version);
            }
            _ => {}
        }
        Some(())
    }
}

/// The first host name of extension server name (RFC 6066 3).
fn server_name(mut body: Reader<'_>) -> &[u8] {
    let mut name = || {
        body.skip(2)?;
        (body.u8()? == 0).then_some(())?;
        let length = body.be16()?;
        body.take(length.into())
    };
    name().unwrap_or_default()
}

impl fmt::Display for Hello<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version.name() {
            "" => write!(f, "version 0x{:04x}", self.version.0)?,
            name => f.write_str(name)?,
        }
        if let Some(cipher) = self.cipher {
            write!(f, " cipher 0x{cipher:04x}")?;
        }
        let mut list = Reader::new(self.alpn);
        let mut lead = " alpn ";
        while let Some(name) = list.u8().and_then(|length| list.take(length.into())) {
            write!(f, "{lead}{}", Text(name))?;
            lead = ",";
        }
        Ok(())
    }
}
