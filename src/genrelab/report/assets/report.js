/* Starts a page: theme, navigation, search, and its charts and tables. */
"use strict";

const dark = matchMedia("(prefers-color-scheme: dark)");
const hasSheet = matchMedia("(max-width: 62rem)"); // as in report.css

/* Theme */

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
}

function showTheme(toggle) {
  toggle.setAttribute("aria-pressed", String(isDark()));
  toggle.textContent = isDark() ? "Light" : "Dark";
  toggle.setAttribute("aria-label", `Switch to the ${isDark() ? "light" : "dark"} theme`);
}

function startTheme(toggle) {
  showTheme(toggle);
  toggle.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("genrelab-theme", root.dataset.theme);
    } catch {
      // Without storage the choice holds for this page.
    }
    showTheme(toggle);
    drawEach(drawnCharts());
  });
  dark.addEventListener("change", () => {
    showTheme(toggle);
    drawEach(drawnCharts());
  });
}

/* Navigation */

/** Escape closes an open part of the header, and the focus returns to what opened it. */
function closeByEscape(part) {
  part.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !part.open) return;
    part.open = false;
    part.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!part.contains(event.target) || event.target.closest(".on-page a")) part.open = false;
  });
}

/** Where the navigation is a sheet, the search is in it. */
function placeSearch(box, menu) {
  const place = () => (hasSheet.matches ? menu.querySelector(".sheet").prepend(box) : menu.before(box));
  place();
  hasSheet.addEventListener("change", place);
}

/** What is on this page, read when it is opened: sections and charts that are shown. */
function startContents(part) {
  const shown = () => [...document.querySelectorAll("main section[id] > h2, main figure.chart h3")].filter((one) => !one.closest("[hidden]"));
  part.hidden = shown().length < 2;
  part.addEventListener("toggle", () => {
    if (!part.open) return;
    const list = element("ul");
    for (const heading of shown()) {
      const item = element("li", "", heading.nodeName === "H3" ? "chart-link" : "");
      const link = element("a", heading.textContent);
      link.href = `#${heading.closest("figure.chart, section[id]").id}`;
      item.append(link);
      list.append(item);
    }
    part.querySelector("nav").replaceChildren(list);
  });
}

/** Links to MLflow and Prefect lead where these run now (servers.js). */
function followServers() {
  const { written = {}, now = {} } = window.genrelabServers || {};
  for (const [name, base] of Object.entries(written)) {
    if (now[name] === base || !/^https?:/.test(now[name])) continue;
    for (const link of document.querySelectorAll("a[href]")) {
      const address = link.getAttribute("href");
      if (address.startsWith(`${base}/`)) link.setAttribute("href", now[name] + address.slice(base.length));
    }
  }
}

/* Start */

function redrawWhereNarrow() {
  for (const chart of drawnCharts()) {
    if (chart.wasNarrow !== chart.querySelector(".drawing").clientWidth < NARROW) draw(chart);
  }
}

function start() {
  const menu = document.querySelector("details.menu");
  const search = document.querySelector(".search");
  startTheme(document.querySelector("button.theme"));
  placeSearch(search, menu);
  startSearch(search);
  startTask();
  followServers();
  for (const part of [menu, document.querySelector("details.on-page")]) closeByEscape(part);
  startContents(document.querySelector("details.on-page"));
  nameRegions();
  equipTables();
  for (const chart of charts()) addSharing(chart);
  let pending;
  addEventListener("resize", () => {
    clearTimeout(pending);
    if (!root.dataset.paper) pending = setTimeout(redrawWhereNarrow, 150);
  });
  let undo = () => {};
  addEventListener("beforeprint", () => (undo = layOutForPaper()));
  addEventListener("afterprint", () => undo());
  drawInView();
}

// After the script of the charts, which is the last one.
document.addEventListener("DOMContentLoaded", start);
