//! CIP services, by the class that gives them their meaning.
//!
//! Common services (below 0x32) mean the same on every class, but what they do to the machine
//! depends on it: setting an attribute of the TCP/IP Interface object moves the device's address.
//! From 0x4b on each class has services of its own. Sources: ODVA CIP Networks Library by
//! volume (V1 common, V2 EtherNet/IP, V5 safety, V9 motion) with clause or object, and Rockwell
//! publications by number.

use plant::Intent::{Administer, Observe, Operate, Program, Safety, Session, Unknown};

use super::path::Target;
use crate::table::{Effect, Operation};

const fn row(
    code: u32,
    name: &'static str,
    intent: plant::Intent,
    source: &'static str,
) -> Operation {
    Operation::new(code, name, intent, source)
}

/// Services of every class.
pub static COMMON: &[Operation] = &[
    row(0x01, "get attributes all", Observe, "CIP V1 A-4"),
    row(0x02, "set attributes all", Operate, "CIP V1 A-4"),
    row(0x03, "get attribute list", Observe, "CIP V1 A-4"),
    row(0x04, "set attribute list", Operate, "CIP V1 A-4"),
    row(0x05, "reset", Operate, "CIP V1 A-4"),
    row(0x06, "start", Operate, "CIP V1 A-4").with(Effect::Start),
    row(0x07, "stop", Operate, "CIP V1 A-4").with(Effect::Stop),
    row(0x08, "create", Program, "CIP V1 A-4"),
    row(0x09, "delete", Program, "CIP V1 A-4"),
    row(0x0a, "multiple service packet", Session, "CIP V1 A-4"),
    row(0x0d, "apply attributes", Operate, "CIP V1 A-4"),
    row(0x0e, "get attribute single", Observe, "CIP V1 A-4"),
    row(0x10, "set attribute single", Operate, "CIP V1 A-4"),
    row(0x11, "find next object instance", Observe, "CIP V1 A-4").with(Effect::Discover),
    row(0x15, "restore", Administer, "CIP V1 A-4"),
    row(0x16, "save", Administer, "CIP V1 A-4"),
    row(0x17, "nop", Session, "CIP V1 A-4"),
    row(0x18, "get member", Observe, "CIP V1 A-4"),
    row(0x19, "set member", Operate, "CIP V1 A-4"),
    row(0x1a, "insert member", Operate, "CIP V1 A-4"),
    row(0x1b, "remove member", Operate, "CIP V1 A-4"),
    row(0x1c, "group sync", Unknown, "CIP V1 A-4"),
    row(0x1d, "get connection point member list", Observe, "CIP V1 A-4"),
];

/// Identity object, class 0x01.
pub static IDENTITY: &[Operation] = &[
    row(0x01, "get attributes all", Observe, "CIP V1 5 Identity Object").with(Effect::Discover),
    row(0x03, "get attribute list", Observe, "CIP V1 5 Identity Object").with(Effect::Discover),
    row(0x05, "reset", Administer, "CIP V1 5 Identity Object, type 0").with(Effect::Restart),
    row(0x0e, "get attribute single", Observe, "CIP V1 5 Identity Object").with(Effect::Discover),
];

/// Reset of the Identity object to the state in which the device left the factory.
pub static FACTORY_RESET: &[Operation] =
    &[row(0x05, "reset", Administer, "CIP V1 5 Identity Object, types 1, 2")
        .with(Effect::FactoryReset)];

/// Connection Manager object, class 0x06.
pub static CONNECTION_MANAGER: &[Operation] = &[
    row(0x4e, "forward close", Session, "CIP V1 3-5.5"),
    row(0x52, "unconnected send", Session, "CIP V1 3-5.5"),
    row(0x54, "forward open", Session, "CIP V1 3-5.5"),
    row(0x56, "get connection data", Observe, "CIP V1 3-5.5"),
    row(0x57, "search connection data", Observe, "CIP V1 3-5.5"),
    row(0x5a, "get connection owner", Observe, "CIP V1 3-5.5"),
    row(0x5b, "large forward open", Session, "CIP V1 3-5.5"),
];

/// Tags by name, and the Symbol object, class 0x6b.
pub static LOGIX_TAG: &[Operation] = &[
    row(0x4c, "read tag", Observe, "1756-PM020 Read Tag Service"),
    row(0x4d, "write tag", Operate, "1756-PM020 Write Tag Service"),
    row(0x4e, "read modify write tag", Operate, "1756-PM020 Read Modify Write Tag Service"),
    row(0x52, "read tag fragmented", Observe, "1756-PM020 Read Tag Fragmented Service"),
    row(0x53, "write tag fragmented", Operate, "1756-PM020 Write Tag Fragmented Service"),
    row(0x55, "get instance attribute list", Observe, "1756-PM020 Get Instance Attribute List")
        .with(Effect::Discover),
];

