// After a change of page inside the app nobody tells a screen reader: we copy the page's language
// to <html>, move the focus to the new heading (which reads it out) and to a fresh error summary.
(() => {
  let path = location.pathname;
  let timer;
  let lastSummary = null;

  const language = () => {
    const page = document.querySelector("[data-page-lang]");
    if (!page) return;
    const root = document.documentElement;
    if (root.lang !== page.dataset.pageLang) root.lang = page.dataset.pageLang;
    if (root.dir !== (page.dir || "ltr")) root.dir = page.dir || "ltr";
  };

  let heard = null;
  const heading = () => {
    const title = document.querySelector("main h1");
    if (!title) return; // the page is still on its way; the next mutation brings us back
    // The heading of a page that was loading gives way to the real one, and the focus must not fall.
    const replaced = heard && !heard.isConnected && document.activeElement === document.body;
    if (location.pathname === path && !replaced) return;
    path = location.pathname;
    heard = title;
    // A page that begins with a field has put the focus there: whoever typed on must not be stopped.
    if (document.activeElement?.matches("main [data-first]")) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  };

  const summary = () => {
    const now = document.querySelector("[data-error-summary]");
    if (now && now !== lastSummary) now.focus();
    lastSummary = now;
  };

  const sync = () => { language(); heading(); summary(); };
  const soon = () => { clearTimeout(timer); timer = setTimeout(sync, 60); };

  for (const name of ["pushState", "replaceState"]) {
    const original = history[name];
    history[name] = function (...args) { const result = original.apply(this, args); soon(); return result; };
  }
  addEventListener("popstate", soon);
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  language();

  // "#field" in an error summary must put the caret into the field, not only scroll to it.
  // The router writes the whole address before "#"; we answer before it does.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-error-summary] a[href*='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const control = field.matches("input,select,textarea") ? field : field.querySelector("input,select,textarea") ?? field;
    control.focus();
    control.scrollIntoView({ block: "center" });
  }, true);

  // The other language opens the same page with the same search.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-keep-query]");
    if (link) link.search = location.search;
  }, true);
})();
