// Everything by keyboard: single keys where no text is being typed, arrows within the bands.

function listenToKeys() {
  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') { escapeKey(); return; }
    if (event.target.closest('input, select, textarea, dialog')) return;
    if (event.key === '/') { event.preventDefault(); byId('search').focus(); byId('search').select(); return; }
    if (VIEWS[Number(event.key) - 1]) { change({ view: VIEWS[Number(event.key) - 1] }); return; }
    const act = { f: () => { openDrawer('legend'); byId('legend').querySelector('button')?.focus(); }, p: () => openPath(), c: () => openCompare(), e: () => toggleMenu(true), '?': () => say(t('keys')) }[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); } else if (event.key.startsWith('Arrow') && event.target.closest('.chains')) moveInBands(event);
  });
}

function escapeKey() {
  if (state.compare) change({ compare: null });
  else if (!byId('export-menu').hidden) toggleMenu(false);
  else if (document.body.classList.contains('legend-open')) closeDrawers();
  else if (state.entity >= 0 || state.fact >= 0) change({ entity: -1, fact: -1 });
  else if (state.path) change({ path: null });
}

/** Move the focus to the nearest node in the direction of the arrow. */
function moveInBands(event) {
  const here = event.target.closest('.node')?.getBoundingClientRect();
  if (!here) return;
  event.preventDefault();
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  let best = null;
  let least = Infinity;
  for (const node of document.querySelectorAll('.chains .node')) {
    const box = node.getBoundingClientRect();
    if (!box.width || node === event.target) continue;
    const along = (box.left - here.left) * dx + (box.top - here.top) * dy;
    const aside = Math.abs((box.left - here.left) * dy) + Math.abs((box.top - here.top) * dx);
    if (along > 3 && along + aside * 3 < least) { least = along + aside * 3; best = node; }
  }
  best?.focus();
}
