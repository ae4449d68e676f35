/** Process of simulated devices: `devices.ts <count> <password>` prints their ports and fingerprints as one line of JSON. */
import { simulate } from "../../src/simulator/index.ts";

const [count = "1", password = ""] = process.argv.slice(2);
const devices = await Promise.all(
  Array.from({ length: Number(count) }, () =>
    simulate({ platform: "cisco_ios", username: "admin", password }),
  ),
);
console.log(JSON.stringify(devices.map(({ port, fingerprint }) => ({ port, fingerprint }))));
