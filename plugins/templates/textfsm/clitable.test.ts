import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  CliTableError,
  expandCompletions,
  findLibraryFolder,
  labelValueText,
  parseCommand,
  parseIndex,
  parseTemplate,
  sortTable,
  superkey,
  TemplateFileMissing,
  TemplateLibrary,
} from "./engine.ts";

const INDEX = `# comment
Template, Hostname, Platform, Command

ports.textfsm:vlans.textfsm, .*, acme_os, sh[[ow]] po[[rts]]
ports.textfsm, .*, acme_os.*, sh[[ow]] in[[terfaces]]( br[[ief]])?$$
loose.textfsm, .*, acme_os
`;
const PORTS = "Value Key PORT (\\S+)\nValue SPEED (\\d+)\n\nStart\n  ^$PORT speed $SPEED -> Record\n";
const VLANS = "Value Key PORT (\\S+)\nValue VLAN (\\d+)\n\nStart\n  ^$PORT vlan $VLAN -> Record\n";
const OUTPUT = "b speed 10\na speed 100\na vlan 7\n";

let folder = "";
let library: TemplateLibrary;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "textfsm-"));
  writeFileSync(join(folder, "index"), INDEX.replace("$$", "$"));
  writeFileSync(join(folder, "ports.textfsm"), PORTS);
  writeFileSync(join(folder, "vlans.textfsm"), VLANS);
  library = new TemplateLibrary(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the index", () => {
  test("finds a command, abbreviated or not; rows of another width are no rows", () => {
    expect(library.index.rows).toHaveLength(2);
    expect(library.find("acme_os", "show ports")?.template).toBe("ports.textfsm:vlans.textfsm");
    expect(library.find("acme_os", "sh po")?.number).toBe(1);
    expect(library.find("acme_os_v2", "sh int br")?.number).toBe(2);
    expect(library.find("acme_os", "show interfaces brief all")).toBeUndefined();
    expect(library.find("other", "show ports")).toBeUndefined();
  });

  test("ignores attributes that are no columns", () => {
    expect(library.index.find({ Command: "sh po", Colour: "red" })?.number).toBe(1);
  });

  test("expands completions from the right", () => {
    expect(expandCompletions("sh[[ow]] v[[er]]")).toBe("sh(o(w)?)? v(e(r)?)?");
  });

  test("needs a column Template and regular expressions", () => {
    expect(() => parseIndex("Hostname, Command\n.*, show\n")).toThrow(
      new CliTableError("Index file does not have 'Template' column."),
    );
    expect(() => parseIndex("Template, Command\nx, sh(ow\n")).toThrow(
      "missing ), unterminated subpattern at position 2",
    );
  });
});

describe("a command's table", () => {
  test("merges the tables of several templates on their keys", () => {
    const command = library.parse("acme_os", "sh po", OUTPUT);
    expect(command.table.toObjects()).toEqual([
      { port: "b", speed: "10", vlan: "" },
      { port: "a", speed: "100", vlan: "7" },
    ]);
    expect(superkey(command)).toEqual(["PORT"]);
    expect(labelValueText(command.table, superkey(command))).toBe(
      "# LABEL PORT\nb.SPEED 10\nb.VLAN \na.SPEED 100\na.VLAN 7\n",
    );
  });

  test("says which key a further template lacks", () => {
    const first = parseTemplate("Value Key NAME (\\S+)\n\nStart\n  ^$NAME -> Record\n");
    const second = parseTemplate("Value OTHER (\\S+)\n\nStart\n  ^$OTHER -> Record\n");
    const request = { input: "x\n", attributes: {}, templates: "first:second" };
    const parse = () => parseCommand(request, library.index, (name) => (name === "first" ? first : second));
    expect(parse).toThrow("The second table has no column NAME, which is a key.");
  });

  test("sorts by its keys, or by all columns with numbers as numbers", () => {
    const command = library.parse("acme_os", "sh po", OUTPUT);
    sortTable(command);
    expect(command.table.rows.map(([port]) => port)).toEqual(["a", "b"]);
    command.table.rows = [["10"], ["9"], ["1.5"]];
    command.table.sort();
    expect(command.table.rows).toEqual([["1.5"], ["9"], ["10"]]);
  });

  test("says which command has no template", () => {
    expect(() => library.parse("acme_os", "show x", "")).toThrow(
      new CliTableError("No template found for attributes: \"{'Command': 'show x', 'Platform': 'acme_os'}\""),
    );
  });
});

describe("the library", () => {
  test("reads a template again when its file changed", () => {
    const before = library.template("ports.textfsm");
    expect(library.template("ports.textfsm")).toBe(before);
    writeFileSync(join(folder, "ports.textfsm"), `${PORTS}# changed\n`);
    utimesSync(join(folder, "ports.textfsm"), 1, 1);
    expect(library.template("ports.textfsm")).not.toBe(before);
  });

  test("has no files but those in its folder", () => {
    expect(() => library.template("../secret")).toThrow(TemplateFileMissing);
    expect(() => library.template("gone.textfsm")).toThrow(TemplateFileMissing);
  });

  test("is found in the folder itself and in a checkout of ntc-templates", () => {
    expect(findLibraryFolder(folder)).toBe(folder);
    expect(findLibraryFolder(join(folder, "nothing"))).toBeUndefined();
  });
});
