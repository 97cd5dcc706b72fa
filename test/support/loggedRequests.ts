import { proxyImage, wafImage } from "../../tools/temporaryStack";

/** Config of a registry on this machine that logs each request that it gets, behind nginx or the firewall. */
export function loggedRequests(port: number, front: "nginx" | "waf") {
  return {
    hostnames: ["127.0.0.1"],
    port,
    bindAddress: "127.0.0.1",
    front,
    proxyImage: front === "waf" ? wafImage : proxyImage,
    registry: { accessLog: true, logLevel: "info" },
  };
}
