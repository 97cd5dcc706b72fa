// Has a request wait while nobody listens on the registry's socket, as when its container is replaced.

/** For looking again, and for waiting in all, in milliseconds. */
const pause = 250;
const patience = 6000;

async function forRegistry(request) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const reply = await request.subrequest("/_listening");
    if (reply.status === 200) {
      request.internalRedirect("@there");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  request.internalRedirect("@gone");
}

export default { forRegistry };
