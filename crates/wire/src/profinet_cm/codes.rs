//! PROFINET IO context management code points: interfaces, operations, controls, records.
//!
//! Sources: IEC 61158-6-10:2019 ("6-10") and IEC 61158-5-10:2019 ("5-10"); C706 DCE 1.1 RPC
//! ("C706"). What a record of a submodule means stands in its GSDML; see [`write_intent`].

use plant::Intent::{self, Administer, Observe, Operate, Session, Unknown};

use crate::table::{Effect, Operation};

/// Operations of the PROFINET IO interfaces, by opnum. A connect takes inputs and outputs of a
/// device into control and a release gives them up, so both operate; a connect that asks for
/// record access only is `session`. A write has the intent of its index.
pub static OPERATIONS: &[Operation] = &[
    Operation::new(0, "connect", Operate, "6-10 5.2.3 Connect; 5-10 AR ASE"),
    Operation::new(1, "release", Operate, "6-10 5.2.3 Release; 5-10 AR ASE"),
    Operation::new(2, "read", Observe, "6-10 5.2.3 Read; 5-10 Record Data ASE"),
    Operation::new(3, "write", Operate, "6-10 5.2.3 Write; 5-10 Record Data ASE"),
    Operation::new(4, "control", Session, "6-10 5.2.3 Control; 5-10 AR ASE"),
    Operation::new(5, "read implicit", Observe, "6-10 5.2.3 Read Implicit: without an AR")
        .with(Effect::Discover),
];

/// What a control says, by the type of its block without the bit that marks responses.
pub static CONTROLS: &[Operation] = &[
    Operation::new(0x0110, "control parameter end", Session, "6-10 IODControl PrmEnd"),
    Operation::new(0x0111, "control parameter end after plug", Session, "6-10 IODControl PrmEnd"),
    Operation::new(0x0112, "control application ready", Session, "6-10 IOXControl"),
    Operation::new(0x0113, "control application ready after plug", Session, "6-10 IOXControl"),
    Operation::new(0x0116, "control ready for companion", Session, "6-10 IOXControl"),
    Operation::new(0x0117, "control ready for rt class 3", Session, "6-10 IOXControl"),
    Operation::new(0x0118, "control parameter begin", Session, "6-10 IODControl PrmBegin"),
];

/// From here on indexes have one meaning for all devices; below, the GSDML gives it (6-10 5.2.1).
pub(super) const DEVICE_INDEX: u16 = 0x8000;

/// PDU types of connectionless RPC that carry no call, by type.
pub static HOUSEKEEPING: &[Operation] = &[
    Operation::new(1, "ping", Session, "C706 12.6.3.5"),
    Operation::new(4, "working", Session, "C706 12.6.3.10"),
    Operation::new(5, "no call", Session, "C706 12.6.3.4"),
    Operation::new(7, "ack", Session, "C706 12.6.3.1"),
    Operation::new(8, "cancel", Session, "C706 12.6.3.2"),
    Operation::new(9, "fragment ack", Session, "C706 12.6.3.3"),
    Operation::new(10, "cancel ack", Session, "C706 12.6.3.2"),
];

/// Operations of the endpoint mapper, by opnum; PROFINET stations answer lookups with what they
/// are.
pub static ENDPOINT_MAPPER: &[Operation] = &[
    Operation::new(0, "endpoint insert", Administer, "C706 appendix O"),
    Operation::new(1, "endpoint delete", Administer, "C706 appendix O"),
    Operation::new(2, "endpoint lookup", Observe, "C706 appendix O").with(Effect::Discover),
    Operation::new(3, "endpoint map", Observe, "C706 appendix O"),
    Operation::new(4, "endpoint lookup handle free", Session, "C706 appendix O"),
    Operation::new(5, "endpoint inquire object", Observe, "C706 appendix O"),
    Operation::new(6, "endpoint management delete", Administer, "C706 appendix O"),
];

/// An opnum or interface that no list above has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted operation", Unknown, "6-10 5.2.3");

/// Opnums that have rules of their own.
pub mod opnum {
    /// Connect.
    pub const CONNECT: u16 = 0;
    /// Control.
    pub const CONTROL: u16 = 4;
}

/// Object UUIDs of PROFINET begin so: `dea00000-6c97-11d1-8271-`; instance, device id and vendor
/// id follow.
pub const OBJECT: u128 = 0xdea0_0000_6c97_11d1_8271_0000_0000_0000;
/// The bits of an object UUID that are the same for all.
pub const OBJECT_MASK: u128 = 0xffff_ffff_ffff_ffff_ffff_0000_0000_0000;
/// The interface UUID of devices; controllers, supervisors and parameter servers are the next
/// three: `dea00001` to `dea00004`.
pub const INTERFACE: u128 = 0xdea0_0001_6c97_11d1_8271_00a0_2442_df7d;
/// The place of that number in the UUID.
pub const INTERFACE_STEP: u128 = 1 << 96;
/// The interface UUID of the endpoint mapper: `e1af8308-5d1f-11c9-91a4-08002b14a0fa`.
pub const MAPPER: u128 = 0xe1af_8308_5d1f_11c9_91a4_0800_2b14_a0fa;

