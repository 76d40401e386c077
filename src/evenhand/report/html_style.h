// The page's style: one set of variables, light and dark; prints in black on white. Hues are those
// of Okabe and Ito (colour-blind safe); dots have an outline, so that pale hues can be seen too.
#pragma once

namespace evenhand::report {

inline constexpr const char* kStyle = R"css(
:root{--page:#fff;--ink:#1b1b1b;--pale:#595959;--line:#d9d9d9;--soft:#f5f5f2;--link:#0b5394;
  --bad:#a12b00;--good:#00614a;--open:#6b5200;
--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#cc79a7;--c4:#e69f00;--c5:#56b4e9;--c6:#7f7f7f;
  color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--page:#161616;--ink:#ececec;--pale:#b0b0b0;--line:#3d3d3d;
  --soft:#222;--link:#8ec5ff;--bad:#ff9d76;--good:#5fd3b0;--open:#f0cf65;
--c0:#4aa8e0;--c1:#f2833a;--c2:#2fc79b;--c3:#e29cc4;--c4:#f0b93c;--c5:#7fcbf5;--c6:#a6a6a6}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
  font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
  font-variant-numeric:tabular-nums}
header,main,footer,nav{max-width:62rem;margin:0 auto;padding:0 1rem}
header{padding-top:2rem}h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem}h2{font-size:1.4rem;
  margin:2.6rem 0 .6rem;padding-top:.6rem;border-top:2px solid var(--line)}
h3{font-size:1.1rem;margin:1.8rem 0 .5rem}h4{font-size:1rem;margin:1.2rem 0 .3rem}p,ul,ol,dl{
  margin:.5rem 0}li{margin:.25rem 0}
h1,h2,h3,h4,p,li,dd,dt,figcaption,caption,td,th{overflow-wrap:break-word}
main p,main li,main dd{max-width:50rem}
a{color:var(--link)}a:focus-visible,.scroll:focus-visible,summary:focus-visible{
  outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:1rem;background:var(--page);
  padding:.5rem 1rem;z-index:1}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0}
.pale,figcaption,caption,.n{color:var(--pale)}.lead{font-size:1.35rem;line-height:1.35;
  font-weight:650;margin:.6rem 0 1rem}
.judged{list-style:none;padding:0}.judged li{display:grid;grid-template-columns:7.5rem 1fr;
  gap:.2rem 1rem;padding:.6rem 0;border-bottom:1px solid var(--line);max-width:none}
.verdict{font-weight:700;white-space:nowrap}.broken{color:var(--bad)}.met{color:var(--good)}
  .cannot_tell{color:var(--open)}
.box{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.4rem 1.1rem;
  margin:1rem 0}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,23rem),1fr));
  gap:1.4rem 2rem}
.box h3{margin-top:.7rem}.small{align-items:end;
  grid-template-columns:repeat(auto-fill,minmax(min(100%,12.5rem),1fr))}
figure{margin:0;min-width:0}figcaption{font-size:.9rem;margin-bottom:.3rem}figcaption strong{
  display:block;color:var(--ink);font-size:1rem;line-height:1.35}
svg{display:block;width:100%;height:auto;overflow:visible}.small svg{max-width:16rem}
svg text{font-size:13px;fill:var(--ink);font-family:inherit}svg text.n,svg .n{fill:var(--pale)}
  text.m{text-anchor:middle}text.e{text-anchor:end}text.v{font-weight:650}text.m.n{font-size:11.5px}
.h0{--h:var(--c0)}.h1{--h:var(--c1)}.h2{--h:var(--c2)}.h3{--h:var(--c3)}.h4{--h:var(--c4)}.h5{
  --h:var(--c5)}.h6{--h:var(--c6)}
.g{stroke:var(--line)}.a{stroke:var(--pale)}.i{stroke:var(--pale);stroke-dasharray:4 3}.k{
  stroke:var(--ink);stroke-width:2}
.b{fill:var(--ink);opacity:.09}.w{stroke:var(--h,var(--ink));stroke-width:5;stroke-linecap:round;
  opacity:.75}.f{stroke:var(--h,var(--ink));stroke-width:1.5;fill:none}
.d{fill:var(--h,var(--ink));stroke:var(--ink);stroke-width:1.2}.d.o{fill:var(--page)}
.t{fill:none;stroke:var(--ink);stroke-width:1.6}
.x{fill:url(#hatch);stroke:var(--pale)}.x.und{fill:none;stroke-dasharray:3 3}.hatch{
  stroke:var(--pale);stroke-width:1.2}
path.c{stroke:var(--h);stroke-width:2;fill:none}path.s{stroke:var(--ink);stroke-width:1;
  fill:var(--h);fill-opacity:.65}
.scroll{overflow-x:auto;margin:.6rem 0 1.2rem}table{border-collapse:collapse;font-size:.92rem;
  width:100%}
caption{text-align:left;padding:.2rem 0 .4rem}th,td{text-align:left;vertical-align:top;
  padding:.32rem .7rem .32rem 0;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--pale);font-weight:600}tbody th{font-weight:400}
  tbody th[scope=rowgroup]{font-weight:650;padding-top:1rem}
.grid caption{color:var(--ink);font-weight:650}.grid thead th{white-space:normal;
  vertical-align:bottom}
.num{text-align:right;white-space:nowrap}
thead th.num{vertical-align:bottom;white-space:normal}
.grid .verdict{display:block}.grid tbody th{min-width:11rem}
td.why{color:var(--pale);font-style:italic;
  text-align:right}td small,th small{display:block;color:var(--pale);white-space:normal}
dt{font-weight:600;margin-top:.7rem}dd{margin:.1rem 0 .1rem 1.2rem}code,.code{
  font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.88em;overflow-wrap:anywhere}
blockquote{margin:.6rem 0;padding:.2rem 1rem;border-left:4px solid var(--line)}details{
  margin:.6rem 0}summary{cursor:pointer;color:var(--link)}footer{padding:2rem 1rem 3rem;
  color:var(--pale)}
@media(max-width:40rem){.judged li{grid-template-columns:1fr}header{padding-top:1rem}h1{
  font-size:1.5rem}.lead{font-size:1.15rem}}
@media print{:root{--page:#fff;--ink:#000;--pale:#444;--line:#ddd;--soft:#fff;--link:#000;
  --bad:#000;--good:#000;--open:#000;--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#cc79a7;
  --c4:#e69f00;--c5:#56b4e9;--c6:#7f7f7f;color-scheme:light}
body{font-size:10.5pt}nav,.skip{display:none}header,main,footer{max-width:none;padding:0}
  figure,tr,.judged li,.box{break-inside:avoid}h2,h3,h4,caption{break-after:avoid}thead{
  display:table-header-group}
.scroll{overflow:visible}table{font-size:8pt;line-height:1.3}th,td{padding:.12rem .5rem .12rem 0}
  tbody th[scope=rowgroup]{padding-top:.5rem;break-after:avoid}details{display:none}dl,li,p{
  font-size:9.5pt}.pictures{display:grid;grid-template-columns:1fr 1fr}.box h3{margin-top:.7rem}
  .small{align-items:end;grid-template-columns:repeat(3,1fr)}.d,.w,.f,.b,.x,path{
  print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

}  // namespace evenhand::report
