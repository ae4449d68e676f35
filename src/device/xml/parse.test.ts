import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonical,
  element,
  parseXml,
  writeXml,
  type XmlContent,
  XmlElement,
  XmlSyntaxError,
} from "./index.ts";

function refusal(text: string, limits?: { maxDepth: number }): XmlSyntaxError {
  try {
    parseXml(text, limits);
  } catch (error) {
    if (error instanceof XmlSyntaxError) return error;
    throw error;
  }
  throw new Error("the text was accepted");
}

describe("reading", () => {
  test("names lose their prefixes and gain their namespaces, the nearest declaration wins", () => {
    const root = parseXml(
      '<nc:a xmlns:nc="urn:nc" xmlns="urn:d"><b/><nc:c xmlns:nc="urn:other"/><d xmlns=""><e/></d><nc:f/></nc:a>',
    );
    const names = [root, ...root.all(".//*")].map((one) => `${one.namespace}|${one.name}`);
    expect(names).toEqual(["urn:nc|a", "urn:d|b", "urn:other|c", "|d", "|e", "urn:nc|f"]);
  });

  test("an undeclared prefix is dropped: replies of devices have them", () => {
    expect(parseXml("<junos:a/>")).toMatchObject({ name: "a", namespace: "" });
  });

  test("attributes keep their prefixes; declarations are none of them", () => {
    const root = parseXml(`<a junos:style = 'br"ief' xmlns:junos="urn:j" y="1&#x20;&lt;\n2"/>`);
    expect(root.attributes).toEqual({ "junos:style": 'br"ief', y: "1 < 2" });
    expect(root.prefixes).toEqual({ junos: "urn:j" });
  });

  test("references, CDATA and line ends are resolved; text is not trimmed", () => {
    expect(parseXml("<a> x &amp;&#65;&#x1F600;\r\n<![CDATA[<&amp;>]]> </a>").text).toBe(" x &A😀\n<&amp;> ");
  });

  test("white space beside children is layout, other text beside them keeps its place", () => {
    expect(parseXml("<a>\n  <b/>\n</a>").text).toBe("");
    const mixed = parseXml("<a>one <b/> two <c/></a>");
    expect(mixed.text).toBe("one  two ");
    expect(writeXml(mixed)).toBe("<a>one <b/> two <c/></a>");
  });

  test("declaration, comments and processing instructions around and within are skipped", () => {
    const root = parseXml(
      '\ufeff\n <?xml version="1.0"?><!-- <x> --><a><?p <y>?>1<!-- 2 -->3</a><!-- end -->\n',
    );
    expect(root.text).toBe("13");
  });

  test("a name like those of JavaScript's own properties is a name", () => {
    const root = parseXml('<__proto__ __proto__="1" constructor="2"><toString/></__proto__>');
    expect(Object.entries(root.attributes)).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
    expect(root.has("toString")).toBe(true);
    expect(root.has("valueOf")).toBe(false);
    expect(parseXml("<a><b/></a>").has("b[@constructor]")).toBe(false);
  });
});

describe("refusing", () => {
  test.each([
    ["<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "a document type is refused", 1, 1],
    ["<a>\n &x;</a>", "entity &x; is unknown", 2, 2],
    ["<a>&toString;</a>", "entity &toString; is unknown", 1, 4],
    ["<a>1 & 2</a>", 'a "&" that begins no reference', 1, 6],
    ["<a>&#0;</a>", "&#0; is no character", 1, 4],
    ["<a>&#xD800;</a>", "&#xD800; is no character", 1, 4],
    ["<a>&#99999999;</a>", "&#99999999; is no character", 1, 4],
    ["<a>\n<b></a>", "<b> is closed by </a>", 2, 4],
    ["<a></ab>", "<a> is closed by </ab>", 1, 4],
    ["</a>", "an end tag without its start", 1, 1],
    ["<a/><b/>", "a second element after the document's own", 1, 5],
    ["<a/> x", "text outside of the element", 1, 6],
    ["<a x=1/>", "the value of attribute x is not in quotes", 1, 6],
    ["<a x/>", "attribute x has no value", 1, 5],
    ["<a x='<'/>", "unexpected < in the value of attribute x", 1, 7],
    ["<a x='1' x='2'/>", "attribute x stands there twice", 1, 10],
    ["<a xmlns:p='1' xmlns:p='2'/>", 'namespace prefix "p" is declared twice', 1, 16],
    ["<a><1/></a>", "a name is missing", 1, 5],
    ["<p:/>", "a name is missing", 1, 1],
    ["<a/ >", "unexpected /", 1, 3],
    ["<a><!ELEMENT b></a>", "unexpected <!", 1, 4],
    ["<a><!-- x</a>", "a comment is not closed", 1, 14],
    ["<a><![CDATA[ x</a>", "a CDATA section is not closed", 1, 19],
    ["<a><b>", "the text ends within <b>", 1, 7],
    ["", "there is no element", 1, 1],
  ])("%s", (text, why, line, column) => {
    expect(refusal(text)).toMatchObject({
      why,
      line,
      column,
      message: `${why} (line ${line}, column ${column})`,
    });
  });

  test("nesting has a limit, 256 unless told", () => {
    const nested = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth);
    expect(parseXml(nested(256)).all(".//a")).toHaveLength(255);
    expect(refusal(nested(257)).why).toBe("elements are nested deeper than 256");
    expect(refusal(nested(100_000)).why).toBe("elements are nested deeper than 256");
    expect(refusal(nested(4), { maxDepth: 3 }).column).toBe(10);
  });
});

const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/);
const words = fc.string({ unit: fc.constantFrom(...("ab &<>\"'\n\t\r;]ü😀".match(/./gsu) ?? [])) });
const tree = fc.letrec<{ node: XmlElement }>((tie) => ({
  node: fc
    .record({
      name,
      attributes: fc.dictionary(
        name.filter((one) => one !== "xmlns"),
        words,
        { maxKeys: 3 },
      ),
      namespace: fc.constantFrom(undefined, "urn:a", "urn:b&c"),
      content: fc.oneof(
        words.map((text): XmlContent[] => (text === "" ? [] : [text])),
        fc.array(
          fc.oneof(
            tie("node"),
            words.filter((text) => text.trim() !== ""),
          ),
          { maxLength: 4 },
        ),
      ),
    })
    .map((one) =>
      element(one.name, { ...one.attributes, ...(one.namespace && { xmlns: one.namespace }) }, one.content),
    ),
})).node;

describe("properties", () => {
  test("what is written is read again as the same", () => {
    fc.assert(
      fc.property(tree, (built) => {
        const read = parseXml(writeXml(built));
        expect(canonical(read)).toBe(canonical(built));
        expect(parseXml(writeXml(read))).toEqual(read);
        expect([read, ...read.all(".//*")].map((one) => one.text)).toEqual(
          [built, ...built.all(".//*")].map((one) => one.text),
        );
      }),
    );
  });

  test("a document cut anywhere, or with any piece taken out, is read or refused with its place, and never anything else", () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.nat(), (built, from, length) => {
        const whole = writeXml(built);
        const at = from % whole.length;
        expect(refusal(whole.slice(0, at))).toBeInstanceOf(XmlSyntaxError);
        const holed = whole.slice(0, at) + whole.slice(at + (length % whole.length));
        let outcome: unknown;
        try {
          outcome = parseXml(holed);
        } catch (error) {
          outcome = error;
        }
        expect(outcome instanceof XmlElement || outcome instanceof XmlSyntaxError).toBe(true);
      }),
    );
  });
});
