"""Cyclone DDS: a participant that publishes and one that subscribes, as ROS 2 names its topics."""

import multiprocessing
import subprocess
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


#: Topics as ROS 2 gives them to DDS, and what we call them: ROS's own name, and its type.
TOPICS = {
    "rt/chatter": (Text, "/chatter", "std_msgs/msg/String"),
    "rt/cmd_vel": (Twist, "/cmd_vel", "geometry_msgs/msg/Twist"),
    "rq/add_two_intsRequest": (
        Request,
        "/add_two_ints",
        "example_interfaces/srv/AddTwoInts_Request",
    ),
}
#: What writing a sample of each is: only velocities are known to move a machine.
WRITES = {
    "rt/chatter": ("notice", "publish", "unknown"),
    "rt/cmd_vel": ("notice", "publish motion", "operate"),
    "rq/add_two_intsRequest": ("request", "call service", "unknown"),
}


def subscribe(taken):
    """The subscriber, a process of its own, so that samples pass over the network."""
    participant = DomainParticipant(DOMAIN)
    topics = [Topic(participant, name, kind) for name, (kind, _, _) in TOPICS.items()]
    readers = [DataReader(participant, topic, qos=RELIABLE) for topic in topics]
    count = 0
    while count < SAMPLES * len(TOPICS):
        count += sum(len(reader.take()) for reader in readers)
        time.sleep(0.02)
    taken.put(count)
    time.sleep(harness.LIMIT_S)


def main(account):
    subprocess.run(["ip", "link", "set", "lo", "multicast", "on"], check=True)
    subprocess.run(["ip", "route", "add", "224.0.0.0/4", "dev", "lo"], check=True)
    fork = multiprocessing.get_context("fork")
    taken = fork.Queue()
    reader = fork.Process(target=subscribe, args=(taken,), daemon=True)
    reader.start()
    participant = DomainParticipant(DOMAIN)
    writers = {
        name: DataWriter(participant, Topic(participant, name, kind), qos=RELIABLE)
        for name, (kind, _, _) in TOPICS.items()
    }
    while not all(writer.get_matched_subscriptions() for writer in writers.values()):
        time.sleep(0.05)
    for what, intent in (("writer", "session"), ("reader", "observe")):
        for _, name, kind in TOPICS.values():
            fields = {"object": name, "intent": intent, "values": [f"type {kind} "]}
            account.line(f"Data{what.capitalize()}", "notice", f"announce {what}", **fields)
    time.sleep(0.5)
    for number in range(SAMPLES):
        samples = (
            Text(f"hello {number}"),
            Twist(Vector(0.1 * number, 0, 0), Vector(0, 0, 0.2)),
            Request(1, number, 2, 3),
        )
        for (topic, writer), sample in zip(writers.items(), samples):
            writer.write(sample)
            kind, operation, intent = WRITES[topic]
            fields = {"object": TOPICS[topic][1], "values": [f"seq {number + 1} "]}
            account.line("write", kind, operation, intent=intent, **fields)
            time.sleep(0.05)
    harness.check("samples", taken.get(timeout=20), SAMPLES * len(TOPICS))
    writer = sample = None
    for topic in TOPICS:
        del writers[topic]
        account.line("del DataWriter", "notice", "dispose writer", object=TOPICS[topic][1])
    # Cyclone names a participant after its process.
    name = f"python ({participant.guid.hex[:24]})"
    del participant
    account.line("del DomainParticipant", "notice", "dispose participant", object=name)


#: What keeps the participants in touch, and sequences whole.
BESIDE = [
    "announce participant",
    "assert liveliness",
    "heartbeat",
    "acknack",
    "gap",
    "type lookup request",
    "type lookup reply",
]
harness.record(main, "cyclonedds", ["rtps"], beside=BESIDE, at_once=True)
