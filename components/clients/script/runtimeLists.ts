import { runtimes, stores } from "./runtimes";

/** The lists that the install script goes through, and how its messages name the runtimes. */
export function runtimeLists() {
  const names = Object.keys(runtimes);
  const [first = "", ...others] = Object.values(runtimes).map(({ title }) => title);
  const described = Object.entries(runtimes).map(([name, { remark }]) =>
    remark === undefined ? name : `${name} (${remark})`,
  );
  // Behind the option, in lines of at most 120 characters.
  const usage =
    `these runtimes instead of those found: ${described.join(", ")}`.match(/\S.{0,95}(?= |$)/g) ?? [];
  return {
    RUNTIMES: names,
    USER_RUNTIMES: names.filter((name) => runtimes[name]?.perUser),
    STORES: Object.keys(stores),
    INSTALL_FIRST: `${first} first, or ${others.slice(0, -1).join(", ")} or ${others.at(-1)}`,
    USAGE_OF_FOR: `  --for docker,podman   ${usage.join(`\n${" ".repeat(24)}`)}`,
  };
}
