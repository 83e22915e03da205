// Making and updating elements. What comes from outside only ever becomes text.

/** An element with properties and children; strings become text, null and false nothing. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "class") element.className = value;
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replace a container's children, keeping the focus on the element with the same `data-focus`. */
export function fill(container, ...children) {
  const focus = focusIn(container);
  container.replaceChildren(...children.flat(Infinity).filter(Boolean));
  refocus(container, focus);
}

/**
 * Show `items` ({key, sign, build}) in a container. An item whose `sign` is as before keeps its element, so
 * that what a person is doing there is not disturbed.
 */
export function reconcile(container, items) {
  const known = (container.shown ??= new Map());
  const focus = focusIn(container);
  const keys = new Set(items.map((item) => item.key));
  for (const [key, { element }] of known) {
    if (!keys.has(key)) {
      element.remove();
      known.delete(key);
    }
  }
  let before = container.firstChild;
  for (const { key, sign, build } of items) {
    const old = known.get(key);
    if (old?.sign === sign) {
      if (old.element === before) before = before.nextSibling;
      else container.insertBefore(old.element, before);
      continue;
    }
    const element = build();
    known.set(key, { sign, element });
    if (old?.element === before) before = before.nextSibling;
    old?.element.remove();
    container.insertBefore(element, before);
  }
  refocus(container, focus);
}

function focusIn(container) {
  const active = document.activeElement;
  return container.contains(active) ? active.dataset.focus : undefined;
}

function refocus(container, focus) {
  if (focus === undefined || container.contains(document.activeElement)) return;
  container.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
}

/**
 * Say at the page's edge that something went wrong, or (`good`) that it was done. While a modal is open it is
 * said there, as nothing outside of it can be read.
 */
export function notice(text, tone = "") {
  const line = h("p", { class: `notice ${tone}`, role: "alert" }, text, h("button", { type: "button", "aria-label": "Dismiss", onclick: () => line.remove() }, "×"));
  const modal = [...document.querySelectorAll("dialog[open] form")].at(-1);
  if (modal) modal.prepend(line);
  else document.getElementById("notices").append(line);
  setTimeout(() => line.remove(), 8000);
}

/** Do something that may fail; the control that started it is disabled meanwhile. */
export async function busy(control, action) {
  const place = document.activeElement === control && control.parentElement.closest("[id]");
  control.disabled = true;
  control.setAttribute("aria-busy", "true");
  try {
    return await action();
  } catch (error) {
    notice(error.message);
    return undefined;
  } finally {
    control.disabled = false;
    control.removeAttribute("aria-busy");
    if (place && document.activeElement === document.body) focusAgain(control, place);
  }
}

// What is disabled loses the focus; it, or what was drawn in its place meanwhile, has it back.
function focusAgain(control, place) {
  const focus = control.dataset.focus;
  const there = control.isConnected ? control : focus && place.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
  if (there) there.focus({ preventScroll: true });
}
