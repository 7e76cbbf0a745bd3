//! What a BACnet service acts on: object, property and place in its array.
//!
//! Services that take lists name their first object and property here, and how many properties
//! there are beside it. Source: ANSI/ASHRAE 135-2020 clause 21, the productions of each service.

use std::fmt;

use super::names;
use super::tag::{Class, ObjectId, Tag, Tags};

/// Properties of a list that are counted.
const COUNTED_MAX: u16 = 1000;

/// What a request acts on; small, so that it can wait for the response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) object: Option<u32>,
    pub(super) property: Option<u32>,
    pub(super) index: Option<u32>,
    /// Further properties of a list.
    pub(super) more: u16,
    /// Limits of a search by instance.
    pub(super) range: Option<(u32, u32)>,
}

impl Target {
    pub(super) const fn is_nothing(&self) -> bool {
        self.object.is_none() && self.range.is_none()
    }

    /// Of a confirmed service's request.
    pub(super) fn confirmed(service: u8, data: &[u8]) -> Self {
        match service {
            8 | 9 | 12 | 15 | 26 => Self::at(data, 0, true),
            14 | 16 => Self::list(data, 0),
            0 | 5 => Self::at(data, 1, false),
            28 => Self::nested(data, Self::at(data, 1, false), (4, 0)),
            1 | 2 => Self::at(data, 2, false),
            27 => Self::at(data, 3, false),
            6 | 7 | 11 => Self::plain(data, 0),
            10 => Self::created(data),
            _ => Self::default(),
        }
    }

    /// Further segments follow, in which more objects may stand.
    pub(super) const fn goes_on(&mut self) {
        self.more = self.more.saturating_add(1);
    }

    /// Of a confirmed service's answer, where that repeats it.
    pub(super) fn answered(service: u8, data: &[u8]) -> Self {
        match service {
            12 | 26 => Self::at(data, 0, true),
            14 => Self::list(data, 2),
            10 => Self::plain(data, 0),
            _ => Self::default(),
        }
    }

    /// Of an unconfirmed service.
    pub(super) fn unconfirmed(service: u8, data: &[u8]) -> Self {
        match service {
            0 => Self::plain(data, 0),
            1 => Self::plain(data, 1),
            2 | 3 => Self::at(data, 2, false),
            7 => Self { range: limits(data), ..Self::at(data, 2, false) },
            8 => Self { range: limits(data), ..Self::default() },
            _ => Self::default(),
        }
    }

    /// The object in context tag `number`; property and index in the two after it.
    fn at(data: &[u8], number: u8, property: bool) -> Self {
        let mut target = Self::default();
        for tag in Tags::new(data).filter(|tag| tag.depth == 0) {
            if tag.is(0, number) {
                target.object = tag.object();
            } else if property && tag.is(0, number + 1) {
                target.property = tag.unsigned();
            } else if property && tag.is(0, number + 2) {
                target.index = tag.unsigned();
            }
        }
        target
    }

    /// A list of objects in context tag 0, each with properties in tag `number` of group 1.
    fn list(data: &[u8], number: u8) -> Self {
        let mut target = Self::default();
        for tag in Tags::new(data) {
            if tag.is(0, 0) {
                target.object = target.object.or(tag.object());
            } else if tag.is(1, number) {
                match target.property {
                    None => target.property = tag.unsigned(),
                    Some(_) if target.more < COUNTED_MAX => target.more += 1,
                    Some(_) => break,
                }
            } else if tag.is(1, number + 1) && target.more == 0 {
                target.index = target.index.or(tag.unsigned());
            }
        }
        target
    }

    /// `target` with the property in tag `number` of group `group`.
    fn nested(data: &[u8], target: Self, (group, number): (u8, u8)) -> Self {
        let mut tags = Tags::new(data).skip_while(|tag| !tag.opens(0, group));
        let property = tags.find(|tag| tag.is(1, number)).and_then(|tag| tag.unsigned());
        Self { property, ..target }
    }

    /// The object identifier that is the application value `place`.
    fn plain(data: &[u8], place: usize) -> Self {
        let mut values = Tags::new(data).filter(|tag| tag.class == Class::Application);
        let object = values.nth(place).filter(|tag| tag.number == 12).and_then(|tag| tag.object());
        Self { object, ..Self::default() }
    }

    /// The object, or the type of object, that create-object is to make.
    fn created(data: &[u8]) -> Self {
        let object = Tags::new(data).find_map(|tag: Tag<'_>| {
            if tag.is(1, 1) {
                tag.object()
            } else if tag.is(1, 0) {
                tag.unsigned().map(|kind| kind << 22 | 0x3f_ffff)
            } else {
                None
            }
        });
        Self { object, ..Self::default() }
    }
}

/// Lowest and highest instance of a search.
fn limits(data: &[u8]) -> Option<(u32, u32)> {
    let mut tags = Tags::new(data);
    let low = tags.next().filter(|tag| tag.is(0, 0))?.unsigned()?;
    let high = tags.next().filter(|tag| tag.is(0, 1))?.unsigned()?;
    Some((low, high))
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(object) = self.object {
            ObjectId(object).fmt(f)?;
        }
        if let Some(property) = self.property {
            match names::name(names::PROPERTIES, property) {
                "" => write!(f, " property-{property}"),
                name => write!(f, " {name}"),
            }?;
        }
        if let Some(index) = self.index {
            write!(f, "[{index}]")?;
        }
        if self.more > 0 {
            write!(f, ", and {} more", self.more)?;
        }
        match self.range {
            Some((low, high)) if self.object.is_none() => write!(f, "device {low}..{high}"),
            _ => Ok(()),
        }
    }
}
