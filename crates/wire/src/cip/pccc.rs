//! PCCC inside CIP: the commands of SLC 500, PLC-5 and MicroLogix controllers.
//!
//! ```text
//!  request    id length(1) vendor(2) serial(4) command(1) status(1) transaction(2) function(1) ..
//!  response   id length(1) vendor(2) serial(4) command|0x40 status(1) transaction(2) ..
//! ```
//! A response names no function, so it takes that of its request. Logical addresses are shown as
//! programmers write them: `N7:0`. Sources: 1756-PM020 (Execute PCCC Service); 1770-6.5.16.

use std::fmt;

use super::pccc_codes as codes;
use super::values::Values;
use crate::table::Operation;
use crate::{Outcome, Reader, Text};

/// One PCCC command.
#[derive(Clone, Copy)]
pub(super) struct Command<'a> {
    pub(super) operation: &'static Operation,
    pub(super) code: u32,
    pub(super) transaction: u16,
    pub(super) address: Address<'a>,
    pub(super) written: &'a [u8],
}

/// One answer to a PCCC command.
pub(super) struct Answer<'a> {
    pub(super) command: u8,
    pub(super) transaction: u16,
    pub(super) outcome: Outcome,
    pub(super) data: &'a [u8],
}

/// What a command acts on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Address<'a> {
    /// Nothing that it names.
    None,
    /// File type, file, element, sub-element of a logical address.
    Logical { kind: u8, file: u16, element: u16, sub: u16 },
    /// File and element of a binary system address, whose file type is not told.
    System { file: u16, element: u16 },
    /// A system address in text.
    Name(&'a [u8]),
    /// The file with this tag from Open File.
    Open { tag: u16, offset: u16 },
}

impl<'a> Command<'a> {
    /// Reads the data of an Execute PCCC request.
    pub(super) fn read(data: &'a [u8]) -> Option<Self> {
        let mut data = after_requestor(data)?;
        let command = data.u8()?;
        data.skip(1)?; // status
        let transaction = data.le16()?;
        let function = if codes::has_function(command) { data.u8()? } else { 0 };
        let code = u32::from(command) << 8 | u32::from(function);
        let operation = codes::operation(code, data.peek());
        let address = Address::read(code, &mut data).unwrap_or(Address::None);
        let ladder = matches!(address, Address::Logical { kind: codes::LADDER_FILE, .. });
        let moving = if ladder { Operation::find(codes::LADDER, code) } else { None };
        let operation = moving.unwrap_or(operation);
        let written = if operation.intent.acts() { data.rest() } else { &[] };
        Some(Self { operation, code, transaction, address, written })
    }

    /// What it writes, as words.
    pub(super) const fn values(&self) -> Option<Values<'a>> {
        if self.written.is_empty() { None } else { Some(Values::Words(self.written)) }
    }
}

impl<'a> Answer<'a> {
    /// Reads the data of an Execute PCCC response.
    pub(super) fn read(data: &'a [u8]) -> Option<Self> {
        let mut data = after_requestor(data)?;
        let command = data.u8()? & !codes::RESPONSE_BIT;
        let status = data.u8()?;
        let transaction = data.le16()?;
        let extended = if status & 0xf0 == 0xf0 { data.u8().unwrap_or(0) } else { 0 };
        let name = codes::status(status, extended);
        let outcome = Outcome::from_code(u32::from(status), name);
        Some(Self { command, transaction, outcome, data: data.take_rest() })
    }

    /// The catalogue number in an answer to Diagnostic Status of SLC and MicroLogix processors.
    pub(super) fn catalogue_number(&self, code: u32) -> Option<Text<'a>> {
        const DIAGNOSTIC_STATUS: u32 = 0x0603;
        if code != DIAGNOSTIC_STATUS || self.data.get(1) != Some(&0xee) {
            return None;
        }
        let name = Text::trimmed(self.data.get(5..16)?);
        let printable = name.0.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
        (printable && !name.0.is_empty()).then_some(name)
    }

    /// What it brings, as words.
    pub(super) const fn values(&self) -> Option<Values<'a>> {
        if self.data.is_empty() { None } else { Some(Values::Words(self.data)) }
    }
}

fn after_requestor(data: &[u8]) -> Option<Reader<'_>> {
    let mut reader = Reader::new(data);
    let length = usize::from(reader.u8()?);
    reader.skip(length.checked_sub(1)?)?;
    Some(reader)
}

impl<'a> Address<'a> {
    fn read(code: u32, data: &mut Reader<'a>) -> Option<Self> {
        match code {
            0x0fa1 | 0x0fa2 | 0x0fa9 | 0x0faa | 0x0fab => {
                data.skip(1)?; // size
                let file = field(data)?;
                let kind = data.u8()?;
                let element = field(data)?;
                let sub = if matches!(code, 0x0fa1 | 0x0fa9) { 0 } else { field(data)? };
                Some(Self::Logical { kind, file, element, sub })
            }
            0x0fa7 | 0x0faf => {
                data.skip(1)?; // size
                let tag = data.le16()?;
                let offset = data.le16()?;
                data.skip(1)?; // file type
                Some(Self::Open { tag, offset })
            }
            0x0f00 | 0x0f01 | 0x0f67 | 0x0f68 => {
                data.skip(4)?; // packet offset, total transaction
                Self::system(data)
            }
            0x0f26 => Self::system(data),
            _ => Some(Self::None),
        }
    }

