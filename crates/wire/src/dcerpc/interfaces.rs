//! Interfaces that are called remotely: their UUIDs, names and operations.
//!
//! Those that install, start or schedule programs, change the registry or shut a computer down
//! administer it; OPC Classic reads and writes process values. What an activation brings to life
//! is not judged. Sources: Microsoft's open specifications, each named in its rows; OPC Data Access
//! Automation Interface Standard 3.00 (interfaces by their IDL); C706 appendix O.

use plant::Intent::{self, Administer, Observe, Operate, Session, Unknown};

use crate::profinet_cm::rpc::Uuid;
use crate::table::{Effect, Operation};

/// One interface.
pub(super) struct Interface {
    uuid: u128,
    /// As its users call it: `svcctl`.
    pub(super) name: &'static str,
    /// Operations that are judged, by their number.
    pub(super) operations: &'static [Operation],
}

/// The interface with this UUID.
pub(super) fn find(uuid: Uuid) -> Option<&'static Interface> {
    INTERFACES.iter().find(|interface| interface.uuid == uuid.0)
}

/// The endpoint mapper.
pub(super) const MAPPER: Uuid = Uuid(0xe1af8308_5d1f_11c9_91a4_08002b14a0fa);

const fn at(uuid: u128, name: &'static str, operations: &'static [Operation]) -> Interface {
    Interface { uuid, name, operations }
}

static INTERFACES: &[Interface] = &[
    at(MAPPER.0, "epmapper", MAPPINGS),
    at(0xafa8bd80_7d8a_11c9_bef4_08002b102989, "mgmt", &[]),
    at(0x367abb81_9844_35f1_ad32_98f038001003, "svcctl", SERVICES),
    at(0x1ff70682_0a51_30e8_076d_740be8cee98b, "atsvc", JOBS),
    at(0x86d35949_83c9_4044_b424_db363231fd0c, "task scheduler", TASKS),
    at(0x338cd001_2244_31f1_aaaa_900038001003, "winreg", REGISTRY),
    at(0x894de0c0_0d55_11d3_a322_00c04fa321a1, "initshutdown", SHUTDOWNS),
    at(0xd95afe70_a6d5_4259_822e_2c84da1ddb0d, "windows shutdown", SHUTDOWNS),
    at(0x000001a0_0000_0000_c000_000000000046, "activation", ACTIVATIONS),
    at(0x4d9f4ab8_7d1c_11cf_861e_0020af6e7c57, "remote activation", REMOTE_ACTIVATION),
    at(0x99fcfec4_5260_101b_bbcb_00aa0021347a, "object exporter", OBJECTS),
    at(0x00000131_0000_0000_c000_000000000046, "remote unknown", REFERENCES),
    at(0x00000143_0000_0000_c000_000000000046, "remote unknown 2", REFERENCES),
    at(0x9556dc99_828c_11cf_a37e_00aa003240c7, "wmi services", WMI),
    at(0xf309ad18_d86a_11d0_a075_00c04fb68820, "wmi login", WMI_LOGIN),
    at(0x12345778_1234_abcd_ef00_0123456789ac, "samr", ACCOUNTS),
    at(0x12345778_1234_abcd_ef00_0123456789ab, "lsarpc", &[]),
    at(0x12345678_1234_abcd_ef00_01234567cffb, "netlogon", &[]),
    at(0xe3514235_4b06_11d1_ab04_00c04fc2dcd2, "drsuapi", &[]),
    at(0x4b324fc8_1670_01d3_1278_5a47bf6ee188, "srvsvc", &[]),
    at(0x6bffd098_a112_3610_9833_46c3f87e345a, "wkssvc", &[]),
    at(0x12345678_1234_abcd_ef00_0123456789ab, "spoolss", &[]),
    at(0x82273fdc_e32a_18c3_3f78_827929dc23ea, "eventlog", &[]),
    at(0xdf1941c5_fe89_4e79_bf10_463657acf44d, "efsrpc", &[]),
    at(0xc681d488_d850_11d0_8c52_00c04fd90f7e, "efsrpc", &[]),
    at(0xa4f1db00_ca47_1067_b31f_00dd010662da, "exchange mapi", &[]),
    at(0x1544f5e0_613c_11d1_93df_00c04fd7bd09, "exchange rfr", &[]),
    at(0xf5cc5a18_4264_101a_8c59_08002b2f8426, "nspi", &[]),
    at(0x4fc742e0_4a10_11cf_8273_00aa004ae673, "netdfs", &[]),
    at(0x39c13a4d_011e_11d0_9675_0020afd8adb3, "opc server", OPC_SERVER),
    at(0x39c13a4f_011e_11d0_9675_0020afd8adb3, "opc browse", OPC_BROWSE),
    at(0x39c13a50_011e_11d0_9675_0020afd8adb3, "opc group", OPC_GROUP),
    at(0x39c13a52_011e_11d0_9675_0020afd8adb3, "opc sync io", OPC_IO),
    at(0x730f5f0f_55b1_4c81_9e18_ff8a0904e1fa, "opc sync io 2", OPC_IO),
    at(0x39c13a54_011e_11d0_9675_0020afd8adb3, "opc items", OPC_ITEMS),
    at(0x39c13a70_011e_11d0_9675_0020afd8adb3, "opc callback", OPC_CALLBACK),
    at(0x39c13a71_011e_11d0_9675_0020afd8adb3, "opc async io 2", OPC_ASYNC),
];

