// The controls of a message or view that hold values, and keeping what was entered when it is drawn anew.

/** Every control in `root` that holds a value, with the key under which its value is told: block_id or action_id. */
export function fieldsIn(root) {
  const fields = [...root.querySelectorAll("[data-field]")].filter((field) => !field.closest(".attachment"));
  const inBlock = (block) => fields.filter((field) => field.closest(".block") === block).length;
  return fields.map((field) => {
    const block = field.closest(".block");
    return [inBlock(block) === 1 ? block.dataset.block : field.dataset.field, field];
  });
}

/** What stands in the controls of `root`, by key. */
export const valuesIn = (root) => Object.fromEntries(fieldsIn(root).map(([key, field]) => [key, field.read()]));

const keyed = (root) => new Map(fieldsIn(root).map(([, field]) => [`${field.closest(".block").dataset.block} ${field.dataset.field}`, field]));

/** Draw `root` anew by `draw`; what was entered into a control that is still there stays, and the focus. */
export function redraw(root, draw) {
  const before = keyed(root);
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const caret = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  draw();
  for (const [key, field] of keyed(root)) if (before.has(key)) copy(before.get(key), field);
  const focus = active?.dataset.focus;
  if (!focus || root.contains(document.activeElement)) return;
  const next = root.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
  next?.focus({ preventScroll: true });
  if (caret?.[0] !== null && caret && next?.setSelectionRange && /^(text|search|url|tel|textarea)$/.test(next.type)) next.setSelectionRange(...caret);
}

function copy(from, to) {
  if (from.tagName !== "FIELDSET") {
    if (to.tagName !== "SELECT" || [...to.options].some((option) => option.value === from.value)) to.value = from.value;
    return;
  }
  const ticked = new Map([...from.querySelectorAll("[type=checkbox], [type=radio]")].map((box) => [box.value, box.checked]));
  for (const box of to.querySelectorAll("[type=checkbox], [type=radio]")) if (ticked.has(box.value)) box.checked = ticked.get(box.value);
}
