import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { HUB_EXAMPLES } from '../api/examples.ts'
import { openCrypto } from '../crypto.ts'
import { openHub } from '../flow.ts'
import { openLog } from '../log.ts'
import { readSettings } from '../settings.ts'

const MARK = 'MARK-13800001111'

/** The whole hub over a folder; `lines` is its log at its loudest. */
const start = async (home: string, lines: string[]) => {
  const hub = await openHub(readSettings(home), PARTS, {
    version: '0.1.0',
    log: openLog('trace', (line) => void lines.push(line)),
    failed: (why) => void lines.push(String(why)),
  })
  const token = readFileSync(join(home, 'keys', 'admin.token'), 'utf8').trim()
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) }
    const answer = await fetch(`${hub.addresses.http}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    return (await answer.json()) as Readonly<Record<string, unknown>>
  }
  return { hub, ask }
}
const PARTS: Parameters<typeof openHub>[1] = {
  crypto: openCrypto(),
  clock: { now: Date.now, monotonic: () => performance.now() },
  timers: {
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  },
  random: { bytes: (count) => globalThis.crypto.getRandomValues(new Uint8Array(count)), fraction: Math.random },
}

it('says whom to call in one file that can be erased, and in no ledger, second copy or log', async () => {
  const home = mkdtempSync(join(tmpdir(), 'persons-whole-'))
  const copy = join(home, 'copy')
  const lines: string[] = []
  mkdirSync(copy)
  const values = {
    httpPort: 0,
    httpsPort: 0,
    brokerPort: 0,
    httpsHost: '127.0.0.1',
    brokerHost: '127.0.0.1',
    pages: null,
    secondCopy: copy,
  }
  writeFileSync(join(home, 'hub.json'), JSON.stringify({ ...values, logLevel: 'trace' }))
  const holding = (text: string) =>
    readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && readFileSync(join(one.parentPath, one.name)).includes(text))
      .map(({ name }) => name.replace(/-(wal|shm)$/, ''))
  try {
    const body = { ...HUB_EXAMPLES.saveParty.body, contact: MARK }
    let { hub, ask } = await start(home, lines)
    expect(await ask('POST', '/api/parties', body)).toMatchObject({ contact: MARK, version: 1 })
    expect(await ask('POST', '/api/parties', { ...body, contact: 7 })).toMatchObject({ code: 'api.request-malformed' })
    expect([...new Set(holding(MARK))]).toEqual(['persons.sqlite'])
    expect(holding('contactRef')).toEqual(expect.arrayContaining(['hub.sqlite']))
    await hub.close()
    ;({ hub, ask } = await start(home, lines))
    expect(await ask('GET', `/api/party?id=${body.id}`)).toMatchObject({ record: { contact: MARK } })
    expect(await ask('POST', '/api/erasures', { action: 'erase-0001', of: 'party', id: body.id })).toMatchObject({ texts: 1 })
    expect(holding(MARK)).toEqual([])
    await hub.close()
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('')).not.toContain(MARK)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