/// Rows of all interfaces, for the protocol table.
pub(super) static TABLES: &[&[Operation]] = &[
    super::codes::CALLS,
    MAPPINGS,
    SERVICES,
    JOBS,
    TASKS,
    REGISTRY,
    SHUTDOWNS,
    ACTIVATIONS,
    REMOTE_ACTIVATION,
    OBJECTS,
    REFERENCES,
    WMI,
    WMI_LOGIN,
    ACCOUNTS,
    OPC_SERVER,
    OPC_BROWSE,
    OPC_GROUP,
    OPC_IO,
    OPC_ITEMS,
    OPC_CALLBACK,
    OPC_ASYNC,
];

const fn row(code: u32, name: &'static str, intent: Intent, source: &'static str) -> Operation {
    Operation::new(code, name, intent, source)
}

const EPM: &str = "C706 appendix O";
static MAPPINGS: &[Operation] = &[
    row(0, "ept insert", Administer, EPM),
    row(1, "ept delete", Administer, EPM),
    row(2, "ept lookup", Observe, EPM).with(Effect::Discover),
    row(3, "ept map", Session, EPM),
    row(4, "ept lookup handle free", Session, EPM),
    row(5, "ept inq object", Observe, EPM),
    row(6, "ept mgmt delete", Administer, EPM),
];

