"""Ten faults that the pages must not have, to be planted in them (table 9 of the design).

Each is made by rules of style, or by a function that runs when the page is loaded and whenever it
changes. axe-core finds one of the ten.
"""

from dataclasses import dataclass

PLANT = """([css, change]) => {
  const work = eval(change);
  const begin = () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
    let busy = false;
    const act = () => {
      if (busy) return;
      busy = true;
      work(document.getElementById("alert"));
      busy = false;
      watch.takeRecords();
    };
    const watch = new MutationObserver(act);
    const all = { attributes: true, childList: true, characterData: true, subtree: true };
    watch.observe(document, all);
    act();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", begin);
  else begin();
}"""


@dataclass(frozen=True)
class Defect:
    """check: that which must find it; css, change: what makes it."""

    name: str
    check: str
    css: str = ""
    change: str = "alert => {}"


DEFECTS = (
    Defect("white text on a red ground (4.0:1)", "A12",
           css="#alert h1, #alert h1 * { color: #fff !important; background: #f00 !important; }"),
    Defect("no live region", "A26",
           change="""() => document.querySelectorAll("#live, #polite").forEach((one) => {
             one.removeAttribute("role");
             one.removeAttribute("aria-live");
           })"""),
    Defect("a countdown that speaks each second", "A28",
           change="""alert => alert && alert.querySelectorAll("[role=timer]").forEach((one) =>
             one.getAttribute("aria-live") || one.setAttribute("aria-live", "assertive"))"""),
    Defect("the whole screen flashing red and black, ten times a second", "A17",
           css="""@keyframes planted { from { background: #f00 } to { background: #000 } }
             #alert { animation: planted 0.1s steps(2, jump-none) infinite !important; }"""),
    Defect("Japanese text marked as English", "A08",
           change="""alert => {
             const line = alert && alert.querySelector("h1 span, h1");
             if (line && line.textContent !== "低く！") line.textContent = "低く！";
           }"""),
    Defect("no focus to be seen", "A12-focus",
           css="*, *::before, *::after { outline: none !important; box-shadow: none !important; }"),
    Defect("a siren without a button that stops it", "A21",
           css="#alert button { display: none !important; }"),
    Defect("the level told by colour only", "A14",
           css="#alert [data-shape] { display: none !important; }",
           change="""alert => alert && alert.querySelectorAll("*").forEach((one) => {
             const words = /shaking/i.test(one.textContent);
             if (words && one.childElementCount === 0) one.textContent = "";
           })"""),
    Defect("a button of 20 px", "targets",
           css="""#alert button { min-width: 0 !important; min-height: 0 !important;
             width: 20px !important; height: 20px !important; padding: 0 !important;
             overflow: hidden !important; }"""),
    Defect("Tab is swallowed", "A30",
           change="""() => {
             if (window.planted) return;
             window.planted = true;
             addEventListener("keydown", (event) => {
               if (event.key === "Tab") event.preventDefault();
             }, true);
           }"""),
)  # fmt: skip
