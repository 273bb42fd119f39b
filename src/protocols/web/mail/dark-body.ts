/** How a message is shown to people who read in the dark: other colours, the same text. What is stored stays as it is. */

/** The colour of what is around it in the client's dark theme. */
const ground = '#292929'
const style =
  `<style>:root{color-scheme:dark;background:${ground}}body,table{color:#f0f0f0}a{color:#8dbdca}` +
  `[bgcolor]{background-color:transparent!important}img{background-color:transparent}</style>`

/** The sixteen colours that HTML names ([HTML] legacy colour values); others are as if nobody had said any. */
const named: Readonly<Record<string, string>> = { black: '000000', silver: 'c0c0c0', gray: '808080', white: 'ffffff', maroon: '800000', red: 'ff0000', purple: '800080', fuchsia: 'ff00ff', green: '008000', lime: '00ff00', olive: '808000', yellow: 'ffff00', navy: '000080', blue: '0000ff', teal: '008080', aqua: '00ffff' } // prettier-ignore

/** Light enough on the ground for a contrast of 4.5 (WCAG 2.2 1.4.3), whatever the hue. */
const leastLightness = 0.78

/**
 * A filtered body on a dark ground: colours of the text become light ones of the same hue, grounds go. What `filterHtml` lets through has no
 * other colours than those of `font` and `bgcolor`.
 */
export function darkBody(html: string): string {
  const body = html.replace(/(<font\b[^>]*?) color="([^"]*)"/gi, (_, before: string, colour: string) => {
    const light = lightened(colour)
    return light === undefined ? before : `${before} color="${light}"`
  })
  return style + body
}

function lightened(colour: string): string | undefined {
  const word = colour.trim().toLowerCase()
  const hex = named[word] ?? /^#?([0-9a-f]{6})$/.exec(word)?.[1]
  if (hex === undefined) return undefined
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [least, most] = [Math.min(red, green, blue), Math.max(red, green, blue)]
  const lightness = (least + most) / 2
  if (most - least < 0.08) return undefined
  if (lightness >= leastLightness) return `#${hex}`
  // Towards white by as much as is missing, so that the hue stays.
  const share = (leastLightness - lightness) / (1 - lightness)
  return `#${[red, green, blue].map((part) => Math.round((part + (1 - part) * share) * 255).toString(16).padStart(2, '0')).join('')}`
} // prettier-ignore
