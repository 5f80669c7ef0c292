// The deck works without this file. It adds keys: 1, 2, 3 or the arrows to vote, U to undo. They can be switched off.
const deck = document.querySelector("[data-deck]");
const control = document.querySelector("[data-deck-keys]");

function wanted() {
  try { return localStorage.getItem("deck-keys") !== "off"; } catch { return true; }
}

if (deck && control) {
  const box = control.querySelector("input");
  control.hidden = false;
  for (const key of deck.querySelectorAll("kbd[hidden]")) key.hidden = false;
  box.checked = wanted();
  box.addEventListener("change", () => {
    try { localStorage.setItem("deck-keys", box.checked ? "on" : "off"); } catch { /* not kept */ }
  });

  const buttons = { 1: "agree", 2: "pass", 3: "disagree", ArrowLeft: "agree", ArrowDown: "pass", ArrowRight: "disagree", u: "undo" };
  let sent = false;
  // One press, one vote: the page that follows shows another opinion.
  document.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!box.checked || field || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const button = document.querySelector(`[data-key="${buttons[event.key]}"]`);
    if (!button || sent) return;
    event.preventDefault();
    button.click();
  });
}
