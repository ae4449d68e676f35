import { readCalls } from "../../../../plugins/templates/ttp/attributes.ts";
import { Group } from "../../../../plugins/templates/ttp/group.ts";
import { XmlElement } from "../../../../plugins/templates/ttp/xml-element.ts";
import { PyDict } from "../../../python/values/dict.ts";
import { str } from "../../../python/values/text.ts";
import { type CaseOutcome, compare } from "../suite.ts";
import { canonical } from "./recorded-values.ts";

/** Reads the attributes of a variable as recorded. */
export function runAttributes(record: PyDict): CaseOutcome {
  const calls = readCalls(str(record.get("line")));
  const got = calls.map(
    ({ name, args, kwargs }) =>
      new PyDict([
        ["args", args],
        ["kwargs", new PyDict([...kwargs])],
        ["name", name],
      ]),
  );
  return compare(canonical(record.get("result")), canonical(got));
}

/** Makes the regular expression of a template line as recorded: the same text. */
export function runLineRegex(record: PyDict): CaseOutcome {
  const element = new XmlElement("group");
  element.text = str(record.get("line"));
  const vars = record.get("vars");
  const context = {
    pathSeparator: ".",
    vars: vars instanceof PyDict ? vars : new PyDict(),
    knownFunctions: () => true,
  };
  const group = new Group(element, context, { top: true, index: 0, path: [], parentId: undefined });
  const line = group.startLines[0] ?? group.lines[0] ?? group.endLines[0];
  return compare(record.get("regex"), line?.regex?.source ?? null);
}
