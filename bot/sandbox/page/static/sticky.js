// A list of messages that stays at its end while one is there, whatever comes or grows.

const NEAR = 80;

/** `scrolled()` is called after the person has scrolled, `resized()` when the list's own height has changed. */
export function sticky(list, { scrolled = () => {}, resized = () => {} } = {}) {
  let pinned = true;
  let top = 0;
  const near = () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  const follow = () => {
    if (pinned) list.scrollTop = list.scrollHeight;
  };
  list.addEventListener("scroll", () => {
    // What grows takes the end away without a step up: only the person goes up.
    if (list.scrollTop < top - 1 || !pinned) pinned = near();
    top = list.scrollTop;
    scrolled();
  });
  list.addEventListener("load", follow, true); // a picture has come
  new ResizeObserver(() => {
    follow();
    resized();
  }).observe(list);
  return {
    near,
    follow,
    /** Go to the end, and stay there. */
    end() {
      pinned = true;
      follow();
    },
    /** Where the list stands now is where the person wants to be. */
    settle() {
      pinned = near();
      top = list.scrollTop;
    },
    get pinned() {
      return pinned;
    },
  };
}
