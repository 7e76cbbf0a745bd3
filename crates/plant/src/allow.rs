//! The allow language: one rule in words, with the place of every word.
//!
//! ```text
//! rule     = protocol act [ target ] [ "on" asset ] [ "during" window ] [ "with" order ]
//! protocol = WORD                        modbus, any
//! act      = WORD | QUOTED               an intent, or an operation by the protocol's own name
//! target   = QUOTED | WORD [ numbers ]   'DB1.*', holding 100..119, coils
//! numbers  = NUMBER [ ".." NUMBER ]      decimal or 0x
//! ```
//! Words are parted by blanks; quotes are single or double and have no escapes. Whether a
//! protocol, operation or asset exists is not asked here. A parser of our own, because it is a
//! row of words: a combinator library would not make the messages better.

use std::fmt;
use std::ops::Range;

use crate::intent::Intent;
use crate::model::{AssetId, WindowId};
use crate::source::{Place, Word};

/// Words that begin a clause and so stand for nothing else without quotes.
const CLAUSES: [&str; 3] = ["on", "during", "with"];

/// The protocol word that stands for every protocol.
pub const ANY_PROTOCOL: &str = "any";

/// What a rule lets the client do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Messages of this intent.
    Intent(Intent),
    /// One operation of the protocol, by name.
    Operation(String),
}

/// What the message must act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Numbered cells of one space, all of them within these bounds, both included.
    Cells {
        /// The protocol's word for the space.
        space: String,
        /// Lowest number.
        first: u32,
        /// Highest number.
        last: u32,
    },
    /// Any cells of one space.
    Space(String),
    /// Objects whose text matches; `*` stands for any characters but a comma.
    Pattern(String),
}

/// A rule as written, before its names are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Name of the protocol.
    pub protocol: Token,
    /// What the client may do, and where it says so.
    pub act: (Act, Range<usize>),
    /// On what, if not on everything.
    pub target: Option<Target>,
    /// On which asset, if not on all that the conduit leads to.
    pub on: Option<Token>,
    /// When, if not always.
    pub during: Option<Token>,
    /// With which kind of work order, if without.
    pub with: Option<Token>,
}

/// A word or quoted text of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The text, without quotes.
    pub text: String,
    /// Bytes of the rule, with the quotes.
    pub span: Range<usize>,
    /// Whether it stood in quotes.
    pub quoted: bool,
}

/// Why text is not a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRule {
    /// The bytes that are wrong.
    pub span: Range<usize>,
    /// What was expected.
    pub message: String,
    /// What to do, where something can be suggested.
    pub hint: Option<String>,
}

impl NotRule {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), hint: None }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// One rule of a conduit. Protocol and operation are words still; asset and window are resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The rule as written.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// Name of the protocol, or [`ANY_PROTOCOL`].
    pub protocol: Word,
    /// What the client may do.
    pub act: Act,
    /// Where it says so.
    pub act_place: Place,
    /// On what, if not on everything.
    pub target: Option<Target>,
    /// On which asset, if not on all that the conduit leads to.
    pub on: Option<AssetId>,
    /// When, if not always.
    pub during: Option<WindowId>,
    /// With which kind of work order, if without.
    pub with: Option<Word>,
}

impl Allow {
    /// A rule that stands in no file, as a program proposes it.
    pub fn proposed(protocol: &str, act: Act, target: Option<Target>) -> Self {
        let object = target.as_ref().map(|target| format!(" {target}")).unwrap_or_default();
        let place = Place::default();
        Self {
            text: format!("{protocol} {act}{object}"),
            place,
            protocol: Word { text: protocol.to_owned(), place },
            act,
            act_place: place,
            target,
            on: None,
            during: None,
            with: None,
        }
    }
}

/// Reads one rule.
///
/// # Errors
/// The first word that does not fit the grammar.
pub fn parse(text: &str) -> Result<Phrase, NotRule> {
    let mut words = Words { tokens: tokens(text)?, next: 0, end: text.len() };
    let protocol = words.word("a protocol", "as in `modbus observe`")?;
    if protocol.quoted || CLAUSES.contains(&protocol.text.as_str()) {
        return Err(
            NotRule::new(protocol.span, "expected a protocol first").hint("as in `modbus observe`")
        );
    }
    let act = act(&mut words, &protocol)?;
    let target = target(&mut words)?;
    let on = words.clause("on", "an asset")?;
    let during = words.clause("during", "a window")?;
    let with = words.clause("with", "a kind of work order")?;
    if let Some(extra) = words.take() {
        return Err(unfitting(&extra));
    }
    Ok(Phrase { protocol, act, target, on, during, with })
}

