/* Draws the charts of a page from the zipped JSON beside them; knows nothing of what they show.

   Conventions: a drawing names colours as var(--name) and leaves fonts and page colours to `frame`; `narrow` is merged
   over it on a phone. Nothing is loaded: the page opens from disk. */
"use strict";

const NARROW = 620;
const NARROW_TITLE = 36;
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

/* Theme */

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
}

function showTheme(button) {
  button.setAttribute("aria-pressed", String(isDark()));
  button.textContent = isDark() ? "Light" : "Dark";
  button.setAttribute("aria-label", `Switch to the ${isDark() ? "light" : "dark"} theme`);
}

function switchTheme(button) {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("genrelab-theme", root.dataset.theme);
  } catch {
    // Without storage the choice holds for this page.
  }
  showTheme(button);
  drawAll();
}

/* Drawing */

function isPlain(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** `over` merged into `base`; lists are replaced as a whole. */
function merged(base, over) {
  if (!isPlain(base) || !isPlain(over)) return over === undefined ? base : over;
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) result[key] = merged(base[key], value);
  return result;
}

/** The value with every var(--name) replaced by that colour. */
function coloured(value, style) {
  if (typeof value === "string") {
    const found = /^var\((--[\w-]+)\)$/.exec(value);
    return found ? style.getPropertyValue(found[1]).trim() : value;
  }
  if (Array.isArray(value)) return value.map((item) => coloured(item, style));
  if (isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coloured(item, style)]));
  }
  return value;
}

/** What all drawings share. */
function frame(layout, style) {
  const axis = {
    gridcolor: "var(--rule)",
    linecolor: "var(--rule)",
    zeroline: false,
    fixedrange: true,
    automargin: true,
    tickfont: { color: "var(--ink)", size: 13 },
    title: { font: { color: "var(--muted)", size: 13 }, standoff: 14 },
  };
  const shared = {
    autosize: true,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: style.getPropertyValue("--sans").trim(), size: 13, color: "var(--ink)" },
    margin: { l: 8, r: 12, t: 8, b: 44, pad: 6 },
    showlegend: false,
    dragmode: false,
    bargap: 0.3,
    hovermode: "closest",
    hoverlabel: {
      bgcolor: "var(--page)",
      bordercolor: "var(--soft)",
      align: "left",
      namelength: -1,
      font: { color: "var(--ink)", size: 13 },
    },
    legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom" },
  };
  const framed = merged(shared, layout);
  for (const key of Object.keys(framed)) {
    if (/^[xy]axis\d*$/.test(key)) framed[key] = merged(axis, framed[key]);
  }
  return framed;
}

/** Titles of axes that would be cut off on a phone go on in a second line. */
function breakTitles(layout) {
  for (const [key, axis] of Object.entries(layout)) {
    const text = (/^[xy]axis\d*$/.test(key) && axis.title && axis.title.text) || "";
    if (text.length <= NARROW_TITLE || text.includes("<")) continue;
    const spaces = [...text.matchAll(/ /g)].map((found) => found.index);
    if (!spaces.length) continue;
    const middle = spaces.reduce((best, at) => (Math.abs(at - text.length / 2) < Math.abs(best - text.length / 2) ? at : best));
    axis.title = { ...axis.title, text: `${text.slice(0, middle)}<br>${text.slice(middle + 1)}` };
  }
}

function draw(chart) {
  const box = chart.querySelector(".drawing");
  const view = chart.views[chart.key];
  const style = getComputedStyle(root);
  const isNarrow = box.clientWidth < NARROW;
  const narrow = isNarrow ? view.narrow : {};
  const traces = view.traces.map((trace, place) => merged(trace, (narrow.traces || [])[place]));
  const layout = merged(frame(view.layout, style), narrow.layout);
  if (isNarrow) breakTitles(layout);
  layout.height = narrow.height || view.height;
  box.style.setProperty("--height", `${layout.height}px`);
  box.setAttribute("aria-label", view.title);
  chart.wasNarrow = isNarrow;
  return Plotly.react(box, coloured(traces, style), coloured(layout, style), {
    displayModeBar: false,
    responsive: true,
    scrollZoom: false,
    doubleClick: false,
  }).then(() => {
    chart.dataset.drawn = chart.key || "yes";
  });
}

function charts() {
  return [...document.querySelectorAll("figure.chart")];
}

/** One after the other, so that the page can be read and scrolled meanwhile. */
async function drawAll() {
  for (const chart of charts()) {
    await draw(chart);
    await new Promise((resume) => setTimeout(resume));
  }
  root.dataset.drawn = "yes";
}

