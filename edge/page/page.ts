import { createServer as createHttpServer, type Server as NodeServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { NODE_EVENTS_PATH, NODE_ROUTES, type NodeRoute } from '@lotkeeper/protocol/api/node.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type KeptTries, openLocks } from '../access/locks.ts'
import type { People } from '../access/roster.ts'
import type { CertifiedKey } from '../join/keys.ts'
import type { Renewal } from '../join/renewal.ts'
import type { EdgeParts } from '../parts.ts'
import { type AnswerParts, openAnswers } from './answers.ts'
import { type Check, openBodyCheck, openQueryCheck } from './check.ts'
import { changedBy, openEvents } from './events.ts'
import { openGuard, securityHeaders } from './guard.ts'
import { openPins } from './pins.ts'
import { problemOf } from './problem.ts'
import type { Answers, Question } from './question.ts'
import { type Asked, openServer, type Reply, type Trouble } from './server.ts'
import { openSessions, type Session, type Sessions } from './session.ts'
import { keeperOf } from './signing.ts'

/** The node's page: its routes and events, its static files, on HTTP for its own screen and on HTTPS for tablets. */
export interface NodePage {
  /** Where it answers, `http://127.0.0.1:8480`; `https` is `null` without a certificate. */
  readonly addresses: { readonly http: string; readonly https: string | null }
  readonly close: () => Promise<void>
}

export interface PageSettings {
  readonly http: { readonly host: string; readonly port: number }
  /** PEM texts; `null` until the node has a page certificate of the county. */
  readonly https: { readonly host: string; readonly port: number; readonly key: string; readonly certificate: string } | null
  /** Names by which tablets call this node, besides localhost and private addresses. */
  readonly names: readonly string[]
  /** Folder of the built pages; `stockroom.html` stands at `/`. */
  readonly pages: string
  /** After so long without a touch a session ends, ms. */
  readonly idleMs: number
  /** 32 random bytes, kept with the node's keys: sessions outlive a restart. */
  readonly sessionSecret: Uint8Array
}

export interface PageParts
  extends Pick<EdgeParts, 'clock' | 'timers' | 'random'>,
    Omit<AnswerParts, 'idleMs' | 'pins' | 'sessions' | 'link' | 'renewal'> {
  readonly settings: PageSettings
  /** The certificates in use, where the node is enrolled: HTTPS shows the newest. */
  readonly renewal?: (NonNullable<AnswerParts['renewal']> & Pick<Renewal, 'page' | 'follow'>) | null
  /** Where wrong tries are kept over a restart; `null`: nowhere. */
  readonly tries: KeptTries | null
  readonly link: AnswerParts['link'] & { readonly follow: (listener: () => void) => () => void }
  /** A bug or a broken part of the machine, met while answering; for the log. */
  readonly broke: (error: unknown) => void
}

/** Opens the page; throws `page.listen-failed` when an address is taken. */
export const openPage = async (parts: PageParts): Promise<NodePage> => {
  const { settings, timers } = parts
  const { people } = parts
  const { idleMs, sessionSecret: secret } = settings
  const sessions = openSessions(parts.node, { secret, idleMs }, parts)
  const pins = openPins(people, openLocks(parts.clock, parts.tries))
  const answers = openAnswers({ ...parts, idleMs, pins, sessions })
  const events = openEvents(timers)
  const leave = [
    parts.ledger.follow((changed) => events.tell(changed.entries.flatMap(({ entry }) => changedBy(entry)))),
    parts.stockroom.followScans(events.scan),
    parts.alarms.follow(() => events.tell(['alarms', 'state'])),
    parts.devices.follow(() => events.tell(['devices'])),
    parts.link.follow(() => events.tell(['state'])),
    ...(parts.renewal ? [parts.renewal.follow(() => events.tell(['state']))] : []),
    people.follow(() => {
      events.look()
      events.tell(['state'])
    }),
  ]
  const guard = openGuard(settings.names)
  const server = await openServer({
    routes: routesOf(parts, answers, sessions),
    stream: {
      path: NODE_EVENTS_PATH,
      open: (asked, open) => {
        const session = signedIn(asked, sessions, people)
        if (!session) return problemOf(refuse('access.not-signed-in'))
        if (!events.room()) return problemOf(refuse('api.streams-too-many'))
        events.join(open(), () => signedIn(asked, sessions, people) !== null)
        return null
      },
    },
    pages: { folder: settings.pages, index: 'stockroom.html' },
    bodyBytesMax: BODY_BYTES_MAX,
    guard: (asked) => {
      const refused = guard(asked)
      return refused && problemOf(refused)
    },
    headers: securityHeaders,
    troubled: (trouble, error) => {
      if (trouble === 'fault') parts.broke(error)
      return problemOf(TROUBLES[trouble]())
    },
  })
  const http = createHttpServer(LIMITS, server.listener)
  const { https: tls } = settings
  const https = tls && createHttpsServer({ ...LIMITS, ...secured(tls) }, server.listener)
  if (parts.renewal) leave.push(parts.renewal.follow(() => parts.renewal && https?.setSecureContext(secured(parts.renewal.page()))))
  const addresses = {
    http: await listen(http, 'http', settings.http),
    https: https && tls ? await listen(https, 'https', tls) : null,
  }
  return {
    addresses,
    close: async () => {
      for (const end of leave) end()
      events.close()
      await Promise.all([http, https].map((one) => one && closed(one)))
      await server.close()
    },
  }
}

/** Connections that stand go on; whoever comes next is shown what is given here. */
const secured = ({ key, certificate }: CertifiedKey) => ({ key, cert: certificate, minVersion: 'TLSv1.3' }) as const

/** What can break while the page opens. */
export const PAGE_FAULTS = {
  'page.listen-failed': {
    zh: '页面地址 {address} 用不了：{why}。端口可能被别的程序占用，请改设置里的端口',
    en: 'The page cannot listen at {address}: {why}. Another program may hold the port; change it in the settings',
  },
} as const

const routesOf = (parts: PageParts, answers: Answers, sessions: Sessions) =>
  (Object.keys(NODE_ROUTES) as NodeRoute[]).map((name) => {
    const route = NODE_ROUTES[name]
    const check = { query: 'query' in route ? openQueryCheck(route.query) : null, body: 'body' in route ? openBodyCheck(route.body) : null }
    const answer = answers[name] as (question: Question<NodeRoute>) => unknown
    return {
      method: route.method,
      path: route.path,
      answer: async (asked: Asked): Promise<Reply> => {
        const headers: Record<string, string> = {}
        const session = signedIn(asked, sessions, parts.people)
        if (!route.open && !session) return problemOf(refuse('access.not-signed-in'))
        // Only from somebody who is signed in: the alarm it may raise is no stranger's to raise.
        if (session) noteLostTail(parts, asked)
        // What is done is done by somebody; pages ask by themselves, whether anybody looks or not.
        if (session && route.method !== 'GET') sessions.touch(session)
        const question = questionOf(asked, check, session, (cookie) => {
          headers['set-cookie'] = cookie
        })
        const given = isRefusal(question) ? question : await answer(question)
        if (!isRefusal(given)) return { status: 200, body: given, headers }
        if (given.code.startsWith('ledger.disk-')) parts.alarms.lookSoon()
        return problemOf(given)
      },
    }
  })

const questionOf = (
  { query, body, remote, secure }: Asked,
  check: { readonly query: Check | null; readonly body: Check | null },
  session: Session | null,
  setCookie: (cookie: string) => void,
): Question<NodeRoute> | Refusal => {
  const asked = check.query ? check.query(query) : null
  const told = check.body ? check.body(body ?? null) : null
  if (isRefusal(asked)) return asked
  if (isRefusal(told)) return told
  return { query: asked?.value, body: told?.value, session, remote, secure, setCookie } as Question<NodeRoute>
}

/** A session counts as long as its keeper is one. */
const signedIn = (asked: Asked, sessions: Sessions, people: People): Session | null => {
  const session = sessions.read(asked.headers['cookie'])
  return session && keeperOf(people, session) ? session : null
}

/**
 * A page sends back the last head it was answered (`lotkeeper-head: epoch/seq/hash`). A node that lacks that entry has lost its tail: a card that
 * lied about its flush, or an old image [ledger-and-sync 3].
 */
const noteLostTail = ({ ledger, alarms }: PageParts, { headers }: Asked): void => {
  const [, epoch, seq, hash] = /^([0-9a-f]{16})\/([1-9]\d{0,15})\/([0-9A-F]{64})$/.exec(headers[HEAD_HEADER] ?? '') ?? []
  if (epoch === undefined || hash === undefined) return
  const head = { epoch, seq: Number(seq), hash }
  if (!ledger.holds(head)) alarms.noteLostTail(head)
}

const listen = (
  server: NodeServer,
  scheme: 'http' | 'https',
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> => {
  const shown = host.includes(':') ? `[${host}]` : host
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(listenFault(`${scheme}://${shown}:${port}`, cause)))
    server.listen({ host, port }, () => resolve(`${scheme}://${shown}:${(server.address() as AddressInfo).port}`))
  })
}

const listenFault = (address: string, cause: Error): Error => {
  const code = 'page.listen-failed'
  const facts = { address, why: cause.message }
  const fill = (sentence: string) => sentence.replace('{address}', address).replace('{why}', cause.message)
  return Object.assign(new Error(fill(PAGE_FAULTS[code].en), { cause }), {
    code,
    zh: fill(PAGE_FAULTS[code].zh),
    en: fill(PAGE_FAULTS[code].en),
    facts,
  })
}

const closed = (server: NodeServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const TROUBLES: Readonly<Record<Trouble, () => Refusal>> = {
  missing: () => refuse('api.not-found'),
  'too-large': () => refuse('api.body-too-large'),
  'media-type': () => refuse('api.media-type-unknown'),
  malformed: () => refuse('api.request-malformed', { where: '/', why: 'HTTP' }),
  fault: () => refuse('api.fault'),
}

const HEAD_HEADER = 'lotkeeper-head'
/** A receipt with 200 tags of the longest kind is 27 KB. */
const BODY_BYTES_MAX = 65_536
/** Slow or silent clients must not hold a small machine's connections. */
const LIMITS = { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000, maxHeaderSize: 16_384 }
