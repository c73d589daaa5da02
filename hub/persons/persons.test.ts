import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { ABSENT, ERASED, MASKED } from '@lotkeeper/protocol/sensitive.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { openCatalog } from '../catalog/catalog.ts'
import { openCounty } from '../catalog/fixtures/county.ts'
import type { HubLedger } from '../ledger/contract.ts'
import { ledgerWithTexts, settleTexts } from './beside.ts'
import { openErasures } from './erasures.ts'
import { openPersonTexts } from './texts.ts'
import { saidBy } from './words.ts'

const MARK = 'MARK-13800001111'
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const opened = (given: { readonly busy?: Refusal } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'persons-'))
  const county = openCounty()
  const file = join(folder, 'persons.sqlite')
  const now = () => Date.parse('2026-11-22T03:24:00.000Z')
  const store = openPersonTexts(file, now)
  const ledger = ledgerWithTexts(county.ledger, store)
  const catalog = openCatalog(ledger)
  const imports = { persons: () => [][Symbol.iterator]() as never, erasePersons: () => given.busy ?? 0 }
  const erasures = openErasures({
    texts: store,
    ask: county.ledger.ask,
    meanwhile: catalog.meanwhile,
    imports,
    now,
    eraseUser: async (id) => (id === 'huimin' ? refuse('access.user-unknown', { user: id }) : null),
  })
  ends.push(() => rmSync(folder, { recursive: true }), county.close, store.close)
  let acts = 0
  const save = async (contact: string | undefined, knownVersion?: number, more: object = {}) => {
    acts += 1
    const body = { action: `act-party-${acts}`, id: 'huimin', name: { zh: '惠民', en: '' }, roles: ['supplier'], licences: [], ...more }
    return catalog.saveParty(
      {
        ...body,
        ...(contact === undefined ? {} : { contact }),
        ...(knownVersion === undefined ? {} : { knownVersion }),
      } as HubBody<'saveParty'>,
      'u-1',
    )
  }
  const contacts = async () => {
    const party = made(await ledger.ask.party({ id: 'huimin' }))
    return party.history.map(({ record }) => record.contact)
  }
  const bytes = () => ['', '-wal'].map((end) => readFileSync(`${file}${end}`)).reduce((one, other) => Buffer.concat([one, other]))
  return { bare: county.ledger, ledger, catalog, store, erasures, save, contacts, bytes }
}
const made = <View>(answer: View | Refusal): View => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer
}
const bodies = async (ledger: HubLedger): Promise<string> => {
  const tips = await ledger.tips([STREAM_TO_ALL])
  const [tip] = tips
  const read = tip && (await ledger.batch({ stream: STREAM_TO_ALL, epoch: tip.epoch, from: 1, upto: tip.held }))
  return JSON.stringify(read)
}