const SCMR: &str = "MS-SCMR 3.1.4";
static SERVICES: &[Operation] = &[
    row(0, "close service handle", Session, SCMR),
    row(1, "control service", Administer, SCMR),
    row(2, "delete service", Administer, SCMR),
    row(3, "lock service database", Administer, SCMR),
    row(4, "query service object security", Observe, SCMR),
    row(5, "set service object security", Administer, SCMR),
    row(6, "query service status", Observe, SCMR),
    row(7, "set service status", Administer, SCMR),
    row(8, "unlock service database", Administer, SCMR),
    row(11, "change service config w", Administer, SCMR),
    row(12, "create service w", Administer, SCMR),
    row(13, "enum dependent services w", Observe, SCMR),
    row(14, "enum services status w", Observe, SCMR).with(Effect::Discover),
    row(15, "open sc manager w", Session, SCMR),
    row(16, "open service w", Session, SCMR),
    row(17, "query service config w", Observe, SCMR),
    row(18, "query service lock status w", Observe, SCMR),
    row(19, "start service w", Administer, SCMR),
    row(20, "get service display name w", Observe, SCMR),
    row(21, "get service key name w", Observe, SCMR),
    row(23, "change service config a", Administer, SCMR),
    row(24, "create service a", Administer, SCMR),
    row(25, "enum dependent services a", Observe, SCMR),
    row(26, "enum services status a", Observe, SCMR).with(Effect::Discover),
    row(27, "open sc manager a", Session, SCMR),
    row(28, "open service a", Session, SCMR),
    row(29, "query service config a", Observe, SCMR),
    row(30, "query service lock status a", Observe, SCMR),
    row(31, "start service a", Administer, SCMR),
    row(32, "get service display name a", Observe, SCMR),
    row(33, "get service key name a", Observe, SCMR),
    row(35, "enum service group w", Observe, SCMR),
    row(36, "change service config 2 a", Administer, SCMR),
    row(37, "change service config 2 w", Administer, SCMR),
    row(38, "query service config 2 a", Observe, SCMR),
    row(39, "query service config 2 w", Observe, SCMR),
    row(40, "query service status ex", Observe, SCMR),
    row(41, "enum services status ex a", Observe, SCMR).with(Effect::Discover),
    row(42, "enum services status ex w", Observe, SCMR).with(Effect::Discover),
    row(44, "create service wow64 a", Administer, SCMR),
    row(45, "create service wow64 w", Administer, SCMR),
    row(50, "control service ex a", Administer, SCMR),
    row(51, "control service ex w", Administer, SCMR),
    row(56, "query service config ex", Observe, SCMR),
    row(60, "create wow service", Administer, SCMR),
    row(64, "open sc manager 2", Session, SCMR),
];

const TSCH: &str = "MS-TSCH 3.2.5";
static JOBS: &[Operation] = &[
    row(0, "netr job add", Administer, TSCH),
    row(1, "netr job del", Administer, TSCH),
    row(2, "netr job enum", Observe, TSCH),
    row(3, "netr job get info", Observe, TSCH),
];
static TASKS: &[Operation] = &[
    row(0, "sch rpc highest version", Session, TSCH),
    row(1, "sch rpc register task", Administer, TSCH),
    row(2, "sch rpc retrieve task", Observe, TSCH),
    row(3, "sch rpc create folder", Administer, TSCH),
    row(4, "sch rpc set security", Administer, TSCH),
    row(5, "sch rpc get security", Observe, TSCH),
    row(6, "sch rpc enum folders", Observe, TSCH),
    row(7, "sch rpc enum tasks", Observe, TSCH),
    row(8, "sch rpc enum instances", Observe, TSCH),
    row(9, "sch rpc get instance info", Observe, TSCH),
    row(10, "sch rpc stop instance", Administer, TSCH),
    row(11, "sch rpc stop", Administer, TSCH),
    row(12, "sch rpc run", Administer, TSCH),
    row(13, "sch rpc delete", Administer, TSCH),
    row(14, "sch rpc rename", Administer, TSCH),
    row(15, "sch rpc scheduled runtimes", Observe, TSCH),
    row(16, "sch rpc get last run info", Observe, TSCH),
    row(17, "sch rpc get task info", Observe, TSCH),
    row(18, "sch rpc get number of missed runs", Observe, TSCH),
    row(19, "sch rpc enable task", Administer, TSCH),
];

