import { readFileSync } from "node:fs";
import { join } from "node:path";
import { failedLine, failureRules } from "./failures.ts";
import { wayTo } from "./mode-graph.ts";
import { type FullStep, type Platform, roleMode, type Steps, stepList } from "./platform.ts";

/** What is wrong with a platform, and where in its file. */
export interface Problem {
  readonly at: string;
  readonly message: string;
}

/**
 * Plays a platform without a device: its modes are a graph in which each has a way home, its example prompts are those of their mode
 * and of no other, its failures are not found in ordinary output, and nothing sends a secret blindly or agrees to something dangerous.
 *
 * @example
 * lintPlatform(library.find("cisco_ios")) // []
 */
export function lintPlatform(platform: Platform): Problem[] {
  return [
    ...missingModes(platform),
    ...wrongWays(platform),
    ...wrongExamples(platform),
    ...slowPrompts(platform),
    ...eagerFailures(platform),
    ...blindSecrets(platform),
    ...dangerousAnswers(platform),
  ];
}

/** Every mode that is named exists. */
function missingModes(platform: Platform): Problem[] {
  const named: [string, string | undefined][] = [
    ...Object.entries(platform.roles).map(([role, mode]): [string, string | undefined] => [
      `roles.${role}`,
      mode,
    ]),
    ["candidate.mode", platform.candidate?.mode],
    ...Object.entries(platform.modes).flatMap(([mode, { to }]) =>
      Object.keys(to).map((target): [string, string] => [`modes.${mode}.to`, target]),
    ),
    ...allSteps(platform).map(([at, step]): [string, string | undefined] => [`${at}.in`, step.in]),
  ];
  return named
    .filter(([, mode]) => mode !== undefined && !Object.hasOwn(platform.modes, mode))
    .map(([at, mode]) => ({ at, message: `there is no mode ${mode}` }));
}

/** From the first mode to every mode that has a part to play, and from every mode back to it. */
function wrongWays(platform: Platform): Problem[] {
  const home = roleMode(platform, "exec");
  if (home === undefined) return [{ at: "modes", message: "there is no mode" }];
  const parts = [roleMode(platform, "privileged"), roleMode(platform, "config"), platform.candidate?.mode];
  const unreachable = parts
    .filter(
      (mode) => mode !== undefined && Object.hasOwn(platform.modes, mode) && !wayTo(platform, home, mode),
    )
    .map((mode) => ({ at: `modes.${mode}`, message: `no way leads from ${home} to it` }));
  const closed = Object.keys(platform.modes)
    .filter((mode) => !wayTo(platform, mode, home))
    .map((mode) => ({ at: `modes.${mode}`, message: `no way leads from it back to ${home}` }));
  return [...unreachable, ...closed];
}

/** An example is a prompt of its own mode. Modes with the same prompt are told apart by how they are entered. */
function wrongExamples(platform: Platform): Problem[] {
  return Object.entries(platform.modes).flatMap(([mode, { examples, prompt }]) => {
    if (!examples?.length)
      return [{ at: `modes.${mode}`, message: "it has no example prompt (examples: [...])" }];
    return examples.flatMap((example): Problem[] => {
      const at = `modes.${mode}.examples`;
      const matching = matchingModes(platform, example);
      if (!matching.includes(mode))
        return [{ at, message: `${JSON.stringify(example)} does not match its prompt` }];
      const others = matching.filter((other) => other !== mode && platform.modes[other]?.prompt !== prompt);
      if (others.length === 0) return [];
      return [{ at, message: `${JSON.stringify(example)} is also a prompt of ${others.join(", ")}` }];
    });
  });
}

function matchingModes(platform: Platform, prompt: string): string[] {
  const line = prompt.trimEnd();
  return Object.entries(platform.modes)
    .filter(([, mode]) => new RegExp(mode.prompt).test(line))
    .filter(([, mode]) => !(mode.not ?? []).some((source) => new RegExp(source).test(line)))
    .map(([name]) => name);
}

/** Longest that a prompt may take on a long line of output: it is tried on every piece that arrives. */
const PROMPT_MS = 20;
const LONG_LINES = ["a", "a ", "(a", "a-", "[a] "].map((piece) => `${piece.repeat(2000)}!`);

function slowPrompts(platform: Platform): Problem[] {
  return Object.entries(platform.modes).flatMap(([mode, { prompt }]) => {
    const pattern = new RegExp(prompt);
    const took = Math.min(timeOn(pattern), timeOn(pattern));
    if (took < PROMPT_MS) return [];
    return [
      {
        at: `modes.${mode}.prompt`,
        message: `it takes ${Math.round(took)} ms on long lines: bound its repetitions ({1,63})`,
      },
    ];
  });
}

function timeOn(pattern: RegExp): number {
  const start = performance.now();
  for (const line of LONG_LINES) pattern.test(line);
  return performance.now() - start;
}

const ordinary = readFileSync(join(import.meta.dirname, "ordinary-output.txt"), "utf8")
  .trimEnd()
  .split("\n");

/** A failure that ordinary output contains would stop changes that went well. */
function eagerFailures(platform: Platform): Problem[] {
  const rules = failureRules(platform);
  return ordinary
    .filter((line) => failedLine(line, rules) !== undefined)
    .map((line) => ({
      at: "failures",
      message: `the ordinary line ${JSON.stringify(line)} counts as a failure`,
    }));
}

/** A secret belongs to its question (`secretAt`), not into a command line that is echoed and logged. */
function blindSecrets(platform: Platform): Problem[] {
  return allSteps(platform)
    .filter(([, step]) =>
      [step.send, ...Object.values(step.answers ?? {})].some((sent) => /\{(?:password|secret)\}/.test(sent)),
    )
    .map(([at]) => ({ at, message: "it sends a secret without its question: use secretAt" }));
}

const DANGEROUS = [
  "Proceed with reload? [confirm]",
  "This command will reboot the system. (y/n)?",
  "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]",
  "Delete filename [old.cfg]?",
  "Format operation will destroy all data. Continue? [confirm]",
];

/** Answers that are given without being asked for by one command must not agree to anything dangerous. */
function dangerousAnswers(platform: Platform): Problem[] {
  const given = { answers: platform.answers, "login.answers": platform.login?.answers ?? {} };
  return Object.entries(given).flatMap(([at, answers]) =>
    Object.keys(answers)
      .filter((question) => DANGEROUS.some((text) => new RegExp(question).test(text)))
      .map((question) => ({ at, message: `${question} also answers a dangerous question` })),
  );
}

/** Every step of a platform with its place in the file. */
function allSteps(platform: Platform): [at: string, step: FullStep][] {
  const { candidate, rollback } = platform;
  const places: Record<string, Steps | undefined> = {
    onOpen: platform.onOpen,
    onClose: platform.onClose,
    save: platform.save,
  };
  for (const [mode, { to }] of Object.entries(platform.modes)) {
    for (const [target, steps] of Object.entries(to)) places[`modes.${mode}.to.${target}`] = steps;
  }
  if (candidate) {
    const { use: _, mode: __, isolation: ___, clean: ____, variants = {}, ...steps } = candidate;
    for (const [name, value] of Object.entries(steps)) places[`candidate.${name}`] = value;
    for (const [name, value] of Object.entries(variants)) places[`candidate.variants.${name}`] = value;
  }
  if (rollback) for (const [name, value] of Object.entries(rollback)) places[`rollback.${name}`] = value;
  return Object.entries(places).flatMap(([at, steps]) =>
    stepList(steps).map((step): [string, FullStep] => [at, step]),
  );
}