describe('whom to call at a party', () => {
  it('is read with every version of it, and stands in no entry', async () => {
    const { save, contacts, bare, ledger, bytes } = opened()
    expect(made(await save(MARK))).toMatchObject({ contact: MARK, version: 1 })
    expect(made(await save('another 1', 1))).toMatchObject({ contact: 'another 1', version: 2 })
    expect(await contacts()).toEqual(['another 1', MARK])
    expect(made(await ledger.ask.parties({})).rows[0]).toMatchObject({ contact: 'another 1' })
    expect(made(await bare.ask.party({ id: 'huimin' })).record).toMatchObject({ contactRef: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const told = await bodies(bare)
    expect(told).toContain('contactRef')
    expect(told).not.toContain('13800001111')
    expect(bytes().includes(MARK)).toBe(true)
  })

  it('stays as it is when a mask comes back, also by an act that is repeated', async () => {
    const { save, contacts, catalog } = opened()
    await save(MARK)
    expect(made(await save(MASKED, 1))).toMatchObject({ version: 1, contact: MARK })
    const body = {
      action: 'act-masked-1',
      id: 'huimin',
      name: { zh: '惠民二', en: '' },
      roles: ['supplier'],
      licences: [],
      contact: MASKED,
      knownVersion: 1,
    }
    const first = made(await catalog.saveParty(body as HubBody<'saveParty'>, 'u-1'))
    expect(first).toMatchObject({ version: 2, contact: MARK })
    expect(made(await catalog.saveParty(body as HubBody<'saveParty'>, 'u-1'))).toEqual(first)
    expect(made(await save(MASKED, undefined, { id: 'other' }))).not.toHaveProperty('contact')
    expect(await contacts()).toEqual([MARK, MARK])
  })

  it('goes when it is left out by somebody who sees it', async () => {
    const { save, contacts } = opened()
    await save(MARK)
    await save(undefined, 1)
    expect(await contacts()).toEqual([undefined, MARK])
  })

  it('is in entries of earlier programs still, and is read from there', async () => {
    const { bare, contacts } = opened()
    await writeOld(bare)
    expect(await contacts()).toEqual([MARK])
  })

  it('is shown as not here where the store was lost, and found again by the same name later', async () => {
    const { save, contacts, store, bare } = opened()
    await save(MARK)
    const { contactRef } = made(await bare.ask.party({ id: 'huimin' })).record as RecordOf<'party'>
    store.drop([contactRef ?? ''])
    expect(await contacts()).toEqual([ABSENT])
    expect(made(await save(ABSENT, 1, { gln: '6901234567892' }))).toMatchObject({ version: 2, contact: ABSENT })
    expect(made(await bare.ask.party({ id: 'huimin' })).record).toMatchObject({ version: 2, contactRef })
  })

  it('leaves no text behind when its entry is refused or was broken off', async () => {
    const { bare, store, save } = opened()
    await save(MARK)
    const full: HubLedger = { ...bare, write: async () => REFUSED }
    await openCatalog(ledgerWithTexts(full, store)).saveParty(PARTY('other', 'left behind'), 'u-1')
    store.keep([{ party: 'other', version: 1, text: 'broken off', action: 'never-written' }])
    expect([...store.all()].map(({ text }) => text)).toEqual([MARK, 'broken off'])
    await settleTexts(bare, store)
    expect([...store.all()].map(({ text }) => text)).toEqual([MARK])
  })
})

describe('erasing', () => {
  it('takes the text out of the file, and says that, when and by whom', async () => {
    const { save, contacts, erasures, bytes } = opened()
    await save(MARK)
    await save('MARK-two', 1)
    await save('another 3', 2)
    const wish = { action: 'erase-0001', of: 'party', id: 'huimin', upto: 2 } as const
    const erased = made(await erasures.erase(wish, 'u-admin'))
    expect(erased).toMatchObject({ from: 1, upto: 2, texts: 2, chained: 0, actor: 'u-admin', at: '2026-11-22T03:24:00.000Z' })
    expect(await contacts()).toEqual(['another 3', ERASED, ERASED])
    expect(bytes().includes('MARK')).toBe(false)
    expect(await erasures.erase(wish, 'u-admin')).toEqual(erased)
    expect(await erasures.erase({ ...wish, upto: 3 }, 'u-admin')).toMatchObject({ code: 'api.action-reused' })
    expect(await erasures.erase(wish, 'u-other')).toMatchObject({ code: 'api.action-reused' })
    expect(JSON.stringify(erasures.list())).not.toContain('MARK')
    expect(erasures.list().rows).toEqual([erased])
  })

  it('is not undone by whoever saves the record afterwards', async () => {
    const { save, contacts, erasures } = opened()
    await save(MARK)
    made(await erasures.erase({ action: 'erase-0001', of: 'party', id: 'huimin' }, 'u-admin'))
    expect(made(await save(ERASED, 1, { gln: '6901234567892' }))).not.toHaveProperty('contact')
    expect(made(await save('given anew', 2))).toMatchObject({ contact: 'given anew' })
    expect(await contacts()).toEqual(['given anew', undefined, ERASED])
  })

  it('hides what an old entry holds, and says that it is there', async () => {
    const { bare, contacts, erasures } = opened()
    await writeOld(bare)
    expect((await erasures.find({ words: '13800001111' })).rows).toMatchObject([{ where: 'entry', id: 'huimin', version: 1 }])
    expect(made(await erasures.erase({ action: 'erase-0001', of: 'party', id: 'huimin' }, 'u-admin'))).toMatchObject({ chained: 1 })
    expect(await contacts()).toEqual([ERASED])
    expect((await erasures.find({ words: '13800001111' })).rows).toEqual([])
  })

  it.each<[string, Partial<HubBody<'erase'>>, string]>([
    ['a party nobody knows', { id: 'nobody' }, 'catalog.record-unknown'],
    ['versions that are not there', { from: 2 }, 'catalog.version-stale'],
    ['a user nobody knows', { of: 'user' }, 'access.user-unknown'],
  ])('refuses %s', async (_, wish, code) => {
    const { save, erasures } = opened()
    await save(MARK)
    expect(await erasures.erase({ action: 'erase-0001', of: 'party', id: 'huimin', ...wish }, 'u-admin')).toMatchObject({ code })
    expect(erasures.list().rows).toEqual([])
  })

  it('waits while rows of tables are written that may say the same', async () => {
    const { save, erasures, contacts } = opened({ busy: REFUSED })
    await save(MARK)
    expect(await erasures.erase({ action: 'erase-0001', of: 'party', id: 'huimin' }, 'u-admin')).toMatchObject({ code: 'ledger.disk-full' })
    expect(await contacts()).toEqual([MARK])
  })
})

describe('finding a person', () => {
  it.each([
    ['13800001111', '张三 138-0000 1111', true],
    ['张三 13800001111', '张三 138 0000 1111', true],
    ['１３８００００１１１１', '13800001111', true],
    ['zhang', 'ZHANG San', true],
    ['138', '13800001111', false],
    ['张', '张三', false],
    ['李四 13800001111', '张三 13800001111', false],
    ['--', '--', false],
  ])('%s in %s: %s', (words, text, isSaid) => expect(saidBy(words, text)).toBe(isSaid))
})

const REFUSED = refuse('ledger.disk-full')
const PARTY = (id: string, contact: string) =>
  ({ action: `make-${id}`, id, name: { zh: id, en: '' }, roles: ['supplier'], licences: [], contact }) as HubBody<'saveParty'>
/** As a hub before this form told a party. */
const writeOld = async (bare: HubLedger) => {
  const { action: _, ...record } = PARTY('huimin', MARK)
  const body = { records: [{ is: 'party' as const, version: 1, ...record }] }
  made(
    await bare.write([{ stream: STREAM_TO_ALL, kind: 'master', action: 'old-party-1', part: 0, actor: null, doc: null, lines: [], body }]),
  )
}
