// Shows what needs a passkey only where the browser can use one, and says so in words when one fails.

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = true;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // told here, in words, instead of in the console
  const trouble = document.getElementById("passkey-trouble");
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest" });
});
