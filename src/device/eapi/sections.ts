/** The sections of an EOS configuration by their heading line, in which a section holds its heading and everything below it. */
export type Sections = ReadonlyMap<string, string>;

/**
 * Splits a configuration into sections by indentation. Sections within sections stand in the result too, before those that contain
 * them. A banner is one section up to its EOF, whatever is in it. Of two sections with the same heading the later one stays.
 */
export function splitSections(config: string): Sections {
  return split(config, 0);
}

function split(config: string, depth: number): Map<string, string> {
  let sections = new Map<string, string>();
  let heading: string | undefined;
  let banner: string | undefined;
  for (const line of linesOf(config).slice(depth > 0 ? 1 : 0)) {
    const bare = line.trimEnd();
    if (banner !== undefined) {
      sections.set(banner, (sections.get(banner) ?? "") + line);
      if (bare === "EOF") banner = undefined;
      continue;
    }
    if (depth === 0 && line.startsWith("banner ")) {
      sections = withInner(sections, heading);
      heading = undefined;
      banner = bare;
      sections.set(banner, line);
      continue;
    }
    if (heading !== undefined && indentOf(bare) > depth) {
      sections.set(heading, (sections.get(heading) ?? "") + line);
      continue;
    }
    sections = withInner(sections, heading);
    heading = bare;
    sections.set(heading, line);
  }
  return withInner(sections, heading);
}

/** The sections with those inside of the one that has just ended put before them. */
function withInner(sections: Map<string, string>, heading: string | undefined): Map<string, string> {
  const section = heading === undefined ? "" : (sections.get(heading) ?? "");
  const inner = linesOf(section).slice(1);
  const depth = indentOf(inner[0]?.trimEnd() ?? "");
  if (depth === 0 || !inner.some((line) => line[depth] === " ")) return sections;
  const all = split(section, depth);
  for (const [key, value] of sections) all.set(key, value);
  return all;
}

function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
