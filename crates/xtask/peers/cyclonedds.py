"""Cyclone DDS: a participant that publishes and one that subscribes, as ROS 2 names its topics."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

import harness
from cyclonedds.core import Policy, Qos
from cyclonedds.domain import DomainParticipant
from cyclonedds.idl import IdlStruct
from cyclonedds.idl.types import int64, uint64
from cyclonedds.pub import DataWriter
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic

DOMAIN = 3
SAMPLES = 5
#: Longer than a datagram of Cyclone (1344 bytes), so that it goes in fragments.
LONG = "x" * 40000
RELIABLE = Qos(Policy.Reliability.Reliable(1_000_000_000))


@dataclass
class Text(IdlStruct, typename="std_msgs::msg::dds_::String_"):
    data: str


@dataclass
class Vector(IdlStruct, typename="geometry_msgs::msg::dds_::Vector3_"):
    x: float
    y: float
    z: float


@dataclass
class Twist(IdlStruct, typename="geometry_msgs::msg::dds_::Twist_"):
    linear: Vector
    angular: Vector


@dataclass
class Request(IdlStruct, typename="example_interfaces::srv::dds_::AddTwoInts_Request_"):
    guid: uint64
    number: int64
    a: int64
    b: int64


TOPICS = {"rt/chatter": Text, "rt/cmd_vel": Twist, "rq/add_two_intsRequest": Request}


def read(seconds_s):
    """The subscriber, a process of its own: says how many samples it took."""
    participant = DomainParticipant(DOMAIN)
    topics = [Topic(participant, name, kind) for name, kind in TOPICS.items()]
    readers = [DataReader(participant, topic, qos=RELIABLE) for topic in topics]
    end, taken = time.time() + seconds_s, 0
    while time.time() < end:
        taken += sum(len(reader.take()) for reader in readers)
        time.sleep(0.02)
    print("taken", taken, flush=True)


def main(account):
    subprocess.run(["ip", "link", "set", "lo", "multicast", "on"], check=True)
    subprocess.run(["ip", "route", "add", "224.0.0.0/4", "dev", "lo"], check=True)
    command = [sys.executable, "-P", "-c", READER]
    environment = {**os.environ, "PEER_SCRIPT": os.path.abspath(__file__)}
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    participant = DomainParticipant(DOMAIN)
    writers = {
        name: DataWriter(participant, Topic(participant, name, kind), qos=RELIABLE)
        for name, kind in TOPICS.items()
    }
    while any(len(writer.get_matched_subscriptions()) < 1 for writer in writers.values()):
        time.sleep(0.05)
    for name in TOPICS:
        fields = {"object": name, "intent": None}
        account.line("DataWriter", "notice", "announce writer", **fields)
    for name in TOPICS:
        account.line("DataReader", "notice", "announce reader", object=name)
    for number in range(SAMPLES):
        writers["rt/chatter"].write(Text(f"hello {number}"))
        account.line("write", "notice", "publish", object="rt/chatter")
        twist = Twist(Vector(0.1 * number, 0, 0), Vector(0, 0, 0.2))
        writers["rt/cmd_vel"].write(twist)
        account.line("write", "notice", "publish", object="rt/cmd_vel", intent="operate")
        writers["rq/add_two_intsRequest"].write(Request(1, number, 2, 3))
        account.line("write", "notice", "publish", object="rq/add_two_intsRequest")
        time.sleep(0.1)
    output, _ = reader.communicate(timeout=30)
    harness.check("samples", output.split()[-1], str(SAMPLES * len(TOPICS)))
