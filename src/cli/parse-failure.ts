import {
  closestRule,
  parseTemplate,
  TextFSMError,
  TextFSMTemplateError,
} from "../../plugins/templates/textfsm/engine.ts";
import { PythonReError } from "../python/re/index.ts";
import { excerpt } from "./excerpt.ts";

/**
 * A failure for people: the message, then where the fault is. `template` is the text of the template, where there is one.
 */
export function failureText(error: unknown, template: string | undefined): string {
  const lines = [`error: ${messageOf(error)}`];
  const cause =
    error instanceof TextFSMTemplateError ? error : error instanceof Error ? error.cause : undefined;
  if (cause instanceof TextFSMTemplateError) lines.push(...templateFault(cause, template));
  else if (cause instanceof TextFSMError) lines.push(...inputFault(cause, template));
  else lines.push(...faultWithPlace(error, template));
  return `${lines.join("\n")}\n`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The line of the template; the caret stands below what the regular expression's error means. */
function templateFault(error: TextFSMTemplateError, template: string | undefined): string[] {
  const { line, cause } = error;
  if (line === undefined || template === undefined) return [];
  const regex = cause instanceof PythonReError ? cause.pattern : undefined;
  const at = cause instanceof PythonReError ? utf16Offset(cause) : undefined;
  if (regex === undefined || at === undefined) return [excerpt(template, { line })];
  const text = template.split(/\r\n|\n|\r/)[line - 1] ?? "";
  const start = text.indexOf(regex);
  if (start >= 0) return [excerpt(template, { line, column: start + at })];
  // Values were filled in: the error means the regular expression that came of it.
  return [excerpt(template, { line }), "with the values filled in:", excerpt(regex, { line: 1, column: at })];
}

/** The rule that raised the error, and the input line with a caret where the rule that came closest stopped matching. */
function inputFault({ stop }: TextFSMError, template: string | undefined): string[] {
  const numbered = `${"\n".repeat(stop.inputLine - 1)}${stop.text}`;
  if (template === undefined) {
    return [`input, in state ${stop.state}:`, excerpt(numbered, { line: stop.inputLine })];
  }
  const closest = closestRule(parseTemplate(template), stop.state, stop.text);
  const lines = ["rule:", excerpt(template, { line: stop.ruleLine }), `input, in state ${stop.state}:`];
  lines.push(excerpt(numbered, { line: stop.inputLine, column: closest?.matched ?? 0 }));
  if (closest !== undefined) {
    lines.push(
      "the rule that came closest matched up to there:",
      excerpt(template, { line: closest.ruleLine }),
    );
  }
  return lines;
}

/** Errors of other engines may say where the fault is, as `line` (from 1) and `column` (from 0) of themselves or their cause. */
function faultWithPlace(error: unknown, template: string | undefined): string[] {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof PythonReError && at.pattern !== undefined) {
      return ["in the regular expression:", excerpt(at.pattern, { line: 1, column: utf16Offset(at) })];
    }
    const line: unknown = Reflect.get(at, "line");
    const column: unknown = Reflect.get(at, "column");
    if (template === undefined || typeof line !== "number") continue;
    return [excerpt(template, { line, column: typeof column === "number" ? column : undefined })];
  }
  return [];
}

/** Python counts code points. */
function utf16Offset({ pattern, pos }: PythonReError): number | undefined {
  if (pattern === undefined || pos === undefined) return undefined;
  return Array.from(pattern).slice(0, pos).join("").length;
}
