// Draws every table marked data-chart with uPlot, above the table; without this script the table is what is read.
"use strict";
(() => {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(name).trim();
  const lang = document.documentElement.lang;
  const number = new Intl.NumberFormat(lang);
  // A period as the page writes it: 2023, and 05/2023 or 2023-05.
  const written = (at, by) => {
    const iso = new Date(at * 1e3).toISOString();
    if (by === "year") return iso.slice(0, 4);
    return lang === "vi" ? `${iso.slice(5, 7)}/${iso.slice(0, 4)}` : iso.slice(0, 7);
  };
  // Periods without a row count nothing; drawn, or years apart would look like neighbours.
  const periods = (first, last, by) => {
    const out = [];
    const at = new Date(first * 1e3);
    while (at.getTime() <= last * 1e3) {
      out.push(at.getTime() / 1e3);
      if (by === "year") at.setUTCFullYear(at.getUTCFullYear() + 1); else at.setUTCMonth(at.getUTCMonth() + 1);
    }
    return out;
  };
  for (const table of document.querySelectorAll("table[data-chart]")) {
    const by = table.dataset.chart;
    const values = new Map();
    for (const row of table.tBodies[0].rows) {
      const at = Date.parse(`${(row.cells[0].dataset.value + "-01-01").slice(0, 10)}T00:00:00Z`) / 1000;
      const cell = [...row.cells].find(one => one.dataset.y !== undefined);
      if (Number.isFinite(at) && cell) values.set(at, Number(cell.dataset.y));
    }
    if (values.size < 2) continue;
    const times = [...values.keys()].sort((a, b) => a - b);
    const x = periods(times[0], times[times.length - 1], by);
    if (x.length > 1200) continue;
    const head = [...table.tHead.rows[0].cells].find(cell => cell.dataset.series !== undefined).textContent;
    const place = document.createElement("div");
    place.className = "chart";
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", table.caption ? table.caption.textContent.trim() : head);
    (table.closest(".scroll") || table).before(place);
    const accent = colour("--accent");
    const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") } };
    const width = () => Math.max(240, place.clientWidth);
    // As many periods are written below as have room, each under its own bar.
    const splits = () => {
      const step = Math.ceil(x.length / Math.max(2, Math.floor((width() - 90) / (by === "year" ? 52 : 76))));
      return x.filter((_, i) => i % step === 0);
    };
    const plot = new uPlot({
      width: width(), height: 230, legend: { show: false }, cursor: { show: false },
      series: [{}, { label: head, stroke: accent, fill: accent + "99", paths: uPlot.paths.bars({ size: [0.7, 40] }), points: { show: false } }],
      axes: [
        { ...axis, splits, grid: { show: false }, values: (_, ticks) => ticks.map(at => written(at, by)) },
        { ...axis, size: 62, label: head, labelSize: 22, incrs: [...Array(13).keys()].flatMap(power => [1, 2, 5].map(step => step * 10 ** power)), values: (_, ticks) => ticks.map(v => number.format(v)) },
      ],
      scales: {
        x: { time: false, range: (_, low, high) => { const room = (high - low) / (2 * Math.max(x.length - 1, 1)); return [low - room, high + room]; } },
        y: { range: (_, low, high) => [0, high || 1] },
      },
    }, [x, x.map(at => values.get(at) || null)], place);
    addEventListener("resize", () => plot.setSize({ width: width(), height: 230 }));
  }
})();
