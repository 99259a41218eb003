/* The page What changed: compares the two runs that are picked; both stay in the address (?from=..&to=..). Functions
   that are called and not defined here belong to the scripts of every page. */
"use strict";

(async () => {
  const page = document.getElementById("changed");
  const form = page.querySelector("form");
  if (!form) return;
  const found = page.querySelector(".found");
  const { runs, shown } = await unzip(page.querySelector("template").content.textContent);

  function table(label, headings, rows) {
    const box = element("div", "", "wide");
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", label);
    const made = element("table");
    const head = made.createTHead().insertRow();
    for (const heading of headings) head.append(Object.assign(element("th", heading), { scope: "col" }));
    const body = made.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      row.forEach((text, place) => line.append(place ? element("td", text) : Object.assign(element("th", text), { scope: "row" })));
    }
    box.append(made);
    return box;
  }

  function section(title, ...parts) {
    const made = element("section");
    made.append(element("h2", title), ...parts);
    return made;
  }

  /** Name, earlier and later text of what differs, by section. */
  function differences(before, after) {
    return [...new Set([...Object.keys(after), ...Object.keys(before)])].map((name) => {
      const [old, now] = [before[name] || {}, after[name] || {}];
      const names = [...new Set([...Object.keys(now), ...Object.keys(old)])].filter((one) => old[one] !== now[one]);
      return [name, names.map((one) => [one, old[one] || "not there", now[one] || "not there"])];
    }).filter(([, rows]) => rows.length);
  }

  /** The first and the last genre of each track that changed from one run to another. */
  function flips(between) {
    const tracks = new Map();
    for (const [task, id, track, artist, before, after] of between.flatMap((run) => run.flips)) {
      const key = JSON.stringify([task, id]);
      tracks.set(key, [track, artist, tracks.has(key) ? tracks.get(key)[2] : before, after, task]);
    }
    return [...tracks.values()].filter((flip) => flip[2] !== flip[3]);
  }

  function show() {
    const places = [form.elements.from, form.elements.to].map((select) => runs.findIndex((run) => run.key === select.value));
    const [from, to] = [Math.min(...places), Math.max(...places)];
    const between = runs.slice(from + 1, to + 1);
    const parts = differences(runs[from].facts, runs[to].facts).map(([name, rows]) => section(name, table(name, ["What", "Earlier run", "Later run"], rows)));
    const changed = flips(between);
    const unnamed = between.some((run) => run.flipped > run.flips.length);
    const all = between.length === 1 ? between[0].flipped : changed.length;
    const count = `${unnamed && between.length > 1 ? "at least " : ""}${all.toLocaleString("en")} prediction${all === 1 ? "" : "s"}`;
    const note = !all ? "No prediction changed." : `The predicted genre changed for ${count}${all > shown ? `; here are ${Math.min(shown, changed.length)}` : ""}.`;
    const rest = changed.length ? [table("Predictions that changed", ["Track", "Artist", "Earlier run", "Later run", "Task"], changed.slice(0, shown))] : [];
    found.replaceChildren(...parts, section("Predictions", element("p", note), ...rest));
    page.dataset.shown = `${runs[from].key} ${runs[to].key}`;
  }

  for (const select of [form.elements.from, form.elements.to]) {
    const wanted = picked(select.name);
    if (runs.some((run) => run.key === wanted)) select.value = wanted;
    select.addEventListener("change", () => {
      for (const one of [form.elements.from, form.elements.to]) remember(one.name, one.value);
      show();
    });
  }
  form.hidden = false;
  document.querySelector(".heading .finding")?.remove();
  show();
})();
