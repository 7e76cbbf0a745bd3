//! Pieces of programs and files on their way over the wire, for whoever hashes them.
//!
//! A dissector hands out the bytes as they pass; putting them together is not its business.

use std::fmt;

use crate::session::Side;

/// Where a piece belongs in its transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its beginning: what was on its way under the same number is given up.
    First,
    /// More of it.
    Next,
    /// Its end; may carry no bytes.
    Last,
    /// A part of what ends when its connection is closed.
    Streamed,
}

/// A piece of a program, firmware or file.
#[derive(Clone, Copy)]
pub struct Piece<'a> {
    /// Tells transfers that run at once in one conversation apart: a file handle, a block number.
    pub transfer: u32,
    /// What it is: `URScript`, `S7 block`, `firmware`, `file`.
    pub kind: &'static str,
    /// Its name where this message knows it; of the parts of one transfer, one that does is enough.
    pub name: &'a dyn fmt::Display,
    /// Who receives it.
    pub to: Side,
    /// Place of `bytes` in the file; `None` if they follow what came before.
    pub offset: Option<u64>,
    /// The bytes, as they would lie in the file.
    pub bytes: &'a [u8],
    /// Where it belongs.
    pub part: Part,
}

/// What a file with this name is to a robot cell, by its extension; `None` for other files.
///
/// Sources: Universal Robots PolyScope manual (`.urp`, `.script`, `.installation`, `.urup`,
/// `.urcap`); FANUC controller manuals (`.tp`, `.ls`, `.pc`, `.kl`, `.sv`, `.vr`); KUKA KSS
/// (`.src`, `.dat`, `.sub`); ABB RAPID reference (`.mod`, `.modx`, `.sys`, `.sysx`, `.pgf`);
/// Yaskawa INFORM (`.jbi`); Mitsubishi MELFA (`.mb4`, `.mb5`, `.mb6`); Denso (`.pac`, `.pcs`);
/// Staubli VAL3 (`.pjx`, `.pgx`, `.dtx`); Rockwell (`.l5x`, `.l5k`, `.acd`); Siemens (`.awl`,
/// `.scl`, `.udt`); CODESYS (`.app`, `.prg`, `.project`); IEC 61131-10 (`.plcopen`).
pub fn program_kind(name: &str) -> Option<&'static str> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.is_empty() && extension.is_empty() {
        return None;
    }
    KINDS
        .iter()
        .find(|(extensions, _)| extensions.iter().any(|one| one.eq_ignore_ascii_case(extension)))
        .map(|(_, kind)| *kind)
}

const KINDS: &[(&[&str], &str)] = &[
    (&["urp", "urpx"], "UR program"),
    (&["script"], "URScript"),
    (&["installation"], "UR installation"),
    (&["tp"], "FANUC TP program"),
    (&["ls"], "FANUC TP listing"),
    (&["kl", "pc"], "FANUC KAREL program"),
    (&["sv", "vr", "io"], "FANUC system data"),
    (&["src", "sub"], "KRL program"),
    (&["dat"], "KRL data list"),
    (&["mod", "modx", "sys", "sysx", "pgf"], "RAPID module"),
    (&["jbi"], "INFORM job"),
    (&["mb4", "mb5", "mb6"], "MELFA program"),
    (&["pac", "pcs"], "Denso PAC program"),
    (&["pjx", "pgx", "dtx"], "VAL3 application"),
    (&["l5x", "l5k", "acd"], "Logix project"),
    (&["awl", "scl", "udt", "s7p"], "S7 source"),
    (&["app", "prg", "project"], "PLC program"),
    (&["plcopen"], "PLCopen program"),
    (&["urup", "urcap", "efw", "fwu", "fw", "hex", "s19", "srec", "upd", "bin", "dfu"], "firmware"),
];

#[cfg(test)]
mod tests {
    use super::program_kind;

    #[test]
    fn programs_are_known_by_their_extension_in_any_case_and_folder() {
        assert_eq!(program_kind("md:\\WELD_07.TP"), Some("FANUC TP program"));
        assert_eq!(program_kind("/programs/pick.urp"), Some("UR program"));
        assert_eq!(program_kind("T_ROB1/Main.modx"), Some("RAPID module"));
        assert_eq!(program_kind("EL7201-0010.efw"), Some("firmware"));
    }

    #[test]
    fn other_files_are_no_programs() {
        for name in ["", ".", "index.html", "src", "a.b/c", "photo.jpeg", "x."] {
            assert_eq!(program_kind(name), None, "{name}");
        }
    }
}
