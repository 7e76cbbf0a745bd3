//! Sections `[zone.NAME]` and `[asset.NAME]`.

use std::collections::BTreeMap;

use super::Named;
use super::section::{Log, Section};
use crate::address::Address;
use crate::hint;
use crate::level::{Level, SecurityLevel};
use crate::model::{Asset, AssetKind, Identity, Pin, Zone, ZoneId};
use crate::network::{Network, NotNetwork};
use crate::source::Word;

const ZONE: [&str; 5] = ["level", "target", "networks", "vlan", "note"];
const ASSET: [&str; 13] = [
    "zone",
    "kind",
    "addresses",
    "programs",
    "vendor",
    "model",
    "order_code",
    "serial",
    "firmware",
    "hardware",
    "location",
    "owner",
    "note",
];

pub(super) fn zone(named: &Named<'_>, log: &mut Log<'_>) -> Zone {
    let section = &named.section;
    section.only(&ZONE, log);
    let networks = section.texts("networks", log);
    Zone {
        name: named.name.text.clone(),
        level: level(section, log).unwrap_or(Level::Process),
        target: section.choice(
            "target",
            SecurityLevel::ALL.map(|level| (level.name(), level)),
            log,
        ),
        networks: networks.iter().filter_map(|word| network(word, log)).collect(),
        vlan: section.number("vlan", 1..4095, log).and_then(|vlan| u16::try_from(vlan).ok()),
        note: section.free("note", log),
        place: named.name.place,
    }
}

fn level(section: &Section<'_>, log: &mut Log<'_>) -> Option<Level> {
    let Some(value) = section.get("level") else {
        section.missing("level", "1", log);
        return None;
    };
    let value_of = value.get_ref();
    let digits = value_of.as_integer().map(|digits| digits.as_str());
    let digits = digits.or_else(|| value_of.as_float().map(|digits| digits.as_str()));
    let level = digits.and_then(|digits| digits.parse().ok());
    if level.is_none() {
        let place = log.place(section.file, value.span());
        log.error(place, "`level` is a Purdue level: 0, 1, 2, 3, 3.5, 4 or 5").hint = Some(
            "0 sensors and drives, 1 controllers, 2 supervision, 3 site, 3.5 DMZ, 4 and 5 offices"
                .into(),
        );
    }
    level
}

fn network(word: &Word, log: &mut Log<'_>) -> Option<Network> {
    let text = &word.text;
    let hint = match text.parse() {
        Ok(network) => return Some(network),
        Err(NotNetwork::HostBits(network)) => {
            let message = format!("`{text}` has address bits beside its prefix");
            log.error(word.place, message).hint = Some(format!("the network is `{network}`"));
            return None;
        }
        Err(NotNetwork::Bits) => "the prefix is 0 to 32 bits long, of IPv6 0 to 128".into(),
        Err(NotNetwork::Shape) if text.parse::<std::net::Ipv4Addr>().is_ok() => {
            format!("one address is `{text}/32`")
        }
        Err(NotNetwork::Shape) => "as in `10.20.7.0/24`".into(),
    };
    log.error(word.place, format!("`{text}` is no network")).hint = Some(hint);
    None
}

pub(super) fn asset(named: &Named<'_>, zones: &BTreeMap<&str, usize>, log: &mut Log<'_>) -> Asset {
    let section = &named.section;
    section.only(&ASSET, log);
    let zone = match section.text("zone", log) {
        Some(word) => zones.get(word.text.as_str()).copied().or_else(|| {
            log.error(word.place, format!("there is no zone `{}`", word.text)).hint =
                hint::suggest(&word.text, zones.keys().copied());
            None
        }),
        None if section.get("zone").is_none() => {
            section.missing("zone", "\"cell-7\"", log);
            None
        }
        None => None,
    };
    let addresses = section.texts("addresses", log);
    if addresses.is_empty()
        && section.get("addresses").is_none_or(|value| value.get_ref().is_array())
    {
        section.missing("addresses", "[\"10.20.7.10\"]", log);
    }
    let programs = section.texts("programs", log);
    Asset {
        name: named.name.text.clone(),
        zone: ZoneId::at(zone.unwrap_or(usize::MAX)),
        kind: section.choice("kind", AssetKind::ALL.map(|kind| (kind.name(), kind)), log),
        identity: identity(section, log),
        addresses: addresses.iter().filter_map(|word| address(word, log)).collect(),
        programs: programs.iter().filter_map(|word| pin(word, log)).collect(),
        place: named.name.place,
    }
}

fn address(word: &Word, log: &mut Log<'_>) -> Option<Address> {
    let parsed = word.text.parse::<Address>();
    if parsed.is_err() {
        let hint = match word.text.parse::<Network>() {
            Ok(_) | Err(NotNetwork::HostBits(_)) => "without the prefix: networks belong to zones",
            Err(_) => "as in `10.20.7.10`, `fd00::10` or `00:30:d6:12:34:56`",
        };
        log.error(word.place, format!("`{}` is no IP or Ethernet address", word.text)).hint =
            Some(hint.into());
    }
    parsed.ok()
}

fn pin(word: &Word, log: &mut Log<'_>) -> Option<Pin> {
    let parsed = Pin::parse(&word.text);
    if parsed.is_none() {
        log.error(word.place, format!("`{}` is no hash of a program", word.text)).hint =
            Some("`sha256:` with 64 hexadecimal digits, as `inspect` shows it, then a name".into());
    }
    parsed
}

fn identity(section: &Section<'_>, log: &mut Log<'_>) -> Identity {
    Identity {
        vendor: section.free("vendor", log),
        model: section.free("model", log),
        order_code: section.free("order_code", log),
        serial: section.free("serial", log),
        firmware: section.free("firmware", log),
        hardware: section.free("hardware", log),
        location: section.free("location", log),
        owner: section.free("owner", log),
        note: section.free("note", log),
    }
}
