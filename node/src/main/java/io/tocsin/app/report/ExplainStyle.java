package io.tocsin.app.report;

/** The style of the page on one transaction. */
final class ExplainStyle {
  static final String CSS =
      """
      :root{color-scheme:light dark;--ink:#1b1f24;--soft:#55606a;--line:#d7dce1;--paper:#fff;
      --card:#f4f6f8;--mark:#0b62c4;--bad:#b3261e;--good:#1d6b3a;--proof:#fff3d6;
      --sender:#b3261e;--victim:#7a2ea0;--pool:#0b62c4;--lender:#00695c;--oracle:#8a5a00;
      --token:#55606a;--code:#3f5170}
      @media(prefers-color-scheme:dark){:root{--ink:#e4e8ec;--soft:#a3aeb8;--line:#343b43;
      --paper:#14181c;--card:#1d2329;--mark:#6cb2ff;--bad:#ff8a80;--good:#7fd6a0;--proof:#3a2f12;
      --sender:#ff8a80;--victim:#d9a3f5;--pool:#6cb2ff;--lender:#66cfc0;--oracle:#f0bd5a;
      --token:#a3aeb8;--code:#a9bcdc}}
      *{box-sizing:border-box}
      html{scroll-padding-top:1rem}
      body{margin:0 auto;padding:1.5rem 1.25rem 4rem;max-width:72rem;background:var(--paper);
      color:var(--ink);font:16px/1.5 system-ui,sans-serif}
      h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem}
      h2{font-size:1.25rem;margin:2.25rem 0 .5rem;padding-top:.75rem;
      border-top:1px solid var(--line)}
      h3{font-size:1rem;margin:1.25rem 0 .25rem}
      p,.text li{max-width:50rem}
      nav{margin:.75rem 0;font-size:.9rem}
      nav a{margin-right:.9rem}
      a{color:var(--mark)}
      .hash{font:.85rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere;color:var(--soft);
      margin:0}
      .verdict{display:inline-block;border-radius:.3rem;padding:.1rem .6rem;font-weight:650;
      border:2px solid currentColor;margin:.6rem 0}
      .found{color:var(--bad)}
      .clean{color:var(--good)}
      .unsure{color:var(--oracle)}
      .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.6rem;
      margin:1rem 0}
      .card{background:var(--card);border-radius:.4rem;padding:.7rem .9rem}
      .card p{margin:.1rem 0;font-size:.88rem;color:var(--soft)}
      .card p.big{font-size:1.25rem;font-weight:650;color:var(--ink);line-height:1.25;
      overflow-wrap:anywhere}
      .wide{overflow-x:auto}
      table{border-collapse:collapse;font-size:.9rem;margin:.5rem 0}
      caption{text-align:left;color:var(--soft);font-size:.9rem;padding:.2rem 0}
      th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
      th{color:var(--soft);font-weight:600;text-align:left}
      .t{text-align:left}
      .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
      th.n{text-align:right}
      .h{font:.8rem/1.5 ui-monospace,monospace;white-space:nowrap;text-align:left}
      .minus{color:var(--bad)}
      .plus{color:var(--good)}
      .small{font-size:.9rem;color:var(--soft)}
      .r{font-weight:600;text-decoration:none;border-bottom:2px solid currentColor;
      white-space:nowrap}
      .r-sender{color:var(--sender)}
      .r-victim{color:var(--victim)}
      .r-pool{color:var(--pool)}
      .r-lender{color:var(--lender)}
      .r-oracle{color:var(--oracle)}
      .r-token{color:var(--token)}
      .r-code{color:var(--code)}
      .r-none{color:var(--ink);border-bottom-style:dotted;font-weight:400}
      details{margin:.5rem 0}
      summary{cursor:pointer}
      .tree{font-size:.88rem;line-height:1.45}
      .tree ul{list-style:none;margin:0 0 0 .45rem;padding:0 0 0 .8rem;
      border-left:1px solid var(--line)}
      .tree details,.tree p{margin:0;max-width:none}
      .tree li{margin:0}
      .tree li.leaf{padding-left:1.05rem}
      .tree code{font:.84rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
      .tree .no{color:var(--soft);font-size:.78rem;margin-right:.35rem}
      .tree .kind{color:var(--soft);font-size:.74rem;margin-right:.3rem}
      .tree .value{font-weight:600;margin-left:.4rem}
      .tree .answer{color:var(--soft);margin-left:.4rem;overflow-wrap:anywhere}
      .tree .failed{color:var(--bad);margin-left:.4rem}
      .tree .undone code{text-decoration:line-through}
      .tree .fold{color:var(--soft);font-style:italic;padding-left:1.05rem}
      .proof{background:var(--proof);border-radius:.2rem;padding:0 .2rem}
      .tag{font-size:.76rem;margin-left:.4rem;font-weight:600}
      :target{outline:2px solid var(--mark);outline-offset:2px}
      svg{max-width:100%;height:auto}
      svg text{font:12px system-ui,sans-serif;fill:var(--ink)}
      svg .tick{fill:var(--soft);font-size:11px}
      svg .grid{stroke:var(--line)}
      svg .hit{stroke:var(--oracle);opacity:.35}
      svg .line{fill:none;stroke-width:2}
      svg .s0{stroke:var(--pool)} svg .s1{stroke:var(--sender);stroke-dasharray:7 3}
      svg .s2{stroke:var(--lender);stroke-dasharray:2 3}
      svg .s3{stroke:var(--victim);stroke-dasharray:9 3 2 3}
      svg .s4{stroke:var(--oracle);stroke-dasharray:4 2}
      svg .s5{stroke:var(--code);stroke-dasharray:1 2}
      svg .p0{fill:var(--pool)} svg .p1{fill:var(--sender)} svg .p2{fill:var(--lender)}
      svg .p3{fill:var(--victim)} svg .p4{fill:var(--oracle)} svg .p5{fill:var(--code)}
      @media print{body{padding:0;max-width:none;font-size:11pt}nav{display:none}
      details::details-content{content-visibility:visible;block-size:auto}
      h2{break-after:avoid}tr,.card,svg{break-inside:avoid}.h{white-space:normal;
      overflow-wrap:anywhere}a{color:inherit}}
      """;

  private ExplainStyle() {}
}