/// Data of Logix controllers by address, class 0x72: what panels read without the tags' names.
pub static LOGIX_DATA: &[Operation] = &[row(
    0x4c,
    "read data by address",
    Observe,
    "Rockwell class 0x72, unpublished; captures: address and count, answered with data",
)];

/// Template object of Logix controllers, class 0x6c: the layout of structures.
pub static LOGIX_TEMPLATE: &[Operation] =
    &[row(0x4c, "read template", Observe, "1756-PM020 Read Template Service")];

/// Controller of Logix, classes 0x64 and 0x8e: the mode of the processor.
pub static LOGIX_CONTROLLER: &[Operation] = &[
    row(0x05, "reset", Administer, "CIP V1 A-4, Rockwell class 0x8e").with(Effect::Restart),
    row(0x06, "start", Administer, "CIP V1 A-4, Rockwell class 0x8e").with(Effect::Start),
    row(0x07, "stop", Administer, "CIP V1 A-4, Rockwell class 0x8e").with(Effect::Stop),
];

/// Behind the controller object, class 0x74: who holds the right to change the processor.
pub static LOGIX_LOCK: &[Operation] =
    &[row(0x4c, "unlock controller", Administer, "Rockwell class 0x74, unpublished; captures")
        .with(Effect::Login)];

/// Wall Clock Time object of Logix controllers, class 0x8b.
pub static LOGIX_CLOCK: &[Operation] = &[
    row(0x02, "set attributes all", Administer, "1756-RM003 WALLCLOCKTIME").with(Effect::SetClock),
    row(0x04, "set attribute list", Administer, "1756-RM003 WALLCLOCKTIME").with(Effect::SetClock),
    row(0x10, "set attribute single", Administer, "1756-RM003 WALLCLOCKTIME")
        .with(Effect::SetClock),
];

/// Non-Volatile Storage object of Rockwell devices, class 0xa1: firmware.
pub static LOGIX_STORAGE: &[Operation] = &[
    row(0x4b, "update", Administer, "1404-UM001 NVS Object").with(Effect::Firmware),
    row(0x4d, "transfer", Administer, "1404-UM001 NVS Object").with(Effect::Firmware),
];

/// PCCC object, class 0x67.
pub static PCCC: &[Operation] =
    &[row(0x4b, "execute pccc", Session, "1756-PM020 Execute PCCC Service")];

/// File object, class 0x37.
pub static FILE: &[Operation] = &[
    row(0x4b, "initiate upload", Observe, "CIP V1 5 File Object").with(Effect::Upload),
    row(0x4c, "initiate download", Program, "CIP V1 5 File Object").with(Effect::Download),
    row(0x4d, "initiate partial read", Observe, "CIP V1 5 File Object").with(Effect::Upload),
    row(0x4e, "initiate partial write", Program, "CIP V1 5 File Object").with(Effect::Download),
    row(0x4f, "upload transfer", Observe, "CIP V1 5 File Object").with(Effect::Upload),
    row(0x50, "download transfer", Program, "CIP V1 5 File Object").with(Effect::Download),
    row(0x51, "clear file", Program, "CIP V1 5 File Object").with(Effect::DeleteFile),
];

/// Safety Supervisor object, class 0x39.
pub static SAFETY_SUPERVISOR: &[Operation] = &[
    row(0x05, "reset", Safety, "CIP V5 Safety Supervisor Object").with(Effect::SafetyRestart),
    row(0x4c, "recover", Safety, "CIP V5 Safety Supervisor Object").with(Effect::SafetyRestart),
    row(0x4e, "perform diagnostics", Safety, "CIP V5 Safety Supervisor Object"),
    row(0x4f, "configure request", Safety, "CIP V5 Safety Supervisor Object")
        .with(Effect::Download),
    row(0x50, "validate configuration", Safety, "CIP V5 Safety Supervisor Object"),
    row(0x51, "set password", Safety, "CIP V5 Safety Supervisor Object"),
    row(0x52, "configuration (un)lock", Safety, "CIP V5 Safety Supervisor Object"),
    row(0x53, "mode change", Safety, "CIP V5 Safety Supervisor Object"),
    row(0x54, "safety reset", Safety, "CIP V5 Safety Supervisor Object")
        .with(Effect::SafetyRestart),
    row(0x55, "reset password", Safety, "CIP V5 Safety Supervisor Object"),
    row(0x56, "propose tunid", Safety, "CIP V5 Safety Supervisor Object"),
    row(0x57, "apply tunid", Safety, "CIP V5 Safety Supervisor Object"),
    row(0x58, "propose tunid list", Safety, "CIP V5 Safety Supervisor Object"),
    row(0x59, "apply tunid list", Safety, "CIP V5 Safety Supervisor Object"),
];

