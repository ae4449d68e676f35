import { ttpErrors } from "../../../../src/errors/ttp.ts";
import { PyDict } from "../../../../src/python/values/dict.ts";

interface Section {
  readonly options: Map<string, string[]>;
}

const REPEATED = "already exists";
const SECTION = /^\[(.+)\]/;
const OPTION = /^(.*?)\s*(?:([=:])\s*(.*))$/;

/**
 * Reads INI texts one over the other as Python's ConfigParser does (names keep their case): sections as dictionaries of texts, with the
 * options of DEFAULT in each. A text that breaks off is used as far as it goes.
 */
export function loadIni(texts: readonly string[], warn: (message: string) => void): PyDict {
  const sections = new Map<string, Section>([["DEFAULT", { options: new Map() }]]);
  for (const text of texts) {
    if (text === "") continue;
    const problem = readInto(sections, text);
    if (problem !== undefined) warn(`cannot read all of the INI data: ${problem}`);
    // ConfigParser leaves what it read before a repeated name in a state that TTP fails on.
    if (problem?.endsWith(REPEATED))
      throw ttpErrors.TtpTemplateInvalid({ what: `in the INI data ${problem}` });
  }
  const defaults = sections.get("DEFAULT")?.options ?? new Map<string, string[]>();
  const result = new PyDict();
  for (const [name, { options }] of sections) {
    const values = valuesOf(name === "DEFAULT" ? defaults : new Map([...defaults, ...options]));
    if (name !== "DEFAULT" || values.size > 0) result.set(name, values);
  }
  return result;
}

function readInto(sections: Map<string, Section>, text: string): string | undefined {
  let section: Section | undefined;
  let value: string[] | undefined;
  let optionIndent = 0;
  let problem: string | undefined;
  const seenSections = new Set<string>();
  const seenOptions = new Set<string>();
  let sectionName = "";
  for (const line of text.split("\n")) {
    const trimmed = line.trim();
    const isComment = /^[#;]/.test(trimmed);
    if (trimmed === "" || isComment) {
      if (trimmed === "" && value !== undefined) value.push("");
      continue;
    }
    const indent = line.length - line.trimStart().length;
    if (section !== undefined && value !== undefined && indent > optionIndent) {
      value.push(trimmed);
      continue;
    }
    optionIndent = indent;
    value = undefined;
    const header = SECTION.exec(trimmed)?.[1];
    if (header !== undefined) {
      if (seenSections.has(header)) return `section '${header}' ${REPEATED}`;
      if (header !== "DEFAULT") seenSections.add(header);
      sectionName = header;
      section = sections.get(header) ?? { options: new Map() };
      sections.set(header, section);
      continue;
    }
    if (section === undefined) return `there is no section header before '${trimmed}'`;
    const option = OPTION.exec(trimmed);
    const name = option?.[1]?.trimEnd() ?? "";
    if (option === null || name === "") {
      problem = `'${trimmed}' is no option`;
      continue;
    }
    if (seenOptions.has(`${sectionName}\0${name}`))
      return `option '${name}' in section '${sectionName}' ${REPEATED}`;
    seenOptions.add(`${sectionName}\0${name}`);
    value = [option[3]?.trim() ?? ""];
    section.options.set(name, value);
  }
  return problem;
}

function valuesOf(options: ReadonlyMap<string, string[]>): PyDict {
  const texts = new Map([...options].map(([name, lines]) => [name, lines.join("\n").trimEnd()]));
  return new PyDict([...texts].map(([name, text]) => [name, interpolate(text, texts, 0)]));
}

/** `%(name)s` stands for another option, `%%` for a percent sign. */
function interpolate(text: string, options: ReadonlyMap<string, string>, depth: number): string {
  if (!text.includes("%")) return text;
  if (depth > 10) throw new RangeError("options refer to each other without end");
  return text.replace(
    /%(?:(%)|\(([^)]+)\)s|)/g,
    (_all, percent: string | undefined, name: string | undefined) => {
      if (percent !== undefined) return "%";
      const value = name === undefined ? undefined : options.get(name);
      if (value === undefined)
        throw new SyntaxError(`'%' must be followed by '%' or '(name)s', found in '${text}'`);
      return interpolate(value, options, depth + 1);
    },
  );
}
