//! What is wrong with plant files, said so that the owner can mend it at once.
//!
//! A diagnostic names file, line and column, says what was expected, and suggests. Rendering is
//! pure text; whether it is coloured is the caller's choice.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::source::{Place, Source};

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// The plant cannot be used.
    Error,
    /// The plant can be used, and this is likely not what was meant.
    Warning,
}

impl Grade {
    /// The word in `check` and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub grade: Grade,
    /// The name of the source.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// What is wrong and what was expected; lower case, no full stop, the owner's text in
    /// backticks.
    pub message: String,
    /// What to do, where something can be suggested.
    pub hint: Option<String>,
    /// Another place that belongs to it, and what stands there: `first declared here`.
    pub related: Option<(Place, &'static str)>,
}

/// `file:line:column: error: message (hint)`, one line.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column, .. } = self.place;
        let (file, grade, message) = (&self.file, self.grade.name(), &self.message);
        write!(f, "{file}:{line}:{column}: {grade}: {message}")?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, " ({hint})"))
    }
}

/// Whether rendered text carries terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Plain text.
    Plain,
    /// With ANSI escape sequences.
    Colour,
}

/// The diagnostic with the lines that it is about, a caret under the piece, and the hint.
/// `sources` are those that were parsed.
pub fn render(sources: &[Source], diagnostic: &Diagnostic, paint: Paint) -> String {
    let level = match diagnostic.grade {
        Grade::Error => Level::ERROR,
        Grade::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()));
    let main = (diagnostic.place, AnnotationKind::Primary, None);
    let related =
        diagnostic.related.map(|(place, label)| (place, AnnotationKind::Context, Some(label)));
    let together = related.filter(|(place, ..)| place.source == diagnostic.place.source);
    let apart = related.filter(|(place, ..)| place.source != diagnostic.place.source);
    group = group.elements(snippet(sources, [Some(main), together]));
    group = group.elements(snippet(sources, [apart, None]));
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Colour => Renderer::styled(),
    };
    renderer.render(&[group])
}

type Mark = (Place, AnnotationKind, Option<&'static str>);

/// The pieces of one source with their marks; none if there are no marks or no such source.
fn snippet(
    sources: &[Source],
    marks: [Option<Mark>; 2],
) -> Option<Snippet<'_, annotate_snippets::Annotation<'_>>> {
    let (first, ..) = marks.iter().flatten().next()?;
    let source = sources.get(usize::try_from(first.source).ok()?)?;
    let length = source.text.len();
    let annotations = marks.into_iter().flatten().map(|(place, kind, label)| {
        let span = place.span();
        kind.span(span.start.min(length)..span.end.min(length)).label(label)
    });
    Some(Snippet::source(source.text.as_str()).path(source.name.as_str()).annotations(annotations))
}
