/**
 * Lays the pictures of an album out in one block. Pure: takes widths by heights, gives boxes.
 *
 * The rules are those that a messenger's reader knows: two side by side, three as one and two, four as a square or
 * one and three, more in rows of three at most whose lengths bring the block near to four by three, standing.
 */

const TARGET_HEIGHT = 4 / 3;
const LONGEST_ROW = 3;
const NARROW = 0.85;
const LOWEST_ROW = 0.28;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const sum = (values) => values.reduce((total, value) => total + value, 0);

function row(ratios, y, height) {
  const total = sum(ratios);
  let x = 0;
  return ratios.map((ratio) => {
    const box = { x, y, w: ratio / total, h: height };
    x += box.w;
    return box;
  });
}

function column(ratios, x, width, height) {
  const heights = ratios.map((ratio) => 1 / ratio);
  const total = sum(heights);
  let y = 0;
  return heights.map((part) => {
    const box = { x, y, w: width, h: (part / total) * height };
    y += box.h;
    return box;
  });
}

function rows(ratios, lengths, low = 0.2, high = 1) {
  const boxes = [];
  let y = 0;
  let first = 0;
  for (const length of lengths) {
    const part = ratios.slice(first, first + length);
    const height = clamp(1 / sum(part), low, high);
    boxes.push(...row(part, y, height));
    y += height;
    first += length;
  }
  return { boxes, height: y };
}

/** One tall picture at the left, the others in a column at its right. */
function tallAndColumn([first, ...others]) {
  const stack = 1 / sum(others.map((ratio) => 1 / ratio));
  const left = clamp(first / (first + stack), 0.5, 0.72);
  const height = clamp(left / first, 0.6, TARGET_HEIGHT);
  return { boxes: [{ x: 0, y: 0, w: left, h: height }, ...column(others, left, 1 - left, height)], height };
}

function* splits(n) {
  if (n === 0) yield [];
  for (let length = 1; length <= Math.min(n, LONGEST_ROW + 1); length += 1) {
    for (const rest of splits(n - length)) yield [length, ...rest];
  }
}

/** Rows have three pictures at most; the middle one of three rows has four where the pictures are narrow. */
function isUsual(lengths, average) {
  const mayHaveFour = (i) => average < NARROW && lengths.length === 3 && i === 1;
  return lengths.every((length, i) => length <= LONGEST_ROW || mayHaveFour(i));
}

function bestRows(ratios) {
  const average = sum(ratios) / ratios.length;
  const [low, high] = average > 1.1 ? [1, 2.75] : [2 / 3, 1];
  const cropped = ratios.map((ratio) => clamp(ratio, low, high));
  let best = null;
  for (const lengths of splits(ratios.length)) {
    if (!isUsual(lengths, average)) continue;
    const layout = rows(cropped, lengths);
    const isLow = layout.boxes.some((box) => box.h < LOWEST_ROW);
    const unordered = lengths.some((length, i) => i > 0 && length < lengths[i - 1]);
    const cost = Math.abs(layout.height - TARGET_HEIGHT) * (isLow ? 1.5 : 1) * (unordered ? 1.2 : 1);
    if (best === null || cost < best.cost - 1e-9) best = { ...layout, cost };
  }
  return { boxes: best.boxes, height: best.height };
}

/**
 * Place pictures in a block that is 1 wide.
 *
 * `ratios` are widths by heights, 1 to 10 of them. Returns `{boxes: [{x, y, w, h}], height}`, the boxes in the same
 * order, filling the block without a gap.
 */
export function mosaic(ratios) {
  const sane = ratios.map((ratio) => (Number.isFinite(ratio) ? ratio : 1));
  const kept = sane.map((ratio) => clamp(ratio, 0.6, 1.9));
  const [first, second] = kept;
  if (kept.length === 1) return rows(kept, [1], 0.5, TARGET_HEIGHT);
  if (kept.length === 2) return rows(kept, first > 1.35 && second > 1.35 ? [1, 1] : [2]);
  if (kept.length === 3) return first < 0.85 ? tallAndColumn(kept) : rows(kept, [1, 2], 0.3, 0.75);
  if (kept.length === 4) {
    if (first < 0.75) return tallAndColumn(kept);
    return rows(kept, first > 1.35 ? [1, 3] : [2, 2]);
  }
  return bestRows(sane);
}
