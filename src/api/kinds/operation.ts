import { z } from "zod";
import {
  anyValue,
  atomicList,
  label,
  listByKey,
  mapOf,
  pluginData,
  pluginName,
  seconds,
  text,
  textSource,
  withRules,
} from "../schema.ts";
import { transferFields } from "./transfer.ts";

/** A step of a dialogue: when the last line matches `expect`, a text or a key of the credential's Secret is sent. */
const dialogueStep = withRules(
  z.strictObject({
    expect: text(512).min(1).describe("Regular expression for the device's question."),
    send: text(1024).optional().describe("The answer; a line end is added."),
    secretKey: text(253).optional().describe("Key of the credential's Secret whose value is the answer."),
  }),
  {
    rule: "has(self.send) != has(self.secretKey)",
    message: "each dialogue step needs exactly one of send and secretKey",
  },
);

/** What goes with one of the commands beyond its text. */
const commandDetail = z.strictObject({
  command: text(4096).min(1).describe("The command that this belongs to, as it stands in commands."),
  dialogue: atomicList(dialogueStep, 16)
    .optional()
    .describe("Questions that the device asks, with their answers."),
  readTimeoutSeconds: seconds(86_400).optional(),
  environment: mapOf(text(4096), 64).optional().describe("Variables for the program."),
  workingDirectory: text(1024).min(1).optional().describe("The folder the program starts in."),
  timeLimitSeconds: seconds(86_400)
    .optional()
    .describe("Longest time from start to end; then the program is ended."),
  continueOnError: z
    .boolean()
    .optional()
    .describe("Go on with the next command after an exit status other than 0; the device still fails."),
  sudo: z.boolean().optional().describe("Run as root, by the host's sudo."),
  pty: z.boolean().optional().describe("Give the program a terminal; stdout and stderr then come as one."),
});

const script = withRules(
  z.strictObject({
    interpreter: text(256)
      .min(1)
      .optional()
      .describe("The program that runs it, such as /bin/sh (the default) or python3."),
    content: text(262_144).min(1).optional(),
    contentFrom: textSource.optional(),
    args: atomicList(text(4096), 64).optional().describe("Arguments of the script."),
  }),
  {
    rule: "has(self.content) != has(self.contentFrom)",
    message: "set exactly one of content (inline text) and contentFrom (a ConfigMap or a library)",
  },
);

const methodCall = z.strictObject({
  method: text(128).min(1).describe("Method of the driver, such as get_facts or vlans.create."),
  args: atomicList(anyValue, 64).optional().describe("Positional arguments."),
  kwargs: pluginData.optional().describe("Named arguments."),
  kwargsFrom: listByKey(z.strictObject({ name: text(128).min(1), from: textSource }), "name", 16)
    .optional()
    .describe("Named arguments read from YAML or JSON texts, such as the rules of a compliance report."),
});

const exactlyOneTemplate = {
  rule: "has(self.template) != has(self.templateFrom)",
  message: "set exactly one of template (inline text) and templateFrom (a ConfigMap or a library)",
};

const render = withRules(
  z.strictObject({
    engine: pluginName.default("jinja2"),
    into: z.enum(["Config", "Commands"]).default("Config").describe("What the rendered lines are."),
    template: text(262_144).optional(),
    templateFrom: textSource.optional(),
    context: pluginData.optional().describe("Variables of the template; `device` is added."),
    contextFrom: atomicList(textSource, 16).optional().describe("YAML or JSON texts, merged before context."),
    options: pluginData.optional().describe("Options of the engine."),
  }),
  exactlyOneTemplate,
);

const parse = withRules(
  z.strictObject({
    command: text(4096).optional().describe("The command whose output is parsed; absent: every command's."),
    engine: pluginName.default("textfsm"),
    template: text(262_144).optional(),
    templateFrom: textSource.optional(),
    lookup: z
      .strictObject({ platform: label.or(pluginName).optional(), command: text(4096).optional() })
      .optional()
      .describe(
        "Find the template in the engine's library; platform and command default to the device's and the command itself.",
      ),
    options: pluginData.optional().describe("Options of the engine."),
  }),
  {
    rule: "(has(self.template) ? 1 : 0) + (has(self.templateFrom) ? 1 : 0) + (has(self.lookup) ? 1 : 0) == 1",
    message:
      "set exactly one of template (inline text), templateFrom (a ConfigMap or a library) and lookup (the engine's library)",
  },
);

const verification = withRules(
  z.strictObject({
    command: text(4096).min(1),
    expect: text(1024).optional().describe("Regular expression that the output must match."),
    reject: text(1024).optional().describe("Regular expression that the output must not match."),
    withinSeconds: seconds(3600)
      .optional()
      .describe("Look again until it holds, for so long at most: routes and sessions need a moment."),
  }),
  { rule: "has(self.expect) || has(self.reject)", message: "each verification needs expect or reject" },
);

const options = z.strictObject({
  enableMode: z.boolean().optional().describe("Enter the privileged mode first."),
  save: z.boolean().optional().describe("Save the configuration after a change that succeeded."),
  dryRun: z.boolean().optional().describe("Show what a change would do and leave the device as it is."),
  configMode: z
    .enum(["Merge", "Replace"])
    .optional()
    .describe(
      "Merge (the default) adds the lines; Replace makes them the whole configuration of the device.",
    ),
  onError: z
    .enum(["Stop", "Continue", "Rollback"])
    .optional()
    .describe(
      "What follows a rejected line: Stop (the default) sends nothing after it, Continue goes on, Rollback takes the change back, also after a verification that failed.",
    ),
  commit: z
    .strictObject({
      message: text(512).optional().describe("Kept by the device with the commit, where it can."),
      confirmTimeoutSeconds: seconds(65_535)
        .optional()
        .describe("The device takes the commit back unless the verifications succeed within this time."),
    })
    .optional()
    .describe("How the change is committed, on platforms that can do what is asked here."),
  verify: atomicList(verification, 16).optional().describe("Checks after a change."),
  readTimeoutSeconds: seconds(86_400).optional().describe("Longest wait for the answer to one command."),
  detach: z
    .boolean()
    .optional()
    .describe(
      "Start the command or script as a program that outlives session and worker, and follow it to its end.",
    ),
  logIntervalSeconds: seconds(3600)
    .optional()
    .describe("Announce what a detached program has written since as webhook event Log, in this interval."),
});

/** The driver of a pool that names none. */
export const DEFAULT_DRIVER = "netmiko";

/** A driver and its arguments; arguments of pool, device and job are merged in this order. */
export const driverChoice = z.strictObject({
  name: pluginName.optional(),
  args: pluginData.optional().describe("Arguments of the driver, checked by the driver's own schema."),
});

/** What to do on a device: the part of a NetJob that its tasks carry on. */
export const operationFields = {
  commands: atomicList(text(4096).min(1), 256).min(1).optional().describe("Commands, run in this order."),
  commandDetails: listByKey(commandDetail, "command", 64)
    .optional()
    .describe("What goes with single commands: dialogues, time limits, environment, sudo."),
  config: text(262_144).min(1).optional().describe("Configuration, one line each."),
  call: methodCall.optional().describe("A method of the driver, such as a getter."),
  script: script.optional().describe("A program text that the device runs; for drivers of hosts."),
  transfer: transferFields.optional().describe("Files to and from the devices."),
  render: render.optional().describe("Configuration or commands made from a template, for each device."),
  parse: atomicList(parse, 16).optional().describe("How outputs of commands become data."),
  options: options.optional().describe("How the work is done: dry run, commit, verification, saving."),
};
