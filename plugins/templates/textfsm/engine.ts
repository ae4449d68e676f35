/**
 * TextFSM and the look-up of templates in an index, as a library without any cluster.
 *
 * @example
 * import { Machine, parseTemplate } from "netpulse/textfsm";
 *
 * const template = parseTemplate("Value NAME (\\S+)\n\nStart\n  ^interface ${NAME} -> Record\n");
 * new Machine(template).parse("interface Ethernet1\ninterface Ethernet2\n");
 * // [["Ethernet1"], ["Ethernet2"]]
 */
export {
  type CommandRequest,
  type CommandTable,
  parseCommand,
  parseMerged,
  sortTable,
  superkey,
} from "./clitable.ts";
export {
  type Attributes,
  CommandIndex,
  expandCompletions,
  type IndexRow,
  parseIndex,
} from "./command-index.ts";
export {
  CliTableError,
  type ParseStop,
  TableError,
  TemplateFileMissing,
  TextFSMError,
  TextFSMTemplateError,
} from "./errors.ts";
export { findLibraryFolder, TemplateLibrary } from "./library.ts";
export { type Finding, lint } from "./linter.ts";
export { type LineEvent, Machine } from "./machine.ts";
export type { Cell, ListItem, Row } from "./record.ts";
export {
  closestRule,
  type ParseReport,
  parseWithReport,
  type TraceEntry,
  type UnmatchedLine,
} from "./report.ts";
export { type LineOperator, parseRule, type RecordOperator, type Rule, ruleText } from "./rule.ts";
export { TextTable } from "./table.ts";
export { csvText, formattedText, labelValueText } from "./table-text.ts";
export {
  parseTemplate,
  type State,
  type Template,
  type TemplateOptions,
  templateText,
  valuesWith,
} from "./template.ts";
export { parseValue, type Value, type ValueOption, valueText } from "./value.ts";
