// A person's or the app's picture.

import { h } from "./dom.js";
import { name, store } from "./store.js";

export function avatar(user) {
  if (user === store.bot_user) return h("img", { class: "avatar", src: "/static/icon.svg", alt: "" });
  const initials = name(user).split(" ").map((word) => word[0]).join("").slice(0, 2);
  const hue = [...user].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 6, 7);
  return h("span", { class: `avatar hue${hue}`, "aria-hidden": "true" }, initials);
}
