//! Where the data connection will be, as commands and replies say it.
//!
//! ```text
//!  PORT h1,h2,h3,h4,p1,p2        227 text (h1,h2,h3,h4,p1,p2)
//!  EPRT |family|address|port|    229 text (|||port|)
//! ```
//! The delimiter of the extended forms may be any visible character. Sources: RFC 959 4.1.2 and
//! 4.2, RFC 1123 4.1.2.6 (brackets may be missing), RFC 2428 clauses 2 and 3.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use crate::message::Subject;

/// A port, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// `None` for the sender of the reply.
    ip: Option<IpAddr>,
    pub(super) port: u16,
    /// The server said it; else the client.
    passive: bool,
}

impl Endpoint {
    /// What a `port` or `eprt` command says.
    pub(super) fn of_command(name: &str, argument: &[u8]) -> Option<Self> {
        match name {
            "port" => six(argument, false),
            "eprt" => {
                let [_, address, port] = parts(argument)?;
                let ip = Some(address.parse().ok()?);
                Some(Self { ip, port: port.parse().ok()?, passive: false })
            }
            _ => None,
        }
    }

    /// What a reply says.
    pub(super) fn of_reply(code: u16, text: &[u8]) -> Option<Self> {
        let start = text.iter().position(|byte| *byte == b'(');
        match code {
            227 => {
                let digit = text.iter().position(u8::is_ascii_digit)?;
                six(text.get(start.map_or(digit, |start| start + 1)..)?, true)
            }
            229 => {
                let [_, _, port] = parts(text.get(start? + 1..)?)?;
                Some(Self { ip: None, port: port.parse().ok()?, passive: true })
            }
            _ => None,
        }
    }

    /// Whose port it is, in a message of the client or of the server.
    pub(super) fn about(&self, of_client: bool) -> Subject {
        match self.ip {
            Some(ip) => Subject::Ip(ip),
            None if self.passive == of_client => Subject::Receiver,
            None => Subject::Sender,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ip {
            Some(ip) => write!(f, "{ip} port {}", self.port),
            None => write!(f, "port {}", self.port),
        }
    }
}

/// Six numbers below 256.
fn six(text: &[u8], passive: bool) -> Option<Endpoint> {
    let mut numbers = [0_u8; 6];
    let mut parts = text.split(|byte| *byte == b',');
    for number in &mut numbers {
        let part = parts.next()?.trim_ascii();
        let digits = part.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(part.len());
        *number = std::str::from_utf8(part.get(..digits)?).ok()?.parse().ok()?;
    }
    let [a, b, c, d, high, low] = numbers;
    let port = u16::from_be_bytes([high, low]);
    let ip = Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d)));
    (port != 0).then_some(Endpoint { ip, port, passive })
}

/// The three parts between delimiters, the first byte being one.
fn parts(text: &[u8]) -> Option<[&str; 3]> {
    let (delimiter, rest) = text.split_first()?;
    let mut parts = rest.split(|byte| byte == delimiter);
    let mut next = || std::str::from_utf8(parts.next()?).ok();
    Some([next()?, next()?, next()?])
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    fn reply(code: u16, text: &str) -> Option<String> {
        Endpoint::of_reply(code, text.as_bytes()).map(|endpoint| endpoint.to_string())
    }

    fn command(name: &str, argument: &str) -> Option<String> {
        Endpoint::of_command(name, argument.as_bytes()).map(|endpoint| endpoint.to_string())
    }

    #[test]
    fn all_four_forms_are_read() {
        assert_eq!(command("port", "10,0,0,9,4,1").unwrap(), "10.0.0.9 port 1025");
        assert_eq!(command("eprt", "|2|fe80::1|5282|").unwrap(), "fe80::1 port 5282");
        assert_eq!(command("eprt", "!1!10.0.0.9!6275!").unwrap(), "10.0.0.9 port 6275");
        let passive = "Entering Passive Mode (10,0,0,9,200,3).";
        assert_eq!(reply(227, passive).unwrap(), "10.0.0.9 port 51203");
        assert_eq!(reply(227, "Passive 10,0,0,9,0,21").unwrap(), "10.0.0.9 port 21");
        assert_eq!(reply(229, "Extended (|||6446|)").unwrap(), "port 6446");
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in ["", "(", "(1,2,3,4,5)", "(1,2,3,4,256,1)", "(1,2,3,4,0,0)", "(|||x|)"] {
            assert_eq!(reply(227, text), None, "{text}");
            assert_eq!(reply(229, text), None, "{text}");
            assert_eq!(command("port", text), None, "{text}");
            assert_eq!(command("eprt", text), None, "{text}");
        }
        assert_eq!(reply(226, "(10,0,0,9,200,3)"), None);
        assert_eq!(command("stor", "10,0,0,9,4,1"), None);
    }
}
