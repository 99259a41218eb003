/* Search over pages, charts, genres, micro-genres and models, and over artists and tracks.

   Conventions: both lists are scripts of one call, `found(NAME, ZIPPED)`, because a page that is opened from disk may not
   read other files; they are loaded at the first keystroke. A word that is typed is the beginning of a word of the entry,
   without accents and in any case. */
"use strict";

const MOST_OF_KIND = 6;
const FEWEST_LETTERS = 2;
const SPOTIFY = "https://open.spotify.com/";
const FMA = "https://freemusicarchive.org/search?quicksearch=";
const lists = {};

/** Called by the script of a list. */
function found(name, zipped) {
  lists[name].arrived(unzip(zipped));
}

/** The entries of a list, loaded once; null where it cannot be loaded. */
function loaded(name) {
  lists[name] ??= {};
  lists[name].promise ??= new Promise((arrived) => {
    lists[name].arrived = arrived;
    const script = element("script");
    script.src = `assets/${name}.js`;
    script.addEventListener("error", () => arrived(null));
    document.head.append(script);
  });
  return lists[name].promise;
}

/** Words of a text to compare with, each after a space. */
function words(text) {
  return ` ${folded(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim()}`;
}

/** The entries `[kind, text, address, note]` of the pages, with their words. */
async function entries() {
  const rows = (await loaded("entries")) || [];
  return rows.map(([kind, text, address, note]) => ({ kind, text, address, note, words: words(`${text} ${note}`) }));
}

/** Artists and tracks, each with its words; an artist's tracks are found by title alone. */
function names(packed) {
  const outside = (path, text) => (path ? SPOTIFY + path : FMA + encodeURIComponent(text.slice(0, 150)));
  const artists = packed.artists.map((text, place) => ({
    kind: "Artists",
    text,
    note: "",
    words: words(text),
    get address() {
      return outside(packed.artist_ids[place] && `artist/${packed.artist_ids[place]}`, text);
    },
  }));
  const tracks = packed.titles.map((text, place) => ({
    kind: "Tracks",
    text,
    words: words(text),
    get note() {
      return [packed.artists[packed.by[place]], packed.genres[packed.genre[place]]].filter(Boolean).join(", ");
    },
    get address() {
      return outside(packed.ids[place] && `track/${packed.ids[place]}`, `${packed.artists[packed.by[place]]} ${text}`);
    },
  }));
  return [...artists, ...tracks];
}

/** The entries that hold every typed word, by kind; those that begin with what is typed, and short ones, first. */
function matching(all, typed) {
  const wanted = words(typed).trim();
  if (wanted.length < FEWEST_LETTERS) return new Map();
  const parts = wanted.split(" ").map((part) => ` ${part}`);
  const kinds = new Map();
  for (const entry of all) {
    if (!parts.every((part) => entry.words.includes(part))) continue;
    if (!kinds.has(entry.kind)) kinds.set(entry.kind, []);
    kinds.get(entry.kind).push(entry);
  }
  const rank = (entry) => (entry.words.startsWith(` ${wanted}`) ? 0 : 1000) + entry.words.length;
  for (const list of kinds.values()) list.sort((one, other) => rank(one) - rank(other));
  return kinds;
}

function resultList(kind, entriesOfKind) {
  const section = element("section");
  const more = entriesOfKind.length - MOST_OF_KIND;
  section.append(element("h2", more > 0 ? `${kind} (${MOST_OF_KIND} of ${entriesOfKind.length.toLocaleString("en")})` : kind));
  const list = element("ul");
  for (const entry of entriesOfKind.slice(0, MOST_OF_KIND)) {
    const link = element("a", entry.text);
    link.href = entry.address;
    if (entry.address.startsWith("https:")) link.rel = "noopener noreferrer";
    link.dir = "auto";
    const item = element("li");
    item.append(link);
    if (entry.note) item.append(" ", element("small", entry.note));
    list.append(item);
  }
  section.append(list);
  return section;
}

function startSearch(box) {
  const field = box.querySelector("input");
  const results = box.querySelector(".results");
  const said = box.querySelector("[role=status]");
  let known = [];
  let everything;

  function show() {
    const kinds = matching(known, field.value);
    const number = [...kinds.values()].reduce((sum, list) => sum + list.length, 0);
    results.replaceChildren(...[...kinds].map(([kind, list]) => resultList(kind, list)));
    keepTaskIn(results);
    const isShort = words(field.value).trim().length < FEWEST_LETTERS;
    said.textContent = isShort ? "" : number ? `${number.toLocaleString("en")} found` : "Nothing begins with these words.";
    box.classList.toggle("open", !isShort);
    box.dataset.searched = field.value;
  }

  async function load() {
    known = await entries();
    show();
    const packed = await loaded("names");
    if (packed) known = [...known, ...names(packed)];
    if (packed?.note) said.after(element("p", packed.note));
    show();
    box.dataset.loaded = "yes";
  }

  function close() {
    box.classList.remove("open");
  }

  field.addEventListener("input", () => {
    if (everything) show();
    else everything = load();
  });
  box.addEventListener("keydown", (event) => {
    const links = [...results.querySelectorAll("a")];
    const place = links.indexOf(document.activeElement);
    if (event.key === "Escape" && box.classList.contains("open")) {
      event.preventDefault(); // the sheet stays open
      close();
      field.focus();
    } else if (event.key === "Enter" && document.activeElement === field && links.length) {
      links[0].click();
    } else if (event.key === "ArrowDown" && links[place + 1]) {
      event.preventDefault();
      links[place + 1].focus();
    } else if (event.key === "ArrowUp" && place >= 0) {
      event.preventDefault();
      (links[place - 1] || field).focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!box.contains(event.target) || event.target.closest(".results a")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    field.focus();
  });
}
