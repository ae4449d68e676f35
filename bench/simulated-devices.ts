import { newHostKey, simulate } from "../src/simulator/index.ts";

/** Starts simulated devices in this process and says where they are: `node bench/simulated-devices.ts cisco_ios 100`. Ends with its input. */
const [platform = "cisco_ios", count = "1"] = process.argv.slice(2);
const hostKey = newHostKey();
const devices = await Promise.all(
  Array.from({ length: Number(count) }, () =>
    simulate({ platform, startMode: "privileged", acceptsAny: true, hostKey }),
  ),
);
const [first] = devices;
process.stdout.write(
  `${JSON.stringify({ ports: devices.map((device) => device.port), fingerprint: first?.fingerprint })}\n`,
);
process.stdin.resume();
process.stdin.once("end", () => process.exit(0));
