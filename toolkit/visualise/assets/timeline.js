// A timeline of lanes with a window that filters: drag on it, or move the two sliders by keyboard.
"use strict";

/**
 * Draw a timeline.
 * @param host the element to fill
 * @param lanes [{title, colour(), times: [seconds]} or {..., spans: [[from, to]]}]; lane after lane from above
 * @param changed called with (from, to) in seconds, or (null, null) for everything
 * @returns reset(), set(from, to), update(lanes) to draw other events on the same scale, mark([[from, to]]) to point at some
 */
page.timeline = (host, lanes, changed) => {
  const all = lanes.flatMap((lane) => lane.times ?? lane.spans.flat());
  if (!all.length) {
    page.clear(host, page.el("p", { class: "dim small" }, "No dated event is known."));
    return { reset: () => {}, set: () => {}, update: () => {}, mark: () => {} };
  }
  let first = all[0], last = all[0];
  for (const time of all) { first = Math.min(first, time); last = Math.max(last, time); }
  if (last === first) last = first + 86400;
  const WIDE = Math.max(300, host.clientWidth - 30), LEFT = WIDE > 600 ? 140 : 112, LANE = 24, BINS = WIDE > 600 ? 120 : 40, STEPS = 1000;
  const high = lanes.length * LANE + 26, span = WIDE - LEFT - 10;
  const x = (time) => LEFT + ((time - first) / (last - first)) * span;
  const drawing = page.svg("svg", { viewBox: `0 0 ${WIDE} ${high}`, role: "img", "aria-label": "Events over time; the sliders below choose a part" });
  const bars = page.svg("g"), marks = page.svg("g");
  const brush = page.svg("rect", { y: 0, height: high - 20, fill: "currentColor", opacity: 0.13 });
  drawing.append(bars, marks, brush);
  const day = (time) => page.time(time).slice(0, 10);
  let drawn = lanes, marked = [];
  const binOf = (at) => Math.min(BINS - 1, Math.max(0, Math.floor(((at - first) / (last - first)) * BINS)));
  const countsOf = (lane) => {
    const counts = new Array(BINS).fill(0);
    for (const [low, top] of lane.spans ?? lane.times.map((at) => [at, at])) for (let one = binOf(low); one <= binOf(top); one++) counts[one]++;
    return counts;
  };
  const draw = () => {
    bars.replaceChildren();
    drawn.forEach((lane, row) => {
      const counts = countsOf(lane), most = Math.max(1, ...counts), base = (row + 1) * LANE;
      const name = page.svg("text", { x: 0, y: base - 5, "font-size": 12, fill: page.colour("--text") });
      name.textContent = `${lane.title} (${(lane.times ?? lane.spans).length})`;
      bars.append(name, page.svg("line", { x1: LEFT, x2: WIDE - 10, y1: base, y2: base, stroke: page.colour("--line") }));
      counts.forEach((count, bin) => {
        if (!count) return;
        const tall = 3 + (count / most) * (LANE - 8), begun = first + (bin / BINS) * (last - first);
        const bar = page.svg("rect", { x: LEFT + (bin / BINS) * span, width: Math.max(2, span / BINS - 1.5), y: base - tall, height: tall, fill: lane.colour() });
        const said = page.svg("title");
        said.textContent = `${day(begun)} to ${day(begun + (last - first) / BINS)}: ${count} ${lane.title}`;
        bar.append(said);
        bars.append(bar);
      });
    });
    (WIDE > 600 ? [0, 0.25, 0.5, 0.75, 1] : [0, 1]).forEach((share) => {
      const label = page.svg("text", { x: LEFT + share * span, y: high - 3, "font-size": 11, fill: page.colour("--dim"),
        "text-anchor": share === 0 ? "start" : share === 1 ? "end" : "middle" });
      label.textContent = day(first + share * (last - first));
      bars.append(label);
    });
    point();
  };
  const point = () => marks.replaceChildren(...marked.map(([low, top]) =>
    page.svg("rect", { x: x(low) - 1, width: Math.max(3, x(top) - x(low) + 2), y: high - 25, height: 4, rx: 2, fill: page.colour("--accent") })));
  const slider = (label, value) => page.el("input", { type: "range", min: 0, max: STEPS, value, "aria-label": label });
  const from = slider("from", 0), to = slider("to", STEPS);
  const said = page.el("span", { role: "status" });
  const clear = page.el("button", { type: "button" }, "All time");
  const at = (step) => first + (step / STEPS) * (last - first);
  const show = (tell) => {
    const low = Math.min(+from.value, +to.value), top = Math.max(+from.value, +to.value);
    const whole = low === 0 && top === STEPS;
    brush.setAttribute("x", x(at(low)));
    brush.setAttribute("width", Math.max(1, x(at(top)) - x(at(low))));
    brush.setAttribute("visibility", whole ? "hidden" : "visible");
    from.setAttribute("aria-valuetext", page.time(at(low)));
    to.setAttribute("aria-valuetext", page.time(at(top)));
    said.textContent = whole ? "Drag across the bars to see only a part." : `${page.time(at(low))} to ${page.time(at(top))} UTC`;
    said.className = whole ? "dim" : "";
    clear.hidden = whole;
    if (tell) changed(whole ? null : at(low), whole ? null : at(top));
  };
  from.addEventListener("input", () => show(true));
  to.addEventListener("input", () => show(true));
  const reset = () => { from.value = 0; to.value = STEPS; show(true); };
  clear.addEventListener("click", () => { reset(); from.focus(); });
  let held = null;
  const step = (event) => {
    const box = drawing.getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * WIDE;
    return Math.round((Math.min(Math.max(place - LEFT, 0), span) / span) * STEPS);
  };
  drawing.addEventListener("pointerdown", (event) => { held = step(event); drawing.setPointerCapture(event.pointerId); });
  drawing.addEventListener("pointermove", (event) => {
    if (held === null) return;
    const now = step(event);
    from.value = Math.min(held, now);
    to.value = Math.max(held, now);
    show(false);
  });
  drawing.addEventListener("pointerup", (event) => {
    if (held === null) return;
    if (step(event) === held) { from.value = 0; to.value = STEPS; }
    held = null;
    show(true);
  });
  drawing.addEventListener("pointercancel", () => { held = null; });
  page.clear(host, drawing, page.el("div", { class: "range" }, page.el("label", {}, "from", from), page.el("label", {}, "to", to), said, clear));
  page.onTheme.push(draw);
  draw();
  show(false);
  return {
    reset,
    set: (a, b) => { from.value = ((a - first) / (last - first)) * STEPS; to.value = ((b - first) / (last - first)) * STEPS; show(true); },
    update: (now) => { drawn = now; draw(); },
    mark: (spans) => { marked = spans; point(); },
  };
};
