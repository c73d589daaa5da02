import { generateKeyPairSync } from 'node:crypto'
import { HUB_EXAMPLES } from '@lotkeeper/hub/api/examples.ts'
import { type GivenHub, type ServedHub, serveHub } from '@lotkeeper/hub/api/fixtures/served.ts'
import { openCrypto, rawPublicKey, signerOf } from '@lotkeeper/hub/crypto.ts'
import type { Entry, Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { testWriter } from '../writer.ts'
import { parcelOf, taken } from './hub-county.ts'

/**
 * What stands at one site, each value of it marked: whatever carries the mark of a site is that site's and nobody else's. Letters for names, figures
 * for what is hexadecimal; the actor, the paper, the door, the device and the reason are marked too.
 */
export interface Marks {
  readonly site: string
  readonly lot: string
  readonly kit: string
  readonly epc: string
  readonly doc: string
  readonly portal: string
  readonly costCentre: string
  readonly act: string
  readonly entry: string
  readonly aside: string
  /** Found in a text, in capitals or not: it tells of that site. */
  readonly tells: readonly string[]
}

/** Of two sites that stand, and one that never was: what is said of a foreign one must be said of that one word for word. */
export const marksOf = (word: 'qxanle' | 'qxbaima' | 'qxchaye'): Marks => {
  const hex = { qxanle: 'AA11AA11', qxbaima: 'BB22BB22', qxchaye: 'CC33CC33' }[word]
  return {
    ...{
      site: word,
      lot: `gauze-10x10-ex/${word.toUpperCase()}1`,
      kit: `gauze-10x10-ex/${word.toUpperCase()}KIT`,
      epc: `${hex}0000000000000001`,
    },
    ...{ doc: `DN-${word}`, portal: `door-${word}`, costCentre: `cost-${word}`, act: `act-open-${word}` },
    ...{ entry: `${word}>*/${hex.toLowerCase()}00000000/2`, aside: `p:${word}>*/${hex.toLowerCase()}00000000` },
    tells: [word, hex.toLowerCase()],
  }
}

/** A served hub with two sites that have nothing to do with each other, each with something in every list there is. */
export const serveTwoSites = async (given: GivenHub = {}): Promise<ServedHub> => {
  const hub = await serveHub(given)
  const act = async (path: string, body: object): Promise<void> => {
    const told = await hub.ask('POST', path, { body })
    if (told.status !== 200) throw new Error(`${path} ${JSON.stringify(told.body)}`)
  }
  await act('/api/items', HUB_EXAMPLES.createItem.body)
  await act('/api/cost-centres', { action: 'cost-of-county', id: 'cost-county', name: { zh: '全县', en: 'County' } })
  for (const marks of [marksOf('qxanle'), marksOf('qxbaima')]) await stand(hub, marks, act)
  return hub
}

const stand = async (hub: ServedHub, marks: Marks, act: (path: string, body: object) => Promise<void>): Promise<void> => {
  const { site, lot, epc, doc } = marks
  const name = { zh: `站${site}`, en: `Site ${site}` }
  const rooms = [
    { room: 'main', name, use: 'store' },
    { room: 'clinic', name, use: 'department' },
  ]
  const tag = { epc, item: 'gauze-10x10-ex', lotNumber: lot.split('/')[1], expiry: '2028-10-31', pack: 'case' }
  await act('/api/sites', { action: `act-site-${site}`, site, name, zone: 'Asia/Shanghai', rooms })
  await act('/api/portals', { action: `act-door-${site}`, id: marks.portal, site, name, inside: 'main', outside: null })
  await act('/api/cost-centres', { action: `act-cost-${site}`, id: marks.costCentre, site, name })
  await act('/api/tags', { action: `act-tags-${site}`, site, doc, tags: [tag] })
  await act('/api/openings', {
    ...{ action: marks.act, site, doc: `OP-${site}` },
    lines: [{ lot: `gauze-10x10-ex/${site.toUpperCase()}OLD`, place: `${site}/main/available`, units: 9, expiry: '2028-01-31' }],
  })
  await speak(hub, marks)
  const batch = { stream: `${site}>*`, epoch: 'ffffffffffffffff', from: 9, upto: 9, headHash: 'A'.repeat(64), key: '0123456789ABCDEF' }
  const payload = writeBatch(
    { ...batch, signature: new Uint8Array(64), entries: [`{"${site}":1}`] },
    { source: `/nodes/${site}`, time: AT },
  )
  await hub.ledger.quarantine(site, 'wire.key-revoked', Buffer.from(payload), Date.now())
  const devices = [{ device: `reader-${site}`, kind: 'uhf', state: 'reading', since: AT }]
  await hub.ledger.noteBirth(
    site,
    { node: site, epoch: marks.entry.split('/')[1] ?? '', software: '0.1.0', boot: 'b', at: AT, devices },
    Date.now(),
  )
}

/** What the node of the site wrote: goods come in, are counted, used, made into kits; a thing nobody knows; a place that is not its own. */
const speak = async (hub: ServedHub, { site, lot, kit, doc, entry }: Marks): Promise<void> => {
  const key = generateKeyPairSync('ed25519').privateKey
  const publicKey = rawPublicKey(key)
  await hub.certify(site, publicKey)
  const writer = testWriter(`${site}>*`, entry.split('/')[1] ?? '', signerOf(openCrypto(), key))
  const [pending, store] = [`${site}/main/pending`, `${site}/main/available`]
  const moved = (from: string, to: string, units: number, what = lot): Line => ({ lot: what, from, to, units, entered: null, tags: [] })
  const said = { actor: `keeper-${site}`, device: `tablet-${site}` }
  const add = (kind: Entry['kind'], lines: readonly Line[], more: Partial<Entry> = {}) =>
    void writer.add({ kind, action: `${site}-${writer.texts.length}`, ...said, lines: [...lines], ...more })
  add('receive', [moved(`${site}/~transit`, pending, 50)], { doc })
  add('accept', [moved(pending, store, 50)])
  add('issue', [moved(store, `${site}/~consumed`, 3)], { body: { reason: `because ${site}` } })
  add('count', [moved(store, `${site}/~adjusted`, 1)], {
    body: { place: store, lot, counted: 46, book: 47, at: entry, reason: `counted ${site}` },
  })
  add('transform', [moved(store, `${site}/~transformed`, 5), moved(`${site}/~transformed`, store, 5, kit)], {
    body: { act: 'repack', edges: [{ parent: lot, child: kit, parentUnits: 5, childUnits: 5 }] },
  })
  add('document', [], {
    doc: `SHIP-${site}`,
    body: {
      doc: `SHIP-${site}`,
      type: 'despatch-advice',
      from: site,
      to: site,
      lines: [{ lot, units: 2, expiry: null, tags: [] }],
      due: null,
    },
  })
  add('provisional', [], {
    body: {
      is: 'item',
      item: `${site}-1`,
      name: { zh: `物${site}`, en: `Thing ${site}` },
      model: site,
      unit: { zh: '个', en: 'piece' },
      packs: [],
    },
  })
  add('provisional', [], { body: { is: 'lot', item: 'gauze-10x10-ex', lotNumber: `${site.toUpperCase()}9`, expiry: null } })
  // More than there is: a discrepancy of the site's own.
  add('issue', [moved(store, `${site}/~consumed`, 900)])
  const outcomes = await taken(hub.ledger, parcelOf(site, writer, 1))
  if (outcomes.some(({ judgement, taken: count }) => judgement !== 'taken' || count !== writer.texts.length))
    throw new Error(JSON.stringify(outcomes))
}
const AT = '2026-11-22T03:24:00.000Z'
