import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  containerArguments,
  containerEnvironment,
  type LocalPlaces,
  type ValueSources,
} from "./environment.ts";
import { readPodSpec } from "./pod.ts";

const sources: ValueSources = {
  field: (path) => `<${path}>`,
  secretKey: (name, key) => (name === "login" && key === "password" ? "s3cret" : undefined),
  configMapKey: (name, key) => (name === "settings" && key === "level" ? "high" : undefined),
};

const places: LocalPlaces = {
  folders: new Map([
    ["/etc/netpulse/credentials/a", "/pods/1/volumes/a"],
    ["/etc/netpulse", "/pods/1/volumes/etc"],
    ["/tmp", "/pods/1/volumes/tmp"],
  ]),
  parents: new Map([["/etc/netpulse/credentials", "/pods/1/root/etc/netpulse/credentials"]]),
  ports: new Map([[8080, 41_234]]),
};

function environmentOf(env: object[]): Record<string, string> {
  const { containers } = readPodSpec({ metadata: {}, spec: { containers: [{ name: "c", env }] } });
  return containerEnvironment(containers[0] ?? fail(), sources, places);
}

function fail(): never {
  throw new Error("the pod has no container");
}

describe("environment", () => {
  test("values come from fields, Secrets and ConfigMaps", () => {
    expect(
      environmentOf([
        { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "login", key: "password" } } },
        { name: "LEVEL", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } },
      ]),
    ).toEqual({ POD: "<metadata.name>", PASSWORD: "s3cret", LEVEL: "high" });
  });

  test("an optional value that is not there is left out, another one is an error that names it", () => {
    const missing = { secretKeyRef: { name: "login", key: "token" } };
    const optional = { secretKeyRef: { ...missing.secretKeyRef, optional: true } };

    expect(environmentOf([{ name: "TOKEN", valueFrom: optional }])).toEqual({});
    expect(() => environmentOf([{ name: "TOKEN", valueFrom: missing }])).toThrow(
      "Secret login has no key token",
    );
  });

  test("a declared port becomes the allotted one, as a whole value only", () => {
    expect(
      environmentOf([
        { name: "PORT", value: "8080" },
        { name: "URL", value: "http://127.0.0.1:8080" },
        { name: "OTHER", value: "18080" },
      ]),
    ).toEqual({ PORT: "41234", URL: "http://127.0.0.1:8080", OTHER: "18080" });
  });

  test.each([
    ["/tmp", "/pods/1/volumes/tmp"],
    ["/tmp/x/y", "/pods/1/volumes/tmp/x/y"],
    ["/tmpfile", "/tmpfile"],
    ["/etc/netpulse/config.yaml", "/pods/1/volumes/etc/config.yaml"],
    ["/etc/netpulse/credentials/a/password", "/pods/1/volumes/a/password"],
    ["/etc/netpulse/credentials", "/pods/1/root/etc/netpulse/credentials"],
    ["/etc", "/etc"],
  ])("the path %s leads to %s", (value, local) => {
    expect(environmentOf([{ name: "PATH_OF", value }])).toEqual({ PATH_OF: local });
  });
});

describe("$(NAME)", () => {
  const argument = (text: string) => containerArguments([text], { NAME: "value", EMPTY: "" }, places)[0];

  test.each([
    ["$(NAME)", "value"],
    ["a-$(NAME)-$(NAME)", "a-value-value"],
    ["$(EMPTY)|", "|"],
    ["$(UNKNOWN)", "$(UNKNOWN)"],
    ["$$(NAME)", "$(NAME)"],
    ["$NAME", "$NAME"],
  ])("%s becomes %s", (text, expected) => {
    expect(argument(text)).toBe(expected);
  });

  test("refers to earlier variables, not to later ones", () => {
    expect(
      environmentOf([
        { name: "A", value: "$(B)" },
        { name: "B", value: "b" },
        { name: "C", value: "$(B)" },
      ]),
    ).toEqual({ A: "$(B)", B: "b", C: "b" });
  });

  test("text without $ and without a mount path stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "(", ")", "N", " ", "8") }), (text) => {
        expect(argument(text)).toBe(text);
      }),
    );
  });
});