const RRP: &str = "MS-RRP 3.1.5";
static REGISTRY: &[Operation] = &[
    row(0, "open classes root", Session, RRP),
    row(1, "open current user", Session, RRP),
    row(2, "open local machine", Session, RRP),
    row(3, "open performance data", Session, RRP),
    row(4, "open users", Session, RRP),
    row(5, "base reg close key", Session, RRP),
    row(6, "base reg create key", Administer, RRP),
    row(7, "base reg delete key", Administer, RRP),
    row(8, "base reg delete value", Administer, RRP),
    row(9, "base reg enum key", Observe, RRP),
    row(10, "base reg enum value", Observe, RRP),
    row(11, "base reg flush key", Session, RRP),
    row(12, "base reg get key security", Observe, RRP),
    row(13, "base reg load key", Administer, RRP),
    row(15, "base reg open key", Session, RRP),
    row(16, "base reg query info key", Observe, RRP),
    row(17, "base reg query value", Observe, RRP),
    row(18, "base reg replace key", Administer, RRP),
    row(19, "base reg restore key", Administer, RRP),
    row(20, "base reg save key", Administer, RRP),
    row(21, "base reg set key security", Administer, RRP),
    row(22, "base reg set value", Administer, RRP),
    row(23, "base reg unload key", Administer, RRP),
    row(26, "base reg get version", Observe, RRP),
    row(27, "open current config", Session, RRP),
    row(29, "base reg query multiple values", Observe, RRP),
    row(31, "base reg save key ex", Administer, RRP),
    row(32, "open performance text", Session, RRP),
    row(33, "open performance nls text", Session, RRP),
    row(34, "base reg query multiple values 2", Observe, RRP),
    row(35, "base reg delete key ex", Administer, RRP),
];

const RSP: &str = "MS-RSP 3.1.4, 3.2.4";
static SHUTDOWNS: &[Operation] = &[
    row(0, "initiate shutdown", Administer, RSP).with(Effect::Restart),
    row(1, "abort shutdown", Administer, RSP),
    row(2, "initiate shutdown ex", Administer, RSP).with(Effect::Restart),
];

const DCOM: &str = "MS-DCOM 3.1.2.5";
static ACTIVATIONS: &[Operation] = &[
    row(3, "remote get class object", Unknown, DCOM),
    row(4, "remote create instance", Unknown, DCOM),
];
static REMOTE_ACTIVATION: &[Operation] = &[row(0, "remote activation", Unknown, DCOM)];
static OBJECTS: &[Operation] = &[
    row(0, "resolve oxid", Session, DCOM),
    row(1, "simple ping", Session, DCOM),
    row(2, "complex ping", Session, DCOM),
    row(3, "server alive", Session, DCOM),
    row(4, "resolve oxid 2", Session, DCOM),
    row(5, "server alive 2", Session, DCOM).with(Effect::Discover),
];
static REFERENCES: &[Operation] = &[
    row(3, "rem query interface", Session, DCOM),
    row(4, "rem add ref", Session, DCOM),
    row(5, "rem release", Session, DCOM),
    row(6, "rem query interface 2", Session, DCOM),
];

const WMI_SOURCE: &str = "MS-WMI 3.1.4.3";
static WMI: &[Operation] = &[
    row(3, "open namespace", Session, WMI_SOURCE),
    row(4, "cancel async call", Session, WMI_SOURCE),
    row(5, "query object sink", Session, WMI_SOURCE),
    row(6, "get object", Observe, WMI_SOURCE),
    row(7, "get object async", Observe, WMI_SOURCE),
    row(8, "put class", Administer, WMI_SOURCE),
    row(9, "put class async", Administer, WMI_SOURCE),
    row(10, "delete class", Administer, WMI_SOURCE),
    row(11, "delete class async", Administer, WMI_SOURCE),
    row(12, "create class enum", Observe, WMI_SOURCE),
    row(13, "create class enum async", Observe, WMI_SOURCE),
    row(14, "put instance", Administer, WMI_SOURCE),
    row(15, "put instance async", Administer, WMI_SOURCE),
    row(16, "delete instance", Administer, WMI_SOURCE),
    row(17, "delete instance async", Administer, WMI_SOURCE),
    row(18, "create instance enum", Observe, WMI_SOURCE),
    row(19, "create instance enum async", Observe, WMI_SOURCE),
    row(20, "exec query", Observe, WMI_SOURCE),
    row(21, "exec query async", Observe, WMI_SOURCE),
    row(22, "exec notification query", Observe, WMI_SOURCE),
    row(23, "exec notification query async", Observe, WMI_SOURCE),
    row(24, "exec method", Administer, WMI_SOURCE),
    row(25, "exec method async", Administer, WMI_SOURCE),
];
static WMI_LOGIN: &[Operation] = &[
    row(3, "establish position", Session, "MS-WMI 3.1.4.1"),
    row(4, "request challenge", Session, "MS-WMI 3.1.4.1"),
    row(5, "wbem login", Session, "MS-WMI 3.1.4.1"),
    row(6, "ntlm login", Session, "MS-WMI 3.1.4.1").with(Effect::Login),
];

