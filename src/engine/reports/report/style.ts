import { variablesOf } from '../svg/palette.ts'

const light = `${variablesOf('light')};--bg:#f5f6f8;--caution:#7a4b00;--caution-bg:#fdf3dd;--problem:#b3261e;--problem-bg:#fcecea;--good:#0a6650;--bad:#b3261e;--focus:#5a3ec8`
const dark = `${variablesOf('dark')};--bg:#111419;--caution:#f2c572;--caution-bg:#33280f;--problem:#ff9a90;--problem-bg:#3a1a18;--good:#3fbf9c;--bad:#ff9a90;--focus:#b7a5ff`

/** How a report looks: on a screen in the reader's theme, on paper light. */
export const reportStyle = `
:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 "Segoe UI Variable Text","Segoe UI",system-ui,-apple-system,"Noto Sans",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2.2rem 1.2rem 3rem}
h1,h2,h3,p,li,dd,td,th,.prose{overflow-wrap:anywhere}
h1{margin:0;font-size:1.8rem;line-height:1.2;text-wrap:balance}
h1.long{font-size:1.05rem;line-height:1.4;text-wrap:wrap}
h2{margin:0 0 .7rem;font-size:1.2rem;line-height:1.3}
h3{margin:1.3rem 0 .5rem;font-size:1rem;line-height:1.35}
h2+h3{margin-top:0}
p{margin:.4rem 0}
ul{margin:.4rem 0;padding-inline-start:1.2rem}
li{margin:.2rem 0}
section{margin-top:1.2rem;padding:1.2rem 1.3rem;border:1px solid var(--grid);border-radius:10px;background:var(--surface)}
.about,.quiet,footer,dt,small{color:var(--quiet)}
.about{margin:.5rem 0 0}
.first{font-size:1.12rem;font-weight:600}
.caution,.problem{padding:.5rem .8rem;border-radius:7px}
.caution{background:var(--caution-bg);color:var(--caution)}
.problem{background:var(--problem-bg);color:var(--problem)}
.good{color:var(--good)}
.bad{color:var(--bad)}
.prose{white-space:pre-wrap;margin-bottom:.8rem}
dl{display:grid;grid-template-columns:minmax(8rem,auto) 1fr;gap:.3rem 1.2rem;margin:0}
dl div{display:contents}
dd{margin:0;white-space:pre-wrap}
.frame{overflow-x:auto}
.frame:focus-visible,summary:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:4px}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.35;font-variant-numeric:tabular-nums}
th,td{padding:.38rem .7rem;border-bottom:1px solid var(--grid);text-align:start;vertical-align:top;overflow-wrap:normal}
th:first-child{padding-inline-start:0}
thead th{color:var(--quiet);font-weight:600;vertical-align:bottom}
tbody th{font-weight:400;min-width:8rem;overflow-wrap:anywhere}
tbody tr:last-child>*{border-bottom:0}
.figure{text-align:end}
td.figure{white-space:nowrap}
small{display:block;font-size:.82em;white-space:normal}
details+h3,.frame+details{margin-top:1rem}
figure{margin:1.6rem 0 0}
h2+figure{margin-top:0}
figure h3{margin-top:0}
.drawing svg{display:block;width:100%;min-width:34rem;height:auto}
details{margin-top:.4rem}
summary{width:max-content;max-width:100%;color:var(--quiet);cursor:pointer}
footer{margin-top:1.4rem;font-size:.87rem;overflow-wrap:anywhere}
@media (max-width:36rem){
main{padding:1.2rem .7rem 2rem}
section{padding:1rem .9rem}
h1{font-size:1.45rem}
dl{grid-template-columns:1fr;gap:0}
dd{margin-bottom:.5rem}
}
@page{margin:15mm}
@media print{
:root{color-scheme:light}
body{background:none;font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:none;padding:0}
section{padding:0;border:0;background:none;margin-top:1.4rem}
h2{padding-top:.7rem;border-top:1px solid var(--grid)}
h2,h3{break-after:avoid}
figure,tr,.first,.caution,.problem,dl div{break-inside:avoid}
thead{display:table-header-group}
.frame{overflow:visible}
.drawing svg{min-width:0;max-height:22cm}
table{font-size:8.8pt}
details:not([open]),section:has(>h2+details:not([open]):last-child){display:none}
}
`
