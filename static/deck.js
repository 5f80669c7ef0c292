// The deck works without this file. It adds keys: 1, 2 and 3 to vote, U to undo. They can be switched off.
const deck = document.querySelector("[data-deck]");
const control = document.querySelector("[data-deck-keys]");
// The second half of a double click arrives on the next opinion's page: so soon after a vote, a click is no new one.
const DOUBLE = 400;
const now = () => performance.timeOrigin + performance.now();

function kept(name) {
  try { return sessionStorage.getItem(name); } catch { return null; }
}

function wanted() {
  try { return localStorage.getItem("deck-keys") !== "off"; } catch { return true; }
}

if (deck) {
  let sent = false;
  deck.addEventListener("click", (event) => {
    if (event.detail > 0 && event.target.closest("[data-key]") && now() - Number(kept("deck-voted")) < DOUBLE) event.preventDefault();
  });
  // One press, one vote: the page that follows shows another opinion.
  document.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    if (event.submitter?.dataset.key) try { sessionStorage.setItem("deck-voted", now()); } catch { /* not kept */ }
  });
  window.addEventListener("pageshow", () => { sent = false; });

  // At the end there is no control, and U still undoes.
  const box = control?.querySelector("input");
  if (control) {
    control.hidden = false;
    box.checked = wanted();
    box.addEventListener("change", () => {
      try { localStorage.setItem("deck-keys", box.checked ? "on" : "off"); } catch { /* not kept */ }
    });
  }
  for (const key of deck.querySelectorAll("kbd[hidden]")) key.hidden = false;

  // Where they stand on the keyboard, so that U is U while Hangul is typed. No arrows: they move the page.
  const buttons = { Digit1: "agree", Numpad1: "agree", Digit2: "pass", Numpad2: "pass", Digit3: "disagree", Numpad3: "disagree", KeyU: "undo" };
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (!(box ? box.checked : wanted()) || field || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const button = document.querySelector(`[data-key="${buttons[event.code]}"]`);
    if (!button || sent) return;
    event.preventDefault();
    button.click();
  });
}
