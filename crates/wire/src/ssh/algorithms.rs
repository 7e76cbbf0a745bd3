//! Algorithms of SSH: what both sides offer, what is chosen of it, and which choices are weak.
//!
//! ```text
//!  cookie (16), ten lists of names: length (4), names with commas between them
//!  exchange, host key, cipher, mac, compression, language; from cipher on two: to server, client
//! ```
//! Chosen is the client's first name that the server has too. Which of several exchanges fits a
//! host key is not looked at: of those in use all fit. Sources: RFC 4253 clauses 6 and 7.1, RFC
//! 4344, RFC 8758 (RC4), RFC 9142 (exchanges), RFC 6151 (MD5).

use std::fmt;

use arrayvec::ArrayVec;

use crate::message::Fact;
use crate::{Reader, Text};

/// Lists of an offer up to the MACs.
const LISTS: usize = 6;
/// Most names of a client that are looked at; offers of real software have up to 30.
const NAMES_MAX: usize = 48;
/// Longest list of a server that is searched; real ones have up to 1500 bytes.
const LIST_BYTES_MAX: usize = 4096;

/// Weak algorithms, and what to call them in findings.
static WEAK: &[(&str, &str)] = &[
    ("diffie-hellman-group1-sha1", "SSH diffie-hellman-group1-sha1"),
    ("diffie-hellman-group-exchange-sha1", "SSH diffie-hellman-group-exchange-sha1"),
    ("rsa1024-sha1", "SSH rsa1024-sha1"),
    ("ssh-dss", "SSH ssh-dss"),
    ("3des-cbc", "SSH 3des-cbc"),
    ("des-cbc", "SSH des-cbc"),
    ("des-cbc@ssh.com", "SSH des-cbc"),
    ("blowfish-cbc", "SSH blowfish-cbc"),
    ("cast128-cbc", "SSH cast128-cbc"),
    ("idea-cbc", "SSH idea-cbc"),
    ("twofish-cbc", "SSH twofish-cbc"),
    ("twofish128-cbc", "SSH twofish-cbc"),
    ("twofish256-cbc", "SSH twofish-cbc"),
    ("serpent128-cbc", "SSH serpent-cbc"),
    ("serpent256-cbc", "SSH serpent-cbc"),
    ("aes128-cbc", "SSH aes128-cbc"),
    ("aes192-cbc", "SSH aes192-cbc"),
    ("aes256-cbc", "SSH aes256-cbc"),
    ("rijndael-cbc@lysator.liu.se", "SSH aes256-cbc"),
    ("arcfour", "SSH arcfour"),
    ("arcfour128", "SSH arcfour128"),
    ("arcfour256", "SSH arcfour256"),
    ("none", "SSH without encryption or integrity"),
    ("hmac-md5", "SSH hmac-md5"),
    ("hmac-md5-96", "SSH hmac-md5-96"),
    ("hmac-md5-etm@openssh.com", "SSH hmac-md5"),
    ("hmac-md5-96-etm@openssh.com", "SSH hmac-md5-96"),
    ("hmac-sha1-96", "SSH hmac-sha1-96"),
    ("hmac-sha1-96-etm@openssh.com", "SSH hmac-sha1-96"),
];

/// Names of the lists.
const LABELS: [&str; LISTS] = ["kex", "host key", "cipher", "cipher", "mac", "mac"];

/// The first lists of one side's offer.
pub(super) struct Offer<'a>([&'a [u8]; LISTS]);

impl<'a> Offer<'a> {
    /// Reads the lists behind the cookie; those that are missing are empty.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let mut reader = Reader::new(bytes);
        let mut lists: [&[u8]; LISTS] = [&[]; LISTS];
        for list in &mut lists {
            let length = reader.be32().and_then(|length| usize::try_from(length).ok());
            let Some(names) = length.and_then(|length| reader.take(length)) else { break };
            *list = names;
        }
        Self(lists)
    }
}

/// Methods of exchange and host keys.
impl fmt::Display for Offer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [exchange, key, ..] = self.0;
        write!(f, "kex {} host key {}", Text(exchange), Text(key))
    }
}

/// What is chosen; empty where the offers have nothing in common.
pub(super) struct Choice<'a>([&'a [u8]; LISTS]);

impl<'a> Choice<'a> {
    pub(super) fn of(client: &Offer<'a>, server: &Offer<'_>) -> Self {
        let mut chosen: [&[u8]; LISTS] = [&[]; LISTS];
        let lists = client.0.iter().zip(server.0);
        for (slot, (wanted, offered)) in chosen.iter_mut().zip(lists) {
            *slot = first_common(wanted, offered);
        }
        let mut choice = Self(chosen);
        choice.without_idle_macs();
        choice
    }

    /// Ciphers that protect integrity themselves need no MAC (RFC 5647 5.1).
    fn without_idle_macs(&mut self) {
        let [_, _, to_server, to_client, mac_to_server, mac_to_client] = &mut self.0;
        for (cipher, mac) in [(to_server, mac_to_server), (to_client, mac_to_client)] {
            let has = |word: &[u8]| cipher.windows(word.len()).any(|part| part == word);
            if has(b"gcm") || has(b"poly1305") {
                *mac = b"";
            }
        }
    }

    /// One fact for each weak algorithm.
    pub(super) fn facts(&self) -> ArrayVec<Fact<'static>, LISTS> {
        let mut facts = ArrayVec::<Fact<'static>, LISTS>::new();
        let mut last = "";
        for chosen in self.0 {
            let weak = WEAK.iter().find(|(name, _)| name.as_bytes() == chosen);
            if let Some((_, name)) = weak.filter(|(_, name)| *name != last) {
                facts.push(Fact::Obsolete { name });
                last = name;
            }
        }
        facts
    }
}

impl fmt::Display for Choice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("chosen")?;
        let (mut label_before, mut before): (&str, &[u8]) = ("", b"");
        for (label, name) in LABELS.into_iter().zip(self.0) {
            if label != label_before {
                let shown = if name.is_empty() { Text(b"-") } else { Text(name) };
                write!(f, " {label} {shown}")?;
            } else if name != before {
                write!(f, "/{}", Text(name))?;
            }
            (label_before, before) = (label, name);
        }
        Ok(())
    }
}

/// The first name of `wanted` that `offered` has; markers of extensions are no algorithms.
fn first_common<'a>(wanted: &'a [u8], offered: &[u8]) -> &'a [u8] {
    let offered = offered.get(..LIST_BYTES_MAX).unwrap_or(offered);
    let marker = |name: &[u8]| name.starts_with(b"ext-info-") || name.starts_with(b"kex-strict-");
    let mut names = wanted.split(|byte| *byte == b',').take(NAMES_MAX);
    let found = names.find(|name| {
        !marker(name) && offered.split(|byte| *byte == b',').any(|other| other == *name)
    });
    found.unwrap_or_default()
}
