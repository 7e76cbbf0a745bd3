//! Commands of the R3 protocol.
//!
//! Source: Mitsubishi Electric BFP-A4288-V "Communication protocol" of CRnD-700, CR750 and CR800
//! controllers ("BFP-A4288"), clause 5.2; the code of a command is its number there. Commands of
//! MELFA-BASIC are arguments of `exec`.

use plant::Intent::{Administer, Observe, Operate, Program, Safety, Session, Unknown};

use crate::table::{Effect, Operation};

/// Commands, as they stand on the wire but in lower case. Limit switches and the low speed mode
/// count as safety.
pub static COMMANDS: &[Operation] = &[
    Operation::new(1, "open=", Session, "BFP-A4288 5.2.1"),
    Operation::new(2, "close", Session, "BFP-A4288 5.2.2"),
    Operation::new(3, "cntlon", Operate, "BFP-A4288 5.2.3").with(Effect::Command),
    Operation::new(3, "cntloff", Operate, "BFP-A4288 5.2.3").with(Effect::Command),
    Operation::new(4, "load=", Session, "BFP-A4288 5.2.4"),
    Operation::new(5, "save", Program, "BFP-A4288 5.2.5"),
    Operation::new(6, "new", Session, "BFP-A4288 5.2.6"),
    Operation::new(7, "edata", Program, "BFP-A4288 5.2.7").with(Effect::Download),
    Operation::new(8, "emdat", Program, "BFP-A4288 5.2.8").with(Effect::Download),
    Operation::new(9, "edins=", Program, "BFP-A4288 5.2.9").with(Effect::Download),
    Operation::new(10, "val=", Operate, "BFP-A4288 5.2.10"),
    Operation::new(11, "listi", Observe, "BFP-A4288 5.2.11"),
    Operation::new(12, "listl", Observe, "BFP-A4288 5.2.12").with(Effect::Upload),
    Operation::new(13, "listp", Observe, "BFP-A4288 5.2.13"),
    Operation::new(14, "vtyprd", Observe, "BFP-A4288 5.2.14"),
    Operation::new(15, "listcnt", Observe, "BFP-A4288 5.2.15"),
    Operation::new(16, "exec", Program, "BFP-A4288 5.2.16").with(Effect::Script),
    Operation::new(17, "exec2=", Program, "BFP-A4288 5.2.17").with(Effect::Script),
    Operation::new(18, "step", Operate, "BFP-A4288 5.2.18").with(Effect::Motion),
    Operation::new(19, "eclr", Program, "BFP-A4288 5.2.19"),
    Operation::new(20, "delete", Program, "BFP-A4288 5.2.20"),
    Operation::new(21, "renum", Program, "BFP-A4288 5.2.21"),
    Operation::new(22, "pdir", Observe, "BFP-A4288 5.2.22"),
    Operation::new(23, "fdir", Observe, "BFP-A4288 5.2.23"),
    Operation::new(24, "fcheck", Observe, "BFP-A4288 5.2.24"),
    Operation::new(25, "fpath=", Observe, "BFP-A4288 5.2.25"),
    Operation::new(26, "fcopy", Program, "BFP-A4288 5.2.26"),
    Operation::new(27, "fdel", Program, "BFP-A4288 5.2.27").with(Effect::DeleteFile),
    Operation::new(28, "frename", Program, "BFP-A4288 5.2.28").with(Effect::DeleteFile),
    Operation::new(29, "fattrib", Program, "BFP-A4288 5.2.29"),
    Operation::new(30, "finit", Program, "BFP-A4288 5.2.30").with(Effect::DeleteFile),
    Operation::new(31, "fopen", Session, "BFP-A4288 5.2.31"),
    Operation::new(32, "fclose", Session, "BFP-A4288 5.2.32"),
    Operation::new(33, "fread", Observe, "BFP-A4288 5.2.33").with(Effect::Upload),
    Operation::new(34, "fwrite", Program, "BFP-A4288 5.2.34").with(Effect::Download),
    Operation::new(35, "efree", Observe, "BFP-A4288 5.2.35"),
    Operation::new(36, "esearch", Observe, "BFP-A4288 5.2.36"),
    Operation::new(37, "prgload=", Operate, "BFP-A4288 5.2.37").with(Effect::Command),
    Operation::new(38, "prgup", Operate, "BFP-A4288 5.2.38").with(Effect::Command),
    Operation::new(38, "prgdown", Operate, "BFP-A4288 5.2.38").with(Effect::Command),
    Operation::new(39, "prgrd", Observe, "BFP-A4288 5.2.39"),
    Operation::new(40, "lineno=", Operate, "BFP-A4288 5.2.40").with(Effect::Command),
    Operation::new(41, "lineno", Observe, "BFP-A4288 5.2.41"),
    Operation::new(42, "linerd", Observe, "BFP-A4288 5.2.42"),
    Operation::new(43, "linesrd", Observe, "BFP-A4288 5.2.43"),
    Operation::new(44, "srvon", Operate, "BFP-A4288 5.2.44").with(Effect::Command),
    Operation::new(44, "srvoff", Operate, "BFP-A4288 5.2.44").with(Effect::Command),
    Operation::new(45, "ovrd=", Operate, "BFP-A4288 5.2.45"),
    Operation::new(46, "ovrd", Observe, "BFP-A4288 5.2.46"),
    Operation::new(47, "run", Operate, "BFP-A4288 5.2.47").with(Effect::Start),
    Operation::new(48, "stop", Operate, "BFP-A4288 5.2.48").with(Effect::Stop),
    Operation::new(49, "stopon", Operate, "BFP-A4288 5.2.49").with(Effect::Stop),
    Operation::new(49, "stopoff", Operate, "BFP-A4288 5.2.49").with(Effect::Command),
    Operation::new(50, "cstop", Operate, "BFP-A4288 5.2.50").with(Effect::Stop),
    Operation::new(51, "rstalrm", Operate, "BFP-A4288 5.2.51").with(Effect::Reset),
    Operation::new(52, "slotinit", Operate, "BFP-A4288 5.2.52").with(Effect::Command),
    Operation::new(53, "rstprg", Operate, "BFP-A4288 5.2.53").with(Effect::Command),
    Operation::new(54, "rstio", Operate, "BFP-A4288 5.2.54"),
    Operation::new(55, "mlockon", Operate, "BFP-A4288 5.2.55").with(Effect::Command),
    Operation::new(55, "mlockoff", Operate, "BFP-A4288 5.2.55").with(Effect::Command),
    Operation::new(56, "hndon", Operate, "BFP-A4288 5.2.56"),
    Operation::new(56, "hndoff", Operate, "BFP-A4288 5.2.56"),
    Operation::new(57, "align", Operate, "BFP-A4288 5.2.57").with(Effect::Motion),
    Operation::new(58, "movsp", Operate, "BFP-A4288 5.2.58").with(Effect::Motion),
    Operation::new(59, "jog", Operate, "BFP-A4288 5.2.59").with(Effect::Motion),
    Operation::new(61, "lson", Safety, "BFP-A4288 5.2.61"),
    Operation::new(61, "lsoff", Safety, "BFP-A4288 5.2.61"),
    Operation::new(62, "aueon", Operate, "BFP-A4288 5.2.62").with(Effect::Command),
    Operation::new(62, "aueoff", Operate, "BFP-A4288 5.2.62").with(Effect::Command),
    Operation::new(63, "atena", Observe, "BFP-A4288 5.2.63"),
    Operation::new(64, "brkptset", Program, "BFP-A4288 5.2.64"),
    Operation::new(65, "brkptclr", Program, "BFP-A4288 5.2.65"),
    Operation::new(66, "brkptget", Observe, "BFP-A4288 5.2.66"),
    Operation::new(67, "toolset", Operate, "BFP-A4288 5.2.67"),
    Operation::new(68, "toolrd", Observe, "BFP-A4288 5.2.68"),
    Operation::new(69, "safe=", Safety, "BFP-A4288 5.2.69"),
    Operation::new(70, "state", Observe, "BFP-A4288 5.2.70"),
    Operation::new(71, "dstate", Observe, "BFP-A4288 5.2.71"),
    Operation::new(72, "calib", Observe, "BFP-A4288 5.2.72"),
    Operation::new(73, "iosignal", Observe, "BFP-A4288 5.2.73"),
    Operation::new(74, "in", Observe, "BFP-A4288 5.2.74"),
    Operation::new(75, "out", Observe, "BFP-A4288 5.2.75"),
    Operation::new(76, "out=", Operate, "BFP-A4288 5.2.76"),
    Operation::new(77, "din", Observe, "BFP-A4288 5.2.77"),
    Operation::new(78, "dout", Observe, "BFP-A4288 5.2.78"),
    Operation::new(79, "dout=", Operate, "BFP-A4288 5.2.79"),
    Operation::new(80, "indmy", Administer, "BFP-A4288 5.2.80"),
    Operation::new(81, "inset", Administer, "BFP-A4288 5.2.81"),
    Operation::new(82, "in=", Operate, "BFP-A4288 5.2.82"),
    Operation::new(83, "din=", Operate, "BFP-A4288 5.2.83"),
    Operation::new(84, "stpsig", Observe, "BFP-A4288 5.2.84"),
    Operation::new(85, "hndsts", Observe, "BFP-A4288 5.2.85"),
    Operation::new(86, "userareasts", Observe, "BFP-A4288 5.2.86"),
    Operation::new(87, "jpos", Observe, "BFP-A4288 5.2.87"),
    Operation::new(87, "ppos", Observe, "BFP-A4288 5.2.87"),
    Operation::new(87, "xpos", Observe, "BFP-A4288 5.2.87"),
    Operation::new(87, "rpos", Observe, "BFP-A4288 5.2.87"),
    Operation::new(88, "gjpos", Observe, "BFP-A4288 5.2.88"),
    Operation::new(88, "gppos", Observe, "BFP-A4288 5.2.88"),
    Operation::new(89, "time", Observe, "BFP-A4288 5.2.89"),
    Operation::new(90, "time=", Administer, "BFP-A4288 5.2.90").with(Effect::SetClock),
    Operation::new(91, "ptime", Observe, "BFP-A4288 5.2.91"),
    Operation::new(92, "ptimedel=", Administer, "BFP-A4288 5.2.92"),
    Operation::new(93, "cycletime", Observe, "BFP-A4288 5.2.93"),
    Operation::new(94, "cycleclr", Administer, "BFP-A4288 5.2.94"),
    Operation::new(95, "error", Observe, "BFP-A4288 5.2.95"),
    Operation::new(96, "errormes", Observe, "BFP-A4288 5.2.96"),
    Operation::new(97, "errorlog", Observe, "BFP-A4288 5.2.97"),
    Operation::new(98, "errlog2=", Observe, "BFP-A4288 5.2.98"),
    Operation::new(99, "errlogclr", Administer, "BFP-A4288 5.2.99").with(Effect::Silence),
    Operation::new(100, "errsum", Observe, "BFP-A4288 5.2.100"),
    Operation::new(101, "errsum2=", Observe, "BFP-A4288 5.2.101"),
    Operation::new(102, "errsumclr", Administer, "BFP-A4288 5.2.102").with(Effect::Silence),
    Operation::new(103, "sumdate", Observe, "BFP-A4288 5.2.103"),
    Operation::new(104, "val", Observe, "BFP-A4288 5.2.104"),
    Operation::new(105, "vals", Observe, "BFP-A4288 5.2.105"),
    Operation::new(106, "gval", Observe, "BFP-A4288 5.2.106"),
    Operation::new(107, "gvals", Observe, "BFP-A4288 5.2.107"),
    Operation::new(108, "hot", Operate, "BFP-A4288 5.2.108"),
    Operation::new(109, "opnumrd", Observe, "BFP-A4288 5.2.109"),
    Operation::new(110, "opstsrd", Observe, "BFP-A4288 5.2.110"),
    Operation::new(111, "thmrd", Observe, "BFP-A4288 5.2.111"),
    Operation::new(112, "etemp", Observe, "BFP-A4288 5.2.112"),
    Operation::new(113, "emiss", Observe, "BFP-A4288 5.2.113"),
    Operation::new(114, "srvenc", Observe, "BFP-A4288 5.2.114"),
    Operation::new(115, "srvdrp", Observe, "BFP-A4288 5.2.115"),
    Operation::new(116, "srvspd", Observe, "BFP-A4288 5.2.116"),
    Operation::new(117, "srvcur", Observe, "BFP-A4288 5.2.117"),
    Operation::new(118, "srvlcr", Observe, "BFP-A4288 5.2.118"),
    Operation::new(119, "srvvol", Observe, "BFP-A4288 5.2.119"),
    Operation::new(120, "svmonrst=", Administer, "BFP-A4288 5.2.120"),
    Operation::new(121, "raread=", Observe, "BFP-A4288 5.2.121").with(Effect::Discover),
    Operation::new(122, "prminit", Administer, "BFP-A4288 5.2.122").with(Effect::FactoryReset),
    Operation::new(123, "pnr", Observe, "BFP-A4288 5.2.123"),
    Operation::new(124, "prm=", Administer, "BFP-A4288 5.2.124").with(Effect::Parameter),
    Operation::new(125, "par", Observe, "BFP-A4288 5.2.125"),
    Operation::new(126, "paw=", Administer, "BFP-A4288 5.2.126").with(Effect::Parameter),
    Operation::new(127, "paw2=", Administer, "BFP-A4288 5.2.127").with(Effect::Parameter),
    Operation::new(128, "prmundo", Administer, "BFP-A4288 5.2.128").with(Effect::Parameter),
    Operation::new(129, "pmr=", Observe, "BFP-A4288 5.2.129"),
    Operation::new(130, "keywd", Administer, "BFP-A4288 5.2.130").with(Effect::Login),
    Operation::new(131, "slotrd", Observe, "BFP-A4288 5.2.131"),
    Operation::new(132, "slotset", Administer, "BFP-A4288 5.2.132").with(Effect::Parameter),
    Operation::new(133, "encbattm", Observe, "BFP-A4288 5.2.133"),
    Operation::new(134, "breakon", Operate, "BFP-A4288 5.2.134").with(Effect::Command),
    Operation::new(135, "breakonf", Operate, "BFP-A4288 5.2.135").with(Effect::Command),
    Operation::new(136, "home", Administer, "BFP-A4288 5.2.136").with(Effect::Parameter),
    Operation::new(137, "axdatinst", Administer, "BFP-A4288 5.2.137").with(Effect::Parameter),
    Operation::new(138, "datinst", Administer, "BFP-A4288 5.2.138").with(Effect::Parameter),
    Operation::new(139, "datrd", Observe, "BFP-A4288 5.2.139"),
    Operation::new(140, "rstpwr", Administer, "BFP-A4288 5.2.140").with(Effect::Restart),
    Operation::new(141, "rpwrchk=", Observe, "BFP-A4288 5.2.141"),
    Operation::new(142, "mftime=", Observe, "BFP-A4288 5.2.142"),
    Operation::new(143, "mfrst=", Administer, "BFP-A4288 5.2.143"),
    Operation::new(144, "mffcst=", Observe, "BFP-A4288 5.2.144"),
];

