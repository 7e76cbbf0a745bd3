//! Recipes: which fields, in which order and of which type, a data package carries.
//!
//! A client names the fields, the controller answers with their types and a number. Names are kept
//! as they were sent, so that reading a data package allocates nothing. Bounded per conversation.

use std::fmt;

use super::codes::{self, Type};
use crate::{Reader, Text};

/// Recipes kept per direction; the vendor's clients use at most some twenty.
const RECIPES_MAX: usize = 64;
/// Bytes of field names kept per recipe; every documented field together is about 6 KiB.
const NAMES_BYTES_MAX: usize = 8192;
/// Bytes of field names kept per direction.
const ALL_BYTES_MAX: usize = 32 * 1024;

/// One recipe.
pub(super) struct Recipe {
    /// The number that its data packages carry; `None` in protocol version 1, where outputs have
    /// one recipe and no number.
    id: Option<u8>,
    names: Vec<u8>,
    types: Vec<Type>,
    bytes: usize,
}

impl Recipe {
    /// Bytes of values in a data package.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The names as they were sent.
    pub(super) fn names(&self) -> Names<'_> {
        Names(&self.names)
    }

    /// The values of a data package.
    pub(super) const fn values<'a>(&'a self, data: &'a [u8]) -> Values<'a> {
        Values { recipe: self, data }
    }
}

/// A setup that waits for its answer.
pub(super) struct Asked {
    names: Vec<u8>,
    numbered: bool,
}

impl Asked {
    /// The names as they were sent.
    pub(super) fn names(&self) -> Names<'_> {
        Names(&self.names)
    }

    /// The recipe's number and the types in the answer.
    pub(super) fn split<'a>(&self, answer: &'a [u8]) -> (Option<u8>, &'a [u8]) {
        match answer.split_first() {
            Some((id, types)) if self.numbered => (Some(*id), types),
            _ => (None, answer),
        }
    }
}

/// What the types in a setup answer say, beside the types themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setup {
    Complete,
    NotFound,
    InUse,
    /// A type that the guide does not list: the length of the values is not known.
    Unlisted,
}

impl Setup {
    pub(super) fn of(types: &[u8]) -> Self {
        list(types).split(|byte| *byte == b',').fold(Self::Complete, |setup, name| {
            match Type::by_name(Text::trimmed(name).0) {
                Some(Type::NotFound) => Self::NotFound,
                Some(Type::InUse) => Self::InUse,
                Some(_) => setup,
                None => Self::Unlisted,
            }
        })
    }
}

/// The recipes of one direction.
#[derive(Default)]
pub(super) struct Recipes {
    asked: Option<Asked>,
    known: Vec<Recipe>,
}

impl Recipes {
    /// A client asks for these fields; their types will follow, behind a number if `numbered`.
    pub(super) fn ask(&mut self, names: &[u8], numbered: bool) {
        let names = list(names);
        let kept = names.len() <= NAMES_BYTES_MAX;
        self.asked = kept.then(|| Asked { names: names.to_vec(), numbered });
    }

    /// The setup that waits for its answer, which waits no longer.
    pub(super) const fn take(&mut self) -> Option<Asked> {
        self.asked.take()
    }

    /// The controller gave the fields of `asked` these types, all of them listed.
    pub(super) fn learn(&mut self, asked: Asked, id: Option<u8>, types: &[u8]) {
        let types = list(types)
            .split(|byte| *byte == b',')
            .filter_map(|name| Type::by_name(Text::trimmed(name).0));
        let types: Vec<_> = types.collect();
        if asked.names.split(|byte| *byte == b',').count() == types.len() {
            let bytes = types.iter().map(|kind| kind.bytes()).sum();
            self.known.retain(|recipe| recipe.id != id);
            self.known.push(Recipe { id, names: asked.names, types, bytes });
            self.shed();
        }
    }

