"""mqtt-spb-wrapper is a SCADA host, an edge node and its device, around mosquitto."""

import subprocess
import time

from mqtt_spb_wrapper import MqttSpbEntityDevice, MqttSpbEntityEdgeNode, MqttSpbEntityScada

import harness

PORT = 1883
GROUP, NODE, DEVICE, HOST = "plant", "edge1", "press", "scada"
#: Seconds after which everybody has what was published. The host subscribes to the whole group,
#: a node and a device to their commands and to the host's state.
SETTLE_S = 0.4


def broker():
    settings = harness.scratch("mosquitto.conf")
    with open(settings, "w") as file:
        file.write(f"user root\nlistener {PORT} 127.0.0.1\nallow_anonymous true\n")
    subprocess.Popen(["mosquitto", "-c", settings])
    harness.wait_for(PORT)


class Group:
    """The three, and what each of them publishes."""

    def __init__(self, account):
        self.account = account
        self.host = MqttSpbEntityScada(GROUP, HOST)
        self.node = MqttSpbEntityEdgeNode(GROUP, NODE)
        self.device = MqttSpbEntityDevice(GROUP, NODE, DEVICE)
        self.got = []
        self.node.on_command = lambda payload: self.got.append(("ncmd", payload))
        self.device.on_command = lambda payload: self.got.append(("dcmd", payload))
        self.host.on_message = lambda topic, payload: self.got.append((str(topic), payload))

    def say(self, operation, place, copies, values=(), intent="observe", kind="notice"):
        """One publication, and its copies from the broker to those who subscribed."""
        for _ in range(1 + copies):
            fields = {"object": place, "intent": intent, "values": list(values)}
            self.account.line(operation, kind, operation, **fields)

    def connect(self):
        wills = (f"STATE/{HOST}", f"NDEATH/{NODE}", f"DDEATH/{NODE}/{DEVICE}")
        for entity, will in zip((self.host, self.node, self.device), wills):
            harness.check("connect", entity.connect("127.0.0.1", PORT), True)
            time.sleep(SETTLE_S)
            nameless = "no user name: the client does not say who it is"
            fields = {"values": [f'will "spBv1.0/{GROUP}/{will}"'], "anomaly": nameless}
            self.account.line("connect", "request", "connect", protocol="mqtt", **fields)
            fields = {"object": f"spBv1.0/{GROUP}/{will}", "protocol": "mqtt"}
            self.account.line("connect", "notice", "will", **fields)
        for entity in (self.node, self.device):
            entity.attributes.set_value("Hardware Make", "Acme")
            entity.data.set_value("temp", 21.5)
            entity.data.set_value("count", 7)
            entity.data.set_value("on", True)
            entity.commands.set_value("speed", 0)

    def births(self):
        metrics = ['Hardware Make Text = "Acme"', "temp Double = 21.5", "count Int64 = 7"]
        self.host.publish_birth()
        time.sleep(SETTLE_S)
        # The host gets its own state too, and so do the node and the device.
        self.say("state", f"{GROUP}/{HOST}", copies=3, values=["ONLINE"])
        self.node.publish_birth()
        time.sleep(SETTLE_S)
        self.say("nbirth", f"{GROUP}/{NODE}", copies=1, values=metrics)
        self.device.publish_birth()
        time.sleep(SETTLE_S)
        self.say("dbirth", f"{GROUP}/{NODE}/{DEVICE}", copies=1, values=metrics)

    def readings(self):
        for number in range(3):
            for entity, operation, place in (
                (self.node, "ndata", f"{GROUP}/{NODE}"),
                (self.device, "ddata", f"{GROUP}/{NODE}/{DEVICE}"),
            ):
                entity.data.set_value("temp", 22.5 + number)
                entity.data.set_value("count", -number - 1)
                entity.publish_data()
                time.sleep(SETTLE_S)
                values = [f"temp Double = {22.5 + number:g}", f"count Int64 = {-number - 1}"]
                self.say(operation, place, copies=1, values=values)

    def commands(self):
        node = self.host.get_edge_node(NODE)
        device = self.host.get_edge_device(NODE, DEVICE)
        rows = [
            (node, "ncmd", f"{GROUP}/{NODE}", "speed", 7, "Int64 = 7", "operate"),
            (device, "dcmd", f"{GROUP}/{NODE}/{DEVICE}", "speed", 5, "Int64 = 5", "operate"),
            (
                node,
                "ncmd",
                f"{GROUP}/{NODE}",
                "Node Control/Rebirth",
                True,
                "Boolean = true",
                "session",
            ),
        ]
        for entity, operation, place, name, value, shown, intent in rows:
            entity.send_command(name, value, force=True)
            time.sleep(SETTLE_S)
            # To the one who is commanded, and to the host that subscribed to everything.
            values = [f"{name} {shown}"]
            self.say(operation, place, 2, values, intent, "request")

    def deaths(self):
        for entity, operation, place, copies in (
            (self.device, "ddeath", f"{GROUP}/{NODE}/{DEVICE}", 1),
            (self.node, "ndeath", f"{GROUP}/{NODE}", 1),
            (self.host, "state", f"{GROUP}/{HOST}", 1),
        ):
            entity.disconnect()
            time.sleep(SETTLE_S)
            values = ["OFFLINE"] if operation == "state" else []
            self.say(operation, place, copies, values)


def main(account):
    broker()
    group = Group(account)
    for step in (group.connect, group.births, group.readings, group.commands, group.deaths):
        step()


#: The MQTT below is paho's, and compared in a script of its own.
BELOW = ["connack", "subscribe", "suback", "disconnect"]
harness.record(main, "mqtt-spb-wrapper", ["sparkplug-b", "mqtt"], beside=BELOW)
