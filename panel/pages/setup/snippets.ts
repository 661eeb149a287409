/** What is a customer's own in the code. */
export interface SetUp {
  /** Of this server, as `https://chapar.example`. */
  url: string;
  appId: string;
  publicKey: string;
}

/** A text within single or double quotes of any of these languages. */
const quoted = (text: string): string => JSON.stringify(text);

export const scriptTag = ({ url, publicKey }: SetUp): string => `<script type="module">
  import { Chapar } from ${quoted(`${url}/sdk/chapar.js`)};

  window.chapar = new Chapar(
    { url: ${quoted(url)}, publicKey: ${quoted(publicKey)} },
    { realtime: true },
  );
  chapar.on("message", (message) => console.log(message.content));
</script>`;

export const npm = ({ url, appId, publicKey }: SetUp): string => `// npm install ./path/to/chapar/dist/sdk
import { Chapar } from "chapar-sdk";

export const chapar = new Chapar(
  { url: ${quoted(url)}, appId: ${quoted(appId)}, publicKey: ${quoted(publicKey)} },
  { realtime: true },
);
chapar.on("message", (message) => show(message));`;

export const login = (): string => `// userId and userHash come from your server, for whoever has signed in.
await chapar.login(userId, userHash);

chapar.track("add_to_cart", { product: 7, value: 12.5 });
chapar.addTag("gold");

await chapar.logout();`;

export const webPush = ({ url }: SetUp): string => `// chapar-worker.js, at the root of your site:
importScripts(${quoted(`${url}/sdk/chapar-worker.js`)});

// In the page; with { webpush: { enabled: true } } beside realtime:
button.onclick = () => chapar.enablePush();`;

export const sendByCurl = ({ url }: SetUp): string => `curl -X POST "${url}/api/push/toUsers" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"user":"sara","content":"Your order is on its way."}'`;

export const sendByNode = ({
  url,
}: SetUp): string => `const answer = await fetch(${quoted(`${url}/api/push/toUsers`)}, {
  method: "POST",
  headers: {
    authorization: \`Bearer \${process.env.TOKEN}\`,
    "content-type": "application/json",
    // The same key again is the same message.
    "idempotency-key": order.id,
  },
  body: JSON.stringify({ user: order.userId, content: "Your order is on its way." }),
});
if (!answer.ok) throw new Error(await answer.text());
const { count } = await answer.json();`;

export const hashByNode = (): string => `import { createHmac } from "node:crypto";

const userHash = createHmac("sha256", process.env.CHAPAR_USER_HASH_SECRET)
  .update(userId)
  .digest("hex");`;

export const trackByCurl = ({ url }: SetUp): string => `curl -X POST "${url}/api/installations/track" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"userId":"sara","eventName":"order","eventData":{"value":99}}'`;

export const importByCurl = ({
  url,
}: SetUp): string => `curl -X POST "${url}/api/imports?name=users.csv&segment=Customers" \\
  -H "Authorization: Bearer $TOKEN" \\
  --data-binary @users.csv`;

export const importByNode = ({ url }: SetUp): string => `import { createReadStream } from "node:fs";

const url = ${quoted(`${url}/api/imports`)};
const headers = { authorization: \`Bearer \${process.env.TOKEN}\` };
let answer = await fetch(\`\${url}?name=users.csv\`, {
  method: "POST",
  headers,
  body: createReadStream("users.csv"),
  duplex: "half",
});
let item = await answer.json();
while (["queued", "validating", "importing"].includes(item.status)) {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  answer = await fetch(\`\${url}/\${item.id}\`, { headers });
  item = await answer.json();
}
console.log(item.status, item.rows);`;

export const android = ({
  url,
  appId,
  publicKey,
}: SetUp): string => `// implementation("com.hivemq:hivemq-mqtt-client:1.3.5"); not on the main thread
import com.hivemq.client.mqtt.MqttClient
import java.net.HttpURLConnection
import java.net.URI
import org.json.JSONObject

val connection = URI(${quoted(`${url}/api/installations`)}).toURL().openConnection() as HttpURLConnection
connection.requestMethod = "POST"
connection.doOutput = true
connection.setRequestProperty("X-Access-Token", ${quoted(publicKey)})
connection.setRequestProperty("Content-Type", "application/json")
val about = JSONObject().put("deviceType", "android").put("launchCount", launches).put("deviceToken", firebaseToken)
connection.outputStream.use { it.write(about.toString().toByteArray()) }
val device = JSONObject(connection.inputStream.bufferedReader().readText())

val id = device.getString("id")
val mqtt = device.getJSONObject("mqtt")
val broker = URI(mqtt.getString("url"))
val base = "app/${appId}/installation/$id"
val client = MqttClient.builder().useMqttVersion3()
  .identifier(mqtt.getString("clientId"))
  .serverHost(broker.host).serverPort(broker.port)
  .automaticReconnectWithDefaultConfig()
  .buildAsync()
client.connectWith()
  .simpleAuth().username(mqtt.getString("username")).password(mqtt.getString("password").toByteArray()).applySimpleAuth()
  .willPublish().topic("$base/presence").payload("{}".toByteArray()).applyWillPublish()
  .send().get()
client.subscribeWith().topicFilter("$base/inbox").callback { publish ->
  val message = JSONObject(String(publish.payloadAsBytes))
  val ack = JSONObject().put("id", message.getString("id")).put("state", "delivered")
  client.publishWith().topic("$base/ack").payload(ack.toString().toByteArray()).send()
  show(message.getString("content"))
}.send().get()
// Now comes what waits.
client.publishWith().topic("$base/hello").payload("{}".toByteArray()).send()`;