    pub(super) fn held_bytes(&self) -> usize {
        let asked = self.asked.as_ref().map_or(0, |asked| asked.names.capacity());
        let held = |one: &Recipe| one.names.capacity() + one.types.capacity() * size_of::<Type>();
        asked
            + self.known.capacity() * size_of::<Recipe>()
            + self.known.iter().map(held).sum::<usize>()
    }

    /// Forgets the oldest recipes until the rest fits.
    fn shed(&mut self) {
        let held = |known: &[Recipe]| known.iter().map(|recipe| recipe.names.len()).sum::<usize>();
        while self.known.len() > RECIPES_MAX || held(&self.known) > ALL_BYTES_MAX {
            self.known.remove(0);
        }
    }

    /// The recipe of a data package and its values.
    pub(super) fn find<'a>(&self, data: &'a [u8]) -> Option<(&Recipe, &'a [u8])> {
        let (id, values) = data.split_first()?;
        let numbered = self.known.iter().find(|recipe| recipe.id == Some(*id));
        let plain = || self.known.iter().find(|recipe| recipe.id.is_none());
        numbered.map(|recipe| (recipe, values)).or_else(|| plain().map(|recipe| (recipe, data)))
    }
}

/// A list without a comma at its end, as the `ur_rtde` client sends it.
fn list(names: &[u8]) -> &[u8] {
    names.strip_suffix(b",").unwrap_or(names)
}

/// Field names, shown as a list.
pub(super) struct Names<'a>(pub(super) &'a [u8]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, name) in list(self.0).split(|byte| *byte == b',').enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            Text::trimmed(name).fmt(f)?;
        }
        Ok(())
    }
}

/// The values of one data package with their names: `speed_scaling=1, robot_mode=7 RUNNING`.
pub(super) struct Values<'a> {
    recipe: &'a Recipe,
    data: &'a [u8],
}

impl fmt::Display for Values<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut data = Reader::new(self.data);
        let names = self.recipe.names.split(|byte| *byte == b',');
        for (place, (name, kind)) in names.zip(&self.recipe.types).enumerate() {
            let Some(value) = data.take(kind.bytes()) else { return Ok(()) };
            if place > 0 {
                f.write_str(", ")?;
            }
            let name = Text::trimmed(name);
            write!(f, "{name}=")?;
            show(f, name.0, *kind, Reader::new(value))?;
        }
        Ok(())
    }
}

fn show(f: &mut fmt::Formatter<'_>, name: &[u8], kind: Type, mut value: Reader<'_>) -> fmt::Result {
    let int = |value: &mut Reader<'_>| value.be32().map(u32::cast_signed);
    let double = |value: &mut Reader<'_>| value.be64().map(f64::from_bits);
    match kind {
        Type::Bool | Type::Uint8 => write!(f, "{}", value.u8().unwrap_or_default()),
        Type::Uint64 => write!(f, "{}", value.be64().unwrap_or_default()),
        Type::Double => write!(f, "{:?}", double(&mut value).unwrap_or_default()),
        Type::Uint32 => {
            let number = value.be32().unwrap_or_default();
            let word = if name == b"runtime_state" { codes::runtime_state(number) } else { "" };
            worded(f, i64::from(number), word)
        }
        Type::Int32 => {
            let number = int(&mut value).unwrap_or_default();
            let word = match name {
                b"robot_mode" => codes::robot_mode(number),
                b"safety_mode" | b"safety_status" => codes::safety_mode(number),
                _ => "",
            };
            worded(f, i64::from(number), word)
        }
        Type::Vector3d | Type::Vector6d => {
            f.debug_list().entries(std::iter::from_fn(|| double(&mut value))).finish()
        }
        Type::Vector6int32 => {
            f.debug_list().entries(std::iter::from_fn(|| int(&mut value))).finish()
        }
        Type::Vector6uint32 => f.debug_list().entries(std::iter::from_fn(|| value.be32())).finish(),
        Type::NotFound | Type::InUse => Ok(()),
    }
}

fn worded(f: &mut fmt::Formatter<'_>, number: i64, word: &str) -> fmt::Result {
    if word.is_empty() { write!(f, "{number}") } else { write!(f, "{number} {word}") }
}
