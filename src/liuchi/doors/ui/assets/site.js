// Nothing here is needed: every page works without it.
"use strict";
document.documentElement.classList.add("scripted");

// A form is sent once; the button says so. Coming back by the browser's Back frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method !== "post") return;
  form.dataset.sent = "1";
  const button = event.submitter;
  if (button) button.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
});

// Whoever sent something incomplete is taken to the first field at fault; once loaded, for a #place takes the focus away.
addEventListener("load", () => {
  const fault = document.querySelector(".errors")?.closest(".field, form");
  fault?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
});

// “Use where I am”: fills two hidden fields and says how well it knows.
document.querySelectorAll("[data-locate]").forEach((button) => {
  if (!navigator.geolocation) { button.remove(); return; }
  const form = button.form, says = form.querySelector("[data-locate-says]");
  button.addEventListener("click", () => {
    says.textContent = button.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.longitude.value = coords.longitude.toFixed(6);
        form.elements.latitude.value = coords.latitude.toFixed(6);
        says.textContent = button.dataset.found.replace("{metres}", Math.round(coords.accuracy));
      },
      () => { says.textContent = button.dataset.failed; },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
});

// A receipt link carries its code behind the #, which browsers never send; here it goes into the form, and away.
const code = new URLSearchParams(location.hash.slice(1)).get("code");
const opener = document.querySelector("form[data-opens-case]");
if (code && opener) {
  history.replaceState(null, "", location.pathname);
  opener.elements.code.value = code;
  opener.requestSubmit();
}

// Copy and print, where the browser can.
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) { button.remove(); return; }
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  });
});

// “/” goes to the search box, unless somebody is writing.
document.addEventListener("keydown", (event) => {
  const box = document.querySelector("[data-slash]");
  if (!box || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// What takes longer than a second goes on by itself; without this, its button does.
document.querySelectorAll("form[data-goes-on]").forEach((form) => form.requestSubmit());

// In a list of cases: j and k move from row to row, x chooses, Enter opens (the row's link has the focus).
document.addEventListener("keydown", (event) => {
  const rows = [...document.querySelectorAll("table[data-rows] tbody tr")];
  if (!rows.length || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const at = rows.indexOf(document.activeElement.closest("tr"));
  if (event.key === "j" || event.key === "k") {
    const next = rows[Math.min(Math.max(at + (event.key === "j" ? 1 : at < 0 ? 1 : -1), 0), rows.length - 1)];
    next.querySelector(".number a").focus();
  } else if (event.key === "x" && at >= 0) {
    const box = rows[at].querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
  } else return;
  event.preventDefault();
});
