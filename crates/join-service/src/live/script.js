// The live page: asks for the state once a second, and listens to records as they leave. Text goes in as text only.
'use strict';

const POINTS = 120;
const ROWS = 60;
const SVG = 'http://www.w3.org/2000/svg';
const at = (id) => document.getElementById(id);
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

const OUTCOMES = [
  ['joined', 'joined with a reward'], ['defaulted', 'left with the default reward'], ['overridden', 'overridden'],
  ['inactive', 'never activated'], ['duplicate_decisions', 'duplicate of a key'], ['late_decisions', 'came too late'], ['open', 'still open'],
];
const LOSSES = [
  ['late_rewards', 'late_reward', 'late rewards'], ['early_rewards', 'early_reward', 'early rewards'],
  ['orphan_rewards', 'orphan_reward', 'rewards without a decision'], ['tardy_rewards', 'tardy_reward', 'rewards behind the watermark'],
  ['unusable_rewards', 'unusable_reward', 'unusable rewards'], ['excess_rewards', 'excess_reward', 'too many rewards of a key'],
  ['duplicate_decisions', 'duplicate_decision', 'duplicate decisions'], ['late_decisions', 'late_decision', 'late decisions'], ['overridden', 'overridden', 'overridden decisions'],
  ['inactive', 'inactive', 'decisions never activated'], ['late_overrides', 'late_override', 'late overrides'],
  ['orphan_overrides', 'orphan_override', 'overrides without a decision'],
];

const history = [];
let chosen = null;
let paused = false;

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) { count /= 1000; unit += 1; }
  return `${short.format(unit ? Number(count.toPrecision(3)) : count)} ${units[unit]}`;
}

function span(ms) {
  if (ms === null || ms === undefined) return '–';
  const size = Math.abs(ms);
  if (size < 1000) return `${whole.format(ms)} ms`;
  return size < 120000 ? `${short.format(ms / 1000)} s` : `${short.format(ms / 60000)} min`;
}

