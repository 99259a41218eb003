/* Lights the ribbons of one name of a chord diagram: under the pointer, with the focus, or kept by a click.

   Conventions: the drawing is complete without this script. Arrows go from name to name, Enter keeps one; Escape and the
   button "All" show everything again. The kept name is also shown by the chart that the figure names in data-bars. */
"use strict";

function listenTo(figure) {
  const buttons = [...figure.querySelectorAll(".names button")];
  const marks = [...figure.querySelectorAll("svg [data-from]")];
  const says = figure.querySelector(".says");
  const saysAll = says.textContent;
  const bars = figure.dataset.bars && document.querySelector(`[id="${figure.dataset.bars}"] select`);
  let kept = "";

  /** Light everything that leaves a name, and show faintly what comes to it; with `to`, one ribbon alone. */
  function light(from, to) {
    figure.classList.toggle("lit", from !== "");
    for (const mark of marks) {
      const isOne = to === undefined || mark.dataset.to === to;
      mark.classList.toggle("on", mark.dataset.from === from && (isOne || !mark.dataset.to));
      mark.classList.toggle("comes", to === undefined && from !== "" && mark.dataset.to === from);
    }
    const button = buttons.find((one) => one.dataset.from === from);
    says.textContent = button ? button.dataset.says : saysAll;
  }

  /** One stop of the Tab key; arrows go on from it. */
  function stopAt(button) {
    for (const one of buttons) one.tabIndex = one === button ? 0 : -1;
  }

  function press(from) {
    kept = from;
    for (const button of buttons) button.setAttribute("aria-pressed", String((button.dataset.from || "") === from));
    light(from);
  }

  function keep(from) {
    press(from);
    if (!bars || from === "" || bars.value === from) return;
    bars.value = from;
    bars.dispatchEvent(new Event("change", { bubbles: true }));
  }

  stopAt(buttons[0]);
  const toggle = (from) => keep(from === kept ? "" : from);
  for (const button of buttons) {
    const from = button.dataset.from || "";
    button.disabled = false;
    button.addEventListener("pointerenter", () => light(from));
    button.addEventListener("pointerleave", () => light(kept));
    button.addEventListener("focus", () => {
      stopAt(button);
      light(from);
    });
    button.addEventListener("blur", () => light(kept));
    button.addEventListener("click", () => toggle(from));
  }
  for (const mark of marks) {
    const { from, to } = mark.dataset;
    mark.addEventListener("pointerenter", () => {
      light(from, to);
      if (to !== undefined) says.textContent = mark.querySelector("title").textContent;
    });
    mark.addEventListener("pointerleave", () => light(kept));
    mark.addEventListener("click", () => toggle(from));
  }
  figure.addEventListener("keydown", (event) => {
    if (event.key === "Escape") keep("");
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length].focus();
  });
  if (bars) bars.addEventListener("change", () => press(bars.value));
  const asked = new URLSearchParams(location.search).get(figure.dataset.bars || "");
  if (buttons.some((button) => button.dataset.from === asked)) press(asked);
}

for (const figure of document.querySelectorAll("figure.chord")) listenTo(figure);
