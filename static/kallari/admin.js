// Small helps on the admin's forms. Without this script every form still works.

for (const form of document.querySelectorAll("form.warn-unsaved")) {
  let typed = false;
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (leaving) => {
    if (typed) leaving.preventDefault();
  });
}