fn act(words: &mut Words, protocol: &Token) -> Result<(Act, Range<usize>), NotRule> {
    let what = format!("an intent or an operation after `{}`", protocol.text);
    let token = words.word(&what, "session, observe, operate, program, administer, safety")?;
    let act = match token.text.parse() {
        Ok(intent) if !token.quoted => Act::Intent(intent),
        _ if !token.quoted && CLAUSES.contains(&token.text.as_str()) => {
            return Err(NotRule::new(token.span, format!("expected {what}")));
        }
        _ => Act::Operation(token.text),
    };
    Ok((act, token.span))
}

fn target(words: &mut Words) -> Result<Option<Target>, NotRule> {
    let Some(token) = words.take_if(|token| token.quoted || !is_clause(token)) else {
        return Ok(None);
    };
    if token.quoted {
        return Ok(Some(Target::Pattern(token.text)));
    }
    let Some(numbers) = words.take_if(|token| !token.quoted && !is_clause(token)) else {
        return Ok(Some(Target::Space(token.text)));
    };
    let (first, last) = range(&numbers)?;
    Ok(Some(Target::Cells { space: token.text, first, last }))
}

fn range(token: &Token) -> Result<(u32, u32), NotRule> {
    let (first, last) = token.text.split_once("..").unwrap_or((&token.text, &token.text));
    let (Some(first), Some(last)) = (number(first), number(last)) else {
        return Err(NotRule::new(token.span.clone(), "expected a number or a range of numbers")
            .hint("as in `holding 100..119`; text of another kind stands in quotes"));
    };
    if first > last {
        return Err(NotRule::new(token.span.clone(), "the range ends before it begins")
            .hint(format!("`{last}..{first}`")));
    }
    Ok((first, last))
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(digits) if !digits.starts_with('+') => u32::from_str_radix(digits, 16).ok(),
        None if !text.starts_with('+') => text.parse().ok(),
        _ => None,
    }
}

fn is_clause(token: &Token) -> bool {
    !token.quoted && CLAUSES.contains(&token.text.as_str())
}

fn unfitting(token: &Token) -> NotRule {
    let fault = NotRule::new(token.span.clone(), format!("`{}` does not fit here", token.text));
    if is_clause(token) {
        fault.hint("the order is: on ASSET, during WINDOW, with WORK ORDER; each once")
    } else {
        fault.hint("names of several words stand in quotes, as in `modbus 'read coils'`")
    }
}

struct Words {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
}

impl Words {
    fn take(&mut self) -> Option<Token> {
        self.take_if(|_| true)
    }

    fn take_if(&mut self, wanted: impl FnOnce(&Token) -> bool) -> Option<Token> {
        let token = self.tokens.get(self.next).filter(|token| wanted(token))?;
        self.next += 1;
        Some(token.clone())
    }

    fn word(&mut self, what: &str, hint: &str) -> Result<Token, NotRule> {
        self.take().ok_or_else(|| {
            NotRule::new(0..self.end, format!("the rule ends early: expected {what}")).hint(hint)
        })
    }

    fn clause(&mut self, word: &str, what: &str) -> Result<Option<Token>, NotRule> {
        let Some(start) = self.take_if(|token| !token.quoted && token.text == word) else {
            return Ok(None);
        };
        match self.take_if(|token| !is_clause(token)) {
            Some(token) => Ok(Some(token)),
            None => Err(NotRule::new(start.span, format!("expected {what} after `{word}`"))),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, NotRule> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() {
            continue;
        }
        let quoted = matches!(first, '\'' | '"');
        let mut end = start + first.len_utf8();
        let mut closed = !quoted;
        while let Some(&(at, next)) = chars.peek() {
            if !quoted && (next.is_whitespace() || matches!(next, '\'' | '"')) {
                break;
            }
            chars.next();
            end = at + next.len_utf8();
            if quoted && next == first {
                closed = true;
                break;
            }
        }
        if !closed {
            return Err(NotRule::new(start..end, "the quote is not closed"));
        }
        let inner = if quoted { start + 1..end - 1 } else { start..end };
        let text = text.get(inner).unwrap_or_default();
        if text.is_empty() {
            return Err(NotRule::new(start..end, "nothing stands in the quotes"));
        }
        tokens.push(Token { text: text.to_owned(), span: start..end, quoted });
    }
    Ok(tokens)
}

/// Whether the text is one word of a rule without quotes. Allocates nothing.
pub fn is_word(text: &str) -> bool {
    !text.is_empty()
        && !CLAUSES.contains(&text)
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '\'' | '"'))
}

