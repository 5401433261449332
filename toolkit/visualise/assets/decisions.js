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
  const keep = (ring, as, note, basis) => {
    if (as) page.store.set(PREFIX + ring, JSON.stringify({ ring_id: ring, as, note, decided_at: new Date().toISOString(), basis }));
    else page.store.drop(PREFIX + ring);
  };
  const listed = (rings) => rings.map(read).filter(Boolean);
  const save = (rings) => page.saveText("decisions.json", JSON.stringify({ decisions: listed(rings) }, null, 1), "application/json");

  /**
   * What holds for a ring: the later of the decision kept here and the one in the case.
   * @param ring {id, basis, decided: {as, at, new} or null}; basis is a digest of its evidence
   * @returns {as, here, changed} or null; changed says that there is evidence which the decision did not know
   */
  const standing = (ring) => {
    const own = read(ring.id), kept = ring.decided;
    if (own && !(kept && Date.parse(kept.at) >= Date.parse(own.decided_at))) return { as: own.as, here: true, changed: Boolean(own.basis) && own.basis !== ring.basis };
    return kept ? { as: kept.as, here: false, changed: kept.new > 0 } : null;
  };

  /** A form for one ring {id, basis}; changed is called after each decision. */
  const form = (ring, changed) => {
    const made = read(ring.id);
    const note = page.el("textarea", { "aria-label": "Note", placeholder: "Why, in your words" });
    note.value = made ? made.note : "";
    const said = page.el("p", { role: "status", class: "small dim" });
    const saver = page.el("button", { type: "button", onclick: () => save([ring.id]) }, "Save as JSON");
    const tell = (as) => {
      const lasting = page.store.lasting ? "kept in this browser" : "kept until this page closes";
      saver.disabled = !as;
      said.textContent = as ? `${as}, ${lasting}. To put it into the case: save it, then ringscope decide CASE --from decisions.json`
        : note.value ? "Choose one of the three: a note alone is not kept." : "No decision yet.";
    };
    const buttons = VERDICTS.map((as) => page.el("button", { type: "button", "aria-pressed": String(made?.as === as), "data-as": as }, as));
    const choose = (as) => {
      keep(ring.id, as, note.value, ring.basis);
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.as === as));
      tell(as);
      changed?.();
    };
    for (const button of buttons)
      button.addEventListener("click", () => choose(button.getAttribute("aria-pressed") === "true" ? null : button.dataset.as));
    note.addEventListener("input", () => {
      const now = read(ring.id);
      if (now) keep(ring.id, now.as, note.value, now.basis);
      tell(now?.as);
    });
    tell(made?.as);
    return page.el("div", {}, page.el("div", { class: "bar", role: "group", "aria-label": "Decision" }, ...buttons), note, page.el("div", { class: "bar" }, saver), said);
  };
  return { read, standing, form, save, listed };
})();
