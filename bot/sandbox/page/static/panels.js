// Which panels are seen: on a phone one of three, on a medium screen the side as a drawer.

const buttons = [...document.querySelectorAll("[data-show]")];
const side = document.getElementById("side");
const toggle = document.getElementById("side-toggle");
const medium = matchMedia("(min-width: 761px) and (max-width: 1199px)");

export function showPanel(name) {
  document.body.dataset.panel = name;
  for (const button of buttons) {
    if (button.dataset.show === name) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

/** Open or close the drawer. */
function drawer(open) {
  document.body.dataset.drawer = open ? "open" : "closed";
  toggle.setAttribute("aria-expanded", String(open));
}

/** Make the side seen, wherever it is. */
export function showSide() {
  showPanel("side");
  if (medium.matches) drawer(true);
}

/** Make the conversation seen. */
export function showConversation() {
  showPanel("conversation");
  if (medium.matches) drawer(false);
}

function closeDrawer() {
  if (!medium.matches || document.body.dataset.drawer !== "open") return;
  const within = side.contains(document.activeElement);
  drawer(false);
  if (within) toggle.focus();
}

export function startPanels() {
  for (const button of buttons) button.addEventListener("click", () => showPanel(button.dataset.show));
  drawer(false);
  toggle.addEventListener("click", () => {
    const open = document.body.dataset.drawer !== "open";
    drawer(open);
    if (open) side.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) closeDrawer();
  });
  document.querySelector('.skip[href="#side"]').addEventListener("click", showSide);
  document.querySelector('.skip[href="#composer-text"]').addEventListener("click", showConversation);
}
