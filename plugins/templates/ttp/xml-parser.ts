import { XmlElement } from "./xml-element.ts";

/** The template is not well-formed markup. `line` counts from 1, `column` from 0. */
export class XmlParseError extends Error {
  readonly line: number;
  readonly column: number;
  constructor(reason: string, line: number, column: number) {
    super(`${reason}: line ${line}, column ${column}`);
    this.name = "ParseError";
    this.line = line;
    this.column = column;
  }
}

const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*/uy;
const REFERENCE = /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([\p{L}_:][\p{L}\p{N}_:.-]*));/uy;
const ATTRIBUTE_SPACE = /[ \t\n]+/y;
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f￾￿]/;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Elements deeper than this are refused: no template needs them, and the engine walks them recursively. */
const MAX_DEPTH = 200;

/**
 * Parses one XML document into its root element, as Python's ElementTree does: comments, processing instructions and the
 * document type are dropped, references are resolved, line ends become `\n`.
 *
 * Throws XmlParseError with expat's reasons.
 */
export function parseXml(source: string): XmlElement {
  return new XmlParser(source.replaceAll("\r\n", "\n").replaceAll("\r", "\n")).document();
}

class XmlParser {
  private readonly source: string;
  private at = 0;
  private readonly open: XmlElement[] = [];
  private root: XmlElement | undefined;
  private pending = "";

  constructor(source: string) {
    this.source = source;
  }

  document(): XmlElement {
    if (this.source.startsWith("\ufeff")) this.at = 1;
    if (/^<\?xml[\s?]/.test(this.source.slice(this.at, this.at + 6))) this.skipPast("?>", "unclosed token");
    while (this.at < this.source.length) this.next();
    if (this.root === undefined || this.open.length > 0)
      throw this.error("no element found", this.source.length);
    return this.root;
  }

  private next(): void {
    const markup = this.source.indexOf("<", this.at);
    const end = markup === -1 ? this.source.length : markup;
    if (end > this.at) this.characters(end);
    if (markup === -1) return;
    if (this.source.startsWith("<!--", markup)) this.comment();
    else if (this.source.startsWith("<![CDATA[", markup)) this.cdata();
    else if (this.source.startsWith("<?", markup)) this.instruction();
    else if (this.source.startsWith("<!DOCTYPE", markup) && this.root === undefined)
      this.skipPast(">", "unclosed token");
    else if (this.source.startsWith("</", markup)) this.endTag();
    else this.startTag();
  }

  /** Character data up to `end`; outside the root only white space may stand. */
  private characters(end: number): void {
    const raw = this.source.slice(this.at, end);
    if (this.open.length === 0) {
      const outside = raw.search(/[^ \t\n]/);
      if (outside !== -1) throw this.error(this.outsideReason(), this.at + outside);
      this.at = end;
      return;
    }
    this.refuse(raw, FORBIDDEN);
    const cdataEnd = raw.indexOf("]]>");
    if (cdataEnd !== -1) throw this.error("not well-formed (invalid token)", this.at + cdataEnd);
    this.pending += this.resolve(raw, this.at);
    this.at = end;
  }

  private outsideReason(): string {
    return this.root === undefined ? "syntax error" : "junk after document element";
  }

  private comment(): void {
    const end = this.source.indexOf("--", this.at + 4);
    if (end === -1) throw this.error("unclosed token", this.at);
    if (this.source.charAt(end + 2) !== ">") throw this.error("not well-formed (invalid token)", end + 2);
    this.at = end + 3;
  }

  private cdata(): void {
    if (this.open.length === 0) throw this.error("not well-formed (invalid token)", this.at + 1);
    const end = this.source.indexOf("]]>", this.at);
    if (end === -1) throw this.error("unclosed CDATA section", this.at);
    this.pending += this.source.slice(this.at + "<![CDATA[".length, end);
    this.at = end + 3;
  }

  private instruction(): void {
    const start = this.at;
    this.at += 2;
    const target = this.match(NAME);
    if (target === undefined) throw this.error("not well-formed (invalid token)", this.at);
    if (target.toLowerCase() === "xml")
      throw this.error("XML or text declaration not at start of entity", start);
    this.skipPast("?>", "unclosed token");
  }

