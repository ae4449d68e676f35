#!/usr/bin/env node
/** The `netpulse` command. Each subcommand is a file of its own, loaded only when it is asked for. */
import { enableCompileCache } from "node:module";
import { Command } from "commander";

// Sources are TypeScript: a process that finds them stripped and compiled by an earlier one starts in half the time.
enableCompileCache();

const subcommands: Readonly<Record<string, () => Promise<Command>>> = {
  operator: async () => (await import("./operator.ts")).operatorCommand(),
  worker: async () => (await import("./worker.ts")).workerCommand(),
  run: async () => (await import("./run/run.ts")).runCommand(),
  connect: async () => (await import("./connect/connect.ts")).connectCommand(),
  render: async () => (await import("./render.ts")).renderCommand(),
  parse: async () => (await import("./parse.ts")).parseCommand(),
  platforms: async () => (await import("./platforms.ts")).platformsCommand(),
  quickstart: async () => (await import("./quickstart/quickstart.ts")).quickstartCommand(),
};

const program = new Command("netpulse").description("Network automation on Kubernetes.").showHelpAfterError();
const asked = process.argv[2] ?? "";
const names = Object.hasOwn(subcommands, asked) ? [asked] : Object.keys(subcommands);
for (const name of names) {
  const subcommand = await subcommands[name]?.();
  if (subcommand) program.addCommand(subcommand);
}
await program.parseAsync();
