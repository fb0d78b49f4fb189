// The calendar on a small screen opens on one day, is shown when it stands still, and lets no focus fall.
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

  // FullCalendar lays its boxes out in several goes; calendar.css hides it until it is settled.
  const STILL_FRAMES = 6;
  const watched = new WeakSet();
  const watch = (drawn, before, still) => {
    const now = Array.from(drawn.querySelectorAll("*"), (e) =>
      [e.offsetLeft, e.offsetTop, e.offsetWidth, e.offsetHeight]).join();
    const frames = now === before ? still + 1 : 0;
    if (frames >= STILL_FRAMES) drawn.dataset.settled = "";
    else if (drawn.isConnected) requestAnimationFrame(() => watch(drawn, now, frames));
  };
  const shown = () => {
    const drawn = document.querySelector(".calendar > :not(.calendar__bones)");
    if (!drawn || watched.has(drawn)) return;
    watched.add(drawn);
    watch(drawn, "", 0);
  };

  let timer;
  new MutationObserver(() => { shown(); clearTimeout(timer); timer = setTimeout(settle, 30); })
    .observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["href"] });

  // The visit that opened a dialog is drawn anew when it moves: what was done takes the focus instead.
  document.addEventListener("close", (event) => {
    if (!event.target.closest?.("main:has(.calendar)")) return;
    setTimeout(() => {
      const done = document.querySelector(".calendar-done button");
      // After a move the way back is at hand, even where the visit is still there to take the focus.
      const fell = document.activeElement === document.body || (event.target.id === "move" && done);
      if (!fell || document.querySelector("dialog[open]")) return;
      const next = done ?? document.querySelector("main h1");
      if (next?.localName === "h1") next.tabIndex = -1;
      next?.focus({ preventScroll: next.localName === "h1" });
    }, 250);
  }, true);
})();
