/**
 * Whether the whole text matches a shell pattern: `*`, `?`, `[a-z]` and `[!a-z]`. Runs in time proportional to both lengths.
 *
 * @example matchesGlob("RTR-CE1", "RTR-*")  // true
 */
export function matchesGlob(text: string, pattern: string): boolean {
  const parts = globParts(pattern);
  const chars = Array.from(text);
  let at = 0;
  let part = 0;
  let starPart = -1;
  let starAt = 0;
  while (at < chars.length) {
    const current = parts[part];
    if (current === "*") {
      starPart = part;
      starAt = at;
      part += 1;
    } else if (typeof current === "function" && current(chars[at] ?? "")) {
      at += 1;
      part += 1;
    } else if (starPart >= 0) {
      starAt += 1;
      at = starAt;
      part = starPart + 1;
    } else {
      return false;
    }
  }
  while (parts[part] === "*") part += 1;
  return part === parts.length;
}

type GlobPart = "*" | ((char: string) => boolean);

function globParts(pattern: string): GlobPart[] {
  const parts: GlobPart[] = [];
  for (const [part] of pattern.matchAll(/\[!?\]?[^\]]*\]|[\s\S]/gu)) {
    if (part === "*") parts.push("*");
    else if (part === "?") parts.push(() => true);
    else if (part.length > 2 && part.startsWith("[") && part.endsWith("]"))
      parts.push(charSet(part.slice(1, -1)));
    else parts.push((char) => char === part);
  }
  return parts;
}

function charSet(body: string): (char: string) => boolean {
  const negated = body.startsWith("!");
  const members = Array.from(negated ? body.slice(1) : body);
  return (char) => isMember(char, members) !== negated;
}

function isMember(char: string, members: readonly string[]): boolean {
  for (let index = 0; index < members.length; index += 1) {
    const low = members[index] ?? "";
    const high = members[index + 2];
    if (members[index + 1] === "-" && high !== undefined) {
      if (low <= char && char <= high) return true;
      index += 2;
    } else if (low === char) {
      return true;
    }
  }
  return false;
}
