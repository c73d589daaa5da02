import type { HubAnswer, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { TagEvent } from '@lotkeeper/protocol/api/hub-labels.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Database } from '../../database.ts'
import { TAG_COLUMNS, type TagRow, tagOfRow } from './catalogue.ts'
import type { Names } from './names.ts'

/** Where one tag is by the books. */
export const openTag = (db: Database): ((query: HubQuery<'tag'>) => HubAnswer<'tag'> | Refusal) => {
  const position = db.prepare<[string], HubAnswer<'tag'>>(
    'select epc, lot, place, units, entry, occurred as at from tag_position where epc = ?',
  )
  return ({ epc }) => position.get(epc) ?? refuse('api.not-found', { epc })
}

/** What became of one tag, and what it stands for now. */
export const openTagLife = (db: Database, names: () => Names): ((query: HubQuery<'tagLife'>) => HubAnswer<'tagLife'> | Refusal) => {
  const registration = db.prepare<[string], TagRow>(`${TAG_COLUMNS} where epc = ?`)
  const position = db.prepare<[string], { readonly place: string; readonly units: number | null }>(
    'select place, units from tag_position where epc = ?',
  )
  const events = db.prepare<[string, number], TagEvent>(
    'select what, other, why, entry, site, actor, occurred as at from tag_event where epc = ? order by nth desc limit ?',
  )
  return ({ epc }) => {
    const row = registration.get(epc)
    if (!row) return refuse('api.not-found', { epc })
    const called = names()
    const tag = tagOfRow(row)
    const stands = position.get(epc) ?? null
    return {
      ...{ tag, itemName: called.item(tag.item).name, place: stands?.place ?? null, left: stands?.units ?? null },
      placeName: stands === null ? null : called.place(stands.place),
      life: events.all(epc, EVENTS_MAX),
    }
  }
}

/** A retired label left beside a door is read for years; who looks at it wants to know of the last times. */
const EVENTS_MAX = 200
