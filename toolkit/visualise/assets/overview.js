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
      if (step) open(tabs[(place + step + tabs.length) % tabs.length], true);
    });
  });

  // --- one ring chosen ---
  const verdict = (ring) => page.decisions.read(ring.id)?.as ?? ring.decided?.as ?? null;
  const choose = (ring, look) => {
    if (state.ring !== null) { rows.get(state.ring).classList.remove("picked"); rows.get(state.ring).removeAttribute("aria-current"); }
    state.ring = ring;
    graph?.select(ring);
    if (ring === null) return page.clear(detail, ...empty.map((node) => node.cloneNode(true)));
    const row = rows.get(ring), one = told.rings[ring];
    row.classList.add("picked");
    row.setAttribute("aria-current", "true");
    if (look) row.scrollIntoView({ block: "nearest" });
    const cells = [...row.cells];
    page.clear(detail,
      page.el("h2", {}, cells[2].firstChild.textContent, " ", page.el("span", { class: `badge ${one.tier}` }, one.tier)),
      page.el("p", {}, cells[2].querySelector(".summary").textContent),
      one.file === null ? page.el("p", {}, "This lead has no page yet: ", page.el("code", {}, `ringscope report CASE --ring ${one.id} --out DIR`))
        : page.el("p", {}, page.el("a", { href: `rings/${one.file}.html` }, `Open ring ${one.id}`)),
      page.el("h3", {}, "Money"), ...[...cells[6].childNodes].map((node) => node.cloneNode(true)),
      page.el("h3", {}, "Your decision"), page.decisions.form(one.id, decisionsChanged));
    return undefined;
  };
  page.choose = choose;
  const decisionsChanged = () => {
    for (const [place, row] of rows) {
      const own = page.decisions.read(told.rings[place].id);
      const cell = row.querySelector(".decision");
      cell.querySelector(".own")?.remove();
      if (own) cell.append(page.el("div", { class: "own" }, `${own.as} (here)`));
    }
  };

  // --- filters ---
  const field = Object.fromEntries(["search", "tier", "scheme", "decided"].map((id) => [id, page.byId(id)]));
  const names = told.rings.map(() => []);
  const texts = new Map([...rows].map(([place, row]) => [place, row.textContent.toLowerCase()]));
  const fits = (ring, place, words) => {
    const as = verdict(ring);
    if (field.tier.value === "alert" ? ring.tier === "lead" : field.tier.value && ring.tier !== field.tier.value) return false;
    if (field.scheme.value && ring.scheme !== field.scheme.value) return false;
    const wish = field.decided.value;
    if (wish === "open" && as === "dismissed" && !ring.decided?.new) return false;
    if (wish === "none" && as) return false;
    if (!["", "open", "none"].includes(wish) && as !== wish) return false;
    if (state.from !== null && !(ring.first !== null && ring.last >= state.from && ring.first <= state.to)) return false;
    return !words || texts.get(place).includes(words) || names[place].some((name) => name.includes(words));
  };
  const filter = () => {
    const words = field.search.value.trim().toLowerCase();
    shown.clear();
    told.rings.forEach((ring, place) => {
      const on = fits(ring, place, words);
      rows.get(place).hidden = !on;
      if (on) shown.add(place);
    });
    page.byId("count").textContent = `${shown.size} of ${told.rings.length} rings shown`;
    graph?.filter(shown.size === told.rings.length ? null : shown);
    const counts = graph?.counts(shown);
    for (const label of graph ? document.querySelectorAll("#legend span") : []) {
      const kind = label.parentNode.dataset.kind;
      label.textContent = `${told.looks[kind].title} (${counts[told.kinds.indexOf(kind)]})`;
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
    const open = order().filter((place) => !verdict(told.rings[place]) && place !== state.ring);
    if (open.length) choose(open[0], true);
    else page.byId("count").textContent = "no undecided ring is shown";
  });

  // --- picture, timeline, table ---
  page.byId("stage").hidden = false;
  const graph = page.overviewGraph((ring) => choose(ring, true));
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
    page.byId("no-webgl").hidden = false;
    window.ringscopeReady = true;
  }
  const tierColour = (tier) => () => page.colour(`--${tier}`);
  const lanes = told.tiers.map((tier) => ({ title: `${tier}`, colour: tierColour(tier),
    spans: told.rings.filter((ring) => ring.tier === tier && ring.first !== null).map((ring) => [ring.first, ring.last]) }));
  const line = page.timeline(page.byId("timeline"), lanes.filter((lane) => lane.spans.length), (from, to) => { state.from = from; state.to = to; filter(); });
  page.line = line;
  page.byId("clear").addEventListener("click", () => {
    field.search.value = "";
    for (const id of ["tier", "scheme", "decided"]) field[id].value = "";
    line.reset();
    filter();
  });
  table.tBodies[0].addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row && !event.target.closest("a")) choose(+row.dataset.ring);
  });
  table.tBodies[0].addEventListener("focusin", (event) => {
    const row = event.target.closest("tr");
    if (row && +row.dataset.ring !== state.ring) choose(+row.dataset.ring);
  });
  page.byId("csv").addEventListener("click", () => {
    const head = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const lines = order().map((place) => [...rows.get(place).cells].map((cell, column) =>
      column === 2 ? cell.firstChild.textContent : column === 6 ? [...cell.children].map((one) => one.textContent).join("; ") : cell.textContent));
    page.saveText("rings.csv", page.csv([head, ...lines]), "text/csv");
  });
  page.byId("save-decisions").addEventListener("click", () => {
    page.saveText("decisions.json", JSON.stringify({ decisions: page.decisions.listed(told.rings.map((ring) => ring.id)) }, null, 1), "application/json");
  });

  // --- findings ---
  const kind = page.byId("finding-kind"), words = page.byId("finding-search");
  const findings = [...document.querySelectorAll(".finding")];
  const sift = () => {
    for (const one of findings)
      one.hidden = (kind.value !== "" && one.dataset.kind !== kind.value) || !one.textContent.toLowerCase().includes(words.value.trim().toLowerCase());
  };
  kind?.addEventListener("input", sift);
  words?.addEventListener("input", sift);

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

  if (!told.rings.some((ring) => ring.tier !== "lead")) field.tier.value = "";
  open(tabs[0]);
  decisionsChanged();
  filter();
  page.themed();
  addEventListener("beforeprint", () => { for (const tab of tabs) page.byId(tab.getAttribute("aria-controls")).hidden = false; });
  addEventListener("afterprint", () => open(tabs.find((tab) => tab.getAttribute("aria-selected") === "true")));
})();
