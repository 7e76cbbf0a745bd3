//! CODESYS V3 code points: name service, channels, online services, results, tags.
//!
//! A service has the code `group << 16 | service`; its name begins with its component. Sources:
//! the interface files of the CODESYS runtime by their names ("CmpApp"), as device makers publish
//! them; what those leave out, the dissector of microsoft/CoDe16 ("CoDe16").

use plant::Intent::{Administer, Observe, Operate, Program, Session, Unknown};

use crate::table::{Effect, Operation};

const NAMES: &str = "CmpNameService.h, name service package types";
const CHANNEL: &str = "CoDe16, channel layer types";
const DEVICE: &str = "CmpDeviceItf, online services";
const APP: &str = "CmpAppItf, online services";
const FILE: &str = "CmpFileTransferItf, online services";
const SHELL: &str = "CmpPlcShellItf, online services";
const USERS: &str = "CmpUserMgrItf, online services";
const LOG: &str = "CmpLogItf, online services";
const VARIABLES: &str = "CmpIecVarAccessItf, online services";
const MONITOR: &str = "CmpMonitorItf, CmpMonitor2Itf";
const TRACE: &str = "CmpTraceMgrItf, online services";
const SETTINGS: &str = "CmpSettingsItf, online services";
const BACKUP: &str = "CmpBackupItf, online services";
const DUMP: &str = "CmpCoreDumpItf, online services";
const CERTIFICATES: &str = "CoDe16, CmpOpenSSL";

/// Packages of the name and address services; the code is the package type, or the datagram
/// service where there is none.
pub static NAME_SERVICE: &[Operation] = &[
    Operation::new(0x01, "address notification", Session, "CoDe16, datagram services"),
    Operation::new(0xc201, "resolve name", Observe, NAMES).with(Effect::Discover),
    Operation::new(0xc202, "resolve address", Observe, NAMES).with(Effect::Discover),
    Operation::new(0xc280, "identification", Observe, NAMES).with(Effect::Discover),
];

/// What channels say about themselves; blocks carry services.
pub static CHANNELS: &[Operation] = &[
    Operation::new(0x02, "acknowledge", Session, CHANNEL),
    Operation::new(0x03, "keep alive", Session, CHANNEL),
    Operation::new(0xc2, "get info", Session, CHANNEL),
    Operation::new(0xc3, "open channel", Session, CHANNEL),
    Operation::new(0xc4, "close channel", Session, CHANNEL),
    Operation::new(0x84, "channel error", Session, CHANNEL),
];

/// Group of device services.
pub(super) const SG_DEVICE: u16 = 0x01;
/// Group of application services.
pub(super) const SG_APPLICATION: u16 = 0x02;
/// Group of file services.
pub(super) const SG_FILE_TRANSFER: u16 = 0x08;
/// Group of shell commands.
pub(super) const SG_PLCSHELL: u16 = 0x11;

const fn service(group: u16, service: u16) -> u32 {
    (group as u32) << 16 | service as u32
}

/// Services of the device itself.
pub static DEVICES: &[Operation] = &[
    Operation::new(service(1, 0x01), "device get target ident", Observe, DEVICE)
        .with(Effect::Discover),
    Operation::new(service(1, 0x02), "device login", Session, DEVICE).with(Effect::Login),
    Operation::new(service(1, 0x03), "device logout", Session, DEVICE),
    Operation::new(service(1, 0x04), "device reset origin", Administer, DEVICE)
        .with(Effect::FactoryReset),
    Operation::new(service(1, 0x05), "device echo", Session, DEVICE),
    Operation::new(service(1, 0x06), "device set operation mode", Administer, DEVICE),
    Operation::new(service(1, 0x07), "device get operation mode", Observe, DEVICE),
    Operation::new(service(1, 0x08), "device interactive login", Session, DEVICE)
        .with(Effect::Login),
    Operation::new(service(1, 0x09), "device set node name", Administer, DEVICE)
        .with(Effect::SetName),
    Operation::new(service(1, 0x0a), "device session create", Session, "CoDe16, CmpDevice"),
];

