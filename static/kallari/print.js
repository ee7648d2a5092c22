// Shows the buttons marked data-print, which open the browser's own print dialog.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
