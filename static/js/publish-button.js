// The button says what it will do: publish now, or at the chosen time. What it does is decided by the server.
const button = document.querySelector("button[name=_publish][data-later]");
const moment = document.querySelector("#id_publish_at");

const name = () => {
  // The field holds the site's time, not the browser's; its own "now" tells how far apart they are.
  const ahead = Number(document.body.dataset.adminUtcOffset || 0) * 1000;
  const siteNow = new Date(Date.now() + ahead).toISOString().slice(0, 16);
  button.textContent = moment.value > siteNow ? button.dataset.later : button.dataset.now;
};

if (button && moment) {
  moment.addEventListener("input", name);
  name();
}
