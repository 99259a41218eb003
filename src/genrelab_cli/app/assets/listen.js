// A dropped or chosen file is sent as it is; the answer replaces the last one. Texts enter the page as text only.
"use strict";
{
  const LARGEST = 200 * 1024 * 1024;
  const MOST_GENRES = 5;
  const drop = document.getElementById("listen-drop");
  const input = document.getElementById("listen-file");
  const status = document.getElementById("listen-status");
  const place = document.getElementById("listen-result");
  let asked = null;

  const element = (name, text = "", attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const percent = (share) => `${(share * 100).toFixed(0)} %`;

  const bars = (probabilities) => {
    const list = element("div", "", { class: "listen-bars" });
    const sorted = Object.entries(probabilities).sort((one, other) => other[1] - one[1]);
    for (const [genre, share] of sorted.slice(0, MOST_GENRES)) {
      const meter = element("meter", "", { min: 0, max: 1, value: share, "aria-label": genre });
      list.append(element("span", genre), meter, element("span", percent(share)));
    }
    return list;
  };

  const show = (answer) => {
    place.replaceChildren(element("h3", answer.file));
    for (const one of answer.predictions) {
      const genres = one.genres ? one.genres.join(", ") || "none above its threshold" : one.genre;
      place.append(element("p", `${one.genres ? "Genres" : "Genre"}: ${genres}`, { class: "listen-genre" }));
      if (one.is_sample) place.append(element("p", "This champion was trained on sample data: its answers mean nothing."));
      place.append(bars(one.probabilities));
    }
    if (answer.nearest.length) {
      const list = element("ul", "", { class: "listen-near" });
      for (const near of answer.nearest) {
        const named = [near.track, near.artist].filter(Boolean).join(" by ") || "a track without a name";
        list.append(element("li", `${named} (${near.genre || "no genre"})`));
      }
      place.append(element("h3", "Sounds most like"), list);
    }
    status.textContent = `${answer.file}: ${answer.seconds.toFixed(0)} seconds analysed.`;
  };

  const explain = (error) => {
    place.replaceChildren();
    const parts = [error.what, error.found && `found: ${error.found}`, error.allowed && `allowed: ${error.allowed}`,
      error.do && `to do: ${error.do}`];
    status.textContent = parts.filter(Boolean).join("; ");
  };

  const send = async (file) => {
    if (file.size > LARGEST) {
      explain({ what: "the file is too large", found: `${(file.size / 1048576).toFixed(0)} MB`, allowed: "at most 200 MB" });
      return;
    }
    if (asked) asked.abort();
    const own = (asked = new AbortController());
    status.textContent = `Listening to ${file.name} …`;
    try {
      const answer = await fetch(`api/listen?name=${encodeURIComponent(file.name)}`, {
        method: "POST", body: file, signal: own.signal, headers: { "Content-Type": "application/octet-stream" },
      });
      const found = await answer.json();
      if (own.signal.aborted) return;
      if (answer.ok) show(found);
      else explain(found.error || { what: `the server answered ${answer.status}` });
    } catch (error) {
      if (!own.signal.aborted) explain({ what: "there was no answer", found: error.message, do: "check that `genrelab app` is running" });
    }
  };

  input.addEventListener("change", () => { if (input.files.length) send(input.files[0]); });
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    if (event.dataTransfer.files.length) send(event.dataTransfer.files[0]);
  });
  // A file that misses the zone would replace the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
}