/// Services of applications: what engineering tools do when they go online.
pub static APPLICATIONS: &[Operation] = &[
    Operation::new(service(2, 0x01), "app login", Session, APP),
    Operation::new(service(2, 0x02), "app logout", Session, APP),
    Operation::new(service(2, 0x03), "app create", Program, APP).with(Effect::Download),
    Operation::new(service(2, 0x04), "app delete", Program, APP).with(Effect::DeleteFile),
    Operation::new(service(2, 0x05), "app download", Program, APP).with(Effect::Download),
    Operation::new(service(2, 0x06), "app online change", Program, APP).with(Effect::Download),
    Operation::new(service(2, 0x07), "app device download", Program, APP).with(Effect::Download),
    Operation::new(service(2, 0x08), "app create device app", Program, APP).with(Effect::Download),
    Operation::new(service(2, 0x10), "app start", Operate, APP).with(Effect::Start),
    Operation::new(service(2, 0x11), "app stop", Administer, APP).with(Effect::Stop),
    Operation::new(service(2, 0x12), "app reset", Administer, APP).with(Effect::Restart),
    Operation::new(service(2, 0x13), "app set breakpoint", Administer, APP).with(Effect::Stop),
    Operation::new(service(2, 0x14), "app read status", Observe, APP),
    Operation::new(service(2, 0x15), "app delete breakpoint", Operate, APP),
    Operation::new(service(2, 0x16), "app read callstack", Observe, APP),
    Operation::new(service(2, 0x17), "app get area offset", Observe, APP),
    Operation::new(service(2, 0x18), "app read application list", Observe, APP),
    Operation::new(service(2, 0x19), "app set next statement", Operate, APP),
    Operation::new(service(2, 0x20), "app release forcelist", Operate, APP),
    Operation::new(service(2, 0x21), "app upload forcelist", Observe, APP),
    Operation::new(service(2, 0x22), "app single cycle", Operate, APP).with(Effect::Start),
    Operation::new(service(2, 0x23), "app create bootproject", Program, APP).with(Effect::Download),
    Operation::new(service(2, 0x24), "app reinit", Administer, APP).with(Effect::Restart),
    Operation::new(service(2, 0x25), "app read state list", Observe, APP),
    Operation::new(service(2, 0x26), "app load bootapplication", Program, APP)
        .with(Effect::Download),
    Operation::new(service(2, 0x27), "app register bootapplication", Program, APP)
        .with(Effect::Download),
    Operation::new(service(2, 0x28), "app check file consistency", Observe, APP),
    Operation::new(service(2, 0x29), "app read application info", Observe, APP),
    Operation::new(service(2, 0x30), "app download compact", Program, APP).with(Effect::Download),
    Operation::new(service(2, 0x31), "app read project info", Observe, APP),
    Operation::new(service(2, 0x32), "app define flow", Operate, APP),
    Operation::new(service(2, 0x33), "app read flow values", Observe, APP),
    Operation::new(service(2, 0x34), "app download encrypted", Program, APP).with(Effect::Download),
    Operation::new(service(2, 0x35), "app read application content", Observe, APP),
    Operation::new(service(2, 0x36), "app save retains", Operate, APP),
    Operation::new(service(2, 0x37), "app restore retains", Operate, APP),
    Operation::new(service(2, 0x38), "app get area address", Observe, APP),
    Operation::new(service(2, 0x39), "app leave execpoints active", Operate, APP),
    Operation::new(service(2, 0x40), "app claim execpoints", Operate, APP),
];

/// Services of files; a download goes to the controller, an upload comes from it.
pub static FILES: &[Operation] = &[
    Operation::new(service(8, 0x01), "file get info", Observe, FILE),
    Operation::new(service(8, 0x02), "file start download", Program, FILE).with(Effect::Download),
    Operation::new(service(8, 0x03), "file restart download", Program, FILE).with(Effect::Download),
    Operation::new(service(8, 0x04), "file download", Program, FILE).with(Effect::Download),
    Operation::new(service(8, 0x05), "file start upload", Observe, FILE).with(Effect::Upload),
    Operation::new(service(8, 0x06), "file restart upload", Observe, FILE).with(Effect::Upload),
    Operation::new(service(8, 0x07), "file upload", Observe, FILE).with(Effect::Upload),
    Operation::new(service(8, 0x08), "file end", Session, FILE),
    Operation::new(service(8, 0x09), "file cancel", Session, FILE),
    Operation::new(service(8, 0x0a), "file safe signature", Program, FILE),
    Operation::new(service(8, 0x0b), "file get safed signature", Observe, FILE),
    Operation::new(service(8, 0x0c), "file get directory info", Observe, FILE),
    Operation::new(service(8, 0x0d), "file get directory info cancel", Session, FILE),
    Operation::new(service(8, 0x0e), "file delete", Program, FILE).with(Effect::DeleteFile),
    Operation::new(service(8, 0x0f), "file rename", Program, FILE).with(Effect::DeleteFile),
    Operation::new(service(8, 0x10), "file create directory", Program, FILE),
    Operation::new(service(8, 0x11), "file delete directory", Program, FILE)
        .with(Effect::DeleteFile),
    Operation::new(service(8, 0x12), "file rename directory", Program, FILE)
        .with(Effect::DeleteFile),
    Operation::new(service(8, 0x13), "file get free disk space", Observe, FILE),
    Operation::new(service(8, 0x14), "file sync transfer", Session, FILE),
];

