import { expect, test } from "vitest";
import { parseManifests } from "./manifests.ts";

test("a text holds any number of objects; empty documents are none", () => {
  const text =
    "---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n---\n# nothing\n---\napiVersion: v1\nkind: B\nmetadata: {name: b}\n";

  expect(parseManifests(text, "x.yaml").map(({ kind }) => kind)).toEqual(["A", "B"]);
});

test("what is no object is refused with the file's name and the field", () => {
  expect(() => parseManifests("kind: A\nmetadata: {}\n", "x.yaml")).toThrow(/x\.yaml: .*apiVersion/s);
});

test("a text that is not YAML is refused where it breaks, not read as far as it goes", () => {
  const text = "apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec:\n  devices: [r1\n  cancel: true\n";

  expect(() => parseManifests(text, "x.yaml")).toThrow(/^x\.yaml: .*at line \d+, column \d+$/);
  expect(() => parseManifests("kind: A\nkind: B\n", "x.yaml")).toThrow(/^x\.yaml: .*unique.*line 2/);
});
