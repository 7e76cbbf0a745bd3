//! Accounts and secrets that makers ship or that everybody tries first.
//!
//! A login with one of them is no protection. Sources: the makers' manuals and the advisories that
//! name hard-coded accounts; the list is of what stands in robot cells, not of all devices.

/// Account and secret, by maker; sorted by account within each.
static DEFAULTS: &[(&str, &str)] = &[
    // ABB IRC5 and OmniCore: Robot Web Services and FTP
    ("Default User", "robotics"),
    // Yaskawa DX and YRC: FTP
    ("ftp", "yaskawa"),
    ("rcmaster", "9999999999999999"),
    // Universal Robots: SSH
    ("root", "easybot"),
    ("ur", "easybot"),
    // Staubli CS8 and CS9
    ("default", "default"),
    ("maintenance", "spec_cal"),
    // Schneider Electric controllers: FTP and web (ICSA-12-018-01)
    ("USER", "USER"),
    ("fwupgrade", "blackbox"),
    ("loader", "fwdownload"),
    ("ntpupdate", "ntpupdate"),
    ("sysdiag", "factorycast@schneider"),
    // WAGO controllers
    ("admin", "wago"),
    ("root", "wago"),
    ("user", "user"),
    ("user", "user00"),
    // Phoenix Contact, Moxa, Hirschmann, Siemens SCALANCE, Beckhoff
    ("Administrator", "1"),
    ("admin", "moxa"),
    ("admin", "private"),
    ("user", "public"),
    // what everybody tries first
    ("admin", ""),
    ("admin", "1234"),
    ("admin", "12345"),
    ("admin", "admin"),
    ("admin", "password"),
    ("administrator", "administrator"),
    ("guest", "guest"),
    ("operator", "operator"),
    ("root", ""),
    ("root", "admin"),
    ("root", "root"),
    ("root", "toor"),
];

/// Whether this login is one that the maker ships or everybody knows.
pub(crate) fn is_default(account: &[u8], secret: &[u8]) -> bool {
    DEFAULTS
        .iter()
        .any(|(known, shipped)| known.as_bytes() == account && shipped.as_bytes() == secret)
}

/// The secrets that are shipped with this account.
pub(crate) fn shipped(account: &[u8]) -> impl Iterator<Item = &'static str> {
    let of = DEFAULTS.iter().filter(move |(known, _)| known.as_bytes() == account);
    of.map(|(_, secret)| *secret)
}

#[cfg(test)]
mod tests {
    use super::is_default;

    #[test]
    fn account_and_secret_must_both_be_the_shipped_ones() {
        assert!(is_default(b"Default User", b"robotics"));
        assert!(!is_default(b"Default User", b"Robotics"));
        assert!(!is_default(b"robotics", b"Default User"));
    }
}
