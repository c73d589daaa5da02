import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import { IMPORT_VIEW, type ImportView } from '@lotkeeper/protocol/api/hub-find.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { Compile } from 'typebox/compile'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HUB_EXAMPLES } from '../api/examples.ts'
import { type ServedHub, serveHub } from '../api/fixtures/served.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { askCounty, STORE } from '../projections/questions/fixtures/asked.ts'
import { deviceWith, diOf, onePart, zipped } from './fixtures/imported.ts'
import { releaseParts } from './fixtures/release.ts'
import { LIMITS } from './limits.ts'
import { openReference, type Reference } from './reference.ts'

const { ask, stock } = askCounty()
const LEDGER = { ask: ask as unknown as HubQuestions, follow: () => () => undefined }
const until = async <Value>(look: () => Promise<Value | null | undefined | false>): Promise<Value> => {
  for (;;) {
    const seen = await look()
    if (seen) return seen
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const streamed = async function* (bytes: Uint8Array) {
  yield bytes
}
const about = { name: 'release.zip', keep: '', actor: 'county' }

describe('a reference in a folder', () => {
  let folder: string
  let reference: Reference
  const noted: unknown[] = []
  const open = (limits = LIMITS) =>
    openReference({
      file: join(folder, 'reference.sqlite'),
      ledger: LEDGER,
      now: Date.now,
      note: (error) => void noted.push(error),
      limits,
    })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reference-'))
    reference = open()
  })
  afterEach(async () => {
    await reference.close()
    rmSync(folder, { recursive: true })
    expect(noted.splice(0)).toEqual([])
  })
  const ended = (run: number) =>
    until(async () => (await reference.imports()).rows.find((row) => row.import === run && row.state !== 'running'))
  const take = async (bytes: Uint8Array, given = about) => {
    const begun = await reference.receive(streamed(bytes), given)
    if (isRefusal(begun)) throw new Error(begun.code)
    return ended(begun.import)
  }

  it('makes no file before it is asked', () => {
    expect(readdirSync(folder)).toEqual([])
  })

  it('imports in threads of its own, answers meanwhile, and leaves nothing on its way', async () => {
    const begun = await reference.receive(streamed(zipped(releaseParts({ seed: 7, records: 3_000, perPart: 300 }))), about)
    expect(begun).toEqual({ import: 1 })
    expect(await reference.receive(streamed(onePart([])), about)).toMatchObject({ code: 'reference.import-running' })
    expect((await reference.find({ text: '纱布' })).rows.length).toBeLessThanOrEqual(20)
    expect(await ended(1)).toMatchObject({ state: 'done', bytesRead: expect.any(Number), counts: { added: 3_000, parts: 10 } })
    expect((await reference.find({ text: diOf(2_999) })).rows[0]).toMatchObject({ is: 'device', id: diOf(2_999), why: 'code' })
    await until(async () => !existsSync(join(folder, 'reference.sqlite.upload')))
  })

  it('keeps only what was asked for', async () => {
    const { certificate = '' } = { certificate: /<zczbhhzbapzbh>([^<]+)/.exec(deviceWith(0, {}))?.[1] }
    expect((await take(zipped(releaseParts({ seed: 7, records: 50 })), { ...about, keep: ` ${certificate}，\n` })).counts).toMatchObject({
      added: 5,
      left: 45,
    })
  })

  it('cancels, and goes on when the same file comes again', async () => {
    const release = zipped(releaseParts({ seed: 7, records: 6_000, perPart: 100 }))
    const begun = await reference.receive(streamed(release), about)
    expect(begun).toEqual({ import: 1 })
    expect(reference.cancel(2)).toMatchObject({ code: 'reference.import-unknown' })
    expect(reference.cancel(1)).toEqual({ import: 1 })
    expect(await ended(1)).toMatchObject({ state: 'cancelled' })
    await until(async () => isRefusal(reference.cancel(1)))
    expect(await take(release)).toMatchObject({ import: 1, state: 'done', counts: { records: 6_000, added: 6_000 } })
  }, 60_000)

  it('refuses a file above its limit while it comes in', async () => {
    await reference.close()
    reference = open({ ...LIMITS, fileBytesMax: 1_000 })
    expect(await reference.receive(streamed(Buffer.alloc(1_001)), about)).toMatchObject({ code: 'reference.file-too-large' })
    expect(existsSync(join(folder, 'reference.sqlite.upload'))).toBe(false)
  })

  it('finds the lots and items of the county, the whole number before its beginning', async () => {
    stock(['gauze/B2611', '2028-10-31', STORE, 50], ['mask/B26110', null, STORE, 5])
    const found = async (text: string) => (await reference.find({ text })).rows.map(({ is, id, why }) => `${is} ${id} ${why}`)
    expect(await found('b2611')).toEqual(['lot gauze/B2611 code', 'lot mask/B26110 name-begins'])
    expect(await found('(10)B2611')).toEqual(['lot gauze/B2611 code', 'lot mask/B26110 name-begins'])
    expect(await found('6901234567892')).toEqual(['item gauze code'])
    expect(await found('yysb')).toEqual(['item gauze initials'])
    expect(await reference.find({ text: '(01)06901234567892(17)281031(10)B2611' })).toMatchObject({
      scan: { codes: ['06901234567892'], lot: 'B2611', expiry: '2028-10-31' },
    })
  })

  it('is killed in the middle and stays usable: what was finished is there and found, and the file goes on', async () => {
    const release = zipped(releaseParts({ seed: 7, records: 8_000, perPart: 100 }))
    const zip = join(folder, 'release.zip')
    writeFileSync(zip, release)
    const task = { database: join(folder, 'reference.sqlite'), limits: LIMITS, release: { file: zip, ...about, keep: [] } }
    const killed = `import { Worker } from 'node:worker_threads'
      const worker = new Worker(new URL(${JSON.stringify(new URL('./import-worker.ts', import.meta.url).href)}), { workerData: ${JSON.stringify(task)}, execArgv: [] })
      worker.on('message', ({ progress }) => { if (progress?.counts.records > 500) process.kill(process.pid, 'SIGKILL') })`
    const child = spawn(process.execPath, ['--input-type=module', '-e', killed], { cwd: fileURLToPath(new URL('.', import.meta.url)) })
    expect(await new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))).toBe('SIGKILL')
    const broken = (await reference.imports()).rows[0] as ImportView
    expect(broken).toMatchObject({ state: 'broken', why: { code: 'reference.import-failed' } })
    expect(broken.counts.added).toBeGreaterThan(0)
    expect(await reference.device({ di: diOf(0) })).toMatchObject({ di: diOf(0) })
    // What came in is made findable by itself.
    const name = (/<cpmctymc>([^<]+)/.exec(deviceWith(0, {}))?.[1] ?? '').slice(0, 12)
    await until(async () => (await reference.find({ text: name })).rows.length > 0)
    await until(async () => !isRefusal(await reference.receive(streamed(release), about)))
    expect(await ended(1)).toMatchObject({ state: 'done', counts: { records: 8_000, added: 8_000 } })
  }, 60_000)
})

