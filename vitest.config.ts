import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { ENTRY_POINTS } from "./src/plugin/resolve.ts";

// Tests load plugins from folders outside the source tree, where Vite would not find this package either.
const entryPoints = Object.entries(ENTRY_POINTS).map(([name, url]) => [name, fileURLToPath(url)]);
const resolve = { alias: Object.fromEntries(entryPoints) };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "plugins/**/*.test.ts", "scripts/**/*.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        resolve,
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          globalSetup: ["test/support/cluster-keeper.ts"],
          // One API server serves all system tests; files run one after another so that they can stop and pause things.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