/// Safety Validator object, class 0x3a.
pub static SAFETY_VALIDATOR: &[Operation] =
    &[row(0x4b, "reset error", Safety, "CIP V5 Safety Validator Object")
        .with(Effect::SafetyRestart)];

/// Connection Configuration object, class 0xf3.
pub static CONNECTION_CONFIGURATION: &[Operation] = &[
    row(0x4b, "kick timer", Session, "CIP V1 5 Connection Configuration Object"),
    row(0x4c, "open connection", Operate, "CIP V1 5 Connection Configuration Object"),
    row(0x4d, "close connection", Operate, "CIP V1 5 Connection Configuration Object"),
    row(0x4e, "stop connection", Operate, "CIP V1 5 Connection Configuration Object"),
    row(0x4f, "change start", Program, "CIP V1 5 Connection Configuration Object"),
    row(0x50, "get status", Observe, "CIP V1 5 Connection Configuration Object"),
    row(0x51, "change complete", Program, "CIP V1 5 Connection Configuration Object"),
    row(0x52, "audit changes", Program, "CIP V1 5 Connection Configuration Object"),
];

/// Modbus object, class 0x44.
pub static MODBUS: &[Operation] = &[
    row(0x4b, "read discrete inputs", Observe, "CIP V1 5 Modbus Object"),
    row(0x4c, "read coils", Observe, "CIP V1 5 Modbus Object"),
    row(0x4d, "read input registers", Observe, "CIP V1 5 Modbus Object"),
    row(0x4e, "read holding registers", Observe, "CIP V1 5 Modbus Object"),
    row(0x4f, "write coils", Operate, "CIP V1 5 Modbus Object"),
    row(0x50, "write holding registers", Operate, "CIP V1 5 Modbus Object"),
    row(0x51, "modbus passthrough", Unknown, "CIP V1 5 Modbus Object"),
];

/// Motion Device Axis object, class 0x42.
pub static MOTION_AXIS: &[Operation] = &[
    row(0x4b, "get axis attribute list", Observe, "CIP V9 Motion Device Axis Object"),
    row(0x4c, "set axis attribute list", Operate, "CIP V9 Motion Device Axis Object"),
    row(0x4d, "set cyclic write list", Operate, "CIP V9 Motion Device Axis Object"),
    row(0x4e, "set cyclic read list", Operate, "CIP V9 Motion Device Axis Object"),
    row(0x4f, "run motor test", Operate, "CIP V9 Motion Device Axis Object"),
    row(0x50, "get motor test data", Observe, "CIP V9 Motion Device Axis Object"),
    row(0x51, "run inertia test", Operate, "CIP V9 Motion Device Axis Object"),
    row(0x52, "get inertia test data", Observe, "CIP V9 Motion Device Axis Object"),
    row(0x53, "run hookup test", Operate, "CIP V9 Motion Device Axis Object"),
    row(0x54, "get hookup test data", Observe, "CIP V9 Motion Device Axis Object"),
];

/// TCP/IP Interface object, class 0xf5.
pub static TCP_IP: &[Operation] = &[
    row(0x02, "set attributes all", Administer, "CIP V2 5 TCP/IP Interface Object")
        .with(Effect::SetAddress),
    row(0x04, "set attribute list", Administer, "CIP V2 5 TCP/IP Interface Object")
        .with(Effect::SetAddress),
    row(0x10, "set attribute single", Administer, "CIP V2 5 TCP/IP Interface Object")
        .with(Effect::SetAddress),
];

/// TCP/IP Interface object, attribute 6: the host name.
pub static HOST_NAME: &[Operation] =
    &[row(0x10, "set attribute single", Administer, "CIP V2 5 TCP/IP Interface Object")
        .with(Effect::SetName)];

/// Services that no list above has, by the range of their code.
pub static UNLISTED: &[Operation] = &[
    row(0x00, "reserved service", Unknown, "CIP V1 A-3"),
    row(0x32, "vendor specific service", Unknown, "CIP V1 A-3"),
    row(0x4b, "object class specific service", Unknown, "CIP V1 A-3"),
];

