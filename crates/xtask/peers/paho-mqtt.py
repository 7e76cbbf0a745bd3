"""paho speaks MQTT 3.1, 3.1.1 and 5 to mosquitto: with and without a user, with a wrong password."""

import subprocess
import threading
import time

import paho.mqtt.client as mqtt

import harness

OPEN, CLOSED = 1883, 1884
#: More than paho and mosquitto let be under way at once (20).
BURST = 30
NAMELESS = "no user name: the client does not say who it is"
VERSIONS = [(mqtt.MQTTv31, "3.1"), (mqtt.MQTTv311, "3.1.1"), (mqtt.MQTTv5, "5")]


def broker():
    """mosquitto, once for everybody and once for those who know the password."""
    passwords = harness.scratch("passwords")
    open(passwords, "w").close()
    subprocess.run(["mosquitto_passwd", "-b", passwords, "joe", "secret"], check=True)
    settings = harness.scratch("mosquitto.conf")
    with open(settings, "w") as file:
        file.write(
            f"user root\nper_listener_settings true\nsys_interval 0\n"
            f"listener {OPEN} 127.0.0.1\nallow_anonymous true\n"
            f"listener {CLOSED} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
        )
    subprocess.Popen(["mosquitto", "-c", settings])
    harness.wait_for(CLOSED)


class Session:
    """One client that waits for the answer to each thing that it does."""

    def __init__(self, account, version, name, port, user=None):
        self.account, self.name = account, name
        self.happened = threading.Condition()
        self.events = []
        kind, self.version = version
        self.client = mqtt.Client(client_id=name, protocol=kind)
        if user:
            self.client.username_pw_set(*user)
        self.user = user[0] if user else None
        self.client.on_connect = lambda *a: self.note("connected", a[3])
        self.client.on_subscribe = lambda *a: self.note("subscribed", a[3])
        self.client.on_unsubscribe = lambda *a: self.note("unsubscribed", None)
        self.client.on_publish = lambda *a: self.note("published", a[2])
        self.client.on_message = lambda *a: self.note("message", a[2])
        self.client.connect("127.0.0.1", port, 60)
        self.client.loop_start()
        who = f'user "{self.user}"' if self.user else "anonymous"
        fields = {"object": name, "values": [f"version {self.version} ", who]}
        fields["anomaly"] = None if self.user else NAMELESS
        account.line("connect", "request", "connect", intent="session", **fields)
        self.code = self.wait("connected")

    def note(self, event, value):
        with self.happened:
            self.events.append((event, value))
            self.happened.notify_all()

    def wait(self, event):
        """The value of the next such event."""
        with self.happened:
            if not self.happened.wait_for(lambda: any(e == event for e, _ in self.events), 10):
                raise TimeoutError(f"{self.name} waits for {event}")
            found = next(one for one in self.events if one[0] == event)
            self.events.remove(found)
            return found[1]

    def subscribe(self, topic, qos, anomaly=None):
        self.client.subscribe(topic, qos)
        granted = self.wait("subscribed")[0]
        call, fields = f"subscribe({topic})", {"object": topic}
        asked = {"intent": "observe", "anomaly": anomaly, "values": [f"wants [qos {qos}]"]}
        self.account.line(call, "request", "subscribe", **asked, **fields)
        values = [f"granted [qos {int(getattr(granted, 'value', granted))}]"]
        self.account.line(call, "response", "suback", outcome="ok", values=values, **fields)

    def publish(self, topic, payload, qos):
        """What goes to the broker, and the handshake that its quality wants."""
        self.client.publish(topic, payload, qos)
        self.wait("published")
        fields = {"object": topic, "intent": "operate"}
        values = [f"qos {qos} ", f'"{payload}"']
        self.account.line("publish", "request", "publish", values=values, **fields)
        if qos == 1:
            self.account.line("publish", "response", "puback", object=topic, outcome="ok")
        elif qos == 2:
            self.account.line("publish", "response", "pubrec", object=topic, outcome="ok")
            self.account.line("publish", "request", "pubrel", object=topic)
            self.account.line("publish", "response", "pubcomp", object=topic, outcome="ok")

    def receive(self, payload, qos):
        """What the broker sends because of a subscription."""
        got = self.wait("message")
        harness.check("payload and quality", (got.payload.decode(), got.qos), (payload, qos))
        values = [f"qos {qos} ", f'"{payload}"']
        fields = {"object": got.topic, "intent": "observe"}
        self.account.line("on_message", "notice", "publish", values=values, **fields)
        if qos == 1:
            self.account.line("on_message", "response", "puback", object=got.topic, outcome="ok")

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()
        self.account.line("disconnect", "request", "disconnect", intent="session")


def admitted(account, version, name, port, user=None):
    """A session that the broker lets in."""
    session = Session(account, version, name, port, user)
    harness.check("the broker's answer", session.code, 0)
    account.line("connect", "response", "connack", object=name, outcome="ok")
    return session


def talk(account, version, name, port, user=None):
    """Subscribes, publishes with each quality, unsubscribes."""
    writer = admitted(account, version, name, port, user)
    writer.subscribe("other/#", 0)
    writer.subscribe("#", 1, "subscribes to every topic")
    writer.client.unsubscribe("#")
    writer.wait("unsubscribed")
    account.line("unsubscribe", "request", "unsubscribe", object="#", intent="session")
    account.line("unsubscribe", "response", "unsuback", object="#", outcome="ok")
    for qos in (0, 1, 2):
        writer.publish(f"plant/{qos}", f"21.{qos}", qos)
    writer.close()


def between(account, version):
    """From one client to another; the subscriber's quality is the bound."""
    reader = admitted(account, version, f"reader {version[1]}", OPEN)
    reader.subscribe("plant/+/temp", 1)
    writer = admitted(account, version, f"writer {version[1]}", OPEN)
    for qos in (0, 1):
        writer.publish("plant/a/temp", f"22.{qos}", qos)
        reader.receive(f"22.{qos}", qos)
        # The broker has the acknowledgement before the next message comes.
        time.sleep(0.1)
    writer.close()
    reader.close()


def burst(account, version):
    """Many messages under way at once."""
    writer = admitted(account, version, f"burst {version[1]}", OPEN)
    for number in range(BURST):
        writer.client.publish(f"burst/{number}", "x", 1)
    for number in range(BURST):
        account.line("burst", "request", "publish", object=f"burst/{number}", intent="operate")
        account.line("burst", "response", "puback", object=f"burst/{number}", outcome="ok")
    for _ in range(BURST):
        writer.wait("published")
    writer.close()


def main(account):
    broker()
    for version in VERSIONS:
        talk(account, version, f"open {version[1]}", OPEN)
        talk(account, version, f"known {version[1]}", CLOSED, ("joe", "secret"))
        stranger = Session(account, version, f"wrong {version[1]}", CLOSED, ("joe", "wrong"))
        refused = "not authorized"
        harness.check("the broker's answer", stranger.code != 0, True)
        fields = {"object": stranger.name, "outcome": refused}
        account.line("connect", "response", "connack", **fields)
        stranger.client.loop_stop()
        between(account, version)
        burst(account, version)


harness.record(main, "paho-mqtt", ["mqtt"])
