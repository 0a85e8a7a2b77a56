package io.tocsin.app.report;

/** The style of an evaluation's page. */
final class EvaluationStyle {
  static final String CSS =
      """
      :root{color-scheme:light dark;--ink:#1b1f24;--soft:#5c6670;--line:#d7dce1;--paper:#fff;
      --card:#f5f7f9;--mark:#0b62c4}
      @media(prefers-color-scheme:dark){:root{--ink:#e4e8ec;--soft:#9aa5b0;--line:#343b43;
      --paper:#14181c;--card:#1d2329;--mark:#6cb2ff}}
      *{box-sizing:border-box}
      body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:68rem;background:var(--paper);
      color:var(--ink);font:16px/1.5 system-ui,sans-serif}
      h1{font-size:1.8rem;line-height:1.2;margin:0 0 .5rem}
      h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:.75rem;
      border-top:1px solid var(--line)}
      h3{font-size:1rem;margin:1.5rem 0 .25rem}
      p,li{max-width:46rem}
      .lead{font-size:1.1rem;color:var(--soft)}
      .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.75rem;
      margin:1.5rem 0}
      .card{background:var(--card);border-radius:.5rem;padding:.9rem 1rem}
      .card p{margin:.15rem 0;font-size:.9rem;color:var(--soft)}
      .card p.big{font-size:1.7rem;font-weight:650;color:var(--ink);line-height:1.2}
      .wide{overflow-x:auto}
      table{border-collapse:collapse;font-size:.9rem;margin:.5rem 0}
      th,td{padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
      th{color:var(--soft);font-weight:600}
      .t{text-align:left}
      .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      .h,.hash{font:.8rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere;text-align:left}
      .small{font-size:.9rem;color:var(--soft)}
      details{margin:.75rem 0}
      summary{cursor:pointer;font-weight:600}
      svg text{font:12px system-ui,sans-serif;fill:var(--ink)}
      svg .tick{fill:var(--soft);font-size:11px}
      svg .grid{stroke:var(--line)}
      svg .ideal{stroke:var(--soft);stroke-dasharray:4 4}
      svg .bar{stroke:var(--mark);stroke-width:2;opacity:.5}
      svg .dot{fill:var(--mark)}
      """;

  private EvaluationStyle() {}
}
