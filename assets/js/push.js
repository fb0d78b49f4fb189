// "Also tell me on this device", where the browser can. Without this file nobody sees the button.
//   <section data-push="KEY">                 the clinic's public key
//   <form data-push-form hidden>              shown where this browser is none of the devices yet
//     <button type="button" data-push-on>     asks, subscribes, fills the hidden fields, and submits
//   <p data-push-said="denied|failed" hidden> what there is to say about it
//   <li data-push-mark="SHA-256 of the address">, in it: <* data-push-here hidden>, <button data-push-off>
(() => {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;

  const current = async () =>
    (await (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription()) ?? null;
  const markOf = async (subscription) => {
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const say = (section, said) => {
    for (const words of section.querySelectorAll("[data-push-said]")) words.hidden = words.dataset.pushSaid !== said;
  };

  const look = async () => {
    const section = document.querySelector("[data-push]");
    if (!section?.dataset.push) return;
    const subscription = await current();
    const mark = subscription && await markOf(subscription);
    let known = false;
    for (const row of section.querySelectorAll("[data-push-mark]")) {
      const here = row.dataset.pushMark === mark;
      known ||= here && !row.dataset.pushStale;
      row.querySelector("[data-push-here]").hidden = !here;
    }
    const denied = Notification.permission === "denied";
    section.querySelector("[data-push-form]").hidden = known || denied;
    if (denied && !known) say(section, "denied");
  };

  const subscribe = async (section) => {
    say(section, "");
    // Asked first: browsers allow the question only right after the press.
    if (await Notification.requestPermission() !== "granted") return look();
    try {
      const registration = await navigator.serviceWorker.register("/sw.js");
      await navigator.serviceWorker.ready;
      // An old address may be somebody else's who shares this browser: it ends here.
      await (await registration.pushManager.getSubscription())?.unsubscribe();
      hand(section, (await registration.pushManager.subscribe({
        userVisibleOnly: true, applicationServerKey: section.dataset.push,
      })).toJSON());
    } catch {
      say(section, "failed");
    }
  };
  const hand = (section, { endpoint, keys }) => {
    const form = section.querySelector("[data-push-form]");
    for (const [name, value] of Object.entries({ endpoint, ...keys })) {
      if (form.elements[name]) form.elements[name].value = value;
    }
    form.requestSubmit();
  };

  document.addEventListener("click", (event) => {
    const section = event.target.closest?.("[data-push]");
    if (section && event.target.closest("[data-push-on]")) subscribe(section);
    const row = event.target.closest?.("[data-push-off]")?.closest("[data-push-mark]");
    if (row && !row.querySelector("[data-push-here]").hidden) current().then((one) => one?.unsubscribe());
  });

  let timer;
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(look, 60); })
    .observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-push", "data-push-mark"] });
  look();
})();
