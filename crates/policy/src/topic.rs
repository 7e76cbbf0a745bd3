//! Patterns of MQTT rules: topic filters, where a pattern has `+` or `#`.
//!
//! A message may publish to a topic, or subscribe to filters of its own: those are within a
//! pattern only if everything that they stand for is. Source: OASIS MQTT 5.0, 4.7 (levels,
//! wildcards, topics that begin with `$`).

use std::fmt::{self, Write as _};

use arrayvec::ArrayString;

use crate::glob;

/// Longest object text that a pattern can match: several filters of one SUBSCRIBE.
const TEXT_MAX: usize = 1024;

/// Whether `pattern` is a topic filter with wildcards.
pub(crate) fn is_filter(pattern: &str) -> bool {
    pattern.contains(['+', '#'])
}

/// Whether all topics and filters of `object`, parted by `, `, are within the filter `pattern`. The
/// dissector escapes commas inside of topics, so that none can be taken for two.
pub(crate) fn covers(pattern: &str, object: impl fmt::Display) -> bool {
    let mut text = ArrayString::<TEXT_MAX>::new();
    write!(text, "{object}").is_ok() && text.split(", ").all(|one| one_covers(pattern, one))
}

/// Whether the pattern without topic wildcards, in which `*` is a star, holds all that `object`
/// stands for: the filter `a/#` is `a` too (4.7.1.2).
pub(crate) fn matches(pattern: &str, object: impl fmt::Display) -> bool {
    let mut text = ArrayString::<TEXT_MAX>::new();
    write!(text, "{object}").is_ok()
        && glob::matches(pattern, text)
        && text.strip_suffix("/#").is_none_or(|parent| glob::matches(pattern, parent))
}

fn one_covers(pattern: &str, topic: &str) -> bool {
    let mut wanted = pattern.split('/').peekable();
    let mut levels = topic.split('/').peekable();
    // Wildcards at the beginning do not stand for the broker's own topics (4.7.2).
    if topic.starts_with('$') && !pattern.starts_with('$') {
        return false;
    }
    loop {
        match (wanted.next(), levels.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some("+"), Some(level)) if level != "#" => {}
            (Some(same), Some(level)) if same == level => {}
            // `a/#` stands for `a` too (4.7.1.2).
            (Some(_), None) | (None, Some(_)) | (Some(_), Some(_)) => return false,
        }
        if levels.peek().is_none() && wanted.peek() == Some(&"#") {
            return true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{covers, is_filter, matches};

    #[test]
    fn filters_cover_topics_as_brokers_match_them() {
        // the examples of MQTT 5.0, 4.7.1
        for (pattern, topic, expected) in [
            ("sport/tennis/player1/#", "sport/tennis/player1", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/ranking", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true),
            ("sport/tennis/+", "sport/tennis/player1", true),
            ("sport/tennis/+", "sport/tennis/player1/ranking", false),
            ("sport/+", "sport", false),
            ("sport/+", "sport/", true),
            ("+/+", "/finance", true),
            ("/+", "/finance", true),
            ("+", "/finance", false),
            ("#", "$SYS/monitor/Clients", false),
            ("+/monitor/Clients", "$SYS/monitor/Clients", false),
            ("$SYS/#", "$SYS/monitor/Clients", true),
            ("#", "a/b", true),
        ] {
            assert_eq!(covers(pattern, topic), expected, "{pattern} {topic}");
        }
    }

    #[test]
    fn a_subscription_is_covered_only_if_all_that_it_stands_for_is() {
        for (pattern, filters, expected) in [
            ("cell/7/#", "cell/7/+/state", true),
            ("cell/7/#", "cell/7/#", true),
            ("cell/+", "cell/#", false),
            ("cell/+", "cell/+", true),
            ("cell/7/+", "cell/+/state", false),
            ("cell/#", "#", false),
            ("cell/#", "cell/1, cell/2/x", true),
            ("cell/#", "cell/1, line/2", false),
            ("cell/+", "cell/1, cell/2", true),
        ] {
            assert_eq!(covers(pattern, filters), expected, "{pattern} {filters}");
        }
    }

    #[test]
    fn a_star_holds_a_subscription_only_with_the_level_above_it() {
        for (pattern, filters, expected) in [
            ("cell/7*", "cell/7/#", true),
            ("cell/7/*", "cell/7/#", false),
            ("cell/7/*", "cell/7/+/state", true),
            ("cell/7/*", "cell/7/a, cell/7/b", false),
            ("*", "#", true),
        ] {
            assert_eq!(matches(pattern, filters), expected, "{pattern} {filters}");
        }
    }

    #[test]
    fn only_wildcards_make_a_filter() {
        assert!(is_filter("cell/+/state") && is_filter("#"));
        assert!(!is_filter("cell/*"));
    }
}
