//! tshark's PDML: what it dissected, element by element, in the order of the packet.
//!
//! PDML is the one output of tshark that keeps several messages of one frame apart and tells which
//! field belongs to which. Each element stands on a line of its own, so a line reader is enough; it
//! reads the attributes that are compared and nothing else. Source: `tshark -T pdml`, version 0.

/// One element: its name, what tshark shows of it, and the bytes that it stands for, in hex.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Element {
    name: String,
    shown: String,
    label: String,
    bytes: String,
}

/// One message as tshark dissected it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pdu {
    pub(super) frame: u64,
    elements: Vec<Element>,
}

impl Pdu {
    /// Whether tshark found an element of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.elements.iter().any(|element| element.name == name)
    }

    /// The first element of this name as shown; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.first(name).map_or("", |element| element.shown.as_str())
    }

    fn first(&self, name: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.name == name)
    }

    /// Every element of this name as shown.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.elements.iter().filter(move |one| one.name == name).map(|one| one.shown.as_str())
    }

    /// The bytes of the first element of this name, in hex.
    pub(super) fn bytes(&self, name: &str) -> &str {
        self.first(name).map_or("", |element| element.bytes.as_str())
    }

    /// The bytes of the elements without a name whose text begins so, in hex.
    pub(super) fn blocks<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        let named = move |one: &&Element| one.name.is_empty() && one.shown.starts_with(text);
        self.elements.iter().filter(named).map(|one| one.bytes.as_str())
    }

    /// The label of the first element of this name: `Opcode: Read Request (1)`.
    pub(super) fn label(&self, name: &str) -> &str {
        self.first(name).map_or("", |element| element.label.as_str())
    }

    /// The first number of this name, decimal; empty where there is none.
    pub(super) fn number(&self, name: &str) -> String {
        let value = super::super::ours::number(self.text(name));
        value.map_or_else(String::new, |value| value.to_string())
    }

    /// This message from its first element of one name to before the next, as often as there are.
    /// Elements without a name are called by their text, up to the first colon.
    pub(super) fn split(&self, name: &str) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        for element in &self.elements {
            let unnamed = element.name.is_empty();
            let called =
                if unnamed { element.shown.split(':').next() } else { Some(&*element.name) };
            if called == Some(name) {
                parts.push(Self { frame: self.frame, elements: Vec::new() });
            }
            if let Some(part) = parts.last_mut() {
                part.elements.push(element.clone());
            }
        }
        parts
    }
}

/// Reads PDML: one [`Pdu`] a packet, with the elements of all its layers.
pub(super) fn read(text: &str) -> Vec<Pdu> {
    let mut packets: Vec<Pdu> = Vec::new();
    for line in text.lines() {
        let line = line.trim_start();
        if line.starts_with("<packet>") {
            packets.push(Pdu::default());
            continue;
        }
        let rest = line.strip_prefix("<field ").or_else(|| line.strip_prefix("<proto "));
        let (Some(rest), Some(packet)) = (rest, packets.last_mut()) else { continue };
        let element = element(rest);
        match element.name.as_str() {
            "num" => packet.frame = element.shown.parse().unwrap_or(0),
            "filtered" | "geninfo" => {}
            _ => packet.elements.push(element),
        }
    }
    packets
}

fn element(mut rest: &str) -> Element {
    let mut element = Element::default();
    while let Some((name, value, after)) = attribute(rest) {
        match name {
            "name" => element.name = plain(value),
            "show" => element.shown = plain(value),
            "showname" => element.label = plain(value),
            "value" => value.clone_into(&mut element.bytes),
            _ => {}
        }
        rest = after;
    }
    element
}

/// The next `name="value"`, and what follows it.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once("=\"")?;
    let (value, after) = rest.split_once('"')?;
    Some((name.trim(), value, after))
}

/// Text without XML's character references.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let Some((name, behind)) = after.split_once(';') else {
            plain.push('&');
            rest = after;
            continue;
        };
        let code = name.strip_prefix("#x").and_then(|code| u32::from_str_radix(code, 16).ok());
        plain.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => code.and_then(char::from_u32).unwrap_or('?'),
        });
        rest = behind;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::read;

    const TEXT: &str = "<packet>\n\
        <proto name=\"geninfo\" pos=\"0\">\n\
        <field name=\"num\" pos=\"0\" show=\"7\" value=\"7\"/>\n\
        </proto>\n\
        <proto name=\"mqtt\" showname=\"MQ\">\n\
        <field name=\"mqtt.topic\" showname=\"Topic: a\" size=\"3\" show=\"a&lt;&#x27;b\" \
        value=\"613c\"/>\n\
        </proto>\n\
        <proto name=\"mqtt\" showname=\"MQ\">\n\
        <field name=\"mqtt.len\" show=\"0x10\" value=\"10\"/>\n\
        </proto>\n</packet>\n";

    #[test]
    fn a_packet_is_split_into_its_messages() {
        let packets = read(TEXT);
        let [packet] = &packets[..] else { panic!("{packets:?}") };
        let messages = packet.split("mqtt");
        let [one, other] = &messages[..] else { panic!("{messages:?}") };
        assert_eq!(
            (one.frame, one.text("mqtt.topic"), one.bytes("mqtt.topic")),
            (7, "a<'b", "613c")
        );
        assert_eq!(one.label("mqtt.topic"), "Topic: a");
        assert_eq!((other.number("mqtt.len"), other.has("mqtt.topic")), ("16".to_owned(), false));
    }
}
