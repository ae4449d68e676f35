import { type XmlContent, XmlElement } from "./element.ts";
import { resolveReferences } from "./references.ts";
import { XmlSyntaxError } from "./syntax-error.ts";

export interface ParseLimits {
  /** Deepest nesting of elements; 256 unless told. */
  readonly maxDepth?: number;
}

/**
 * Reads a document in one pass. Comments and processing instructions are skipped, CDATA is text, line ends become `\n`. A document
 * type is refused, and with it every entity but the five of XML, so a device can neither make us read files nor fill the memory by
 * nested entities. White space may stand before the XML declaration, and control characters in text, since devices send both.
 * Throws `XmlSyntaxError`.
 *
 * @example
 * parseXml('<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><ok/></rpc-reply>').has("ok"); // true
 */
export function parseXml(text: string, limits: ParseLimits = {}): XmlElement {
  const unified = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  return new Reader(unified, limits.maxDepth ?? 256).read();
}

interface Name {
  readonly local: string;
  readonly prefix: string;
}

/** Prefixes in force; inherits those of the elements around it. */
type Scope = Readonly<Record<string, string | undefined>>;
const outermost: Scope = Object.freeze(
  Object.assign(Object.create(null) as Record<string, string>, {
    xml: "http://www.w3.org/XML/1998/namespace",
  }),
);

/** An element that is still open. Frames are kept by depth and used again. */
interface Frame {
  raw: string;
  name: Name;
  start: number;
  scope: Scope;
  attributes: Record<string, string> | undefined;
  prefixes: Record<string, string> | undefined;
  /** Where its children begin among `finished`. */
  base: number;
  text: string;
  /** Set once text that is not white space and children stand side by side. */
  mixed: XmlContent[] | undefined;
}

const notBlank = /\S/;
const [SLASH, BANG, QUESTION, GREATER, EQUALS, DOUBLE, SINGLE] = [47, 33, 63, 62, 61, 34, 39];

class Reader {
  private readonly text: string;
  private readonly maxDepth: number;
  private readonly frames: Frame[] = [];
  /** Finished children of all open elements, the outermost element's first: an exact array is cut from it when one is closed. */
  private readonly finished: XmlElement[] = [];
  private count = 0;
  private readonly names = new Map<string, Name>();
  private depth = 0;
  private at = 0;
  private root: XmlElement | undefined;

  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  read(): XmlElement {
    const { text } = this;
    this.at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    while (this.at < text.length) {
      const less = text.indexOf("<", this.at);
      const end = less < 0 ? text.length : less;
      if (end > this.at) this.characters(this.at, end);
      if (less < 0) break;
      this.at = less;
      switch (text.charCodeAt(less + 1)) {
        case SLASH:
          this.close();
          break;
        case BANG:
          this.declaration();
          break;
        case QUESTION:
          this.at = this.after("?>", less + 2, "a processing instruction is not closed");
          break;
        default:
          this.open();
      }
    }
    const open = this.frames[this.depth - 1];
    if (open) throw this.error(text.length, `the text ends within <${open.raw}>`);
    if (!this.root) throw this.error(text.length, "there is no element");
    return this.root;
  }

  /** Text between tags. White space beside children is dropped: it is layout, and there is much of it. */
  private characters(from: number, to: number): void {
    const { text } = this;
    this.at = to;
    const frame = this.frames[this.depth - 1];
    const layout = !frame || (this.count > frame.base && frame.mixed === undefined);
    if (layout) {
      let first = from;
      while (first < to && isBlank(text.charCodeAt(first))) first += 1;
      if (first === to) return;
      if (!frame) throw this.error(first, "text outside of the element");
    }
    this.add(resolveReferences(text.slice(from, to), (offset, why) => this.error(from + offset, why)));
  }

  private add(piece: string): void {
    const frame = this.frames[this.depth - 1];
    if (!frame) return;
    if (frame.mixed) frame.mixed.push(piece);
    else if (this.count > frame.base) frame.mixed = [...this.finished.slice(frame.base, this.count), piece];
    frame.text = frame.text === "" ? piece : frame.text + piece;
  }

