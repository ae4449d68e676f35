export { canonical } from "./canonical.ts";
export { element, type XmlContent, XmlElement } from "./element.ts";
export { type ParseLimits, parseXml } from "./parse.ts";
export { XmlSyntaxError } from "./syntax-error.ts";
export { escapeXml, writeXml } from "./write.ts";
