// What may import what. Imports of types count: a reader follows them as well.
const ours = "^(components|infra|tools|bench|examples|test)/";

/** Files in `from` import nothing of ours outside `to`. */
const only = (from, to) => ({
  name: `${from}-imports-only-${to.join("-and-") || "itself"}`,
  severity: "error",
  from: { path: `^${from}/` },
  to: { path: ours, pathNot: `^(${[from, ...to].join("|")})/` },
});

/** What they are is said by their names, or by the folder that they are in. */
const pureFiles = [
  "^components/.*(Config|[Pp]roblems|[Ss]cripts)[.]ts$",
  "^components/.*\\b(args|grammar)[.]ts$",
  "^components/(proxy/(nginx|waf)|clients/(images|kinds|script))/",
];

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      comment: "Two files that need each other are one, or a third is missing.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    only("components", []),
    only("infra", ["components"]),
    only("tools", ["components", "infra"]),
    only("bench", ["components", "tools"]),
    only("examples", []),
    {
      name: "pure-files-run-without-pulumi",
      comment: "Text and checks are functions of plain values; the types of arguments may name pulumi.Input.",
      severity: "error",
      from: { path: pureFiles },
      to: { path: "@pulumi/", dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