  /** `<!--`, `<![CDATA[` or what is refused. */
  private declaration(): void {
    const { text, at } = this;
    if (text.startsWith("<!--", at)) {
      this.at = this.after("-->", at + 4, "a comment is not closed");
    } else if (text.startsWith("<![CDATA[", at) && this.depth > 0) {
      this.at = this.after("]]>", at + 9, "a CDATA section is not closed");
      const piece = text.slice(at + 9, this.at - 3);
      if (piece !== "") this.add(piece);
    } else if (text.startsWith("<!DOCTYPE", at)) {
      throw this.error(at, "a document type is refused");
    } else {
      throw this.error(at, "unexpected <!");
    }
  }

  private open(): void {
    const { text } = this;
    const start = this.at;
    if (this.root) throw this.error(start, "a second element after the document's own");
    const raw = this.name(start + 1);
    this.at = start + 1 + raw.length;
    if (this.depth >= this.maxDepth)
      throw this.error(start, `elements are nested deeper than ${this.maxDepth}`);
    const frame = this.push(raw, start);
    for (;;) {
      this.blanks();
      const code = text.charCodeAt(this.at);
      if (code === GREATER) {
        this.at += 1;
        return;
      }
      if (code === SLASH) {
        if (text.charCodeAt(this.at + 1) !== GREATER) throw this.error(this.at, "unexpected /");
        this.at += 2;
        this.finish(frame);
        return;
      }
      if (this.at >= text.length) throw this.error(text.length, `the text ends within <${raw}`);
      this.attribute(frame);
    }
  }

  private push(raw: string, start: number): Frame {
    const scope = this.frames[this.depth - 1]?.scope ?? outermost;
    const name = this.split(raw, start);
    let frame = this.frames[this.depth];
    if (frame === undefined || this.depth >= this.frames.length) {
      frame = {
        raw,
        name,
        start,
        scope,
        attributes: undefined,
        prefixes: undefined,
        base: this.count,
        text: "",
        mixed: undefined,
      };
      this.frames.push(frame);
    } else {
      frame.raw = raw;
      frame.name = name;
      frame.start = start;
      frame.scope = scope;
      frame.attributes = undefined;
      frame.prefixes = undefined;
      frame.base = this.count;
      frame.text = "";
      frame.mixed = undefined;
    }
    this.depth += 1;
    return frame;
  }

  private attribute(frame: Frame): void {
    const { text } = this;
    const start = this.at;
    const key = this.name(start);
    this.at += key.length;
    this.blanks();
    if (text.charCodeAt(this.at) !== EQUALS) throw this.error(this.at, `attribute ${key} has no value`);
    this.at += 1;
    this.blanks();
    const quote = text.charCodeAt(this.at);
    if (quote !== DOUBLE && quote !== SINGLE)
      throw this.error(this.at, `the value of attribute ${key} is not in quotes`);
    const from = this.at + 1;
    const to = text.indexOf(quote === DOUBLE ? '"' : "'", from);
    if (to < 0) throw this.error(text.length, `the value of attribute ${key} is not closed`);
    const less = text.slice(from, to).indexOf("<");
    if (less >= 0) throw this.error(from + less, `unexpected < in the value of attribute ${key}`);
    const value = resolveReferences(text.slice(from, to).replace(/[\n\t]/g, " "), (offset, why) =>
      this.error(from + offset, why),
    );
    this.at = to + 1;
    if (key === "xmlns" || key.startsWith("xmlns:"))
      this.bind(frame, key.slice("xmlns:".length), value, start);
    else {
      frame.attributes ??= {};
      if (Object.hasOwn(frame.attributes, key))
        throw this.error(start, `attribute ${key} stands there twice`);
      define(frame.attributes, key, value);
    }
  }

