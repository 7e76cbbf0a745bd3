//! A Rust file taken apart far enough for house rules: code without text, items, functions.
//!
//! This is a scanner for comments, strings and braces, not a parser; the compiler has already
//! accepted the file when its answers matter. Lines are numbered from 1.

/// One file.
pub(super) struct Source {
    /// Path from the project's root, with forward slashes.
    pub(super) path: String,
    /// The text as it is.
    pub(super) text: String,
    /// The same text with comments and the insides of strings blanked out, line by line.
    pub(super) code: Vec<String>,
    /// For each line, whether it is test code.
    pub(super) test: Vec<bool>,
}

/// One function with a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) first_line: usize,
    pub(super) lines: usize,
}

impl Source {
    pub(super) fn new(path: String, text: String) -> Self {
        let code: Vec<String> = mask(&text).split('\n').map(str::to_owned).collect();
        let test = if is_test_file(&path) { vec![true; code.len()] } else { test_lines(&code) };
        Self { path, text, code, test }
    }

    /// Number, code and whether it is test code, for each line.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str, bool)> {
        self.code.iter().zip(&self.test).zip(1..).map(|((code, test), n)| (n, code.as_str(), *test))
    }

    /// How many lines are not test code.
    pub(super) fn product_lines(&self) -> usize {
        let trailing = usize::from(self.text.ends_with('\n'));
        self.test.iter().filter(|test| !**test).count().saturating_sub(trailing)
    }

    /// Every function with a body outside of tests.
    pub(super) fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        for (number, code, test) in self.lines() {
            let Some(name) = function_name(code).filter(|_| !test) else { continue };
            let rest = self.code.get(number - 1..).unwrap_or_default();
            if let Some(lines) = body_lines(rest) {
                found.push(Function { name: name.to_owned(), first_line: number, lines });
            }
        }
        found
    }
}

fn is_test_file(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    matches!(file, "tests.rs" | "testing.rs") || parts.any(|part| part == "tests")
}

/// The name in a line that declares a function.
fn function_name(code: &str) -> Option<&str> {
    let mut words = code.split_whitespace();
    words.find(|word| *word == "fn")?;
    let name = words.next()?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty())
}

/// How many lines from the first of `lines` to the brace that closes the first one opened;
/// nothing when a semicolon comes before any brace.
fn body_lines(lines: &[String]) -> Option<usize> {
    let mut depth = 0_i32;
    let mut brackets = 0_i32;
    for (line, number) in lines.iter().zip(1..) {
        for c in line.chars() {
            match c {
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets -= 1,
                '{' => depth += 1,
                '}' => depth -= 1,
                ';' if depth == 0 && brackets == 0 => return None,
                _ => {}
            }
            if c == '}' && depth == 0 {
                return Some(number);
            }
        }
    }
    None
}

/// Marks the lines of every inline module or function behind `#[cfg(test)]`.
fn test_lines(code: &[String]) -> Vec<bool> {
    let mut test = vec![false; code.len()];
    for (start, line) in code.iter().enumerate() {
        if line.trim_start().starts_with("#[cfg(test)]") {
            let rest = code.get(start..).unwrap_or_default();
            let lines = body_lines(rest).unwrap_or(2);
            test.iter_mut().skip(start).take(lines).for_each(|flag| *flag = true);
        }
    }
    test
}

/// Blanks comments and the insides of strings and characters; line breaks stay.
pub(super) fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => quoted(rest, 1),
            'b' | 'c' | 'r' if !ends_in_word(&out) => prefixed(rest),
            '\'' => character(rest),
            _ => 0,
        };
        let shown = if taken == 0 { c.len_utf8() } else { taken };
        let (piece, after) = rest.split_at(shown.min(rest.len()));
        if taken == 0 {
            out.push(c);
        } else {
            out.extend(piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        rest = after;
    }
    out
}

fn ends_in_word(out: &str) -> bool {
    out.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0_u32;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Length of a string whose quote ends at `from`.
fn quoted(text: &str, from: usize) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < from) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Length of `b".."`, `c".."`, `r".."`, `br#".."#`, `b'x'`; 0 when it is none of them.
fn prefixed(text: &str) -> usize {
    let letters = text.len() - text.trim_start_matches(['b', 'c', 'r']).len();
    let after = text.get(letters..).unwrap_or_default();
    if letters > 2 {
        return 0;
    }
    if text.get(..letters).is_some_and(|prefix| prefix.contains('r')) {
        let hashes = after.len() - after.trim_start_matches('#').len();
        let open = letters + hashes;
        if !text.get(open..).is_some_and(|rest| rest.starts_with('"')) {
            return 0;
        }
        let close = format!("\"{}", "#".repeat(hashes));
        let inside = text.get(open + 1..).unwrap_or_default();
        return inside.find(&close).map_or(text.len(), |at| open + 1 + at + close.len());
    }
    match after.chars().next() {
        Some('"') => quoted(text, letters + 1),
        Some('\'') => letters + character(after),
        _ => 0,
    }
}

/// Length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            let _ = chars.next();
            chars.find(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1)
        }
        Some(_) => chars.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}
