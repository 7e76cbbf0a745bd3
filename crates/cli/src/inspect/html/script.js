// Filters, sorts and highlights what is on the page already. Without it, everything can be read.
"use strict";
(() => {
  const all = (query, from = document) => [...from.querySelectorAll(query)];

  // Column headings become buttons that sort.
  const key = (row, at) => {
    const cell = row.cells[at];
    return cell ? cell.dataset.key ?? cell.textContent.trim() : "";
  };
  const order = new Intl.Collator("en", { numeric: true });
  for (const head of all("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const number = head.classList.contains("num");
      const before = head.getAttribute("aria-sort");
      const down = before ? before === "ascending" : number;
      all("th", head.parentNode).forEach((one) => one.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const at = head.cellIndex;
      for (const body of head.closest("table").tBodies) {
        const rows = [...body.rows].map((row) => [key(row, at), row]);
        rows.sort(([a], [b]) => (number ? a - b : order.compare(a, b)) * (down ? -1 : 1));
        body.append(...rows.map(([, row]) => row));
      }
    });
  }

  // Fields narrow their table to rows with every word.
  for (const field of all("input[data-filter]")) {
    field.closest("label").hidden = false;
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of all(`#${field.dataset.filter} tbody tr`)) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      }
    });
  }

  // A box under the pointer or the keyboard shows its own lines and neighbours.
  const lines = all("g.line");
  const boxes = new Map(all("a.tile").map((box) => [box.dataset.box, box]));
  const svg = document.querySelector(".map svg");
  const show = (of) => {
    svg.classList.toggle("focus", of !== null);
    for (const box of boxes.values()) box.classList.remove("near");
    for (const line of lines) {
      const near = of !== null && of(line);
      line.classList.toggle("near", near);
      if (near) [line.dataset.from, line.dataset.to].forEach((at) => boxes.get(at)?.classList.add("near"));
    }
  };
  for (const [at, box] of boxes) {
    const of = (line) => line.dataset.from === at || line.dataset.to === at;
    for (const begin of ["pointerenter", "focus"]) box.addEventListener(begin, () => { show(of); box.classList.add("near"); });
    for (const end of ["pointerleave", "blur"]) box.addEventListener(end, () => show(null));
  }
  for (const line of lines) {
    line.addEventListener("pointerenter", () => show((one) => one === line));
    line.addEventListener("pointerleave", () => show(null));
  }

  // The legend shows and hides lines of an intent.
  for (const box of all("input[data-intent]")) {
    box.hidden = false;
    box.addEventListener("change", () => {
      for (const line of all(`g.line.i-${box.dataset.intent}`)) line.toggleAttribute("hidden", !box.checked);
    });
  }

  // Findings that are linked to, and all of them in print, are open.
  const open = () => document.querySelector(":target")?.closest("details")?.setAttribute("open", "");
  addEventListener("hashchange", open);
  open();
  addEventListener("beforeprint", () => all("details").forEach((one) => (one.open = true)));
})();