/// Any command that the list does not have.
pub static UNLISTED: Operation = Operation::new(0, "unlisted command", Unknown, "BFP-A4288 5.1");

/// An answer whose command was not seen: it does not repeat it.
pub static ANSWER: Operation = Operation::new(0, "answer", Unknown, "BFP-A4288 3.3.2");

/// What stands behind a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing that names what it acts on.
    Other,
    /// A program, file, parameter or variable, up to `;`.
    Name,
    /// All of it: two names, or an instruction.
    Whole,
    /// A variable, up to `=`; of `hot` behind the program.
    Assigned,
    /// The number of a signal or register.
    Number(&'static str),
    /// A keyword, which is not to be shown.
    Secret,
}

/// What stands behind the command of this name.
pub fn argument(name: &str) -> Argument {
    match name {
        "load=" | "fcheck" | "fpath=" | "fdel" | "fattrib" | "fopen" | "prgload=" | "run"
        | "brkptset" | "brkptclr" | "vtyprd" | "listp" | "pnr" | "prm=" | "par" | "paw="
        | "paw2=" | "prmundo" | "slotset" | "cycleclr" | "cycletime" | "val" | "gval" | "open=" => {
            Argument::Name
        }
        "fcopy" | "frename" | "exec" | "exec2=" => Argument::Whole,
        "val=" | "hot" => Argument::Assigned,
        "in" | "in=" => Argument::Number("input"),
        "out" | "out=" => Argument::Number("output"),
        "din" | "din=" => Argument::Number("input register"),
        "dout" | "dout=" => Argument::Number("output register"),
        "hndon" | "hndoff" => Argument::Number("hand"),
        "keywd" => Argument::Secret,
        _ => Argument::Other,
    }
}

/// The command that begins `text`, of those the longest, and what follows it. Case does not matter,
/// because a rule must not be evaded by it.
pub fn command(text: &[u8]) -> (&'static Operation, &[u8]) {
    let found = COMMANDS
        .iter()
        .filter_map(|row| {
            let (head, tail) = text.split_at_checked(row.name.len())?;
            head.eq_ignore_ascii_case(row.name.as_bytes()).then_some((row, tail))
        })
        .max_by_key(|(row, _)| row.name.len());
    found.unwrap_or((&UNLISTED, text))
}
