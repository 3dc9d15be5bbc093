// Put into pages by `serve`, never published: loads the page again when there is a newer build than the one it shows.
{
  const shown = document.currentScript.dataset.build;
  const others = new BroadcastChannel("shopfront");
  let newest;

  const hear = (build) => {
    if (build !== shown) location.reload();
  };

  others.addEventListener("message", ({ data }) => {
    if (data.build) hear(data.build);
    else if (newest) others.postMessage({ build: newest });
  });
  // A build may have ended while this page was on its way.
  others.postMessage({});

  // One page listens for all, and the next one when it is left: a browser opens only six connections to one host.
  navigator.locks.request("shopfront", () => new Promise(() => {
    const events = new EventSource("/__shopfront/events");
    events.addEventListener("build", ({ data }) => {
      newest = data;
      others.postMessage({ build: newest });
      hear(newest);
    });
  }));
}
