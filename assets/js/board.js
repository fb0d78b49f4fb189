// The departure board with arrow keys: ←/→ time, ↑/↓ day, Home/End in the day, with Ctrl in the board.
// Without this file every time is still a link.
(() => {
  const rows = (board) => [...board.querySelectorAll("[role=row]")]
    .map((row) => [...row.querySelectorAll(".slot")].filter((chip) => chip.matches("a") || chip === document.activeElement))
    .filter((links) => links.length);

  // One Tab stop per board: the last visited time, else the first.
  const settle = (board, chosen) => {
    const links = rows(board).flat();
    const stop = chosen ?? links.find((link) => link.dataset.visited) ?? links[0];
    for (const link of links) {
      const index = link === stop ? 0 : -1;
      if (link.tabIndex !== index) link.tabIndex = index;
      if (chosen) { if (link === chosen) link.dataset.visited = "1"; else delete link.dataset.visited; }
    }
  };
  const settleAll = () => document.querySelectorAll("[data-board]").forEach((board) => settle(board));

  document.addEventListener("keydown", (event) => {
    const here = event.target.closest?.("[data-board] .slot");
    if (!here || event.altKey || event.metaKey) return;
    const board = here.closest("[data-board]");
    const grid = rows(board);
    let row = grid.findIndex((links) => links.includes(here));
    let column = grid[row].indexOf(here);
    const mirrored = getComputedStyle(board).direction === "rtl";
    const key = mirrored ? ({ ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[event.key] ?? event.key) : event.key;
    if (key === "ArrowRight") column += 1;
    else if (key === "ArrowLeft") column -= 1;
    else if (key === "ArrowDown") row += 1;
    else if (key === "ArrowUp") row -= 1;
    else if (key === "Home") { column = 0; if (event.ctrlKey) row = 0; }
    else if (key === "End") { column = Infinity; if (event.ctrlKey) row = Infinity; }
    else return;
    event.preventDefault();
    row = Math.max(0, Math.min(grid.length - 1, row));
    column = Math.max(0, Math.min(grid[row].length - 1, column));
    settle(board, grid[row][column]);
    grid[row][column].focus();
  });

  // A time that is taken under the finger becomes text: the focus moves on to its neighbour, not to <body>.
  let focused = null;
  document.addEventListener("focusin", (event) => {
    const link = event.target.closest?.("[data-board] a.slot");
    focused = link ? { board: link.closest("[data-board]"), key: link.dataset.key } : null;
    if (link) settle(focused.board, link);
  });
  let timer;
  new MutationObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      settleAll();
      if (!focused || document.activeElement !== document.body || !focused.board.isConnected) return;
      const chip = focused.board.querySelector(`.slot[data-key="${CSS.escape(focused.key ?? "")}"]`);
      if (chip) { chip.tabIndex = -1; chip.focus(); }
    }, 60);
  }).observe(document.documentElement, { childList: true, subtree: true });
  settleAll();
})();
