// Single keys for those who like them: data-shortcut="t" is pressed by T, wherever the focus is.
//   <a data-shortcut="ArrowLeft">          links and buttons alike
//   <button data-shortcut="?">             opens the list of keys
//   <input type=checkbox data-shortcuts>   switches them off and on again (WCAG 2.1.4)
// They keep silent while somebody types, while a dialog asks something, and with Ctrl, Alt or Meta.
(() => {
  const STORE = "shortcuts";
  const isOff = () => { try { return localStorage.getItem(STORE) === "off"; } catch { return false; } };
  const isTyping = (one) => one?.closest?.("input, textarea, select, [contenteditable=true]");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (isOff() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const pressed = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(key)}"]`)]
      .find((one) => one.checkVisibility?.() ?? true);
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });

  const show = () => {
    for (const box of document.querySelectorAll("input[data-shortcuts]")) box.checked = !isOff();
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("input[data-shortcuts]")) return;
    try { localStorage.setItem(STORE, event.target.checked ? "on" : "off"); } catch { /* private mode: for this page */ }
  });
  let timer;
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(show, 60); })
    .observe(document.documentElement, { childList: true, subtree: true });
  show();
})();
