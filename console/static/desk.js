/* The advisers' desk, kept alive: who waits appears without reloading, the talk flows in both directions. */
"use strict";
(function () {
  const $ = (id) => document.getElementById(id);
  const title = document.title;

  /* A stream that is opened again even when the server was away or the sign-in had run out. */
  function heard(address, handlers) {
    let stream = null, ended = false;
    const away = $("away");
    function open() {
      stream = new EventSource(typeof address === "function" ? address() : address);
      stream.onopen = () => { away.hidden = true; };
      stream.onerror = () => {
        if (ended || stream.readyState !== EventSource.CLOSED) return;
        away.hidden = false;
        setTimeout(() => { if (!ended) open(); }, 4000);
      };
      for (const kind of Object.keys(handlers)) stream.addEventListener(kind, handlers[kind]);
    }
    open();
    return { close() { ended = true; stream.close(); } };
  }

  /* -- the list of who waits -------------------------------------------------------------------- */
  const waiting = $("waiting");
  if (waiting) {
    let known = new Set(ids());
    function ids() { return Array.from(waiting.querySelectorAll("[data-id]"), (e) => e.dataset.id); }
    async function refresh() {
      const answer = await fetch("/desk/waiting", { credentials: "same-origin", headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const focused = document.activeElement && document.activeElement.closest ? document.activeElement.closest("#waiting [data-id]") : null;
      waiting.innerHTML = await answer.text();
      if (focused) { const again = waiting.querySelector('[data-id="' + focused.dataset.id + '"] button'); if (again) again.focus(); }
      const now = ids(), fresh = now.filter((id) => !known.has(id));
      known = new Set(now);
      document.title = now.length ? "（" + now.length + "）待接手 · 法润" : title;
      $("bell").hidden = !fresh.length;
      if (fresh.length) {
        $("bell").textContent = "新来了" + fresh.length + "位在等的人";
        for (const id of fresh) { const e = waiting.querySelector('[data-id="' + id + '"]'); if (e) e.classList.add("ring"); }
      }
    }
    if (known.size) document.title = "（" + known.size + "）待接手 · 法润";
    heard("/desk/events", { waiting: refresh });
    setInterval(refresh, 60000); /* how long each has waited */
  }

  /* -- a case ------------------------------------------------------------------------------------ */
  const log = $("log"), reply = $("reply");
  if (!log) return;
  log.scrollTop = log.scrollHeight;
  if (!log.dataset.events) return;
  let last = Array.from(log.querySelectorAll("[data-seq]")).reduce((n, e) => Math.max(n, +e.dataset.seq), 0), unread = 0;
  function bubble(m) {
    const a = document.createElement("article"), by = document.createElement("p"), who = document.createElement("b");
    const time = document.createElement("time"), text = document.createElement("p");
    a.className = "msg " + m.author + (m.author === "adviser" ? " own" : "");
    a.dataset.seq = m.seq; by.className = "by"; text.className = "text";
    who.textContent = m.who; time.textContent = m.when; text.textContent = m.text;
    by.append(who, " ", time); a.append(by, text);
    return a;
  }
  function over() { $("over").hidden = false; if (reply) reply.querySelector("button").disabled = true; stream.close(); }
  function message(e) {
    const m = JSON.parse(e.data);
    if (m.seq <= last) return;
    last = m.seq;
    log.append(bubble(m));
    log.scrollTop = log.scrollHeight;
    if (m.author === "worker" && document.hidden) document.title = "（" + (++unread) + "条新消息）" + title;
  }
  const stream = heard(() => log.dataset.events + "?after=" + last, { message, over });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { unread = 0; document.title = title; } });
  if (!reply) return;
  const box = $("text"), send = reply.querySelector("button"), problem = $("problem");
  function tell(words) { problem.textContent = words || ""; problem.hidden = !words; }
  reply.addEventListener("submit", async (e) => {
    e.preventDefault();
    const text = box.value;
    if (!text.trim() || send.disabled) { box.focus(); return; }
    send.disabled = true; tell("");
    try {
      const answer = await fetch(reply.action, {
        method: "POST", credentials: "same-origin", body: JSON.stringify({ text }),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": reply.elements.csrf.value },
      });
      const told = await answer.json();
      if (answer.ok) { if (box.value === text) box.value = ""; }
      else tell(told.message + (told.hint ? "。" + told.hint : ""));
    } catch (_) { tell("网络不通，没有发出去，文字还在，请再点一次发送"); }
    send.disabled = false;
    box.focus();
  });
  box.addEventListener("keydown", (e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !e.isComposing) { e.preventDefault(); reply.requestSubmit(); } });
})();
