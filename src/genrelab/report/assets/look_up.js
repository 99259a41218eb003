/* Looks up a micro-genre or a genre on their pages; what is picked stands in the address (?name=, ?genre=).

   Conventions: text from the data is only ever set as text. Without this script all entries are shown. */
"use strict";

{
  const make = (name, text, kind) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  const unpacked = async (text) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  };

  /** Only addresses of the report and of https are followed. */
  const link = (text, address) => {
    if (!/^(https:|[a-z_]+\.html)/.test(address || "")) return make("span", text);
    const made = make("a", text);
    made.href = address;
    made.rel = "noopener noreferrer";
    return made;
  };

  const asked = (key) => new URLSearchParams(location.search).get(key) || "";

  const keep = (key, value) => {
    const wanted = new URLSearchParams(location.search);
    wanted.set(key, value);
    try {
      history.replaceState(null, "", `?${wanted}${location.hash}`);
    } catch {
      // A browser that does not rewrite addresses of files: the choice holds for this page.
    }
  };

  /** Letters and digits alone, so that "R&B", "r & b" and "rnb" of the same letters are near each other. */
  const plain = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[-_\s]+/g, " ")
      .trim();

  const swatched = (box, colour) => {
    if (!colour) return box;
    const swatch = make("i", "", "swatch");
    swatch.style.setProperty("--colour", colour);
    swatch.setAttribute("aria-hidden", "true");
    box.append(swatch);
    return box;
  };

  const card = (box, found) => {
    box.replaceChildren(make("h3", found.name), make("p", found.carried));
    for (const one of found.sets) {
      const line = swatched(make("p", "", "decides"), one.colour);
      line.append(make("b", `By ${one.set}: `), link(one.genre, one.link));
      box.append(line, make("p", one.reason, "why"));
      if (one.tracks) box.append(make("p", one.tracks, "why"));
    }
    if (found.examples.length) {
      const list = make("ul");
      for (const track of found.examples) {
        const item = make("li");
        item.append(link(track.name, track.link));
        list.append(item);
      }
      box.append(make("p", "The most popular tracks that carry it; a link opens the track where it can be heard:"), list);
    }
    box.hidden = false;
  };

  const microGenres = async (section) => {
    const cards = await unpacked(section.querySelector("script").textContent);
    const [field, none, box] = ["input", ".none", ".picked"].map((one) => section.querySelector(one));
    const rows = [...section.querySelectorAll("tbody tr")];
    const names = cards.map((one) => plain(one.name));
    const show = (place) => {
      card(box, cards[place]);
      keep("name", cards[place].name);
    };
    const search = () => {
      const wanted = plain(field.value);
      let shown = 0;
      rows.forEach((row, place) => {
        row.hidden = !names[place].includes(wanted);
        shown += !row.hidden;
      });
      none.textContent = shown ? (wanted ? `${shown.toLocaleString("en")} found` : "") : "No micro-genre of the data has this name.";
      const exact = names.indexOf(wanted);
      if (exact >= 0) show(exact);
      else box.hidden = true;
    };
    rows.forEach((row, place) =>
      row.querySelector("a").addEventListener("click", (event) => {
        event.preventDefault();
        show(place);
        box.scrollIntoView({ block: "nearest" });
      }),
    );
    field.addEventListener("input", search);
    field.addEventListener("keydown", (event) => {
      const first = event.key === "Enter" ? rows.findIndex((row) => !row.hidden) : -1;
      if (first >= 0) show(first);
    });
    section.querySelector(".asked").hidden = false;
    field.value = asked("name");
    if (field.value) search();
    section.dataset.ready = "yes";
  };

  const genres = (section) => {
    const select = section.querySelector("select");
    const parts = [...document.querySelectorAll("[data-genre]")];
    const show = () => {
      for (const part of parts) part.hidden = part.dataset.genre !== select.value;
      for (const other of document.querySelectorAll("figure.chart select")) {
        const holds = [...other.options].some((option) => option.value === select.value);
        other.closest("section").hidden = !holds;
        other.closest(".pickers").hidden = true;
        if (!holds) continue;
        if (other.value === select.value) continue;
        other.value = select.value;
        other.dispatchEvent(new Event("change"));
      }
    };
    const wanted = asked("genre");
    if ([...select.options].some((option) => option.value === wanted)) select.value = wanted;
    section.hidden = false;
    select.addEventListener("change", () => {
      keep("genre", select.value);
      show();
    });
    show();
    // A chart begins with its first view: it takes the choice when it was drawn.
    const follow = new MutationObserver((changes) => {
      const differs = ({ target }) => [...target.querySelectorAll("select")].some((one) => one.value !== select.value);
      if (changes.some(differs)) show();
    });
    for (const chart of document.querySelectorAll("figure.chart")) follow.observe(chart, { attributeFilter: ["data-drawn"] });
    section.dataset.ready = "yes";
  };

  const start = () => {
    const search = document.querySelector("section.look-up");
    if (search) microGenres(search);
    const pick = document.querySelector("section.pick-genre");
    if (pick) genres(pick);
  };

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
}
