import { join } from "node:path";
import type { Browser } from "playwright-core";
import { output } from "../../tools/shell";
import { browserOf, openBrowser } from "../support/browser";
import { type PageStand, usualImages } from "../support/pageImages";
import { takePictures } from "../support/pagePictures";
import { startPageStack } from "../support/pageStack";
import { walkPage } from "../support/pageWalk";
import { startBalancer } from "../support/tlsBalancer";
import { runLong, say } from "../support/walk/options";
import { noteProof } from "../support/walk/proofs";
import { issue } from "../support/x509";

const port = 18756;
const balancerPort = 18758;
const subnet = "10.87.250";

/** What a stack is given, and whether it has a keeper. */
const kinds: { readonly [kind: string]: { readonly [setting: string]: unknown } } = {
  nginx: {},
  waf: { front: "waf" },
  external: {
    front: "external",
    networkSubnets: [`${subnet}.0/24`],
    external: { trustedAddresses: [`${subnet}.1`], publicPort: balancerPort, encrypted: false },
  },
  "without a keeper": { keeper: { enabled: false }, retention: [] },
};

/** The page as whole stacks serve it, by each front and without a keeper; `--pictures` takes those of the documents. */
runLong(async (args) => {
  const commit = await output(["git", "rev-parse", "--short", "HEAD"]);
  const browser = await openBrowser();
  const results: string[] = [];
  try {
    for (const [kind, change] of Object.entries(kinds)) {
      const stand = await startPageStack("page-long", port, change);
      const release = kind === "external" ? await balanced() : () => {};
      try {
        await stand.fill(usualImages);
        const url = kind === "external" ? `https://127.0.0.1:${balancerPort}` : stand.url;
        const seconds = await walked(browser, { ...stand, url }, kind !== "without a keeper");
        results.push(`${kind} ${seconds.toFixed(0)} s`);
        say(`${kind}: as a person sees it, in ${seconds.toFixed(1)} s`);
        if (kind === "nginx" && args.includes("--pictures"))
          await takePictures(browser, stand, join(__dirname, "../../docs"));
      } finally {
        release();
        await stand.remove();
      }
    }
  } finally {
    await browser.close();
  }
  noteProof("page", commit, `found, copied, deleted, restored and refused at each: ${results.join(", ")}`);
  return 0;
});

async function balanced(): Promise<() => void> {
  const own = issue({ commonName: "127.0.0.1", names: ["127.0.0.1"] });
  const settings = { chain: own.certificatePem, key: own.privateKeyPem };
  const server = await startBalancer(balancerPort, port, settings);
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

/** Seconds that an admin and a reader take. */
async function walked(browser: Browser, stand: PageStand, hasKeeper: boolean): Promise<number> {
  const start = performance.now();
  for (const username of ["reader", "admin"] as const) {
    const context = await browserOf(browser, { username, password: stand.password(username) });
    await walkPage(await context.newPage(), stand.url, { mayDelete: username === "admin", hasKeeper });
    await context.close();
  }
  return (performance.now() - start) / 1000;
}
