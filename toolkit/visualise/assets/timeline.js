// A timeline of lanes with a window that filters: drag on it, or move the two sliders by keyboard.
"use strict";

/**
 * Draw a timeline.
 * @param host the element to fill
 * @param lanes [{title, colour(), times: [seconds]} or {..., spans: [[from, to]]}]; lane after lane from above
 * @param changed called with (from, to) in seconds, or (null, null) for everything
 */
page.timeline = (host, lanes, changed) => {
  const all = lanes.flatMap((lane) => lane.times ?? lane.spans.flat());
  if (!all.length) {
    page.clear(host, page.el("p", { class: "dim" }, "No dated event is known."));
    return { reset: () => {} };
  }
  let first = all[0], last = all[0];
  for (const time of all) { first = Math.min(first, time); last = Math.max(last, time); }
  if (last === first) last = first + 86400;
  const WIDE = Math.max(300, host.clientWidth - 30), LEFT = 130, LANE = 26, BINS = WIDE > 600 ? 120 : 40;
  const high = lanes.length * LANE + 22;
  const x = (time) => LEFT + ((time - first) / (last - first)) * (WIDE - LEFT - 10);
  const time = (place) => first + (Math.min(Math.max(place - LEFT, 0), WIDE - LEFT - 10) / (WIDE - LEFT - 10)) * (last - first);
  const drawing = page.svg("svg", { viewBox: `0 0 ${WIDE} ${high}`, role: "img", "aria-label": "Events over time; the sliders below choose a part" });
  const bars = page.svg("g");
  const brush = page.svg("rect", { y: 0, height: high - 18, fill: "currentColor", opacity: 0.13 });
  drawing.append(bars, brush);
  const draw = () => {
    bars.replaceChildren();
    lanes.forEach((lane, row) => {
      const counts = new Array(BINS).fill(0);
      const bin = (at) => Math.min(BINS - 1, Math.floor(((at - first) / (last - first)) * BINS));
      for (const [low, high] of lane.spans ?? lane.times.map((at) => [at, at])) for (let one = bin(low); one <= bin(high); one++) counts[one]++;
      const most = Math.max(1, ...counts);
      const base = (row + 1) * LANE;
      const name = page.svg("text", { x: 0, y: base - 6, "font-size": 12, fill: page.colour("--text") });
      name.textContent = `${lane.title} (${(lane.times ?? lane.spans).length})`;
      bars.append(name, page.svg("line", { x1: LEFT, x2: WIDE - 10, y1: base, y2: base, stroke: page.colour("--line") }));
      counts.forEach((count, bin) => {
        if (!count) return;
        const tall = 4 + (count / most) * (LANE - 8);
        bars.append(page.svg("rect", { x: LEFT + (bin / BINS) * (WIDE - LEFT - 10), width: Math.max(2, (WIDE - LEFT - 10) / BINS - 1.5),
          y: base - tall, height: tall, fill: lane.colour() }));
      });
    });
    (WIDE > 600 ? [0, 0.25, 0.5, 0.75, 1] : [0, 1]).forEach((share) => {
      const label = page.svg("text", { x: LEFT + share * (WIDE - LEFT - 10), y: high - 5, "font-size": 11, fill: page.colour("--dim"),
        "text-anchor": share === 0 ? "start" : share === 1 ? "end" : "middle" });
      label.textContent = page.time(first + share * (last - first)).slice(0, 10);
      bars.append(label);
    });
  };
  const STEPS = 1000;
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
    said.textContent = whole ? "all time" : `${page.time(at(low))} to ${page.time(at(top))} UTC`;
    if (tell) changed(whole ? null : at(low), whole ? null : at(top));
  };
  from.addEventListener("input", () => show(true));
  to.addEventListener("input", () => show(true));
  const reset = () => { from.value = 0; to.value = STEPS; show(true); };
  clear.addEventListener("click", reset);
  let held = null;
  const step = (event) => {
    const box = drawing.getBoundingClientRect();
    return Math.round(((time(((event.clientX - box.left) / box.width) * WIDE) - first) / (last - first)) * STEPS);
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
  page.clear(host, drawing, page.el("div", { class: "range" }, page.el("span", {}, "from"), from, page.el("span", {}, "to"), to),
    page.el("div", { class: "bar" }, clear, said));
  page.onTheme.push(draw);
  draw();
  show(false);
  return { reset, set: (a, b) => { from.value = ((a - first) / (last - first)) * STEPS; to.value = ((b - first) / (last - first)) * STEPS; show(true); } };
};
