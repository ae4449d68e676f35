import { ttpErrors } from "../../../src/errors/ttp.ts";
import { parseArguments } from "../../../src/python/literal/index.ts";

/** A function of a template with its arguments: `exclude("x")`, or a bare name. */
export interface FunctionCall {
  readonly name: string;
  args: unknown[];
  kwargs: Map<string, unknown>;
}

const CALL = /^(?<name>\S+?)\s?(?:\((?<options>.*)\))?$/;

/**
 * Reads the mini-language of match variables and attributes: calls with `|` between them. Bare names in arguments are
 * texts; true, false and none in any case are Python's values.
 *
 * Throws `TtpTemplateInvalid` for what TTP refuses too.
 *
 * @example readCalls("name | set(vlan) | upper")  // [{name: "name", ...}, {name: "set", args: ["vlan"], ...}, ...]
 */
export function readCalls(line: string): FunctionCall[] {
  return line
    .split("|")
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => readCall(item, line));
}

function readCall(item: string, line: string): FunctionCall {
  const groups = CALL.exec(item)?.groups;
  const name = groups?.name;
  if (name === undefined) throw ttpErrors.TtpTemplateInvalid({ what: `cannot read '${item}' in '${line}'` });
  const options = groups?.options;
  if (options === undefined || options === "") return { name, args: [], kwargs: new Map() };
  try {
    const { args, kwargs } = parseArguments(options, { names: nameAsText });
    return { name, args, kwargs };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw ttpErrors.TtpTemplateInvalid(
      { what: `cannot read the arguments (${options}) in '${line}': ${reason}` },
      { cause: error },
    );
  }
}

function nameAsText(name: string): unknown {
  const lower = name.toLowerCase();
  if (lower === "true") return true;
  if (lower === "false") return false;
  return lower === "none" ? null : name;
}
