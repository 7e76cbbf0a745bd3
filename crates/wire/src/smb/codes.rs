//! SMB code points: commands of versions 1 and 2, status codes.
//!
//! A file that is made or replaced on a share of a controller is a program of it. A write to a file
//! that is no program by its name cannot be judged; what passes through pipes are remote calls.

use plant::Intent::{Observe, Program, Session, Unknown};

use crate::table::{Effect, Operation};

/// Commands of SMB 2 and 3 (MS-SMB2 2.2.1.2).
pub static SMB2: &[Operation] = &[
    Operation::new(0x00, "negotiate", Session, "MS-SMB2 2.2.3"),
    Operation::new(0x01, "session setup", Session, "MS-SMB2 2.2.5").with(Effect::Login),
    Operation::new(0x02, "logoff", Session, "MS-SMB2 2.2.7"),
    Operation::new(0x03, "tree connect", Session, "MS-SMB2 2.2.9"),
    Operation::new(0x04, "tree disconnect", Session, "MS-SMB2 2.2.11"),
    Operation::new(0x05, "create", Observe, "MS-SMB2 2.2.13, existing files only"),
    Operation::new(0x06, "close", Session, "MS-SMB2 2.2.15"),
    Operation::new(0x07, "flush", Session, "MS-SMB2 2.2.17"),
    Operation::new(0x08, "read", Observe, "MS-SMB2 2.2.19"),
    Operation::new(0x09, "write", Unknown, "MS-SMB2 2.2.21"),
    Operation::new(0x0a, "lock", Session, "MS-SMB2 2.2.26"),
    Operation::new(0x0b, "ioctl", Unknown, "MS-SMB2 2.2.31"),
    Operation::new(0x0c, "cancel", Session, "MS-SMB2 2.2.30"),
    Operation::new(0x0d, "echo", Session, "MS-SMB2 2.2.28"),
    Operation::new(0x0e, "query directory", Observe, "MS-SMB2 2.2.33"),
    Operation::new(0x0f, "change notify", Observe, "MS-SMB2 2.2.35"),
    Operation::new(0x10, "query info", Observe, "MS-SMB2 2.2.37"),
    Operation::new(0x11, "set info", Unknown, "MS-SMB2 2.2.39"),
    Operation::new(0x12, "oplock break", Session, "MS-SMB2 2.2.23"),
];

/// Commands of SMB 1 (MS-CIFS 2.2.2.1).
pub static SMB1: &[Operation] = &[
    Operation::new(0x00, "create directory", Program, "MS-CIFS 2.2.4.1"),
    Operation::new(0x01, "delete directory", Program, "MS-CIFS 2.2.4.2").with(Effect::DeleteFile),
    Operation::new(0x02, "open", Observe, "MS-CIFS 2.2.4.3"),
    Operation::new(0x03, "create", Program, "MS-CIFS 2.2.4.4").with(Effect::Download),
    Operation::new(0x04, "close", Session, "MS-CIFS 2.2.4.5"),
    Operation::new(0x05, "flush", Session, "MS-CIFS 2.2.4.6"),
    Operation::new(0x06, "delete", Program, "MS-CIFS 2.2.4.7").with(Effect::DeleteFile),
    Operation::new(0x07, "rename", Program, "MS-CIFS 2.2.4.8").with(Effect::DeleteFile),
    Operation::new(0x08, "query information", Observe, "MS-CIFS 2.2.4.9"),
    Operation::new(0x09, "set information", Unknown, "MS-CIFS 2.2.4.10"),
    Operation::new(0x0a, "read", Observe, "MS-CIFS 2.2.4.11"),
    Operation::new(0x0b, "write", Unknown, "MS-CIFS 2.2.4.12"),
    Operation::new(0x10, "check directory", Observe, "MS-CIFS 2.2.4.17"),
    Operation::new(0x24, "locking andx", Session, "MS-CIFS 2.2.4.32"),
    Operation::new(0x25, "transaction", Unknown, "MS-CIFS 2.2.4.33"),
    Operation::new(0x26, "transaction secondary", Unknown, "MS-CIFS 2.2.4.34"),
    Operation::new(0x2b, "echo", Session, "MS-CIFS 2.2.4.39"),
    Operation::new(0x2d, "open andx", Unknown, "MS-CIFS 2.2.4.41"),
    Operation::new(0x2e, "read andx", Observe, "MS-CIFS 2.2.4.42"),
    Operation::new(0x2f, "write andx", Unknown, "MS-CIFS 2.2.4.43"),
    Operation::new(0x32, "transaction2", Unknown, "MS-CIFS 2.2.4.46"),
    Operation::new(0x33, "transaction2 secondary", Unknown, "MS-CIFS 2.2.4.47"),
    Operation::new(0x34, "find close2", Session, "MS-CIFS 2.2.4.48"),
    Operation::new(0x71, "tree disconnect", Session, "MS-CIFS 2.2.4.51"),
    Operation::new(0x72, "negotiate", Session, "MS-CIFS 2.2.4.52"),
    Operation::new(0x73, "session setup andx", Session, "MS-CIFS 2.2.4.53").with(Effect::Login),
    Operation::new(0x74, "logoff andx", Session, "MS-CIFS 2.2.4.54"),
    Operation::new(0x75, "tree connect andx", Session, "MS-CIFS 2.2.4.55"),
    Operation::new(0x80, "query information disk", Observe, "MS-CIFS 2.2.4.57"),
    Operation::new(0xa0, "nt transact", Unknown, "MS-CIFS 2.2.4.62"),
    Operation::new(0xa2, "nt create andx", Unknown, "MS-CIFS 2.2.4.64"),
    Operation::new(0xa4, "nt cancel", Session, "MS-CIFS 2.2.4.65"),
];

