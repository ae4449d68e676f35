import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  BaseDriver,
  type Command,
  type CommandResult,
  type DriverSession,
  type OperationContext,
  type ProgramFeature,
  programErrors,
  type Script,
} from "../../plugin/index.ts";
import { silentLogger, systemClock } from "../../runtime/index.ts";
import { refuseUnhonoured } from "./honoured.ts";
import { perform } from "./perform.ts";

/** Programs whose exit status is their own text: `exit 3`. */
class ExitDriver extends BaseDriver {
  static override readonly driverName = "exit";
  override readonly argsSchema = z.record(z.string(), z.unknown());
  override readonly readOnly = { commands: [], methods: [] };
  override readonly honours: readonly ProgramFeature[] = ["sudo", "script"];
  goesOn = false;
  readonly ran: string[] = [];

  override connect(): Promise<DriverSession> {
    return Promise.resolve(session);
  }

  override executeCommand(_session: DriverSession, { command }: Command): Promise<CommandResult> {
    return Promise.resolve(this.result(command, command));
  }

  override runScript(_session: DriverSession, { name, content }: Script): Promise<CommandResult> {
    return Promise.resolve(this.result(name, content));
  }

  override disconnect(): Promise<void> {
    return Promise.resolve();
  }

  private result(command: string, text: string): CommandResult {
    this.ran.push(text);
    const exitStatus = Number(text.split(" ")[1]);
    const error = programErrors.CommandFailed({ device: "h", command, status: exitStatus, said: "" });
    return {
      command,
      output: `half of ${text}`,
      exitStatus,
      continueOnError: this.goesOn,
      ...(exitStatus !== 0 && { error }),
    };
  }
}

const session: DriverSession = { closed: new Promise(() => {}) };
const context: OperationContext = {
  signal: new AbortController().signal,
  log: silentLogger,
  beforeWrite: () => {},
};
const noTransfers = {
  clock: systemClock,
  onProgress: () => {},
  keepOutput: () => Promise.reject(new Error("nothing is transferred")),
};
const newDriver = () => new ExitDriver({ config: {}, log: silentLogger, random: () => 0 });

async function run(driver: ExitDriver, commands: readonly Command[]) {
  return perform(driver, session, { kind: "commands", commands }, context, "h", () => false, noTransfers);
}

describe("a command that fails with what it printed", () => {
  const three = [{ command: "exit 0" }, { command: "exit 3" }, { command: "exit 0" }];

  test("ends the work, and its output is kept", async () => {
    const driver = newDriver();
    const { outcomes, error } = await run(driver, three);
    expect(driver.ran).toEqual(["exit 0", "exit 3"]);
    expect(error).toMatchObject({ code: "CommandFailed" });
    expect(outcomes[1]).toMatchObject({
      output: "half of exit 3",
      exitStatus: 3,
      error: { reason: "CommandFailed" },
    });
  });

  test("does not end it where the command, or the driver's arguments, say so; the command goes before", async () => {
    const own = newDriver();
    const { outcomes, error } = await run(own, [
      { command: "exit 3", continueOnError: true },
      { command: "exit 0" },
    ]);
    expect([own.ran.length, error]).toEqual([2, undefined]);
    expect(outcomes[0]).toMatchObject({ error: { reason: "CommandFailed" } });

    const byArguments = newDriver();
    byArguments.goesOn = true;
    await run(byArguments, three);
    expect(byArguments.ran).toHaveLength(3);
    await run(byArguments, [{ command: "exit 3", continueOnError: false }, { command: "exit 0" }]);
    expect(byArguments.ran).toHaveLength(4);
  });

  test("a script likewise", async () => {
    const script = { name: "s", content: "exit 4", args: [] };
    const work = { kind: "script" as const, script };
    expect(await perform(newDriver(), session, work, context, "h", () => false, noTransfers)).toMatchObject({
      outcomes: [{ command: "s", output: "half of exit 4", exitStatus: 4 }],
      error: { code: "CommandFailed" },
    });
  });
});

describe("what a driver does not honour", () => {
  const commands = (more: Partial<Command>) => ({
    kind: "commands" as const,
    commands: [{ command: "a" }, { command: "b", ...more }],
  });

  test.each<[string, Partial<Command>]>([
    ["environment", { environment: { A: "1" } }],
    ["workingDirectory", { workingDirectory: "/" }],
    ["timeLimitSeconds", { timeLimitMs: 1 }],
    ["continueOnError", { continueOnError: true }],
    ["pty", { pty: true }],
  ])("is refused by name: %s", (field, more) => {
    expect(() => refuseUnhonoured(newDriver(), "exit", commands(more))).toThrow(
      `Driver exit has no commandDetails.${field}.`,
    );
  });

  test("what it honours, and what asks for nothing, is not", () => {
    refuseUnhonoured(newDriver(), "exit", commands({ sudo: true, pty: false, readTimeoutMs: 1 }));
    refuseUnhonoured(newDriver(), "exit", {
      kind: "script",
      script: { name: "s", content: "x", args: [] },
    });
  });
});
