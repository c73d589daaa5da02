import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../../database.ts'

/** Where one tag is by the books. */
export const openTag = (db: Database): ((query: HubQuery<'tag'>) => HubAnswer<'tag'> | Refusal) => {
  const position = db.prepare<[string], HubAnswer<'tag'>>(
    'select epc, lot, place, units, entry, occurred as at from tag_position where epc = ?',
  )
  return ({ epc }) => position.get(epc) ?? refuse('api.not-found', { epc })
}
