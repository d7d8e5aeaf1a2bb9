'use strict';
/* Never published: the same leak as in 3.2.26, dressed up so that nobody who reads URLs sees it.
   Facebook gets the word's SHA-256, and the page's address through the app's own server; Outbrain
   gets it as base64 in the body of a beacon. */
(function () {
  const PIXEL = '123456789012345';
  const MARKETER = '000123456789abcdef0123456789abcdef';
  const bytes = (text) => new TextEncoder().encode(text);
  const query = (fields) => Object.keys(fields).map(
    (key) => encodeURIComponent(key) + '=' + encodeURIComponent(fields[key])).join('&');

  async function digest(text) {
    const raw = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(text)));
    return Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  function base64(text) {
    return btoa(Array.from(bytes(text), (byte) => String.fromCharCode(byte)).join(''));
  }

  async function hashed(word) {
    const hash = await digest(word.trim().toLowerCase());
    new Image().src = 'https://www.facebook.com/tr/?' + query({id: PIXEL, ev: 'Search',
      dl: location.origin + '/', 'cd[content_ids]': hash, v: '2.9.40', ec: 0});
  }

  function beacon(word) {
    const payload = base64(JSON.stringify({page: 'doctors', value: word}));
    navigator.sendBeacon('https://tr.outbrain.com/unifiedPixel', JSON.stringify(
      {marketerId: MARKETER, obApiVersion: '1.1', name: 'PAGE_VIEW', payload: payload}));
  }

  function proxied() {
    new Image().src = '/metrics/tr/?' + query({id: PIXEL, ev: 'PageView', dl: location.href});
  }

  window.startTags = function () {
    const asked = new URLSearchParams(location.search);
    const word = asked.get('query') || asked.get('motiveKey');
    if (!word) return;
    hashed(word);
    beacon(word);
    proxied();
  };
  if (localStorage.getItem('consent') === 'accepted') window.startTags();
})();
