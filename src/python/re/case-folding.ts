import { inRanges, lowerBound, normalize, type Ranges, without } from "./ranges.ts";
import { extraCases, isCased, lower } from "./unicode.ts";

/** What a set lists, in lower case, with the extra cases: a character is in a set that ignores case when its lower case is in this. */
export function foldRanges(ranges: Ranges, ascii: boolean): number[] {
  const folded: number[] = [];
  const cased = casedCodes();
  for (let i = 0; i < ranges.length; i += 2) {
    const from = ranges[i] ?? 0;
    const to = ranges[i + 1] ?? 0;
    let kept = from;
    // Code points without case stay as they are; only the cased ones between them move.
    for (let at = lowerBound(cased, from); at < cased.length; at++) {
      const code = cased[at] ?? 0;
      if (code > to) break;
      if (code > kept) folded.push(kept, code - 1);
      kept = code + 1;
      const low = lower(code, ascii);
      folded.push(low, low);
      if (!ascii) for (const extra of extraCases(low)) folded.push(extra, extra);
    }
    if (kept <= to) folded.push(kept, to);
  }
  return folded;
}

/** All code points whose lower case is in `ranges`. */
export function unfoldRanges(ranges: Ranges, ascii: boolean): Ranges {
  const out: number[] = [];
  const drop: number[] = [];
  for (const code of casedCodes()) {
    const low = lower(code, ascii);
    if (low === code) continue;
    const is = inRanges(ranges, code);
    const should = inRanges(ranges, low);
    if (should && !is) out.push(code, code);
    if (is && !should) drop.push(code);
  }
  return normalize([...without(ranges, drop), ...out]);
}

/** All code points of which case makes a difference; there are about 2,900. */
let casedCache: readonly number[] | undefined;

function casedCodes(): readonly number[] {
  if (casedCache === undefined) {
    const codes: number[] = [];
    // No cased character lies above U+1E943 (Adlam); everything between is looked at once.
    for (let code = 0; code <= 0x1e943; code++) if (isCased(code, false)) codes.push(code);
    casedCache = codes;
  }
  return casedCache;
}
