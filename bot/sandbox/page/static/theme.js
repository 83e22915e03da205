// Dark, light, or as the machine has it; kept.

const ORDER = ["auto", "light", "dark"];
const WORDS = { auto: "as this machine", light: "light", dark: "dark" };
const button = document.getElementById("theme");
const root = document.documentElement;

function apply(theme) {
  root.dataset.theme = theme;
  localStorage.setItem("theme", theme);
  button.setAttribute("aria-label", `Colours: ${WORDS[theme]}`);
  button.title = `Colours: ${WORDS[theme]}`;
}

const next = () => ORDER[(ORDER.indexOf(root.dataset.theme) + 1) % ORDER.length];

export function startTheme() {
  apply(ORDER.includes(root.dataset.theme) ? root.dataset.theme : "auto");
  button.addEventListener("click", () => apply(next()));
}
