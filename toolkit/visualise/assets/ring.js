// The page of one ring: the graph (vis-network), the timeline, the details, the events; all show one selection.
"use strict";
(() => {
  const { nodes, edges, page: told } = page.data;
  const events = told.events;
  const TABLES = told.tables;
  const detail = page.byId("detail");
  const state = { kinds: new Set(Object.keys(told.looks)), from: null, to: null, hidden: new Set(), pinned: new Set(), linked: false, columns: false };
  const intro = [...detail.childNodes];

  page.byId("decide").hidden = false;
  page.byId("decision").append(page.decisions.form({ id: told.ring_id, basis: told.basis }));

  // --- drawing: every kind has the shape that the legend shows ---
  const paths = Object.fromEntries(Object.entries(told.looks).map(([kind, look]) => [kind, new Path2D(look.path)]));
  const fill = (kind) => (page.dark() ? told.looks[kind].dark : told.looks[kind].light);
  let ink = {}, network = null;
  const inks = () => { ink = { text: page.colour("--text"), back: page.colour("--panel"), accent: page.colour("--accent") }; };
  inks();
  // Captions are drawn when all nodes are, the weightiest first, and one that would cover another is left out. They keep their
  // size on the screen.
  let captions = [];
  const drawCaptions = (ctx) => {
    const zoom = network.getScale(), high = 15 / zoom, taken = [];
    ctx.font = `${12 / zoom}px system-ui, sans-serif`;
    ctx.textAlign = "center";
    ctx.lineJoin = "round";
    ctx.lineWidth = 3 / zoom;
    ctx.strokeStyle = ink.back;
    ctx.fillStyle = ink.text;
    for (const { x, y, text, rank } of captions.sort((a, b) => a.rank - b.rank)) {
      const half = ctx.measureText(text).width / 2 + 3 / zoom, box = [x - half, y, x + half, y + high];
      if (rank >= 0 && taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
      taken.push(box);
      ctx.strokeText(text, x, y + 13 / zoom);
      ctx.fillText(text, x, y + 13 / zoom);
    }
    captions = [];
  };
  const draw = ({ ctx, id, x, y, state: { selected, hover } }) => {
    const node = nodes[id];
    const zoom = network ? network.getScale() : 1;
    const size = Math.max(node.size, 4 / zoom) * (node.marked || selected ? 1.25 : 1);
    return {
      drawNode() {
        ctx.save();
        ctx.translate(x, y);
        ctx.scale(size / 10, size / 10);
        ctx.globalAlpha = node.faded ? 0.15 : 1;
        ctx.fillStyle = fill(node.kind);
        ctx.fill(paths[node.kind]);
        if (selected || hover || node.marked) {
          ctx.lineWidth = selected ? 4 : 2.5;
          ctx.strokeStyle = ink.accent;
          ctx.stroke(paths[node.kind]);
        }
        ctx.restore();
        if (state.pinned.has(id)) {
          ctx.globalAlpha = 1;
          ctx.fillStyle = ink.text;
          ctx.beginPath();
          ctx.arc(x + size, y - size, 3 / zoom, 0, 2 * Math.PI);
          ctx.fill();
        }
        const chosen = selected || node.marked;
        if (!node.faded && (node.caption || chosen)) captions.push({ x, y: y + size, text: page.short(node.name), rank: chosen ? -1 : node.rank });
      },
      nodeDimensions: { width: 2 * size, height: 2 * size },
    };
  };
  const seen = new vis.DataSet(nodes.map((node) => ({ id: node.id, x: node.x, y: node.y, size: node.size, shape: "custom", ctxRenderer: draw })));
  const joined = new vis.DataSet(edges.map((edge, place) => ({ id: place, from: edge.from, to: edge.to, width: edge.width, dashes: told.dashes[edge.kind],
    hidden: edge.kind === "linked" })));
  const options = { physics: false, layout: { improvedLayout: false }, nodes: { chosen: false },
    edges: { smooth: false, selectionWidth: 1, color: { color: page.colour("--edge"), highlight: page.colour("--accent"), inherit: false } },
    interaction: { hover: true, tooltipDelay: 1e9, keyboard: false, hideEdgesOnDrag: edges.length > 800 } };
  network = new vis.Network(page.byId("stage"), { nodes: seen, edges: joined }, options);
  // Captions stick out beyond the nodes that `fit` knows of: leave them room.
  const fit = () => { network.fit(); network.moveTo({ scale: network.getScale() * 0.88 }); };
  network.on("afterDrawing", drawCaptions);
  network.once("afterDrawing", () => { fit(); window.ringscopeReady = true; });
  page.network = network;

  // --- what is shown ---
  const inTime = (place) => state.from === null || (events[place][0] >= state.from && events[place][0] <= state.to);
  const edgeShown = (edge) => {
    if (edge.kind === "linked" && !state.linked) return false;
    if (![edge.from, edge.to].every((node) => state.kinds.has(nodes[node].kind) && !state.hidden.has(node))) return false;
    return !edge.events.length || edge.events.some(inTime);
  };
  const refresh = () => {
    const busy = new Set();
    joined.update(edges.map((edge, place) => {
      const shown = edgeShown(edge);
      if (shown && edge.events.length) { busy.add(edge.from); busy.add(edge.to); }
      return { id: place, hidden: !shown };
    }));
    for (const node of nodes) node.faded = state.from !== null && node.kind === "buyer" && !busy.has(node.id);
    seen.update(nodes.map((node) => ({ id: node.id, hidden: !state.kinds.has(node.kind) || state.hidden.has(node.id) })));
    listEvents();
    page.shown = { edges: edges.filter(edgeShown).length, events: shownEvents().length };
  };

  // --- details of a selection ---
  const proofs = [];
  for (const proof of document.querySelectorAll("article.proof")) proofs[+proof.dataset.evidence] = proof;
  const evidenceOf = (test) => told.evidence.map((touched, place) => (test(touched) ? place : -1)).filter((place) => place >= 0);
  const evidenceList = (all) => {
    const places = all.filter((place) => proofs[place]), away = all.length - places.length;
    if (!all.length) return [page.el("p", { class: "dim small" }, "No statement names it.")];
    return [...places.flatMap((place) => [
      page.el("p", { class: "small" }, page.el("a", { href: `#evidence-${place}` }, proofs[place].querySelector(".say").textContent)),
      proofs[place].querySelector(".stats").cloneNode(true),
    ]), ...(away ? [page.el("p", { class: "small dim" }, `${away} more statements are in evidence.csv.`)] : [])];
  };
  const eventLine = (place) => {
    const [at, table, key, , thing, amount] = events[place];
    return page.el("li", {}, `${page.time(at)} ${TABLES[table].replaceAll("_", " ")} `, page.el("span", { class: "id" }, key), thing === null ? "" : ` \u2192 ${thing}`, amount ? ` (${amount})` : "");
  };
  const eventList = (places) => {
    const most = 60;
    const list = page.el("ul", { class: "small" }, ...places.slice(0, most).map(eventLine));
    const more = places.length > most ? [page.el("p", { class: "small" }, `${places.length - most} more are in the table of events.`)] : [];
    return [page.el("h3", {}, `Input rows (${places.length})`), list, ...more];
  };
  const facts = (pairs) => page.el("ul", { class: "facts small" }, ...pairs.map(([name, value]) => page.el("li", {}, `${name} `, page.el("b", {}, value))));
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const showNode = (place) => {
    const node = nodes[place];
    const own = edges.filter((edge) => edge.from === place || edge.to === place).flatMap((edge) => edge.events);
    page.clear(detail, page.el("h2", {}, capital(told.looks[node.kind].title)), page.el("p", { class: "id" }, node.name), page.el("p", {}, node.note), facts(node.facts),
      page.el("h3", {}, "Evidence that names it"), ...evidenceList(evidenceOf((touched) => touched.includes(place))), ...eventList([...new Set(own)].sort((a, b) => a - b)));
    mark([place], own);
    choosing(place);
  };
  const showEdge = (place) => {
    const edge = edges[place];
    const [left, right] = [nodes[edge.from], nodes[edge.to]];
    page.clear(detail, page.el("h2", {}, capital(told.edge_titles[edge.kind])), page.el("p", { class: "id" }, `${left.name} \u2192 ${right.name}`), page.el("p", {}, edge.note || ""),
      page.el("h3", {}, "Evidence that names both"), ...evidenceList(evidenceOf((touched) => touched.includes(edge.from) && touched.includes(edge.to))), ...eventList(edge.events));
    mark([edge.from, edge.to], edge.events);
    choosing(null);
  };
  const showEvidence = (place) => {
    const touched = told.evidence[place];
    page.clear(detail, page.el("h2", {}, "Evidence"), ...evidenceList([place]), page.el("p", {}, `It touches ${touched.length} things in the picture.`));
    for (const proof of proofs) proof.classList.toggle("picked", proof === proofs[place]);
    mark(touched);
    network.selectNodes(touched, false);
    page.byId("h-picture").scrollIntoView({ block: "start" });
  };
  const choosing = (place) => {
    for (const id of ["pin", "hide"]) page.byId(id).disabled = place === null;
    page.byId("pin").setAttribute("aria-pressed", String(place !== null && state.pinned.has(place)));
  };
  const mark = (places, when = []) => {
    const chosen = new Set(places);
    line.mark(when.map((place) => [events[place][0], events[place][0]]));
    for (const node of nodes) node.marked = chosen.has(node.id);
    for (const row of document.querySelectorAll("tr[data-node]")) row.classList.toggle("picked", row.dataset.node !== "" && chosen.has(+row.dataset.node));
    network.redraw();
  };
  const nothing = () => {
    page.clear(detail, ...intro);
    choosing(null);
    for (const proof of proofs) proof.classList.remove("picked");
    mark([]);
  };
  const pick = (place) => { network.selectNodes([place]); showNode(place); };
  page.pick = pick;
  page.pickEdge = (place) => { network.selectEdges([place]); showEdge(place); };
  network.on("click", (event) => {
    if (event.nodes.length) showNode(event.nodes[0]);
    else if (event.edges.length) page.pickEdge(event.edges[0]);
    else nothing();
  });

  // --- controls ---
  for (const button of document.querySelectorAll("#legend button"))
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      if (on) state.kinds.add(button.dataset.kind); else state.kinds.delete(button.dataset.kind);
      refresh();
    });
  for (const row of document.querySelectorAll("tr[data-node]")) {
    if (row.dataset.node === "") continue;
    const cell = row.cells[row.cells[0].classList.contains("id") ? 0 : 1];
    const button = page.el("button", { type: "button", class: "small screen", "aria-label": `Show ${page.short(cell.textContent, 60)} in the picture` }, "show");
    button.addEventListener("click", () => { pick(+row.dataset.node); page.byId("h-picture").scrollIntoView({ block: "start" }); detail.focus({ preventScroll: true }); });
    cell.append(" ", button);
  }
  for (const button of document.querySelectorAll(".show-evidence")) {
    button.hidden = false;
    button.addEventListener("click", () => showEvidence(+button.dataset.evidence));
  }
  const find = page.byId("find");
  find.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    const hits = wanted ? nodes.filter((node) => node.name.toLowerCase().includes(wanted)) : [];
    page.byId("found").textContent = wanted ? `${hits.length} found` : "";
    mark(hits.map((node) => node.id));
  });
  find.addEventListener("keydown", (event) => {
    const first = nodes.find((node) => node.marked);
    if (event.key === "Enter" && first) pick(first.id);
  });
  const toggle = (id, act) => page.byId(id).addEventListener("click", (event) => {
    const on = event.target.getAttribute("aria-pressed") !== "true";
    event.target.setAttribute("aria-pressed", String(on));
    act(on);
  });
  toggle("layout", (on) => {
    const free = nodes.filter((node) => !state.pinned.has(node.id));
    seen.update(free.map((node) => ({ id: node.id, x: on ? node.column[0] : node.x, y: on ? node.column[1] : node.y })));
    fit();
  });
  // A node that was dragged stays where it was put, also when the layout changes; a pinned one cannot be dragged.
  const pin = (place, on) => {
    if (on) state.pinned.add(place); else state.pinned.delete(place);
    seen.update({ id: place, ...network.getPositions([place])[place], fixed: on });
  };
  page.byId("pin").addEventListener("click", () => {
    for (const place of network.getSelectedNodes()) { pin(place, !state.pinned.has(place)); choosing(place); }
    network.redraw();
  });
  network.on("dragEnd", ({ nodes: moved }) => { for (const place of moved) { pin(place, true); choosing(place); } });
  toggle("linked", (on) => { state.linked = on; refresh(); });
  page.byId("hide").addEventListener("click", () => { for (const node of network.getSelectedNodes()) state.hidden.add(node); nothing(); refresh(); });
  page.byId("reset").addEventListener("click", () => {
    state.hidden.clear();
    for (const place of [...state.pinned]) pin(place, false);
    for (const button of document.querySelectorAll("#legend button")) { button.setAttribute("aria-pressed", "true"); state.kinds.add(button.dataset.kind); }
    find.value = "";
    page.byId("found").textContent = "";
    line.reset();
    network.unselectAll();
    nothing();
    refresh();
    fit();
  });
  page.byId("png").addEventListener("click", () => {
    const from = page.byId("stage").querySelector("canvas");
    const copy = page.el("canvas", { width: from.width, height: from.height });
    const pen = copy.getContext("2d");
    pen.fillStyle = ink.back;
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(from, 0, 0);
    copy.toBlob((picture) => page.save(`ring-${told.file}.png`, picture), "image/png");
  });

  // --- events: the table follows the timeline ---
  const body = page.byId("events").tBodies[0];
  const more = page.byId("more-events");
  let room = 100;
  const shownEvents = () => events.map((_, place) => place).filter(inTime);
  const listEvents = () => {
    const places = shownEvents();
    page.clear(body, ...places.slice(0, room).map((place) => {
      const [at, table, key, buyer, thing, amount] = events[place];
      const cell = (text, name) => page.el("td", name ? { class: name } : {}, text ?? "");
      return page.el("tr", {}, cell(page.time(at), "nowrap"), cell(TABLES[table].replaceAll("_", " ")), cell(page.short(key, 64), "id"), cell(buyer && page.short(buyer, 44), "id"), cell(thing && page.short(thing, 44), "id"), cell(amount, "num"));
    }));
    more.hidden = places.length <= room;
    more.textContent = `Show ${Math.max(0, places.length - room)} more events`;
  };
  more.addEventListener("click", () => { room = events.length; listEvents(); });
  page.byId("csv").addEventListener("click", () => {
    const rows = shownEvents().map((place) => { const [at, table, key, buyer, thing, amount] = events[place]; return [page.time(at), TABLES[table], key, buyer, thing, amount]; });
    page.saveText(`ring-${told.file}-events.csv`, page.csv([["at", "table", "id", "buyer", "thing", "amount"], ...rows]), "text/csv");
  });
  page.byId("json").addEventListener("click", () => page.saveText(`ring-${told.file}.json`, JSON.stringify({ ring_id: told.ring_id, nodes: nodes.map(({ id, kind, name, note }) => ({ id, kind, name, note })),
    edges: edges.map(({ from, to, kind, note, events: rows }) => ({ from, to, kind, note, rows: rows.map((place) => [TABLES[events[place][1]], events[place][2]]) })),
    events: shownEvents().map((place) => { const [at, table, id, buyer, thing, amount] = events[place]; return { at: new Date(at * 1000).toISOString(), table: TABLES[table], id, buyer, thing, amount }; }) }, null, 1), "application/json"));
  // A print leaves rows and events out unless they are asked for: a page to sign is short.
  page.byId("print-rows").addEventListener("change", (event) => document.body.classList.toggle("with-rows", event.target.checked));
  page.byId("print").addEventListener("click", () => print());
  addEventListener("beforeprint", () => { if (document.body.classList.contains("with-rows")) { room = events.length; listEvents(); } });
  const COLOURS = { orders: "listing", reviews: "buyer", redemptions: "gift_card_value", category_changes: "seller" };
  const lanes = TABLES.map((title, table) => ({ title: title.replaceAll("_", " "), times: events.filter((event) => event[1] === table).map((event) => event[0]), colour: () => fill(COLOURS[title] ?? "other") }));
  const line = page.timeline(page.byId("timeline"), lanes.filter((lane) => lane.times.length), (from, to) => { state.from = from; state.to = to; refresh(); });
  page.line = line;

  // --- keyboard: / finds, Escape lets go ---
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) { find.focus(); event.preventDefault(); }
    if (event.key === "Escape") { network.unselectAll(); nothing(); }
  });
  page.onTheme.push(inks, () => network.setOptions({ edges: { color: { color: page.colour("--edge"), highlight: page.colour("--accent"), inherit: false } } }));
  page.themed();
  refresh();
  page.scrolling();
})();