/// Services of the other components that are listed.
pub static SERVICES: &[Operation] = &[
    Operation::new(service(3, 1), "monitor list once", Observe, MONITOR),
    Operation::new(service(3, 2), "monitor write variables", Operate, MONITOR),
    Operation::new(service(3, 3), "monitor force variables", Operate, MONITOR),
    Operation::new(service(0x1b, 1), "monitor2 read", Observe, MONITOR),
    Operation::new(service(0x1b, 2), "monitor2 write", Operate, MONITOR),
    Operation::new(service(0x1b, 3), "monitor2 force", Operate, MONITOR),
    Operation::new(service(5, 1), "log get entries", Observe, LOG),
    Operation::new(service(5, 2), "log get component names", Observe, LOG),
    Operation::new(service(5, 3), "log get logger list", Observe, LOG),
    Operation::new(service(6, 1), "settings get int value", Observe, SETTINGS),
    Operation::new(service(6, 2), "settings set int value", Administer, SETTINGS),
    Operation::new(service(6, 3), "settings get string value", Observe, SETTINGS),
    Operation::new(service(6, 4), "settings set string value", Administer, SETTINGS),
    Operation::new(service(6, 5), "settings remove key", Administer, SETTINGS),
    Operation::new(service(6, 6), "settings read", Observe, SETTINGS),
    Operation::new(service(6, 7), "settings write", Administer, SETTINGS),
    Operation::new(service(9, 0x01), "variables register list", Observe, VARIABLES),
    Operation::new(service(9, 0x02), "variables unregister list", Observe, VARIABLES),
    Operation::new(service(9, 0x03), "variables read list", Observe, VARIABLES),
    Operation::new(service(9, 0x04), "variables write list", Operate, VARIABLES),
    Operation::new(service(9, 0x05), "variables read", Observe, VARIABLES),
    Operation::new(service(9, 0x06), "variables write", Operate, VARIABLES),
    Operation::new(service(9, 0x07), "variables get root nodes", Observe, VARIABLES),
    Operation::new(service(9, 0x08), "variables get children", Observe, VARIABLES),
    Operation::new(service(9, 0x09), "variables get type descriptions", Observe, VARIABLES),
    Operation::new(service(9, 0x0a), "variables get address info", Observe, VARIABLES),
    Operation::new(service(9, 0x0b), "variables remove from list", Observe, VARIABLES),
    Operation::new(service(9, 0x0c), "variables get symbolsets", Observe, VARIABLES),
    Operation::new(service(9, 0x0d), "variables configure symbolset", Administer, VARIABLES),
    Operation::new(service(0x0c, 1), "users read", Observe, USERS),
    Operation::new(service(0x0c, 2), "users write", Administer, USERS),
    Operation::new(service(0x0c, 3), "users read rights", Observe, USERS),
    Operation::new(service(0x0c, 4), "users write rights", Administer, USERS),
    Operation::new(service(0x0c, 5), "users add", Administer, USERS),
    Operation::new(service(0x0c, 6), "users delete", Administer, USERS),
    Operation::new(service(0x0c, 7), "users change password", Administer, USERS),
    Operation::new(service(0x0f, 0x01), "trace packet read list", Observe, TRACE),
    Operation::new(service(0x0f, 0x02), "trace packet create", Operate, TRACE),
    Operation::new(service(0x0f, 0x03), "trace packet delete", Operate, TRACE),
    Operation::new(service(0x0f, 0x04), "trace packet complete", Operate, TRACE),
    Operation::new(service(0x0f, 0x05), "trace packet open", Observe, TRACE),
    Operation::new(service(0x0f, 0x06), "trace packet close", Observe, TRACE),
    Operation::new(service(0x0f, 0x07), "trace packet read", Observe, TRACE),
    Operation::new(service(0x0f, 0x08), "trace packet get state", Observe, TRACE),
    Operation::new(service(0x0f, 0x09), "trace packet get config", Observe, TRACE),
    Operation::new(service(0x0f, 0x0a), "trace packet start", Operate, TRACE),
    Operation::new(service(0x0f, 0x0b), "trace packet stop", Operate, TRACE),
    Operation::new(service(0x0f, 0x0c), "trace packet restart", Operate, TRACE),
    Operation::new(service(0x0f, 0x0d), "trace record add", Operate, TRACE),
    Operation::new(service(0x0f, 0x0e), "trace record remove", Operate, TRACE),
    Operation::new(service(0x0f, 0x0f), "trace record get config", Observe, TRACE),
    Operation::new(service(0x11, 1), "shell command", Administer, SHELL),
    Operation::new(service(0x11, 2), "shell command cancel", Session, SHELL),
    Operation::new(service(0x1f, 1), "core dump read stack", Observe, DUMP),
    Operation::new(service(0x1f, 2), "core dump get filename", Observe, DUMP),
    Operation::new(service(0x20, 1), "backup capabilities", Observe, BACKUP),
    Operation::new(service(0x20, 2), "backup info", Observe, BACKUP),
    Operation::new(service(0x20, 3), "backup start", Observe, BACKUP).with(Effect::Upload),
    Operation::new(service(0x20, 4), "backup end", Session, BACKUP),
    Operation::new(service(0x20, 5), "restore request", Program, BACKUP).with(Effect::Download),
    Operation::new(service(0x20, 6), "restore start", Program, BACKUP).with(Effect::Download),
    Operation::new(service(0x20, 7), "restore end", Program, BACKUP),
    Operation::new(service(0x22, 1), "certificate import", Administer, CERTIFICATES),
    Operation::new(service(0x22, 2), "certificate export", Observe, CERTIFICATES),
    Operation::new(service(0x22, 3), "certificate delete", Administer, CERTIFICATES),
    Operation::new(service(0x22, 4), "certificate move", Administer, CERTIFICATES),
    Operation::new(service(0x22, 5), "certificate list", Observe, CERTIFICATES),
    Operation::new(service(0x22, 6), "certificate list use cases", Observe, CERTIFICATES),
    Operation::new(service(0x22, 7), "certificate create self-signed", Administer, CERTIFICATES),
    Operation::new(service(0x22, 9), "certificate get status", Observe, CERTIFICATES),
];

