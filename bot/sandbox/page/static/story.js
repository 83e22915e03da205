// The guided story: what each step tells, what can be clicked for it, and how one sees that it was done.
//
// `mark` is how much there was when the chapter began: a step looks only at what came since.

const LEAD = "team-lead";

const pagesSince = (store, mark) => store.pagerduty.incidents.slice(mark.incidents);
const toldSince = (store, mark) => store.pagerduty.notifications.slice(mark.notifications);
const declared = (store, mark) => pagesSince(store, mark).length > 0;
const answered = (store, mark) => declared(store, mark) && pagesSince(store, mark).every((incident) => incident.status !== "triggered");
const leadPaged = (store, mark) => toldSince(store, mark).some((one) => one.tier === LEAD);
const paymentFails = (store) => store.prometheus?.services.some((service) => service.name === "payment" && service.error_ratio > 0.1) ?? false;
const asked = (store, mark) => budgetsIn(store) > (mark.budgets ?? 0);
const decided = (store, mark) => gatesIn(store) > (mark.gates ?? 0);
const down = (store) => store.bot.state === "down";
const running = (store) => store.bot.state === "running";

const VERDICT = /^\S+ (OK|AT RISK|PAGING|SPENT|UNKNOWN) · /;
const PERMISSION = /^\S+ (SHIP|CAUTION|HOLD|UNKNOWN) · /;
// A run's card in words: its label, and how many of its items are settled.
const REVIEW = /\(C\d+\): (?:[a-z ]+, )*(\d+) of \d+ done/;
const count = (messages, pattern) => messages.filter((message) => pattern.test(message.text ?? "")).length;

const messagesOf = (store) => [...store.channels.values()].flatMap((channel) => [...channel.messages.values()]);

/** How many answers to /slo SERVICE there are to be seen. */
export const budgetsIn = (store) => count(messagesOf(store), VERDICT);
/** How many answers to /slo gate there are. */
export const gatesIn = (store) => count([...store.ephemerals.values()].map(({ message }) => message), PERMISSION);

const reviewsOf = (store) => messagesOf(store).map((message) => REVIEW.exec(message.text ?? "")).filter(Boolean);
/** How many reviews have been posted. */
export const reviewsIn = (store) => reviewsOf(store).length;
/** How many of their items are checked off. */
export const checksIn = (store) => reviewsOf(store).reduce((sum, [, settled]) => sum + Number(settled), 0);

