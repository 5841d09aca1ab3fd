// A picture can be chosen, dropped anywhere on the page, or pasted; all three send the same form.
function send(file) {
  const form = document.querySelector("#picture-form");
  if (!form || !file?.type.startsWith("image/")) return false;
  const transfer = new DataTransfer();
  transfer.items.add(file);
  form.elements.image.files = transfer.files;
  form.requestSubmit();
  return true;
}

function picture(items) {
  return [...(items ?? [])].find((file) => file.type.startsWith("image/"));
}

export function startUpload() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("#picture-form input") && event.target.files.length) event.target.form.requestSubmit();
  });
  document.addEventListener("paste", (event) => {
    if (send(picture(event.clipboardData?.files))) event.preventDefault();
  });

  const veil = () => document.querySelector("#drop");
  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    veil().hidden = false;
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) veil().hidden = true;
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    veil().hidden = true;
    send(picture(event.dataTransfer.files));
  });
}
