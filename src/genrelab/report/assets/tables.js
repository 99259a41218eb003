/* Tables that are sorted, filtered and downloaded: every table of a page, as it is opened. */
"use strict";

const FILTERED_FROM = 8;
const DASH = "–";
const FORMULA = /^[=+\-@\t\r]/;
const WHOLE_NUMBER = /^([-+]?\d+(?:\.\d+)?)([^\d]*)$/;
const TIMES = { h: 3600, min: 60, s: 1 };

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function button(text, act) {
  const made = element("button", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** The mark in the colour of a genre. */
function swatch(colour) {
  const made = element("i", "", "swatch");
  made.style.setProperty("--colour", colour);
  made.setAttribute("aria-hidden", "true");
  return made;
}

function fillCell(box, cell) {
  if (cell.swatch) {
    box.append(swatch(cell.swatch));
  }
  const text = element(cell.link ? "a" : "span", cell.text, "text");
  if (cell.link) text.href = cell.link;
  if (cell.link) text.rel = "noopener noreferrer";
  box.append(text);
  if (cell.mark === "champion") box.append(" ", element("span", "champion", "badge"));
  if (cell.below) box.append(element("small", cell.below));
  return box;
}

/** A table as the macro `table` of parts.html writes it. */
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

/* What cells hold */

function textOf(box, part) {
  const found = box && box.querySelector(part);
  return found ? found.textContent.trim() : "";
}

/** The main text of a cell or a heading, without its second line. */
function mainText(box) {
  const inside = box.querySelector(".text, .sort");
  const copy = (inside || box).cloneNode(true);
  for (const small of copy.querySelectorAll("small, .badge")) small.remove();
  return copy.textContent.trim();
}

/** Digits as programs write them: no spaces or commas between them, a hyphen as the minus. */
function plainDigits(text) {
  return text.replace(/(?<=\d),(?=\d{3})/g, "").replace(/\u2212/g, "-");
}

/** A number to sort by: the first one of the text, a duration in seconds; null without one. */
function numberOf(text) {
  const plain = plainDigits(text);
  const times = [...plain.matchAll(/(\d+(?:\.\d+)?)[\s\u202f\u00a0](h|min|s)\b/g)];
  if (times.length) return times.reduce((sum, [, value, unit]) => sum + Number(value) * TIMES[unit], 0);
  const found = /[-+]?\d+(?:\.\d+)?/.exec(plain);
  return found ? Number(found[0]) : null;
}

function compare(one, other, isNumber) {
  if (!isNumber) return one.localeCompare(other, "en", { numeric: true, sensitivity: "base" });
  return numberOf(one) - numberOf(other);
}

/* Sorting and filtering */

function sortBy(made, place, heading) {
  const isNumber = heading.classList.contains("number");
  const first = isNumber ? "descending" : "ascending";
  const now = heading.getAttribute("aria-sort");
  const direction = now === "ascending" ? "descending" : now === "descending" ? "ascending" : first;
  for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", direction);
  const body = made.tBodies[0];
  const lines = [...body.rows].map((row) => [row, mainText(row.cells[place])]);
  const isEmpty = (text) => text === "" || text === DASH || (isNumber && numberOf(text) === null);
  lines.sort(([, one], [, other]) => {
    if (isEmpty(one) || isEmpty(other)) return isEmpty(one) - isEmpty(other); // last in both directions
    return compare(one, other, isNumber) * (direction === "ascending" ? 1 : -1);
  });
  body.append(...lines.map(([row]) => row));
}

function makeSortable(made) {
  [...made.tHead.rows[0].cells].forEach((heading, place) => {
    if (!heading.textContent.trim()) return;
    const control = button("", () => sortBy(made, place, heading));
    control.className = "sort";
    control.append(...[...heading.childNodes].filter((node) => node.nodeName !== "SMALL"));
    heading.prepend(control);
  });
}

function filterField(made) {
  const rows = [...made.tBodies[0].rows];
  const label = element("label", "Filter ", "filter");
  const field = element("input");
  field.type = "search";
  const said = element("span", "", "said");
  said.setAttribute("role", "status");
  field.addEventListener("input", () => {
    const wanted = folded(field.value);
    for (const row of rows) row.hidden = !folded(row.textContent).includes(wanted);
    const left = rows.filter((row) => !row.hidden).length;
    said.textContent = wanted ? `${left} of ${rows.length} rows` : "";
  });
  label.append(field);
  return [label, said];
}

/** Text to compare: lower case, without accents. */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

/* Download */

function save(name, content, type) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Name of a file: the page, then what it is. */
function fileName(what, ending) {
  const page = location.pathname.split("/").pop().replace(/\.html$/, "") || "index";
  const rest = what.normalize("NFKC").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80);
  return `${page}-${rest.replace(/^-|-$/g, "")}.${ending}`;
}

/** A field of a CSV file; text that a spreadsheet would run as a formula begins with an apostrophe. */
function field(text, isNumber) {
  const safe = !isNumber && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One column: its heading and fields; numbers without separators, a unit that all share in the heading. */
function csvColumn(heading, cells, isNumber) {
  const plain = cells.map((text) => (isNumber ? plainDigits(text) : text));
  const parts = plain.map((text) => (isNumber ? WHOLE_NUMBER.exec(text) : null));
  const units = new Set(parts.filter(Boolean).map(([, , unit]) => unit.trim()));
  const [unit] = units.size === 1 ? units : [""];
  return [
    field(unit ? `${heading} (${unit})` : heading, false),
    ...plain.map((text, place) => {
      const part = parts[place];
      if (isNumber && text === DASH) return "";
      return part && part[2].trim() === unit ? field(part[1], true) : field(text, false);
    }),
  ];
}

/** The table as CSV, as it is sorted and filtered; a second line of cells becomes a column of its own. */
function csv(made) {
  const rows = [...made.tBodies[0].rows].filter((row) => !row.hidden);
  const columns = [...made.tHead.rows[0].cells].flatMap((heading, place) => {
    const cells = rows.map((row) => row.cells[place]);
    const name = mainText(heading);
    const below = cells.map((cell) => textOf(cell, "small"));
    const isNumber = heading.classList.contains("number");
    return [
      csvColumn(name, cells.map(mainText), isNumber),
      ...(below.some(Boolean) ? [csvColumn(`${name}: ${textOf(heading, "small") || "remark"}`, below, false)] : []),
    ];
  });
  return [...Array(rows.length + 1).keys()].map((line) => columns.map((column) => column[line]).join(",")).join("\r\n") + "\r\n";
}

/* Start */

/** Give the table of a region its controls, once. */
function equip(region) {
  const made = region.querySelector(":scope > table");
  if (!made || made.dataset.equipped || !made.tBodies.length || !made.tHead) return;
  made.dataset.equipped = "yes";
  const name = region.closest("figure.chart")?.id || region.getAttribute("aria-label") || "table";
  const tools = element("div", "", "tools");
  if (made.tBodies[0].rows.length >= FILTERED_FROM) tools.append(...filterField(made));
  tools.append(button("CSV", () => save(fileName(name, "csv"), `\ufeff${csv(made)}`, "text/csv;charset=utf-8")));
  tools.lastChild.setAttribute("aria-label", "Download this table as CSV");
  if (made.tBodies[0].rows.length > 1) makeSortable(made);
  if (region.previousElementSibling?.classList.contains("tools")) region.previousElementSibling.remove();
  region.before(tools);
}

/** Tables in sight now, those in a closed part when it is opened. */
function equipTables(within = document) {
  for (const region of within.querySelectorAll(".wide")) {
    if (!region.closest("details:not([open])")) equip(region);
  }
}

/** Tables of one name are told apart by a number, for readers who go from region to region. */
function nameRegions() {
  const seen = new Map();
  for (const region of document.querySelectorAll(".wide[aria-label]")) {
    const name = region.getAttribute("aria-label");
    seen.set(name, (seen.get(name) || 0) + 1);
    if (seen.get(name) > 1) region.setAttribute("aria-label", `${name} (${seen.get(name)})`);
  }
}

document.addEventListener("toggle", (event) => equipTables(event.target), true);
