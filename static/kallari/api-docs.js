// Shows the API's description with Swagger UI, which comes from a package and stays on this host.
// What Swagger UI says in English is said in the reader's language, word for word, from the page.
"use strict";

const place = document.getElementById("api-docs");
const words = new Map(
  Array.from(document.querySelectorAll("#api-docs-words [data-english]"), (item) => [
    item.dataset.english,
    item.textContent.trim(),
  ]),
);

function translate(root) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const translated = words.get(text.data.trim());
    if (translated && !text.parentElement.closest("code, pre, textarea, .microlight")) {
      text.data = text.data.replace(text.data.trim(), translated);
    }
  }
}

const watcher = new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      translate(node.nodeType === Node.TEXT_NODE ? node.parentElement ?? node : node);
    }
    if (change.type === "characterData" && change.target.parentElement) {
      translate(change.target.parentElement);
    }
  }
});
if (words.size > 0) {
  watcher.observe(place, { childList: true, characterData: true, subtree: true });
}

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const followScheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followScheme);
followScheme();

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "none", // two hundred operations drawn at once take a slow machine half a minute
  defaultModelsExpandDepth: -1,
  validatorUrl: null, // it would ask another host
  onComplete: () => place.setAttribute("aria-busy", "false"),
  requestInterceptor(request) {
    if (!["GET", "HEAD", undefined].includes(request.method)) {
      request.headers["X-CSRFToken"] = place.dataset.csrf;
    }
    return request;
  },
});
