import {
  context,
  newDriver,
  noHost,
  noUsers,
  TestHost,
  type TestUser,
} from "../../plugins/drivers/paramiko/test-host.ts";
import { PARAMIKO, pythonPackages, runPython } from "../python-original.ts";
import { atLeast, type BenchRow, quantile } from "../report.ts";

const TIMES = 1000;
const ROUNDS = 3;

/**
 * 1,000 short commands on one host over one connection, against the same OpenSSH server as paramiko: one after the other, as a job runs its commands, and as many at once as the server takes. Ours are
 * medians of three rounds; paramiko, which takes a minute, has one.
 */
export async function benchCommands(): Promise<BenchRow[]> {
  if (noHost) return [{ name: `short commands, not measured: ${noHost}`, value: 0, unit: "" }];
  const driver = newDriver();
  const host = await TestHost.start();
  try {
    // What the machine's own users have in their shells' startup files would be measured too.
    const user = noUsers ? host.me() : withKey(host.user({ shell: "/bin/sh" }), host.me());
    const session = await driver.connect(host.target(user), context());
    const run = async () => {
      const { output } = await driver.executeCommand(session, { command: "echo done" }, context());
      if (output !== "done\n") throw new Error(`the host said ${JSON.stringify(output)}`);
    };
    await run();
    const alone: number[] = [];
    const together: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(await seconds(() => oneByOne(run)));
      together.push(await seconds(() => Promise.all(Array.from({ length: TIMES }, run))));
    }
    await driver.disconnect(session);
    return rows(quantile(alone, 0.5), quantile(together, 0.5), paramiko(host, user));
  } finally {
    host.close();
  }
}

function rows(alone: number, together: number, theirs: number): BenchRow[] {
  return [
    { name: "1,000 short commands, one after the other", value: alone, unit: "s" },
    { name: "1,000 short commands, at once", value: together, unit: "s" },
    { name: "1,000 short commands, paramiko", value: theirs, unit: "s" },
    atLeast("paramiko's time / ours, one after the other", theirs / alone, "x", 5),
    atLeast("paramiko's time / ours, at once", theirs / together, "x", 5),
  ];
}

function withKey(user: TestUser, { credential }: TestUser): TestUser {
  const { privateKey = "" } = credential;
  return { ...user, credential: { ...user.credential, privateKey } };
}

async function oneByOne(run: () => Promise<void>): Promise<void> {
  for (let n = 0; n < TIMES; n++) await run();
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return (performance.now() - began) / 1000;
}

function paramiko(host: TestHost, user: TestUser): number {
  const packages = pythonPackages([PARAMIKO], { withDependencies: true });
  const login = { port: host.port, username: user.credential.username ?? "", key: host.file("key") };
  return runPython(packages, "transfer/paramiko_commands.py", { ...login, times: TIMES });
}
