// The picture of all rings (sigma): nodes always, edges only for the chosen ring, when zoomed in, or when asked for.
"use strict";
page.overviewGraph = (chosen) => {
  const canvas = document.createElement("canvas");
  if (!(window.WebGL2RenderingContext && canvas.getContext("webgl2")) && !canvas.getContext("webgl")) return null;
  const { Graph, Sigma, NodePointProgram, NodeSquareProgram, EdgeLineProgram, createNodeBorderProgram } = ringscopeGraph;
  const told = page.data.page, packed = page.data.graph;
  const typed = (text, Type) => new Type(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
  const kinds = typed(packed.kinds, Uint8Array), rings = typed(packed.rings, Uint32Array), xy = typed(packed.xy, Uint16Array);
  const ends = typed(packed.edges, Uint32Array), edgeRings = typed(packed.edge_rings, Uint32Array);
  const TYPES = ["buyer", "listing", "seller"];
  const SIZES = [1, 1.4, 2];
  const DASHES = { strong: [], moderate: [6, 3], lead: [2, 3] };
  const state = { ring: null, rings: null, kinds: new Set(told.kinds), edges: false, hover: null };
  const boxes = told.rings.map(() => null);
  const graph = new Graph({ type: "undirected", multi: true });
  kinds.forEach((kind, node) => {
    const x = xy[2 * node], y = xy[2 * node + 1];
    graph.addNode(node, { x, y, size: 1, type: TYPES[kind], label: packed.labels[node] });
  });
  let dot = 2; // radius of a buyer's dot in pixels before zooming
  let fill = [], edgeColour = "", faded = "", text = "", back = "", tiers = {};
  const colours = () => {
    fill = told.kinds.map((kind) => (page.dark() ? told.looks[kind].dark : told.looks[kind].light));
    edgeColour = page.colour("--edge");
    faded = page.colour("--line");
    text = page.colour("--text");
    back = page.colour("--panel");
    tiers = Object.fromEntries(told.tiers.map((tier) => [tier, page.colour(`--${tier}`)]));
  };
  colours();
  const nodeReducer = (node, data) => {
    const kind = kinds[node], ring = rings[node];
    if (!state.kinds.has(told.kinds[kind]) || (state.rings && !state.rings.has(ring))) return { ...data, hidden: true };
    const away = state.ring !== null && ring !== state.ring;
    const label = state.ring === ring || String(state.hover) === node ? data.label : null;
    return { ...data, size: SIZES[kind] * dot, color: away ? faded : fill[kind], label: away ? null : label, forceLabel: state.ring === ring && kind > 0, borderColor: text, zIndex: away ? 0 : 1 };
  };
  const renderer = new Sigma(graph, page.byId("stage"), {
    allowInvalidContainer: true, defaultEdgeType: "line", edgeProgramClasses: { line: EdgeLineProgram },
    nodeProgramClasses: { buyer: NodePointProgram, listing: NodeSquareProgram,
      seller: createNodeBorderProgram({ borders: [{ size: { value: 0.25 }, color: { attribute: "borderColor" } }, { size: { fill: true }, color: { attribute: "color" } }] }) },
    zoomToSizeRatioFunction: (ratio) => ratio ** 0.75, stagePadding: 34,
    hideEdgesOnMove: true, hideLabelsOnMove: true, labelRenderedSizeThreshold: 5, labelDensity: 0.4, labelGridCellSize: 120, labelColor: { color: text }, labelSize: 12,
    nodeReducer, edgeReducer: (edge, data) => ({ ...data, color: edgeColour, size: 0.6 }), zIndex: true,
    defaultDrawNodeLabel: (context, data, settings) => {
      if (!data.label) return;
      context.font = `${settings.labelSize}px system-ui, sans-serif`;
      context.lineWidth = 3;
      context.lineJoin = "round";
      context.strokeStyle = page.colour("--panel");
      context.fillStyle = text;
      context.strokeText(data.label, data.x + data.size + 4, data.y + 4);
      context.fillText(data.label, data.x + data.size + 4, data.y + 4);
    },
    defaultDrawNodeHover: (context, data, settings) => {
      if (!data.label) return;
      context.font = `${settings.labelSize}px system-ui, sans-serif`;
      const wide = context.measureText(data.label).width;
      context.fillStyle = page.colour("--back");
      context.fillRect(data.x + data.size + 2, data.y - 10, wide + 8, 20);
      context.fillStyle = text;
      context.fillText(data.label, data.x + data.size + 6, data.y + 4);
    },
  });
  // Each ring's box, and the pixels of one unit at zoom 1, in the renderer's own frame. They are taken once: its functions
  // that turn pixels into places are off between a change of edges and the next frame.
  kinds.forEach((_, node) => {
    const { x, y } = renderer.getNodeDisplayData(node);
    const box = (boxes[rings[node]] ??= [x, y, x, y]);
    box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
  });
  const unit = renderer.framedGraphToViewport({ x: 1, y: 0.5 }).x - renderer.framedGraphToViewport({ x: 0, y: 0.5 }).x;
  // Dots take a third of the distance to their neighbour, so that a ring of many stays a crowd of dots and no blot.
  const pixels = Math.abs(renderer.graphToViewport({ x: 1, y: 0 }).x - renderer.graphToViewport({ x: 0, y: 0 }).x);
  dot = Math.min(4.5, Math.max(0.9, 0.3 * packed.step * pixels));
  // Under the nodes: a disc a ring, its outline by tier, its number, and lines between rings that share something.
  const below = renderer.createCanvasContext("discs", { beforeLayer: "edges", style: { pointerEvents: "none" } }).canvasContexts?.discs ?? renderer.getCanvases().discs.getContext("2d");
  renderer.resize(true);
  let discs = [];
  const drawDiscs = () => {
    const { width, height } = renderer.getDimensions();
    below.clearRect(0, 0, width, height);
    discs = told.rings.map((_, ring) => {
      const [x, y, r] = packed.discs[ring], middle = renderer.graphToViewport({ x, y });
      return { ...middle, r: Math.abs(renderer.graphToViewport({ x: x + r, y }).x - middle.x) };
    });
    const seen = (ring) => !state.rings || state.rings.has(ring);
    below.strokeStyle = edgeColour;
    below.lineWidth = 1.5;
    below.setLineDash([]);
    for (const [left, right] of packed.ties) {
      if (!seen(left) || !seen(right)) continue;
      const [a, b] = [discs[left], discs[right]], far = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      if (far <= a.r + b.r) continue;
      below.globalAlpha = state.ring === null || state.ring === left || state.ring === right ? 0.8 : 0.2;
      below.beginPath();
      below.moveTo(a.x + ((b.x - a.x) * a.r) / far, a.y + ((b.y - a.y) * a.r) / far);
      below.lineTo(b.x - ((b.x - a.x) * b.r) / far, b.y - ((b.y - a.y) * b.r) / far);
      below.stroke();
    }
    below.font = "600 12px system-ui, sans-serif";
    below.textAlign = "center";
    discs.forEach(({ x, y, r }, ring) => {
      if (!seen(ring) || x + r < 0 || y + r < 0 || x - r > width || y - r > height) return;
      const colour = tiers[told.rings[ring].tier];
      below.globalAlpha = state.ring === null || state.ring === ring ? 1 : 0.35;
      below.strokeStyle = below.fillStyle = colour;
      below.lineWidth = state.ring === ring ? 3 : 1.5;
      below.setLineDash(DASHES[told.rings[ring].tier]);
      below.beginPath();
      below.arc(x, y, r, 0, 2 * Math.PI);
      below.stroke();
      if (r <= 15) return;
      below.setLineDash([]);
      below.lineWidth = 4;
      below.strokeStyle = back;
      below.strokeText(String(ring + 1), x, y - r - 4);
      below.fillText(String(ring + 1), x, y - r - 4);
    });
    below.globalAlpha = 1;
  };
  renderer.on("afterRender", drawDiscs);
  const discAt = ({ x, y }) => {
    const found = discs.findIndex((disc, ring) => Math.hypot(disc.x - x, disc.y - y) <= disc.r && (!state.rings || state.rings.has(ring)));
    return found < 0 ? null : found;
  };
  // The same discs in the camera's frame: raw places map onto it by one scale and one shift.
  const framed = (at) => renderer.viewportToFramedGraph(renderer.graphToViewport(at));
  const places = packed.discs.map(([x, y, r]) => { const middle = framed({ x, y }); return [middle.x, middle.y, Math.abs(framed({ x: x + r, y }).x - middle.x)]; });
  // Asking which node lies under the mouse waits for the drawing; while the picture is dragged nobody wants to know.
  const under = renderer.getNodeAtPosition.bind(renderer);
  let dragged = false;
  renderer.getNodeAtPosition = (place) => (dragged ? null : under(place));
  page.byId("stage").addEventListener("pointerdown", () => { dragged = true; });
  addEventListener("pointerup", () => { dragged = false; }, { capture: true });
  addEventListener("pointercancel", () => { dragged = false; }, { capture: true });
  // Edges are wallpaper at a distance: draw those of the chosen ring, of the few rings in view, or all on request.
  const wanted = () => {
    if (state.edges) return null;
    if (state.ring !== null) return new Set([state.ring]);
    if (renderer.getCamera().ratio > 0.35) return new Set();
    const view = renderer.viewRectangle();
    const inView = boxes.flatMap((box, ring) => {
      if (!box) return [];
      const middle = renderer.framedGraphToViewport({ x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 });
      const { width, height } = renderer.getDimensions();
      return middle.x > 0 && middle.y > 0 && middle.x < width && middle.y < height ? [ring] : [];
    });
    return new Set(view && inView.length <= 40 ? inView : []);
  };
  let drawn = new Set();
  const setEdges = () => {
    const rings = wanted() ?? new Set(told.rings.keys());
    if (rings.size === drawn.size && [...rings].every((ring) => drawn.has(ring))) return;
    drawn = rings;
    graph.clearEdges();
    for (let edge = 0; edge < edgeRings.length; edge++)
      if (rings.has(edgeRings[edge])) graph.addEdge(ends[2 * edge], ends[2 * edge + 1]);
  };
  let waiting = null;
  renderer.getCamera().on("updated", () => { clearTimeout(waiting); waiting = setTimeout(setEdges, 200); });
  renderer.on("clickNode", ({ node }) => chosen(rings[node]));
  renderer.on("clickStage", ({ event }) => chosen(discAt(event)));
  renderer.on("enterNode", ({ node }) => { state.hover = node; renderer.refresh({ partialGraph: { nodes: [node] }, skipIndexation: true }); });
  renderer.on("leaveNode", ({ node }) => { state.hover = null; renderer.refresh({ partialGraph: { nodes: [node] }, skipIndexation: true }); });
  // However many things change at once, the nodes are gone through once before the next frame.
  let pending = false;
  const soon = () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      renderer.refresh({ skipIndexation: true });
      requestAnimationFrame(() => { window.ringscopeReady = true; });
    });
  };
  // Look at one ring, or at all that are shown.
  const fit = (ring) => {
    const camera = renderer.getCamera();
    const wanted = ring === null ? [...told.rings.keys()].filter((one) => !state.rings || state.rings.has(one)) : [ring];
    const box = wanted.flatMap((one) => (places[one] ? [places[one]] : [])).reduce((all, [x, y, r]) => [Math.min(all[0], x - r), Math.min(all[1], y - r), Math.max(all[2], x + r), Math.max(all[3], y + r)],
      [Infinity, Infinity, -Infinity, -Infinity]);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
    const go = (to) => (still ? camera.setState(to) : camera.animate(to, { duration: 250 }));
    if (box[0] === Infinity) return go({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
    const { width, height } = renderer.getDimensions();
    const share = Math.max(((box[2] - box[0]) * unit) / (width - 20), ((box[3] - box[1]) * unit) / (height - 60), 0.001);
    return go({ x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2, ratio: Math.min(1.2, Math.max(0.02, share * (ring === null ? 1 : 1.3))), angle: 0 });
  };
  page.onTheme.push(() => { colours(); renderer.setSetting("labelColor", { color: text }); soon(); });
  return {
    renderer,
    disc: (ring) => [discs[ring].x, discs[ring].y, discs[ring].r],
    labels: packed.labels, rings,
    select: (ring) => { state.ring = ring; setEdges(); soon(); if (ring !== null) fit(ring); },
    counts: (shown) => {
      const found = told.kinds.map(() => 0);
      kinds.forEach((kind, node) => { if (shown.has(rings[node])) found[kind]++; });
      return found;
    },
    filter: (shown) => {
      state.rings = shown && new Set(shown);
      if (state.ring === null) fit(null);
      soon();
    },
    kind: (kind, on) => { if (on) state.kinds.add(kind); else state.kinds.delete(kind); soon(); },
    edges: (on) => { state.edges = on; setEdges(); },
    whole: () => fit(null),
    picture: () => {
      renderer.refresh();
      renderer.render();
      const { width, height } = renderer.getDimensions();
      const copy = page.el("canvas", { width, height });
      const ink = copy.getContext("2d");
      ink.fillStyle = page.colour("--panel");
      ink.fillRect(0, 0, width, height);
      const { discs: under, ...above } = renderer.getCanvases();
      for (const layer of [under, ...Object.values(above)]) ink.drawImage(layer, 0, 0, width, height);
      copy.toBlob((made) => page.save("rings.png", made), "image/png");
    },
  };
};