/// Any service, channel or name service type that no list above has.
pub static UNLISTED: Operation = Operation::new(0, "unlisted service", Unknown, "CmpSrvItf");

/// A service whose content is encrypted.
pub static ENCRYPTED: Operation =
    Operation::new(0, "encrypted service", Unknown, "CmpSrvItf, HEADERTAG_CRYPT");

/// The row of a service.
pub(super) fn operation(group: u16, id: u16) -> &'static Operation {
    let code = service(group, id);
    [DEVICES, APPLICATIONS, FILES, SERVICES]
        .iter()
        .find_map(|table| Operation::find(table, code))
        .unwrap_or(&UNLISTED)
}

/// What a reset does, by the reset options of CmpAppItf; empty if unlisted.
pub(super) const fn reset(option: u32) -> &'static str {
    match option {
        0 => "warm",
        1 => "cold",
        2 => "origin",
        3 => "origin device",
        _ => "",
    }
}

/// Name of a result by CmpErrors.h; empty if unlisted.
pub(super) const fn error(code: u32) -> &'static str {
    match code {
        0x01 => "failed",
        0x02 => "parameter",
        0x03 => "not initialized",
        0x04 => "version",
        0x05 => "timeout",
        0x06 => "no buffer",
        0x0a => "pending",
        0x0c => "not implemented",
        0x0d => "invalid id",
        0x0f => "buffer size",
        0x10 => "no object",
        0x11 => "no memory",
        0x12 => "duplicate",
        0x14 => "invalid handle",
        0x15 => "end of object",
        0x18 => "not supported",
        0x19 => "no access rights",
        0x1a => "out of limits",
        0x1c => "invalid session id",
        0x1d => "exception",
        0x1e => "signature mismatch",
        0x1f => "version mismatch",
        0x20 => "type mismatch",
        0x21 => "id mismatch",
        0x22 => "no consistency",
        0x26 => "license missing",
        0x27 => "operation denied",
        0x29 => "disk full",
        0x30 => "crc failed",
        0x32 => "file error",
        0x36 => "size mismatch",
        0x39 => "security checks failed",
        0x3f => "change password",
        0x40 => "reauthenticate",
        0x41 => "relogin",
        _ => network_error(code),
    }
}

/// Results of channels and services, by the same list.
const fn network_error(code: u32) -> &'static str {
    match code {
        0x120 => "package invalid",
        0x121 => "invalid service",
        0x122 => "service version mismatch",
        0x181 | 0x1a1 => "channel id invalid",
        0x182 | 0x1a2 => "channel closed by a timeout",
        0x183 | 0x1a3 => "channel protocol error",
        0x184 | 0x1a4 => "channel checksum error",
        0x187 | 0x1a7 => "no more channels",
        0x188 | 0x1a8 => "channel closed by peer",
        0x189 => "message exceeds the communication buffer",
        0x18b => "channel closed by a shutdown",
        0x18c => "encryption not ready yet",
        _ => "",
    }
}
