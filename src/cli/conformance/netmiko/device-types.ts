import { failedLine, failureRules } from "../../../../plugins/drivers/netmiko/failures.ts";
import { type Platform, type Steps, stepList } from "../../../../plugins/drivers/netmiko/platform.ts";
import {
  type DeviceTypes,
  type FakeDevice,
  type FakeDeviceOptions,
  startFakeDevice,
} from "../../../../test/fake-device/index.ts";
import type { ChangeResult, ConfigChange } from "../../../plugin/index.ts";
import { type CaseOutcome, type ConformanceCase, compare } from "../suite.ts";
import { briefly, connect, type OpenSession } from "./driver-calls.ts";
import { candidateWays } from "./excuses.ts";
import { platformOf } from "./platforms.ts";

const FILE = "platforms.json";
const SESSION_MS = 8000;
const REFUSAL = "                 ^\n% Invalid input detected at '^' marker.\n";

/** The fake device enters these modes only by commands that no command line has, or not at all. */
const NOT_PLAYED = /^(?:autodetect|audiocode_.*|teldat_cit.*|tplink_jetstream.*|.*_serial)$/;
/** The fake asks for a password on the way to the system view, which is no enable there. */
const WITHOUT_SECRET = /comware/;

/**
 * Every device type, also those of which no session was recorded: a change is accepted, committed and saved; a refused line is the last
 * one, and nothing is committed or saved after it.
 */
export function* deviceTypeCases(types: DeviceTypes): Generator<ConformanceCase> {
  for (const type of playedTypes(types)) yield { id: type, file: FILE, run: () => tryChanges(type, types) };
}

/** The device types whose configuration mode the fake device can play. */
export function playedTypes(types: DeviceTypes): string[] {
  return [...types.types.keys()].filter((type) => !NOT_PLAYED.test(type));
}

/** A fake device of this type and the keyword arguments with which ConnectHandler would log in to it. */
export async function startPlayed(type: string, types: DeviceTypes) {
  const device = await startFakeDevice(types, type, optionsFor(type, platformOf(type)));
  const kwargs = {
    device_type: type,
    host: "127.0.0.1",
    username: "user",
    password: "pass",
    secret: "secret",
  };
  return { device, kwargs };
}

async function tryChanges(type: string, types: DeviceTypes): Promise<CaseOutcome> {
  const platform = platformOf(type);
  const { device: started, kwargs } = await startPlayed(type, types);
  await using device = started;
  const open = await connect(kwargs, device.port, briefly(SESSION_MS));
  try {
    const accepted = await change(open, ["line one", "line two"]);
    const expected = { error: undefined, committed: commits(platform), saved: platform.save !== undefined };
    const got = { error: accepted.error?.message, committed: accepted.committed, saved: accepted.saved };
    const good = compare(expected, got);
    const knowsRefusal = failedLine(REFUSAL, failureRules(platform)) !== undefined;
    return good.passed && knowsRefusal ? await tryRefusal(open, platform, device) : good;
  } finally {
    open.session.abort();
  }
}

async function tryRefusal(open: OpenSession, platform: Platform, device: FakeDevice): Promise<CaseOutcome> {
  const before = device.received().length;
  const refused = await change(open, ["line one", "bad line", "line three"]);
  const harmful = new Set(["line three", ...sends(platform.save), ...sends(platform.candidate?.commit)]);
  const sent = device
    .received()
    .slice(before)
    .map((entry) => entry.line.trim());
  return compare(
    { states: ["accepted", "rejected", "skipped"], committed: false, saved: false, harmful: [] },
    {
      states: refused.lines.map((line) => line.state),
      committed: refused.committed,
      saved: refused.saved,
      harmful: sent.filter((line) => harmful.has(line)),
    },
  );
}

function change({ driver, session }: OpenSession, lines: readonly string[]): Promise<ChangeResult> {
  const change: ConfigChange = {
    lines,
    mode: "Merge",
    dryRun: false,
    save: true,
    onError: "Stop",
    verify: [],
    enableMode: true,
  };
  return driver.configure(session, change, briefly(SESSION_MS));
}

function optionsFor(type: string, platform: Platform): FakeDeviceOptions {
  const telnet = type.endsWith("_telnet");
  return {
    configCommands: [...candidateWays(platform)],
    ...(WITHOUT_SECRET.test(type) ? {} : { pw: "secret" }),
    ...(platform.ssh.auth === "none" && !telnet ? { noauth: true, inband: "Username:" } : {}),
  };
}

function commits({ candidate }: Platform): boolean {
  return candidate !== undefined && candidate.use === "always";
}

function sends(steps: Steps | undefined): string[] {
  return stepList(steps)
    .map((step) => step.send)
    .filter((text) => text !== "");
}
