// Before anything is drawn: the colours that the person chose, so that the page does not flash.
// Not a module, as those run later.

document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "auto";
