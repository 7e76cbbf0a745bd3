//! The page does what its head promises, whatever the network said.

use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::page::{SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH};
use super::render;
use crate::args;
use crate::inspect::sample;

fn args() -> args::Inspect {
    args::Inspect {
        source: args::Source {
            captures: vec![PathBuf::from("a b.pcap")],
            port: Vec::new(),
            from_frame: 1,
            to_frame: u64::MAX,
        },
        plant: None,
        json: None,
        html: None,
        all: false,
    }
}

/// `sha256-` and base64 with padding (RFC 4648 section 4), as CSP level 3 section 2.3.1 writes it.
fn hash(text: &str) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut coded = "sha256-".to_owned();
    for three in Sha256::digest(text).chunks(3) {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = char::from(LETTERS[bits >> (18 - 6 * at) & 63]);
            coded.push(if at <= three.len() { letter } else { '=' });
        }
    }
    coded
}

#[test]
fn the_policy_of_the_page_names_the_hashes_of_its_own_script_and_style() {
    assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_eq!([SCRIPT_HASH, STYLE_HASH], [hash(SCRIPT), hash(STYLE)]);
}

#[test]
fn names_from_the_network_are_text_and_never_markup() {
    let mut report = sample::report(&[("1", "cell", 2)]);
    let hostile = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}";
    report.assets[0].name = hostile.to_owned();
    report.assets[0].identity.insert("product", vec![hostile.to_owned()]);
    report.conversations[0].protocol = hostile.to_owned();
    report.zones[0].name = hostile.to_owned();
    report.assets[1].zone = Some(hostile.to_owned());
    report.capture.inputs.push(hostile.to_owned());
    report.findings.push(sample::finding(hostile, &report.assets[0].id.clone()));
    let page = render(&report, &args());
    assert_eq!(page.matches("<script").count(), 1, "only the page's own script");
    assert_eq!(page.matches("<img").count(), 0);
    assert!(!page.contains('\u{202e}'));
    assert!(page.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn the_page_refers_to_nothing_outside_itself() {
    let page = render(&sample::report(&[("3", "office", 3), ("1", "cell", 8)]), &args());
    for outside in ["http:", "https:", "src=", "url(", "@import", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn every_link_of_the_page_leads_to_a_place_in_it() {
    let mut report = sample::report(&[("3", "office", 3), ("1", "cell", 30)]);
    report.findings.push(sample::finding("somebody did something", &report.assets[4].id.clone()));
    let page = render(&report, &args());
    let links: Vec<_> = page.split("href=\"#").skip(1).map(quoted).collect();
    assert!(links.len() > 40, "{}", links.len());
    for link in links {
        assert_eq!(page.matches(&format!("id=\"{link}\"")).count(), 1, "{link}");
    }
}

#[test]
fn no_tag_has_an_attribute_twice() {
    let mut report = sample::report(&[("1", "cell", 3)]);
    report.findings.push(sample::finding("x", &report.assets[0].id.clone()));
    let page = render(&report, &args());
    for tag in page.split('<').map(|rest| rest.split('>').next().unwrap_or("")) {
        assert!(tag.matches(" class=").count() <= 1, "{tag}");
    }
}

#[test]
fn the_command_in_the_footer_survives_a_shell() {
    let page = render(&sample::report(&[("1", "cell", 1)]), &args());
    assert!(page.contains("lightcurtain inspect 'a b.pcap' --html report.html"));
}

fn quoted(rest: &str) -> &str {
    rest.split('"').next().unwrap_or("")
}
