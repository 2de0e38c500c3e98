() => {
  // Every visible text whose contrast with what lies behind it is below 4.5 : 1.
  const parse = (text) => { const part = text.match(/[\d.]+/g).map(Number); return [...part.slice(0, 3), part[3] ?? 1]; };
  const linear = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const groundOf = (node) => {
    for (let above = node; above; above = above.parentElement) {
      const colour = parse(getComputedStyle(above).backgroundColor);
      if (colour[3] > 0.5) return colour;
    }
    return [255, 255, 255, 1];
  };
  const weak = [];
  for (const node of document.querySelectorAll('body *')) {
    if (!node.checkVisibility() || ![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    if (node.closest('#toast, #live, svg, script, style, noscript, .skip, [hidden], .only')) continue;
    const style = getComputedStyle(node);
    const ink = parse(style.color);
    const ground = groundOf(node);
    const alpha = Number(style.opacity) * ink[3];
    const seen = ink.map((value, place) => value * alpha + ground[place] * (1 - alpha));
    const [high, low] = [light(seen), light(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) weak.push([node.className, node.textContent.slice(0, 20), ratio.toFixed(2)]);
  }
  return weak;
}
