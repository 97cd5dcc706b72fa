import { proxyImage, registryImage } from "../../../tools/temporaryStack";
import { selfSigned } from "../certificates";
import { bad, type Kind } from "./kind";
import { laterDirective } from "./machine";
import { frontOf, hasProxy, hasTls, portOf } from "./settings";
import type { World } from "./world";

const withProxy = (world: World) => hasProxy(world.settings);
const file = "/var/lib/walk-file";
const busyPort = 5450;

/** Sets an argument to what cannot work. */
function value(
  key: string,
  cause: RegExp,
  wrong: unknown,
  title: string,
  fits?: (world: World) => boolean,
): Kind {
  const apply = (world: World) => {
    // Not made to fit the front: it is meant to be wrong.
    world.settings = { ...world.settings, [key]: wrong };
    return JSON.stringify(wrong);
  };
  return bad(`${key}: ${title}`, cause, apply, { fits });
}

/** An authority of one's own beside it would be refused first. */
const takesOwnCertificate = ({ settings }: World) => hasTls(settings) && settings.ownAuthority === undefined;

/** Settings whose `up` must fail, name the cause and leave the last good registry alone. */
export const badValues: readonly Kind[] = [
  value(
    "proxySnippet",
    /unknown directive "no_such_directive"/,
    "no_such_directive on;",
    "nginx does not know the directive",
    withProxy,
  ),
  value(
    "proxySnippet",
    /no "ssl_certificate_key" is defined for certificate "\/nowhere\.crt"/,
    "ssl_certificate /nowhere.crt;",
    "nginx misses another directive",
    withProxy,
  ),
  value(
    "registryConfigOverrides",
    /level|nonsense/i,
    { log: { level: "nonsense" } },
    "the registry does not know the value",
  ),
  value(
    "registryConfigOverrides",
    /notanumber|maxthreads/i,
    { storage: { filesystem: { maxthreads: "notanumber" } } },
    "the storage driver refuses a parameter",
  ),
  value("registryConfigOverrides", /no section "nosuchsection"/, { nosuchsection: {} }, "no such section"),
  value("registryImage", /nowhere\/registry/, "localhost/nowhere/registry:9", "no such image"),
  value(
    "registryImage",
    /the image has no program named registry/,
    proxyImage,
    "an image that is no registry",
  ),
  value("proxyImage", /nowhere\/nginx/, "localhost/nowhere/nginx:9", "no such image", withProxy),
  bad(
    "proxyImage: an image that is no nginx",
    /nginx.*not found|not found.*nginx|no such file/is,
    (world) => {
      world.settings = { ...world.settings, proxyImage: registryImage };
      return registryImage;
    },
    { fits: withProxy },
  ),
  bad(
    "proxyImage: lacks a directive that the snippet has",
    new RegExp(`unknown directive "${laterDirective}"`),
    (world) => {
      world.set({ proxySnippet: `${laterDirective} off;`, proxyImage: "the older one of the front" });
      return String(world.settings.proxyImage);
    },
    { fits: withProxy },
  ),
  bad(
    "proxyImage: lacks the module of the front",
    /modsecurity/i,
    (world) => {
      world.settings = { ...world.settings, front: "waf", proxyImage };
      return `waf with ${proxyImage}`;
    },
    { fits: withProxy },
  ),
  bad(
    "ownPrivateKeyPem: cannot be read",
    /ownCertificate\.privateKeyPem/,
    (world) => {
      world.set({
        ownCertificate: { certificatePem: selfSigned(world.machine.address).certificatePem },
        ownPrivateKeyPem: "no key at all",
      });
      return "no PEM";
    },
    { fits: takesOwnCertificate },
  ),
  bad(
    "ownPrivateKeyPem: belongs to another certificate",
    /ownCertificate/,
    (world) => {
      const [one, other] = [selfSigned(world.machine.address), selfSigned(world.machine.address)];
      world.set({
        ownCertificate: { certificatePem: one.certificatePem, caCertificatePem: one.certificatePem },
        ownPrivateKeyPem: other.privateKeyPem,
      });
      return "another key";
    },
    { fits: takesOwnCertificate },
  ),
  value("port", /settings\.port: is text; write a number/, "eight", "wrong type"),
  value("port", /port: 70000 is not a port/, 70_000, "out of range"),
  value("hostname", /has no setting "hostname"; write "hostnames"/, ["registry.test"], "misspelt key"),
  value("users", /users/, [], "nobody"),
  value("timeZone", /timeZone: "Mars\/Olympus" is not a time zone/, "Mars/Olympus", "no such zone"),
  value("front", /front: "apache"/, "apache", "no such front"),
  bad(
    "waf: the front has none",
    /waf: is for the front "waf"/,
    (world) => {
      world.settings = { ...world.settings, waf: { paranoiaLevel: 2 } };
      return frontOf(world.settings);
    },
    { fits: (world) => frontOf(world.settings) !== "waf" },
  ),
  value("registryResources", /memory|killed|137/i, { memoryMib: 6 }, "far too little memory"),
  value("proxyResources", /memory|killed|137/i, { memoryMib: 6 }, "far too little memory", withProxy),
  value("bindAddress", /203\.0\.113\.7/, "203.0.113.7", "not an address of the host"),
  bad("storage.hostPath: a file", /not a directory|walk-file/i, async (world) => {
    await world.machine.exec(["touch", file]);
    world.set({ storage: { hostPath: file } });
    return file;
  }),
  bad(
    "port: another program has it",
    new RegExp(String(busyPort)),
    async (world) => {
      const listen = `python3 -m http.server ${busyPort} >/dev/null 2>&1 & echo $! >/run/walk-holder.pid; sleep 1`;
      await world.machine.exec(["sh", "-c", listen]);
      world.set({ port: busyPort });
      return String(busyPort);
    },
    {
      fits: (world) => portOf(world.settings) !== busyPort,
      async undo(world, random) {
        await world.machine.exec(["sh", "-c", 'kill "$(cat /run/walk-holder.pid)"']);
        // The other cure: the settings stay, as the port is free now.
        if (random.below(2) === 0) world.set({ port: world.reach.port });
      },
    },
  ),
];
