//! What to put together when a map would show more than an eye can follow.
//!
//! A room with many assets shows one box for each role; assets with serious findings keep their
//! own. Where nobody declared zones and every subnet would be a room, a level's subnets share one.

use std::collections::BTreeMap;

use plant::{Level, Severity};

use crate::inspect::report::{AssetRow, ZoneRow};
use crate::inspect::view::{self, View};
use crate::inspect::words;

/// Boxes of one room before it folds.
const ROOM_BOXES_MAX: usize = 18;
/// Boxes of the whole map before the largest rooms fold.
const MAP_BOXES_MAX: usize = 56;
/// Rooms of one level that are only guesses, before they become one.
const GUESSES_MAX: usize = 15;
/// Assets of a folded room that keep a box of their own because of their findings.
const ALARMED_MAX: usize = 5;

/// Worst finding by asset.
pub(super) type Alarms<'r> = BTreeMap<&'r str, Severity>;

/// A room with its assets, in the groups that share a box.
pub(super) struct Draft<'r> {
    pub(super) title: String,
    pub(super) level: Level,
    pub(super) declared: bool,
    pub(super) groups: Vec<Vec<&'r AssetRow>>,
}

/// Worst finding that names each asset.
pub(super) fn alarms<'r>(view: &View<'r>) -> Alarms<'r> {
    let mut alarms = Alarms::new();
    for finding in &view.report.findings {
        for asset in &finding.assets {
            let worst = alarms.entry(asset).or_insert(finding.severity);
            *worst = (*worst).max(finding.severity);
        }
    }
    alarms
}

/// All rooms, from the highest level down.
pub(super) fn drafts<'r>(view: &View<'r>, alarms: &Alarms<'r>) -> Vec<Draft<'r>> {
    let mut drafts = Vec::new();
    for level in Level::ALL.into_iter().rev() {
        let zones = view.zones().into_iter().filter(|zone| view::level(zone) == level);
        let (guesses, zones): (Vec<_>, Vec<_>) = zones.partition(|zone| is_guess(zone));
        if guesses.len() > GUESSES_MAX {
            let title = words::count(guesses.len(), "network");
            let members = guesses.iter().flat_map(|zone| view.members(zone)).collect();
            drafts.push(Draft { title, level, declared: false, groups: fold(members, alarms) });
        } else {
            drafts.extend(guesses.into_iter().map(|zone| draft(view, zone)));
        }
        drafts.extend(zones.into_iter().map(|zone| draft(view, zone)));
    }
    fold_largest(&mut drafts, alarms);
    drafts
}

/// A zone that is only a level of a subnet.
fn is_guess(zone: &ZoneRow) -> bool {
    !zone.declared && view::zone_title(zone) != zone.name
}

/// A room with a box for each asset.
fn draft<'r>(view: &View<'r>, zone: &'r ZoneRow) -> Draft<'r> {
    Draft {
        title: view::zone_title(zone).to_owned(),
        level: view::level(zone),
        declared: zone.declared,
        groups: view.members(zone).into_iter().map(|asset| vec![asset]).collect(),
    }
}

/// Folds rooms, the largest first, until every room and the whole map can be read.
fn fold_largest<'r>(drafts: &mut [Draft<'r>], alarms: &Alarms<'r>) {
    let mut order: Vec<_> = (0..drafts.len()).collect();
    let size = |drafts: &[Draft<'r>], at: usize| drafts.get(at).map_or(0, |one| one.groups.len());
    order.sort_by_key(|at| std::cmp::Reverse(size(drafts, *at)));
    let mut total: usize = drafts.iter().map(|one| one.groups.len()).sum();
    for at in order {
        let before = size(drafts, at);
        if before <= ROOM_BOXES_MAX && (total <= MAP_BOXES_MAX || before <= 2) {
            continue;
        }
        if let Some(draft) = drafts.get_mut(at) {
            let members = draft.groups.drain(..).flatten().collect();
            draft.groups = fold(members, alarms);
            total -= before.saturating_sub(draft.groups.len()).min(total);
        }
    }
}

/// Assets by role, after those that have a serious finding.
fn fold<'r>(members: Vec<&'r AssetRow>, alarms: &Alarms<'r>) -> Vec<Vec<&'r AssetRow>> {
    let alarm = |asset: &AssetRow| alarms.get(asset.id.as_str()).copied();
    let (mut alarmed, mut calm): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|asset| alarm(asset) >= Some(Severity::High));
    alarmed.sort_by_key(|asset| std::cmp::Reverse(alarm(asset)));
    calm.extend(alarmed.split_off(alarmed.len().min(ALARMED_MAX)));
    let mut roles = BTreeMap::<_, Vec<_>>::new();
    for asset in calm {
        roles.entry(asset.role).or_default().push(asset);
    }
    alarmed.into_iter().map(|asset| vec![asset]).chain(roles.into_values()).collect()
}
