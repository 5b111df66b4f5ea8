// What policies are worth, as it becomes known: asks for the sums' numbers, draws curves with bands, says why a number is refused.
'use strict';

(() => {
  const LEFT = 52;
  const RIGHT = 120;
  const TOP = 10;
  const BOTTOM = 24;
  const HEIGHT = 232;
  const make = (name, attributes, text) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  let told = null;
  let curve = 'so_far';
  let chosenAt = null;
  let drawn = null;

  const figure = (value, digits = 4) => (value === null || value === undefined ? '–' : Number(value.toPrecision(digits)).toLocaleString(undefined, { maximumFractionDigits: 6 }));

  function time(ms, width) {
    const date = new Date(ms);
    if (width >= 86400000) return date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
    return date.toLocaleTimeString(undefined, { hour12: false, hour: '2-digit', minute: '2-digit', second: width < 60000 ? '2-digit' : undefined });
  }

  // Round steps that give about so many marks.
  function marks(low, high, count) {
    const raw = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((part) => part * power).find((part) => part >= raw);
    const found = [];
    for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) found.push(at);
    return found;
  }

  const shown = () => told.policies.map((policy, place) => ({ policy, place, points: policy[curve] })).filter(({ points }) => points.some((point) => point));

  function extent(series) {
    const ends = series.flatMap(({ points }) => points.filter(Boolean));
    // Bands of the first few records would press everything else flat.
    const values = ends.map((point) => point[0]);
    const settled = series.flatMap(({ points }) => points.slice(Math.floor(points.length / 4)).filter(Boolean)).flatMap((point) => [point[1] ?? point[0], point[2] ?? point[0]]);
    let low = Math.min(...values, ...settled);
    let high = Math.max(...values, ...settled);
    if (high - low < 1e-9) { low -= 0.5; high += 0.5; }
    const room = (high - low) * 0.06;
    return [low - room, high + room];
  }

  function lineOf(points, x, y) {
    let path = '';
    let open = false;
    points.forEach((point, place) => {
      if (point) path += `${open ? 'L' : 'M'}${x(place).toFixed(1)},${y(point[0]).toFixed(1)}`;
      open = Boolean(point);
    });
    return path;
  }

  function bandOf(points, x, y) {
    const paths = [];
    let run = [];
    const close = () => {
      if (run.length > 1) {
        const over = run.map(([place, point]) => `${x(place).toFixed(1)},${y(point[2]).toFixed(1)}`);
        const under = run.map(([place, point]) => `${x(place).toFixed(1)},${y(point[1]).toFixed(1)}`).reverse();
        paths.push(`M${over.join('L')}L${under.join('L')}Z`);
      }
      run = [];
    };
    points.forEach((point, place) => { if (point && point[1] !== null) run.push([place, point]); else close(); });
    close();
    return paths.join('');
  }

  // Names at the ends of their lines, moved apart where they would lie on each other.
  function labels(series, x, y) {
    const found = series.map(({ policy, place, points }) => {
      const last = points.findLastIndex(Boolean);
      return { policy, place, x: x(last), y: y(points[last][0]) };
    }).sort((a, b) => a.y - b.y);
    found.forEach((label, at) => { if (at) label.y = Math.max(label.y, found[at - 1].y + 14); });
    const over = found.length ? found[found.length - 1].y - (HEIGHT - BOTTOM) : 0;
    if (over > 0) found.forEach((label) => { label.y -= over; });
    return found;
  }

  function axes(svg, width, low, high, x, y) {
    for (const value of marks(low, high, 5)) {
      svg.append(make('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }));
      svg.append(make('text', { class: 'mark-text', x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' }, figure(value)));
    }
    const count = told.ends.length;
    const every = Math.max(1, Math.ceil(count / Math.max(2, (width - LEFT - RIGHT) / 90)));
    for (let place = count - 1; place >= 0; place -= every) {
      if (x(place) < LEFT + 30) break;
      svg.append(make('text', { class: 'mark-text', x: x(place), y: HEIGHT - 8, 'text-anchor': 'middle' }, time(told.ends[place], told.width_ms)));
    }
  }

  function drawCurves() {
    const svg = at('policies-curves');
    const series = told ? shown() : [];
    at('policies-empty').hidden = series.length > 0;
    svg.toggleAttribute('hidden', series.length === 0);
    drawn = null;
    if (series.length === 0) return;
    const width = Math.max(320, svg.parentElement.clientWidth);
    svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    svg.setAttribute('height', HEIGHT);
    svg.replaceChildren();
    const [low, high] = extent(series);
    const [first, last] = [told.ends[0], told.ends[told.ends.length - 1]];
    const x = (place) => LEFT + (last > first ? ((told.ends[place] - first) / (last - first)) * (width - LEFT - RIGHT) : width - LEFT - RIGHT);
    const y = (value) => TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM);
    const clip = make('clipPath', { id: 'policies-clip' });
    clip.append(make('rect', { x: LEFT, y: TOP, width: width - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM }));
    svg.append(clip);
    axes(svg, width, low, high, x, y);
    const plane = make('g', { 'clip-path': 'url(#policies-clip)' });
    for (const { place, points } of series) plane.append(make('path', { class: `band series-${place % 7}`, d: bandOf(points, x, y) }));
    for (const { place, points, policy } of series) {
      const path = make('path', { class: `curve series-${place % 7}`, d: lineOf(points, x, y) });
      path.append(make('title', {}, policy.name));
      plane.append(path);
    }
    svg.append(plane);
    for (const label of labels(series, x, y)) {
      const name = label.policy.name.length > 16 ? `${label.policy.name.slice(0, 15)}…` : label.policy.name;
      svg.append(make('text', { class: `curve-name series-${label.place % 7}`, x: label.x + 6, y: label.y + 4 }, name));
    }
    svg.append(make('line', { class: 'cross', id: 'policies-cross', y1: TOP, y2: HEIGHT - BOTTOM, x1: 0, x2: 0, visibility: 'hidden' }));
    const names = series.map(({ policy }) => policy.name).join(', ');
    svg.setAttribute('aria-label', `Worth a decision over time: ${names}. Arrow keys read values.`);
    drawn = { series, x, width };
    point();
  }

  // What the curves say at the chosen bin.
  function point() {
    const box = at('policies-tip');
    const cross = document.getElementById('policies-cross');
    if (!drawn || chosenAt === null || !cross) { box.hidden = true; if (cross) cross.setAttribute('visibility', 'hidden'); return; }
    const place = Math.max(0, Math.min(told.ends.length - 1, chosenAt));
    const left = drawn.x(place);
    cross.setAttribute('x1', left);
    cross.setAttribute('x2', left);
    cross.setAttribute('visibility', 'visible');
    const lines = drawn.series.map(({ policy, place: number, points }) => {
      const value = points[place];
      const interval = value && value[1] !== null ? `  ${figure(value[1])} to ${figure(value[2])}` : '';
      const made = element('div', value ? `${policy.name}  ${figure(value[0])}${interval}` : `${policy.name}  –`);
      made.prepend(element('i', '', `swatch series-${number % 7}`));
      return made;
    });
    const head = element('b', `up to ${new Date(told.ends[place]).toLocaleString(undefined, { hour12: false })}`);
    head.title = new Date(told.ends[place]).toISOString();
    box.replaceChildren(head, ...lines);
    box.hidden = false;
    const half = box.offsetWidth / 2;
    box.style.left = `${Math.max(half, Math.min(drawn.width - half, left))}px`;
  }

  function table() {
    const list = [];
    told.policies.forEach((policy, place) => {
      const value = policy.snipw;
      const ips = policy.ipw;
      const made = row([
        [''], [value ? figure(value[0]) : '–', 'number'],
        [value && value[1] !== null ? `${figure(value[1], 3)} to ${figure(value[2], 3)}` : '–', 'number'],
        [ips ? figure(ips[0]) : '–', 'number'], [whole.format(policy.effective), 'number'],
        [policy.verdict, `state ${{ fine: 'ok-text', doubtful: 'warning-text', refused: 'error-text' }[policy.verdict]}`],
      ]);
      made.dataset.policy = policy.name;
      made.firstChild.append(element('i', '', `swatch series-${place % 7}`), element('span', policy.name));
      made.firstChild.title = policy.name;
      list.push(made);
      for (const reason of policy.reasons) {
        const more = element('tr', undefined, 'reason');
        const cell = element('td', reason, policy.verdict === 'refused' ? 'error-text' : 'warning-text');
        cell.colSpan = 6;
        more.append(cell);
        list.push(more);
      }
    });
    rows(at('policies-table').tBodies[0], list);
  }

  async function ask() {
    try {
      const answer = await fetch('/policies', { cache: 'no-store' });
      if (answer.status === 404) return;
      told = await answer.json();
      at('policies').hidden = false;
      at('policies-note').textContent = `${whole.format(told.records)} records · bins of ${span(told.width_ms)} · bands of ${short.format(told.level * 100)} %`;
      at('policies-lately').textContent = `Last ${span(told.lately_ms)}`;
      at('policies-trouble').hidden = !told.trouble;
      at('policies-trouble').textContent = told.trouble || '';
      table();
      drawCurves();
    } catch (error) { /* The page's head says that the service is gone. */ }
    setTimeout(ask, 1000);
  }

  function choose(name) {
    curve = name;
    at('policies-so-far').setAttribute('aria-pressed', String(name === 'so_far'));
    at('policies-lately').setAttribute('aria-pressed', String(name === 'lately'));
    if (told) drawCurves();
  }

  at('policies-so-far').addEventListener('click', () => choose('so_far'));
  at('policies-lately').addEventListener('click', () => choose('lately'));
  const svg = at('policies-curves');
  svg.addEventListener('pointermove', (event) => {
    if (!drawn) return;
    const scale = drawn.width / svg.getBoundingClientRect().width;
    const left = event.offsetX * scale;
    let best = 0;
    for (let place = 0; place < told.ends.length; place += 1) if (Math.abs(drawn.x(place) - left) < Math.abs(drawn.x(best) - left)) best = place;
    chosenAt = best;
    point();
  });
  svg.addEventListener('pointerleave', () => { chosenAt = null; point(); });
  svg.addEventListener('blur', () => { chosenAt = null; point(); });
  svg.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9 }[event.key];
    if (event.key === 'Escape') { chosenAt = null; point(); return; }
    if (!step || !told) return;
    event.preventDefault();
    const last = told.ends.length - 1;
    chosenAt = Math.max(0, Math.min(last, (chosenAt === null ? last : chosenAt) + step));
    point();
  });
  window.addEventListener('resize', () => { if (told) drawCurves(); });
  ask();
})();
