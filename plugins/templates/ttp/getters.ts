import { compile } from "../../../src/python/re/index.ts";

/** What a getter may use: the input as it is parsed, where it is from, and the time. */
export interface GetterInput {
  readonly data: unknown;
  /** The file's path, `text_data` or `structured_data`. */
  readonly name: string;
  readonly now: Date;
  readonly warn: (message: string) => void;
}

/** Prompts by which `gethostname` knows a device's name, in the order in which they are tried. */
const PROMPTS = [
  "\\n\\S{1,2}:(\\S+?)[>#].*(?=\\n)", // Nokia SR OS: A:name>, *A:name#
  "\\n\\S+:(\\S+)#.*(?=\\n)", // IOS XR: RP/0/4/CPU0:name#
  "\\n(\\S+)#.*(?=\\n)", // IOS, privileged: name#
  "\\n\\S*@(\\S+)>.*(?=\\n)", // Junos: user@name>
  "\\n<(\\S+)>.*(?=\\n)", // Huawei: <name>
  "\\n(\\S+)>.*(?=\\n)", // IOS: name>
  "\\n(\\S+ \\(\\S+\\)) #.*(?=\\n)", // FortiOS: name (vdom) #
];

/** Byte order marks, also those of wrongly decoded files, that may stand before a name. */
const BYTE_ORDER_MARKS = ["ï»¿", "þÿ", "ÿþ", "\ufeff"];

/** The variables of `<vars>` that are filled in from the input or the clock, by the name that templates give as value. */
export const GETTERS: Readonly<Record<string, (input: GetterInput) => unknown>> = {
  gethostname,
  getfilename: ({ name }) => name,
  get_time: ({ now }) => time(now),
  get_date: ({ now }) => date(now),
  get_timestamp: ({ now }) => `${date(now)} ${time(now)}`,
  get_timestamp_ms: ({ now }) => `${date(now)} ${time(now)}.${pad(now.getMilliseconds(), 3)}`,
  get_timestamp_iso: ({ now }) => now.toISOString().replace("Z", "000+00:00"),
  get_time_ns: ({ now }) => BigInt(now.getTime()) * 1_000_000n,
};

/** The name in the first prompt of the input, or false. */
export function gethostname({ data, name, warn }: GetterInput): string | false {
  for (const prompt of typeof data === "string" ? PROMPTS : []) {
    const found = compile(prompt).search(String(data))?.group(1);
    if (found !== undefined && found !== null) return withoutMarks(found);
  }
  warn(`gethostname: no prompt was found in ${name}`);
  return false;
}

function withoutMarks(name: string): string {
  return BYTE_ORDER_MARKS.reduce((text, mark) => {
    let from = 0;
    while (from < text.length && mark.includes(text.charAt(from))) from += 1;
    return text.slice(from);
  }, name);
}

function date(now: Date): string {
  return `${now.getFullYear()}-${pad(now.getMonth() + 1, 2)}-${pad(now.getDate(), 2)}`;
}

function time(now: Date): string {
  return `${pad(now.getHours(), 2)}:${pad(now.getMinutes(), 2)}:${pad(now.getSeconds(), 2)}`;
}

function pad(number: number, width: number): string {
  return String(number).padStart(width, "0");
}
