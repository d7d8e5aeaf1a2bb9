'use strict';
/* Release 3.2.27: the trackers stay on the start page, whose address says nothing; pages that tell
   what is searched for carry none. */
(function () {
  function load(url) {
    const tag = document.createElement('script');
    tag.async = true;
    tag.src = url;
    document.head.appendChild(tag);
  }

  function facebook() {
    if (window.fbq) return;
    const fbq = (window.fbq = function (...call) {
      fbq.callMethod ? fbq.callMethod(...call) : fbq.queue.push(call);
    });
    fbq.queue = [];
    load('https://connect.facebook.net/en_US/fbevents.js');
    fbq('init', '123456789012345');
    fbq('track', 'PageView');
    if (location.search) fbq('track', 'ViewContent', {content_category: 'doctors'});
  }

  function outbrain() {
    if (window.obApi) return;
    const obApi = (window.obApi = function (...call) {
      obApi.dispatch ? obApi.dispatch(...call) : obApi.queue.push(call);
    });
    obApi.queue = [];
    obApi.version = '1.1';
    obApi.marketerId = '000123456789abcdef0123456789abcdef';
    load('https://amplify.outbrain.com/cp/obtp.js');
    obApi('track', 'PAGE_VIEW');
  }

  window.startTags = function () {
    if (!/\/app\/[^/]+\/$/.test(location.pathname)) return;
    facebook();
    outbrain();
  };
  if (localStorage.getItem('consent') === 'accepted') window.startTags();
})();
