// Adds up what is ticked on the page where a process is filled, says which certification comes of
// it, and asks about mixing only where something is mixed. Without it the server says the same.

const form = document.querySelector("[data-fill]");

/** A number as people type it: 60,5 or 60.5 or 1.060,5. */
const typed = (text) => {
  const [whole, ...rest] = text.trim().split(/[.,](?=[^.,]*$)/);
  return Number.parseFloat([whole.replace(/[.,]/g, ""), ...rest].join("."));
};

if (form) {
  const says = form.querySelector("[data-fill-says]");
  const [kg, count, named] = ["kg", "count", "class"].map((one) =>
    form.querySelector(`[data-fill-${one}]`),
  );
  const mixed = form.querySelector(".fill-mixed");
  const names = new Map(
    [...form.querySelectorAll("[data-class-names] dt")].map((one) => [
      one.textContent.trim(),
      one.nextElementSibling.textContent.trim(),
    ]),
  );
  const strongestFirst = [...names.keys()];
  const inside = form.querySelector("[data-in-class]")?.value;
  const number = new Intl.NumberFormat(document.documentElement.lang || "es", {
    maximumFractionDigits: 3,
    useGrouping: "always",
  });

  const show = () => {
    const classes = new Set(inside ? [inside] : []);
    let sum = 0;
    let ticked = 0;
    for (const row of form.querySelectorAll(".fill-row")) {
      const isIn = row.querySelector("input[type=checkbox]").checked;
      row.classList.toggle("fill-in", isIn);
      if (!isIn) continue;
      ticked += 1;
      classes.add(row.dataset.class);
      const field = row.querySelector("input[name^=kg-]");
      const told = field ? typed(field.value) : Number.NaN;
      sum += Number.isFinite(told) ? told : Number.parseFloat(row.dataset.left);
    }
    const ranks = [...classes].map((one) => strongestFirst.indexOf(one));
    says.hidden = false;
    kg.textContent = `${number.format(sum)} kg`;
    count.textContent = number.format(ticked);
    named.textContent = ranks.length ? names.get(strongestFirst[Math.max(...ranks)]) : "";
    mixed.hidden = classes.size < 2;
  };

  form.addEventListener("change", show);
  form.addEventListener("input", (event) => {
    const row = event.target.closest(".fill-row");
    if (row && event.target.name.startsWith("kg-")) {
      row.querySelector("input[type=checkbox]").checked = event.target.value.trim() !== "";
    }
    show();
  });
  show();
}
