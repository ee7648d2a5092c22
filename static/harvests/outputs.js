// Shows the yield while what came out is typed, beside what is expected. Without it the server says
// the same when it is sent.

const form = document.querySelector("[data-outputs]");

/** A number as people type it: 60,5 or 60.5 or 1.060,5; nothing is none. */
const typed = (field) => {
  const [whole, ...rest] = (field?.value ?? "").trim().split(/[.,](?=[^.,]*$)/);
  const told = Number.parseFloat([whole.replace(/[.,]/g, ""), ...rest].join("."));
  return Number.isFinite(told) ? told : 0;
};

if (form) {
  const box = form.querySelector("[data-yield]");
  const part = box.querySelector("[data-yield-part]");
  const says = box.querySelector("[data-yield-says]");
  const words = new Map(
    [...form.querySelectorAll("[data-words] dt")].map((one) => [
      one.textContent.trim(),
      one.nextElementSibling.textContent.trim(),
    ]),
  );
  const kilosPer = new Map(
    [...form.querySelectorAll("[data-unit]")].map((one) => [
      one.dataset.unit,
      Number.parseFloat(one.dataset.kg),
    ]),
  );
  const expected = new Map(
    [...form.querySelectorAll("[data-form]")].map((one) => [one.dataset.form, one.dataset]),
  );
  const number = new Intl.NumberFormat(document.documentElement.lang || "es", {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
  });
  const taken = Number.parseFloat(form.dataset.in);
  const before = Number.parseFloat(form.dataset.out);

  const kilos = (row) => {
    const field = (name) => row.querySelector(`[name$="-${name}"]`);
    const piece = Number.parseFloat(expected.get(field("form").value)?.piece || "0");
    const weighed = typed(field("quantity")) * (kilosPer.get(field("unit").value) ?? 1);
    return (weighed || typed(field("pieces")) * piece) - typed(field("added_kg"));
  };

  const show = () => {
    const rows = [...form.querySelectorAll("[data-output]")].map((row) => [
      row.querySelector('[name$="-form"]').value,
      kilos(row),
    ]);
    const out = before + rows.reduce((sum, [, kg]) => sum + kg, 0);
    const [main] = rows.reduce((best, one) => (one[1] > best[1] ? one : best), ["", 0]);
    box.hidden = out <= before;
    if (box.hidden) return;
    const yielded = out / taken;
    const band = expected.get(main);
    let state = "unknown";
    if (out > taken + 0.0005) state = "more";
    else if (band?.low) {
      if (yielded < Number.parseFloat(band.low) - 0.00005) state = "low";
      else if (yielded > Number.parseFloat(band.high) + 0.00005) state = "high";
      else state = "usual";
    }
    part.textContent = number.format(yielded);
    says.textContent = words.get(state);
    box.dataset.state = state;
  };

  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}
