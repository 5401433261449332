// The overview: table, picture and timeline show one set of rings and one chosen ring.
"use strict";
(() => {
  const told = page.data.page;
  const table = page.byId("ring-table");
  const rows = new Map([...table.tBodies[0].rows].map((row) => [+row.dataset.ring, row]));
  const detail = page.byId("detail");
  const empty = [...detail.childNodes].map((node) => node.cloneNode(true));
  const state = { ring: null, from: null, to: null };
  const shown = new Set();
  const CELL = { scheme: 3, money: 7 };
  const count = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;
  const isAlert = (ring) => ring.tier !== "lead";

  // --- tabs ---
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  const open = (tab, focus) => {
    for (const other of tabs) {
      const on = other === tab;
      other.setAttribute("aria-selected", String(on));
      other.tabIndex = on ? 0 : -1;
      page.byId(other.getAttribute("aria-controls")).hidden = !on;
    }
    if (focus) tab.focus();
    page.scrolling();
    if (graph && tab.id === "tab-rings") graph.renderer.resize();
  };
  tabs.forEach((tab, place) => {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const to = step ? tabs[(place + step + tabs.length) % tabs.length] : { Home: tabs[0], End: tabs.at(-1) }[event.key];
      if (to) open(to, true);
    });
  });

  // --- one ring chosen ---
  const standing = (place) => page.decisions.standing(told.rings[place]);
  const isOpen = (place) => { const made = standing(place); return !made || (made.as === "dismissed" && made.changed); };
  const choose = (ring, look) => {
    if (state.ring !== null) { rows.get(state.ring).classList.remove("picked"); rows.get(state.ring).removeAttribute("aria-current"); }
    state.ring = ring;
    graph?.select(ring);
    const one = ring === null ? null : told.rings[ring];
    line.mark(one && one.first !== null ? [[one.first, one.last]] : []);
    if (!one) return page.clear(detail, ...empty.map((node) => node.cloneNode(true)));
    const row = rows.get(ring), cells = [...row.cells];
    row.classList.add("picked");
    row.setAttribute("aria-current", "true");
    if (look) row.scrollIntoView({ block: "nearest" });
    const still = one.still.length ? [page.el("p", { class: "small possible" }, `Still possible: ${one.still.join("; ")}`)] : [];
    page.clear(detail,
      page.el("h2", {}, `${ring + 1}. ${cells[CELL.scheme].firstChild.textContent} `, page.el("span", { class: `badge ${one.tier}` }, one.tier)),
      page.el("p", {}, cells[CELL.scheme].querySelector(".summary").textContent),
      page.el("p", { class: "small dim" }, `${count(one.members, "member")} (${one.core} core), ${count(one.targets, "target")}, ${count(one.sellers.length, "seller")}`), ...still,
      one.file === null ? page.el("p", {}, "This lead has no page of its own yet: ", page.el("code", {}, `ringscope report CASE --ring ${one.id} --out DIR`))
        : page.el("p", {}, page.el("a", { href: `rings/${one.file}.html` }, `Open ring ${one.id}`)),
      page.el("h3", {}, "Your decision"), page.decisions.form(one, decisionsChanged),
      page.el("h3", {}, "Money"), cells[CELL.money].childNodes.length ? page.el("div", { class: "small" }, ...[...cells[CELL.money].childNodes].map((node) => node.cloneNode(true))) : page.el("p", { class: "dim small" }, "No amount is known."));
    return undefined;
  };
  page.choose = choose;
  const decisionsChanged = () => {
    for (const [place, row] of rows) {
      const cell = row.querySelector(".decision"), made = standing(place);
      cell.querySelector(".own")?.remove();
      if (made?.here) cell.append(page.el("div", { class: "own" }, made.as, page.el("span", { class: "dim" }, " (here)"), made.changed ? "; new evidence since" : ""));
    }
    page.byId("undecided").textContent = told.rings.filter((ring, place) => isAlert(ring) && isOpen(place)).length;
  };

  // --- filters ---
  const field = Object.fromEntries(["search", "tier", "scheme", "decided"].map((id) => [id, page.byId(id)]));
  const names = told.rings.map(() => []);
  const texts = new Map([...rows].map(([place, row]) => [place, row.textContent.toLowerCase()]));
  const inTime = (ring) => state.from === null || (ring.first !== null && ring.last >= state.from && ring.first <= state.to);
  const fits = (ring, place, words) => {
    if (field.tier.value === "alert" ? !isAlert(ring) : field.tier.value && ring.tier !== field.tier.value) return false;
    if (field.scheme.value && ring.scheme !== field.scheme.value) return false;
    const wish = field.decided.value, made = standing(place);
    if (wish === "open" && made?.as === "dismissed" && !made.changed) return false;
    if (wish === "none" && !isOpen(place)) return false;
    if (!["", "open", "none"].includes(wish) && made?.as !== wish) return false;
    return !words || texts.get(place).includes(words) || names[place].some((name) => name.includes(words));
  };
  const lanesOf = (rings) => told.tiers.map((tier) => ({ title: tier, colour: () => page.colour(`--${tier}`),
    spans: rings.filter((ring) => ring.tier === tier && ring.first !== null).map((ring) => [ring.first, ring.last]) }));
  const used = new Set(lanesOf(told.rings).filter((lane) => lane.spans.length).map((lane) => lane.title));
  const lanes = (rings) => lanesOf(rings).filter((lane) => used.has(lane.title));
  const filter = () => {
    const words = field.search.value.trim().toLowerCase();
    shown.clear();
    const fitting = told.rings.filter((ring, place) => fits(ring, place, words) && (ring.place = place) === place);
    for (const ring of fitting) if (inTime(ring)) shown.add(ring.place);
    for (const [place, row] of rows) row.hidden = !shown.has(place);
    page.byId("count").textContent = `${shown.size} of ${told.rings.length} rings shown`;
    page.byId("none-fits").hidden = shown.size > 0 || !told.rings.length;
    line.update(lanes(fitting));
    graph?.filter(shown.size === told.rings.length ? null : shown);
    const counts = graph?.counts(shown);
    for (const label of graph ? document.querySelectorAll("#legend span") : []) {
      const kind = label.parentNode.dataset.kind;
      label.textContent = `${told.looks[kind].title} (${counts[told.kinds.indexOf(kind)].toLocaleString("en")})`;
    }
    page.shown = shown.size;
    page.scrolling();
  };
  for (const one of Object.values(field)) one.addEventListener("input", filter);
  const order = () => [...table.tBodies[0].rows].filter((row) => !row.hidden).map((row) => +row.dataset.ring);
  const step = (by) => {
    const listed = order();
    if (!listed.length) return;
    const at = listed.indexOf(state.ring);
    choose(listed[at < 0 ? 0 : Math.min(listed.length - 1, Math.max(0, at + by))], true);
  };
  page.byId("next").addEventListener("click", () => {
    const listed = order(), from = listed.indexOf(state.ring) + 1;
    const next = [...listed.slice(from), ...listed.slice(0, from)].find((place) => isOpen(place) && place !== state.ring);
    if (next !== undefined) choose(next, true);
    else page.byId("count").textContent = "Every ring shown is decided.";
  });

  // --- picture, timeline, table ---
  page.byId("stage").hidden = false;
  const graph = told.rings.length ? page.overviewGraph((ring) => choose(ring, true)) : null;
  page.graph = graph;
  if (graph) {
    page.byId("graph-bar").hidden = false;
    graph.rings.forEach((ring, node) => names[ring].push(graph.labels[node].toLowerCase()));
    for (const button of document.querySelectorAll("#legend button"))
      button.addEventListener("click", () => {
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        graph.kind(button.dataset.kind, on);
      });
    page.byId("edges").addEventListener("click", (event) => {
      const on = event.target.getAttribute("aria-pressed") !== "true";
      event.target.setAttribute("aria-pressed", String(on));
      graph.edges(on);
    });
    page.byId("whole").addEventListener("click", graph.whole);
    page.byId("png").addEventListener("click", graph.picture);
  } else {
    page.byId("stage").hidden = true;
    page.byId("no-webgl").hidden = !told.rings.length;
    detail.parentNode.classList.add("single");
    window.ringscopeReady = true;
  }
  const line = page.timeline(page.byId("timeline"), lanes(told.rings), (from, to) => { state.from = from; state.to = to; filter(); });
  page.line = line;
  page.byId("clear").addEventListener("click", () => {
    field.search.value = "";
    for (const id of ["tier", "scheme", "decided"]) field[id].value = "";
    line.reset();
  });
  table.tBodies[0].addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row && !event.target.closest("a, summary")) choose(+row.dataset.ring);
  });
  table.tBodies[0].addEventListener("focusin", (event) => {
    const row = event.target.closest("tr");
    if (row && +row.dataset.ring !== state.ring) choose(+row.dataset.ring);
  });
  page.byId("csv").addEventListener("click", () => {
    const head = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const text = (cell, column, place) => {
      if (column === CELL.scheme) return cell.firstChild.textContent;
      if (column === 6) return told.rings[place].sellers.join("; ");
      return column === CELL.money ? [...cell.children].map((one) => one.textContent).join("; ") : cell.textContent;
    };
    page.saveText("rings.csv", page.csv([head, ...order().map((place) => [...rows.get(place).cells].map((cell, column) => text(cell, column, place)))]), "text/csv");
  });
  page.byId("save-decisions").addEventListener("click", () => {
    page.saveText("decisions.json", JSON.stringify({ decisions: page.decisions.listed(told.rings.map((ring) => ring.id)) }, null, 1), "application/json");
  });

  // --- findings ---
  const kind = page.byId("finding-kind"), words = page.byId("finding-search"), sorted = page.byId("finding-order"), list = page.byId("finding-list");
  const findings = [...document.querySelectorAll(".finding")];
  const sift = () => {
    const wanted = words.value.trim().toLowerCase();
    for (const one of findings) one.hidden = (kind.value !== "" && one.dataset.kind !== kind.value) || !one.textContent.toLowerCase().includes(wanted);
    const left = findings.filter((one) => !one.hidden).length;
    page.byId("finding-count").textContent = `${left} of ${findings.length} findings shown`;
    page.byId("no-finding-fits").hidden = left > 0;
  };
  const RANKS = { "": () => 0, p: (a, b) => a.dataset.p - b.dataset.p, orders: (a, b) => b.dataset.orders - a.dataset.orders,
    last: (a, b) => (a.dataset.last < b.dataset.last ? 1 : -1) };
  if (list) {
    kind.addEventListener("input", sift);
    words.addEventListener("input", sift);
    sorted.addEventListener("input", () => list.append(...[...findings].sort(RANKS[sorted.value])));
    sift();
  }

  // --- keyboard ---
  addEventListener("keydown", (event) => {
    if (/INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) {
      if (event.key === "Escape") document.activeElement.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { open(tabs[0]); field.search.focus(); event.preventDefault(); }
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "Escape") choose(null);
    else if (event.key === "Enter" && state.ring !== null && told.rings[state.ring].file !== null && document.activeElement === document.body) location.href = `rings/${told.rings[state.ring].file}.html`;
  });

  if (!told.rings.some(isAlert)) field.tier.value = "";
  open(tabs[0]);
  decisionsChanged();
  filter();
  page.themed();
  addEventListener("beforeprint", () => { for (const tab of tabs) page.byId(tab.getAttribute("aria-controls")).hidden = false; });
  addEventListener("afterprint", () => open(tabs.find((tab) => tab.getAttribute("aria-selected") === "true")));
})();
