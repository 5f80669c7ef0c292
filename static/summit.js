// Every page works without this file. It adds: htmx's form token, the counter of long fields, keys of the queue.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});

// What did not arrive, or was refused, is said beside the button that was pressed.
for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, (event) => {
    const place = event.detail.target || event.target;
    place.querySelector(".not-done")?.remove();
    const note = document.createElement("p");
    note.className = "error not-done";
    note.setAttribute("role", "alert");
    note.textContent = document.body.dataset.notDone;
    place.append(note);
  });
}

for (const field of document.querySelectorAll("[data-count]")) {
  const note = document.getElementById(field.dataset.count);
  if (!note) continue;
  // The server counts code points after NFC; so does this.
  const show = () => { note.textContent = note.dataset.text.replace("{n}", [...field.value.normalize("NFC")].length); };
  field.addEventListener("input", show);
  show();
}

const wrong = document.getElementById("form-errors");
if (wrong) wrong.focus();

// An opinion whose rank moved between two pages of the list comes twice: the later one goes.
document.addEventListener("htmx:load", (event) => {
  const element = event.detail.elt;
  if (element.id?.startsWith("opinion-")) {
    for (const twin of [...document.querySelectorAll(`#opinions > #${element.id}`)].slice(1)) twin.remove();
  }
});
