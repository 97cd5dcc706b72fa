import type { FrontKind } from "./frontKind";
import { nginx } from "./nginx";

/** The same nginx, and every request is inspected. */
export const waf: FrontKind = {
  ...nginx,
  proxy: { image: "waf", hasFirewall: true },
  accepts: [...nginx.accepts, "waf"],
};
