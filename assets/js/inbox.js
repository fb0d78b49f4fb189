// The requests inbox by keys: one card is the current one, the one with the focus or else the last that had it.
//   <article data-card tabindex=-1>        a request
//   <button data-card-key="a">             inside it: A presses it while its card is the current one
//   <details data-card-more="d">           inside it: D opens it and goes into its first field
//   <h3 data-card-panel>                   gets the focus when it appears
//   <button data-card-step="1|-1">         goes to the next card, or to the one before
//   <div data-cards-empty tabindex=-1>     gets the focus when the last card is answered
// js/keys.js presses what bears data-shortcut, and keeps silent in fields and when switched off.
(() => {
  let place = 0;
  let isInside = false;
  const cards = () => [...document.querySelectorAll("[data-card]")];

  const mark = () => {
    const all = cards();
    const focused = all.findIndex((card) => card.contains(document.activeElement));
    if (focused >= 0) place = focused;
    const current = Math.min(place, all.length - 1);
    all.forEach((card, index) => {
      card.classList.toggle("card--current", index === current);
      for (const one of card.querySelectorAll("[data-card-key], [data-card-more] > summary")) {
        const key = one.dataset.cardKey ?? one.parentElement.dataset.cardMore;
        if (index === current) one.dataset.shortcut = key; else delete one.dataset.shortcut;
      }
    });
  };
  const go = (card) => { card?.focus({ preventScroll: true }); card?.scrollIntoView({ block: "nearest" }); };

  document.addEventListener("click", (event) => {
    const step = event.target.closest?.("[data-card-step]");
    if (step) {
      const all = cards();
      const inside = all.some((card) => card.contains(document.activeElement));
      const wanted = place + (inside || isInside ? Number(step.dataset.cardStep) : 0);
      go(all[Math.max(0, Math.min(all.length - 1, wanted))]);
    }
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("[data-card-more][open]")) event.target.querySelector("textarea, input:not([type=hidden])")?.focus();
  }, true);
  document.addEventListener("focusin", (event) => {
    isInside = Boolean(event.target.closest?.("[data-card]"));
    mark();
  });

  let panel = null;
  let timer;
  new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = document.querySelector("[data-card-panel]");
      if (now && now !== panel) now.focus();
      panel = now;
      // The answered card has gone and took the focus with it: on to the one that stands in its place.
      if (isInside && document.activeElement === document.body) {
        const all = cards();
        go(all[Math.min(place, all.length - 1)] ?? document.querySelector("[data-cards-empty]"));
      }
      mark();
    }, 60);
  }).observe(document.documentElement, { childList: true, subtree: true });
  mark();
})();
