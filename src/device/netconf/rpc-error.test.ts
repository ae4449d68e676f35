import { describe, expect, test } from "vitest";
import { RpcRefusedError } from "./rpc-error.ts";
import { TestDevice } from "./test-device.ts";

async function ask(reply: string) {
  const device = new TestDevice((request, self) => self.reply(request, reply));
  const client = await device.client();
  return await client.rpc("<commit/>").catch((error: unknown) => {
    if (error instanceof RpcRefusedError) return error;
    throw error;
  });
}

const DENIED = `<rpc-error><error-type>protocol</error-type><error-tag>lock-denied</error-tag><error-severity>error</error-severity>
  <error-app-tag>busy</error-app-tag><error-path>/rpc/lock</error-path>
  <error-message xml:lang="en">
    Lock failed, lock is
    already held.
  </error-message><error-info><session-id>454</session-id></error-info></rpc-error>`;
const WARNING = `<rpc-error><error-type>application</error-type><error-tag>other</error-tag>
  <error-severity>warning</error-severity><error-message>statement has no contents</error-message></rpc-error>`;

describe("a refused request", () => {
  test("has the device's words, tag, place and further facts", async () => {
    const error = await ask(DENIED);
    expect(error).toMatchObject({
      code: "RpcRefused",
      retry: "never",
      message:
        "r1 refused commit: Lock failed, lock is already held (lock-denied) at /rpc/lock, held by session 454.",
      errors: [
        {
          type: "protocol",
          tag: "lock-denied",
          severity: "error",
          appTag: "busy",
          path: "/rpc/lock",
          message: "Lock failed, lock is already held.",
        },
      ],
      warnings: [],
    });
    expect(error instanceof RpcRefusedError && error.hasTag("lock-denied")).toBe(true);
  });

  test("may have several errors; warnings are kept apart", async () => {
    const error = await ask(`${WARNING}${DENIED}<rpc-error><error-tag>too-big</error-tag></rpc-error>`);
    expect(error).toMatchObject({
      message: expect.stringMatching(/lock-denied.*; too-big\.$/),
      errors: [{ tag: "lock-denied" }, { tag: "too-big", severity: "error" }],
      warnings: [{ message: "statement has no contents" }],
    });
  });

  test("without a word says so", async () => {
    expect(await ask("<rpc-error/>")).toMatchObject({ message: "r1 refused commit: it does not say why." });
  });
});

test("warnings alone are no failure", async () => {
  const reply = await ask(`${WARNING}<ok/>`);
  expect(reply).not.toBeInstanceOf(Error);
  expect(reply.warnings).toMatchObject([{ severity: "warning", message: "statement has no contents" }]);
});

describe("Junos", () => {
  test("puts errors into what they are about", async () => {
    const error = await ask(
      `<commit-results><routing-engine><name>re0</name>${WARNING}${DENIED}</routing-engine></commit-results>`,
    );
    expect(error).toMatchObject({ errors: [{ tag: "lock-denied" }], warnings: [{ tag: "other" }] });
  });

  test("has errors of its own, with or without the declaration of their namespace", async () => {
    const own = (attributes: string) =>
      `<xnm:error ${attributes}><source-daemon>mgd</source-daemon><edit-path>[edit system]</edit-path>
       <statement>host-nam</statement><token>host-nam</token><message>syntax error</message></xnm:error>`;
    for (const attributes of ['xmlns:xnm="http://xml.juniper.net/xnm/1.1/xnm"', ""]) {
      expect(
        await ask(`<load-configuration-results>${own(attributes)}</load-configuration-results>`),
      ).toMatchObject({
        errors: [{ path: "[edit system] host-nam", message: 'syntax error at "host-nam"' }],
      });
    }
  });

  test("data that is called an error is none", async () => {
    expect(
      await ask("<interface><error>7</error><warning><count>1</count></warning></interface>"),
    ).not.toBeInstanceOf(Error);
  });
});
