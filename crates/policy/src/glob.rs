//! Patterns of rules: text in which `*` stands for any characters but a comma.
//!
//! A comma parts the objects of one message that names several; a star that could cross it would
//! let the second object ride on the first. For the same reason a star stands for no `..` of a
//! path: `/cell/../other` lies in `/other`, whatever it begins with. Paths are otherwise compared
//! as they were sent: links, and what a server makes of them, are not known here.

use std::fmt::{self, Write as _};

use arrayvec::ArrayString;

/// Longest object text that a pattern can match; longer ones match none. Object texts are
/// addresses, paths and names; 512 bytes holds the longest path that robot controllers take (255).
const TEXT_MAX: usize = 512;

/// Whether `pattern` matches `object` as it is shown. Allocates nothing; the time is bounded by
/// the product of the lengths.
pub(crate) fn matches(pattern: &str, object: impl fmt::Display) -> bool {
    let mut text = ArrayString::<TEXT_MAX>::new();
    let shown = write!(text, "{object}").is_ok();
    let climbs = || pattern.contains('*') && climbs(text.as_bytes());
    shown && text_matches(pattern.as_bytes(), text.as_bytes()) && !climbs()
}

/// Whether a segment of the path `text` is `..`, also in the escapes of URLs (RFC 3986 2.1) and of
/// JSON (RFC 8259 7), which a server undoes.
fn climbs(text: &[u8]) -> bool {
    let (mut rest, mut dots, mut other) = (text, 0, false);
    loop {
        let (byte, after) = unescaped(rest);
        match byte {
            Some(b'.') => dots += 1,
            None => return dots == 2 && !other,
            Some(b'/' | b'\\' | b',' | b' ' | b':' | b'?' | b';' | b'=' | b'&') => {
                if dots == 2 && !other {
                    return true;
                }
                (dots, other) = (0, false);
            }
            Some(_) => other = true,
        }
        rest = after;
    }
}

/// The next byte, out of its escape where it is a point or a slash, and what follows it.
fn unescaped(text: &[u8]) -> (Option<u8>, &[u8]) {
    match text {
        [b'%', b'2', b'e' | b'E', rest @ ..]
        | [b'\\', b'u', b'0', b'0', b'2', b'e' | b'E', rest @ ..] => (Some(b'.'), rest),
        [b'%', b'2', b'f' | b'F', rest @ ..]
        | [b'%', b'5', b'c' | b'C', rest @ ..]
        | [b'\\', b'u', b'0', b'0', b'2', b'f' | b'F', rest @ ..] => (Some(b'/'), rest),
        [byte, rest @ ..] => (Some(*byte), rest),
        [] => (None, text),
    }
}

fn text_matches(mut pattern: &[u8], mut text: &[u8]) -> bool {
    // Where to take up again if the text after the last star does not match.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern, text) {
            ([b'*', rest @ ..], _) => {
                retry = Some((rest, text));
                pattern = rest;
            }
            ([], []) => return true,
            ([wanted, after @ ..], [byte, rest @ ..]) if wanted == byte => {
                (pattern, text) = (after, rest);
            }
            _ => match retry {
                Some((after, [byte, rest @ ..])) if *byte != b',' => {
                    retry = Some((after, rest));
                    (pattern, text) = (after, rest);
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TEXT_MAX, matches};

    /// The definition, by cases.
    fn slow(pattern: &[u8], text: &[u8]) -> bool {
        match pattern {
            [] => text.is_empty(),
            [b'*', rest @ ..] => (0..=text.len())
                .take_while(|&end| !text[..end].contains(&b','))
                .any(|end| slow(rest, &text[end..])),
            [first, rest @ ..] => text.first() == Some(first) && slow(rest, &text[1..]),
        }
    }

    #[test]
    fn a_star_stands_for_any_characters_but_a_comma() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("DB1.*", "DB1.DBX0.0 x4", true),
            ("DB1.*", "DB10.DBX0.0", false),
            ("DB1.*", "DB1.DBX0.0, DB99.DBX0.0", false),
            ("DB1.*, DB2.*", "DB1.DBX0.0, DB2.DBX0.0", true),
            ("*.urp", "/programs/weld.urp", true),
            ("a*b*c", "abbc", true),
            ("a*b*c", "acb", false),
            ("job 7", "job 77", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        assert!(matches("*", "x".repeat(TEXT_MAX)));
        assert!(!matches("*", "x".repeat(TEXT_MAX + 1)));
    }

    #[test]
    fn a_star_stands_for_no_way_out_of_a_path() {
        for text in [
            "/cell/../other",
            "/cell/..",
            "/cell/a/../../b?c=d",
            "/cell/..?c=d",
            "/cell/%2e%2E/b",
            "/cell/.%2e%2fb",
            "/cell/..%5Cb",
            "/cell/\\u002e\\u002E\\u002fb",
            "/cell/..\\b",
            "/cell/../a b",
        ] {
            assert!(!matches("/cell/*", text), "{text}");
            assert!(matches(text, text), "a rule may say so: {text}");
        }
        assert!(!matches("disk 0 *", "disk 0 ../b") && !matches("*.urp", "../b.urp"));
        for text in ["/cell/a..b", "/cell/...", "/cell/..a", "/cell/1..9", "/cell/a../b", "/cell/."]
        {
            assert!(matches("/cell/*", text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn fast_and_obvious_matching_agree(pattern in "[ab,*]{0,7}", text in "[ab,]{0,9}") {
            let expected = slow(pattern.as_bytes(), text.as_bytes());
            proptest::prop_assert_eq!(matches(&pattern, &text), expected);
        }
    }
}
