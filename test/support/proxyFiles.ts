// The files of a proxy, as tests put them before one.
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Generation } from "../../components/docker/uploads";
import { resolvedRequestLimits } from "../../components/proxy/defaults";
import { type ProxyFilesSettings, proxyGeneration } from "../../components/proxy/proxyFiles";

/** What every proxy is told, and what a test needs to say. */
export function filesOf(
  settings: Partial<ProxyFilesSettings> & Pick<ProxyFilesSettings, "htpasswd" | "decoyHash" | "port">,
): Generation {
  return proxyGeneration({
    realm: "Private Registry",
    waf: undefined,
    snippet: undefined,
    trustedAddresses: undefined,
    limits: resolvedRequestLimits(),
    timeZone: "UTC",
    diskGuard: false,
    quotas: [],
    access: undefined,
    immutableTags: undefined,
    names: undefined,
    healthPort: settings.port + 1,
    ...settings,
  });
}

/** Puts a generation into a folder and makes it the current one. @param changed A file as it is to be. */
export function putFiles(
  folder: string,
  { name, files }: Generation,
  changed: (file: string, content: Buffer) => Buffer | string = (_, content) => content,
): void {
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, changed(file, Buffer.from(content, "base64")));
  }
  symlinkSync(name, join(folder, "next"));
  renameSync(join(folder, "next"), join(folder, "current"));
}
