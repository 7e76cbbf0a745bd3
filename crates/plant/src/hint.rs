//! `did you mean`: the known word nearest to a mistyped one.
//!
//! Distance is Damerau-Levenshtein restricted to neighbouring swaps (optimal string alignment),
//! without regard to case.

/// The candidate that `word` most likely meant; none if all are too far off: more than a third of
/// the word, at least one change.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `did you mean ...?` for the nearest candidate, else all of them if they are few.
pub fn suggest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    /// More words than this are no help in one line.
    const LISTED_MAX: usize = 12;
    if let Some(near) = nearest(word, candidates.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let all: Vec<_> = candidates.into_iter().take(LISTED_MAX + 1).collect();
    match all.len() {
        0 => None,
        count if count <= LISTED_MAX => Some(format!("known are: {}", all.join(", "))),
        _ => None,
    }
}

fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().flat_map(char::to_lowercase).collect();
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (row, &a) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, &b) in right.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let replaced = cell(&above, column) + usize::from(a != b);
            let changed = cell(&above, column + 1).min(cell(&current, column)) + 1;
            let swapped = match column.checked_sub(1) {
                Some(left) if previous == Some(b) && right_at(&right, left) == Some(a) => {
                    cell(&before, left) + 1
                }
                _ => usize::MAX / 2,
            };
            current.push(replaced.min(changed).min(swapped));
        }
        previous = Some(a);
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

fn right_at(text: &[char], at: usize) -> Option<char> {
    text.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest, suggest};

    #[test]
    fn distance_counts_changes_and_swaps() {
        for (left, right, expected) in [
            ("", "", 0),
            ("modbus", "modbus", 0),
            ("Modbus", "modbus", 0),
            ("modbsu", "modbus", 1),
            ("modbu", "modbus", 1),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn only_near_words_are_suggested() {
        let known = ["modbus", "s7comm", "cip"];
        assert_eq!(nearest("mobdus", known), Some("modbus"));
        assert_eq!(nearest("opcua", known), None);
        assert_eq!(suggest("opcua", known).unwrap(), "known are: modbus, s7comm, cip");
        assert_eq!(suggest("x", []), None);
    }
}
