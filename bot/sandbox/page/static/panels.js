// On a narrow screen one of the three panels is seen at a time.

const buttons = [...document.querySelectorAll("[data-show]")];

export function showPanel(name) {
  document.body.dataset.panel = name;
  for (const button of buttons) {
    if (button.dataset.show === name) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

export function startPanels() {
  for (const button of buttons) button.addEventListener("click", () => showPanel(button.dataset.show));
}
