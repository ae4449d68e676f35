import type { DevicePool } from "../../api/index.ts";
import type { Secret } from "../../runtime/index.ts";
import { newHostKey, type SimulatedDevice, simulate } from "../../simulator/index.ts";
import { type ApiLab, startApiLab } from "./api-devices.ts";

export const LAB = "lab";
const CREDENTIAL = "lab-login";

/** The simulated devices: name, platform, and what only people read. */
const DEVICES = [
  { name: "ams-access-1", platform: "cisco_ios", role: "access" },
  { name: "ams-access-2", platform: "cisco_ios", role: "access" },
  { name: "ams-leaf-1", platform: "arista_eos", role: "leaf" },
  { name: "ams-leaf-2", platform: "arista_eos", role: "leaf" },
  { name: "ams-core-1", platform: "cisco_nxos", role: "core" },
] as const;

/** A simulated device knows first words only; a real one refuses this line as well. */
const MISSPELT = /^ip adress /;

/** Simulated devices: servers of this process, on loopback, that answer as the real ones do. */
export class Lab {
  readonly devices: readonly (SimulatedDevice & { readonly name: string; readonly role: string })[];
  readonly api: ApiLab;

  private constructor(devices: Lab["devices"], api: ApiLab) {
    this.devices = devices;
    this.api = api;
  }

  static async start(): Promise<Lab> {
    const devices = await Promise.all(
      DEVICES.map(async ({ name, platform, role }) =>
        Object.assign(
          await simulate({ platform, hostname: name, hostKey: newHostKey(), rejects: [MISSPELT] }),
          { name, role },
        ),
      ),
    );
    const [{ username, password } = { username: "", password: "" }] = devices;
    return new Lab(devices, await startApiLab({ username, password }));
  }

  get size(): number {
    return this.devices.length + this.api.devices.length;
  }

  get vendors(): string {
    const platforms = [...this.devices, ...this.api.devices].map(({ platform }) => platform);
    return [...new Set(platforms.map((platform) => VENDORS[platform] ?? platform))].join(", ");
  }

  async close(): Promise<void> {
    await Promise.all([...this.devices, ...this.api.devices].map((device) => device.close()));
  }

  /** The Secret with which workers log in. */
  secret(namespace: string): Secret & { apiVersion: string; kind: string } {
    const [device] = this.devices;
    return {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: CREDENTIAL, namespace },
      type: "kubernetes.io/basic-auth",
      stringData: {
        username: device?.username ?? "",
        password: device?.password ?? "",
        secret: device?.password ?? "",
        "ca.crt": this.api.authority,
      },
    };
  }

  /** The pool of all devices, with their ports and host keys as they are now, and two workers on this machine. */
  pool(namespace: string, schedulerName: string) {
    const spec = {
      driver: { name: "netmiko" },
      credentials: [{ name: CREDENTIAL, secretRef: { name: CREDENTIAL } }],
      devices: [
        ...this.devices.map(({ name, host, port, role, platform, fingerprint }) => ({
          name,
          host,
          port,
          labels: { site: "ams", role, platform },
          driver: { args: { device_type: platform } },
          hostKeys: { fingerprints: [fingerprint] },
        })),
        ...this.api.devices.map(({ name, host, port, role, platform, fingerprint }) => ({
          name,
          host,
          port,
          labels: { site: "fra", role, platform },
          driver: { name: "napalm", args: { platform } },
          ...(fingerprint !== undefined && { hostKeys: { fingerprints: [fingerprint] } }),
        })),
      ],
      workers: { replicas: 2, capacity: 200, podTemplate: { spec: { schedulerName } } },
    } satisfies Partial<DevicePool["spec"]>;
    return {
      apiVersion: "netpulse.io/v1alpha1",
      kind: "DevicePool",
      metadata: { name: LAB, namespace },
      spec,
    };
  }
}

const VENDORS: Readonly<Record<string, string>> = {
  cisco_ios: "Cisco IOS",
  arista_eos: "Arista EOS",
  cisco_nxos: "Cisco NX-OS",
  eos: "Arista EOS",
  ios: "Cisco IOS",
  nxos: "Cisco NX-OS",
  junos: "Juniper Junos",
};
