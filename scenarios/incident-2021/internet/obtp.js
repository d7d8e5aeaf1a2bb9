'use strict';
/* Stand-in for Outbrain's pixel, written from public descriptions of its requests: a queue of
   calls; for each event an image from tr.outbrain.com/unifiedPixel with the account (marketerId),
   obApiVersion, the event's name and dl, the page's URL. */
(function () {
  const api = window.obApi;
  api.dispatch = function (call, name) {
    if (call !== 'track') return;
    const fields = {marketerId: api.marketerId, obApiVersion: api.version, name: name,
      dl: location.href, optOut: 'false', bust: String(Math.random()).slice(2)};
    new Image().src = 'https://tr.outbrain.com/unifiedPixel?' + Object.keys(fields).map(
      (key) => key + '=' + encodeURIComponent(fields[key])).join('&');
  };
  api.queue.splice(0).forEach((values) => api.dispatch(...values));
})();
