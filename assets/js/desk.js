// The front desk's day: one Tab stop, arrow keys between visits and free times, a now line that moves,
// and a first look at the present hour. And the arrow keys in a list of patients that were found.
// Without this file everything is still a link or a button.
(() => {
  const columns = (desk) => [...desk.querySelectorAll("[data-column]")]
    .map((column) => [...column.querySelectorAll("[data-cell]")])
    .filter((cells) => cells.length && cells[0].offsetParent);

  const settle = (desk, chosen) => {
    const cells = columns(desk).flat();
    const stop = chosen ?? cells.find((cell) => cell.dataset.visited) ?? cells[0];
    for (const cell of cells) {
      const index = cell === stop ? 0 : -1;
      if (cell.tabIndex !== index) cell.tabIndex = index;
      if (chosen) { if (cell === chosen) cell.dataset.visited = "1"; else delete cell.dataset.visited; }
    }
  };

  // The cell of another column that is nearest in time.
  const nearest = (cells, here) => cells.reduce((best, cell) =>
    Math.abs(cell.dataset.cell - here.dataset.cell) < Math.abs(best.dataset.cell - here.dataset.cell) ? cell : best);

  const move = (event) => {
    const here = event.target.closest?.("[data-desk] [data-cell]");
    if (!here) return;
    const desk = here.closest("[data-desk]");
    const grid = columns(desk);
    const column = grid.findIndex((cells) => cells.includes(here));
    if (column < 0) return;
    const row = grid[column].indexOf(here);
    const mirrored = getComputedStyle(desk).direction === "rtl";
    const key = mirrored ? ({ ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[event.key] ?? event.key) : event.key;
    let next;
    if (key === "ArrowDown") next = grid[column][row + 1];
    else if (key === "ArrowUp") next = grid[column][row - 1];
    else if (key === "ArrowRight") next = grid[column + 1] && nearest(grid[column + 1], here);
    else if (key === "ArrowLeft") next = grid[column - 1] && nearest(grid[column - 1], here);
    else if (key === "Home") next = grid[column][0];
    else if (key === "End") next = grid[column].at(-1);
    else return;
    event.preventDefault();
    if (!next) return;
    settle(desk, next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  // Down from the field into the list of people, up and down in it, up again into the field.
  const browse = (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const finder = event.target.closest?.("[data-finder]");
    if (!finder) return;
    const stops = [...finder.querySelectorAll("[data-finder-field], [data-hit]")];
    const here = stops.indexOf(event.target);
    const next = here < 0 ? null : stops[here + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    move(event);
    browse(event);
  });
  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest?.("[data-desk] [data-cell]");
    if (cell) settle(cell.closest("[data-desk]"), cell);
  });

  // The server says where the line stands when it draws the day; from there it goes on by itself.
  const drawn = new WeakMap();
  const tick = () => {
    for (const line of document.querySelectorAll("[data-now]")) {
      const known = drawn.get(line);
      if (known?.said !== line.dataset.now) drawn.set(line, { said: line.dataset.now, at: Date.now() });
      const gone = (Date.now() - drawn.get(line).at) / 60000;
      line.style.setProperty("--begins", Number(line.dataset.now) + gone);
    }
  };
  setInterval(tick, 20000);

  const looked = new WeakSet();
  const look = () => {
    for (const desk of document.querySelectorAll("[data-desk]")) {
      settle(desk);
      const line = [...desk.querySelectorAll("[data-now]")].find((one) => one.offsetParent);
      if (looked.has(desk) || !desk.querySelector("[data-column]")) continue;
      looked.add(desk);
      if (line) desk.scrollTop = Math.max(0, line.offsetTop - desk.clientHeight / 3);
    }
    tick();
  };
  let timer;
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(look, 60); })
    .observe(document.documentElement, { childList: true, subtree: true });
  look();
})();
