//! ROS 1: calls of the master and of nodes (XML-RPC), and TCPROS between nodes.
//!
//! ```text
//!  POST /  <methodCall><methodName>registerPublisher</..><params> caller, topic, type, api
//!  TCPROS  length(4) ( length(4) key=value )*   then, little endian, length(4) data ...
//! ```
//! The calls travel inside HTTP, whose session calls [`call`]; any port, the master's is 11311.
//! TCPROS is a stream of its own on ports that nodes agree on. What messages carry is not read:
//! their definition is the nodes' own. UDPROS is not read. Sources: see `codes`; XML-RPC
//! specification (methodCall, methodResponse, fault).

pub mod codes;
mod tcpros;
#[cfg(test)]
mod tests;
mod xmlrpc;

use crate::session::{Depth, Entry, Hint};

pub(crate) use xmlrpc::{call, ended, inner};

/// The row of the protocol table.
pub static ENTRY: Entry = Entry {
    name: "ros1",
    title: "ROS 1 (master, nodes, TCPROS)",
    realm: crate::Realm::Machine,
    depth: Depth::Message,
    basis: crate::Basis::Peer("rosmaster, rospy"),
    hints: &[Hint::Tcp(11311)],
    operations: &[codes::CALLS, codes::TCPROS],
    identify: Some(tcpros::identify),
    open: || Box::<tcpros::TcpRos>::default(),
};
