// Stands in for the service in the page: a floor of OPERATORS, and CALLS_A_SECOND that come, ring, are answered and end.

(() => {
  const { operators: OPERATORS, calls: CALLS_A_SECOND } = window.BENCH;
  const QUEUES = 10;
  const EVERY_MS = 20;
  const now = () => new Date().toISOString();
  const queue = (at, waiting = 0) => ({
    id: `q${at}`, title: `Queue ${at}`, waiting, longest_wait_since: null, target_s: 20, paused: null,
    idle: 10, talking: 30, wrap_up: 5, on_break: 5, members: 50,
  });
  const operator = (id, routing, call = null) => ({
    id, name: `Operator ${id}`, presence: "available", break_reason: "", break_until: null, pending: null, pending_reason: "", routing,
    device: "registered", call, since: now(), wrap_up_until: null, talked: null, preview: null, outgoing: [],
    colleagues: [], missed: [], queues: [`q${id % QUEUES}`], cause: "",
  });
  const call = (number, state, by = null) => ({
    id: `c${number}`, queue: `q${number % QUEUES}`, state, parked: null, caller_number: `+3725550${String(number % 10000).padStart(4, "0")}`,
    caller_name: `Caller ${number}`, dialed: "6001000", language: "et", contact: null, contact_name: "", matches: [],
    operator: by, offer: null, arrived: now(), waiting_since: now(), answered: null,
    talking_since: state === "talking" ? now() : null, held_since: null, attempt: null, campaign: null, disposed: false,
    columns: [], reason: null,
  });

  window.WebSocket = class {
    constructor() {
      this.number = 1;
      this.calls = 0;
      this.due = []; // [moment, messages]
      setTimeout(() => this.begin(), 50);
    }
    close() {
      clearInterval(this.timer);
    }
    say(message) {
      const prev = this.number++;
      this.onmessage?.({ data: JSON.stringify({ ...message, prev, number: this.number, at: now() }) });
    }
    begin() {
      const all = Array.from({ length: OPERATORS }, (_, at) => operator(at + 1, "idle"));
      const snapshot = {
        type: "snapshot", version: 1, epoch: "bench", number: 1, now: now(), linked: true, parking_full: false,
        records: "written", operator: null, sees: "floor", queues: Array.from({ length: QUEUES }, (_, at) => queue(at)),
        operators: all, calls: [], campaigns: [], alarms: [],
      };
      this.onmessage?.({ data: JSON.stringify(snapshot) });
      let owed = 0;
      this.timer = setInterval(() => {
        owed += (CALLS_A_SECOND * EVERY_MS) / 1000;
        for (; owed >= 1; owed--) this.arrive();
        const moment = performance.now();
        while (this.due.length && this.due[0][0] <= moment) for (const message of this.due.shift()[1]) this.say(message);
      }, EVERY_MS);
    }
    arrive() {
      const number = ++this.calls;
      const by = (number % OPERATORS) + 1;
      const id = `c${number}`;
      const changed = (state) => ({ type: "call_changed", call: call(number, state, by) });
      const does = (routing, of = null) => ({ type: "operator_changed", operator: operator(by, routing, of) });
      const told = { type: "queue_changed", queue: queue(number % QUEUES, number % 7) };
      const ended = {
        type: "call_ended", id, queue: `q${number % QUEUES}`, outcome: "answered", ended_by: "caller", operator: by,
        contact: null, waited_s: 1, talked_s: 4,
      };
      const from = performance.now();
      const steps = [
        [0, [changed("waiting"), told]],
        [100, [changed("offered"), does("reserved", id)]],
        [200, [changed("ringing"), does("ringing", id)]],
        [1000, [changed("talking"), does("talking", id), told]],
        [5000, [ended, does("wrap_up")]],
        [7000, [does("idle"), told]],
      ];
      this.due.push(...steps.map(([after, messages]) => [from + after, messages]));
      this.due.sort(([one], [other]) => one - other);
    }
  };

  window.frames_ms = [];
  window.busy_ms = []; // from a frame's beginning until scripts, styles and layout of it are done
  const after = new MessageChannel();
  let last = performance.now();
  let began = last;
  after.port1.onmessage = () => window.busy_ms.push(performance.now() - began);
  const frame = (at) => {
    window.frames_ms.push(at - last);
    last = at;
    began = at;
    after.port2.postMessage(null);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})();
