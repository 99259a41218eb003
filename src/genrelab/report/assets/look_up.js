/* Looks up a micro-genre or a genre on their pages; what is picked stays in the address (?name=, ?genre=).

   Conventions: text from the data is only ever set as text. Without this script all entries are shown. Functions
   that are called and not defined here belong to the scripts of every page. */
"use strict";

{
  /** Only addresses of the report and of https are followed. */
  const link = (text, address) => {
    if (!/^(https:|[a-z_]+\.html)/.test(address || "")) return element("span", text);
    const made = element("a", text);
    made.href = address;
    made.rel = "noopener noreferrer";
    return made;
  };

  /** Letters and digits alone, so that "R&B", "r & b" and "rnb" of the same letters are near each other. */
  const plain = (text) => folded(text.replace(/[-_]+/g, " "));

  const card = (box, found) => {
    box.replaceChildren(element("h3", found.name), element("p", found.carried));
    for (const one of found.sets) {
      const line = element("p", "", "decides");
      if (one.colour) line.append(swatch(one.colour));
      line.append(element("b", `By ${one.set}: `), link(one.genre, one.link));
      box.append(line, element("p", one.reason, "why"));
      if (one.tracks) box.append(element("p", one.tracks, "why"));
    }
    if (found.examples.length) {
      const list = element("ul");
      for (const track of found.examples) {
        const item = element("li");
        item.append(link(track.name, track.link));
        list.append(item);
      }
      box.append(element("p", "The most popular tracks that carry it; a link opens the track where it can be heard:"), list);
    }
    box.hidden = false;
  };

  const microGenres = async (section) => {
    const cards = await unzip(section.querySelector("script").textContent);
    const [field, none, box] = ["input", ".none", ".picked"].map((one) => section.querySelector(one));
    const rows = [...section.querySelectorAll("tbody tr")];
    const names = cards.map((one) => plain(one.name));
    const show = (place) => {
      card(box, cards[place]);
      remember("name", cards[place].name);
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
    field.value = picked("name") || "";
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
    const wanted = picked("genre");
    if ([...select.options].some((option) => option.value === wanted)) select.value = wanted;
    section.hidden = false;
    select.addEventListener("change", () => {
      remember("genre", select.value);
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
