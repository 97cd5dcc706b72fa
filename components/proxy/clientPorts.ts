/** Ports in the container of a proxy for its clients. */
export const clientPorts = { tls: 8443, plain: 8080 };
