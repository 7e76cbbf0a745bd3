//! The rules, as one table: what each means for the machine, and what to do.
//!
//! Techniques are those of MITRE ATT&CK for ICS (v15) by id and name. Titles have places
//! `{source}`, `{target}` and `{what}`, filled with the names that people know.

use plant::Severity;

/// A technique of ATT&CK for ICS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Technique {
    /// As `T0858`.
    pub id: &'static str,
    /// As `Change Operating Mode`.
    pub name: &'static str,
}

/// A rule of detection.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its place in [`RULES`], so that comparing rules is comparing numbers.
    pub(crate) place: usize,
    /// The word in reports and settings: `controller-stop`.
    pub name: &'static str,
    /// How much it matters where nothing speaks for it.
    pub severity: Severity,
    /// What an attacker would be doing.
    pub technique: Option<Technique>,
    /// Title, with places.
    pub title: &'static str,
    /// What it means for the machine.
    pub meaning: &'static str,
    /// What to do.
    pub action: &'static str,
}

const fn technique(id: &'static str, name: &'static str) -> Option<Technique> {
    Some(Technique { id, name })
}

macro_rules! rules {
    ($($constant:ident = $name:literal, $severity:ident, $technique:expr,
        $title:literal, $meaning:literal, $action:literal;)*) => {
        #[expect(clippy::upper_case_acronyms, non_camel_case_types, reason = "named as the rules")]
        enum Place { $($constant),* }

        $(
            pub(crate) static $constant: Rule = Rule {
                place: Place::$constant as usize,
                name: $name, severity: Severity::$severity, technique: $technique,
                title: $title, meaning: $meaning, action: $action,
            };
        )*

        /// Every rule, in the order of the documentation.
        pub static RULES: &[&Rule] = &[$(&$constant),*];
    };
}

