// Moves the bars while a slider moves. One request is under way at a time; the newest values are sent next.
// Texts enter the page as text only.
"use strict";
{
  const REST = 250; // milliseconds without a move until the reasons and the nearest tracks are asked for
  const MOST_EFFECTS = 8;
  const MOST_BARS = 15;
  const SVG = "http://www.w3.org/2000/svg";
  const find = (id) => document.getElementById(id);
  const data = JSON.parse(find("data").textContent);
  const inputs = [...document.querySelectorAll("[data-feature]")];
  const order = Object.keys(data.shares).sort((one, other) => data.shares[other] - data.shares[one]);
  document.documentElement.classList.add("scripted");

  const element = (name, text = "", attributes = {}) => {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const drawn = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const valueOf = (input) => (input.type === "checkbox" ? Number(input.checked) : Number(input.value));
  const row = () => Object.fromEntries(inputs.map((input) => [input.dataset.feature, valueOf(input)]));
  const labelOf = (feature) => find(`f-${feature}`).closest(".feature").querySelector("label").textContent;

  const shownValue = (feature) => {
    const output = find(`f-${feature}`).closest(".feature").querySelector("output");
    if (output) return ` ${output.textContent}`;
    return find(`f-${feature}`).checked ? " (on)" : " (off)";
  };

  const showValue = (input) => {
    const output = input.closest(".feature").querySelector("output");
    if (!output) return;
    const digits = (input.step.split(".")[1] || "").length;
    output.textContent = `${Number(input.value).toFixed(digits)} ${input.dataset.unit}`.trim();
    input.setAttribute("aria-valuetext", output.textContent);
  };

  const problem = (text) => {
    find("problem").textContent = text;
    find("problem").hidden = !text;
  };
  const ask = async (address, content) => {
    const options = content && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) };
    let answer;
    try {
      answer = await fetch(address, options);
    } catch {
      throw new Error("The server does not answer any more. Start it again: genrelab app.");
    }
    const found = await answer.json();
    if (answer.ok) return found;
    const error = found.error;
    throw new Error([error.what, error.found && `found: ${error.found}`, error.do && `to do: ${error.do}`].filter(Boolean).join("; "));
  };

  const barAt = (place) => {
    const list = find("bars");
    while (list.children.length <= place) {
      const svg = drawn("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
      svg.append(drawn("rect", { class: "share", height: 10 }), drawn("rect", { class: "value", y: 2, height: 6 }));
      const line = element("li");
      line.append(element("span", "", { class: "genre" }), svg, element("span", "", { class: "percent" }));
      list.append(line);
    }
    return list.children[place];
  };
  const showBars = (prediction) => {
    const probabilities = prediction.probabilities;
    const named = new Set(prediction.genres || [prediction.genre]);
    const ranked = data.several
      ? Object.keys(probabilities).sort((one, other) => probabilities[other] - probabilities[one]).slice(0, MOST_BARS)
      : order;
    ranked.forEach((genre, place) => {
      const line = barAt(place);
      line.dataset.genre = genre;
      line.className = named.has(genre) ? "named" : "";
      line.querySelector(".genre").textContent = genre;
      line.querySelector(".share").setAttribute("width", (100 * data.shares[genre]).toFixed(2));
      line.querySelector(".value").setAttribute("width", (100 * probabilities[genre]).toFixed(2));
      line.querySelector(".percent").textContent = `${(100 * probabilities[genre]).toFixed(1)} %`;
    });
  };
  const sentence = (prediction) =>
    data.several
      ? prediction.genres.join(", ") || "no genre is probable enough to be named"
      : `${prediction.genre}, ${(100 * prediction.probability).toFixed(0)} %`;

  const showEffects = (found) => {
    find("why-heading").textContent = `Why ${found.genre}: ${(100 * found.probability).toFixed(0)} % instead of ${(100 * found.mean).toFixed(0)} % on average`;
    const most = Math.max(...found.contributions.map((each) => Math.abs(each.effect)), 1e-9);
    const lines = found.contributions.slice(0, MOST_EFFECTS).map((each) => {
      const wide = (50 * Math.abs(each.effect)) / most;
      const line = element("li", "", { class: each.effect < 0 ? "lowers" : "raises" });
      const svg = drawn("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
      svg.append(
        drawn("rect", { x: each.effect < 0 ? 50 - wide : 50, y: 2, width: wide, height: 6 }),
        drawn("line", { x1: 50, x2: 50, y1: 0, y2: 10 }),
      );
      const points = Math.abs(100 * each.effect).toFixed(1);
      const verb = each.effect < 0 ? "lowers" : "raises";
      line.append(element("span", `${labelOf(each.feature)}${shownValue(each.feature)} ${verb} it by ${points} points`), svg);
      return line;
    });
    find("effects").replaceChildren(...lines);
    find("why").hidden = false;
  };
  const showNear = (found) => {
    const lines = found.tracks.map((each) => {
      const line = element("li", `${each.track} `);
      line.append(element("span", `by ${each.artist}`, { class: "by" }), " ", element("span", each.genre, { class: "genre" }));
      return line;
    });
    find("near").replaceChildren(...lines);
  };

  let isAsking = false;
  let isStale = false;
  let resting = 0;
  let moves = 0;
  const update = async () => {
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    try {
      do {
        isStale = false;
        const found = await ask("api/predict", { champion: data.champion, row: row() });
        showBars(found.predictions[0]);
        find("bars").dataset.moves = moves;
        latest = found.predictions[0];
        problem(found.note || "");
      } while (isStale);
    } catch (error) {
      problem(error.message);
    } finally {
      isAsking = false;
    }
  };
  let latest = null;
  const rest = async () => {
    const asked = moves;
    const values = row();
    const address = new URLSearchParams({ champion: data.champion, ...values });
    history.replaceState(null, "", `?${address}`);
    if (latest) find("sentence").textContent = sentence(latest);
    try {
      const near = await ask("api/nearest", { champion: data.champion, row: values });
      if (asked === moves) showNear(near);
      const why = await ask("api/explain", { champion: data.champion, row: values });
      if (asked === moves) showEffects(why);
    } catch (error) {
      problem(error.message);
    }
  };
  const moved = () => {
    moves += 1;
    clearTimeout(resting);
    update().then(() => {
      clearTimeout(resting);
      resting = setTimeout(rest, REST);
    });
  };

  for (const input of inputs) {
    input.addEventListener("input", () => {
      showValue(input);
      find("track").hidden = true;
      moved();
    });
  }
  find("champion").addEventListener("change", (event) => event.target.form.submit());
  find("features").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!event.submitter || event.submitter.id !== "surprise") return;
    try {
      const found = await ask(`api/surprise?${new URLSearchParams({ champion: data.champion })}`);
      for (const input of inputs) {
        if (input.type === "checkbox") input.checked = found.row[input.dataset.feature] >= 0.5;
        else input.value = found.row[input.dataset.feature];
        showValue(input);
      }
      find("track").textContent = `This is “${found.track}” by ${found.artist}, labelled ${found.genre}.`;
      find("track").hidden = false;
      moved();
    } catch (error) {
      problem(error.message);
    }
  });
  rest();
}
