// Native <dialog> without a line of code in the page:
//   <button data-dialog="id">            opens it, and gets the focus back
//   <dialog id data-open="true|false">   the server opens and closes it
//   <button data-dialog-close>           closes
//   <button data-dialog-no>              says no: Esc and the backdrop press it, so that the server hears of it
(() => {
  const show = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog]");
    if (opener) show(document.getElementById(opener.dataset.dialog));
    const closer = event.target.closest?.("[data-dialog-close]");
    if (closer) closer.closest("dialog")?.close();
    if (event.target.matches?.("dialog.dialog")) dismiss(event.target); // the backdrop
  });

  const dismiss = (dialog) => {
    const button = dialog.querySelector("[data-dialog-no]");
    if (button) button.click(); else dialog.close();
  };
  document.addEventListener("cancel", (event) => {
    if (!event.target.matches?.("dialog.dialog")) return;
    event.preventDefault();
    dismiss(event.target);
  }, true);

  const follow = () => {
    for (const dialog of document.querySelectorAll("dialog[data-open]")) {
      if (dialog.dataset.open === "true") show(dialog);
      else if (dialog.open) dialog.close();
    }
  };
  let timer;
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(follow, 30); })
    .observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-open"] });
  follow();
})();
