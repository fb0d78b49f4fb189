// A held time that is about to end shows its warning; a button prints the appointment card.
(() => {
  const WARN_SECONDS = 120;
  const look = () => {
    for (const warning of document.querySelectorAll('[data-hold-ends]')) {
      const left = Number(warning.dataset.holdEnds) - Date.now() / 1000;
      warning.hidden = !(left > 0 && left <= WARN_SECONDS);
    }
  };
  setInterval(look, 1000);
  document.addEventListener('click', (event) => {
    if (event.target.closest?.('[data-print]')) window.print();
  });
})();
