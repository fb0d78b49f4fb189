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

  const heading = () => {
    if (location.pathname === path) return;
    const title = document.querySelector("main h1");
    if (!title) return; // the page is still on its way; the next mutation brings us back
    path = location.pathname;
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
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    const control = field.matches("input,select,textarea") ? field : field.querySelector("input,select,textarea") ?? field;
    control.focus();
    control.scrollIntoView({ block: "center" });
  });

  // The other language opens the same page with the same search.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-keep-query]");
    if (link) link.search = location.search;
  }, true);
})();
