// The form works without this file. It adds: saving while typing, keeping what did not reach the server, similar opinions.
const form = document.querySelector("form[data-autosave]");
if (form) {
  const PAUSE = 2500, LIMIT = 8000;
  const state = document.getElementById("draft-state");
  const box = document.getElementById("similar");
  const words = form.dataset;
  const place = `draft:${words.autosave}:${form.elements.owner.value}`;
  let timer, busy = null, stopped = false, dirty = false;

  const typed = () => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    return data;
  };
  const asText = (data) => JSON.stringify([...data].filter(([name]) => !["key", "revision", "owner"].includes(name)));
  const say = (text) => { state.textContent = text; };
  const keep = () => { try { localStorage.setItem(place, JSON.stringify([...typed()])); } catch { /* full or forbidden */ } };
  const forget = () => { try { localStorage.removeItem(place); } catch { /* forbidden */ } };

  async function lookForSimilar(again) {
    if (!words.similar || !box) return;
    const address = words.similar.replace("00000000-0000-0000-0000-000000000000", form.elements.key.value);
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" }, redirect: "error" });
    if (!answer.ok) return;
    box.innerHTML = await answer.text(); // our own page, already escaped
    if (again && box.querySelector("[data-waits]")) setTimeout(() => lookForSimilar(false).catch(() => {}), 1200);
  }

  async function send() {
    const data = typed();
    const sentence = form.elements.proposal.value;
    dirty = false;
    const answer = await fetch(words.autosave, {
      method: "POST", body: new URLSearchParams(data), redirect: "error", signal: AbortSignal.timeout(LIMIT),
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    });
    const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    if (answer.ok) {
      form.elements.key.value = said.key;
      form.elements.revision.value = said.revision;
      if (!dirty) { forget(); say(words.saved); }
      if (sentence !== send.sentence) { send.sentence = sentence; lookForSimilar(true).catch(() => {}); }
      return;
    }
    if (answer.status === 401) say(words.signedOut);
    else if (answer.status === 409) {
      stopped = true;
      if (said.code === "already_sent") forget();
      say({ already_sent: words.sent, draft_deleted: words.deleted }[said.code] || words.changed);
    } else say(said.message || words.unsaved);
  }

  function save() {
    clearTimeout(timer);
    if (stopped) return Promise.resolve();
    // One at a time, so that an older text can never arrive after a newer one.
    busy = (busy || Promise.resolve()).then(send).catch(() => { dirty = true; say(words.unsaved); timer = setTimeout(save, LIMIT); });
    const mine = busy;
    return mine.finally(() => { if (busy === mine) busy = null; });
  }

  form.addEventListener("input", () => {
    dirty = true;
    keep();
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });

  // What is being saved arrives first, so that the form knows the newest revision.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!busy) return;
    event.preventDefault();
    busy.finally(() => { clearTimeout(timer); form.requestSubmit(event.submitter || undefined); });
  });

  // A text that did not reach the server is offered, never put in without asking.
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(place)); } catch { /* none, or not ours */ }
  if (Array.isArray(kept) && asText(kept) === asText(typed())) forget();
  else if (Array.isArray(kept)) {
    const note = document.createElement("p");
    const button = document.createElement("button");
    note.className = "notice";
    note.textContent = `${words.kept} `;
    button.type = "button";
    button.className = "button button-small";
    button.textContent = words.take;
    button.addEventListener("click", () => {
      for (const field of form.querySelectorAll("[name=quote]")) field.checked = kept.some(([name]) => name === "quote");
      for (const [name, value] of kept) {
        if (["key", "revision", "owner", "quote"].includes(name)) continue;
        for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
          if (field.type === "radio") field.checked = field.value === value; else field.value = value;
        }
      }
      note.remove();
      save();
    });
    note.append(button);
    form.prepend(note);
  }
}
