// What the reader decides about rings: kept in this browser, saved as JSON for `ringscope decide CASE --from FILE`.
"use strict";
page.decisions = (() => {
  const PREFIX = "ringscope:decision:";
  const VERDICTS = ["confirmed", "dismissed", "watched"];
  const read = (ring) => {
    try {
      const made = JSON.parse(page.store.get(PREFIX + ring));
      return made && VERDICTS.includes(made.as) ? made : null;
    } catch {
      return null;
    }
  };
  const keep = (ring, as, note) => {
    if (as) page.store.set(PREFIX + ring, JSON.stringify({ ring_id: ring, as, note, decided_at: new Date().toISOString() }));
    else page.store.drop(PREFIX + ring);
  };
  const listed = (rings) => rings.map(read).filter(Boolean);
  const save = (rings) => page.saveText("decisions.json", JSON.stringify({ decisions: listed(rings) }, null, 1), "application/json");

  /** A form for one ring. */
  const form = (ring, changed) => {
    const made = read(ring);
    const note = page.el("textarea", { "aria-label": "Note", placeholder: "Why, in your words" });
    note.value = made ? made.note : "";
    const said = page.el("span", { role: "status", class: "small dim" });
    const tell = (as) => {
      said.textContent = (as ? `${as}, kept ` + (page.store.lasting ? "in this browser" : "until this page closes") : "undecided") +
        "; save as JSON, then: ringscope decide CASE --from decisions.json";
    };
    const buttons = VERDICTS.map((as) => page.el("button", { type: "button", "aria-pressed": String(made?.as === as), "data-as": as }, as));
    const choose = (as) => {
      keep(ring, as, note.value);
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.as === as));
      tell(as);
      changed?.();
    };
    for (const button of buttons)
      button.addEventListener("click", () => choose(button.getAttribute("aria-pressed") === "true" ? null : button.dataset.as));
    note.addEventListener("input", () => { const now = read(ring); if (now) keep(ring, now.as, note.value); });
    tell(made?.as);
    return page.el("div", {}, page.el("div", { class: "bar", role: "group", "aria-label": "Decision" }, ...buttons), note,
      page.el("div", { class: "bar" }, page.el("button", { type: "button", onclick: () => save([ring]) }, "Save as JSON"), said));
  };
  return { read, form, save, listed };
})();
