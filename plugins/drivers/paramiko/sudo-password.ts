import { createHash } from "node:crypto";
import type { LoginRequest } from "../../../src/device/login-gate.ts";
import type { RefusedCredentials } from "../../../src/device/refused-credentials.ts";
import type { Credential } from "../../../src/plugin/index.ts";

/** The password that sudo may ask for on a host. */
export interface SudoPassword {
  /** Absent: there is none. */
  readonly password?: string;
  /** Throws `LoginPaused` while a refused password rests, so that no account is locked out. */
  check(): void;
  accepted(): void;
  refused(): void;
}

/** The Secret's `sudo_password`, else the login password, with the memory of its refusals. */
export function sudoPassword(
  device: string,
  host: string,
  credential: Credential,
  refusals: RefusedCredentials,
): SudoPassword {
  const password = credential.data.sudo_password ?? credential.password;
  const request: LoginRequest = {
    device,
    host: `sudo on ${host}`,
    username: credential.username ?? "",
    credential: createHash("sha256")
      .update(password ?? "")
      .digest("base64"),
  };
  return {
    ...(password !== undefined && { password }),
    check: () => refusals.check(request),
    accepted: () => refusals.accepted(request),
    refused: () => refusals.refused(request),
  };
}
