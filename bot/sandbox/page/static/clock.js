// The sandbox's time, and moving it on.

import { post } from "./api.js";
import { length, renderAges } from "./ages.js";
import { fill, h } from "./dom.js";
import { action, say } from "./side.js";
import { now, store } from "./store.js";
import { day, time } from "./when.js";

const MINUTE = 60_000;
const OFFICE = "America/New_York";
const STEPS = [["+1 min", MINUTE], ["+15 min", 15 * MINUTE], ["+1 h", 60 * MINUTE]];

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zoneName = (zone, at) => new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).formatToParts(at).find((part) => part.type === "timeZoneName").value;
const secondsOf = new Intl.DateTimeFormat("en-GB", { second: "2-digit" });
const inOffice = new Intl.DateTimeFormat("en-GB", { timeZone: OFFICE, weekday: "short", hour: "2-digit", minute: "2-digit" });

const hours = h("span", {});
const seconds = h("small", { "aria-hidden": "true" });
const zone = h("abbr", { class: "zone" });
const date = h("span", { class: "date" });
const office = h("span", {});
const ahead = h("p", { class: "ahead" });

export function startClock() {
  const moved = async (step) => {
    const clock = await post("/clock", step);
    say(`It is ${time(new Date(clock.now))}, ${day(new Date(clock.now))}.`);
  };
  const steps = STEPS.map(([label, step]) => action(label, label, "", () => moved({ advance_ms: step })));
  const morning = action("Next morning", "morning", "", () => moved({ to: "next-morning" }), { title: "09:16 in New York on the next day from Monday to Friday: the day's first reviews have just been posted" });
  fill(
    document.getElementById("clock"),
    h("div", { class: "face" }, h("p", { class: "time" }, hours, seconds, " ", zone), h("p", { class: "about" }, date, office)),
    ahead,
    h("div", { class: "steps", role: "group", "aria-label": "Move the clock on" }, steps, morning),
  );
  setInterval(() => {
    renderClock();
    renderAges();
  }, 1000);
}

export function renderClock() {
  const at = new Date(now());
  hours.textContent = time(at);
  seconds.textContent = `:${secondsOf.format(at).padStart(2, "0")}`;
  zone.textContent = zoneName(here, at);
  zone.title = here;
  date.textContent = day(at);
  office.textContent = here === OFFICE ? "" : `${inOffice.format(at)} in New York`;
  office.title = `${OFFICE}: the guide's time zone`;
  ahead.textContent = store.offset >= MINUTE ? `${length(store.offset)} ahead of this machine` : "As on this machine";
  ahead.classList.toggle("moved", store.offset >= MINUTE);
}
