import type { Config } from "../../config/index.ts";
import type { ConfigMap } from "../../runtime/index.ts";
import type { TransferEnds } from "./carry.ts";
import { TransferSinks } from "./sinks.ts";
import { TransferSources } from "./sources.ts";
import { SpoolFolder } from "./spool-folder.ts";
import { UrlSource } from "./url-source.ts";
import { Volumes } from "./volumes.ts";

const MIB = 1024 * 1024;

/** Sources and targets of transfers as the configuration allows them. */
export function transferEnds(
  { volumes: settings, transfer }: Pick<Config["worker"], "volumes" | "transfer">,
  configMap: (name: string) => Promise<ConfigMap>,
): TransferEnds {
  const volumes = new Volumes(settings);
  const spool = new SpoolFolder();
  const limitBytes = transfer.maxSourceMiB * MIB;
  return {
    sources: new TransferSources({
      configMap,
      volumes,
      limitBytes,
      urls: new UrlSource({ allowed: transfer.urls, limitBytes, spool }),
    }),
    close: spool.remove,
    sinks: new TransferSinks({ volumes, spool, outputLimitBytes: transfer.maxOutputMiB * MIB }),
  };
}
