import fc from "fast-check";
import { expect, test } from "vitest";
import type { Credential } from "../../plugin/driver.ts";
import { CodeLedger } from "./code-ledger.ts";
import { hotp, type TotpSecret, timeStep, totpSecret } from "./totp.ts";

const TEXT = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

function credentialOf(data: Record<string, string>): Credential {
  return { username: "admin", data };
}

/** A clock whose waits end at once, with the time that they took gone by. */
class SteppedClock {
  ms = 1_000_000;
  readonly waits: number[] = [];
  now(): number {
    return this.ms;
  }
  wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(ms);
    this.ms += ms;
    return Promise.resolve();
  }
}

function read(text: string): TotpSecret {
  const secret = totpSecret(text);
  if (typeof secret === "string") throw new Error(secret);
  return secret;
}

async function oneLogin(ledger: CodeLedger, credential: Credential, waits?: (seconds: number) => void) {
  const turn = await ledger.turn({ device: "r1", credentials: [credential], ...(waits && { waits }) });
  try {
    return await turn.code(credential);
  } finally {
    turn.release();
  }
}

test("the second login within a time step waits for the next code, and says so", async () => {
  const clock = new SteppedClock();
  const ledger = new CodeLedger(clock);
  const told: number[] = [];
  const credential = credentialOf({ totp: TEXT });
  const first = await oneLogin(ledger, credential, (seconds) => told.push(seconds));
  expect(told).toEqual([]);
  const second = await oneLogin(ledger, credential, (seconds) => told.push(seconds));
  expect([first, second]).toEqual([hotp(read(TEXT), 33), hotp(read(TEXT), 34)]);
  expect(told).toEqual([20]);
  expect(clock.waits).toEqual([20_000]);
});

test("a turn that used no code costs the next login nothing", async () => {
  const clock = new SteppedClock();
  const ledger = new CodeLedger(clock);
  const credential = credentialOf({ totp: TEXT });
  (await ledger.turn({ device: "r1", credentials: [credential] })).release();
  await oneLogin(ledger, credential);
  expect(clock.waits).toEqual([]);
});

test("the jump host and the device behind it use two codes of one secret", async () => {
  const clock = new SteppedClock();
  const ledger = new CodeLedger(clock);
  const [bastion, device] = [credentialOf({ totp: TEXT }), credentialOf({ totp: ` ${TEXT.toLowerCase()}` })];
  const turn = await ledger.turn({ device: "r1", credentials: [bastion, device] });
  const codes = [await turn.code(bastion), await turn.code(device)];
  turn.release();
  expect(new Set(codes).size).toBe(2);
  expect(clock.waits).toHaveLength(1);
});

test("logins with one secret take turns; an aborted one lets the next in", async () => {
  const ledger = new CodeLedger(new SteppedClock());
  const credential = credentialOf({ totp: TEXT });
  const first = await ledger.turn({ device: "r1", credentials: [credential] });
  const abort = new AbortController();
  const second = ledger.turn({ device: "r2", credentials: [credential], signal: abort.signal });
  const order: string[] = [];
  const third = ledger.turn({ device: "r3", credentials: [credential] }).then((turn) => {
    order.push("third");
    return turn;
  });
  abort.abort();
  await expect(second).rejects.toMatchObject({ code: "OperationAborted" });
  order.push("first ends");
  first.release();
  (await third).release();
  expect(order).toEqual(["first ends", "third"]);
});

test("a plain code is used once", async () => {
  const ledger = new CodeLedger(new SteppedClock());
  expect(await oneLogin(ledger, credentialOf({ otp: "123456\n" }))).toBe("123456");
  await expect(oneLogin(ledger, credentialOf({ otp: "123456" }))).rejects.toMatchObject({
    code: "OneTimeCodeSpent",
    message: expect.not.stringContaining("123456"),
  });
  expect(await oneLogin(ledger, credentialOf({ otp: "654321" }))).toBe("654321");
});

test("a secret that makes no codes is named when a code is asked for, not before and not shown", async () => {
  const ledger = new CodeLedger(new SteppedClock());
  const credential = credentialOf({ totp: "hunter2!" });
  const turn = await ledger.turn({ device: "r1", credentials: [credential] });
  await expect(turn.code(credential)).rejects.toMatchObject({
    code: "OneTimeSecretInvalid",
    message: expect.not.stringContaining("hunter2"),
  });
  turn.release();
});

test("however many logins run at once, no two use the code of one time step", async () => {
  const login = fc.record({
    secret: fc.constantFrom(TEXT, "MZXW6YTBOI", "MFRGGZDF"),
    codes: fc.integer({ min: 0, max: 3 }),
    laterMs: fc.integer({ min: 0, max: 20_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(login, { maxLength: 12 }), async (logins) => {
      const clock = new SteppedClock();
      const ledger = new CodeLedger(clock);
      const used: string[] = [];
      await Promise.all(
        logins.map(async ({ secret, codes, laterMs }) => {
          clock.ms += laterMs;
          const credential = credentialOf({ totp: secret });
          const turn = await ledger.turn({ device: "r1", credentials: [credential] });
          for (let n = 0; n < codes; n++) {
            // Another login's waiting may have moved the clock on since the code was made.
            const code = await turn.code(credential);
            const now = timeStep(read(secret), clock.now());
            const step = [...Array(40).keys()]
              .map((ago) => now - ago)
              .find((each) => hotp(read(secret), each) === code);
            expect(step).toBeDefined();
            used.push(`${secret} ${step}`);
          }
          turn.release();
        }),
      );
      expect(new Set(used).size).toBe(used.length);
    }),
  );
});
