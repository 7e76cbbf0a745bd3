//! Operations of the controller's SOAP server, by the element in the envelope's body.
//!
//! Sources: proxies that others generated from the controller's own WSDL for interfaces V0, V1
//! and V3 (`staubli_tx60_controller`: "CS8 V0") and the request types that the documentation of
//! UnderAutomation's SDK lists for V2 ("SDK V2").

use plant::Intent;

use crate::table::{Effect, Operation};

macro_rules! calls {
    ($(
        $code:literal $wire:literal $name:literal $intent:ident $effect:ident $source:literal;
    )*) => {
        /// Operations that are known.
        pub static OPERATIONS: &[Operation] = &[$(
            Operation::new($code, $name, Intent::$intent, $source).with(Effect::$effect),
        )*];

        /// Their elements, in the same order.
        static WIRE: &[&str] = &[$($wire,)*];
    };
}

calls! {
    1 "login" "login" Session Login "CS8 V0 login";
    2 "logout" "logout" Session Plain "CS8 V0 logout";
    3 "ping" "ping" Session Plain "CS8 V0 ping";
    4 "findServer" "find server" Observe Plain "CS8 V0 findServer";
    5 "getSoapServerVersion" "get soap server version" Observe Plain "CS8 V0 getSoapServerVersion";
    6 "getCS8Versions" "get cs8 versions" Observe Plain "CS8 V0 getCS8Versions";
    7 "getCS8Compatibility" "get cs8 compatibility" Observe Plain "CS8 V0 getCS8Compatibility";
    8 "getControllerParameters" "get controller parameters" Observe Plain
        "CS8 V0 getControllerParameters";
    9 "getRobots" "get robots" Observe Plain "CS8 V0 getRobots";
    10 "getRobotJointPos" "get robot joint pos" Observe Plain "CS8 V0 getRobotJointPos";
    11 "getRobotJntCartPos" "get robot jnt cart pos" Observe Plain "CS8 V0 getRobotJntCartPos";
    12 "setRobotJointPos" "set robot joint pos" Operate Motion "CS8 V0 setRobotJointPos";
    20 "getApplications" "get applications" Observe Plain "CS8 V1 getApplications";
    21 "getApplicationDatas" "get application datas" Observe Upload "CS8 V1 getApplicationDatas";
    22 "getRecords" "get records" Observe Plain "CS8 V1 getRecords";
    23 "getRecord" "get record" Observe Plain "CS8 V1 getRecord";
    24 "getJointRange" "get joint range" Observe Plain "CS8 V1 getJointRange";
    30 "getAllPhysicalIos" "get all physical ios" Observe Plain "SDK V2 GetAllPhysicalIos";
    31 "readIos" "read ios" Observe Plain "SDK V2 ReadIos";
    32 "writeIos" "write ios" Operate Plain "SDK V2 WriteIos";
    33 "getRobotDhParameters" "get robot dh parameters" Observe Plain "SDK V2 GetRobotDhParameters";
    34 "getTasks" "get tasks" Observe Plain "SDK V2 GetTasks";
    35 "taskSuspend" "task suspend" Operate Stop "SDK V2 TaskSuspend";
    36 "taskResume" "task resume" Operate Start "SDK V2 TaskResume";
    37 "taskKill" "task kill" Operate Stop "SDK V2 TaskKill";
    38 "loadProjectAsync" "load project" Operate Command "SDK V2 LoadProjectAsync";
    39 "startApplication" "start application" Operate Start "SDK V2 StartApplication";
    40 "stopApplication" "stop application" Operate Stop "SDK V2 StopApplication";
    41 "stopAndUnloadAll" "stop and unload all" Operate Stop "SDK V2 StopAndUnloadAll";
    50 "forwardKin" "forward kin" Observe Plain "CS8 V3 forwardKin";
    51 "reverseKin" "reverse kin" Observe Plain "CS8 V3 reverseKin";
    52 "moveJJ" "move jj" Operate Motion "CS8 V3 moveJJ";
    53 "moveJC" "move jc" Operate Motion "CS8 V3 moveJC";
    54 "moveL" "move l" Operate Motion "CS8 V3 moveL";
    55 "moveC" "move c" Operate Motion "CS8 V3 moveC";
    56 "stopMotion" "stop motion" Operate Stop "CS8 V3 stopMotion";
    57 "resetMotion" "reset motion" Operate Stop "CS8 V3 resetMotion";
    58 "restartMotion" "restart motion" Operate Start "CS8 V3 restartMotion";
    59 "setPower" "set power" Operate Command "CS8 V3 setPower";
    60 "setSchedulingMode" "set scheduling mode" Operate Plain "CS8 V3 setSchedulingMode";
    61 "schedulerRefresh" "scheduler refresh" Operate Plain "CS8 V3 schedulerRefresh";
}

/// An element that no list has.
pub const UNLISTED: &Operation =
    &Operation::new(100, "unlisted operation", Intent::Unknown, "SOAP 1.2 part 1, 5.3");

/// Rows that are no known operation.
pub static OTHERS: &[Operation] = &[*UNLISTED];

/// The row of an element, whatever its case.
pub(super) fn by_element(name: &[u8]) -> &'static Operation {
    let listed = WIRE.iter().zip(OPERATIONS);
    listed
        .filter(|(wire, _)| name.eq_ignore_ascii_case(wire.as_bytes()))
        .map(|(_, row)| row)
        .next()
        .unwrap_or(UNLISTED)
}
