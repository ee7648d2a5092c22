// Shows the API's description with Swagger UI, which comes from a package and stays on this host.
"use strict";

const place = document.getElementById("api-docs");

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  plugins: [() => ({ wrapComponents: { InfoContainer: () => () => null } })], // our page has its heading
  onComplete: () => place.removeAttribute("aria-busy"),
  validatorUrl: null, // it would ask another host
  requestInterceptor(request) {
    if (!["GET", "HEAD", undefined].includes(request.method)) {
      request.headers["X-CSRFToken"] = place.dataset.csrf;
    }
    return request;
  },
});
