import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type BuildProgress, buildCommands } from "./go-build.ts";
import type { GoModule } from "./go-modules.ts";

const MODULE: GoModule = {
  name: "tool",
  path: "example.com/tool/v3",
  version: "v3.1.0",
  commands: { one: "example.com/tool/v3/cmd/one", tool: "example.com/tool/v3" },
  ldflags: "-s",
  aboutMinutes: 1,
};

/** A stand-in for Go: lists three packages, and "builds" by copying itself, or fails when told to. */
const GO = `#!/bin/sh
case "$1" in
  list) printf 'example.com/a\\nexample.com/b\\nexample.com/tool/v3\\n' ;;
  build)
    [ -n "$FAIL" ] && { echo "cannot find package" >&2; exit 1; }
    cp go.mod bin/one; cp go.mod bin/tool
    printf 'example.com/a\\ninternal/cpu\\nexample.com/b\\n' >&2 ;;
esac
`;

function setUp(env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), "go-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "go"), GO, { mode: 0o755 });
  const progress: BuildProgress[] = [];
  const cache = join(folder, "cache");
  const context = {
    cache,
    env: { PATH: `${folder}:${process.env.PATH}`, ...env },
    onProgress: progress.push.bind(progress),
  };
  return { context, cache, progress };
}

test("commands are built once, into a folder named after version and platform", async () => {
  const { context, cache, progress } = setUp();
  const first = await buildCommands(MODULE, context);
  const reported = progress.length;
  const second = await buildCommands(MODULE, context);

  expect(first("one")).toBe(join(cache, `tool-v3.1.0-${process.platform}-${process.arch}`, "one"));
  expect(readFileSync(first("tool"), "utf8")).toContain("require example.com/tool/v3 v3.1.0");
  expect(second("one")).toBe(first("one"));
  expect(progress.length).toBe(reported);
});

test("progress counts the packages that are compiled, Go's own left out", async () => {
  const { context, progress } = setUp();
  await buildCommands(MODULE, context);

  expect(progress.at(-1)).toMatchObject({ step: "compiling one and tool", done: 2, total: 3 });
});

test("a failed build leaves no folder that looks complete, and shows the end of Go's output", async () => {
  const { context, cache } = setUp({ FAIL: "1" });
  await expect(buildCommands(MODULE, context)).rejects.toMatchObject({
    code: "BuildFailed",
    message: expect.stringContaining("cannot find package"),
  });

  expect(readdirSync(cache)).not.toContain(`tool-v3.1.0-${process.platform}-${process.arch}`);
});
