/* Shows the status of the newest run, which is written beside the pages after they are; runs before the page is drawn. */
"use strict";

(() => {
  const band = document.getElementById("status");
  if (typeof window.genrelabStatus === "string") band.innerHTML = window.genrelabStatus;
  const needs = new Set(band.dataset.needs.split(" "));
  for (const failure of band.querySelectorAll("[data-affects]")) {
    failure.classList.toggle("here", failure.dataset.affects.split(" ").some((name) => needs.has(name)));
  }
})();