const SAMR: &str = "MS-SAMR 3.1.5";
/// Those that change accounts, and the way to them; the many others are not judged.
static ACCOUNTS: &[Operation] = &[
    row(0, "samr connect", Session, SAMR),
    row(1, "samr close handle", Session, SAMR),
    row(5, "samr lookup domain in sam server", Observe, SAMR),
    row(6, "samr enumerate domains in sam server", Observe, SAMR),
    row(7, "samr open domain", Session, SAMR),
    row(12, "samr create user in domain", Administer, SAMR),
    row(13, "samr enumerate users in domain", Observe, SAMR).with(Effect::Discover),
    row(17, "samr lookup names in domain", Observe, SAMR),
    row(22, "samr add member to group", Administer, SAMR),
    row(31, "samr add member to alias", Administer, SAMR),
    row(34, "samr open user", Session, SAMR),
    row(35, "samr delete user", Administer, SAMR),
    row(36, "samr query information user", Observe, SAMR),
    row(37, "samr set information user", Administer, SAMR),
    row(38, "samr change password user", Administer, SAMR),
    row(39, "samr get groups for user", Observe, SAMR),
    row(50, "samr create user 2 in domain", Administer, SAMR),
    row(55, "samr unicode change password user 2", Administer, SAMR),
    row(57, "samr connect 2", Session, SAMR),
    row(58, "samr set information user 2", Administer, SAMR),
    row(62, "samr connect 4", Session, SAMR),
    row(64, "samr connect 5", Session, SAMR),
];

const OPC: &str = "OPC Data Access 3.00, IDL";
static OPC_SERVER: &[Operation] = &[
    row(3, "add group", Session, OPC),
    row(4, "get error string", Observe, OPC),
    row(5, "get group by name", Session, OPC),
    row(6, "get status", Observe, OPC),
    row(7, "remove group", Session, OPC),
    row(8, "create group enumerator", Observe, OPC),
];
static OPC_BROWSE: &[Operation] = &[
    row(3, "query organization", Observe, OPC),
    row(4, "change browse position", Session, OPC),
    row(5, "browse opc item ids", Observe, OPC).with(Effect::Discover),
    row(6, "get item id", Observe, OPC),
    row(7, "browse access paths", Observe, OPC),
];
static OPC_GROUP: &[Operation] = &[
    row(3, "get state", Observe, OPC),
    row(4, "set state", Session, OPC),
    row(5, "set name", Session, OPC),
    row(6, "clone group", Session, OPC),
];
static OPC_IO: &[Operation] = &[
    row(3, "read", Observe, OPC),
    row(4, "write", Operate, OPC),
    row(5, "read max age", Observe, OPC),
    row(6, "write vqt", Operate, OPC),
];
static OPC_ITEMS: &[Operation] = &[
    row(3, "add items", Session, OPC),
    row(4, "validate items", Observe, OPC),
    row(5, "remove items", Session, OPC),
    row(6, "set active state", Session, OPC),
    row(7, "set client handles", Session, OPC),
    row(8, "set datatypes", Session, OPC),
    row(9, "create enumerator", Observe, OPC),
];
static OPC_CALLBACK: &[Operation] = &[
    row(3, "on data change", Observe, OPC),
    row(4, "on read complete", Observe, OPC),
    row(5, "on write complete", Session, OPC),
    row(6, "on cancel complete", Session, OPC),
];
static OPC_ASYNC: &[Operation] = &[
    row(3, "read", Observe, OPC),
    row(4, "write", Operate, OPC),
    row(5, "refresh 2", Observe, OPC),
    row(6, "cancel 2", Session, OPC),
    row(7, "set enable", Session, OPC),
    row(8, "get enable", Observe, OPC),
];
