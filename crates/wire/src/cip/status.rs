//! Names of CIP general and extended status codes.
//!
//! Sources: CIP Volume 1 appendix B-1 (general status) and clause 3-5 (extended status of the
//! Connection Manager); 1756-PM020 (extended status of Logix controllers).

/// Everything went well.
pub(super) const SUCCESS: u8 = 0x00;
/// Well, but there is more than fits into one answer.
pub(super) const PARTIAL_TRANSFER: u8 = 0x06;
/// The status whose extended codes are those of the Connection Manager.
pub(super) const CONNECTION_FAILURE: u8 = 0x01;

/// Name of a status, by its extended code where that says more; empty if unlisted.
pub(crate) fn name(status: u8, extended: Option<u16>) -> &'static str {
    let precise = match (status, extended) {
        (CONNECTION_FAILURE, Some(code)) => connection(code),
        (0xff, Some(code)) => logix(code),
        _ => "",
    };
    if precise.is_empty() { general(status) } else { precise }
}

const fn general(status: u8) -> &'static str {
    match status {
        0x00 => "success",
        0x01 => "connection failure",
        0x02 => "resource unavailable",
        0x03 => "invalid parameter value",
        0x04 => "path segment error",
        0x05 => "path destination unknown",
        0x06 => "partial transfer",
        0x07 => "connection lost",
        0x08 => "service not supported",
        0x09 => "invalid attribute value",
        0x0a => "attribute list error",
        0x0b => "already in requested mode/state",
        0x0c => "object state conflict",
        0x0d => "object already exists",
        0x0e => "attribute not settable",
        0x0f => "privilege violation",
        0x10 => "device state conflict",
        0x11 => "reply data too large",
        0x12 => "fragmentation of a primitive value",
        0x13 => "not enough data",
        0x14 => "attribute not supported",
        0x15 => "too much data",
        0x16 => "object does not exist",
        0x17 => "service fragmentation sequence not in progress",
        0x18 => "no stored attribute data",
        0x19 => "store operation failure",
        0x1a => "routing failure, request packet too large",
        0x1b => "routing failure, response packet too large",
        0x1c => "missing attribute list entry data",
        0x1d => "invalid attribute value list",
        0x1e => "embedded service error",
        0x1f => "vendor specific error",
        0x20 => "invalid parameter",
        0x21 => "write-once value or medium already written",
        0x22 => "invalid reply received",
        0x23 => "buffer overflow",
        0x24 => "invalid message format",
        0x25 => "key failure in path",
        0x26 => "path size invalid",
        0x27 => "unexpected attribute in list",
        0x28 => "invalid member id",
        0x29 => "member not settable",
        0x2a => "group 2 only server general failure",
        0x2b => "unknown modbus error",
        0x2c => "attribute not gettable",
        _ => "",
    }
}

const fn logix(code: u16) -> &'static str {
    match code {
        0x2104 => "offset is beyond the end of the tag",
        0x2105 => "number of elements extends beyond the end of the tag",
        0x2107 => "tag type does not match",
        _ => "",
    }
}

fn connection(code: u16) -> &'static str {
    CONNECTION.iter().find(|(listed, _)| *listed == code).map_or("", |(_, name)| name)
}

static CONNECTION: &[(u16, &str)] = &[
    (0x100, "connection in use or duplicate forward open"),
    (0x103, "transport class and trigger combination not supported"),
    (0x106, "ownership conflict"),
    (0x107, "target connection not found"),
    (0x108, "invalid network connection parameter"),
    (0x109, "invalid connection size"),
    (0x110, "target for connection not configured"),
    (0x111, "rpi not supported"),
    (0x112, "rpi value(s) not acceptable"),
    (0x113, "out of connections"),
    (0x114, "vendor id or product code mismatch"),
    (0x115, "device type mismatch"),
    (0x116, "revision mismatch"),
    (0x117, "invalid produced or consumed application path"),
    (0x118, "invalid or inconsistent configuration application path"),
    (0x119, "non-listen only connection not opened"),
    (0x11a, "target object out of connections"),
    (0x11b, "rpi is smaller than the production inhibit time"),
    (0x11c, "transport class not supported"),
    (0x11d, "production trigger not supported"),
    (0x11e, "direction not supported"),
    (0x11f, "invalid o->t fixed/variable"),
    (0x120, "invalid t->o fixed/variable"),
    (0x121, "invalid o->t priority"),
    (0x122, "invalid t->o priority"),
    (0x123, "invalid o->t connection type"),
    (0x124, "invalid t->o connection type"),
    (0x125, "invalid o->t redundant owner"),
    (0x126, "invalid configuration size"),
    (0x127, "invalid o->t size"),
    (0x128, "invalid t->o size"),
    (0x129, "invalid configuration application path"),
    (0x12a, "invalid consuming application path"),
    (0x12b, "invalid producing application path"),
    (0x12c, "configuration symbol does not exist"),
    (0x12d, "consuming symbol does not exist"),
    (0x12e, "producing symbol does not exist"),
    (0x12f, "inconsistent application path combination"),
    (0x130, "inconsistent consume data format"),
    (0x131, "inconsistent produce data format"),
    (0x132, "null forwardopen not supported"),
    (0x203, "connection timed out"),
    (0x204, "unconnected request timed out"),
    (0x205, "parameter error in unconnected request"),
    (0x206, "message too large for unconnectedsend"),
    (0x207, "unconnected acknowledged without reply"),
    (0x301, "no buffer memory available"),
    (0x302, "network bandwidth not available for data"),
    (0x303, "no consumed connection id filter available"),
    (0x304, "not configured to send scheduled priority data"),
    (0x305, "schedule signature mismatch"),
    (0x306, "schedule signature validation not possible"),
    (0x311, "port not available"),
    (0x312, "link address not valid"),
    (0x315, "invalid segment in connection path"),
    (0x316, "forwardclose connection path mismatch"),
    (0x317, "scheduling not specified"),
    (0x318, "link address to self invalid"),
    (0x319, "secondary resources unavailable"),
    (0x31a, "rack connection already established"),
    (0x31b, "module connection already established"),
    (0x31c, "miscellaneous"),
    (0x31d, "redundant connection mismatch"),
    (0x800, "network link offline"),
    (0x801, "incompatible multicast rpi"),
    (0x802, "invalid safety connection size"),
    (0x803, "invalid safety connection format"),
    (0x804, "invalid time correction connection parameters"),
    (0x805, "invalid ping interval epi multiplier"),
    (0x80a, "invalid cpcrc"),
    (0x80b, "time correction connection id invalid"),
    (0x80c, "scid mismatch"),
    (0x80d, "tunid not set"),
    (0x80e, "tunid mismatch"),
    (0x80f, "configuration operation not allowed"),
    (0x810, "no target application data available"),
    (0x811, "no originator application data available"),
    (0x813, "not configured for off-subnet multicast"),
];
