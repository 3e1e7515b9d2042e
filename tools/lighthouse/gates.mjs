// What every page has to reach, and the table that says whether it does.

const score = (category) => (lhr) => Math.round((lhr.categories[category].score ?? 0) * 100);
const metric = (audit) => (lhr) => lhr.audits[audit].numericValue;
/** Styles are in the page itself, where Lighthouse does not count them: run.mjs adds their compressed size. */
const inlinedStyles = (lhr) => lhr.inlinedStylesBytes / 1024;
const kilobytes = (type) => (lhr) => lhr.audits["resource-summary"].details.items.find((one) => one.resourceType === type).transferSize / 1024;

export const GATES = [
  { name: "performance", of: score("performance"), least: 95 },
  { name: "accessibility", of: score("accessibility"), least: 100 },
  { name: "best practices", of: score("best-practices"), least: 100 },
  { name: "SEO", of: score("seo"), least: 100 },
  { name: "LCP", of: metric("largest-contentful-paint"), most: 1800, unit: "ms" },
  { name: "TBT", of: metric("total-blocking-time"), most: 150, unit: "ms" },
  { name: "CLS", of: metric("cumulative-layout-shift"), most: 0.02, digits: 3 },
  { name: "JavaScript", of: kilobytes("script"), most: 100, unit: "KiB", digits: 1 },
  { name: "CSS", of: (lhr) => kilobytes("stylesheet")(lhr) + inlinedStyles(lhr), most: 15, unit: "KiB", digits: 1 },
];

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const written = (value, { digits = 0, unit = "" }) => `${value.toFixed(digits)}${unit && ` ${unit}`}`;

/** What Lighthouse says is wrong on a page, besides speed. */
const failures = (lhr) =>
  ["accessibility", "best-practices", "seo"].flatMap((category) =>
    lhr.categories[category].auditRefs
      .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
      .map(({ id }) => `${category}: ${lhr.audits[id].title}`),
  );

/** Prints a page's medians with their spread; gives how many gates are missed. */
export function report(page, runs) {
  console.log(`\n${page} (${runs[0].finalDisplayedUrl}, median of ${runs.length})`);
  let missed = 0;
  for (const gate of GATES) {
    const values = runs.map(gate.of);
    const value = median(values);
    const holds = gate.least === undefined ? value <= gate.most : value >= gate.least;
    if (!holds) missed++;
    const wanted = gate.least === undefined ? `at most ${written(gate.most, gate)}` : `at least ${written(gate.least, gate)}`;
    const spread = `${written(Math.min(...values), gate)} to ${written(Math.max(...values), gate)}`;
    console.log(`  ${holds ? "ok    " : "MISSED"} ${gate.name.padEnd(15)} ${written(value, gate).padEnd(10)} ${wanted.padEnd(18)} (${spread})`);
  }
  for (const failure of new Set(runs.flatMap(failures))) console.log(`         ${failure}`);
  return missed;
}