/// Every table, for the protocol's row; those of the safety objects are `cip-safety`'s.
pub static ALL: &[&[Operation]] = &[
    COMMON,
    IDENTITY,
    FACTORY_RESET,
    CONNECTION_MANAGER,
    LOGIX_TAG,
    LOGIX_DATA,
    LOGIX_TEMPLATE,
    LOGIX_CONTROLLER,
    LOGIX_LOCK,
    LOGIX_CLOCK,
    LOGIX_STORAGE,
    PCCC,
    super::pccc_codes::COMMANDS,
    super::pccc_codes::MODES,
    super::pccc_codes::LADDER,
    super::pccc_codes::UNLISTED,
    FILE,
    CONNECTION_CONFIGURATION,
    MODBUS,
    MOTION_AXIS,
    TCP_IP,
    HOST_NAME,
    UNLISTED,
];

/// Set in the service code of a response (CIP V1 2-4).
pub const RESPONSE_BIT: u8 = 0x80;

/// Classes that code elsewhere asks for.
pub mod class {
    /// Identity.
    pub const IDENTITY: u32 = 0x01;
    /// Message Router: what explicit connections are opened to.
    pub const MESSAGE_ROUTER: u32 = 0x02;
    /// Assembly: what cyclic data is made of.
    pub const ASSEMBLY: u32 = 0x04;
    /// Connection Manager.
    pub const CONNECTION_MANAGER: u32 = 0x06;
    /// PCCC.
    pub const PCCC: u32 = 0x67;
    /// TCP/IP Interface.
    pub const TCP_IP: u32 = 0xf5;
}

/// Attribute of the TCP/IP Interface object that holds the host name.
pub const HOST_NAME_ATTRIBUTE: u32 = 6;

/// The row of a service on what its path comes to; `data` are the bytes behind the path.
pub(crate) fn operation(service: u8, target: &Target, data: &[u8]) -> &'static Operation {
    let code = u32::from(service);
    let table = match target.class {
        Some(class) => of_class(class, service, target, data),
        None if target.symbolic => LOGIX_TAG,
        None => &[],
    };
    Operation::find(table, code).or_else(|| Operation::find(COMMON, code)).unwrap_or_else(|| {
        let first = match service {
            0x32..=0x4a => 0x32,
            0x4b..=0x63 => 0x4b,
            _ => 0,
        };
        Operation::find(UNLISTED, first).unwrap_or(&UNLISTED_FALLBACK)
    })
}

static UNLISTED_FALLBACK: Operation = row(0, "reserved service", Unknown, "CIP V1 A-3");

fn of_class(class: u32, service: u8, target: &Target, data: &[u8]) -> &'static [Operation] {
    match class {
        class::IDENTITY if service == 0x05 && matches!(data, [1 | 2, ..]) => FACTORY_RESET,
        class::IDENTITY => IDENTITY,
        class::CONNECTION_MANAGER => CONNECTION_MANAGER,
        0x37 => FILE,
        0x39 => SAFETY_SUPERVISOR,
        0x3a => SAFETY_VALIDATOR,
        0x42 => MOTION_AXIS,
        0x44 => MODBUS,
        0x64 | 0x8e => LOGIX_CONTROLLER,
        class::PCCC => PCCC,
        0x6b => LOGIX_TAG,
        0x6c => LOGIX_TEMPLATE,
        0x72 => LOGIX_DATA,
        0x74 => LOGIX_LOCK,
        0x8b => LOGIX_CLOCK,
        0xa1 => LOGIX_STORAGE,
        0xf3 => CONNECTION_CONFIGURATION,
        class::TCP_IP if target.attribute == Some(HOST_NAME_ATTRIBUTE) => HOST_NAME,
        class::TCP_IP => TCP_IP,
        _ if target.symbolic => LOGIX_TAG,
        _ => &[],
    }
}

/// What a service would do on this class, where the class makes it something else than its row
/// says: acting on safety objects is a matter of safety, and so on.
pub(crate) fn intent(operation: &Operation, class: Option<u32>) -> plant::Intent {
    let harmless = matches!(operation.intent, Session | Observe);
    match class {
        // Safety Supervisor to Safety Dual Channel Output, analog inputs, feedback, stop, limits
        Some(0x39..=0x3f | 0x49..=0x4b | 0x58..=0x5b) if !harmless => Safety,
        // Identity, DeviceNet, Time Sync, DLR, QoS, Base Switch to PRP nodes, security,
        // ControlNet to CompoNet, LLDP: the device and its networks
        Some(
            0x01
            | 0x03
            | 0x43
            | 0x47
            | 0x48
            | 0x51
            | 0x52
            | 0x54..=0x57
            | 0x5d..=0x62
            | 0xf0..=0xf2
            | 0xf4..=0xf8
            | 0x109,
        ) if operation.intent.acts() => Administer,
        // File, Connection Configuration, Logix Program, Template, Task: what will run later
        Some(0x37 | 0x68 | 0x6c | 0x70 | 0xf3) if operation.intent == Operate => Program,
        _ => operation.intent,
    }
}