/* Numbers below a drawing */

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function fillCell(box, cell) {
  if (cell.swatch) {
    const swatch = element("i", "", "swatch");
    swatch.style.setProperty("--colour", cell.swatch);
    swatch.setAttribute("aria-hidden", "true");
    box.append(swatch);
  }
  const text = element(cell.link ? "a" : "span", cell.text, "text");
  if (cell.link) text.href = cell.link;
  if (cell.link) text.rel = "noopener noreferrer";
  box.append(text);
  if (cell.mark === "champion") box.append(" ", element("span", "champion", "badge"));
  if (cell.below) box.append(element("small", cell.below));
  return box;
}

function table(grid) {
  const made = element("table");
  if (grid.caption) made.createCaption().append(element("span", grid.caption));
  const head = made.createTHead().insertRow();
  for (const column of grid.columns) {
    const box = element("th", column.label, column.is_number ? "number" : "");
    box.scope = "col";
    if (column.below) box.append(element("small", column.below));
    head.append(box);
  }
  const body = made.createTBody();
  for (const row of grid.rows) {
    const line = body.insertRow();
    row.forEach((cell, place) => {
      const kind = [grid.columns[place].is_number ? "number" : "", cell.mark === "champion" ? "" : cell.mark].filter(Boolean).join(" ");
      const box = fillCell(element(place ? "td" : "th", "", kind), cell);
      if (!place) box.scope = "row";
      line.append(box);
    });
  }
  return made;
}

/* Picking */

/** Options without a view are switched off; the view of the picked options is shown. */
function pick(chart, changed) {
  const selects = [...chart.querySelectorAll(".pickers select")];
  const chosen = selects.map((select) => select.value);
  const keys = Object.keys(chart.views).map((key) => key.split("|"));
  if (!chart.views[chosen.join("|")]) {
    // Keep what the reader just chose and find it a partner.
    const place = selects.indexOf(changed);
    const found = keys.find((key) => key[place] === chosen[place]);
    found.forEach((value, index) => (selects[index].value = value));
  }
  chart.key = selects.map((select) => select.value).join("|");
  selects.forEach((select, place) => {
    if (!place) return;
    for (const option of select.options) {
      option.disabled = !keys.some((key) => key[0] === selects[0].value && key[place] === option.value);
    }
  });
  const view = chart.views[chart.key];
  chart.querySelector("h3").textContent = view.title;
  chart.querySelector(".reads").textContent = view.caption;
  const region = chart.querySelector(".numbers .wide");
  region.replaceChildren(table(view.grid));
  region.setAttribute("aria-label", view.title);
  return draw(chart);
}

/* Navigation */

/** On a phone: only the pages whose name, or whose group's, holds what is typed; Escape closes the sheet. */
function searchPages(menu) {
  const sections = [...menu.querySelectorAll("section")];
  const field = menu.querySelector("input");
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    const holds = (box) => box.textContent.toLowerCase().includes(wanted);
    for (const section of sections) {
      const all = holds(section.querySelector("h2"));
      const items = [...section.querySelectorAll("li")];
      for (const item of items) item.hidden = !all && !holds(item);
      section.hidden = items.every((item) => item.hidden);
    }
    menu.querySelector(".none").hidden = !sections.every((section) => section.hidden);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/* Start */

/** The views of a chart, from zipped JSON in base 64. */
async function views(chart) {
  const packed = atob(chart.querySelector('script[type="application/gzip"]').textContent);
  const bytes = Uint8Array.from(packed, (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

async function start() {
  const button = document.querySelector("button.theme");
  showTheme(button);
  searchPages(document.querySelector("details.menu"));
  button.addEventListener("click", () => switchTheme(button));
  for (const chart of charts()) {
    chart.views = await views(chart);
    const selects = chart.querySelectorAll(".pickers select");
    chart.key = selects.length ? [...selects].map((select) => select.value).join("|") : Object.keys(chart.views)[0];
    for (const select of selects) select.addEventListener("change", () => pick(chart, select));
  }
  // A browser may restore another option than the page was written with.
  for (const chart of charts()) if (!chart.views[chart.key]) chart.key = Object.keys(chart.views)[0];
  dark.addEventListener("change", () => {
    showTheme(button);
    drawAll();
  });
  let pending;
  addEventListener("resize", () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      for (const chart of charts()) {
        if (chart.wasNarrow !== chart.querySelector(".drawing").clientWidth < NARROW) draw(chart);
      }
    }, 150);
  });
  drawAll();
}

start();
