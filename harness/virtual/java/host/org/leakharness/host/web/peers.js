// WebRTC's datagrams go nowhere here, and would go somewhere on a phone: each connection is told.
(() => {
  const ask = window.prompt.bind(window);
  const { stringify } = JSON;
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) {
    const native = window[name];
    if (!native) {
      continue;
    }
    window[name] = new Proxy(native, {
      construct(target, given, made) {
        const servers = [(given[0] || {}).iceServers || []].flat();
        const urls = servers.map((one) => String((one || {}).urls || (one || {}).url || ""));
        ask("SECRET" + stringify({ attempt: urls.join(" ") }));
        return Reflect.construct(target, given, made === window[name] ? target : made);
      },
    });
  }
})();
