import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse, stringify } from "yaml";
import { watchFiles } from "../../../components/watch/watchFiles";
import { alertCases, ruleTests, watched } from "../../support/alertCases";
import { promtool } from "../../support/prometheus";

const folder = mkdtempSync(join(tmpdir(), "private-registry-rules-"));
const files = watchFiles(watched);
const rules = join(folder, "alerts.yml");
writeFileSync(rules, files["alerts.yml"] ?? "");
after(() => rmSync(folder, { recursive: true }));

test("promtool finds nothing to say about the rules and the scrape configuration", async () => {
  await promtool(["check", "rules", rules]);
  const config = join(folder, "prometheus.yml");
  writeFileSync(config, stringify({ ...parse(files["scrape.yml"] ?? ""), rule_files: [rules] }));
  await promtool(["check", "config", "--syntax-only", config]);
});

test("each alert fires for what it is about, and for nothing less", async () => {
  const groups: { rules: { alert: string }[] }[] = parse(files["alerts.yml"] ?? "").groups;
  const names = groups.flatMap((group) => group.rules.map(({ alert }) => alert));
  assert.deepEqual(Object.keys(alertCases), names);
  const tests = join(folder, "tests.yml");
  writeFileSync(tests, ruleTests(rules));
  const failing = join(folder, "failing.yml");
  writeFileSync(failing, ruleTests(rules).replace("exp_alerts: []", "exp_alerts: [{}]"));
  await promtool(["test", "rules", tests]);
  await assert.rejects(promtool(["test", "rules", failing]));
});
