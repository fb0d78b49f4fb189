// A checkbox beside a password shows its letters; what is sent is a password again, so that the
// browser neither remembers nor completes it as plain text.
(() => {
  const show = (box, visible) => {
    const field = document.getElementById(box.dataset.shows);
    if (field) field.type = visible ? "text" : "password";
  };
  document.addEventListener("change", (event) => {
    const box = event.target.closest?.("input[data-shows]");
    if (box) show(box, box.checked);
  });
  document.addEventListener("submit", (event) => {
    for (const box of event.target.querySelectorAll("input[data-shows]")) {
      show(box, false);
      box.checked = false;
    }
  }, true);
})();
