// Adds up what is ticked on the pages where settlements are approved, or paid by one transfer. Without
// it the server says what all of them are worth.

const form = document.querySelector("[data-approving]");

if (form) {
  const says = form.querySelector("[data-ticked]");
  const [count, sum] = ["count", "usd"].map((one) => form.querySelector(`[data-ticked-${one}]`));
  const language = document.documentElement.lang || "es";
  const number = new Intl.NumberFormat(language, { useGrouping: "always" });
  const money = new Intl.NumberFormat(language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    useGrouping: "always",
  });

  const show = () => {
    const ticked = [...form.querySelectorAll("input[name=settlement]:checked")];
    const cents = ticked.reduce((all, one) => all + Math.round(Number(one.dataset.usd) * 100), 0);
    says.hidden = false;
    count.textContent = number.format(ticked.length);
    sum.textContent = money.format(cents / 100);
  };

  form.addEventListener("change", show);
  show();
}
