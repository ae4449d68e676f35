import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadDeviceTypes } from "../../../test/fake-device/index.ts";
import { detectionCases } from "./netmiko/detections.ts";
import { deviceTypeCases } from "./netmiko/device-types.ts";
import { dialogueCases } from "./netmiko/dialogues.ts";
import { robustnessCases } from "./netmiko/robustness.ts";
import { textCases } from "./netmiko/text-functions.ts";
import type { ConformanceSuite } from "./suite.ts";

/** The driver against a fake device in this process, compared with what Netmiko sent and returned. */
export const suite: ConformanceSuite = {
  name: "netmiko",
  *cases(folder) {
    if (!existsSync(join(folder, "platforms.json"))) return;
    yield* textCases(folder);
    yield* detectionCases(folder);
    const types = loadDeviceTypes(folder);
    yield* dialogueCases(folder, types);
    yield* deviceTypeCases(types);
    yield* robustnessCases(folder, types);
  },
};
