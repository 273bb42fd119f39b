import type { Colour } from './calendar-grid.tsx'

/** White on each of them has a contrast of more than 4.5 (WCAG 2.2 1.4.3). */
const backs = ['#00778d', '#8764b8', '#986f0b', '#0e700e', '#b10e1c', '#0f6cbd', '#a4373a', '#5c2e91', '#486991', '#8e562e']
export const colourOf = (at: number): Colour => ({ back: backs[at % backs.length]!, front: '#ffffff' })
/** What takes no time. */
export const freeColour: Colour = { back: '#cfe4e8', front: '#00323d' }
export const birthdayColour: Colour = { back: '#c239b3', front: '#ffffff' }
