// Light or dark, offline, and "send once".
(() => {
  const root = document.documentElement;

  // Reflex reads the same "theme" from localStorage before it paints.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-theme-switch]")) return;
    const next = root.classList.contains("dark") ? "light" : "dark";
    root.classList.remove("light", "dark");
    root.classList.add(next);
    root.style.colorScheme = next;
    try { localStorage.setItem("theme", next); } catch { /* private mode: the choice lasts for this page */ }
  });

  // While the line is down nothing may look as if it had been sent.
  const line = () => root.toggleAttribute("data-offline", !navigator.onLine);
  addEventListener("online", line);
  addEventListener("offline", line);
  line();
  const isDown = () => root.hasAttribute("data-offline") || document.querySelector(".lost--socket");
  const refuse = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    document.querySelector(".lost")?.focus();
  };
  addEventListener("click", (event) => {
    // aria-disabled keeps the focus where it is, but does not stop a second click by itself.
    if (event.target.closest?.("button[aria-disabled=true]")) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (isDown() && event.target.closest?.("[data-commit='true']")) refuse(event);
  }, true);
  addEventListener("submit", (event) => { if (isDown()) refuse(event); }, true);

  // A native form is sent once; coming back by the Back button makes it ready again.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button[type=submit]")) button.removeAttribute("aria-disabled");
    }
  });
})();