rules! {
    DENIED = "denied-message", High, technique("T0855", "Unauthorized Command Message"),
        "{source} sent {target} what the plant does not allow: {what}",
        "No conduit of the declared plant permits this message. Where it acts, the machine may have been moved, stopped or changed by a station that has no business with it.",
        "If it is wanted, add it to a conduit. If not, find who uses the station, and fence the conduit.";
    FOREIGN_CONTROL = "foreign-control", High, technique("T0855", "Unauthorized Command Message"),
        "{source} acts on {target}, which others control: {what}",
        "A station that is not among the usual controllers of this machine has sent it something that acts. Two masters write against each other; a program or job may be changed behind the operator's back.",
        "Ask who works at that station now. If it is maintenance, declare it in the plant with a work order; if not, disconnect it and compare the machine's program with the last backup.";
    NEW_ASSET = "new-asset", Medium, technique("T0848", "Rogue Master"),
        "{source} is not declared in the plant",
        "An address that nobody declared talks on the network. It may be a service laptop, a replaced device, or a foreign one.",
        "Find it by its MAC address and switch port. Declare it, or remove it.";
    ADDRESS_CONFLICT = "address-conflict", High, technique("T0830", "Adversary-in-the-Middle"),
        "Two stations claim one address: {what}",
        "Two stations claim one IP address. Messages for the machine may reach somebody else, who can read and change them; or two devices were given one address by mistake, and connections break at random.",
        "Look up both MAC addresses in the switch. Disconnect the one that is not the machine.";
    DEVICE_RENAMED = "device-renamed", High, technique("T0830", "Adversary-in-the-Middle"),
        "{source} changed the name or address of {target} ({what})",
        "DCP needs no password: whoever is on the segment can rename a PROFINET device or give it another address. The controller then loses it and the line stops, or finds an impostor in its place.",
        "If nobody commissioned a device at that time, find the sender by its MAC address. Set the name back with the engineering tool and switch on DCP write protection (security class 1) where the device has it.";
    PORT_SCAN = "port-scan", High, technique("T0846", "Remote System Discovery"),
        "{source} tried {what} of {target}",
        "Somebody looks for services of a machine. Old controllers stop answering, or stop at all, when they are scanned.",
        "Find the sender. If it is your own inventory scan, run it only in maintenance windows, or use this passive inventory instead.";
    SWEEP = "address-sweep", Medium, technique("T0846", "Remote System Discovery"),
        "{source} tried {what} on one address after the other",
        "Somebody looks for machines on the network: the usual first step of an intruder and of a misconfigured tool.",
        "Find the sender and what runs on it.";
    UNIT_SCAN = "unit-scan", Medium, technique("T0846", "Remote System Discovery"),
        "{source} asked {target} for {what}, most of which do not answer",
        "Somebody counts through unit ids or slots behind a gateway to find controllers.",
        "Find the sender. Legitimate masters know their units.";
    CODE_SCAN = "function-scan", Low, technique("T0888", "Remote System Information Discovery"),
        "{source} tried operations that {target} does not have: {what}",
        "Somebody tries out what a machine can do. Each refused operation is harmless; the one that is not refused may not be.",
        "Find the sender and stop it.";
    CONTROLLER_STOP = "controller-stop", Critical, technique("T0858", "Change Operating Mode"),
        "{source} stopped {target} ({what})",
        "The controller's program no longer runs: its outputs go to their configured stop state, and the cell stands or is no longer interlocked.",
        "Go to the machine. Do not restart it before it is clear who stopped it and whether its program is still the released one.";
    CONTROLLER_START = "controller-start", High, technique("T0858", "Change Operating Mode"),
        "{source} started {target} ({what})",
        "A controller or robot program was started over the network. The machine may move.",
        "If nobody at the machine did this, stop it there and find the sender.";
    CONTROLLER_RESTART = "controller-restart", High, technique("T0816", "Device Restart/Shutdown"),
        "{source} restarted {target} ({what})",
        "The device boots: it does not control or answer until it is up again, and it may come up with another program.",
        "Check the device's state and program version. Find the sender.";
    DOWNLOAD = "program-download", High, technique("T0843", "Program Download"),
        "{source} changed the program of {target} ({what})",
        "What the machine does from now on was changed over the network.",
        "Compare the program with the last released backup before the machine runs again. Downloads belong to a work order.";
    UPLOAD = "program-upload", Medium, technique("T0845", "Program Upload"),
        "{source} read the program of {target} ({what})",
        "The program, with what it tells about the process, left the machine. Backups do this; so do intruders who prepare a change.",
        "Check that this was your backup or engineering tool.";
    FIRMWARE = "firmware-change", Critical, technique("T0857", "System Firmware"),
        "{source} changed the firmware of {target} ({what})",
        "Firmware decides what a device is. Changed firmware survives every program restore.",
        "Check the version and its hash against the vendor's. Firmware changes belong to a work order.";
    FACTORY_RESET = "factory-reset", Critical, technique("T0809", "Data Destruction"),
        "{source} reset {target} to factory settings ({what})",
        "The device has lost its name, address and parameters. The controller can no longer reach it, and the line stops or does not start again.",
        "Restore the device from its backup. Find the sender by its address.";
    PROTECTIVE_STOP = "protective-stop-unlocked", Critical, technique("T0880", "Loss of Safety"),
        "{source} unlocked the protective stop of {target} from the network",
        "The robot had stopped to protect somebody or something, and was released by a message instead of by a person who looked. It may move.",
        "Make sure that nobody is in the cell. Allow this command from no station but the one beside the robot.";
    SAFETY_RESTART = "safety-restart", Critical, technique("T0880", "Loss of Safety"),
        "{source} restarted the safety system of {target} ({what})",
        "The safety controller came up again by a message from the network after a fault or violation.",
        "Find out which fault it had reported, and why it was acknowledged from afar.";
    SAFETY_WRITE = "safety-write", Critical, technique("T0880", "Loss of Safety"),
        "{source} acted on a safety function of {target} ({what})",
        "A message changed something that people's safety depends on.",
        "Stop the cell, and verify the safety configuration's checksum at the machine.";
    SAFETY_START = "safety-start", Low, technique("T0880", "Loss of Safety"),
        "{source} set up a safety connection with {target} ({what})",
        "This happens whenever safety devices are powered up. At any other time one of them has restarted, or somebody else speaks for its controller.",
        "If nobody switched the machine on at that time, find out what restarted, and verify the safety configuration's checksum at the machine.";
    SAFETY_LOST = "safety-connection-lost", High, technique("T0880", "Loss of Safety"),
        "The safety connection between {source} and {target} was lost: {what}",
        "What stops the machine for people's sake no longer hears its other end. The machine goes to its safe state and stands; until it is restarted nobody may rely on it.",
        "Find out which end failed, or who closed the connection, before anybody acknowledges the fault. Cable, switch and power first; then who else talked to the two stations at that moment.";
    SAFETY_RATE = "safety-rate", Medium, technique("T0814", "Denial of Service"),
        "The safety connection between {source} and {target} left its usual rate: {what}",
        "Safety frames that come late soon make a watchdog stop the machine; frames that come too fast may be somebody else's.",
        "Look for load on the network and in the two stations at that moment. If frames came faster, find who sends them.";
    SCRIPT = "robot-script", High, technique("T0821", "Modify Controller Tasking"),
        "{source} sent a program to robot {target} that runs at once: {what}",
        "Whoever reaches this port moves the robot as they like; there is no password.",
        "Allow the script interfaces to the line controller only, or close them in the robot's settings.";
    TWO_MASTERS = "robot-two-masters", High, technique("T0848", "Rogue Master"),
        "{source} commands robot {target}, which another station commands already ({what})",
        "Two stations start, stop or script one robot. What one expects, the other changes.",
        "Find out which of them is the line's controller. Fence the other off.";
    ROBOT_MOTION = "robot-motion", High, technique("T0831", "Manipulation of Control"),
        "{source} moves robot {target} directly ({what})",
        "The robot goes where this station says, without a program of its own that limits it.",
        "If this is not the line's controller or its teach station, stop the robot and fence the interface off.";
    ROBOT_COMMAND = "robot-command", High, technique("T0858", "Change Operating Mode"),
        "{source} commands robot {target} without being allowed to ({what})",
        "Programs are selected, held or run, or motors switched, by a station that the plant does not let do this.",
        "Find out who works at that station. Declare it with a work order, or fence it off.";
    FAULT_RESET = "fault-reset", Medium, technique("T0878", "Alarm Suppression"),
        "{source} reset faults or alarms of {target} ({what})",
        "The machine had stopped or warned for a reason, and was made ready again by a message instead of by somebody who looked.",
        "Look up in the machine's log which fault it was. Allow this to the operator panel only.";
    PARAMETER = "parameter-write", Medium, technique("T0836", "Modify Parameter"),
        "{source} wrote parameters of {target} ({what})",
        "Limits, ramps or scalings of a drive or device may be other ones now; many stay over a power cycle.",
        "Compare the device's parameters with the project. Parameters are written at start-up by the master, otherwise by a work order.";
    ROUTE = "route-added", High, technique("T0886", "Remote Services"),
        "{source} made {target} route for another station ({what})",
        "The controller now answers and trusts a station that it did not know. All further access needs no password.",
        "Remove the route in the controller if it was not you, and find the sender.";
    NODE_DEATH = "node-death", Medium, technique("T0826", "Loss of Availability"),
        "A death certificate was published by way of {source} and {target}: {what}",
        "Everything that this node published is stale. Who uses its last values works with old ones.",
        "Check the node, its power and its network.";
    DIRECT_OPERATE = "direct-operate", Medium, technique("T0855", "Unauthorized Command Message"),
        "{source} operated an output of {target} in one step ({what})",
        "The output was switched without the select that guards against a wrong command.",
        "Use select-before-operate where the device has it. Check who the sender is.";
    NAME_SERVICE = "name-service-write", Medium, technique("T0848", "Rogue Master"),
        "{source} changed what {target} tells the others ({what})",
        "Nodes look up here whom to listen to and with which parameters. Whoever writes here can put itself between a robot and its commands.",
        "Check that the sender is one of the cell's own computers. This service has no login: fence it.";
    FILE_DELETED = "file-deleted", High, technique("T0809", "Data Destruction"),
        "{source} removed or renamed files in {target} ({what})",
        "A program or configuration that the machine needs may be missing at its next start.",
        "Compare the controller's files with the last backup.";
    PROGRAM_UNKNOWN = "program-unknown", High, technique("T0889", "Modify Program"),
        "{target} received a program that the plant does not know: {what}",
        "The plant lists by their hashes which programs this machine may get. This is none of them, so nobody has released it.",
        "Keep the machine from running it until somebody has compared it with the released version. If it is released, add its hash to the plant.";
    PROGRAM_CHANGED = "program-changed", Medium, technique("T0889", "Modify Program"),
        "{target} received a changed program: {what}",
        "The same name came with other content than before. What the machine does under this name has changed.",
        "Check that a released change is behind it.";
    CLOCK = "clock-set", Medium, technique("T0836", "Modify Parameter"),
        "{source} set the clock of {target}",
        "Logs, certificates and time-driven programs of the device now follow another time.",
        "Check that it was your time server or engineering station.";
    SILENCED = "device-silenced", High, technique("T0814", "Denial of Service"),
        "{source} made {target} silent or its diagnostics blank ({what})",
        "The device no longer answers, or no longer shows what happened to it.",
        "Restart its communication and find the sender.";
    CLEARTEXT = "cleartext-credential", Low, technique("T0859", "Valid Accounts"),
        "{source} logged in to {target} in clear text ({what})",
        "Anybody on the wire can read this password and use it.",
        "Use the encrypted variant where the device has one. Until then, let only the station that needs it reach the port.";
    DEFAULT_LOGIN = "default-credential", High, technique("T0812", "Default Credentials"),
        "{source} logged in to {target} with a password that everybody knows ({what})",
        "The vendor's default is in the manual, and in every attacker's list.",
        "Change the password in the device.";
    OBSOLETE = "obsolete-encryption", Low, technique("T0830", "Adversary-in-the-Middle"),
        "{source} and {target} use {what}, which no longer protects",
        "The connection looks protected and can be read or changed by somebody in between.",
        "Update the device or its settings to TLS 1.2 or newer, SSH 2, SMB 3.";
    UNPROTECTED = "unprotected-session", Low, technique("T0830", "Adversary-in-the-Middle"),
        "{source} and {target} work without protection that their protocol has: {what}",
        "Anybody on the way can read and change this, or do the same without a login.",
        "Switch the protection on: OPC UA with Sign&Encrypt and users, MQTT with TLS and a login per client.";
    OVERREACH = "subscribed-to-everything", Medium, technique("T0801", "Monitor Process State"),
        "{source} asked {target} for everything that passes ({what})",
        "This client reads the whole plant: production, recipes, commands, and what others meant for each other.",
        "Give each client of the broker a list of topics. Find out what this one is.";
    JOINED = "peer-joined", Low, technique("T0848", "Rogue Master"),
        "{source} joined the data network of {target} ({what})",
        "In a network of equals whoever joins may publish. A new writer on a command topic moves the robot like the old one.",
        "Check that the sender is one of the cell's computers. Declare its conduit, or switch on DDS security.";
    FLOOD = "flood", High, technique("T0814", "Denial of Service"),
        "{target} is flooded: {what}, most from {source}",
        "The device gets many times its usual traffic. Controllers with small processors miss their cycle, and robots stop on lost communication.",
        "Find the sender. A loop in the network looks the same: check the ring's redundancy manager.";
    MALFORMED = "malformed-message", Medium, technique("T0814", "Denial of Service"),
        "{source} sent {target} bytes that no correct peer sends ({what})",
        "Devices crash on such messages, and some of them can be taken over by them.",
        "If it is one device's habit, ask its vendor. If the sender is new, treat it as an attack.";
    VIOLATION = "protocol-violation", Low, technique("T0855", "Unauthorized Command Message"),
        "{source} sent {target} what the protocol forbids ({what})",
        "The message is readable and wrong. Robust devices refuse it, others may not.",
        "Find out whether a client is misconfigured.";
    EVASION = "evasion", High, technique("T0820", "Exploitation for Evasion"),
        "{source} sent {target} overlapping segments or fragments that contradict each other",
        "Correct senders do not do this. It is done so that a monitor reads something else than the machine.",
        "Find the sender. Normalise or drop fragments on the way to the cell.";
    LEVEL_SKIP = "level-skip", Medium, technique("T0886", "Remote Services"),
        "{source} and {target} talk across levels without passing the one between ({what})",
        "A station of a higher level reaches a machine directly, so a problem in the office network is a problem in the cell.",
        "Lead it over a gateway in the level between, or declare the conduit with a reason.";
    INTERNET = "internet-talk", Medium, technique("T0883", "Internet Accessible Device"),
        "{source} talks to the internet address {target} ({what})",
        "A station of the plant has a way out, and so somebody outside may have a way in.",
        "Block it at the boundary, and give the station what it needs (time, names, updates) from inside.";
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn rule_names_are_unique_and_every_rule_says_what_to_do() {
        for (place, rule) in RULES.iter().enumerate() {
            assert_eq!(rule.place, place);
            assert!(!RULES.iter().take(place).any(|other| other.name == rule.name));
            assert!(rule.meaning.ends_with('.') && rule.action.ends_with('.'), "{}", rule.name);
            assert!(rule.title.contains('{'), "{}", rule.name);
        }
    }
}
