// Who acts: a select, so that every keyboard and screen reader can use it, with as much of each person as
// the browser shows in one.

import { fill, h } from "./dom.js";
import { actAs, isPerson, store } from "./store.js";

const who = document.getElementById("act-as");

// By the people's names in the stand-in's workspace. Others have their title alone.
const PARTS = {
  ana: "Is paged first; acknowledges and resolves",
  lee: "Is paged when on-call does not acknowledge; reads #leadership",
  dia: "Is paged last; reads #leadership and #security-incidents",
  sam: "Reads #security-incidents, which is private",
  kim: "Is never paged; reads what #leadership is told",
  gus: "May look on, and not act",
};

export function startActing() {
  who.addEventListener("change", async () => {
    await actAs(who.value);
    setTimeout(toWriting); // once all is drawn for that person
  });
}

/** Who was chosen goes on to write; letters typed into the select would choose somebody else. */
function toWriting() {
  const left = document.activeElement !== who && document.activeElement !== document.body;
  if (left || matchMedia("(pointer: coarse)").matches) return; // it would bring up a phone's keyboard
  const [place] = ["#composer-text", "#messages"].map((one) => document.querySelector(one)).filter((one) => one.offsetParent);
  place?.focus();
}

export function renderActing() {
  const people = [...store.users.values()].filter((user) => isPerson(user));
  const sign = people.map((user) => `${user.id} ${user.real_name} ${user.profile.title}`).join();
  if (who.dataset.sign !== sign) {
    // The select's own button, its first child, shows who is chosen where the browser can.
    fill(who, who.querySelector("button"), people.map(choice));
    who.dataset.sign = sign;
  }
  if (who.value !== store.me) who.value = store.me;
}

function choice(user) {
  const role = [user.profile.title, user.is_restricted && "guest"].filter(Boolean).join(", ");
  const part = PARTS[user.name];
  return h(
    "option",
    { value: user.id },
    // By style sheet, as a browser that shows text alone would put the initials before the name.
    h("span", { class: `face-of hue${hue(user.id)}`, "aria-hidden": "true", data: { initials: initials(user.real_name) } }),
    h("span", { class: "person" }, h("b", {}, user.real_name), h("span", { class: "role" }, ` · ${role}`), part && h("span", { class: "sees" }, ` ${part}.`)),
  );
}

const initials = (name) => name.split(" ").map((word) => word[0]).join("").slice(0, 2);
const hue = (id) => [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 6, 7);