describe('over the hub', () => {
  let hub: ServedHub
  beforeAll(async () => {
    hub = await serveHub()
    for (const name of ['createSite', 'createItem', 'registerTags'] as const)
      await hub.ask('POST', HUB_ROUTES[name].path, { body: HUB_EXAMPLES[name].body })
  })
  afterAll(() => hub.close())
  const send = async (body: Uint8Array, query = '') => {
    const headers = { authorization: `Bearer ${hub.adminToken}`, 'content-type': 'application/zip' }
    const answer = await fetch(`${hub.url}/api/reference/imports${query}`, { method: 'POST', headers, body: Buffer.from(body) })
    return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> }
  }
  const runs = async () => (await hub.ask('GET', '/api/reference/imports')).body['rows'] as readonly ImportView[]
  const idle = () => until(async () => (await runs()).every(({ state }) => state !== 'running'))
  const find = async (text: string) =>
    (
      (await hub.ask('GET', `/api/find?text=${encodeURIComponent(text)}`)).body['rows'] as readonly {
        readonly is: string
        readonly id: string
        readonly why: string
      }[]
    ).map(({ is, id, why }) => `${is} ${id} ${why}`)

  it('a release is uploaded, followed, asked for, and is the same twice', async () => {
    const release = onePart([deviceWith(0, { cpmctymc: '医用脱脂棉球', ggxh: 'B2611' }), deviceWith(1, { cpmctymc: '' })])
    expect(await send(release, '?name=UDID.zip')).toEqual({ status: 200, body: { import: 1 } })
    await idle()
    const [run] = await runs()
    expect(Compile(IMPORT_VIEW).Errors(run)).toEqual([])
    expect(run).toMatchObject({ name: 'UDID.zip', state: 'done', actor: 'admin', counts: { added: 1, refused: 1 } })
    const device = await hub.ask('GET', `/api/reference?di=${diOf(0)}`)
    expect(Compile(HUB_ROUTES.device.answer).Errors(device.body)).toEqual([])
    expect(device.body).toMatchObject({ name: '医用脱脂棉球' })
    expect((await hub.ask('GET', '/api/reference?di=0')).status).toBe(404)
    await until(async () => (await send(release)).status === 200)
    await idle()
    expect(await runs()).toEqual([run])
  })

  it("finds items, tags and devices in one box, the county's own things first", async () => {
    const { item, packs } = HUB_EXAMPLES.createItem.body
    const { tags } = HUB_EXAMPLES.registerTags.body
    expect(await find(packs[0]?.gtin ?? '')).toEqual([`item ${item} code`])
    expect((await find('ysb'))[0]).toBe(`item ${item} initials`)
    expect(await find(tags[0]?.epc ?? '')).toContain(`tag ${tags[0]?.epc} code`)
    expect(await find('b2611')).toContain(`device ${diOf(0)} model`)
    const named = { action: 'find-item-2', item: 'cotton-1', name: { zh: '脱脂棉球', en: 'Cotton ball' } }
    await hub.ask('POST', '/api/items', { body: { ...HUB_EXAMPLES.createItem.body, ...named, packs: [] } })
    // What was just written is found at once.
    expect(await find('棉球')).toEqual(['item cotton-1 part', `device ${diOf(0)} part`])
    expect(await find('tzmq')).toEqual(['item cotton-1 initials', `device ${diOf(0)} initials`])
  })

  it('says what is no release, and what cannot be cancelled', async () => {
    await idle()
    expect((await send(Buffer.from('<html>'))).status).toBe(200)
    await idle()
    expect((await runs())[0]).toMatchObject({ state: 'failed', why: { code: 'reference.not-a-zip' } })
    const cancelled = await hub.ask('POST', '/api/reference/imports/cancel', { body: { action: 'cancel-1234', import: 9 } })
    expect([cancelled.status, cancelled.body['code']]).toEqual([409, 'reference.import-unknown'])
  })

  it('an upload that is hung up in the middle leaves nothing, and the next one is taken', async () => {
    await idle()
    const { port } = new URL(hub.url)
    const socket = connect(Number(port), '127.0.0.1')
    const head = `POST /api/reference/imports HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/zip\r\nauthorization: Bearer ${hub.adminToken}`
    socket.write(`${head}\r\ncontent-length: 1000\r\n\r\nPK`)
    await new Promise((resolve) => setTimeout(resolve, 200))
    socket.destroy()
    await until(async () => (await send(onePart([deviceWith(5, {})]))).status === 200)
    await idle()
    expect(hub.noted).toEqual([])
  })

  it.each(['/api/find', '/api/find?text=', `/api/find?text=${'x'.repeat(301)}`, '/api/find?text=x&limit=101'])(
    'refuses %s',
    async (path) => {
      expect((await hub.ask('GET', path)).status).toBe(400)
    },
  )
})
