//! A plant as the text of a plant file, with comments; [`crate::parse`] reads it back.
//!
//! For plants that a program proposes. Files that people wrote are edited, not rewritten.

use std::fmt::{self, Write as _};

use crate::model::{
    Asset, AssetId, Conduit, ConduitId, Denial, Encryption, OnFault, Plant, Zone, ZoneId,
};

/// A piece of a plant that a comment can stand above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// The whole file.
    Plant,
    /// A zone.
    Zone(ZoneId),
    /// An asset.
    Asset(AssetId),
    /// A conduit.
    Conduit(ConduitId),
    /// A rule of a conduit, counted from 0.
    Rule(ConduitId, usize),
}

/// The plant as text. `comments` gives the lines that stand above an item, without `#`.
pub fn write(plant: &Plant, comments: &dyn Fn(Item) -> Vec<String>) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = Writer { text: &mut text, plant, comments }.plant();
    text
}

struct Writer<'a> {
    text: &'a mut String,
    plant: &'a Plant,
    comments: &'a dyn Fn(Item) -> Vec<String>,
}

impl Writer<'_> {
    fn plant(&mut self) -> fmt::Result {
        let plant = self.plant;
        self.comment(Item::Plant, "")?;
        if !plant.name.is_empty() || plant.timezone.is_some() {
            self.text.push_str("[plant]\n");
            self.field("name", Some(&plant.name))?;
            self.field("timezone", plant.timezone.as_deref())?;
        }
        for window in &plant.windows {
            let days = crate::Window::DAYS.into_iter().zip(window.days);
            let days = days.filter(|(_, open)| *open).map(|(day, _)| quoted(day).to_string());
            writeln!(self.text, "\n[window.{}]", key(&window.name))?;
            self.list("days", days)?;
            for (name, minute) in [("from", window.from_min), ("to", window.to_min)] {
                writeln!(self.text, "{name} = \"{:02}:{:02}\"", minute / 60, minute % 60)?;
            }
        }
        for (at, zone) in plant.zones.iter().enumerate() {
            self.zone(ZoneId::at(at), zone)?;
        }
        for (at, asset) in plant.assets.iter().enumerate() {
            self.asset(AssetId::at(at), asset)?;
        }
        for (at, conduit) in plant.conduits.iter().enumerate() {
            self.conduit(ConduitId::at(at), conduit)?;
        }
        Ok(())
    }

    fn zone(&mut self, id: ZoneId, zone: &Zone) -> fmt::Result {
        self.text.push('\n');
        self.comment(Item::Zone(id), "")?;
        writeln!(self.text, "[zone.{}]\nlevel = {}", key(&zone.name), zone.level)?;
        self.field("target", zone.target.map(|target| target.name()))?;
        if !zone.networks.is_empty() {
            self.list("networks", zone.networks.iter().map(|network| format!("\"{network}\"")))?;
        }
        if let Some(vlan) = zone.vlan {
            writeln!(self.text, "vlan = {vlan}")?;
        }
        self.field("note", zone.note.as_deref())
    }

    fn asset(&mut self, id: AssetId, asset: &Asset) -> fmt::Result {
        self.text.push('\n');
        self.comment(Item::Asset(id), "")?;
        writeln!(self.text, "[asset.{}]", key(&asset.name))?;
        self.field("zone", self.plant.zone(asset.zone).map(|zone| zone.name.as_str()))?;
        self.field("kind", asset.kind.map(|kind| kind.name()))?;
        let known = &asset.identity;
        for (name, value) in [
            ("vendor", &known.vendor),
            ("model", &known.model),
            ("order_code", &known.order_code),
            ("serial", &known.serial),
            ("firmware", &known.firmware),
            ("hardware", &known.hardware),
            ("location", &known.location),
            ("owner", &known.owner),
            ("note", &known.note),
        ] {
            self.field(name, value.as_deref())?;
        }
        self.list("addresses", asset.addresses.iter().map(|address| format!("\"{address}\"")))?;
        if asset.programs.is_empty() {
            return Ok(());
        }
        self.list("programs", asset.programs.iter().map(|pin| quoted(&pin.to_string()).to_string()))
    }

    fn conduit(&mut self, id: ConduitId, conduit: &Conduit) -> fmt::Result {
        let plant = self.plant;
        self.text.push('\n');
        self.comment(Item::Conduit(id), "")?;
        self.text.push_str("[[conduit]]\n");
        self.field("name", Some(&conduit.name))?;
        for (name, ends) in [("from", &conduit.from), ("to", &conduit.to)] {
            self.list(name, ends.iter().map(|end| quoted(&plant.endpoint(*end)).to_string()))?;
        }
        self.text.push_str("allow = [\n");
        for (at, rule) in conduit.allow.iter().enumerate() {
            self.comment(Item::Rule(id, at), "  ")?;
            writeln!(self.text, "  {},", quoted(&rule.text))?;
        }
        self.text.push_str("]\n");
        self.field(
            "deny",
            conduit.deny.map(|deny| match deny {
                Denial::Answer => "answer",
                Denial::Reset => "reset",
                Denial::Drop => "drop",
            }),
        )?;
        self.field(
            "on_fault",
            conduit.on_fault.map(|on_fault| match on_fault {
                OnFault::Pass => "pass",
                OnFault::Block => "block",
            }),
        )?;
        self.field(
            "encrypt",
            conduit.encrypt.map(|encrypt| match encrypt {
                Encryption::Required => "required",
                Encryption::Off => "off",
            }),
        )?;
        self.field("note", conduit.note.as_deref())
    }

    fn field(&mut self, name: &str, value: Option<&str>) -> fmt::Result {
        value.map_or(Ok(()), |value| writeln!(self.text, "{name} = {}", quoted(value)))
    }

    /// A list of values, in one line if it fits.
    fn list(&mut self, name: &str, values: impl Iterator<Item = String>) -> fmt::Result {
        /// As wide as the project's own lines.
        const LINE_MAX: usize = 100;
        let values: Vec<_> = values.collect();
        let line = format!("{name} = [{}]", values.join(", "));
        if line.chars().count() <= LINE_MAX {
            return writeln!(self.text, "{line}");
        }
        writeln!(self.text, "{name} = [\n  {},\n]", values.join(",\n  "))
    }

    fn comment(&mut self, item: Item, indent: &str) -> fmt::Result {
        for line in (self.comments)(item) {
            // What a station told may hold anything; a comment ends at the line's end.
            let line = line.replace(char::is_control, " ");
            writeln!(self.text, "{indent}# {}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A name as a TOML key.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        quoted(name).to_string()
    }
}

/// Text as a TOML basic string (TOML v1.0.0, section "String").
fn quoted(text: &str) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        f.write_char('"')?;
        for c in text.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    })
}

