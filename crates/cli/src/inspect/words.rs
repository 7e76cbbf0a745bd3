//! Numbers, times and foreign text as people read them, the same on a terminal and in a page.
//!
//! Text that came from the network is an attacker's until shown otherwise: [`clean`] takes away
//! what could move a cursor, colour a terminal or turn the reading direction around.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Text from outside with every control and direction character replaced.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_unsafe) {
        let replace = |c| if is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c };
        Cow::Owned(text.chars().map(replace).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The same for text of many lines.
pub(crate) fn clean_lines(text: &str) -> String {
    let replace = |c| if c != '\n' && is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(replace).collect()
}

/// Controls (C0, C1), line separators, and Unicode's invisible and bidirectional formatting
/// (UAX #9).
const fn is_unsafe(c: char) -> bool {
    matches!(c, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `35067` as `35,067`.
pub(crate) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 asset`, `2 assets`.
pub(crate) fn count(value: usize, what: &str) -> String {
    counted(u64::try_from(value).unwrap_or(u64::MAX), what)
}

/// `1 frame`, `35,067 frames`.
pub(crate) fn counted(value: u64, what: &str) -> String {
    let plural = if value == 1 { "" } else { "s" };
    format!("{} {what}{plural}", number(value))
}

/// Bytes in powers of ten, three digits: `2.82 MB`.
pub(crate) fn bytes(value: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if value < 1000 {
        return format!("{value} B");
    }
    let mut thousandths = value;
    let mut unit = "kB";
    for name in UNITS {
        unit = name;
        if thousandths < 1_000_000 {
            break;
        }
        thousandths /= 1000;
    }
    let (whole, part) = (thousandths / 1000, thousandths % 1000);
    match whole {
        0..=9 => format!("{whole}.{:02} {unit}", part / 10),
        10..=99 => format!("{whole}.{} {unit}", part / 100),
        _ => format!("{} {unit}", number(whole)),
    }
}

/// A span of time with its two largest units: `1 h 30 min`, `12.4 s`, `310 ms`.
pub(crate) fn duration(ns: u64) -> String {
    let (ms, s) = (ns / 1_000_000, ns / 1_000_000_000);
    match s {
        0 => format!("{ms} ms"),
        1..=59 => format!("{s}.{} s", ms % 1000 / 100),
        60..=3599 => two(s / 60, "min", s % 60, "s"),
        3600..=86_399 => two(s / 3600, "h", s % 3600 / 60, "min"),
        _ => two(s / 86_400, "d", s % 86_400 / 3600, "h"),
    }
}

fn two(large: u64, unit: &str, small: u64, part: &str) -> String {
    let mut text = format!("{} {unit}", number(large));
    if small > 0 {
        let _ = write!(text, " {small} {part}");
    }
    text
}

/// Date and time to the second, from RFC 3339: `2023-03-10 09:29:34`.
pub(crate) fn moment(time: &str) -> String {
    match (time.get(..10), time.get(11..19)) {
        (Some(date), Some(clock)) => format!("{date} {clock}"),
        _ => time.to_owned(),
    }
}

/// Two moments, the second without its date where that is the same.
pub(crate) fn span(first: &str, last: &str) -> String {
    if moment(first) == moment(last) {
        return moment(first);
    }
    let same_day = first.get(..10) == last.get(..10);
    let last = last.get(11..19).filter(|_| same_day).map_or_else(|| moment(last), str::to_owned);
    format!("{} to {last}", moment(first))
}

/// The last part of a path, without control characters; of standard input, what it is.
pub(crate) fn file(path: &str) -> String {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    clean(if name == "-" { "standard input" } else { name }).into_owned()
}

/// Some of many, in a row: `12, 14, 19 and 3 more`.
pub(crate) fn some(items: &[String], shown_max: usize) -> String {
    let shown = items.get(..shown_max).unwrap_or(items);
    let more = items.len() - shown.len();
    let mut text = shown.join(", ");
    if more > 0 {
        let _ = write!(text, " and {} more", number(u64::try_from(more).unwrap_or(u64::MAX)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_attackers_cannot_steer_a_terminal_or_turn_reading_around() {
        assert_eq!(clean("plc\u{1b}[2J\u{202e}gpj"), "plc\u{fffd}[2J\u{fffd}gpj");
        assert_eq!(clean("Fräse 7 / 机器人"), "Fräse 7 / 机器人");
    }

    #[test]
    fn numbers_are_grouped_in_threes() {
        let shown = [0, 999, 1000, 35_067, 1_234_567].map(number);
        assert_eq!(shown, ["0", "999", "1,000", "35,067", "1,234,567"]);
    }

    #[test]
    fn bytes_keep_three_digits() {
        let shown = [0, 999, 1000, 40_278, 816_137, 2_824_350, 72_000_000_000].map(bytes);
        let wanted = ["0 B", "999 B", "1.00 kB", "40.2 kB", "816 kB", "2.82 MB", "72.0 GB"];
        assert_eq!(shown, wanted);
    }

    #[test]
    fn durations_keep_two_units() {
        let shown = [0, 310, 12_400, 60_000, 173_000, 5_444_000, 97_200_000]
            .map(|ms: u64| duration(ms * 1_000_000));
        assert_eq!(
            shown,
            ["0 ms", "310 ms", "12.4 s", "1 min", "2 min 53 s", "1 h 30 min", "1 d 3 h"]
        );
    }

    #[test]
    fn a_span_of_one_day_names_the_day_once() {
        let [first, second] = ["2023-03-10T09:29:34.078826000Z", "2023-03-10T11:00:18.2Z"];
        assert_eq!(span(first, second), "2023-03-10 09:29:34 to 11:00:18");
        assert_eq!(span(first, first), "2023-03-10 09:29:34");
        let next_day = "2023-03-11T11:00:18.2Z";
        assert_eq!(span(first, next_day), "2023-03-10 09:29:34 to 2023-03-11 11:00:18");
    }
}
