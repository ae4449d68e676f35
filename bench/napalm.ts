import { CommandRefused, type Getter, runGetter } from "../plugins/drivers/napalm/getter.ts";
import { NapalmDriver } from "../plugins/drivers/napalm/index.ts";
import { CertificateAuthority } from "../src/certificates/authority.ts";
import { getterAdapters, getterOf } from "../src/cli/conformance/napalm/adapters.ts";
import { parseXml } from "../src/device/xml/index.ts";
import type { DeviceTarget, OperationContext } from "../src/plugin/index.ts";
import { simulateEapi } from "../src/simulator/eapi/server.ts";
import { type ReplyCase, replyCases } from "./napalm/replies.ts";
import { pythonPackages, runPython } from "./python-original.ts";
import { atLeast, type BenchRow, printRows, quantile } from "./report.ts";

const RUNS = 200;
const DEVICES = 20;

/**
 * Getters of eos, ios and junos in process against Python's NAPALM, over the same replies in the same run: from the decoded reply (what the
 * transport gives a getter: JSON data, text, an XML tree) to the model, and from the reply's text on, where both wait for their parsers of
 * JSON and XML. Then the facts of 20 simulated devices, asked for by one worker's driver at once.
 */
export async function bench(): Promise<BenchRow[]> {
  return [...(await againstPython()), ...(await manyDevices())];
}

async function againstPython(): Promise<BenchRow[]> {
  const cases = replyCases();
  const packages = pythonPackages(["napalm==5.2.0"], { withDependencies: true });
  const python = runPython<Figures>(packages, "napalm/napalm_original.py", { cases, runs: RUNS });
  const ours: Figures = { decoded: [], fromText: [] };
  for (const one of cases) {
    ours.decoded.push(await msPerCall(one, true));
    ours.fromText.push(await msPerCall(one, false));
  }
  const groups = Map.groupBy(cases.keys(), (index) => `${cases[index]?.driver} ${cases[index]?.getter}`);
  return [...groups].flatMap(([name, indices]) => {
    const sum = (times: readonly number[]) =>
      indices.reduce((total, index) => total + (times[index] ?? Number.NaN), 0);
    return [
      { name: `NAPALM: ${name}, a call`, value: sum(ours.decoded) / indices.length, unit: "ms" },
      atLeast(`NAPALM: ${name}, times Python's speed`, sum(python.decoded) / sum(ours.decoded), "x", 10),
      {
        name: `NAPALM: ${name} from the reply's text on, times Python's speed`,
        value: sum(python.fromText) / sum(ours.fromText),
        unit: "x",
      },
    ];
  });
}

/** Milliseconds of each case. */
interface Figures {
  readonly decoded: number[];
  readonly fromText: number[];
}

/** The median over many calls. */
async function msPerCall(one: ReplyCase, decoded: boolean): Promise<number> {
  const adapter = getterAdapters[one.driver];
  const getter = adapter && getterOf(adapter, one.getter);
  if (!getter) throw new Error(`there is no ${one.getter} of ${one.driver}`);
  const answer = answersOf(one, decoded);
  const call = () =>
    runGetter(getter as Getter<unknown, unknown, unknown>, { args: {}, now: 1_760_000_000 }, answer);
  for (let run = 0; run < RUNS; run++) await call();
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return quantile(times, 0.5);
}

/** Answers as each platform's link does. */
function answersOf(
  { driver, texts, facts, uptime }: ReplyCase,
  decoded: boolean,
): (request: unknown) => Promise<unknown> {
  const remembered = new Map<string, unknown>();
  const decode = (name: string, parse: (text: string) => unknown) => {
    const reply = remembered.get(name) ?? parse(text(name));
    if (decoded) remembered.set(name, reply);
    return reply;
  };
  const text = (name: string) => {
    const found = texts[name];
    if (found === undefined) throw new CommandRefused(`there is no reply to ${name}`);
    return found;
  };
  switch (driver) {
    case "eos":
      return async (request) =>
        (request as { commands: readonly string[] }).commands.map((command) => decode(command, JSON.parse));
    case "ios":
      return async (request) => text((request as { command: string }).command);
    case "junos": {
      const known = new Map(
        getterAdapters.junos
          ?.further?.({ pyez_facts: facts, pyez_uptime: uptime })
          .map(({ fact, value }) => [fact, value]),
      );
      return async (request) => {
        const { fact, rpc = "" } = request as { fact?: string; rpc?: string };
        return fact === undefined ? decode(rpc, parseXml) : known.get(fact);
      };
    }
  }
}

async function manyDevices(): Promise<BenchRow[]> {
  const authority = CertificateAuthority.create("bench authority");
  const tls = authority.issue({ commonName: "leaf", hosts: ["127.0.0.1"] });
  const [eos] = replyCases().filter(({ driver, getter }) => driver === "eos" && getter === "get_facts");
  const replies = Object.fromEntries(
    Object.entries(eos?.texts ?? {}).map(([command, text]) => [command, JSON.parse(text)]),
  );
  const devices = await Promise.all(Array.from({ length: DEVICES }, () => simulateEapi({ tls, replies })));
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const driver = new NapalmDriver({ config: {}, log, random: Math.random });
  const context: OperationContext = { signal: new AbortController().signal, log, beforeWrite: quiet };
  const targets = devices.map(
    ({ host, port }, index): DeviceTarget => ({
      name: `leaf${index}`,
      host,
      port,
      credential: { username: "admin", password: "admin", data: { "ca.crt": authority.certificate } },
      hostKeys: { policy: "Strict", fingerprints: [] },
      args: { platform: "eos" },
    }),
  );
  const start = performance.now();
  const sessions = await Promise.all(targets.map((target) => driver.connect(target, context)));
  const facts = () =>
    Promise.all(sessions.map((session) => driver.call(session, { method: "get_facts", args: [] }, context)));
  await facts();
  const cold = performance.now() - start;
  const warmStart = performance.now();
  await facts();
  const warm = performance.now() - warmStart;
  await Promise.all(sessions.map((session) => driver.disconnect(session, context)));
  await Promise.all(devices.map((device) => device.close()));
  return [
    { name: `NAPALM: facts of ${DEVICES} devices at once, logins included`, value: cold, unit: "ms" },
    { name: `NAPALM: facts of ${DEVICES} devices at once, sessions open`, value: warm, unit: "ms" },
  ];
}

if (import.meta.main) printRows(await bench(), process.argv.includes("--json"));
