// Runs before every page that tests open: keeps what the browser would forget, and measures the layout.
(() => {
  const shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      const moved = entry.sources.map(({ node }) => node && (node.outerHTML ?? node.textContent).slice(0, 80));
      shifts.push(`${entry.value.toFixed(7)} ${moved.join(" | ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });

  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    console.error(`policy: ${violatedDirective} ${blockedURI}`);
  });

  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) {
      if (new URL(name).protocol !== "data:" && !name.startsWith(`${location.origin}/`)) console.error(`asked ${name}`);
    }
  }).observe({ type: "resource", buffered: true });

  /** A tab that nobody looks at: headless Chromium has none of its own. */
  Object.defineProperty(document, "visibilityState", {
    get: () => (sessionStorage.getItem("tests.hidden") ? "hidden" : "visible"),
  });

  function shown(element) {
    const style = getComputedStyle(element);
    const there = element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    return there && element.closest(".visually-hidden, noscript") === null && style.clipPath === "none";
  }

  /** Each line of visible text with its box; lines of one element belong together. */
  function lines() {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (node.data.trim() === "" || element.closest("script") || !shown(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        // The ascenders' and descenders' room may touch; the letters' own may not.
        const trim = box.height * 0.2;
        const { left, right } = box;
        found.push({ element, node, left, right, top: box.top + trim, bottom: box.bottom - trim });
      }
    }
    return found;
  }

  const meet = (a, b) => a.left + 1 < b.right && b.left + 1 < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom;
  const say = ({ element, node }) => `${element.tagName}.${element.className} “${node.data.trim().slice(0, 40)}”`;

  /** What of a line is in sight, within all that cuts off what overflows it. */
  function inSight({ element, ...line }) {
    const seen = { ...line, element };
    for (let box = element; box !== document.body; box = box.parentElement) {
      if (getComputedStyle(box).overflowX === "visible") continue;
      const { left, right, top, bottom } = box.getBoundingClientRect();
      seen.left = Math.max(seen.left, left);
      seen.right = Math.min(seen.right, right);
      seen.top = Math.max(seen.top, top);
      seen.bottom = Math.min(seen.bottom, bottom);
      // A name may be shortened where its title says it whole.
      seen.named ||= box.title !== "" && box.textContent.startsWith(box.title);
    }
    seen.cut = Object.keys(line).some((side) => Math.abs(seen[side] - line[side]) > 1);
    return seen;
  }

  function faults() {
    const width = document.documentElement.clientWidth;
    const said = [];
    if (document.documentElement.scrollWidth > width) said.push(`scrolls to ${document.documentElement.scrollWidth}`);
    const all = lines().map(inSight);
    for (const line of all) {
      if (line.left < -1 || line.right > width + 1) said.push(`outside: ${say(line)}`);
      else if (line.cut && !line.named) said.push(`cut off: ${say(line)}`);
    }
    for (const [index, one] of all.entries()) {
      const over = all.slice(index + 1).filter((two) => two.node !== one.node && meet(one, two));
      for (const two of over) said.push(`overlap: ${say(one)} and ${say(two)}`);
    }
    const parts = [...document.querySelectorAll(".choice, deckduel-scoreboard, .question, .below, .side, .gain")];
    const boxes = parts.map((element) => ({ name: element.className || element.tagName, ...element.getBoundingClientRect().toJSON() }));
    for (const [index, one] of boxes.entries()) {
      for (const two of boxes.slice(index + 1)) if (meet(one, two)) said.push(`overlap: ${one.name} and ${two.name}`);
    }
    return said;
  }

  function places() {
    const parts = [...document.querySelectorAll(".choice, .scoreboard > *, .question, .prompt, deckduel-clock, .below")];
    return parts.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [x, y + scrollY, width, height].map(Math.round).join(" ");
    });
  }

  function motions() {
    return document
      .getAnimations()
      .filter((motion) => motion.playState === "running" && motion.effect.getComputedTiming().activeDuration > 1)
      .map(({ effect, animationName }) => `${animationName ?? "motion"} of ${effect.target.className || effect.target.tagName}`);
  }

  window.watched = { shifts, faults, places, motions };
})();