/// Block types; responses have bit 15 set as well.
pub mod block {
    /// Header of a written record.
    pub const WRITE: u16 = 0x0008;
    /// Header of a read record.
    pub const READ: u16 = 0x0009;
    /// Header of a record that was read, before the record.
    pub const READ_RESPONSE: u16 = READ | RESPONSE;
    /// I&M0: what a module is.
    pub const IM0: u16 = 0x0020;
    /// I&M1: tags of function and location.
    pub const IM1: u16 = 0x0021;
    /// Application relation.
    pub const AR: u16 = 0x0101;
    /// Cyclic communication relation.
    pub const IOCR: u16 = 0x0102;
    /// Submodules that are expected, and the bytes of their data.
    pub const EXPECTED: u16 = 0x0104;
    /// Differences between expected and real modules (response only).
    pub const MODULE_DIFF: u16 = 0x8104;
    /// First and last of the control blocks.
    pub const CONTROL_FIRST: u16 = 0x0110;
    /// The last of them.
    pub const CONTROL_LAST: u16 = 0x0118;
    /// Release.
    pub const RELEASE: u16 = 0x0114;
    /// Marks responses.
    pub const RESPONSE: u16 = 0x8000;
}

/// Index of several writes in one.
pub const MULTIPLE_WRITE: u16 = 0xe040;

/// Name of an AR type; empty if unlisted.
pub const fn ar_type(code: u16) -> &'static str {
    match code {
        0x01 => "io controller ar",
        0x03 => "io controller ar cir",
        0x06 => "io supervisor ar",
        0x10 => "io controller ar rt class 3",
        0x20 => "io controller ar redundant",
        _ => "",
    }
}

/// Name of an IOCR type; empty if unlisted.
pub const fn iocr_type(code: u16) -> &'static str {
    match code {
        1 => "input",
        2 => "output",
        3 => "multicast provider",
        4 => "multicast consumer",
        _ => "",
    }
}

/// Name of a record index, for the common ones; empty for others. `0xX00a`, `0xX00b` and so on
/// repeat for one subslot, slot, AR and API (6-10 table "Index").
pub const fn index(index: u16) -> &'static str {
    match index {
        0x8000 | 0xc000 | 0xe000 => "expected identification",
        0x8001 | 0xc001 | 0xe001 | 0xf000 => "real identification",
        0x800a..=0x800c | 0xc00a..=0xc00c | 0xe00a..=0xe00c | 0xf00a..=0xf00c | 0xf80c => {
            "diagnosis"
        }
        0x8010..=0x8013 | 0xc010..=0xc013 | 0xe010..=0xe013 | 0xf010..=0xf013 => "maintenance",
        0x801e => "substitute values",
        0x8028 => "record input data",
        0x8029 => "record output data",
        0x802a => "port data real",
        0x802b => "port data check",
        0x802c => "irt data",
        0x802d => "sync data",
        0x802f => "port data adjust",
        0x8030 => "isochronous mode data",
        0x8031 => "time data",
        0x8050 => "mrp data real",
        0x8051 => "mrp data check",
        0x8052 => "mrp data adjust",
        0x8053 => "mrp port data adjust",
        0x8060 => "fibre data real",
        0x8061 => "fibre data check",
        0x8062 => "fibre data adjust",
        0x8070 => "network component data check",
        0x8071 => "interface adjust",
        0x8072 => "port statistic",
        0x8080 => "interface data real",
        0x8090 => "interface fast start-up adjust",
        0x80b0 => "combined object container",
        0xaff0 => "i&m0",
        0xaff1 => "i&m1",
        0xaff2 => "i&m2",
        0xaff3 => "i&m3",
        0xaff4 => "i&m4",
        0xaff5 => "i&m5",
        0xb02e => "profidrive parameters local",
        0xb02f => "profidrive parameters global",
        0xe002 => "module difference",
        MULTIPLE_WRITE => "multiple write",
        0xe050 => "fast start-up adjust",
        0xf020 | 0xf820 => "ar data",
        0xf821 => "api data",
        0xf830 => "log data",
        0xf831 => "pdev data",
        0xf840 => "i&m0 filter",
        0xf841 => "port and interface data real",
        _ => "",
    }
}

/// What writing a record would do (6-10 table "Index").
///
/// Below 0x8000 are the records of submodules, which their makers define: parameters of channels
/// and of the loaded function, and the F-parameters of PROFIsafe, which only the GSDML tells
/// apart. They are judged `operate`, for they act within the loaded project and every start-up
/// writes them. 0x8000 and above configure ports, rings, clocks and names of the device itself.
pub const fn write_intent(index: u16) -> Intent {
    match index {
        0x0000..=0x7fff => Operate,
        0x801e | 0x8028 | 0x8029 | 0xb02e | 0xb02f | 0xe040 => Operate,
        0x8000..=0x8fff | 0xaff1..=0xafff | 0xc000..=0xcfff | 0xe000..=0xe0ff => Administer,
        _ => Unknown,
    }
}
