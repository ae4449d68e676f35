/**
 * What template plugins share of Python: regular expressions, literals, values with their text and methods, addresses, and
 * Python itself for macros. Imported by plugins as `netpulse/python`.
 *
 * @module
 */
export * as ipaddress from "./ipaddress/index.ts";
export * as literal from "./literal/index.ts";
export * as macro from "./macro/index.ts";
export * as re from "./re/index.ts";
export * as values from "./values/index.ts";
