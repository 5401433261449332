// The picture of all rings (sigma): nodes always, edges only for the chosen ring, when zoomed in, or when asked for.
"use strict";
page.overviewGraph = (chosen) => {
  const canvas = document.createElement("canvas");
  if (!(window.WebGL2RenderingContext && canvas.getContext("webgl2")) && !canvas.getContext("webgl")) return null;
  const { Graph, Sigma, NodePointProgram, NodeSquareProgram, EdgeLineProgram, createNodeBorderProgram } = ringscopeGraph;
  const told = page.data.page, packed = page.data.graph;
  const typed = (text, Type) => new Type(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
  const kinds = typed(packed.kinds, Uint8Array), rings = typed(packed.rings, Uint16Array), xy = typed(packed.xy, Uint16Array);
  const ends = typed(packed.edges, Uint32Array), edgeRings = typed(packed.edge_rings, Uint16Array);
  const TYPES = ["buyer", "listing", "seller"];
  const SIZES = [2.2, 3.2, 4.6];
  const state = { ring: null, rings: null, kinds: new Set(told.kinds), edges: false, hover: null };
  const boxes = told.rings.map(() => null);
  const anchors = new Map();
  const graph = new Graph({ type: "undirected", multi: true });
  kinds.forEach((kind, node) => {
    const x = xy[2 * node], y = xy[2 * node + 1], ring = rings[node];
    graph.addNode(node, { x, y, size: SIZES[kind], type: TYPES[kind], label: packed.labels[node] });
    if (!anchors.has(ring)) anchors.set(ring, node);
  });
  const named = new Set(anchors.values());
  let fill = [], edgeColour = "", faded = "", text = "";
  const colours = () => {
    fill = told.kinds.map((kind) => (page.dark() ? told.looks[kind].dark : told.looks[kind].light));
    edgeColour = page.colour("--edge");
    faded = page.colour("--line");
    text = page.colour("--text");
  };
  colours();
  const nodeReducer = (node, data) => {
    const kind = kinds[node], ring = rings[node];
    if (!state.kinds.has(told.kinds[kind]) || (state.rings && !state.rings.has(ring))) return { ...data, hidden: true };
    const away = state.ring !== null && ring !== state.ring;
    const anchor = named.has(+node);
    const label = anchor ? told.rings[ring].id : state.ring === ring || String(state.hover) === node ? data.label : null;
    return { ...data, color: away ? faded : fill[kind], label: away && !anchor ? null : label, forceLabel: state.ring === ring && kind > 0, borderColor: text, zIndex: away ? 0 : 1 };
  };
  const renderer = new Sigma(graph, page.byId("stage"), {
    allowInvalidContainer: true, defaultEdgeType: "line", edgeProgramClasses: { line: EdgeLineProgram },
    nodeProgramClasses: { buyer: NodePointProgram, listing: NodeSquareProgram,
      seller: createNodeBorderProgram({ borders: [{ size: { value: 0.25 }, color: { attribute: "borderColor" } }, { size: { fill: true }, color: { attribute: "color" } }] }) },
    hideEdgesOnMove: true, hideLabelsOnMove: true, labelRenderedSizeThreshold: 5, labelDensity: 0.4, labelGridCellSize: 120, labelColor: { color: text }, labelSize: 12,
    nodeReducer, edgeReducer: (edge, data) => ({ ...data, color: edgeColour, size: 0.6 }), zIndex: true,
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
  renderer.on("clickStage", () => chosen(null));
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
  const fit = (ring) => {
    const camera = renderer.getCamera();
    const box = ring === null ? null : boxes[ring];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
    const go = (to) => (still ? camera.setState(to) : camera.animate(to, { duration: 250 }));
    if (!box) return go({ x: 0.5, y: 0.5, ratio: 1, angle: 0 });
    const { width, height } = renderer.getDimensions();
    const share = Math.max(((box[2] - box[0]) * unit) / width, ((box[3] - box[1]) * unit) / height, 0.001);
    return go({ x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2, ratio: Math.min(1.2, Math.max(0.02, share * 1.7)), angle: 0 });
  };
  page.onTheme.push(() => { colours(); renderer.setSetting("labelColor", { color: text }); soon(); });
  return {
    renderer,
    labels: packed.labels, rings,
    select: (ring) => { state.ring = ring; setEdges(); soon(); if (ring !== null) fit(ring); },
    counts: (shown) => {
      const found = told.kinds.map(() => 0);
      kinds.forEach((kind, node) => { if (shown.has(rings[node])) found[kind]++; });
      return found;
    },
    filter: (shown) => { state.rings = shown; soon(); },
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
      for (const layer of Object.values(renderer.getCanvases())) ink.drawImage(layer, 0, 0, width, height);
      copy.toBlob((made) => page.save("rings.png", made), "image/png");
    },
  };
};
