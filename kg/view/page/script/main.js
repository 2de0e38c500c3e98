// The page put together: header, views, panel, footer; and how a change of state reaches them.

const NARROW = '(max-width: 860px)';
let drawn = { view: null, filter: 0, key: '' };
let filterVersion = 0;

function drawHeader() {
  refill(byId('header'),
    el('h1', {}, el('span', { class: 'app' }, t('app')), raw.title ? ` · ${raw.title}` : ''),
    combobox({ id: 'search', label: t('search'), placeholder: `${t('search')}   /`, choose: (place) => { reveal(place); } }),
    el('div', { class: 'views', role: 'tablist', 'aria-label': t('views') }, VIEWS.map((view) => el('button', {
      type: 'button', role: 'tab', id: `view-${view}`, 'aria-controls': 'main', 'aria-selected': String(state.view === view), tabindex: state.view === view ? '0' : '-1',
      onclick: () => change({ view, at: view === 'text' ? firstEvidence() : -1 }), onkeydown: viewKey,
    }, t(`view.${view}`)))),
    el('div', { class: 'actions' },
      el('button', { type: 'button', class: 'narrow-only', id: 'legend-button', onclick: () => toggleDrawer('legend') }, t('filter')),
      el('button', { type: 'button', id: 'path-button', onclick: () => openPath() }, t('path')),
      el('button', { type: 'button', id: 'compare-button', onclick: () => openCompare() }, t('compare')),
      exportMenu(),
      el('button', { type: 'button', id: 'theme-button', class: 'icon', 'aria-label': t('theme'), title: t('theme'), onclick: switchTheme }, '◐'),
      el('button', { type: 'button', id: 'language-button', lang: language === 'zh' ? 'en' : 'zh', onclick: switchLanguage }, t('language'))));
}

function viewKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = VIEWS[(VIEWS.indexOf(state.view) + step + VIEWS.length) % VIEWS.length];
  change({ view: next });
  byId(`view-${next}`).focus();
}

/** Choose a name and see to it that it can be seen: a filter that hides it is lifted. */
function reveal(place) {
  const filter = isVisible(place) ? {} : { off: fresh().off, gap: -1, amount: 0 };
  change({ ...filter, entity: place, fact: -1 });
  focusPanel();
}

function focusPanel() {
  (byId('panel-title') || byId('panel')).focus({ preventScroll: true });
}

function firstEvidence() {
  if (state.fact >= 0) return facts[state.fact].evidence[0] ?? -1;
  if (state.entity < 0) return -1;
  const fact = entities[state.entity].facts.map((place) => facts[place]).find((other) => isShown(other) && other.evidence.length);
  const place = fact ? fact.evidence[0] : entities[state.entity].evidence[0] ?? -1;
  if (place >= 0) state.document = raw.evidence[place][0];
  return place;
}

function drawFooter() {
  const relations = facts.filter((fact) => !fact.measure).length;
  refill(byId('footer'), el('span', {}, t('footer', entities.length, relations, facts.length - relations)),
    raw.accounted ? el('span', {}, t('accounted', ...raw.accounted)) : null, el('span', {}, t('reviewed')), el('span', { class: 'end' }, t('offline')));
}

function render() {
  if (applyFilter()) filterVersion += 1;
  document.body.dataset.view = state.view;
  const main = byId('main');
  for (const view of VIEWS) {
    const tab = byId(`view-${view}`);
    tab.setAttribute('aria-selected', String(view === state.view));
    tab.tabIndex = view === state.view ? 0 : -1;
  }
  main.setAttribute('aria-label', t(`view.${state.view}`));
  drawView(main);
  if (drawn.filter !== filterVersion || drawn.gap !== state.gap) drawLegend();
  const inPanel = byId('panel').contains(document.activeElement);
  drawPanel();
  if (inPanel) focusPanel();
  drawCompare();
  drawn = { ...drawn, filter: filterVersion, gap: state.gap };
}

/** Draw the view anew only where more than the choice has changed. */
function drawView(main) {
  const key = JSON.stringify([state.view, filterVersion, language, state.view === 'table' ? [state.tab, state.sort, state.down] : 0, state.view === 'chain' ? [...state.bands].sort() : 0, state.view === 'text' ? [state.document, state.at, state.entity, state.fact] : 0]);
  if (state.view === 'network') {
    if (drawn.view !== 'network') main.replaceChildren();
    drawNetwork(main);
  } else if (key !== drawn.key || (state.view === 'chain' && state.entity >= 0 && !main.querySelector(`[data-entity="${state.entity}"]`))) {
    net.drawing?.destroy();
    net.drawing = null;
    const top = drawn.view === state.view && state.view !== 'text' ? main.scrollTop : 0;
    main.scrollTop = 0;
    if (state.view === 'chain') drawChains(main);
    else if (state.view === 'table') drawTable(main);
    else drawText(main);
    if (top) main.scrollTop = top;
  }
  drawn.key = key;
  drawn.view = state.view;
  markChosen();
  if (state.view === 'chain') revealChoice();
}

function isNarrow() {
  return matchMedia(NARROW).matches;
}

function toggleDrawer(name) {
  document.body.classList.toggle(`${name}-open`);
}

function openDrawer(name) {
  document.body.classList.add(`${name}-open`);
}

function closeDrawers() {
  document.body.classList.remove('legend-open', 'panel-open');
}

function switchTheme() {
  const dark = isDark();
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  remember('theme', document.documentElement.dataset.theme);
  if (net.drawing) refreshNetwork();
}

function isDark() {
  return (document.documentElement.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
}

function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh';
  remember('language', language);
  keepAddress({ silent: true });
  drawAll();
  byId('language-button').focus();
}

function drawAll() {
  document.documentElement.lang = language;
  byId('skip').textContent = t('skip');
  byId('legend').setAttribute('aria-label', t('filter'));
  byId('panel').tabIndex = -1;
  drawn = { view: null, filter: -1, key: '' };
  drawHeader();
  drawFooter();
  render();
}

function followAddress() {
  const anew = readLanguage({ first: false });
  readAddress();
  if (anew) drawAll(); else render();
}

function start() {
  if (['dark', 'light'].includes(recall('theme'))) document.documentElement.dataset.theme = recall('theme');
  document.body.append(el('dialog', { id: 'compare-dialog', 'aria-labelledby': 'compare-title', onclose: () => state.compare && change({ compare: null }) }), el('div', { id: 'toast', 'aria-hidden': 'true' }));
  readLanguage({ first: true });
  readAddress();
  drawAll();
  listenToKeys();
  byId('skip').addEventListener('click', (event) => { event.preventDefault(); byId('main').focus(); });
  window.addEventListener('popstate', followAddress);
  window.addEventListener('hashchange', followAddress);
  window.addEventListener('beforeprint', preparePrint);
  let waiting = 0;
  new ResizeObserver(() => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(redrawWires); }).observe(byId('main'));
  document.addEventListener('click', (event) => { if (!event.target.closest('.menu-box') && !byId('export-menu').hidden) byId('export-menu').hidden = true; });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => net.drawing && refreshNetwork());
  document.documentElement.dataset.ready = 'true';
}

start();
