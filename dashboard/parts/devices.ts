import type { Say } from './language.ts'
import type { SHARED_TEXTS } from './texts.ts'

/** How a device does, in three words and a colour; a state this page does not know is trouble with its own name, never good news. */
export type DeviceStanding = 'well' | 'starting' | 'down' | 'other'

export const deviceStanding = (state: string): DeviceStanding => STANDINGS.get(state) ?? 'other'

export const deviceWord = (state: string, say: Say<typeof SHARED_TEXTS>): string => {
  const standing = deviceStanding(state)
  return standing === 'other' ? say('device.other', { state }) : say(`device.${standing}`)
}

const STANDINGS: ReadonlyMap<string, DeviceStanding> = new Map([
  ['reading', 'well'],
  ['connected', 'well'],
  ['opening', 'starting'],
  ['probing', 'starting'],
  ['lost', 'down'],
])
