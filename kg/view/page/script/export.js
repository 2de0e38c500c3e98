// Taking things away: pictures, tables, the query, a link, paper.

const PAPER_WIDTH = 1010; // a landscape A4 sheet less its margins, in CSS pixels
const BANDS_ON_PAPER = 400;

const EXPORTS = [
  ['png', savePng], ['svg', saveSvg], ['csv', saveCsv], ['xlsx', saveXlsx],
  ['sparql', copyQuery],
  ['link', copyLink], ['print', printView],
];

function copyQuery() {
  if (state.view === 'table' && state.tab === 'verdict') say(t('table.noQuery'));
  else copyText(queryOfScope(exportScope()));
}

function copyLink() {
  copyText(location.href.split('#')[0] + writeAddress(), t('export.linkDone'));
}

function exportMenu() {
  const menu = el('ul', { class: 'menu', id: 'export-menu', role: 'menu', 'aria-label': t('export'), hidden: true }, el('li', { role: 'none', class: 'scope', id: 'export-scope' }), EXPORTS.map(([name, act]) => el('li', { role: 'none' },
    el('button', { type: 'button', role: 'menuitem', tabindex: '-1', 'data-export': name, onclick: () => { toggleMenu(false); act(); } }, t(`export.${name}`)))));
  const button = el('button', { type: 'button', id: 'export-button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-controls': 'export-menu', onclick: () => toggleMenu(menu.hidden) }, `${t('export')} ▾`);
  menu.addEventListener('keydown', (event) => {
    const items = [...menu.querySelectorAll('button')];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus(); }
    if (event.key === 'Escape') { event.stopPropagation(); toggleMenu(false); }
  });
  return el('div', { class: 'menu-box' }, button, menu);
}

function toggleMenu(open) {
  const menu = byId('export-menu');
  menu.hidden = !open;
  byId('export-scope').textContent = t('export.scope', exportScope().name || t(isFiltered() ? 'export.filtered' : state.view === 'network' ? 'export.drawn' : 'all'));
  byId('export-button').setAttribute('aria-expanded', String(open));
  if (open) menu.querySelector('button').focus(); else byId('export-button').focus();
}

function save(name, content, type) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  announce(name);
}

function fileName(ending) {
  const subject = exportScope().name || raw.title || t('app');
  return `${subject.replace(/[\\/:*?"<>|\s\u0000-\u001f]+/g, '-').replace(/^[.-]+/, '').slice(0, 40) || 'lianzhu'}.${ending}`;
}

function saveSvg() {
  const picture = makePicture();
  if (picture) save(fileName('svg'), picture.text, 'image/svg+xml'); else say(t('export.noPicture'));
}

function savePng() {
  const picture = makePicture();
  if (!picture) { say(t('export.noPicture')); return; }
  const scale = Math.min(2, 8000 / Math.max(picture.width, picture.height));
  const image = new Image();
  image.onload = () => {
    const canvas = el('canvas', { width: Math.ceil(picture.width * scale), height: Math.ceil(picture.height * scale) });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => { URL.revokeObjectURL(image.src); save(fileName('png'), blob); }, 'image/png');
  };
  image.src = URL.createObjectURL(new Blob([picture.text], { type: 'image/svg+xml' }));
}

/** The table on the screen; in other views relations and numbers one after the other. */
function saveCsv() {
  const scope = exportScope();
  const rows = state.view === 'table' ? plainTable(state.tab, scope) : [...plainTable('relation', scope), [], ...plainTable('measure', scope)];
  save(fileName('csv'), makeCsv(rows), 'text/csv;charset=utf-8');
}

function saveXlsx() {
  const scope = exportScope();
  save(fileName('xlsx'), makeXlsx(Object.fromEntries(tabsShown().map((tab) => [t(`tab.${tab}`), plainTable(tab, scope)]))));
}

function printView() {
  closeDrawers();
  window.print();
}

function copyText(text, done = t('panel.copied')) {
  const fallback = () => {
    const area = el('textarea', { 'aria-hidden': 'true', class: 'copy-area' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  };
  try { navigator.clipboard.writeText(text).catch(fallback); } catch { fallback(); }
  say(done);
}

/** Paper shows all bands at the width they have on the screen, so that their lines still meet them. */
function preparePrint() {
  if (state.view !== 'chain') return;
  if (bandLimit < BANDS_ON_PAPER) {
    bandLimit = BANDS_ON_PAPER;
    drawChains(byId('main'));
    fadeBands();
  }
  const width = isNarrow() ? PAPER_WIDTH : document.querySelector('.chains').clientWidth;
  document.documentElement.style.setProperty('--print-width', `${width}px`);
  document.documentElement.style.setProperty('--print-zoom', String(Math.min(1.4, PAPER_WIDTH / width)));
}

/** A short message that is also read aloud. */
function say(text) {
  const note = byId('toast');
  note.textContent = text;
  note.classList.add('on');
  announce(text);
  clearTimeout(say.timer);
  say.timer = setTimeout(() => note.classList.remove('on'), 2600);
}
