// Shows that there is a message while no page of the clinic is open, and opens the page that says more.
// It keeps nothing and fetches nothing.
addEventListener("install", () => skipWaiting());

addEventListener("push", (event) => event.waitUntil(show(read(event.data))));

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.path));
});

function read(data) {
  try { return data.json(); } catch { return {}; } // browsers want something to be shown in any case
}

async function show(said) {
  const { title = "MediBook", body = "", lang = "", tag = "", id = "", path = "/" } = said;
  const before = tag ? await registration.getNotifications({ tag }) : [];
  // The same note once more stays silent; another one about the same takes its place aloud.
  const renotify = Boolean(tag) && !before.some((note) => note.data?.id === id);
  await registration.showNotification(title, { body, lang, tag, renotify, data: { id, path } });
}

async function open(path) {
  const asked = new URL(path, location.origin);
  const there = asked.origin === location.origin ? asked : new URL("/", location.origin);
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => new URL(one.url).pathname === there.pathname);
  return page ? page.focus() : clients.openWindow(there.href);
}
