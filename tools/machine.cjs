// What plain Node needs too, before dependencies are installed; machine.d.cts says it to TypeScript.
const { homedir } = require("node:os");
const { join } = require("node:path");

exports.cacheDirectory = () =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "private-registry");

exports.atLeast = (found, wanted) => {
  const [a, b] = [numbers(found), numbers(wanted)];
  const i = b.findIndex((number, index) => (a[index] ?? 0) !== number);
  return a.length > 0 && (i < 0 || (a[i] ?? 0) > b[i]);
};

function numbers(version) {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? "").split(".").filter(Boolean).map(Number);
}
