'use strict';
/* Stand-in for Meta's pixel, written from its public documentation: a queue of calls; the cookie
   _fbp (fb.<level>.<ms>.<random>, 90 days, on the page's domain); for each event an image from
   www.facebook.com/tr/ with id, ev, dl (page), rl (referrer), ts, cd[...], screen size, fbp. */
(function () {
  const ids = [];
  let count = 0;

  function browserId() {
    const found = /(?:^|; )_fbp=([^;]+)/.exec(document.cookie);
    if (found) return found[1];
    const made = 'fb.1.' + Date.now() + '.' + Math.floor(1e9 + Math.random() * 9e9);
    const domain = location.hostname.split('.').slice(-2).join('.');
    document.cookie = '_fbp=' + made + '; domain=' + domain + '; path=/; max-age=7776000';
    return made;
  }

  function send(id, name, data) {
    const fields = [['id', id], ['ev', name], ['dl', location.href], ['rl', document.referrer],
      ['if', 'false'], ['ts', Date.now()]];
    for (const key of Object.keys(data || {})) fields.push(['cd[' + key + ']', data[key]]);
    fields.push(['sw', screen.width], ['sh', screen.height], ['v', '2.9.40'], ['r', 'stable'],
      ['ec', count++], ['o', '30'], ['fbp', browserId()], ['rqm', 'GET']);
    new Image().src = 'https://www.facebook.com/tr/?' + fields.map(
      ([key, value]) => encodeURIComponent(key) + '=' + encodeURIComponent(value)).join('&');
  }

  const calls = {
    init: (id) => ids.push(id),
    track: (name, data) => ids.forEach((id) => send(id, name, data)),
  };
  const queued = window.fbq.queue;
  window.fbq.callMethod = (call, ...values) => calls[call](...values);
  queued.splice(0).forEach((values) => window.fbq.callMethod(...values));
})();
