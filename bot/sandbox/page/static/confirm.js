// Block Kit's confirmation dialogue.

import { h } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

/** Ask what `confirm` asks; resolves to whether the person agreed. Without a question it is agreed. */
export function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const agree = h("button", { value: "yes", class: confirm.style === "danger" ? "danger" : "primary" }, plain(confirm.confirm) || "Yes");
    const dialog = h(
      "dialog",
      { class: "confirm", "aria-labelledby": "confirm-title" },
      h(
        "form",
        { method: "dialog" },
        h("h2", { id: "confirm-title" }, plain(confirm.title)),
        h("p", {}, textObject(confirm.text)),
        h("footer", {}, h("button", { value: "" }, plain(confirm.deny) || "Cancel"), agree),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    agree.focus();
  });
}
