/** A variable that is 1 for addresses outside of these networks; those of clients, unless it is told whose. */
export function addressTable(variable: string, networks: readonly string[], whose = ""): string {
  const inside = networks.map((network) => `    ${network} 0;\n`).join("");
  return `  geo ${whose}$${variable} {
    default 1;
${inside}  }
`;
}
