// Making elements. Text is set as text, never as markup: whatever a document holds stays inert.

const SVG = 'http://www.w3.org/2000/svg';

function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

function refill(node, ...children) {
  node.replaceChildren();
  append(node, children);
}

function byId(id) {
  return document.getElementById(id);
}

function announce(text) {
  byId('live').textContent = text;
}

/** A list that shows its first `limit` items and a button for the rest. */
function foldedList(items, limit, make, moreWord) {
  const list = el('ul', { class: 'plain' }, items.slice(0, limit).map((item) => el('li', {}, make(item))));
  if (items.length > limit) {
    const more = el('button', { class: 'link', type: 'button' }, moreWord(items.length - limit));
    more.addEventListener('click', () => {
      const next = items.slice(limit).map((item) => el('li', {}, make(item)));
      more.parentNode.replaceWith(...next);
      next[0].querySelector('button, a')?.focus();
    });
    list.append(el('li', {}, more));
  }
  return list;
}
