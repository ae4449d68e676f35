import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";

const TEXT = readFileSync(join(import.meta.dirname, "host.sh"), "utf8");
const shells: readonly { name: string; program: string; args: readonly string[] }[] = [
  { name: "dash", program: "/usr/bin/dash", args: [] },
  { name: "bash", program: "/usr/bin/bash", args: ["--posix"] },
  { name: "busybox", program: "/usr/bin/busybox", args: ["sh"] },
  { name: "mksh", program: "/usr/bin/mksh", args: [] },
];

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A home of its own, in which `sh` is the given shell. */
function home(program: string, args: readonly string[], text = TEXT) {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-shell-"));
  folders.push(folder);
  mkdirSync(join(folder, "bin"));
  const words = [program, ...args].join(" ");
  writeFileSync(join(folder, "bin/sh"), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  const env = { HOME: folder, PATH: `${folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin`, SHELL: "/bin/sh" };
  const ask = (subcommand: readonly string[], input = "") => {
    const start = 'text=$1; shift; eval "$text"';
    const { stdout } = spawnSync(program, [...args, "-c", start, "netpulse", text, ...subcommand], {
      env,
      input,
      encoding: "utf8",
      timeout: 20_000,
    });
    return stdout.trimEnd();
  };
  const start = (id: string, command: string) => {
    const work = `exec "$netpulse_shell" -c '${command}'\n`;
    return ask(["start", id, String(work.length), String(work.length), "nonce"], work);
  };
  return { folder, ask, start };
}

describe.each(shells)("the host's side in $name", ({ program, args }) => {
  const missing = existsSync(program) ? undefined : `${program} is not installed`;

  test.skipIf(missing)(`works${missing ? ` (skipped: ${missing})` : ""}`, async () => {
    const { ask, start } = home(program, args);
    expect(start("one", "echo out; echo err >&2; exit 3")).toBe("started");
    await vi.waitUntil(() => ask(["follow", "one", "0", "100"]).startsWith("Exited"), { timeout: 10_000 });
    const [line = "", ...log] = ask(["follow", "one", "0", "100"]).split("\n");
    expect(line).toMatch(/^Exited 3 \S+Z \S+Z 8 0$/);
    expect(log).toEqual(["out", "err"]);
    expect(ask(["follow", "one", "4", "2"]).split("\n")[1]).toBe("er");
    expect(start("one", "echo again")).toBe("there");

    expect(start("two", "echo up; sleep 300 & sleep 300")).toBe("started");
    expect(ask(["forget", "two"])).toBe("running");
    expect(
      ask(["list"])
        .split("\n")
        .map((each) => each.slice(0, 11)),
    ).toEqual(["one Exited ", "two Running"]);
    expect(ask(["cancel", "two"])).toBe("ended");
    expect(ask(["forget", "two"])).toBe("forgotten");
    expect(ask(["list"])).toMatch(/^one Exited 3 \S+$/);
    expect(ask(["cancel", "none"])).toBe("none");
  });
});

test("of a log that grows too large the end stays, under the offsets that it had", () => {
  // Pieces of one block of 4 KiB instead of 64 MiB.
  const text = TEXT.replace("-size +131071", "-size +7").replace("bs=65536 count=64", "bs=4096 count=1");
  const { folder, ask } = home("/bin/sh", [], text);
  const kept = join(folder, ".local/state/netpulse/big");
  mkdirSync(kept, { recursive: true });
  const log = Array.from({ length: 25_000 }, (_, n) => String(n).padStart(7, "0")).join("\n");
  const file = join(folder, "log");
  writeFileSync(file, log);
  // From a file, of which each read gives a whole block.
  execFileSync("/bin/sh", ["-c", `text=$1; shift; eval "$text" < ${file}`, "netpulse", text, "keep", kept]);

  const pieces = readdirSync(kept).filter((name) => name.startsWith("log."));
  expect(pieces.length).toBeGreaterThanOrEqual(11);
  expect(pieces.length).toBeLessThanOrEqual(16);
  const [line = "", ...rest] = ask(["follow", "big", "0", "1000000"]).split("\n");
  const [state, , , , size, first] = line.split(" ");
  expect([state, Number(size)]).toEqual(["Lost", log.length]);
  expect(Number(first)).toBeGreaterThan(0);
  expect(rest.join("\n")).toBe(log.slice(Number(first)));
});