export const ios = ({
  url,
  appId,
  publicKey,
}: SetUp): string => `// Package: https://github.com/emqx/CocoaMQTT
import CocoaMQTT
import Foundation

struct Device: Decodable {
  struct Mqtt: Decodable { let url, clientId, username, password: String }
  let id: String
  let mqtt: Mqtt
}

var request = URLRequest(url: URL(string: ${quoted(`${url}/api/installations`)})!)
request.httpMethod = "POST"
request.setValue(${quoted(publicKey)}, forHTTPHeaderField: "X-Access-Token")
request.setValue("application/json", forHTTPHeaderField: "Content-Type")
request.httpBody = try JSONSerialization.data(withJSONObject: [
  "deviceType": "ios", "launchCount": launches, "deviceToken": apnsTokenInHex,
])
let (data, _) = try await URLSession.shared.data(for: request)
let device = try JSONDecoder().decode(Device.self, from: data)

let base = "app/${appId}/installation/\\(device.id)"
let broker = URL(string: device.mqtt.url)!
let client = CocoaMQTT(clientID: device.mqtt.clientId, host: broker.host!, port: UInt16(broker.port ?? 1883))
client.username = device.mqtt.username
client.password = device.mqtt.password
client.autoReconnect = true
client.willMessage = CocoaMQTTMessage(topic: "\\(base)/presence", string: "{}", qos: .qos1)
client.didConnectAck = { mqtt, _ in mqtt.subscribe("\\(base)/inbox", qos: .qos1) }
// Now comes what waits.
client.didSubscribeTopics = { mqtt, _, _ in mqtt.publish("\\(base)/hello", withString: "{}", qos: .qos1) }
client.didReceiveMessage = { mqtt, message, _ in
  guard let bytes = message.string?.data(using: .utf8),
    let json = try? JSONSerialization.jsonObject(with: bytes) as? [String: Any],
    let id = json["id"] as? String
  else { return }
  mqtt.publish("\\(base)/ack", withString: "{\\"id\\":\\"\\(id)\\",\\"state\\":\\"delivered\\"}", qos: .qos1)
  show(json["content"] as? String ?? "")
}
_ = client.connect()`;

export const flutter = ({ url, appId, publicKey }: SetUp): string => `// dependencies: http, mqtt_client
import 'dart:convert';
import 'package:http/http.dart' as http;
import 'package:mqtt_client/mqtt_client.dart';
import 'package:mqtt_client/mqtt_server_client.dart';

final answer = await http.post(
  Uri.parse(${quoted(`${url}/api/installations`)}),
  headers: {'X-Access-Token': ${quoted(publicKey)}, 'Content-Type': 'application/json'},
  body: jsonEncode({'deviceType': 'android', 'launchCount': launches, 'deviceToken': firebaseToken}),
);
final device = jsonDecode(answer.body);
final mqtt = device['mqtt'];
final broker = Uri.parse(mqtt['url']);
final base = 'app/${appId}/installation/\${device['id']}';

final client = MqttServerClient.withPort(broker.host, mqtt['clientId'], broker.port);
client.autoReconnect = true;
client.connectionMessage = MqttConnectMessage()
    .withClientIdentifier(mqtt['clientId'])
    .withWillTopic('$base/presence')
    .withWillMessage('{}')
    .withWillQos(MqttQos.atLeastOnce)
    .startClean();
await client.connect(mqtt['username'], mqtt['password']);

void say(String topic, Object body) => client.publishMessage(
    '$base/$topic', MqttQos.atLeastOnce, (MqttClientPayloadBuilder()..addUTF8String(jsonEncode(body))).payload!);

client.updates!.listen((messages) {
  for (final MqttReceivedMessage<MqttMessage> item in messages) {
    final payload = (item.payload as MqttPublishMessage).payload.message;
    final message = jsonDecode(utf8.decode(payload));
    say('ack', {'id': message['id'], 'state': 'delivered'});
    show(message['content']);
  }
});
client.subscribe('$base/inbox', MqttQos.atLeastOnce);
// Now comes what waits.
client.onSubscribed = (_) => say('hello', {});`;
