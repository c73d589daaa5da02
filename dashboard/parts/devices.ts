import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { DEVICE_FAULTS } from '@lotkeeper/protocol/rules/device-findings.ts'
import type { Say } from './language.ts'
import type { SHARED_TEXTS } from './texts.ts'

/** How a device does, in three words and a colour; a state this page does not know is trouble with its own name, never good news. */
export type DeviceStanding = 'well' | 'starting' | 'ailing' | 'down' | 'other'

export const deviceStanding = (state: string): DeviceStanding => STANDINGS.get(state) ?? 'other'

export const deviceWord = (state: string, say: Say<typeof SHARED_TEXTS>): string => {
  const found = DEVICE_FAULTS.find((one) => one === state)
  if (found) return say(`device.${found}`)
  const standing = deviceStanding(state)
  return standing === 'other' || standing === 'ailing' ? say('device.other', { state }) : say(`device.${standing}`)
}

/** What is said of a device that works but has something wrong with it: the gravest; a label is no fault of the device. */
export const shownState = ({ state, findings }: Pick<DeviceView, 'state' | 'findings'>): string =>
  (deviceStanding(state) === 'well' && findings.find(({ label }) => label === null)?.code) || state

const STANDINGS: ReadonlyMap<string, DeviceStanding> = new Map([
  ['reading', 'well'],
  ['connected', 'well'],
  ['opening', 'starting'],
  ['probing', 'starting'],
  ['lost', 'down'],
  ['module-full', 'ailing'],
  ['return-loss', 'ailing'],
  ['antenna-weak', 'ailing'],
  ['read-noise', 'ailing'],
])
