import { expect, test } from "vitest";
import { junosArguments, junosSettings } from "./settings.ts";

const settings = (args: Record<string, unknown>) => junosSettings(junosArguments.schema.parse(args));

test("without arguments the configuration is locked for a change and a warning refuses it", () => {
  const { verbs, timeoutMs, configurationOptions } = settings({});
  expect(verbs).toMatchObject({ lock: "change", isPrivate: false });
  expect(verbs.ignoresWarning("statement not found")).toBe(false);
  expect(timeoutMs).toBe(60_000);
  expect(configurationOptions).toEqual({ database: "committed", inherit: "inherit", groups: "groups" });
});

test("how the configuration is kept from others", () => {
  expect(settings({ config_lock: true }).verbs.lock).toBe("session");
  expect(settings({ lock_disable: true, config_lock: true }).verbs.lock).toBe("none");
  expect(settings({ config_private: true }).verbs).toMatchObject({ lock: "none", isPrivate: true });
});

test("warnings may be passed over all, or by expressions whatever the case", () => {
  const ignores = (ignore_warning: unknown, text: string) =>
    settings({ ignore_warning }).verbs.ignoresWarning(text);
  expect(ignores(true, "anything")).toBe(true);
  expect(ignores("NOT found", "statement not found")).toBe(true);
  expect(ignores(["a", "no .* contents"], "statement has no real contents")).toBe(true);
  expect(ignores("^found", "statement not found")).toBe(false);
});

test("attributes of requests for the configuration, one by one or all at once", () => {
  expect(settings({ junos_config_database: "candidate" }).configurationOptions).toMatchObject({
    database: "candidate",
    groups: "groups",
  });
  expect(settings({ junos_config_options: { database: "candidate" } }).configurationOptions).toEqual({
    database: "candidate",
  });
});

test.each([
  [{ ignore_warning: "(" }, "ignore_warning"],
  [{ key_file: "/k" }, "ssh-privatekey"],
  [{ lock_disabled: true }, "lock_disabled"],
])("%j is refused by name", (args, message) => {
  expect(() => settings(args)).toThrow(message);
});
