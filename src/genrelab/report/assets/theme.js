/* Before anything is painted: the theme the reader chose, else the one of the system. */
"use strict";
try {
  const chosen = localStorage.getItem("genrelab-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // A browser may forbid storage to files on disk: the system's theme is used then.
}