function clock(ms) {
  const time = new Date(ms);
  return `${time.toLocaleTimeString(undefined, { hour12: false })}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

function rate(count) { return count >= 10 ? whole.format(count) : short.format(count); }

function draw(svg, label, shapes) {
  svg.setAttribute('viewBox', '0 0 100 36');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-label', label);
  svg.replaceChildren(...shapes.map(([name, attributes]) => {
    const shape = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    return shape;
  }));
}

function line(id, label, values) {
  const top = Math.max(1e-9, ...values);
  const x = (place) => 100 - ((values.length - 1 - place) * 100) / (POINTS - 1);
  const y = (value) => 34 - (32 * value) / top;
  const points = values.map((value, place) => `${x(place).toFixed(2)},${y(value).toFixed(2)}`);
  const shapes = [['line', { class: 'floor', x1: 0, x2: 100, y1: 35, y2: 35 }]];
  if (points.length > 1) {
    shapes.push(['polygon', { class: 'area', points: `${x(0).toFixed(2)},35 ${points.join(' ')} 100,35` }]);
    shapes.push(['polyline', { class: 'line', points: points.join(' ') }]);
  }
  draw(at(id), `${label}, the last two minutes; most: ${rate(top)}`, shapes);
}

// What was added to a histogram since another look at it.
function since(now, before) {
  const counts = now.counts.map((count, place) => count - (before ? before.counts[place] : 0));
  return { ends: now.ends, counts, beyond: now.beyond - (before ? before.beyond : 0) };
}

function quantile(histogram, share) {
  const all = histogram.counts.reduce((sum, count) => sum + count, histogram.beyond);
  if (all === 0) return null;
  let left = share * all;
  for (let place = 0; place < histogram.counts.length; place += 1) {
    const count = histogram.counts[place];
    if (left <= count && count > 0) {
      const low = place ? histogram.ends[place - 1] : 0;
      return (low + ((histogram.ends[place] - low) * left) / count) * 1000;
    }
    left -= count;
  }
  return Infinity;
}

function latency(name, histogram) {
  const show = (value) => (value === null ? '–' : value === Infinity ? '> 5,000' : short.format(Number(value.toPrecision(2))));
  at(`${name}-high`).textContent = show(quantile(histogram, 0.99));
  const [half, most] = [quantile(histogram, 0.5), quantile(histogram, 0.9)];
  at(`${name}-low`).textContent = half === null ? 'none in the last 30 s' : `p50 ${show(half)} · p90 ${show(most)} ms · 30 s`;
  const counts = [...histogram.counts, histogram.beyond];
  const top = Math.max(1, ...counts);
  const width = 100 / counts.length;
  const bars = counts.map((count, place) => ['rect', {
    class: 'bar', x: place * width + 0.5, width: width - 1, y: 35 - (33 * count) / top, height: (33 * count) / top,
  }]);
  const label = `Times from 0.5 ms to 5 s, in ${counts.length} steps: ${counts.join(', ')}`;
  draw(at(`${name}-bars`), label, [['line', { class: 'floor', x1: 0, x2: 100, y1: 35, y2: 35 }], ...bars]);
}

function rows(body, list) { body.replaceChildren(...list); }

function row(cells) {
  const made = element('tr');
  for (const [text, kind] of cells) {
    const cell = element('td', text, kind);
    if (typeof text === 'string' && text.length > 20) cell.title = text;
    made.append(cell);
  }
  return made;
}

function outcomes(counters) {
  const all = counters.decisions || 0;
  rows(at('outcomes'), OUTCOMES.filter(([name]) => counters[name] || ['joined', 'defaulted', 'open'].includes(name)).map(([name, text]) => {
    const share = all ? counters[name] / all : 0;
    const made = row([[text], [whole.format(counters[name]), 'number'], [all ? `${(share * 100).toFixed(1)} %` : '–', 'number'], ['', 'wide']]);
    const bar = element('div');
    bar.style.width = `${Math.min(100, share * 100)}%`;
    made.lastChild.append(bar);
    return made;
  }));
}

function losses(counters, before, seconds) {
  const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.kind : null;
  rows(at('losses'), LOSSES.filter(([name]) => counters[name]).map(([name, kind, text]) => {
    const gained = before && seconds ? Math.max(0, counters[name] - before[name]) / seconds : 0;
    const made = row([[''], [whole.format(counters[name]), 'number'], [gained ? rate(gained) : '–', 'number']]);
    const button = element('button', text);
    button.type = 'button';
    button.dataset.kind = kind;
    button.addEventListener('click', () => { chosen = [kind, text]; samples(); });
    made.firstChild.append(button);
    if (chosen && chosen[0] === kind) made.setAttribute('aria-current', 'true');
    return made;
  }));
  if (!at('losses').children.length) rows(at('losses'), [row([['nothing was left out', 'quiet'], ['', ''], ['', '']])]);
  if (focused) { const again = at('losses').querySelector(`[data-kind="${focused}"]`); if (again) again.focus(); }
}

async function samples() {
  if (!chosen) return;
  const [kind, text] = chosen;
  const found = await (await fetch(`/lost?kind=${kind}`)).json();
  at('samples-title').textContent = `Samples: the last ${found.length} ${text}`;
  at('samples').hidden = found.length === 0;
  at('samples-empty').hidden = found.length > 0;
  at('samples-empty').textContent = 'None is known any more: they are told once their key is forgotten, and not beyond a start.';
  rows(at('samples').tBodies[0], found.reverse().map((one) => row([[clock(one.time_ms)], [one.key, 'key'], [span(one.delay_ms), 'number']])));
}

function outlets(name, list, cells) {
  at(name).hidden = list.length === 0;
  at(`${name}-empty`).hidden = list.length > 0;
  rows(at(name).tBodies[0], list.map((one) => {
    const made = row(cells(one));
    const said = one.error ? one.error : one.ended ? 'ended' : one.last_refused ? `last unusable: ${one.last_refused.reason}` : 'well';
    const cell = element('td', said, `state ${one.error ? 'error-text' : one.last_refused ? 'warning-text' : 'ok-text'}`);
    if (one.last_refused) cell.title = one.last_refused.record;
    made.append(cell);
    return made;
  }));
}

// Counts that fell were begun anew: the service was started again.
function fell(now, before) {
  const total = (histogram) => histogram.counts.reduce((sum, count) => sum + count, histogram.beyond);
  return now.commits < before.commits || now.events < before.events || ['answer', 'commit', 'delay'].some((name) => total(now[name]) < total(before[name]));
}

function show(state) {
  const seconds = performance.now() / 1000;
  if (history.length && fell(state, history[history.length - 1].state)) history.length = 0;
  history.push({ seconds, state });
  if (history.length > POINTS + 1) history.shift();
  const before = history.length > 1 ? history[history.length - 2] : null;
  const passed = before ? seconds - before.seconds : 0;
  const rates = (value) => history.slice(1).map((one, place) => {
    const earlier = history[place];
    return Math.max(0, value(one.state) - value(earlier.state)) / Math.max(1e-3, one.seconds - earlier.seconds);
  });
  const events = rates((one) => one.events);
  const left = rates((one) => one.counters.records);
  at('events-rate').textContent = events.length ? rate(events[events.length - 1]) : '–';
  at('records-rate').textContent = left.length ? rate(left[left.length - 1]) : '–';
  at('events-total').textContent = `${whole.format(state.events)} since it started`;
  at('records-total').textContent = `${whole.format(state.counters.records)} counted`;
  at('open').textContent = whole.format(state.counters.open);
  at('keys').textContent = `${whole.format(state.keys)} keys remembered`;
  line('events-line', 'Events a second', events);
  line('records-line', 'Records a second', left);
  line('open-line', 'Open decisions', history.map((one) => one.state.counters.open));
  const earlier = history[Math.max(0, history.length - 31)].state;
  latency('answer', since(state.answer, history.length > 1 ? earlier.answer : null));
  latency('delay', since(state.delay, history.length > 1 ? earlier.delay : null));
  const share = state.disk_bytes / state.disk_budget;
  at('disk').textContent = bytes(state.disk_bytes);
  at('disk-bar').style.width = `${Math.min(100, share * 100)}%`;
  at('disk-bar').className = share > 0.9 ? 'full' : '';
  at('disk-more').textContent = `of ${bytes(state.disk_budget)} · log ${bytes(state.log_bytes)}`;
  outcomes(state.counters);
  losses(state.counters, before && before.state.counters, passed);
  outlets('sinks', state.sinks, (one) => [[one.name], [one.kind], [whole.format(one.delivered), 'number'], [bytes(one.behind_bytes), 'number'], [whole.format(one.failures), 'number']]);
  outlets('sources', state.sources, (one) => [[one.name], [one.kind], [whole.format(one.records), 'number'], [whole.format(one.events), 'number'], [whole.format(one.refused), 'number']]);
  const rule = state.rule;
  const early = rule.early_ms ? `, up to ${span(rule.early_ms)} early` : '';
  at('rule').textContent = `window ${span(rule.window_ms)}${early} · ${rule.aggregation} reward · ${short.format(rule.default_reward)} without one${rule.activation ? ' · only if activated' : ''}`;
  health(state.trouble ? 'answers 503' : 'takes events', !state.trouble, state.trouble);
  at('updated').textContent = `Updated ${clock(state.now_ms)} · ${whole.format(state.commits)} commits`;
  at('requests').textContent = `${whole.format(state.refused)} answered 400 · ${whole.format(state.limited)} answered 429 · ${whole.format(state.unavailable)} answered 503`;
}

function health(text, well, trouble) {
  at('health').textContent = text;
  at('health').className = `pill ${well ? 'ok' : 'error'}`;
  at('trouble').hidden = !trouble;
  at('trouble').textContent = trouble || '';
}

async function look() {
  try {
    show(await (await fetch('/state', { cache: 'no-store' })).json());
  } catch (error) {
    health('gone', false, 'The service does not answer. This page goes on when it is back.');
  }
  setTimeout(look, 1000);
}

function listen() {
  const source = new EventSource('/records?most=20');
  source.onmessage = (event) => {
    if (paused) return;
    const record = JSON.parse(event.data);
    const number = (value) => (typeof value === 'number' ? short.format(value) : '–');
    const made = row([
      [clock(record.emitted_ms)], [record.key, 'key'], [String(record.action)], [number(record.probability), 'number'],
      [number(record.reward), 'number'], [record.reward_delta_ms === null ? '–' : span(record.reward_delta_ms), 'number'],
    ]);
    made.className = 'fresh';
    made.title = `context: ${JSON.stringify(record.context)}`;
    const body = at('records').tBodies[0];
    body.prepend(made);
    while (body.children.length > ROWS) body.lastChild.remove();
    at('records').hidden = false;
    at('records-empty').hidden = true;
  };
}

at('pause').addEventListener('click', () => {
  paused = !paused;
  at('pause').textContent = paused ? 'Go on' : 'Pause';
});
function theme(name) { if (name) document.documentElement.dataset.theme = name; }
try { theme(localStorage.getItem('theme')); } catch (error) { /* Where nothing may be kept, the system's choice holds. */ }
at('theme').addEventListener('click', () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === 'dark';
  theme(dark ? 'light' : 'dark');
  try { localStorage.setItem('theme', dark ? 'light' : 'dark'); } catch (error) { /* It holds for this visit. */ }
});
look();
listen();
