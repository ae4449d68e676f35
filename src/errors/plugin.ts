import { defineErrors } from "./define.ts";

/** Failures of plugins: loading, configuration, templates, and what a plugin cannot do. */
export const pluginErrors = defineErrors({
  PluginInvalid: {
    retry: "never",
    when: "A plugin folder could not be loaded; everything else goes on without it.",
    remedy: "Correct the plugin as the message says and restart the operator and the workers.",
    message: (e: { folder: string; why: string }) => `Plugin ${e.folder} was skipped: ${e.why}`,
  },
  PluginNotFound: {
    retry: "never",
    when: "A job, pool or the configuration names a plugin that no plugin directory has.",
    remedy:
      "Use one of the names in the message, or add the plugin's directory to plugins.directories in config.yaml.",
    message: (e: { kind: string; name: string; known: readonly string[] }) =>
      `There is no ${e.kind} plugin ${e.name}. Known: ${e.known.join(", ") || "none"}.`,
  },
  NotImplemented: {
    retry: "never",
    when: "The driver cannot do what the job asks; nothing was sent to the device.",
    remedy: "Use a driver that can, or another way to ask for it.",
    message: (e: { what: string; driver: string }) => `Driver ${e.driver} has no ${withoutArticle(e.what)}.`,
  },
  Unsupported: {
    retry: "never",
    when: "A template asks for something that this engine does not do.",
    remedy: "The message names it and the way around, where there is one.",
    message: (e: { what: string; instead?: string }) =>
      `${e.what} is not supported${e.instead ? `: ${e.instead}` : "."}`,
  },
  RenderFailed: {
    retry: "never",
    when: "A template could not be rendered; no device was touched.",
    remedy:
      "The message names template, line and reason; `netpulse render` shows the same without a cluster.",
    message: (e: { template: string; line?: number; why: string }) =>
      `${e.template}${e.line === undefined ? "" : `, line ${e.line}`}: ${e.why}`,
  },
  ParseFailed: {
    retry: "never",
    when: "The output of a command could not be parsed; the output itself is kept.",
    remedy: "The message names template, line and reason; `netpulse parse` shows the same without a cluster.",
    message: (e: { template: string; line?: number; why: string }) =>
      `${e.template}${e.line === undefined ? "" : `, line ${e.line}`}: ${e.why}`,
  },
  TemplateTimeout: {
    retry: "never",
    when: "A template engine ran longer than its time limit and was ended.",
    remedy: "Simplify the template, or raise templates.timeoutSeconds in config.yaml.",
    message: (e: { template: string; limitMs: number }) =>
      `${e.template} was ended after ${e.limitMs} ms. A pattern or loop in it may run away.`,
  },
});

/** "a dialogue on platform junos": what is missing reads well with "no" before it. */
function withoutArticle(what: string): string {
  return what.replace(/^an? /, "").replace(/,$/, "");
}
