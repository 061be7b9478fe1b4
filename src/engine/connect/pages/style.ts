/** The one stylesheet of these pages, served from /connect/style.css. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c1b22; --soft: #5d5b66; --line: #dddbe4; --ground: #f6f5f9; --card: #fff;
  --accent: #4a3fc4; --accent-ink: #fff; --good: #1b7a4b; --bad: #b3261e; --warn: #8a5a00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eceaf3; --soft: #a9a6b5; --line: #3a3844; --ground: #16151b; --card: #201f27;
    --accent: #a79fff; --accent-ink: #16151b; --good: #6fd6a3; --bad: #ff9b93; --warn: #f0c36c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 3rem 1.25rem; }
.mark { font-weight: 700; letter-spacing: -0.01em; color: var(--soft); margin: 0 0 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.5rem; margin: 0 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; letter-spacing: -0.015em; }
h2 { font-size: 1.05rem; margin: 1.25rem 0 .25rem; }
p { margin: 0 0 .75rem; }
.soft { color: var(--soft); font-size: .9rem; }
.button { display: block; width: 100%; text-align: center; padding: .8rem 1rem; margin: .75rem 0 0; border-radius: 10px;
  border: 1px solid transparent; background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600;
  text-decoration: none; cursor: pointer; }
.button + .soft { margin-top: .75rem; }
.card > :last-child { margin-bottom: 0; }
.button.plain { background: transparent; color: var(--ink); border-color: var(--line); }
.button:focus-visible, a:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul { list-style: none; padding: 0; margin: .5rem 0; }
li { padding: .55rem 0; border-top: 1px solid var(--line); }
li:first-child { border-top: 0; }
label { display: flex; gap: .75rem; align-items: baseline; cursor: pointer; }
code { font: .85em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.yes::before { content: "\\2713\\00a0\\00a0"; color: var(--good); font-weight: 700; }
.no::before { content: "\\2717\\00a0\\00a0"; color: var(--bad); font-weight: 700; }
.note { border-left: 3px solid var(--warn); padding: .25rem 0 .25rem .75rem; margin: .75rem 0; }
a { color: var(--accent); }
`.trim();