  private startTag(): void {
    const start = this.at;
    this.at += 1;
    const name = this.match(NAME);
    if (name === undefined) throw this.error("not well-formed (invalid token)", this.at);
    if (this.open.length === 0 && this.root !== undefined)
      throw this.error("junk after document element", start);
    if (this.open.length >= MAX_DEPTH) throw this.error("elements are nested too deeply", start);
    const element = new XmlElement(name);
    const closed = this.attributes(element, start);
    this.flush();
    this.open.at(-1)?.children.push(element);
    this.root ??= element;
    if (!closed) this.open.push(element);
  }

  /** Reads attributes up to the tag's end; true when the element ends there too. */
  private attributes(element: XmlElement, start: number): boolean {
    for (;;) {
      const spaced = this.match(ATTRIBUTE_SPACE) !== undefined;
      if (this.take("/>")) return true;
      if (this.take(">")) return false;
      if (this.at >= this.source.length) throw this.error("unclosed token", start);
      const at = this.at;
      const name = spaced ? this.match(NAME) : undefined;
      if (name === undefined) throw this.error("not well-formed (invalid token)", this.at);
      this.match(ATTRIBUTE_SPACE);
      if (!this.take("=")) throw this.error("not well-formed (invalid token)", this.at);
      this.match(ATTRIBUTE_SPACE);
      const value = this.attributeValue(start);
      if (element.attributes.has(name)) throw this.error("duplicate attribute", at);
      element.attributes.set(name, value);
    }
  }

  private attributeValue(start: number): string {
    const quote = this.source.charAt(this.at);
    if (quote !== '"' && quote !== "'") throw this.error("not well-formed (invalid token)", this.at);
    const end = this.source.indexOf(quote, this.at + 1);
    if (end === -1) throw this.error("unclosed token", start);
    const raw = this.source.slice(this.at + 1, end);
    this.at += 1;
    this.refuse(raw, /[<\0-\x08\x0b\x0c\x0e-\x1f]/);
    const value = this.resolve(raw.replace(/[\n\t]/g, " "), this.at);
    this.at = end + 1;
    return value;
  }

  private endTag(): void {
    const start = this.at;
    this.at += 2;
    const name = this.match(NAME);
    if (name === undefined) throw this.error("not well-formed (invalid token)", this.at);
    this.match(ATTRIBUTE_SPACE);
    if (!this.take(">")) throw this.error("not well-formed (invalid token)", this.at);
    if (this.open.length === 0 && this.root !== undefined)
      throw this.error("junk after document element", start);
    if (this.open.at(-1)?.tag !== name) throw this.error("mismatched tag", start + 2);
    this.flush();
    this.open.pop();
  }

  /** Hands the collected text to the element it belongs to: the last child's tail, or else the open element's text. */
  private flush(): void {
    const parent = this.open.at(-1);
    if (parent !== undefined && this.pending !== "") {
      const before = parent.children.at(-1);
      if (before === undefined) parent.text = this.pending;
      else before.tail = this.pending;
    }
    this.pending = "";
  }

  private resolve(raw: string, offset: number): string {
    if (!raw.includes("&")) return raw;
    let text = "";
    let from = 0;
    for (let at = raw.indexOf("&"); at !== -1; at = raw.indexOf("&", from)) {
      REFERENCE.lastIndex = at;
      const found = REFERENCE.exec(raw);
      if (found === null) throw this.error("not well-formed (invalid token)", offset + at + 1);
      text += raw.slice(from, at) + this.referenced(found, offset + at);
      from = REFERENCE.lastIndex;
    }
    return text + raw.slice(from);
  }

  private referenced([, hex, decimal, name]: RegExpExecArray, at: number): string {
    if (name !== undefined) {
      const entity = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
      if (entity === undefined) throw this.error(`undefined entity &${name};`, at);
      return entity;
    }
    const code = hex === undefined ? Number.parseInt(decimal ?? "", 10) : Number.parseInt(hex, 16);
    const char = code <= 0x10ffff ? String.fromCodePoint(code) : "\0";
    if (FORBIDDEN.test(char)) throw this.error("reference to invalid character number", at);
    return char;
  }

  private refuse(raw: string, forbidden: RegExp): void {
    const found = raw.search(forbidden);
    if (found !== -1) throw this.error("not well-formed (invalid token)", this.at + found);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at = pattern.lastIndex;
    return found;
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private skipPast(text: string, reason: string): void {
    const found = this.source.indexOf(text, this.at);
    if (found === -1) throw this.error(reason, this.at);
    this.at = found + text.length;
  }

  private error(reason: string, at: number): XmlParseError {
    const before = this.source.slice(0, at);
    const line = before.split("\n").length;
    return new XmlParseError(reason, line, at - (before.lastIndexOf("\n") + 1));
  }
}