/// A create that makes or replaces a file (MS-SMB2 2.2.13, create disposition).
pub const CREATE_FILE: &Operation =
    &Operation::new(0x05, "create file", Program, "MS-SMB2 2.2.13").with(Effect::Download);
/// A create that makes a file if there is none: whether it did is not known.
pub const OPEN_OR_CREATE: &Operation =
    &Operation::new(0x05, "open or create", Unknown, "MS-SMB2 2.2.13");
/// A create that opens an existing file to write to it (MS-SMB2 2.2.13, desired access).
pub const OPEN_TO_WRITE: &Operation =
    &Operation::new(0x05, "open to write", Unknown, "MS-SMB2 2.2.13.1.1");
/// A create of a file that goes with its last handle (MS-SMB2 2.2.13, create options).
pub const DELETE_ON_CLOSE: &Operation =
    &Operation::new(0x05, "delete on close", Program, "MS-SMB2 2.2.13").with(Effect::DeleteFile);
/// Information that gives a file another name or place.
pub const RENAME: &Operation =
    &Operation::new(0x11, "rename", Program, "MS-FSCC 2.4.37").with(Effect::DeleteFile);
/// Information that deletes a file.
pub const DELETE: &Operation =
    &Operation::new(0x11, "delete", Program, "MS-FSCC 2.4.11").with(Effect::DeleteFile);
/// Encrypted messages of SMB 3; said once per conversation.
pub const ENCRYPTED: &Operation = &Operation::new(0x100, "encrypted", Unknown, "MS-SMB2 2.2.41");
/// A command that no list has.
pub const UNLISTED: &Operation =
    &Operation::new(0x101, "unlisted command", Unknown, "MS-SMB2 2.2.1.2");
/// Session requests and keep-alives of the NetBIOS session service.
pub const NETBIOS: &Operation = &Operation::new(0x102, "netbios session", Session, "RFC 1002 4.3");

/// Rows beside the commands.
pub static OTHERS: &[Operation] = &[
    *CREATE_FILE,
    *OPEN_OR_CREATE,
    *OPEN_TO_WRITE,
    *DELETE_ON_CLOSE,
    *RENAME,
    *DELETE,
    *ENCRYPTED,
    *UNLISTED,
    *NETBIOS,
];

/// Session setup and create of SMB 2, tree connect.
pub const SMB2_NEGOTIATE: u16 = 0;
/// Session setup of SMB 2.
pub const SMB2_SESSION_SETUP: u16 = 1;
/// Tree connect of SMB 2.
pub const SMB2_TREE_CONNECT: u16 = 3;
/// Create of SMB 2.
pub const SMB2_CREATE: u16 = 5;
/// Close of SMB 2.
pub const SMB2_CLOSE: u16 = 6;
/// Read of SMB 2.
pub const SMB2_READ: u16 = 8;
/// Write of SMB 2.
pub const SMB2_WRITE: u16 = 9;
/// Control of SMB 2.
pub const SMB2_IOCTL: u16 = 0x0b;
/// Set info of SMB 2.
pub const SMB2_SET_INFO: u16 = 0x11;
/// Status: the answer comes later.
pub const PENDING: u32 = 0x103;
/// Session setup of SMB 1.
pub const SMB1_SESSION_SETUP: u8 = 0x73;
/// Tree connect of SMB 1.
pub const SMB1_TREE_CONNECT: u8 = 0x75;

/// Statuses that are steps and no failures: done, pending, more processing required.
pub const fn is_progress(status: u32) -> bool {
    matches!(status, 0 | 0x103 | 0xc000_0016)
}

/// Name of a status (MS-ERREF 2.3); empty if unlisted.
pub const fn status(code: u32) -> &'static str {
    match code {
        0x8000_0005 => "buffer overflow",
        0x8000_0006 => "no more files",
        0xc000_0002 => "not implemented",
        0xc000_000d => "invalid parameter",
        0xc000_000f => "no such file",
        0xc000_0010 => "invalid device request",
        0xc000_0011 => "end of file",
        0xc000_0022 => "access denied",
        0xc000_0033 => "object name invalid",
        0xc000_0034 => "object name not found",
        0xc000_0035 => "object name collision",
        0xc000_003a => "object path not found",
        0xc000_0043 => "sharing violation",
        0xc000_006a => "wrong password",
        0xc000_006d => "logon failure",
        0xc000_006e => "account restriction",
        0xc000_0071 => "password expired",
        0xc000_0072 => "account disabled",
        0xc000_00bb => "not supported",
        0xc000_00cc => "bad network name",
        0xc000_0120 => "cancelled",
        0xc000_0128 => "file closed",
        0xc000_0203 => "user session deleted",
        0xc000_0225 => "not found",
        0xc000_0234 => "account locked out",
        0xc000_0257 => "path not covered",
        _ => "",
    }
}

/// Name of a dialect of SMB 2 and 3 (MS-SMB2 2.2.4); empty if unlisted.
pub const fn dialect(code: u16) -> &'static str {
    match code {
        0x0202 => "SMB 2.0.2",
        0x0210 => "SMB 2.1",
        0x02ff => "SMB 2",
        0x0300 => "SMB 3.0",
        0x0302 => "SMB 3.0.2",
        0x0311 => "SMB 3.1.1",
        _ => "",
    }
}
