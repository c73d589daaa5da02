import { parentPort, workerData } from 'node:worker_threads'
import { readDatabase } from '../database.ts'
import { type CatalogueRow, openCatalogueIndex, ranked } from './catalogue.ts'
import { openDevices } from './devices.ts'
import { REFERENCE_FORM } from './form.ts'
import type { Wish } from './wish.ts'

/** What the thread that looks is asked. A new catalogue takes the place of the one before. */
export type FindAsked =
  | {
      readonly id: number
      readonly word: 'find'
      readonly wish: Wish
      readonly limit: number
      readonly catalogue: readonly CatalogueRow[] | null
    }
  | { readonly id: number; readonly word: 'device'; readonly di: string }
  | { readonly id: number; readonly word: 'imports' }
export type FindTold = { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly trouble: string }

const db = readDatabase(workerData as string, REFERENCE_FORM)
db.pragma('cache_size = -32768')
const devices = openDevices(db)
let catalogue = openCatalogueIndex([])

const answer = (asked: FindAsked): unknown => {
  if (asked.word === 'device') return devices.device(asked.di)
  if (asked.word === 'imports') return devices.imports()
  if (asked.catalogue) catalogue = openCatalogueIndex(asked.catalogue)
  const { wish, limit } = asked
  return ranked([...catalogue(wish, limit), ...devices.find(wish, limit)]).slice(0, limit)
}

parentPort?.on('message', (asked: FindAsked | null) => {
  if (asked === null) {
    db.close()
    parentPort?.close()
    return
  }
  const say = (told: FindTold) => parentPort?.postMessage(told)
  try {
    say({ id: asked.id, answer: answer(asked) })
  } catch (cause) {
    say({ id: asked.id, trouble: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
  }
})
