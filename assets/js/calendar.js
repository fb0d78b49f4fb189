// The calendar on a small screen opens on one day; and no closing dialog lets the focus fall.
(() => {
  const SMALL = matchMedia("(max-width: 45rem)");
  let chosen = "";

  const settle = () => {
    const one = document.querySelector("[data-small-screen=true]");
    const here = location.pathname + location.search;
    if (!one || !SMALL.matches || here === chosen || /[?&]view=/.test(location.search)) return;
    if (!one.getAttribute("href")?.includes("view=")) return; // the days are still on their way
    chosen = here;
    one.click();
  };
  let timer;
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(settle, 30); })
    .observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["href"] });

  // The visit that opened a dialog is drawn anew when it moves: what was done takes the focus instead.
  document.addEventListener("close", (event) => {
    if (!event.target.closest?.("main:has(.calendar)")) return;
    setTimeout(() => {
      if (document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
      const next = document.querySelector(".calendar-done button") ?? document.querySelector("main h1");
      if (next?.localName === "h1") next.tabIndex = -1;
      next?.focus({ preventScroll: next.localName === "h1" });
    }, 250);
  }, true);
})();
