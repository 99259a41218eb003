/* Draws the charts of a page from the zipped JSON beside them, when they come into view and on paper; knows nothing of
   what they show.

   Conventions: a drawing names colours as var(--name) and leaves fonts and page colours to `frame`; `narrow` is merged
   over it on a phone. Nothing is loaded: the page opens from disk. */
"use strict";

const NARROW = 620;
const NARROW_TITLE = 36;
const AHEAD = "300px";
const LETTERS = 13;
const LETTERS_ON_PAPER = 10;
const TALLEST_ON_PAPER = 880;
const root = document.documentElement;

function charts() {
  return [...document.querySelectorAll("figure.chart")];
}

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
  const size = root.dataset.paper ? LETTERS_ON_PAPER : LETTERS;
  const axis = {
    gridcolor: "var(--rule)",
    linecolor: "var(--rule)",
    zeroline: false,
    fixedrange: true,
    automargin: true,
    tickfont: { color: "var(--ink)", size },
    title: { font: { color: "var(--muted)", size }, standoff: 14 },
  };
  const shared = {
    autosize: true,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: style.getPropertyValue("--sans").trim(), size, color: "var(--ink)" },
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
      font: { color: "var(--ink)", size },
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

/** Draw the view `chart.key`; done when the call returns, as paper needs it. */
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
  if (root.dataset.paper) layout.height = Math.min(layout.height, TALLEST_ON_PAPER);
  box.style.setProperty("--height", `${layout.height}px`);
  box.setAttribute("aria-label", view.title);
  chart.wasNarrow = isNarrow;
  return Plotly.react(box, coloured(traces, style), coloured(layout, style), {
    displayModeBar: false,
    responsive: true,
    scrollZoom: false,
    doubleClick: layout.dragmode ? "reset+autosize" : false,
  }).then(() => {
    chart.dataset.drawn = chart.key || "yes";
  });
}

/** The views of a chart, from zipped JSON in base 64; unpacked once. */
function unpack(chart) {
  chart.unpacked ??= unzip(chart.querySelector('script[type="application/gzip"]').textContent).then((views) => {
    chart.views = views;
    startPicking(chart);
  });
  return chart.unpacked;
}

async function unzip(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function pause() {
  return new Promise((resume) => setTimeout(resume));
}

/** One after the other, so that the page can be read and scrolled meanwhile. */
async function drawEach(some) {
  for (const chart of some) {
    await unpack(chart);
    if (chart.checkVisibility()) await draw(chart);
    await pause();
  }
}

function drawnCharts() {
  return charts().filter((chart) => chart.dataset.drawn);
}

/** Draw every chart that is shown, in view or not. */
async function drawAll() {
  await drawEach(charts());
  root.dataset.drawn = "yes";
}

/** Draws each chart when it comes near the screen. */
const inView = new IntersectionObserver(
  async (entries) => {
    const seen = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
    for (const chart of seen) inView.unobserve(chart);
    await drawEach(seen);
    root.dataset.drawn ??= "yes"; // those of the first screen
  },
  { rootMargin: AHEAD },
);

/** Unpack all charts meanwhile: paper cannot wait. */
async function drawInView() {
  for (const chart of charts()) inView.observe(chart);
  if (!charts().length) root.dataset.drawn = "yes";
  const release = holdLoading();
  for (const chart of charts()) {
    await unpack(chart);
    await pause();
  }
  release();
}

/** Keep the page loading, so that `chromium --print-to-pdf` waits. Returns a function that ends it. */
function holdLoading() {
  const held = document.createElement("iframe");
  held.hidden = true;
  document.body.append(held);
  held.contentDocument.open();
  return () => {
    held.contentDocument.close();
    held.remove();
  };
}

/* Paper */

/** Light colours, the width of A4, tables open, every chart drawn. Returns a function that undoes it. */
function layOutForPaper() {
  const theme = root.dataset.theme;
  const before = new Set(drawnCharts());
  const closed = [...document.querySelectorAll("main details:not([open])")].filter((box) => box.querySelector("table"));
  root.dataset.theme = "light";
  root.dataset.paper = "A4";
  for (const box of closed) box.open = true;
  const inSight = charts().filter((chart) => chart.views && chart.checkVisibility());
  for (const chart of inSight) draw(chart);
  fitTables();
  return () => {
    delete root.dataset.paper;
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const box of closed) box.open = false;
    for (const box of document.querySelectorAll(".wide > table")) box.style.zoom = "";
    for (const chart of inSight) {
      if (before.has(chart)) draw(chart);
      else forget(chart);
    }
  };
}

function forget(chart) {
  Plotly.purge(chart.querySelector(".drawing"));
  delete chart.dataset.drawn;
  inView.observe(chart);
}

/** Tables that are wider than the paper are made smaller. */
function fitTables() {
  for (const region of document.querySelectorAll("main .wide")) {
    const made = region.querySelector("table");
    if (made.offsetWidth > region.clientWidth) made.style.zoom = region.clientWidth / made.offsetWidth;
  }
}
