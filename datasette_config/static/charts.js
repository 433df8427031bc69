// Draws every table marked data-chart with uPlot, above the table; without this script the table is what is read.
"use strict";
(() => {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(name).trim();
  const number = new Intl.NumberFormat(document.documentElement.lang);
  for (const table of document.querySelectorAll("table[data-chart]")) {
    const rows = [...table.tBodies[0].rows].map(row => [
      Date.parse(`${(row.cells[0].dataset.value + "-01-01").slice(0, 10)}T00:00:00Z`) / 1000,
      ...[...row.cells].filter(cell => cell.dataset.y !== undefined).map(cell => Number(cell.dataset.y)),
    ]).filter(row => Number.isFinite(row[0])).sort((a, b) => a[0] - b[0]);
    if (rows.length < 2) continue;
    const heads = [...table.tHead.rows[0].cells].filter(cell => cell.dataset.series !== undefined).map(cell => cell.textContent);
    const place = document.createElement("div");
    place.className = "chart";
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", table.caption ? table.caption.textContent.trim() : "");
    table.before(place);
    const strokes = [colour("--accent"), colour("--link"), colour("--quiet")];
    const bars = uPlot.paths.bars({ size: [0.7, 40] });
    const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") } };
    const width = () => Math.max(240, place.clientWidth);
    const plot = new uPlot({
      width: width(), height: 240, tzDate: at => uPlot.tzDate(new Date(at * 1e3), "Etc/UTC"),
      series: [{ value: (_, at) => at == null ? "–" : new Date(at * 1e3).toISOString().slice(0, table.dataset.chart === "year" ? 4 : 7) },
        ...heads.map((label, i) => ({ label, stroke: strokes[i], fill: i ? undefined : strokes[i] + "99", paths: i ? undefined : bars, points: { show: i > 0 },
          value: (_, v) => v == null ? "–" : number.format(v) }))],
      axes: [axis, { ...axis, size: 70, incrs: [1, 2, 5].flatMap(step => [...Array(13).keys()].map(power => step * 10 ** power)).sort((a, b) => a - b), values: (_, ticks) => ticks.map(v => number.format(v)) }],
      scales: { x: { range: (_, low, high) => { const room = (high - low) / (2 * Math.max(rows.length - 1, 1)); return [low - room, high + room]; } }, y: { range: (_, low, high) => [Math.min(0, low), high || 1] } },
    }, [0, ...heads.map((_, i) => i + 1)].map(i => rows.map(row => row[i])), place);
    addEventListener("resize", () => plot.setSize({ width: width(), height: 240 }));
  }
})();
