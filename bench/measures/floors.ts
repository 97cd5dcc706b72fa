import { output } from "../../tools/shell";
import { Samples } from "../report";
import type { Measure } from "./suite";

const ciphers = [
  ["sha256", "floorSha256", "SHA-256"],
  ["aes-128-gcm", "floorAes", "AES-128-GCM"],
] as const;

/**
 * What this CPU needs for the work that no set-up can leave out: a push is hashed, and both directions are encrypted.
 * By the machine's own OpenSSL: a newer one, as images have it, may be several times faster.
 */
export const floors: Measure = {
  name: "floors",
  async run({ options, say }) {
    say("floors: SHA-256 and AES-GCM of one core");
    const samples = new Samples();
    for (let round = 0; round < (options.quick ? 1 : 3); round++)
      for (const [cipher, name] of ciphers) {
        const speed = ["openssl", "speed", "-mr", "-bytes", "16384", "-seconds", "1", "-evp", cipher];
        // The last field of the line `+F:...` is bytes in a second.
        const line = (await output(speed)).split("\n").find((each) => each.startsWith("+F:"));
        samples.add(name, "machine", 1e12 / Number(line?.split(":").at(-1)));
      }
    return samples.metrics(
      ciphers.map(([, name, title]) => ({
        name,
        title: `${title} of one core, by this machine's OpenSSL`,
        unit: "ms/GB",
      })),
    );
  },
};
