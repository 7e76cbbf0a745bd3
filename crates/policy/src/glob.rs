//! Patterns of rules: text in which `*` stands for any characters but a comma.
//!
//! A comma parts the objects of one message that names several; a star that could cross it would
//! let the second object ride on the first.

use std::fmt::{self, Write as _};

use arrayvec::ArrayString;

/// Longest object text that a pattern can match; longer ones match none. Object texts are
/// addresses, paths and names; 512 bytes holds the longest path that robot controllers take (255).
const TEXT_MAX: usize = 512;

/// Whether `pattern` matches `object` as it is shown. Allocates nothing; the time is bounded by
/// the product of the lengths.
pub(crate) fn matches(pattern: &str, object: impl fmt::Display) -> bool {
    let mut text = ArrayString::<TEXT_MAX>::new();
    write!(text, "{object}").is_ok() && text_matches(pattern.as_bytes(), text.as_bytes())
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

    proptest::proptest! {
        #[test]
        fn fast_and_obvious_matching_agree(pattern in "[ab,*]{0,7}", text in "[ab,]{0,9}") {
            let expected = slow(pattern.as_bytes(), text.as_bytes());
            proptest::prop_assert_eq!(matches(&pattern, &text), expected);
        }
    }
}
