import { isInt, iterate, quoteText, str, truth } from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { FilterArgumentError } from "../errors.ts";
import { escaped, escapeText, Markup } from "../markup.ts";

// Patterns look at words of at most this length; longer ones are no addresses.
const MAX_WORD = 2000;
const LABEL = "[\\p{L}\\p{N}_%-]+";
const HOST = [
  `(?:https?://|www\\.)(?:(?:${LABEL}\\.)+)?(?:[a-z]{2,63}|xn--[\\p{L}\\p{N}_%]{2,59})`,
  "(?:[\\p{L}\\p{N}_%-]{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)",
  "https?://(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[(?:[\\da-f]{0,4}:){2}(?:[\\da-f]{0,4}:?){1,6}\\])",
];
const WEB = new RegExp(`^(?:${HOST.join("|")})(?::\\d{1,5})?(?:[/?#]\\S*)?$`, "iu");
const MAIL = /^\S+@[\p{L}\p{N}_][\p{L}\p{N}_.-]*\.[\p{L}\p{N}_]+$/u;
const SCHEME = /^[\p{L}\p{N}_.+-]{2,}:(?:\/){0,2}$/u;
const BRACKETS = [
  ["(", ")"],
  ["<", ">"],
  ["&lt;", "&gt;"],
] as const;

interface LinkStyle {
  readonly attributes: string;
  readonly schemes: readonly string[];
  readonly shown: (url: string) => string;
}

/** The filter `urlize`: makes links of the addresses in a text. */
export function urlize(
  context: Context,
  value: unknown,
  limit: unknown,
  nofollow: unknown,
  target: unknown,
  rel: unknown,
  extraSchemes: unknown,
): unknown {
  const { policies } = context.environment.options;
  const rels = new Set([
    ...words(rel),
    ...(truth(nofollow) ? ["nofollow"] : []),
    ...words(policies["urlize.rel"]),
  ]);
  const aim = target ?? policies["urlize.target"];
  const schemes = Array.from(iterate(extraSchemes ?? policies["urlize.extra_schemes"] ?? []), str);
  const invalid = schemes.find((scheme) => !SCHEME.test(scheme));
  if (invalid !== undefined)
    throw new FilterArgumentError(`${quoteText(invalid)} is not a valid URI scheme prefix.`);
  const relText = rels.size > 0 ? ` rel="${escapeText([...rels].sort().join(" "))}"` : "";
  const style: LinkStyle = {
    attributes: relText + (truth(aim) ? ` target="${escapeText(str(aim))}"` : ""),
    schemes,
    shown: (url) => (isInt(limit) && url.length > Number(limit) ? `${url.slice(0, Number(limit))}...` : url),
  };
  const out = escaped(value)
    .text.split(/(\s+)/u)
    .map((word) => linked(word, style))
    .join("");
  return context.autoescape ? new Markup(out) : out;
}

const words = (value: unknown): string[] =>
  truth(value)
    ? str(value)
        .split(/\s+/)
        .filter((w) => w !== "")
    : [];

/** One word with its address as a link; brackets and punctuation around it stay outside. */
function linked(word: string, style: LinkStyle): string {
  if (word.length > MAX_WORD) return word;
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? "";
  let middle = word.slice(head.length);
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? "";
  middle = middle.slice(0, middle.length - tail.length);
  for (const [open, close] of BRACKETS) {
    const opened = count(middle, open);
    if (opened <= count(middle, close)) continue;
    // A bracket that opens inside an address also closes inside it.
    for (let moves = Math.min(opened, count(tail, close)); moves > 0; moves--) {
      const end = tail.indexOf(close) + close.length;
      middle += tail.slice(0, end);
      tail = tail.slice(end);
    }
  }
  return head + link(middle, style) + tail;
}

const count = (text: string, part: string): number => text.split(part).length - 1;

function link(text: string, { attributes, schemes, shown }: LinkStyle): string {
  if (WEB.test(text)) {
    const url = /^https?:\/\//.test(text) ? text : `https://${text}`;
    return `<a href="${url}"${attributes}>${shown(text)}</a>`;
  }
  if (text.startsWith("mailto:") && MAIL.test(text.slice(7))) return `<a href="${text}">${text.slice(7)}</a>`;
  const mail = text.includes("@") && !text.startsWith("www.") && !text.startsWith("@") && !text.includes(":");
  if (mail && MAIL.test(text)) return `<a href="mailto:${text}">${text}</a>`;
  let out = text;
  for (const scheme of schemes) {
    if (out !== scheme && out.startsWith(scheme)) out = `<a href="${out}"${attributes}>${out}</a>`;
  }
  return out;
}
