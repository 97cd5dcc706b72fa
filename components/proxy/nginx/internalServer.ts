/** Where a server that the proxy itself asks listens: in the memory of its container. */
export function internalSocket(name: string): string {
  return `unix:/tmp/${name}.sock`;
}

/**
 * A server that the proxy itself asks, for the http block. Its work is counted and judged for the client that asked
 * the proxy, whose address it is told.
 */
export function internalServer(name: string, locations: string): string {
  return `  server {
    listen ${internalSocket(name)};
    access_log off;
    set_real_ip_from unix:;
    real_ip_header X-Real-IP;
${locations}  }
`;
}