/// The text as one token of a rule: quoted unless it is a plain word. Of text with both kinds of
/// quotes the double ones become stars, which match them in patterns.
fn quote(text: &str) -> String {
    match text.contains('\'') {
        _ if is_word(text) => text.to_owned(),
        true => format!("\"{}\"", text.replace('"', "*")),
        false => format!("'{text}'"),
    }
}

/// As the rule writes it.
impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Intent(intent) => intent.fmt(f),
            // A bare word that is an intent means the intent.
            Self::Operation(name) if name.parse::<Intent>().is_ok() => write!(f, "'{name}'"),
            Self::Operation(name) => f.write_str(&quote(name)),
        }
    }
}

/// As the rule writes it.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cells { space, first, last } if first == last => write!(f, "{space} {first}"),
            Self::Cells { space, first, last } => write!(f, "{space} {first}..{last}"),
            Self::Space(space) => f.write_str(space),
            Self::Pattern(text) if text.contains('\'') => {
                write!(f, "\"{}\"", text.replace('"', "*"))
            }
            Self::Pattern(text) => write!(f, "'{text}'"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, Target, parse};
    use crate::intent::Intent;

    /// The parts of a rule, parted by bars.
    fn parts(text: &str) -> String {
        let rule = match parse(text) {
            Ok(rule) => rule,
            Err(fault) => return format!("{}: {}", text.get(fault.span).unwrap(), fault.message),
        };
        let act = match rule.act.0 {
            Act::Intent(intent) => format!("<{intent}>"),
            Act::Operation(name) => name,
        };
        let target = rule.target.map(|target| match target {
            Target::Cells { space, first, last } => format!("{space} {first}..{last}"),
            Target::Space(space) => space,
            Target::Pattern(text) => format!("/{text}/"),
        });
        let clause = |token: Option<super::Token>| token.map(|token| token.text);
        let rest = [target, clause(rule.on), clause(rule.during), clause(rule.with)];
        let rest: Vec<_> = rest.into_iter().map(Option::unwrap_or_default).collect();
        format!("{}|{act}|{}", rule.protocol.text, rest.join("|"))
    }

    #[test]
    fn rules_read_as_the_grammar_says() {
        for (text, expected) in [
            ("modbus observe", "modbus|<observe>||||"),
            ("  ethernet-ip\tio ", "ethernet-ip|io||||"),
            ("any session", "any|<session>||||"),
            (
                "modbus operate holding 100..119 on weld-plc-7",
                "modbus|<operate>|holding 100..119|weld-plc-7||",
            ),
            ("modbus operate coils 0x10", "modbus|<operate>|coils 16..16|||"),
            ("modbus observe coils", "modbus|<observe>|coils|||"),
            ("modbus 'write single coil' coils 5", "modbus|write single coil|coils 5..5|||"),
            (
                "s7comm operate \"DB1.*\" during early with maintenance",
                "s7comm|<operate>|/DB1.*/||early|maintenance",
            ),
            ("opc-ua 'observe' 'on' on 'on'", "opc-ua|observe|/on/|on||"),
            ("ur-dashboard'load'", "ur-dashboard|load||||"),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_pointed_at() {
        for (text, expected) in [
            ("", ": the rule ends early: expected a protocol"),
            (
                "modbus",
                "modbus: the rule ends early: expected an intent or an operation after `modbus`",
            ),
            ("on modbus", "on: expected a protocol first"),
            ("modbus on plc", "on: expected an intent or an operation after `modbus`"),
            ("modbus operate holding 9..1", "9..1: the range ends before it begins"),
            ("modbus operate holding ten", "ten: expected a number or a range of numbers"),
            (
                "modbus operate holding 4294967296",
                "4294967296: expected a number or a range of numbers",
            ),
            ("modbus operate holding 1 2", "2: `2` does not fit here"),
            ("modbus observe on", "on: expected an asset after `on`"),
            ("modbus observe during early on plc", "on: `on` does not fit here"),
            ("modbus 'read coils", "'read coils: the quote is not closed"),
            ("modbus ''", "'': nothing stands in the quotes"),
        ] {
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn acts_and_targets_print_so_that_they_read_back() {
        for text in [
            "modbus 'write single coil' coils 5",
            "modbus 'operate' holding",
            "opc-ua program 'a b*'",
            "opc-ua program \"it's\"",
            "modbus operate holding 1..9",
            "ethernet-ip io",
        ] {
            let rule = parse(text).unwrap();
            let target = rule.target.map(|target| format!(" {target}")).unwrap_or_default();
            assert_eq!(format!("{} {}{target}", rule.protocol.text, rule.act.0), text);
        }
        assert_eq!(Act::Intent(Intent::Safety).to_string(), "safety");
    }
}
