// The counters of the cut test: one more, one less, and how many are missing of a hundred. Without
// this file the boxes are plain numbers.

const HUNDRED = 100;

for (const form of document.querySelectorAll("[data-cut-test]")) {
  const boxes = [...form.querySelectorAll("[data-beans]")];
  const total = form.querySelector("[data-total]");
  const sum = form.querySelector("[data-sum]");
  const left = form.querySelector("[data-left]");
  const review = form.querySelector("[data-review]");

  const beans = (box) => Math.max(0, Number.parseInt(box.value, 10) || 0);

  const tell = () => {
    const counted = boxes.reduce((all, box) => all + beans(box), 0);
    const missing = HUNDRED - counted;
    sum.value = String(counted);
    total.classList.toggle("is-whole", missing === 0);
    total.classList.toggle("is-over", missing < 0);
    if (missing === 0) left.textContent = left.dataset.saysDone;
    else if (Math.abs(missing) <= Number(left.dataset.apart)) left.textContent = left.dataset.saysNear;
    else left.textContent = `${missing > 0 ? left.dataset.saysLeft : left.dataset.saysOver} ${Math.abs(missing)}`;
  };

  for (const button of form.querySelectorAll("[data-step]")) {
    const box = document.getElementById(button.dataset.for);
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = beans(box) + Number(button.dataset.step);
      box.value = next > 0 ? String(next) : "";
      box.dispatchEvent(new Event("input", { bubbles: true }));
      navigator.vibrate?.(10);
    });
  }

  form.addEventListener("input", () => {
    tell();
    if (review) review.hidden = true; // what was looked at is no longer what is written
  });
  total.hidden = false;
  tell();
}
