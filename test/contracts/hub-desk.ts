import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { NODE, openBench } from '@lotkeeper/edge/ledger/fixtures/bench.ts'
import { provisionalRows } from '@lotkeeper/edge/stockroom/provisional.ts'
import { openStockroom, type Stockroom } from '@lotkeeper/edge/stockroom/stockroom.ts'
import { type Catalog, openCatalog } from '@lotkeeper/hub/catalog/catalog.ts'
import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import { STREAM_TO_ALL, streamOfNode, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { expect } from 'vitest'
import { type LedgerCounty, openCounty, RECEIVED_MS, taken } from './hub-county.ts'

/** A node and the hub with real ledgers, and whatever was written carried between them when a test says so. */
export interface Desk {
  readonly county: LedgerCounty
  readonly ledger: HubLedger
  readonly catalog: Catalog
  readonly node: ReturnType<typeof openBench>
  readonly stockroom: Stockroom
  /** What the node wrote goes up, what the hub wrote comes down. */
  readonly carry: () => Promise<void>
  /** Makes an item on the node and receives two boxes of it; answers its id. */
  readonly meet: (given?: Partial<NodeBody<'provisional'>>, more?: Partial<NodeBody<'receive'>>) => string
  readonly decide: (
    wish: Partial<HubBody<'decideProvisional'>> & { readonly id: string },
  ) => Promise<HubAnswer<'decideProvisional'> | Refusal>
  readonly rows: () => Promise<HubAnswer<'provisionals'>['rows']>
  /** What the node shows: item, outcome, what it is now. */
  readonly shown: () => readonly (readonly string[])[]
}

export const openDesk = async (): Promise<Desk> => {
  const county = openCounty(async ({ file, countyKey, signingKey, epoch }) => {
    const crypto = openCrypto()
    const facts = { zone: 'Asia/Shanghai', software: '0.1.0', transitDueMs: 86_400_000, now: Date.now, upMs: () => performance.now() }
    return openLedgerHere(openDatabase(file, LEDGER_FORM), { crypto, signer: signerOf(crypto, signingKey), countyKey, epoch, ...facts })
  })
  const ledger = await county.open()
  const catalog = openCatalog(ledger)
  const node = openBench()
  await ledger.keepCertificate(NODE, county.certificateOf(NODE, 1, node.signer.publicKey))
  const boot = { id: 'boot-1', upMs: node.clock.monotonic }
  const { ledger: book, clock } = node
  const stockroom = openStockroom({ node: NODE, ledger: book, clock, boot, crypto: openCrypto(), zone: 'Asia/Shanghai', doors: [] })
  const carry = openCarrying(county, ledger, node)
  await siteOf(catalog)
  await carry()
  const rows = async () => given(await ledger.ask.provisionals({})).rows
  return {
    ...{ county, ledger, catalog, node, stockroom, carry, rows },
    meet: (more, received) => {
      node.clock.pass(1_000)
      const { item } = given(
        stockroom.provisional({ action: actionOf(), name: '新导管', unit: '支', pack: { pack: '盒', units: 20 }, ...more }, 'keeper-1'),
      )
      const box = { action: actionOf(), lotNumber: 'N1', expiry: '2027-08-31', room: 'main', quantity: 2, pack: '盒', accept: true }
      given(stockroom.receive({ ...box, item: item.item, ...received }, null))
      return item.item
    },
    decide: async ({ id, ...wish }) => {
      const entry = (await rows()).find(({ met }) => nameOf(met) === id)?.entry ?? id
      return catalog.decideProvisional({ action: actionOf(), entry, answer: 'confirm', ...wish }, 'county')
    },
    shown: () => provisionalRows(node.ledger.read).map(({ item, state, now }) => [item, state, now.item, now.name.zh]),
  }
}

/** The answer, where a no would break the test. */
export const given = <Answer>(answer: Answer | Refusal): Answer => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer
}

/** What was answered: the code of a refusal, else that it was made. */
export const codeOf = (answer: unknown): string => (isRefusal(answer) ? answer.code : 'made')

/** The GTIN that a box of `tube` bears. */
export const CODE = '06901234567892'

/** The acts and questions that tests of a desk share. */
export const actsOf = (desk: () => Desk) => ({
  tube: (item: string, more: Partial<HubBody<'createItem'>> = {}) =>
    desk().catalog.createItem(
      {
        ...{ action: actionOf(), item, name: { zh: '一次性导管', en: 'Tube' }, model: '', unit: { zh: '支', en: 'piece' }, nearDays: [90] },
        ...{ packs: [{ pack: '盒', units: 20, gtin: CODE }] },
        ...more,
      },
      'county',
    ),
  stockOf: async (query: Parameters<HubLedger['ask']['stock']>[0]) =>
    given(await desk().ledger.ask.stock(query)).rows.map(({ lot, item, itemName, units }) => [lot, item, itemName.zh, units]),
  /** The books agree with their entries, and a rebuild of either tells the same. The hub's ledger is closed by it. */
  isTrue: async () => {
    const { ledger, node, county, rows } = desk()
    const told = async () => ({ rows: await rows(), stock: await ledger.ask.stock({}), movements: await ledger.ask.movements({}) })
    const before = await told()
    expect(await ledger.audit()).toEqual([])
    await ledger.rebuild()
    expect(await told()).toEqual(before)
    expect(node.ledger.rebuild()).toEqual([])
    await ledger.close()
    expect(verifyFile(county.file)).toMatchObject({ verdict: { findings: [] } })
  },
})

const nameOf = (met: HubAnswer<'provisionals'>['rows'][number]['met']): string =>
  met.is === 'item' ? met.item : met.is === 'tag' ? met.epc : `${met.item}/${met.lotNumber}`

let acts = 0
export const actionOf = (): string => {
  acts += 1
  return `desk-action-${acts}`
}

const siteOf = async (catalog: Catalog) => {
  const rooms = [{ room: 'main', name: { zh: '库房', en: '' }, use: 'store' as const }]
  given(await catalog.createSite({ action: actionOf(), site: NODE, name: { zh: '青龙', en: '' }, zone: 'Asia/Shanghai', rooms }, 'county'))
}

const openCarrying = (county: LedgerCounty, ledger: HubLedger, { ledger: node }: Desk['node']) => {
  const own = streamOfNode(NODE)
  const hubKey = bytesOfBase64url(String(JSON.parse(county.certificateOf('hub').certificate).signingKey)) ?? new Uint8Array()
  return async (): Promise<void> => {
    const { epoch, seq } = node.head()
    const held = (await ledger.tips([own])).find((tip) => tip.epoch === epoch)?.held ?? 0
    const batch = held < seq ? node.exchange.batch({ stream: own, epoch, from: held + 1, upto: seq }) : null
    const payload = batch && Buffer.from(writeBatch(batch, { source: `/nodes/${NODE}`, time: '2026-11-22T01:02:04.000Z' }))
    if (payload) await taken(ledger, { node: NODE, payload, receivedAtMs: RECEIVED_MS })
    for (const tip of await ledger.tips([STREAM_TO_ALL, streamToNode(NODE)])) {
      const has = node.exchange.tips([tip.stream]).find((one) => one.epoch === tip.epoch)?.held ?? 0
      const down = has < tip.held ? await ledger.batch({ stream: tip.stream, epoch: tip.epoch, from: has + 1, upto: tip.held }) : null
      if (down) node.exchange.take(down, hubKey)
    }
  }
}
