//! Calls of the ROS master, of the parameter server and of nodes, and what TCPROS carries.
//!
//! Nothing of it is authenticated: whoever registers a publisher, sets a parameter or tells a node
//! of publishers changes what machines do. The master itself tells nodes of publishers and
//! parameters, so that only operates; who may do it, the plant says. Sources: ROS wiki, Master
//! API, Parameter Server API, Slave API, TCPROS; `rosmaster` and `rospy` of ros_comm
//! ("master_api", "masterslave").

use plant::Intent;

use crate::table::{Effect, Operation};

macro_rules! calls {
    ($(
        $code:literal $wire:literal $name:literal $intent:ident $effect:ident $source:literal;
    )*) => {
        /// Remote calls.
        pub static CALLS: &[Operation] = &[$(
            Operation::new($code, $name, Intent::$intent, $source).with(Effect::$effect),
        )*];

        /// Their method names, in the same order.
        static WIRE: &[&str] = &[$($wire,)*];
    };
}

calls! {
    1 "registerService" "register service" Operate Register "master_api registerService";
    2 "unregisterService" "unregister service" Operate Register "master_api unregisterService";
    3 "registerSubscriber" "register subscriber" Observe Plain "master_api registerSubscriber";
    4 "unregisterSubscriber" "unregister subscriber" Operate Register
        "master_api unregisterSubscriber";
    5 "registerPublisher" "register publisher" Operate Register "master_api registerPublisher";
    6 "unregisterPublisher" "unregister publisher" Operate Register
        "master_api unregisterPublisher";
    7 "lookupNode" "lookup node" Observe Plain "master_api lookupNode";
    8 "lookupService" "lookup service" Observe Plain "master_api lookupService";
    9 "getPublishedTopics" "get published topics" Observe Discover "master_api getPublishedTopics";
    10 "getTopicTypes" "get topic types" Observe Discover "master_api getTopicTypes";
    11 "getSystemState" "get system state" Observe Discover "master_api getSystemState";
    12 "getUri" "get uri" Observe Plain "master_api getUri";
    20 "setParam" "set param" Operate Register "master_api setParam";
    21 "deleteParam" "delete param" Operate Register "master_api deleteParam";
    22 "getParam" "get param" Observe Plain "master_api getParam";
    23 "hasParam" "has param" Observe Plain "master_api hasParam";
    24 "searchParam" "search param" Observe Plain "master_api searchParam";
    25 "getParamNames" "get param names" Observe Discover "master_api getParamNames";
    26 "subscribeParam" "subscribe param" Observe Plain "master_api subscribeParam";
    27 "unsubscribeParam" "unsubscribe param" Session Plain "master_api unsubscribeParam";
    40 "requestTopic" "request topic" Observe Plain "masterslave requestTopic";
    41 "publisherUpdate" "publisher update" Operate Plain "masterslave publisherUpdate";
    42 "paramUpdate" "param update" Operate Plain "masterslave paramUpdate";
    43 "getBusStats" "get bus stats" Observe Plain "masterslave getBusStats";
    44 "getBusInfo" "get bus info" Observe Plain "masterslave getBusInfo";
    45 "getSubscriptions" "get subscriptions" Observe Plain "masterslave getSubscriptions";
    46 "getPublications" "get publications" Observe Plain "masterslave getPublications";
    47 "getMasterUri" "get master uri" Observe Plain "masterslave getMasterUri";
    48 "getName" "get name" Observe Plain "masterslave getName";
    49 "getPid" "get pid" Observe Plain "masterslave getPid";
    50 "shutdown" "shutdown" Operate Register "masterslave shutdown";
    51 "system.multicall" "multicall" Session Plain "XML-RPC system.multicall, rosgraph";
}

/// Calls whose names others have, too.
pub(super) const COMMON: [u32; 5] = [12, 48, 49, 50, 51];
/// Many calls in one.
pub(super) const MULTICALL: u32 = 51;
/// Joins as a publisher.
pub(super) const PUBLISHER: u32 = 5;
/// Joins as a service.
pub(super) const SERVICE: u32 = 1;

/// What passes between nodes.
pub static TCPROS: &[Operation] = &[*SUBSCRIBE, *CONNECT, *DATA, *COMMAND, *CALL];

/// A subscriber connects to a publisher.
pub const SUBSCRIBE: &Operation =
    &Operation::new(60, "connect to topic", Intent::Observe, "TCPROS, connection header topic");
/// A client connects to a service.
pub const CONNECT: &Operation =
    &Operation::new(61, "connect to service", Intent::Session, "TCPROS, connection header service");
/// A message of a topic.
pub const DATA: &Operation = &Operation::new(62, "message", Intent::Observe, "TCPROS, data");
/// A message of a topic that moves machines.
pub const COMMAND: &Operation =
    &Operation::new(63, "command message", Intent::Operate, "TCPROS, data").with(Effect::Motion);
/// A call of a service; what it does, only its own definition tells.
pub const CALL: &Operation =
    &Operation::new(64, "service call", Intent::Unknown, "TCPROS, service requests");

/// The row of a method name.
pub(super) fn by_method(name: &[u8]) -> Option<&'static Operation> {
    WIRE.iter().zip(CALLS).find(|(wire, _)| wire.as_bytes() == name).map(|(_, row)| row)
}

/// Message types that are commands to a robot or vehicle.
const COMMAND_TYPES: &[&str] = &[
    "geometry_msgs/Twist",
    "geometry_msgs/TwistStamped",
    "trajectory_msgs/JointTrajectory",
    "control_msgs/FollowJointTrajectoryActionGoal",
    "control_msgs/JointTrajectoryActionGoal",
    "control_msgs/JointJog",
    "control_msgs/GripperCommandActionGoal",
    "moveit_msgs/ExecuteTrajectoryActionGoal",
    "moveit_msgs/MoveGroupActionGoal",
    "move_base_msgs/MoveBaseActionGoal",
    "ackermann_msgs/AckermannDrive",
    "ackermann_msgs/AckermannDriveStamped",
];
/// Last parts of names of topics that are commands, whatever their type (ROS-Industrial, UR
/// driver, ros_control).
const COMMAND_TOPICS: &[&str] =
    &["cmd_vel", "command", "joint_path_command", "joint_trajectory", "script_command", "urscript"];

/// Whether messages of this topic move machines.
pub(super) fn is_command(topic: &[u8], kind: &[u8]) -> bool {
    let last = topic.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    COMMAND_TYPES.iter().any(|known| known.as_bytes() == kind)
        || COMMAND_TOPICS.iter().any(|known| known.as_bytes() == last)
}
