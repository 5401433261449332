// What both pages share: building elements from text only, files to save, theme, sortable tables.
"use strict";
const page = {};

page.data = JSON.parse(document.getElementById("data").textContent);
page.byId = (id) => document.getElementById(id);

/** An element with attributes and children; text is always a text node. */
page.el = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") made.addEventListener("click", value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};

/** An SVG element with attributes. */
page.svg = (tag, attributes = {}, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

page.clear = (element, ...children) => element.replaceChildren(...children);

/** Seconds since 1970 as UTC text to the minute. */
page.time = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");

/** A long id cut for a label; the whole one stands in the details and tables. */
page.short = (text, most = 22) => (text.length > most ? text.slice(0, most - 1) + "\u2026" : text);

page.save = (name, content) => {
  const url = URL.createObjectURL(content);
  const link = page.el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
};

page.saveText = (name, text, type) => page.save(name, new Blob([text], { type: type + ";charset=utf-8" }));

/** Rows as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe. */
page.csv = (rows) => {
  const cell = (value) => {
    const text = String(value ?? "");
    const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) && typeof value !== "number" ? "'" + text : text;
    return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  };
  return rows.map((row) => row.map(cell).join(",")).join("\n") + "\n";
};

/** The browser's store, or one that lasts as long as the page where the browser refuses. */
page.store = (() => {
  const kept = new Map();
  try {
    localStorage.setItem("ringscope:try", "1");
    localStorage.removeItem("ringscope:try");
    return {
      lasting: true,
      get: (key) => localStorage.getItem(key),
      set: (key, value) => localStorage.setItem(key, value),
      drop: (key) => localStorage.removeItem(key),
    };
  } catch {
    return { lasting: false, get: (key) => kept.get(key) ?? null, set: (key, value) => kept.set(key, value), drop: (key) => kept.delete(key) };
  }
})();

/** The colour behind a CSS name of ours, as it is now. */
page.colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
page.dark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};
page.onTheme = [];
page.themed = () => {
  for (const shape of document.querySelectorAll("svg[data-kind] path")) {
    const look = page.data.page.looks[shape.parentNode.dataset.kind];
    if (look) shape.setAttribute("fill", page.dark() ? look.dark : look.light);
  }
  page.byId("theme").textContent = page.dark() ? "Light" : "Dark";
  for (const redraw of page.onTheme) redraw();
};
(() => {
  const kept = page.store.get("ringscope:theme");
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  const button = page.byId("theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = page.dark() ? "light" : "dark";
    page.store.set("ringscope:theme", document.documentElement.dataset.theme);
    page.themed();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", page.themed);
})();

/** Make the head of a table sort it; a cell's data-value is its number where the text is not. */
page.sortable = (table) => {
  const value = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.value ?? cell.textContent;
    const number = Number(text.replaceAll(",", ""));
    return text.trim() !== "" && !Number.isNaN(number) ? number : text;
  };
  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return a < b ? -1 : a > b ? 1 : 0;
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (head.dataset.plain !== undefined) return; // amounts of several currencies have no order
    const button = page.el("button", { type: "button" }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const rows = [...table.tBodies[0].rows].map((row, place) => [value(row, column), place, row]);
      rows.sort((a, b) => sign * compare(a[0], b[0]) || a[1] - b[1]);
      table.tBodies[0].append(...rows.map((row) => row[2]));
    });
  });
};
for (const table of document.querySelectorAll("table[data-sortable]")) page.sortable(table);

/** A field above a long table that keeps the rows with some text. */
page.filterable = (table) => {
  const rows = [...table.tBodies[0].rows], texts = rows.map((row) => row.textContent.toLowerCase());
  const field = page.el("input", { type: "search", size: 18, "aria-label": "Rows with" });
  const said = page.el("span", { role: "status", class: "dim small" });
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    rows.forEach((row, place) => { row.hidden = !texts[place].includes(wanted); });
    said.textContent = wanted ? `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows` : "";
  });
  table.closest(".scroll").before(page.el("p", { class: "bar screen" }, page.el("label", {}, "Rows with ", field), said));
};
for (const table of document.querySelectorAll("table[data-sortable]:not(#ring-table)")) if (table.tBodies[0].rows.length > 15) page.filterable(table);

// A table that is wider than the screen scrolls sideways, and must do so by keyboard too.
page.scrolling = () => {
  for (const box of document.querySelectorAll(".scroll")) {
    const wide = box.scrollWidth > box.clientWidth + 1;
    const heading = box.closest("section")?.querySelector("h2")?.textContent ?? "Table";
    for (const [name, value] of Object.entries({ tabindex: "0", role: "group", "aria-label": `${heading}, scrolls sideways` })) {
      if (wide) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  }
};
addEventListener("resize", page.scrolling);

// A print unfolds what is folded, but for the lists of input rows unless they were asked for, and long ids.
page.unfold = () => {
  const rows = document.body.classList.contains("with-rows");
  for (const closed of document.querySelectorAll("details:not([open]):not(.id)")) closed.open = rows || !closed.classList.contains("kept-shut");
};
addEventListener("beforeprint", page.unfold);

// A link to something inside a fold opens the fold.
page.reveal = () => {
  const aim = location.hash ? page.byId(location.hash.slice(1)) : null;
  for (let fold = aim?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  aim?.scrollIntoView({ block: "start" });
};
addEventListener("hashchange", page.reveal);
