// The pages of moderators work without this file. It adds keys, choosing a whole page, and a claim that lasts while one works.
const control = document.querySelector("[data-keys]");
const box = control?.querySelector("input");

function wanted() {
  try { return localStorage.getItem("moderation-keys") !== "off"; } catch { return true; }
}

function show() {
  for (const key of document.querySelectorAll("[data-key] kbd")) key.hidden = !wanted();
}

if (control) {
  control.hidden = false;
  box.checked = wanted();
  box.addEventListener("change", () => {
    try { localStorage.setItem("moderation-keys", box.checked ? "on" : "off"); } catch { /* not kept */ }
    show();
  });
  show();
}

// One press, one decision: the page that follows shows another case.
let sent = false;
document.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
window.addEventListener("pageshow", () => { sent = false; });

function move(step) {
  const links = [...document.querySelectorAll("[data-queue] a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const here = at < 0 ? links.findIndex((link) => link.ariaCurrent) : at;
  links[Math.min(Math.max(here + step, 0), links.length - 1)].focus();
}

// Where they stand on the keyboard, so that P is P while Hangul is typed.
const own = {
  KeyJ: () => move(1),
  KeyK: () => move(-1),
  KeyW: () => document.querySelector("[data-decide] textarea")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("textarea, input, select")) return event.target.blur();
  const field = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (!(box?.checked ?? wanted()) || field || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "?" && control) {
    control.open = !control.open;
    control.querySelector("summary").focus();
    return event.preventDefault();
  }
  if (event.shiftKey) return;
  const button = document.querySelector(`[data-key="${event.code}"]:not(:disabled)`);
  if (!button && !own[event.code]) return;
  event.preventDefault();
  if (button) button.click();
  else own[event.code]();
});

const all = document.querySelector("[data-choose-all]");
if (all) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const one of document.querySelectorAll("[name=case]")) one.checked = all.querySelector("input").checked;
  });
}

// Who is writing is working: the claim is asked for again, at most every four minutes.
const held = document.querySelector("[data-claim]");
let asked = performance.now();
if (held) {
  document.querySelector("[data-decide]")?.addEventListener("input", () => {
    if (performance.now() - asked < 240_000) return;
    asked = performance.now();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", held.querySelector("[name=csrfmiddlewaretoken]").value);
    fetch(held.dataset.claim, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  });
}
