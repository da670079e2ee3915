// A button on each block of code that copies it. Its words come from the page, in the page's language.
const status = document.getElementById("copy-status");

const copyButton = (code) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = status.dataset.copy;
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(code.textContent).then(() => true, () => false);
    const words = copied ? status.dataset.copied : status.dataset.failed;
    button.textContent = status.textContent = words;
    setTimeout(() => {
      button.textContent = status.dataset.copy;
      status.textContent = "";
    }, 2000);
  });
  return button;
};

// Browsers offer the clipboard to pages from https and from this machine alone.
if (status && navigator.clipboard) {
  for (const pre of document.querySelectorAll(".prose pre")) {
    const block = document.createElement("div");
    block.className = "code";
    pre.replaceWith(block);
    block.append(pre, copyButton(pre.querySelector("code") ?? pre));
  }
}
