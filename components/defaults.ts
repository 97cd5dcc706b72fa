/** Image of the registry, if none is given: the CNCF distribution. */
export const defaultRegistryImage = "registry:3.1.2";

/** Image of the ACME client, if none is given: lego. */
export const defaultAcmeImage = "goacme/lego:v4.35.2";

/** Image of the proxy, if none is given. */
export const defaultProxyImage = "nginx:1.28";

/** Image of the proxy with a web application firewall, if none is given. */
export const defaultWafImage = "owasp/modsecurity-crs:4.28.0-nginx-202607160307";

/** The one of the two that a proxy with these settings of a firewall, or without, runs. */
export const proxyImageFor = (waf: object | undefined) => (waf ? defaultWafImage : defaultProxyImage);
