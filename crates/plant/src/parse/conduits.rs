//! Sections `[[conduit]]` and the rules in them.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::section::{Log, Section, within};
use crate::allow::{self, Allow, Token};
use crate::hint;
use crate::model::{AssetId, Conduit, Denial, Encryption, Endpoint, OnFault, WindowId, ZoneId};
use crate::source::Word;

const CONDUIT: [&str; 8] = ["name", "from", "to", "allow", "deny", "on_fault", "encrypt", "note"];

/// The names that conduits may use.
pub(super) struct Words<'a> {
    pub(super) zones: BTreeMap<&'a str, usize>,
    pub(super) assets: BTreeMap<&'a str, usize>,
    pub(super) windows: BTreeMap<&'a str, usize>,
}

pub(super) fn read(section: &Section<'_>, words: &Words<'_>, log: &mut Log<'_>) -> Conduit {
    let name = section.text("name", log);
    let section = &Section {
        title: name
            .as_ref()
            .map_or_else(|| section.title.clone(), |name| format!("conduit `{}`", name.text)),
        place: name.as_ref().map_or(section.place, |name| name.place),
        ..section.clone()
    };
    section.only(&CONDUIT, log);
    if section.get("name").is_none() {
        section.missing("name", "\"line control to weld cell\"", log);
    }
    let mut ends = |key: &str, example: &str| -> Vec<Endpoint> {
        let listed = section.texts(key, log);
        if section.get(key).is_none_or(is_empty) {
            section.missing(key, example, log);
        }
        listed.iter().filter_map(|word| endpoint(word, words, log)).collect()
    };
    let from = ends("from", "[\"zone:line\"]");
    let to = ends("to", "[\"asset:weld-robot-7\"]");
    let rules = section.texts("allow", log);
    if section.get("allow").is_none_or(is_empty) {
        log.warn(section.place, format!("{} allows nothing", section.title)).hint =
            Some("every message on it is denied; give it an `allow` list".into());
    }
    Conduit {
        name: name.map(|name| name.text).unwrap_or_default(),
        from,
        to,
        allow: rules.into_iter().filter_map(|word| rule(word, words, log)).collect(),
        deny: section.choice(
            "deny",
            [("answer", Denial::Answer), ("reset", Denial::Reset), ("drop", Denial::Drop)],
            log,
        ),
        on_fault: section.choice(
            "on_fault",
            [("pass", OnFault::Pass), ("block", OnFault::Block)],
            log,
        ),
        encrypt: section.choice(
            "encrypt",
            [("required", Encryption::Required), ("off", Encryption::Off)],
            log,
        ),
        note: section.free("note", log),
        place: section.place,
    }
}

fn is_empty(value: &Spanned<DeValue<'_>>) -> bool {
    value.get_ref().as_array().is_some_and(|list| list.is_empty())
}

fn endpoint(word: &Word, words: &Words<'_>, log: &mut Log<'_>) -> Option<Endpoint> {
    let text = word.text.as_str();
    let (kind, name, names) = match text.split_once(':') {
        Some(("zone", name)) => ("zone", name.trim(), &words.zones),
        Some(("asset", name)) => ("asset", name.trim(), &words.assets),
        None if text == "outside" => return Some(Endpoint::Outside),
        None if text == "any" => return Some(Endpoint::Any),
        Some(_) | None => {
            let bare = |kind: &str, names: &BTreeMap<&str, usize>| {
                names.contains_key(text).then(|| format!("did you mean `{kind}:{text}`?"))
            };
            log.error(word.place, format!("`{text}` is no end of a conduit")).hint =
                bare("zone", &words.zones)
                    .or_else(|| bare("asset", &words.assets))
                    .or_else(|| Some("`zone:NAME`, `asset:NAME`, `outside` or `any`".into()));
            return None;
        }
    };
    let Some(&at) = names.get(name) else {
        log.error(word.place, format!("there is no {kind} `{name}`")).hint =
            hint::suggest(name, names.keys().copied());
        return None;
    };
    Some(if kind == "zone" {
        Endpoint::Zone(ZoneId::at(at))
    } else {
        Endpoint::Asset(AssetId::at(at))
    })
}

fn rule(word: Word, words: &Words<'_>, log: &mut Log<'_>) -> Option<Allow> {
    let phrase = match allow::parse(&word.text) {
        Ok(phrase) => phrase,
        Err(fault) => {
            let place = within(log, &word, &fault.span);
            log.error(place, fault.message).hint = fault.hint;
            return None;
        }
    };
    let piece = |log: &Log<'_>, span: &Range<usize>| within(log, &word, span);
    let mut find = |token: Option<&Token>, kind: &str, names: &BTreeMap<&str, usize>| {
        let token = token?;
        let found = names.get(token.text.as_str()).copied();
        if found.is_none() {
            let place = within(log, &word, &token.span);
            log.error(place, format!("there is no {kind} `{}`", token.text)).hint =
                hint::suggest(&token.text, names.keys().copied());
        }
        found
    };
    let on = find(phrase.on.as_ref(), "asset", &words.assets).map(AssetId::at);
    let during = find(phrase.during.as_ref(), "window", &words.windows).map(WindowId::at);
    let named =
        |log: &Log<'_>, token: Token| Word { place: piece(log, &token.span), text: token.text };
    Some(Allow {
        protocol: named(log, phrase.protocol),
        act: phrase.act.0,
        act_place: piece(log, &phrase.act.1),
        target: phrase.target,
        on,
        during,
        with: phrase.with.map(|token| named(log, token)),
        place: word.place,
        text: word.text.clone(),
    })
}
