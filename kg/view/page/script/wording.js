// The page's own words in the chosen language; names out of documents are never translated.

const raw = JSON.parse(byId('data').textContent);
const LANGUAGES = ['zh', 'en'];
let language = LANGUAGES.includes(recall('language')) ? recall('language') : 'zh';

function t(key, ...values) {
  const entry = raw.wording[key];
  const text = entry ? entry[LANGUAGES.indexOf(language)] : key;
  return text.replace(/\{(\d)\}/g, (_, place) => String(values[place] ?? ''));
}

/** A word of a scheme (`modality.actual`), or the value itself where the page has no word for it. */
function tOr(scheme, value) {
  if (!value) return t('none');
  return raw.wording[`${scheme}.${value}`] ? t(`${scheme}.${value}`) : value;
}

/** Settings of this reader; a browser that forbids storage simply forgets them. */
function recall(name) {
  try { return localStorage.getItem(`lianzhu.${name}`) || ''; } catch { return ''; }
}

function remember(name, value) {
  try { localStorage.setItem(`lianzhu.${name}`, value); } catch { /* forgotten at the next visit */ }
}
