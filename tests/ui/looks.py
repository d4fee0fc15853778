"""What must hold of every page at every width and in both colour schemes."""

from __future__ import annotations

from tests.ui.browser import Browser

WIDTHS = (1200, 390)
SCHEMES = ("light", "dark")
OVERFLOW = "return document.documentElement.scrollWidth - window.innerWidth"
# Elements whose text sticks out of the viewport, unless an ancestor scrolls by itself.
STICKING_OUT = """
return [...document.querySelectorAll('body *')].filter(e =>
  e.getClientRects().length && e.getBoundingClientRect().right > window.innerWidth + 1
  && !e.closest('.scroll')).map(e => e.outerHTML.slice(0, 80))
"""
# WCAG contrast of each piece of text against the nearest painted background.
LOW_CONTRAST = """
const rgb = c => c.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
  .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const ground = e => {
  for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c;
  }
  return [255, 255, 255];
};
return [...document.querySelectorAll('body *')].filter(e =>
  [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
  && e.getClientRects().length).filter(e => {
    const style = getComputedStyle(e);
    const ink = e instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [light(rgb(ink)), light(ground(e))].sort((x, y) => y - x);
    return (a + .05) / (b + .05) < 4.5;
  }).map(e => e.outerHTML.slice(0, 80))
"""
# Words that a narrow column breaks into more than three lines, or sentences in a column of words.
SQUEEZED = """
const lines = e => e.clientHeight / parseFloat(getComputedStyle(e).lineHeight);
return [...document.querySelectorAll('td')].filter(e => e.innerText.length < 30
  ? e.closest('.wrap') && lines(e) > 4 : e.innerText.length > 60 && e.clientWidth < 160)
  .map(e => e.innerText.slice(0, 60))
"""


def faults(browser: Browser) -> list[str]:
    """What is wrong with how the open page looks."""
    found = []
    if browser.run(OVERFLOW) > 0:
        found.append("the page scrolls sideways")
    found += [f"sticks out: {item}" for item in browser.run(STICKING_OUT)]
    found += [f"squeezed: {item}" for item in browser.run(SQUEEZED)]
    found += [f"hard to read: {item}" for item in browser.run(LOW_CONTRAST)]
    return found + browser.complaints()
