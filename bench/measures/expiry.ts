import { series } from "../load/series";
import { Samples } from "../report";
import { median, percentile } from "../statistics";
import type { Measure } from "./suite";

const connections = 16;

/** Rate second by second, for longer than any verdict is remembered; the floor beside it shows the machine's own swing. */
export const expiry: Measure = {
  name: "expiry",
  async run({ options, targets, say }) {
    const samples = new Samples();
    for (const target of targets.filter(({ name }) => name === "ours" || name === "plain")) {
      const seconds =
        target.name === "ours" ? options.expirySeconds : Math.max(3, Math.ceil(options.expirySeconds / 6));
      say(`expiry: ${seconds} s of requests to ${target.title}`);
      const { rates, latencies, failures } = await series(target, connections, seconds);
      // The first second has the handshakes, and perhaps the first verdict.
      const steady = rates.slice(1);
      samples.add("expiryDip", target.name, Math.min(...steady) / Math.max(1, median(steady)));
      samples.add("expiryMedianRate", target.name, median(steady));
      samples.add("expiryLongest", target.name, percentile(latencies, 1) * 1000);
      samples.add("expiryFailures", target.name, failures);
      for (const rate of rates) samples.add("expirySeries", target.name, rate);
    }
    const title = `GET /v2/ over ${options.expirySeconds} s`;
    const dip = `${title}, worst second over the median`;
    return samples.metrics([
      { name: "expiryDip", title: dip, unit: "", goals: [{ atLeast: 0.7 }] },
      { name: "expiryMedianRate", title: `${title}, median rate of one slow client`, unit: "1/s" },
      { name: "expiryLongest", title: `${title}, longest answer`, unit: "ms" },
      { name: "expiryFailures", title: `${title}, failures`, unit: "", goals: [{ atMost: 0 }] },
      { name: "expirySeries", title: `${title}, rate of each second`, unit: "1/s", detail: true },
    ]);
  },
};
