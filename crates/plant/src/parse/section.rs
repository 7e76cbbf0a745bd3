//! One table of a plant file, read field by field; what does not fit is logged with its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Grade};
use crate::hint;
use crate::source::{Lines, Place, Word};

/// What was found wrong so far, in any order.
pub(super) struct Log<'a> {
    files: &'a [Lines<'a>],
    names: Vec<String>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Log<'a> {
    pub(super) fn new(files: &'a [Lines<'a>], names: Vec<String>) -> Self {
        Self { files, names, diagnostics: Vec::new() }
    }

    /// Adds an error; the returned diagnostic can be given a hint.
    pub(super) fn error(&mut self, place: Place, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Grade::Error, place, message.into())
    }

    /// Adds a warning; the returned diagnostic can be given a hint.
    pub(super) fn warn(&mut self, place: Place, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Grade::Warning, place, message.into())
    }

    fn push(&mut self, grade: Grade, place: Place, message: String) -> &mut Diagnostic {
        let index = usize::try_from(place.source).unwrap_or(usize::MAX);
        let file = self.names.get(index).cloned().unwrap_or_default();
        let diagnostic = Diagnostic { grade, file, place, message, hint: None, related: None };
        self.diagnostics.push_mut(diagnostic)
    }

    pub(super) fn place(&self, file: usize, span: Range<usize>) -> Place {
        self.files.get(file).map(|lines| lines.place(span)).unwrap_or_default()
    }

    fn text(&self, file: usize, span: Range<usize>) -> &'a str {
        self.files.get(file).and_then(|lines| lines.text().get(span)).unwrap_or_default()
    }
}

/// One table of a file.
#[derive(Clone)]
pub(super) struct Section<'a> {
    /// What people call it: ``zone `cell-7` ``.
    pub(super) title: String,
    /// Its name, or its header where it has none.
    pub(super) place: Place,
    pub(super) file: usize,
    pub(super) table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    /// The fields in the order of the file.
    pub(super) fn fields(&self) -> Vec<(&'a str, Range<usize>, &'a Spanned<DeValue<'a>>)> {
        let mut fields: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), key.span(), value))
            .collect();
        fields.sort_by_key(|(_, span, _)| span.start);
        fields
    }

    /// Complains of fields that are not in `known`.
    pub(super) fn only(&self, known: &[&str], log: &mut Log<'_>) {
        for (key, span, _) in self.fields() {
            if !known.contains(&key) {
                let place = log.place(self.file, span);
                let message = format!("unknown field `{key}` in {}", self.title);
                log.error(place, message).hint = hint::suggest(key, known.iter().copied());
            }
        }
    }

    /// The value of a field, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    /// Complains that a field is missing.
    pub(super) fn missing(&self, key: &str, example: &str, log: &mut Log<'_>) {
        let message = format!("{} has no `{key}`", self.title);
        log.error(self.place, message).hint = Some(format!("as in `{key} = {example}`"));
    }

    /// A text field, not empty.
    pub(super) fn text(&self, key: &str, log: &mut Log<'_>) -> Option<Word> {
        self.get(key).and_then(|value| self.as_text(key, value, log))
    }

    /// A text field that nothing points at.
    pub(super) fn free(&self, key: &str, log: &mut Log<'_>) -> Option<String> {
        self.text(key, log).map(|word| word.text)
    }

    /// A list of texts; empty if the field is missing.
    pub(super) fn texts(&self, key: &str, log: &mut Log<'_>) -> Vec<Word> {
        let Some(value) = self.get(key) else { return Vec::new() };
        if let Some(items) = value.get_ref().as_array() {
            return items.iter().filter_map(|item| self.as_text(key, item, log)).collect();
        }
        let message = format!("`{key}` is a list of texts, not {}", value.get_ref().type_str());
        let text = log.text(self.file, value.span());
        let hint = value.get_ref().is_str().then(|| format!("`{key} = [{text}]`"));
        log.error(log.place(self.file, value.span()), message).hint = hint;
        Vec::new()
    }

    fn as_text(&self, key: &str, value: &Spanned<DeValue<'_>>, log: &mut Log<'_>) -> Option<Word> {
        let place = log.place(self.file, value.span());
        match value.get_ref().as_str() {
            Some(text) if text.trim().is_empty() => {
                log.error(place, format!("`{key}` is empty"));
                None
            }
            Some(text) => Some(Word { text: text.to_owned(), place }),
            None => {
                let written = log.text(self.file, value.span());
                let message = format!("`{key}` is text, not {}", value.get_ref().type_str());
                log.error(place, message).hint = Some(format!("in quotes: `\"{written}\"`"));
                None
            }
        }
    }

    /// A field that takes one of few words.
    pub(super) fn choice<T>(
        &self,
        key: &str,
        options: impl IntoIterator<Item = (&'static str, T)>,
        log: &mut Log<'_>,
    ) -> Option<T> {
        let word = self.text(key, log)?;
        let options: Vec<_> = options.into_iter().collect();
        let names: Vec<_> = options.iter().map(|(name, _)| *name).collect();
        let found = options.into_iter().find(|(name, _)| *name == word.text);
        if found.is_none() {
            let message = format!("`{}` is no `{key}`", word.text);
            log.error(word.place, message).hint = hint::suggest(&word.text, names);
        }
        found.map(|(_, value)| value)
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, key: &str, bounds: Range<u32>, log: &mut Log<'_>) -> Option<u32> {
        let value = self.get(key)?;
        let digits = value.get_ref().as_integer();
        let number =
            digits.and_then(|digits| u32::from_str_radix(digits.as_str(), digits.radix()).ok());
        let number = number.filter(|number| bounds.contains(number));
        if number.is_none() {
            let last = bounds.end.saturating_sub(1);
            let message = format!("`{key}` is a number from {} to {last}", bounds.start);
            log.error(log.place(self.file, value.span()), message);
        }
        number
    }
}

/// The place of a piece of a text value: `span` counts from the first character in the quotes.
/// Text with escapes is pointed at as a whole.
pub(super) fn within(log: &Log<'_>, word: &Word, span: &Range<usize>) -> Place {
    let file = usize::try_from(word.place.source).unwrap_or(usize::MAX);
    let whole = word.place.span();
    let written = log.text(file, whole.clone());
    let quotes = written.len() - written.trim_start_matches(['\'', '"']).len();
    let begins = match quotes {
        0..=2 => 1,
        _ => 3,
    };
    let verbatim = written.get(begins..).is_some_and(|rest| rest.starts_with(&word.text));
    if !verbatim {
        return word.place;
    }
    let start = whole.start + begins;
    log.place(file, start + span.start..start + span.end)
}
