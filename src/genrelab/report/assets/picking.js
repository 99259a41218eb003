/* What is picked, by chart and for all pages, and the address that shows it again.

   Conventions: `?task=` holds the task of the header, `?CHART=` the view of a chart. What begins as the page begins is
   not in the address. An element of a page with `data-task` or `data-rules` (names, separated by spaces) is shown for
   these tasks or rule sets, where the page has one for what is picked; so is a section whose id is the name of a task.
   A menu of a chart follows the header where one of its options is that task or its rule set. */
"use strict";

function picked(name) {
  return new URLSearchParams(location.search).get(name);
}

function remember(name, value) {
  const address = new URL(location.href);
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
  history.replaceState(null, "", address);
}

/* Views of a chart */

function selectsOf(chart) {
  return [...chart.querySelectorAll(".pickers select")];
}

/** Begin with the view of the address, else with that of the header. */
function startPicking(chart) {
  const selects = selectsOf(chart);
  chart.key = Object.keys(chart.views)[0];
  chart.firstKey = chart.key;
  chart.key.split("|").forEach((value, place) => selects[place] && (selects[place].value = value));
  for (const select of selects) {
    select.addEventListener("change", () => {
      pick(chart, select);
      remember(chart.id, chart.key === chart.firstKey ? "" : chart.key);
    });
  }
  follow(chart);
  const wanted = picked(chart.id);
  if (!selects.length || !Object.hasOwn(chart.views, wanted ?? "")) return;
  wanted.split("|").forEach((value, place) => (selects[place].value = value));
  pick(chart, selects[0]);
}

/** Options without a view are switched off; the view of the picked options is shown. */
function pick(chart, changed) {
  const selects = selectsOf(chart);
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
  equipTables(chart);
  if (chart.dataset.drawn) draw(chart);
}

/* The task of all pages */

function taskPicker() {
  return document.querySelector(".task select");
}

/** Pick in a chart's menus what the header says, where they offer it: the task, or its rule set. */
function follow(chart) {
  const header = taskPicker();
  if (!header) return;
  const wanted = [header.value, header.selectedOptions[0].dataset.rules].filter(Boolean);
  for (const select of selectsOf(chart)) {
    const found = wanted.find((value) => [...select.options].some((option) => option.value === value));
    if (!found || select.value === found) continue;
    select.value = found;
    pick(chart, select);
  }
}

/** Show what belongs to the picked task; a page without anything of it stays as it is. */
function showTask() {
  const header = taskPicker();
  const wanted = { task: header.value, rules: header.selectedOptions[0].dataset.rules };
  for (const [kind, value] of Object.entries(wanted)) {
    const boxes = [...document.querySelectorAll(`main [data-${kind}]`)];
    const holds = (box) => box.dataset[kind].split(" ").includes(value);
    const isHere = boxes.some(holds);
    for (const box of boxes) box.hidden = isHere && !holds(box);
  }
  keepTaskIn(document);
}

/** Let links to other pages carry the task. */
function keepTaskIn(box) {
  const header = taskPicker();
  if (!header) return;
  for (const link of box.querySelectorAll("a[href]")) keepTask(link, header.selectedIndex ? header.value : "");
}

function keepTask(link, task) {
  const [, page, query, hash] = /^([\w-]+\.html)(\?[^#]*)?(#.*)?$/.exec(link.getAttribute("href")) || [];
  const values = new URLSearchParams(query);
  const isGiven = values.has("task") && !link.dataset.keeps; // a link to one task leads to it
  if (!page || isGiven || (values.get("task") ?? "") === task || link.dataset.taskOfPage) return;
  link.dataset.keeps = "task";
  if (task) values.set("task", task);
  else values.delete("task");
  const kept = values.toString();
  link.setAttribute("href", `${page}${kept && `?${kept}`}${hash || ""}`);
}

/** The page of a picked task, where each task has a page of its own. */
function pageOfTask(task) {
  if (!root.dataset.taskOfPage || root.dataset.taskOfPage === task) return null;
  return document.querySelector(`.pages a[data-task-of-page="${CSS.escape(task)}"]`);
}

function startTask() {
  const header = taskPicker();
  if (!header) return;
  const has = (value) => [...header.options].some((option) => option.value === value);
  for (const { value } of header.options) {
    const section = document.getElementById(value);
    if (section?.matches("main section")) section.dataset.task ??= value;
  }
  const wanted = root.dataset.taskOfPage || picked("task");
  if (wanted && has(wanted)) header.value = wanted;
  else header.selectedIndex = 0; // a browser may restore another one
  header.addEventListener("change", () => {
    const page = pageOfTask(header.value);
    remember("task", header.selectedIndex ? header.value : "");
    showTask();
    if (page) location.assign(page.href);
    for (const chart of charts()) if (chart.views) follow(chart);
  });
  showTask();
  openTarget();
  addEventListener("hashchange", openTarget);
}

/** A link to a part of another task picks that task. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target?.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  const hidden = target && target.closest("[hidden][data-task], [hidden][data-rules]");
  if (!hidden) return;
  const header = taskPicker();
  const option = [...header.options].find(
    (one) => one.value === (hidden.dataset.task || "").split(" ")[0] || one.dataset.rules === hidden.dataset.rules,
  );
  if (!option) return;
  header.value = option.value;
  header.dispatchEvent(new Event("change"));
  target.scrollIntoView();
}

/* Links and pictures of a chart */

/** The address of a chart with what is picked. */
function addressOf(chart) {
  const address = new URL(location.href);
  address.hash = chart.id;
  return address.href;
}

async function saveDrawing(chart, format) {
  const view = chart.views[chart.key];
  const box = chart.querySelector(".drawing");
  const layout = merged(box.layout, {
    title: { text: "" },
    paper_bgcolor: getComputedStyle(root).getPropertyValue("--page").trim(),
    width: box.clientWidth,
    height: box.layout.height,
  });
  const address = await Plotly.toImage({ data: box.data, layout }, { format, scale: 2, width: layout.width, height: layout.height });
  const name = fileName([chart.id, chart.key].filter(Boolean).join("-"), format);
  const content =
    format === "svg"
      ? decodeURIComponent(address.slice(address.indexOf(",") + 1)).replace(/(<svg[^>]*>)/, (tag) => `${tag}<title>${escaped(view.title)}</title>`)
      : Uint8Array.from(atob(address.slice(address.indexOf(",") + 1)), (sign) => sign.charCodeAt(0));
  save(name, content, format === "svg" ? "image/svg+xml" : "image/png");
}

function escaped(text) {
  return text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
}

/** Below a drawing: a link to what is shown, and its pictures. */
function addSharing(chart) {
  const line = chart.querySelector(".share");
  const link = line.querySelector("a");
  link.addEventListener("click", () => (link.href = addressOf(chart)));
  link.addEventListener("contextmenu", () => (link.href = addressOf(chart)));
  link.addEventListener("focus", () => (link.href = addressOf(chart)));
  for (const format of ["svg", "png"]) {
    const made = button(format.toUpperCase(), async () => {
      await unpack(chart);
      await saveDrawing(chart, format);
    });
    made.setAttribute("aria-label", `Download this chart as ${format.toUpperCase()}`);
    line.append(made);
  }
}
