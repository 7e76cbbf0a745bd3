//! Tables of interfaces whose requests are a method, a path and words in the body.
//!
//! A request belongs to the first row whose method, path, verb and word fit. Hyphens in paths do
//! not count: one maker has both `ctrlstate` and `ctrl-state`.

use plant::Intent;

use super::head::contains;
use crate::table::{Effect, Operation};

/// Which methods a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// GET and the others that change nothing (RFC 9110 9.2.1).
    Safe,
    Put,
    Post,
    Delete,
    /// Any that is not safe.
    Change,
}

/// When a row applies.
pub(crate) struct Rule {
    pub(crate) method: Method,
    /// The path begins with these segments.
    pub(crate) path: &'static str,
    /// One of these, separated by `|`, is the verb of the request; empty if any is.
    pub(crate) verb: &'static str,
    /// It stands in the body, in any case; empty if none is needed.
    pub(crate) word: &'static str,
}

/// A request as the tables see it.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    /// The row of HTTP's own table.
    pub(crate) method: &'static Operation,
    /// Target without query.
    pub(crate) path: &'a [u8],
    /// What the interface calls the action: a query's, or the last segment.
    pub(crate) verb: &'a [u8],
    /// The body as far as it is read.
    pub(crate) body: &'a [u8],
}

impl Request<'_> {
    fn fits(&self, rule: &Rule) -> bool {
        let safe = self.method.intent == Intent::Observe;
        let method = match rule.method {
            Method::Safe => safe,
            Method::Put => self.method.name == "put",
            Method::Post => self.method.name == "post",
            Method::Delete => self.method.name == "delete",
            Method::Change => !safe,
        };
        method
            && begins(self.path, rule.path.as_bytes())
            && (rule.verb.is_empty()
                || rule.verb.split('|').any(|verb| self.verb.eq_ignore_ascii_case(verb.as_bytes())))
            && (rule.word.is_empty() || contains(self.body, rule.word.as_bytes()))
    }

    /// The row of `operations` whose rule in `rules` fits; both are in the same order.
    pub(crate) fn find(
        &self,
        rules: &[Rule],
        operations: &'static [Operation],
    ) -> Option<&'static Operation> {
        rules.iter().zip(operations).find(|(rule, _)| self.fits(rule)).map(|(_, row)| row)
    }
}

/// Whether `path` begins with the whole segments of `prefix`, hyphens aside.
fn begins(path: &[u8], prefix: &[u8]) -> bool {
    let mut path = path.iter().filter(|byte| **byte != b'-');
    let same = prefix
        .iter()
        .filter(|byte| **byte != b'-')
        .all(|wanted| path.next().is_some_and(|byte| byte.eq_ignore_ascii_case(wanted)));
    same && (prefix.ends_with(b"/") || matches!(path.next(), None | Some(b'/' | b';')))
}

/// Splits a target into path and query (RFC 3986 3.4).
pub(crate) fn split(target: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = target.splitn(2, |byte| *byte == b'?');
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

/// The value of `key` in a query or form, as it stands there.
pub(crate) fn parameter<'a>(form: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    form.split(|byte| *byte == b'&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix(b"="))
}

/// The last segment of a path; empty if it ends in a slash.
pub(crate) fn last_segment(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

/// A piece of a file in a body; every table of this kind has it.
pub(crate) const FILE_CONTENT: Operation =
    Operation::new(1000, "file content", Intent::Unknown, "RFC 9110 6.4").with(Effect::Plain);

macro_rules! rest_rows {
    ($($code:literal $method:ident $path:literal $verb:literal $word:literal
        => $name:literal $intent:ident $effect:ident $source:literal;)*) => {
        /// Requests that can be judged.
        pub static OPERATIONS: &[Operation] = &[$(
            Operation::new($code, $name, Intent::$intent, $source).with(Effect::$effect),
        )*];

        pub(super) static RULES: &[Rule] = &[$(
            Rule { method: Method::$method, path: $path, verb: $verb, word: $word },
        )*];
    };
}
pub(crate) use rest_rows;

#[cfg(test)]
mod tests {
    use super::{begins, last_segment, parameter, split};

    #[test]
    fn a_path_begins_with_whole_segments_only() {
        assert!(begins(b"/rw/panel/ctrl-state", b"/rw/panel/ctrlstate"));
        assert!(begins(b"/rw/panel/ctrlstate;state", b"/rw/panel/ctrlstate"));
        assert!(begins(b"/rw/cfg/EIO", b"/rw/cfg"));
        assert!(!begins(b"/rw/cfgs", b"/rw/cfg"));
        assert!(!begins(b"/rw", b"/rw/cfg"));
    }

    #[test]
    fn queries_are_taken_apart_by_key() {
        assert_eq!(split(b"/a?b=1&c=2"), (&b"/a"[..], &b"b=1&c=2"[..]));
        assert_eq!(parameter(b"b=1&bc=3&c=2", b"c"), Some(&b"2"[..]));
        assert_eq!(parameter(b"b=1", b"c"), None);
        assert_eq!(last_segment(b"/a/b"), b"b");
        assert_eq!(last_segment(b"/a/"), b"");
    }
}
