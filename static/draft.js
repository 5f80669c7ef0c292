// The form works without this file. It adds: saving while typing, keeping what did not reach the server, similar opinions,
// what looks like personal data.
const form = document.querySelector("form[data-autosave]");
if (form) {
  const PAUSE = 2500, LIMIT = 8000, PATIENCE = 3000;
  const state = document.getElementById("draft-state");
  const box = document.getElementById("similar");
  const personal = document.getElementById("personal");
  const words = form.dataset;
  const place = `draft:${words.autosave}:${form.elements.owner.value}`;
  let timer, busy = null, stopped = false, dirty = false, sending = false, ready = false;

  const typed = () => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    return data;
  };
  const asText = (data) => JSON.stringify([...data].filter(([name]) => !["key", "revision", "owner"].includes(name)));
  const keep = () => { try { localStorage.setItem(place, JSON.stringify([...typed()])); } catch { /* full or forbidden */ } };
  const forget = () => { try { localStorage.removeItem(place); } catch { /* forbidden */ } };
  // What went wrong stays in sight wherever the writer is in the form.
  const say = (text, wrong = true) => {
    state.textContent = text;
    state.classList.toggle("draft-wrong", wrong);
  };

  async function lookForSimilar(again) {
    if (!words.similar || !box) return;
    const address = words.similar.replace("00000000-0000-0000-0000-000000000000", form.elements.key.value);
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" }, redirect: "error" });
    if (!answer.ok) return;
    const found = document.createElement("div");
    found.innerHTML = await answer.text(); // our own page, already escaped
    const waits = found.querySelector("[data-waits]");
    // Readers are told what is new, and not the same once more.
    if (found.textContent.trim() !== box.textContent.trim()) box.replaceChildren(...found.childNodes);
    if (again && waits) setTimeout(() => lookForSimilar(false).catch(() => {}), 1200);
  }

  function note(html) {
    const found = document.createElement("div");
    found.innerHTML = html; // our own page, already escaped
    if (found.textContent.trim() !== personal.textContent.trim()) personal.replaceChildren(...found.childNodes);
  }

  const post = (data) => fetch(words.autosave, {
    method: "POST", body: new URLSearchParams(data), redirect: "error", signal: AbortSignal.timeout(LIMIT),
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });

  // Signing in again in another window makes this page's token an old one. A new one is taken for the same person only.
  async function takeNewToken() {
    const answer = await fetch(words.token, { redirect: "error", signal: AbortSignal.timeout(LIMIT) });
    const said = answer.ok ? await answer.json() : {};
    if (!said.token || said.owner !== form.elements.owner.value) return false;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = said.token;
    return true;
  }

  async function send() {
    const data = typed();
    const sentence = form.elements.proposal.value;
    dirty = false;
    let answer = await post(data);
    if (answer.status === 403 && await takeNewToken()) answer = await post(data);
    const said = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    if (answer.ok) {
      form.elements.key.value = said.key;
      form.elements.revision.value = said.revision;
      if (!dirty) { forget(); say(words.saved, false); }
      note(said.personal);
      if (sentence !== send.sentence) { send.sentence = sentence; lookForSimilar(true).catch(() => {}); }
      return;
    }
    dirty = true;
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

  // What was typed last is saved first: the form then knows the newest revision, and this browser keeps no copy of
  // what was sent. A second press while that lasts is the same press. A save that hangs holds up nothing: the server
  // takes the same text for the same draft.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (ready) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    const button = event.submitter;
    const pause = (time) => new Promise((done) => setTimeout(done, time));
    // A form cannot be sent while its own submit event is under way: hence a moment even where nothing is awaited.
    const last = dirty && !stopped ? save() : busy || pause(0);
    setTimeout(() => { sending = false; }, LIMIT);
    Promise.race([last, pause(PATIENCE)]).finally(() => {
      clearTimeout(timer);
      ready = true;
      form.requestSubmit(button || undefined);
      ready = false;
    });
  });
  addEventListener("pageshow", () => { sending = false; });

  // A text that did not reach the server is offered, never put in without asking.
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(place)); } catch { /* none, or not ours */ }
  const sent = (words.sentKeys || "").split(" ");
  const isKnown = (pairs) => asText(pairs) === asText(typed()) || pairs.some(([name, value]) => name === "key" && sent.includes(value));
  if (Array.isArray(kept) && isKnown(kept)) forget();
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
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
      }
      note.remove();
      save();
    });
    note.append(button);
    form.prepend(note);
  }
}