export const STEPS = [
  {
    name: "declare",
    chapter: true,
    title: "Declare an incident",
    text: ["Something is broken. Write it where you talk anyway:", { code: "/incident p0 checkout is down" }],
    acts: [{ label: "Send it for me", command: "/incident p0 checkout is down" }],
    panel: "conversation",
    control: "#composer-text",
    done: declared,
  },
  {
    name: "paged",
    title: "Ana is being paged",
    text: ["Her phone rings: look under PagerDuty. The channel has the incident's card, which is kept up to date."],
    acts: [{ label: "Seen", next: true }],
    panel: "side",
    part: "paging",
    done: (store, mark) => leadPaged(store, mark) || answered(store, mark),
  },
  {
    name: "wait",
    title: "Nobody answers",
    text: ["For a P0, the guide gives on-call 15 minutes. Let them pass: Lee, the team lead, is paged."],
    acts: [{ label: "+15 min", advance: 15 }],
    panel: "side",
    part: "paging",
    done: (store, mark) => leadPaged(store, mark) || answered(store, mark),
  },
  {
    name: "acknowledge",
    title: "Acknowledge",
    text: ["On the card in Slack, or in PagerDuty as the person who is paged. Either stops the clock everywhere."],
    acts: [],
    panel: "conversation",
    control: "#messages .actions .primary",
    done: answered,
  },
  {
    name: "kill",
    chapter: true,
    title: "Now kill the bot",
    text: ["Declare another one, so that a page is due in 15 minutes, and then kill opsbot, as hard as it goes."],
    acts: [
      { label: "Declare “search is down”", command: "/incident p0 search is down", when: (store, mark) => !declared(store, mark) },
      { label: "kill -9", post: "/bot/kill", when: (store, mark) => declared(store, mark) && running(store) },
    ],
    panel: "side",
    part: "faults",
    done: (store, mark) => declared(store, mark) && down(store),
  },
  {
    name: "start",
    title: "Nothing is lost",
    text: ["The team lead's page comes due while opsbot is dead. Let the time pass, then start it: the page goes out, once."],
    acts: [{ label: "+15 min", advance: 15, when: down }, { label: "Start opsbot", post: "/bot/start", when: down }],
    panel: "side",
    part: "faults",
    done: (store, mark) => running(store) && leadPaged(store, mark),
  },
  {
    name: "resolve",
    title: "Resolve",
    text: ["All is well again: resolve both incidents, on their cards in Slack. PagerDuty follows."],
    acts: [],
    panel: "conversation",
    control: "#messages .actions .danger",
    done: (store) => store.pagerduty.incidents.length > 0 && store.pagerduty.incidents.every((incident) => incident.status === "resolved"),
  },
  {
    name: "alert",
    chapter: true,
    title: "Monitoring speaks up",
    text: ["Alertmanager sends an alert. It gets a card; this one is critical for payment, so the guide has Ana paged."],
    acts: [{ label: "Send the alert", post: "/alertmanager/fire", body: { name: "payment-errors" } }],
    panel: "side",
    part: "alerts",
    done: declared,
  },
  {
    name: "take",
    title: "Take the alert",
    text: ["Acknowledge it on its card: the paging ends, and everybody sees who has it. Its menu silences it, or declares an incident."],
    acts: [],
    panel: "conversation",
    control: "#messages .actions .primary",
    done: answered,
  },
  {
    name: "budget",
    chapter: true,
    title: "Is there budget to ship?",
    text: ["A service may fail a little, and that little is its error budget. Ask how much of it is left:", { code: "/slo payment" }],
    acts: [{ label: "Ask for me", command: "/slo payment" }],
    panel: "conversation",
    control: "#composer-text",
    done: asked,
  },
  {
    name: "break",
    title: "Now break it",
    text: ["From now on a fifth of its requests fail: for 99.99 %, that is two thousand times as fast as it may."],
    acts: [{ label: "Break payment", post: "/prometheus/service", body: { name: "payment", error_ratio: 0.2 } }],
    panel: "side",
    part: "services",
    done: paymentFails,
  },
  {
    name: "gate",
    title: "May we ship now?",
    text: ["Let a minute pass, for Prometheus to see it, and ask:", { code: "/slo gate payment" }, ". Then mend it, under Services."],
    acts: [{ label: "+1 min", advance: 1 }, { label: "Ask the gate", command: "/slo gate payment" }],
    panel: "conversation",
    control: "#composer-text",
    done: decided,
  },
  {
    name: "morning",
    chapter: true,
    title: "The next morning",
    text: ["At 09:15 the day's reviews are posted by themselves, with the numbers to look at, and what they were a week ago."],
    acts: [{ label: "Go there", post: "/clock", body: { to: "next-morning" } }],
    panel: "conversation",
    control: "#messages .accessory button",
    done: (store, mark) => reviewsIn(store) > (mark.reviews ?? 0),
  },
  {
    name: "check",
    title: "Check it off",
    text: ["Is an item as it should be? Press Done beside it: the card counts along, for everybody. If not, “Problem…” follows it until it is solved."],
    acts: [],
    panel: "conversation",
    control: "#messages .accessory button",
    done: (store, mark) => checksIn(store) > (mark.checks ?? 0),
  },
  {
    name: "home",
    title: "What is yours",
    text: ["opsbot's Home tab shows what waits for you, what is open, and how the budgets stand. It keeps up by itself."],
    acts: [{ label: "Open it", home: true }],
    panel: "home",
    done: (store) => store.tab === "home" && Boolean(store.channels.get(store.current)?.is_im),
  },
];

/** What else there is to try, for the end: a text, and where it begins (see `lead` in guide.js). */
export const MORE = [
  { text: "/incident alone opens a form", write: "/incident" },
  { text: "Declare from a message: its menu", at: "#messages .message [aria-label='Message menu']" },
  { text: "Practise: /incident drill …", write: "/incident drill p0 checkout is down" },
  { text: "Take a role: /incident role …", write: "/incident role scribe" },
  { text: "As Sam, declare “security: …”; then be Ana", at: "#act-as" },
  { text: "Be Gus, a guest, and try to acknowledge", at: "#act-as" },
  { text: "Take Slack down, and declare", part: "faults" },
  { text: "Send a storm of alerts", part: "alerts" },
  { text: "Silence an alert, and list: /alerts", write: "/alerts" },
  { text: "All budgets, the worst first: /slo", write: "/slo" },
  { text: "What to do, step by step: /runbook payment", write: "/runbook payment" },
  { text: "A review off schedule: /checklist run …", write: "/checklist run dr-testing" },
  { text: "Declare a P3, then go to the next morning", write: "/incident p3 search is slow" },
];
