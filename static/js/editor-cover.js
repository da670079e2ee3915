// A cover or portrait is sent as soon as it is chosen, and seen at once. Without this script it travels with the form.
for (const field of document.querySelectorAll("fieldset.cover")) {
  const input = field.querySelector("input[type=file]");
  const picture = field.querySelector("[data-cover]");
  const state = field.querySelector("[data-upload-state]");

  const send = async () => {
    const form = new FormData();
    form.append("file", input.files[0]);
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    state.textContent = state.dataset.busy;
    const response = await fetch(field.dataset.upload, { method: "POST", body: form, headers: { "X-CSRFToken": token, Accept: "application/json" } });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    field.querySelector("[name=upload_token]").value = answer.token;
    Object.assign(picture, { src: answer.url, width: answer.width, height: answer.height, hidden: false });
    input.value = "";
    state.textContent = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  input?.addEventListener("change", () => {
    if (!field.dataset.upload || !input.files.length) return;
    send().catch((error) => {
      state.textContent = error instanceof TypeError || error instanceof SyntaxError ? state.dataset.failed : error.message;
      input.value = "";
    });
  });
}
