/* The worker's chat, kept alive: nothing typed is ever lost, what was said arrives by itself. Without this file forms do. */
"use strict";
(function () {
  const KEEP = "farun.unsent", STORAGE = "消息暂时存不进去，请保留文字，稍后会自动重发";
  const PREPARING = "已收到，系统正在准备，稍后自动回复";
  const $ = (id) => document.getElementById(id);
  const log = $("log"), box = $("text"), say = $("say"), state = $("state"), problem = $("problem"), typing = $("typing");
  let talk = log.dataset.conversation, holder = log.dataset.holder || "bot", ended = log.dataset.ended === "1";
  let last = Array.from(log.querySelectorAll("[data-seq]")).reduce((n, e) => Math.max(n, +e.dataset.seq), 0);
  let stream = null, streamPause = 1000, pumping = false, retry = 0, waitTimer = 0, adviser = "", ticket = "";

  /* -- what was typed and is not stored yet ------------------------------------------------ */
  let memory = [];
  function unsent() {
    try { return JSON.parse(localStorage.getItem(KEEP) || "[]"); } catch (_) { return memory; }
  }
  function keep(list) {
    memory = list;
    try { list.length ? localStorage.setItem(KEEP, JSON.stringify(list)) : localStorage.removeItem(KEEP); } catch (_) { /* private mode */ }
  }
  function newId() {
    const raw = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(raw, (b) => b.toString(16).padStart(2, "0")).join("");
  }

  /* -- showing ------------------------------------------------------------------------------ */
  const WHO = { worker: "我", bot: "法润机器人", system: "系统" };
  function hour(at) {
    const d = new Date(at), zone = { timeZone: "Asia/Shanghai" }; /* as the server writes it */
    const clock = d.toLocaleTimeString("en-GB", Object.assign({ hour: "2-digit", minute: "2-digit" }, zone));
    const day = (x) => x.toLocaleDateString("en-GB", zone), parts = day(d).split("/");
    return day(d) === day(new Date()) ? clock : +parts[1] + "月" + +parts[0] + "日 " + clock;
  }
  function bubble(m) {
    const a = document.createElement("article"), by = document.createElement("p"), who = document.createElement("b");
    const time = document.createElement("time"), text = document.createElement("p");
    a.className = "msg " + m.author + (m.author === "worker" ? " own" : "");
    if (m.seq) a.dataset.seq = m.seq;
    if (m.message_id) a.dataset.message = m.message_id;
    by.className = "by"; text.className = "text";
    who.textContent = m.author === "adviser" ? (m.name || "顾问") + "·法律顾问" : WHO[m.author];
    time.dateTime = m.at; time.textContent = hour(m.at); fill(text, m.text);
    by.append(who, " ", time); a.append(by, text);
    return a;
  }
  function near() { return window.innerHeight + window.scrollY > document.body.scrollHeight - 220; }
  function down() { window.scrollTo({ top: document.body.scrollHeight }); }
  function follow() { /* to the newest words, but never past the beginning of an answer that is longer than the screen */
    const asked = Array.from(log.querySelectorAll(".own")).pop(), end = document.body.scrollHeight - window.innerHeight;
    const top = asked ? asked.getBoundingClientRect().top + window.scrollY - 10 : end;
    window.scrollTo({ top: Math.min(end, top) });
  }
  function mark(a, words) {
    let p = a.querySelector(".mark");
    if (!words) { if (p) p.remove(); return; }
    if (!p) { p = document.createElement("p"); p.className = "mark"; a.append(p); }
    p.textContent = words;
  }
  function own(id) { return id && log.querySelector('[data-message="' + CSS.escape(id) + '"]'); }
  function show(m) {
    const atEnd = near(), there = own(m.message_id);
    if (there) {
      if (!there.dataset.seq && m.seq) { there.dataset.seq = m.seq; place(there); }
      mark(there, "");
    } else if (m.seq && log.querySelector('[data-seq="' + m.seq + '"]')) { return; }
    else { place(log.appendChild(bubble(m))); }
    if (m.author !== "worker") { thinking(false); if (m.author !== "system" || !unsent().length) chips(m.choices || []); }
    document.querySelector("#restart button").hidden = false;
    if (m.author === "bot") { if (atEnd) follow(); } else if (!there) down(); /* a ticket or an adviser's word is seen at once */
  }
  function place(a) { /* by number; what has none yet stands last */
    const n = +a.dataset.seq || Infinity;
    let before = null;
    for (const e of log.children) if (e !== a && (+e.dataset.seq || Infinity) > n) { before = e; break; }
    if (n !== Infinity) log.insertBefore(a, before);
  }
  function chips(list) {
    const skip = ["转人工", "申请法律援助", "发送"];
    $("chips").replaceChildren(...list.filter((c) => !skip.includes(c)).map((c) => {
      const b = document.createElement("button");
      b.className = "chip"; b.name = "quick"; b.value = c; b.textContent = c;
      return b;
    }));
    $("quick").hidden = !$("chips").children.length;
  }
  function fill(box, words) { /* a day that has passed stands out */
    for (const piece of words.split(/(（已经过了）)/)) {
      if (piece !== "（已经过了）") { box.append(piece); continue; }
      const past = document.createElement("strong");
      past.className = "past"; past.textContent = piece; box.append(past);
    }
  }
  function tell(words) { problem.textContent = words || ""; problem.hidden = !words; }
  function stateLine(words, away) {
    state.className = "state " + (away ? "away" : holder);
    state.textContent = words || (ended ? "这次对话已经结束" : holder === "adviser" ? (adviser || "顾问") + "·法律顾问正在接待您"
      : holder === "queue" ? "正在等人工顾问" + (ticket ? "，单号 " + ticket : "") : "法润机器人在接待");
  }
  function held(h) {
    holder = h.holder; ended = !!h.ended; adviser = h.name || ""; ticket = h.ticket || "";
    $("handoff").hidden = holder !== "bot"; $("stay").hidden = holder !== "queue";
    if (holder !== "bot") { thinking(false); chips([]); }
    stateLine();
  }

  /* -- waiting for an answer ----------------------------------------------------------------- */
  function thinking(on) {
    clearTimeout(waitTimer);
    typing.hidden = !on;
    if (on) { waitTimer = setTimeout(why, 3000); down(); } else if (!unsent().length) stateLine();
  }
  async function why() { /* no answer yet: say the truth about it */
    try {
      const answer = await fetch("/readyz", { headers: { Accept: "application/json" } }), told = await answer.json();
      if (typing.hidden) return;
      if (answer.ok) stateLine("已收到，正在处理");
      else stateLine(PREPARING + (told.checks && told.checks.worker && told.checks.worker.message ? "（" + told.checks.worker.message + "）" : ""), true);
    } catch (_) { if (!typing.hidden) stateLine("网络不通，连上后自动继续", true); }
    if (!typing.hidden) waitTimer = setTimeout(why, 4000);
  }

  /* -- sending -------------------------------------------------------------------------------- */
  async function call(method, path, body) {
    const options = { method, headers: { Accept: "application/json", "Content-Type": "application/json" }, credentials: "same-origin" };
    if (body !== undefined) options.body = JSON.stringify(body);
    const answer = await fetch(path, options);
    let told = {};
    try { told = await answer.json(); } catch (_) { /* an empty body */ }
    return { status: answer.status, told };
  }
  async function ensure() {
    if (talk) return true;
    const made = await call("POST", "/api/v1/conversations", { remember: true });
    if (made.status !== 201) return made;
    talk = made.told.conversation; last = 0; ended = false;
    listen();
    return true;
  }
  function put(text) {
    const clean = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "").trim();
    if (!clean) { tell("没有收到文字，请再打一遍；用语音输入的，等字出来再点发送"); box.focus(); return; }
    if (Array.from(clean).length > 4000) { tell("太长了，请分几段发（一次最多4000个字）。文字还在这里，没有丢"); box.focus(); return; }
    tell("");
    const m = { message_id: newId(), text: clean, at: new Date().toISOString(), author: "worker" };
    keep(unsent().concat([m]));
    if (box.value.trim() === text.trim()) { box.value = ""; grow(); }
    chips([]);
    show(m); mark(own(m.message_id), "正在发送");
    pump();
  }
  async function pump() {
    if (pumping) return;
    pumping = true;
    try { while (unsent().length && await one(unsent()[0])) { /* the next */ } } finally { pumping = false; }
  }
  function later(words) {
    stateLine(words, true);
    for (const m of unsent()) if (own(m.message_id)) mark(own(m.message_id), "还没发出去，会自动重发");
    const pause = Math.min(30000, 2000 * Math.pow(2, retry++));
    setTimeout(pump, pause);
    return false;
  }
  async function one(m) {
    let got;
    try {
      const ready = await ensure();
      got = ready === true ? await call("POST", "/api/v1/conversations/" + talk + "/messages", { message_id: m.message_id, text: m.text }) : ready;
    } catch (_) { return later("网络不通，连上后自动重发"); }
    if (got.status === 200 || got.status === 202) { done(m); retry = 0; mark(own(m.message_id), ""); if ((got.told.holder || "bot") === "bot" && last <= got.told.seq) thinking(true); else if (typing.hidden) stateLine(); return true; }
    if (got.status === 503 || got.status >= 500 || got.status === 429) return later(got.told.message && got.status === 503 ? got.told.message : STORAGE);
    if (got.status === 401) { talk = ""; close(); return true; } /* begin anew and send again */
    return refused(m, got);
  }
  function done(m) { keep(unsent().filter((o) => o.message_id !== m.message_id)); }
  function refused(m, got) { /* the text goes back into the box: nothing is lost */
    done(m);
    const a = own(m.message_id);
    if (a) a.remove();
    if (!box.value.trim()) { box.value = m.text; grow(); }
    tell((got.told.message || "没有发出去，请再试一次") + (got.told.hint ? "。" + got.told.hint : ""));
    return true;
  }

  /* -- hearing -------------------------------------------------------------------------------- */
  function close() { if (stream) stream.close(); stream = null; }
  function listen() {
    close();
    if (!talk || !window.EventSource) return;
    const mine = stream = new EventSource("/api/v1/conversations/" + talk + "/events?after=" + last);
    mine.addEventListener("message", (e) => { const m = JSON.parse(e.data); last = Math.max(last, m.seq); show(m); });
    mine.addEventListener("holder", (e) => { streamPause = 1000; held(JSON.parse(e.data)); });
    mine.onerror = () => {
      if (mine.readyState !== EventSource.CLOSED || stream !== mine) return; /* else the browser comes back itself */
      streamPause = Math.min(20000, streamPause * 2);
      setTimeout(() => { if (stream === mine) listen(); }, streamPause);
    };
  }

  /* -- the page's controls ---------------------------------------------------------------------- */
  function grow() { box.style.height = "auto"; box.style.height = Math.min(box.scrollHeight + 2, 9 * 17) + "px"; }
  say.addEventListener("submit", (e) => { e.preventDefault(); put(box.value); box.focus(); });
  box.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing && e.keyCode !== 229) { e.preventDefault(); put(box.value); }
  });
  box.addEventListener("input", () => { grow(); tell(""); });
  $("quick").addEventListener("submit", (e) => { e.preventDefault(); if (e.submitter) put(e.submitter.value); ready(); });
  function ready() { if (matchMedia("(pointer: fine)").matches) box.focus(); } /* a phone's keyboard would cover the answer */
  async function act(method, words) {
    tell("");
    try {
      const ready = await ensure();
      const got = ready === true ? await call(method, "/api/v1/conversations/" + talk + "/handoff") : ready;
      if (got.status === 200) {
        held({ holder: got.told.holder, ticket: got.told.ticket, name: adviser });
        if (!stream) listen();
      } else tell(got.told.message || words);
    } catch (_) { tell(words); }
    ready();
  }
  $("handoff").addEventListener("submit", (e) => { e.preventDefault(); act("POST", "网络不通，没有转成，请再点一次，或者打12348"); });
  $("stay").addEventListener("submit", (e) => { e.preventDefault(); act("DELETE", "网络不通，请再点一次"); });
  $("restart").addEventListener("submit", (e) => {
    if (!confirm("重新开始后，这次的记录不再显示。确定吗？")) e.preventDefault(); else keep([]);
  });
  window.addEventListener("online", () => { retry = 0; pump(); if (!stream || stream.readyState === 2) listen(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { pump(); if (stream && stream.readyState === 2) listen(); } });

  function room() { /* with very large text the writing box must not cover what is to be read */
    const c = $("composer");
    c.classList.toggle("tall", c.offsetHeight > window.innerHeight * 0.45);
  }
  if (window.ResizeObserver) new ResizeObserver(room).observe($("composer"));
  window.addEventListener("resize", room);

  for (const m of unsent()) if (!own(m.message_id)) { show(m); mark(own(m.message_id), "还没发出去，会自动重发"); }
  grow();
  listen();
  pump();
  const tail = log.lastElementChild;
  if (tail && tail.dataset.seq && tail.classList.contains("worker") && holder === "bot" && !ended) thinking(true);
  if (log.children.length) down();
})();
