import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { Told } from './records.ts'
import type { World } from './world.ts'

/** The hub writes something; a hub that is down, full or dies in between answered nobody. */
export const tell = async ({ hub, records }: Pick<World, 'hub' | 'records'>, action: string, told: Told): Promise<string> => {
  if (!hub.isUp()) return 'hub down'
  const written = await hub.ledger().write([{ ...told, action, part: 0, actor: null }])
  if (hub.crashed()) return 'told, cut off'
  if (isRefusal(written)) return `refused ${written.code}`
  records.told(action)
  return 'told'
}
