//! The one table of protocols, and the rows of the operation tables inside them.

use std::fmt;

use plant::Intent;

use crate::session::Entry;

macro_rules! protocols {
    ($($name:ident = $module:ident,)*) => {
        /// Places of the rows; only their order matters.
        #[allow(
            non_camel_case_types,
            clippy::upper_case_acronyms,
            reason = "named as the constants"
        )]
        enum Place { $($name),* }

        impl Protocol {
            $(
                #[doc = concat!("The protocol of module `", stringify!($module), "`.")]
                pub const $name: Self = Self(Place::$name as u8);
            )*
        }

        /// Every protocol; `ENTRIES[i]` is the row of the protocol with index `i`.
        pub static ENTRIES: &[&Entry] = &[$(&crate::$module::ENTRY),*];
    };
}

protocols! {
    MODBUS = modbus,
    ETHERNET_IP = ethernet_ip,
    CIP = cip,
    S7COMM = s7comm,
    S7COMM_PLUS = s7comm_plus,
    ARP = arp,
    DHCP = dhcp,
    LLDP = lldp,
    PROFINET_CM = profinet_cm,
    PROFINET_DCP = profinet_dcp,
    PROFINET_RT = profinet_rt,
    UR_DASHBOARD = ur_dashboard,
    UR_PRIMARY = ur_primary,
    UR_RTDE = ur_rtde,
    HTTP = http,
    TLS = tls,
    FTP = ftp,
    TELNET = telnet,
    SSH = ssh,
    SNMP = snmp,
    DNS = dns,
    MDNS = mdns,
    LLMNR = llmnr,
    NBNS = nbns,
    NTP = ntp,
    SYSLOG = syslog,
    SMB = smb,
    RDP = rdp,
    VNC = vnc,
    MQTT = mqtt,
    SPARKPLUG_B = sparkplug_b,
    OPC_UA = opc_ua,
    FINS = fins,
    MELSEC = melsec,
    DNP3 = dnp3,
    IEC104 = iec104,
    ETHERCAT = ethercat,
    BACNET = bacnet,
    ADS = ads,
    YASKAWA_HSES = yaskawa_hses,
    DENSO_BCAP = denso_bcap,
    UFACTORY_XARM = ufactory_xarm,
    SIMPLE_MESSAGE = simple_message,
    MITSUBISHI_R3 = mitsubishi_r3,
    PTP = ptp,
    TFTP = tftp,
    LDAP = ldap,
    KERBEROS = kerberos,
    DCERPC = dcerpc,
    FTP_DATA = ftp_data,
    CIP_SAFETY = cip_safety,
    FSOE = fsoe,
    OPENSAFETY = opensafety,
    PROFISAFE = profisafe,
    CODESYS = codesys,
    CCLINK_IEF = cclink_ief,
    UMAS = umas,
    RTPS = rtps,
    GE_SRTP = ge_srtp,
    FANUC_SNPX = fanuc_snpx,
    KUKA_VARPROXY = kuka_varproxy,
    KUKA_C3 = kuka_c3,
    FANUC_RMI = fanuc_rmi,
    FANUC_STREAM_MOTION = fanuc_stream_motion,
    KUKA_RSI = kuka_rsi,
    KUKA_EKI = kuka_eki,
    UR_ROBOT_API = ur_robot_api,
    ABB_RWS = abb_rws,
    STAUBLI_SOAP = staubli_soap,
    ROS1 = ros1,
    ABB_EGM = abb_egm,
}

/// A protocol: its place in [`ENTRIES`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Protocol(u8);

impl Protocol {
    /// Every protocol, in table order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).map(Self).take(ENTRIES.len())
    }

    /// The protocol with this name in plant files, as `modbus`.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::all().find(|protocol| protocol.name() == name)
    }

    /// Its row.
    pub fn entry(self) -> &'static Entry {
        ENTRIES.get(self.index()).unwrap_or(&&crate::modbus::ENTRY)
    }

    /// Its place in [`ENTRIES`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The word in plant files and reports.
    pub fn name(self) -> &'static str {
        self.entry().name
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an operation does to a machine beyond its intent, where a finding depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing that a rule looks at.
    Plain,
    /// Starts a program or a CPU.
    Start,
    /// Stops a program or a CPU.
    Stop,
    /// Restarts or resets the device.
    Restart,
    /// Puts a program or configuration into the device.
    Download,
    /// Takes a program or configuration out of the device.
    Upload,
    /// Changes firmware.
    Firmware,
    /// Back to factory settings.
    FactoryReset,
    /// Sets the device's name.
    SetName,
    /// Sets the device's IP address.
    SetAddress,
    /// Sets the device's clock.
    SetClock,
    /// Unlocks a protective stop.
    UnlockProtectiveStop,
    /// Restarts the safety system or closes its message.
    SafetyRestart,
    /// Sets a safety connection up: opens it, or gives a device its parameters before it runs.
    SafetyStart,
    /// Keeps a safety connection alive: its cyclic data, guarding, reading.
    SafetyCycle,
    /// Ends a safety connection, or puts substitutes in place of its data.
    SafetyStop,
    /// Sends script that the robot runs at once.
    Script,
    /// Commands a robot's program, mode or power.
    Command,
    /// Moves a robot: a jog, a target, a stream of setpoints.
    Motion,
    /// Resets alarms or faults.
    Reset,
    /// Writes parameters of a drive or device.
    Parameter,
    /// Makes a device route for, or trust, another station.
    Route,
    /// Tells that a node has gone.
    Death,
    /// Operates an output in one step, without selecting it first.
    DirectOperate,
    /// Changes who is found under a name, or what a shared parameter says.
    Register,
    /// Removes or renames programs or files in a controller.
    DeleteFile,
    /// Logs in, or lifts a protection.
    Login,
    /// Asks who a device is or what it holds; many targets of it are a scan.
    Discover,
    /// Makes a device silent, or its diagnostics lie: forced listen-only, counters cleared.
    Silence,
}

/// One row of a protocol's operation table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The code on the wire; the first of them where several share the row.
    pub code: u32,
    /// The protocol's own name, lower case as in its standard: `write single coil`.
    pub name: &'static str,
    /// What it would do.
    pub intent: Intent,
    /// What a finding may depend on.
    pub effect: Effect,
    /// Document and clause that this row comes from.
    pub source: &'static str,
}

impl Operation {
    /// A row without further effect.
    pub const fn new(code: u32, name: &'static str, intent: Intent, source: &'static str) -> Self {
        Self { code, name, intent, effect: Effect::Plain, source }
    }

    /// The same row with `effect`.
    #[must_use]
    pub const fn with(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// The row of `table` with this code.
    pub fn find(table: &'static [Self], code: u32) -> Option<&'static Self> {
        table.iter().find(|row| row.code == code)
    }
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES, Protocol};
    use crate::session::Depth;

    #[test]
    fn protocol_names_are_unique_and_lead_back_to_their_row() {
        for (place, protocol) in Protocol::all().enumerate() {
            assert_eq!(protocol.index(), place);
            assert_eq!(Protocol::by_name(protocol.name()), Some(protocol));
        }
        assert_eq!(Protocol::all().count(), ENTRIES.len());
    }

    #[test]
    fn every_operation_names_its_source() {
        for protocol in Protocol::all() {
            let rows: Vec<_> = protocol.entry().operations.iter().flat_map(|t| t.iter()).collect();
            assert!(!rows.is_empty() || protocol.entry().depth == Depth::Recognised, "{protocol}");
            for row in rows {
                assert!(!row.name.is_empty() && row.source.len() > 3, "{protocol} {:#x}", row.code);
            }
        }
    }
}
