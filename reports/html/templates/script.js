// Tables sort by their headings and filter by text and by value; a link to something folded unfolds it.
"use strict";
(() => {
  const key = (cell) => cell.dataset.order === undefined ? cell.textContent.trim().toLowerCase() : Number(cell.dataset.order);
  const compare = (a, b) => (typeof a === "number" && typeof b === "number") ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });

  const sortable = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const body = table.tBodies[0];
        const rows = [...body.rows].map((row) => [key(row.cells[column]), row]);
        rows.sort((a, b) => (down ? -1 : 1) * compare(a[0], b[0]));
        body.append(...rows.map((row) => row[1]));
      });
    });
  };

  const labelled = (text, control) => {
    const label = document.createElement("label");
    label.append(text + " ", control);
    return label;
  };

  const filterable = (table) => {
    const wanted = (table.dataset.filters || "").split("|").filter(Boolean);
    const rows = [...table.tBodies[0].rows];
    if (!wanted.length && rows.length < 20) return;
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const bar = document.createElement("div");
    bar.className = "filters";
    const text = document.createElement("input");
    text.type = "search";
    bar.append(labelled("Find in " + table.caption.textContent + ":", text));
    const choices = wanted.map((name) => {
      const column = names.indexOf(name);
      const select = document.createElement("select");
      const values = new Set(rows.flatMap((row) => row.cells[column].textContent.trim().split(", ")));
      select.append(new Option("all", ""), ...[...values].sort().map((value) => new Option(value, value)));
      bar.append(labelled(name, select));
      return [column, select];
    });
    const told = document.createElement("output");
    told.setAttribute("aria-live", "polite");
    bar.append(told);
    const apply = () => {
      const needle = text.value.trim().toLowerCase();
      let shown = 0;
      for (const row of rows) {
        const fits = (!needle || row.textContent.toLowerCase().includes(needle)) && choices.every(([column, select]) =>
          !select.value || row.cells[column].textContent.trim().split(", ").includes(select.value));
        row.hidden = !fits;
        shown += fits;
      }
      told.textContent = shown + " of " + rows.length + " rows";
    };
    bar.addEventListener("input", apply);
    apply();
    table.closest(".table").prepend(bar);
  };

  const unfold = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details")) {
      target.open = true;
      target.scrollIntoView();
    }
  };

  const folded = () => [...document.querySelectorAll("details:not([open])")];
  let opened = [];
  addEventListener("beforeprint", () => { opened = folded(); opened.forEach((one) => { one.open = true; }); });
  addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));
  document.querySelectorAll("table").forEach((table) => {
    filterable(table);
    if (table.hasAttribute("data-sortable")) sortable(table);
  });
  addEventListener("hashchange", unfold);
  unfold();
})();
