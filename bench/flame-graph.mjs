const WIDTH = 1_200;
const ROW = 16;
/** Narrower than this nothing can be read. */
const WIDTH_MIN = 2;

/** @param nodes a tree of calls by id, each with `self` time and `children`. @returns an SVG, callers below. */
export function drawFlameGraph(nodes, rootId, nameOf) {
  const totals = new Map();
  const totalOf = (id) => {
    const node = nodes.get(id);
    const total = (node.children ?? []).reduce((sum, child) => sum + totalOf(child), node.self);
    totals.set(id, total);
    return total;
  };
  const scale = WIDTH / totalOf(rootId);
  const boxes = [];
  let depthMax = 0;
  const visit = (ids, x, depth) => {
    // Calls of one function from one caller are one box, wherever in the tree they stand.
    const groups = Map.groupBy?.(ids, (id) => nameOf(nodes.get(id))) ?? groupBy(ids, (id) => nameOf(nodes.get(id)));
    let left = x;
    for (const [name, members] of groups) {
      const width = members.reduce((sum, id) => sum + totals.get(id), 0) * scale;
      if (width < WIDTH_MIN) continue;
      depthMax = Math.max(depthMax, depth);
      boxes.push({ name, x: left, width, depth });
      visit(
        members.flatMap((id) => nodes.get(id).children ?? []),
        left,
        depth + 1,
      );
      left += width;
    }
  };
  visit([rootId], 0, 0);
  const height = (depthMax + 1) * ROW;
  const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const draw = ({ name, x, width, depth }) => {
    const y = height - (depth + 1) * ROW;
    const label = escaped(name.slice(0, Math.floor(width / 6.2)));
    const box = `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" fill="hsl(${20 + (name.length % 30)} 80% 70%)"/>`;
    const text = width < 20 ? '' : `<text x="${(x + 2).toFixed(1)}" y="${y + 11}">${label}</text>`;
    return `<g><title>${escaped(name)} ${((width / WIDTH) * 100).toFixed(1)} %</title>${box}${text}</g>`;
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="monospace" font-size="10">\n<title>Time by function, callers below</title>\n${boxes.map(draw).join('\n')}\n</svg>\n`;
}

/** Node 20 has no `Map.groupBy`. */
function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}
