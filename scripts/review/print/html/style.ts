/** The look of the HTML review. Colours of both modes have a contrast of 4.5 to 1 or more against their ground. */
export const style = `
:root { color-scheme: light dark; --ground: #fff; --card: #f6f8fa; --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0;
  --bad: #b3261e; --bad-ground: #fdf0ef; --warn: #7a5200; --good: #1a6b35; --link: #0757ba; --add: #e3f7e8; --del: #fdeceb; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --card: #161b22; --ink: #e6edf3; --quiet: #9da7b3; --line: #30363d;
  --bad: #ff8d85; --bad-ground: #2a1517; --warn: #e3b341; --good: #6fdd8b; --link: #6cb0ff; --add: #12291a; --del: #2f1618; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; } h1 small { display: block; font-size: 1.1rem; font-weight: 500; margin-top: .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
p { margin: .5rem 0; } ul { margin: .5rem 0; padding-left: 1.3rem; } li { margin: .2rem 0; }
.summary { color: var(--quiet); margin: .1rem 0; } .summary strong { color: var(--ink); }
.verdict { border: 2px solid var(--tone); border-left-width: .9rem; border-radius: .4rem; background: var(--card); padding: .8rem 1rem; }
.verdict small { font-size: 1.35rem; font-weight: 700; color: var(--tone); }
.verdict { --tone: var(--quiet); } .verdict-unchanged { --tone: var(--good); } .verdict-changed, .verdict-release { --tone: var(--link); }
.verdict-destructive, .verdict-drift { --tone: var(--warn); } .verdict-violated, .verdict-failed { --tone: var(--bad); background: var(--bad-ground); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; font-size: .9rem; } nav li { margin: 0; } a { color: var(--link); }
.alarms { border: 1px solid var(--bad); border-left-width: .4rem; background: var(--bad-ground); border-radius: .4rem; padding: .5rem 1rem; margin: 1rem 0; }
.alarms h2 { border: 0; margin: 0; padding: 0; color: var(--bad); font-size: 1.05rem; }
code, pre { font: .875em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code { background: var(--card); border-radius: .25rem; padding: .1em .3em; } .alarms code { background: transparent; padding: 0; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem 0; margin: .4rem 0 1rem; overflow-x: auto; }
pre span { display: block; padding: 0 .8rem; min-width: max-content; white-space: pre; min-height: 1.5em; }
pre .add { background: var(--add); } pre .del { background: var(--del); } pre .at { color: var(--quiet); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: .5rem 0; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: normal; } th { color: var(--quiet); font-weight: 500; }
td { min-width: 5rem; } figure { margin: .5rem 0 1.25rem; } figcaption { color: var(--quiet); font-size: .9rem; margin-bottom: .3rem; }
.picture { background: #fff; border: 1px solid var(--line); border-radius: .4rem; overflow-x: auto; padding: .25rem; } .picture svg { display: block; max-width: 100%; height: auto; min-width: min(100%, 44rem); margin: 0 auto; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1rem; padding: 0; font-size: .9rem; } .legend li { padding-left: .6rem; border-left: .4rem solid; }
.mark-added { border-color: #2da44e; } .mark-removed { border-color: #cf222e; border-left-style: dashed; } .mark-replaced { border-color: #bf8700; } .mark-updated { border-color: #0969da; }
@media (max-width: 40rem) { .picture svg { min-width: 44rem; } figcaption:not(:only-child)::after { content: " – swipe sideways to see all of it →"; } }
.scroll { background-image: linear-gradient(90deg, var(--ground), transparent), linear-gradient(270deg, var(--ground), transparent), linear-gradient(90deg, var(--line), transparent), linear-gradient(270deg, var(--line), transparent);
  background-position: 0 0, 100% 0, 0 0, 100% 0; background-repeat: no-repeat; background-size: 2rem 100%, 2rem 100%, .8rem 100%, .8rem 100%; background-attachment: local, local, scroll, scroll; } summary { color: var(--quiet); font-size: .9rem; cursor: pointer; }
@media print { nav { display: none; } }
`;
