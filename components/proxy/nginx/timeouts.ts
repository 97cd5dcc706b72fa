/** Between two reads or writes of a transfer, in either direction: an image layer may take long. */
export const transferTimeout = "900s";

/** Between two reads of a client's body, such as the layer that it pushes. */
export const clientBodyTimeout = transferTimeout;

/** The same where a firewall inspects the body, which it keeps in memory meanwhile: a manifest is small. */
export const inspectedBodyTimeout = "60s";

/** For the head of a request, at a load balancer in front. */
export const requestHeadTimeout = "60s";
