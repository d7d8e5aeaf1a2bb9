// Runs in a world of its own in each document: tells of the focused text field, the title and the
// scroll position, and edits what keys cannot. Pages do not see it.
(() => {
  const tell = globalThis.leakHarnessTell;
  if (!tell || globalThis.leakHarnessField) {
    return;
  }
  const KINDS = /^(text|search|email|url|tel|password|number)$/;
  const MAX_TEXT = 200000;
  const POLL_MS = 100;
  const top = window.top === window;
  let said = "";
  let timer = 0;

  const focused = () => {
    let element = document.activeElement;
    while (element && element.shadowRoot && element.shadowRoot.activeElement) {
      element = element.shadowRoot.activeElement;
    }
    return element;
  };
  const kindOf = (element) => {
    if (!element || element.readOnly || element.disabled) {
      return "";
    }
    if (element.localName === "textarea") {
      return "textarea";
    }
    if (element.localName === "input") {
      return KINDS.test(element.type) ? element.type : "";
    }
    return element.isContentEditable ? "editable" : "";
  };
  const selection = (element) => {
    const root = element.getRootNode();
    return (root.getSelection ? root : document).getSelection();
  };
  const offset = (element, node, at) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    range.setEnd(node, at);
    return range.toString().length;
  };
  const contents = (element) => {
    if ("value" in element) {
      const text = element.value;
      let { selectionStart: start, selectionEnd: end } = element;
      if (start === null) {
        start = end = text.length; // e-mail and number fields do not tell
      }
      return { text, start, end };
    }
    const text = element.textContent;
    const chosen = selection(element);
    if (!chosen || !chosen.rangeCount || !element.contains(chosen.anchorNode)) {
      return { text, start: text.length, end: text.length };
    }
    const range = chosen.getRangeAt(0);
    return {
      text,
      start: offset(element, range.startContainer, range.startOffset),
      end: offset(element, range.endContainer, range.endOffset),
    };
  };
  const hasNext = (element) => {
    const all = element.form ? [...element.form.elements] : [];
    return all.slice(all.indexOf(element) + 1).some((other) => kindOf(other) !== "");
  };
  const look = () => {
    const element = focused();
    const kind = kindOf(element);
    let field = { kind };
    if (kind) {
      const { text, start, end } = contents(element);
      field = {
        kind,
        text: text.slice(0, MAX_TEXT),
        start,
        end,
        hint: element.placeholder || element.getAttribute("aria-placeholder") || "",
        id: element.id,
        action: element.enterKeyHint || "",
        mode: element.inputMode || "",
        form: Boolean(element.form),
        more: hasNext(element),
      };
    }
    const now = JSON.stringify({ field });
    if (now !== said) {
      said = now;
      tell(now);
    }
    // Scripts change values without an event.
    if (kind && !timer) {
      timer = setInterval(look, POLL_MS);
    } else if (!kind && timer) {
      clearInterval(timer);
      timer = 0;
    }
  };
  const soon = () => {
    look();
    setTimeout(look, 0);
  };
  for (const type of ["focusin", "focusout", "input", "change", "selectionchange", "keyup"]) {
    document.addEventListener(type, soon, true);
  }

  globalThis.leakHarnessField = {
    select(start, end) {
      const element = focused();
      if (!kindOf(element)) {
        return;
      }
      if ("value" in element) {
        try {
          element.setSelectionRange(start, end);
        } catch {
          if (start === 0 && end >= element.value.length) {
            element.select();
          }
        }
      } else {
        const chosen = selection(element);
        const place = (at) => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          let rest = at;
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (rest <= node.length) {
              return [node, rest];
            }
            rest -= node.length;
          }
          return [element, element.childNodes.length];
        };
        chosen.setBaseAndExtent(...place(start), ...place(end));
      }
      look();
    },
    remove(before, after) {
      const element = focused();
      if (!kindOf(element)) {
        return;
      }
      const { text, start, end } = contents(element);
      if (before || after) {
        this.select(Math.max(0, start - before), Math.min(text.length, end + after));
      }
      const now = contents(element);
      if (now.start !== now.end || "value" in element === false) {
        document.execCommand("delete");
      } else if (element.selectionStart === null) {
        document.execCommand("delete");
      }
      look();
    },
  };

  if (!top) {
    look();
    return;
  }
  let title = "";
  const named = () => {
    if (document.title !== title) {
      title = document.title;
      tell(JSON.stringify({ title }));
    }
  };
  const watch = () => {
    named();
    if (document.head) {
      const options = { childList: true, characterData: true, subtree: true };
      new MutationObserver(named).observe(document.head, options);
    }
  };
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", watch);
  } else {
    watch();
  }
  let asked = false;
  addEventListener(
    "scroll",
    () => {
      if (!asked) {
        asked = true;
        requestAnimationFrame(() => {
          asked = false;
          tell(JSON.stringify({ scroll: { x: scrollX, y: scrollY } }));
        });
      }
    },
    { passive: true },
  );
  look();
})();
