import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEnrolment } from '../access/enrolment.ts'
import { openKeys } from '../access/keys.ts'
import { openSignIn, passwordHash } from '../access/sign-in.ts'
import { openCatalog } from '../catalog/catalog.ts'
import { openCounty } from '../catalog/county.ts'
import { openCrypto } from '../crypto.ts'
import type { HubLedger } from '../ledger/contract.ts'
import { type Live, openLive } from '../live/live.ts'
import { HUB_EXAMPLES } from './examples.ts'
import { openApi } from './server.ts'

/** A hub's API served for tests: real ledger in memory, real keys, real sign-in, real sockets on free ports. */
export interface ServedHub {
  readonly url: string
  readonly secureUrl: string
  readonly ports: { readonly http: number; readonly https: number }
  /** PEM of the authority that vouches for `secureUrl`. */
  readonly authority: string
  readonly adminToken: string
  readonly ledger: HubLedger
  readonly live: Live
  /** What was put on record. */
  readonly noted: readonly unknown[]
  /** Asks over HTTP, signed in by the admin token. */
  readonly ask: (method: string, path: string, sent?: Sent) => Promise<Told>
  readonly close: () => Promise<void>
}
export interface Sent {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly token?: string | null
}
export interface Told {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

export const serveHub = async (given: { readonly pages?: string; readonly mbMax?: number } = {}): Promise<ServedHub> => {
  const folder = mkdtempSync(join(tmpdir(), 'served-hub-'))
  const crypto = openCrypto()
  const clock = { now: Date.now, monotonic: () => performance.now() }
  const keys = await openKeys(folder, crypto, ['localhost'], clock.now())
  const { ledger, close } = openCounty({ signer: keys.hub, countyKey: keys.county.publicKey, ...given })
  const { user, password } = HUB_EXAMPLES.signIn.body
  const logins = [{ user, name: '县级库房', passwordHash: await passwordHash(password) }]
  const signIn = openSignIn(logins, keys.sessionSecret, keys.adminToken, clock.now)
  const siteOf = async (node: string) =>
    (await ledger.ask.known({ items: [], gtins: [], sites: [node], lots: [], epcs: [] })).sites[0] ?? null
  const random = { bytes: (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count)), fraction: Math.random }
  const enrolment = openEnrolment({ parts: { crypto, clock, random }, keys, ledger, siteOf, broker: () => 'mqtts://localhost:8883' })
  const noted: unknown[] = []
  const live = openLive({ ledger, check: signIn.check, clock, timers: { after }, note: (error) => void noted.push(error) })
  const api = await openApi({
    access: { ...signIn, ...enrolment },
    catalog: openCatalog(ledger),
    ledger,
    cursor: live.cursor,
    now: clock.now,
    timers: { after },
    version: '0.1.0',
    pages: given.pages ?? null,
    http: { host: '127.0.0.1', port: 0 },
    https: { host: '127.0.0.1', port: 0, key: keys.tls.key, certificate: keys.tls.certificate },
    note: (error) => void noted.push(error),
  })
  for (const server of api.servers) live.attach(server)
  const at = await api.listen()
  const url = `http://127.0.0.1:${at.http.port}`
  return {
    url,
    secureUrl: `https://localhost:${at.https.port}`,
    ports: { http: at.http.port, https: at.https.port },
    authority: keys.authority.certificate,
    adminToken: keys.adminToken,
    ledger,
    live,
    noted,
    ask: async (method, path, { body, headers, token = keys.adminToken } = {}) => {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, body: text === '' ? {} : (JSON.parse(text) as Told['body']) }
    },
    close: async () => {
      live.close()
      await api.close()
      await close()
      rmSync(folder, { recursive: true })
    },
  }
}

const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
