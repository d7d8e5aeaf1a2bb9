'use strict';
/* The pages of the web application: consent, the visit's form, the list of doctors. It speaks with
   its own server only; whoever else hears of a search was let in by tags.js. */
(function () {
  const element = (id) => document.getElementById(id);

  function consent() {
    const dialog = element('consent');
    if (!dialog || localStorage.getItem('consent') !== null) return;
    dialog.hidden = false;
    const answer = (given) => {
      localStorage.setItem('consent', given);
      dialog.hidden = true;
      if (given === 'accepted') window.startTags();
    };
    element('consent_accept').addEventListener('click', () => answer('accepted'));
    element('consent_reject').addEventListener('click', () => answer('rejected'));
  }

  function privacy() {
    const button = element('consent_revoke');
    if (!button) return;
    const show = () => {
      const accepted = localStorage.getItem('consent') === 'accepted';
      button.disabled = !accepted;
      element('status').textContent = accepted
        ? 'Unsere Partner dürfen messen, wie Sie die App nutzen.'
        : 'Es wird nicht gemessen, wie Sie die App nutzen.';
    };
    button.addEventListener('click', () => {
      localStorage.setItem('consent', 'revoked');
      show();
    });
    show();
  }

  function visit() {
    const form = element('visit');
    if (!form) return;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const said = new FormData(form);
      const parts = ['insuranceSector', 'motiveKey'].map(
        (name) => name + '=' + encodeURIComponent(said.get(name)));
      location.href = 'doctors?' + parts.join('&');
    });
  }

  async function doctors() {
    const list = element('doctors');
    if (!list) return;
    const asked = new URLSearchParams(location.search);
    element('asked').textContent = asked.get('query') || asked.get('motiveKey');
    const answer = await fetch('/api/doctors' + location.search);
    const found = (await answer.json()).doctors;
    for (const doctor of found) {
      const item = document.createElement('li');
      const line = (tag, text) => {
        item.appendChild(document.createElement(tag)).textContent = text;
      };
      line('b', doctor.name);
      line('span', doctor.speciality + ' · ' + doctor.place);
      line('span', 'Nächster Termin: ' + doctor.slot);
      list.appendChild(item);
    }
    element('count').textContent = found.length + ' Ergebnisse';
  }

  consent();
  privacy();
  visit();
  doctors();
})();