#[cfg(test)]
mod tests {
    use super::{Item, write};
    use crate::model::Plant;
    use crate::parse;
    use crate::source::Source;

    fn read(text: &str) -> Plant {
        let source = Source { name: "a.toml".into(), text: text.into() };
        parse(&[source]).unwrap_or_else(|all| panic!("{all:#?}\n{text}"))
    }

    const FULL: &str = r#"
[plant]
name = "a \"b\" \\ \u0007 ö"
timezone = "Europe/Berlin"
[window.night]
days = ["fri", "sat"]
from = "22:00"
to = "06:05"
[zone."ö.1"]
level = 3.5
target = "SL3"
networks = ["10.0.0.0/8", "fd00::/64"]
vlan = 7
note = "n"
[asset.a]
zone = "ö.1"
kind = "drive"
vendor = "v"
model = "m"
order_code = "o"
serial = "s"
firmware = "f"
hardware = "h"
location = "l"
owner = "w"
note = "n"
addresses = ["10.0.0.1", "fd00::1", "00:30:d6:00:00:01"]
[[conduit]]
name = "c"
from = ["zone:ö.1", "outside"]
to = ["asset:a", "any"]
allow = ["modbus 'read coils' on a", 'opc-ua observe "x" during night with "order 1"']
deny = "reset"
on_fault = "block"
encrypt = "off"
note = "n"
"#;

    #[test]
    fn what_is_written_reads_back_as_the_same_plant() {
        let plant = read(FULL);
        let first = write(&plant, &|_| Vec::new());
        // Places differ from those in the hand-written text, so the second round is compared.
        let plant = read(&first);
        assert_eq!(write(&plant, &|_| Vec::new()), first);
        for line in FULL.lines().filter(|line| line.contains(" = \"")) {
            assert!(first.lines().any(|written| written == line), "{line}");
        }
        assert!(first.contains(r#""opc-ua observe \"x\" during night with \"order 1\"","#));
    }

    #[test]
    fn comments_stand_above_their_item_and_cannot_leave_their_line() {
        let plant = read(FULL);
        let text = write(&plant, &|item| {
            let second = matches!(item, Item::Rule(_, 1));
            if second { vec!["seen\n\"any safety\",".into(), "twice".into()] } else { Vec::new() }
        });
        let lines: Vec<_> = text.lines().map(str::trim).collect();
        let at = lines.iter().position(|line| *line == "# seen \"any safety\",").unwrap();
        assert_eq!(lines[at + 1], "# twice");
        assert!(lines[at + 2].starts_with("\"opc-ua"));
        assert_eq!(read(&text).conduits[0].allow.len(), 2);
    }
}