    /// A PLC-5 system address: text between 0x00 `$` and 0x00, or a mask of levels.
    fn system(data: &mut Reader<'a>) -> Option<Self> {
        if data.peek_be16() == Some(0x0024) {
            data.skip(2)?;
            return data.until(0).map(Self::Name);
        }
        let mask = data.u8()?;
        let mut levels = [0; 4];
        for (bit, level) in levels.iter_mut().enumerate() {
            if mask >> bit & 1 == 1 {
                *level = field(data)?;
            }
        }
        let [_, file, element, _] = levels;
        Some(Self::System { file, element })
    }
}

/// One byte, or 0xff and a word (1770-6.5.16, logical addressing).
fn field(data: &mut Reader<'_>) -> Option<u16> {
    match data.u8()? {
        0xff => data.le16(),
        byte => Some(u16::from(byte)),
    }
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::None => Ok(()),
            Self::Logical { kind, file, element, sub } => {
                match codes::file_letters(kind) {
                    "" => write!(f, "type 0x{kind:02x} file {file}:{element}")?,
                    letters => write!(f, "{letters}{file}:{element}")?,
                }
                if sub > 0 { write!(f, ".{sub}") } else { Ok(()) }
            }
            Self::System { file, element } => write!(f, "file {file}:{element}"),
            Self::Name(name) => Text(name).fmt(f),
            Self::Open { tag, offset } => write!(f, "open file {tag} offset {offset}"),
        }
    }
}

/// Whether the catalogue number shows a controller: SLC 500 and MicroLogix bulletins.
pub(super) fn is_controller(name: Text<'_>) -> bool {
    name.0.starts_with(b"17")
}

#[cfg(test)]
mod tests {
    use super::{Answer, Command};
    use crate::table::Effect;

    /// Requestor id of 7 bytes, then the command.
    fn asked(command: &[u8]) -> Vec<u8> {
        [&[7, 0x4d, 0, 1, 2, 3, 4], command].concat()
    }

    fn object(command: &[u8]) -> String {
        Command::read(&asked(command)).unwrap().address.to_string()
    }

    #[test]
    fn logical_addresses_print_as_programmers_write_them() {
        assert_eq!(object(&[0x0f, 0, 1, 0, 0xa2, 2, 7, 0x89, 0, 0]), "N7:0");
        assert_eq!(object(&[0x0f, 0, 1, 0, 0xa1, 2, 3, 0x85, 4]), "B3:4");
        assert_eq!(object(&[0x0f, 0, 1, 0, 0xa2, 2, 4, 0x86, 0xff, 44, 1, 2]), "T4:300.2");
        assert_eq!(object(&[0x0f, 0, 1, 0, 0xa2, 2, 1, 0xa2, 0, 0]), "type 0xa2 file 1:0");
        assert_eq!(object(b"\x0f\0\x01\0\x68\0\0\x01\0\0$N7:10\0\x01\0"), "N7:10");
        assert_eq!(object(&[0x0f, 0, 1, 0, 0x01, 0, 0, 1, 0, 0x07, 0, 7, 10, 2]), "file 7:10");
    }

    #[test]
    fn a_mode_change_has_the_effect_of_its_mode() {
        let effect = |bytes: &[u8]| Command::read(&asked(bytes)).unwrap().operation.effect;
        assert_eq!(effect(&[0x0f, 0, 1, 0, 0x80, 0x01]), Effect::Stop);
        assert_eq!(effect(&[0x0f, 0, 1, 0, 0x80, 0x06]), Effect::Start);
        assert_eq!(effect(&[0x0f, 0, 1, 0, 0x80, 0x08]), Effect::Plain);
        assert_eq!(effect(&[0x0f, 0, 1, 0, 0x3a, 0x00]), Effect::Stop);
    }

    #[test]
    fn writing_a_ladder_file_programs_and_writing_data_operates() {
        let intent = |kind| {
            let command = asked(&[0x0f, 0, 1, 0, 0xaa, 2, 2, kind, 0, 0, 1, 2]);
            Command::read(&command).unwrap().operation.intent
        };
        assert_eq!(intent(0x22), plant::Intent::Program);
        assert_eq!(intent(0x89), plant::Intent::Operate);
    }

    #[test]
    fn an_extended_status_is_named() {
        let data = asked(&[0x4f, 0xf0, 1, 0, 0x0b]);
        let answer = Answer::read(&data).unwrap();
        assert_eq!(answer.outcome.to_string(), "access denied, improper privilege");
        assert_eq!((answer.command, answer.transaction), (0x0f, 1));
    }

    #[test]
    fn diagnostic_status_names_the_processor() {
        let mut data = asked(&[0x46, 0, 1, 0, 0x00, 0xee, 0x4a, 0x9f, 0x23]);
        data.extend_from_slice(b"1766-LEC   ");
        let answer = Answer::read(&data).unwrap();
        assert_eq!(answer.catalogue_number(0x0603).unwrap().to_string(), "1766-LEC");
        assert!(answer.catalogue_number(0x0fa2).is_none());
    }
}
