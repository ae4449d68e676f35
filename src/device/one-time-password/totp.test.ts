import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base32 } from "./base32.ts";
import { hotp, type TotpSecret, timeStep, totpSecret } from "./totp.ts";

const ASCII = "12345678901234567890123456789012345678901234567890123456789012345678901234567890";

function secretOf(algorithm: TotpSecret["algorithm"], length: number): TotpSecret {
  return { key: Buffer.from(ASCII.slice(0, length)), algorithm, digits: 8, period: 30 };
}

function codeAt(secret: TotpSecret, seconds: number): string {
  return hotp(secret, timeStep(secret, seconds * 1000));
}

test("the counters of RFC 4226, appendix D", () => {
  const secret = { key: Buffer.from(ASCII.slice(0, 20)), algorithm: "sha1", digits: 6 } as const;
  const codes = [...Array(10).keys()].map((counter) => hotp(secret, counter));
  expect(codes.join(" ")).toBe("755224 287082 359152 969429 338314 254676 287922 162583 399871 520489");
});

test.each([
  [59, "94287082", "46119246", "90693936"],
  [1111111109, "07081804", "68084774", "25091201"],
  [1234567890, "89005924", "91819424", "93441116"],
  [20000000000, "65353130", "77737706", "47863826"],
])("the moments of RFC 6238, appendix B: %d s", (seconds, sha1, sha256, sha512) => {
  expect(codeAt(secretOf("sha1", 20), seconds)).toBe(sha1);
  expect(codeAt(secretOf("sha256", 32), seconds)).toBe(sha256);
  expect(codeAt(secretOf("sha512", 64), seconds)).toBe(sha512);
});

test("base32 is taken as people copy it, and as RFC 4648 has it", () => {
  expect(base32("MZXW6YTBOI======")?.toString()).toBe("foobar");
  expect(base32("mzxw 6ytb-oi")?.toString()).toBe("foobar");
  expect(base32("")).toBeUndefined();
  expect(base32("MZXW1")).toBeUndefined();
});

test("an otpauth URI brings its own algorithm, digits and period", () => {
  const uri = "otpauth://totp/net:admin?secret=MZXW6YTBOI&algorithm=SHA256&digits=8&period=60&issuer=net";
  expect(totpSecret(uri)).toEqual({ key: Buffer.from("foobar"), algorithm: "sha256", digits: 8, period: 60 });
  expect(totpSecret(" MZXW6YTBOI\n")).toMatchObject({ algorithm: "sha1", digits: 6, period: 30 });
});

test.each([
  "otpauth://hotp/x?secret=MZXW6YTBOI&counter=1",
  "otpauth://totp/x?secret=not-base-32!",
  "otpauth://totp/x?secret=MZXW6YTBOI&digits=12",
  "otpauth://totp/x?secret=MZXW6YTBOI&period=0",
  "otpauth://totp/x?secret=MZXW6YTBOI&algorithm=MD5",
  "MZXW6YTBOI!",
])("what is wrong is said without a part of the secret: %s", (text) => {
  const said = totpSecret(text);
  expect(said).toBeTypeOf("string");
  expect(said).not.toContain("MZXW");
});

const OATHTOOL = "/usr/bin/oathtool";
describe.skipIf(!existsSync(OATHTOOL))("against oathtool (skipped where it is not installed)", () => {
  test("any key, moment, algorithm, length and period gives its code", () => {
    const secret = fc.record({
      key: fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
      algorithm: fc.constantFrom("sha1", "sha256", "sha512"),
      digits: fc.integer({ min: 6, max: 8 }),
      period: fc.integer({ min: 1, max: 120 }),
    });
    fc.assert(
      fc.property(secret, fc.integer({ min: 0, max: 4_000_000_000 }), (made, seconds) => {
        const said = execFileSync(OATHTOOL, [
          `--totp=${made.algorithm}`,
          `--digits=${made.digits}`,
          `--time-step-size=${made.period}s`,
          `--now=@${seconds}`,
          made.key.toString("hex"),
        ]);
        expect(codeAt(made, seconds)).toBe(said.toString().trim());
      }),
      { numRuns: 40 },
    );
  });
});