  private bind(frame: Frame, prefix: string, uri: string, start: number): void {
    const outer = this.frames[this.depth - 2]?.scope ?? outermost;
    if (frame.scope === outer) frame.scope = Object.create(outer) as Scope;
    if (Object.hasOwn(frame.scope, prefix))
      throw this.error(start, `namespace prefix "${prefix}" is declared twice`);
    define(frame.scope, prefix, uri);
    if (prefix !== "" || (uri === "" && outer[""])) {
      frame.prefixes ??= {};
      define(frame.prefixes, prefix, uri);
    }
  }

  private close(): void {
    const { text, at } = this;
    const frame = this.frames[this.depth - 1];
    if (!frame) throw this.error(at, "an end tag without its start");
    const after = at + 2 + frame.raw.length;
    if (!text.startsWith(frame.raw, at + 2)) throw this.error(at, this.mismatch(frame, at));
    this.at = after;
    if (text.charCodeAt(after) !== GREATER) {
      this.blanks();
      if (this.at >= text.length) throw this.error(text.length, `the text ends within </${frame.raw}`);
      if (text.charCodeAt(this.at) !== GREATER) throw this.error(at, this.mismatch(frame, at));
    }
    this.at += 1;
    this.finish(frame);
  }

  private mismatch(frame: Frame, at: number): string {
    const found = /^<\/[^\s>]{0,100}/.exec(this.text.slice(at, at + 102))?.[0] ?? "</";
    return `<${frame.raw}> is closed by ${found}>`;
  }

  private finish(frame: Frame): void {
    const { name, attributes, prefixes, mixed, base } = frame;
    const namespace = frame.scope[name.prefix] ?? "";
    const children = this.count > base ? this.finished.slice(base, this.count) : undefined;
    this.count = base;
    // Beside children only text that says something counts.
    const text = children && !mixed ? "" : frame.text;
    const done = new XmlElement(name.local, { namespace, attributes, children, text, prefixes, mixed });
    this.depth -= 1;
    const parent = this.frames[this.depth - 1];
    if (this.depth === 0 || !parent) this.root = done;
    else this.adopt(parent, done);
  }

  private adopt(parent: Frame, child: XmlElement): void {
    if (parent.mixed) parent.mixed.push(child);
    else if (this.count === parent.base) {
      if (notBlank.test(parent.text)) parent.mixed = [parent.text, child];
      else parent.text = "";
    }
    this.finished[this.count] = child;
    this.count += 1;
  }

  /** A name as written, from its first character to a delimiter. */
  private name(from: number): string {
    const { text } = this;
    const first = text.charCodeAt(from);
    let end = from;
    while (end < text.length && !endsName(text.charCodeAt(end))) end += 1;
    // Digits, "-" and "." may not begin a name; other characters are left to the device.
    if (end === from || (first >= 45 && first <= 57)) throw this.error(from, "a name is missing");
    return text.slice(from, end);
  }

  private split(raw: string, start: number): Name {
    const known = this.names.get(raw);
    if (known) return known;
    const colon = raw.indexOf(":");
    const name = { prefix: colon < 0 ? "" : raw.slice(0, colon), local: raw.slice(colon + 1) };
    if (name.local === "") throw this.error(start, "a name is missing");
    this.names.set(raw, name);
    return name;
  }

  private blanks(): void {
    for (;;) {
      if (!isBlank(this.text.charCodeAt(this.at))) return;
      this.at += 1;
    }
  }

  private after(mark: string, from: number, why: string): number {
    const found = this.text.indexOf(mark, from);
    if (found < 0) throw this.error(this.text.length, why);
    return found + mark.length;
  }

  private error(offset: number, why: string): XmlSyntaxError {
    return XmlSyntaxError.at(this.text, offset, why);
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 9;
}

/** White space and `" & ' / < = >`. */
function endsName(code: number): boolean {
  if (code > 62) return false;
  return code >= 60 || code === SLASH || isBlank(code) || code === DOUBLE || code === SINGLE || code === 38;
}

/** Sets a property of any name, `__proto__` too. */
function define(target: object, key: string, value: string): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true });
  else (target as Record<string, string>)[key] = value;
}
