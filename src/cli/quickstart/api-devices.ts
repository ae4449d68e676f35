import { CertificateAuthority } from "../../certificates/authority.ts";
import { simulateEapi } from "../../simulator/eapi/server.ts";
import { newHostKey, simulate } from "../../simulator/index.ts";
import { simulateNetconf } from "../../simulator/netconf/server.ts";
import { simulateNxapi } from "../../simulator/nxapi/server.ts";
import { textsOf, valuesOf } from "./replies.ts";

/** A simulated device that the driver napalm asks for its models. */
export interface ApiDevice {
  readonly name: string;
  readonly platform: "eos" | "ios" | "junos" | "nxos";
  readonly role: string;
  readonly host: string;
  readonly port: number;
  /** Of its SSH host key; absent where TLS proves who it is. */
  readonly fingerprint?: string;
  close(): Promise<void>;
}

export interface ApiLab {
  readonly devices: readonly ApiDevice[];
  /** Certificate of the authority that the devices' certificates are from, PEM. */
  readonly authority: string;
}

/** Four vendors' systems, each by its own way: eAPI, NX-API, NETCONF and a command line. */
export async function startApiLab(login: {
  readonly username: string;
  readonly password: string;
}): Promise<ApiLab> {
  const authority = CertificateAuthority.create("NetPulse lab authority");
  const tls = authority.issue({ commonName: "device of the lab", hosts: ["127.0.0.1"] });
  const [eos, nxos, junos, ios] = await Promise.all([
    simulateEapi({ ...login, tls, replies: valuesOf("eos") }),
    simulateNxapi({ ...login, tls, replies: valuesOf("nxos") }),
    simulateNetconf({ ...login, versions: ["1.0"], replies: textsOf("junos") }),
    simulate({
      platform: "cisco_ios",
      hostname: "fra-access-1",
      hostKey: newHostKey(),
      outputs: textsOf("ios"),
      ...login,
    }),
  ]);
  const { certificate } = authority;
  return {
    authority: certificate,
    devices: [
      { ...placed(eos), name: "fra-spine-1", platform: "eos", role: "spine" },
      { ...placed(nxos), name: "fra-core-1", platform: "nxos", role: "core" },
      { ...placed(junos), name: "fra-edge-1", platform: "junos", role: "edge" },
      { ...placed(ios), name: "fra-access-1", platform: "ios", role: "access" },
    ],
  };
}

interface Running {
  readonly host: string;
  readonly port: number;
  readonly fingerprint?: string;
  close(): Promise<void>;
}

function placed({ host, port, fingerprint, ...device }: Running): Running {
  return { host, port, ...(fingerprint !== undefined && { fingerprint }), close: () => device.close() };
}
