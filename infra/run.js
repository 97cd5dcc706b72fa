// Runs index.ts, under the engine's own command as under ours. A source is compiled once and kept under the hash of its
// text, so what runs is always the source as it stands. Types are checked by `npm run lint`.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { SourceMap } = require("node:module");
const { dirname, join } = require("node:path");

const compilerOptions = {
  target: "es2022",
  module: "commonjs",
  esModuleInterop: true,
  inlineSourceMap: true,
};
const compiler = [require("typescript/package.json").version, compilerOptions];
const kept = join(dirname(__dirname), "node_modules", ".cache", "private-registry");

require.extensions[".ts"] = (module, file) => module._compile(compiled(file), file);

function compiled(file) {
  const source = readFileSync(file, "utf8");
  const path = join(kept, `${hashOf(JSON.stringify([compiler, source]))}.js`);
  const text = read(path) ?? keep(path, compile(source, file));
  traced.set(file, text);
  return text;
}

/** The compiler takes longer to load than all that it compiled before. It would mend a slip by a guess. */
function compile(source, file) {
  const typescript = require("typescript");
  const options = { compilerOptions, fileName: file, reportDiagnostics: true };
  const { diagnostics, outputText } = typescript.transpileModule(source, options);
  if (diagnostics.length === 0) return outputText;
  const host = {
    getCurrentDirectory: () => "",
    getCanonicalFileName: (name) => name,
    getNewLine: () => "\n",
  };
  throw new SyntaxError(typescript.formatDiagnostics(diagnostics, host).trimEnd());
}

function hashOf(text) {
  return createHash("sha256").update(text).digest("hex");
}

/** Only what is whole: a power cut may have emptied a file, and a program without text would have all servers deleted. */
function read(path) {
  try {
    const [hash, ...lines] = readFileSync(path, "utf8").split("\n");
    const text = lines.join("\n");
    return hash === hashOf(text) ? text : undefined;
  } catch {}
}

/** Whole or not at all; where nothing can be written, each run compiles. */
function keep(path, text) {
  try {
    mkdirSync(kept, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, `${hashOf(text)}\n${text}`);
    renameSync(`${path}.${process.pid}`, path);
  } catch {}
  return text;
}

// The SDK takes a trace for each resource, and one for each promise in case it leaks. Its own way to find their lines in
// the sources reads the maps of all packages and takes a quarter of a run; here only our files have lines to find.
const traced = new Map();
const maps = new Map();

Error.prepareStackTrace = (error, frames) =>
  frames[0]?.getFunctionName() === "debuggablePromise"
    ? `${error}`
    : [error, ...frames.map(inSource)].join("\n    at ");

function inSource(frame) {
  const map = mapOf(frame.getFileName());
  if (map === undefined) return frame.toString();
  const { originalLine, originalColumn } = map.findEntry(
    frame.getLineNumber() - 1,
    frame.getColumnNumber() - 1,
  );
  return frame.toString().replace(/:\d+:\d+(?=\)?$)/, `:${originalLine + 1}:${originalColumn + 1}`);
}

function mapOf(file) {
  const text = traced.get(file);
  if (text !== undefined && !maps.has(file)) {
    const [, encoded] = text.split("//# sourceMappingURL=data:application/json;base64,");
    maps.set(file, new SourceMap(JSON.parse(Buffer.from(encoded, "base64").toString())));
  }
  return maps.get(file);
}

module.exports = require("./index.ts");
