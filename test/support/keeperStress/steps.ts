import { readFileSync } from "node:fs";
import { finish, lookOnce, mark, takeBlobs, takeLinks } from "../../../components/keeper/program/collect";
import type { Context } from "../../../components/keeper/program/job";
import { nodeDisk } from "../../../components/keeper/program/nodeDisk";

const jobs: { readonly [name: string]: (context: Context) => unknown } = {
  mark: (context) => mark(context),
  "take-links": (context) => takeLinks(context),
  look: (context) => lookOnce(context),
  "take-blobs": (context) => takeBlobs(context),
  finish: (context) => finish(context),
};
const [file = "", name = ""] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(file, "utf8"));
const answer = jobs[name]?.({ disk: nodeDisk, settings, say: () => {} });
process.stdout.write(`${JSON.stringify({ answer, memory: process.resourceUsage().maxRSS })}\n`);
