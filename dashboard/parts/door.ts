import type { Text } from './language.ts'

/** Where a route is: the page's half of a row of the route tables. */
export interface RoutePath {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
}

/** Why an answer did not come, in both languages, with its code. `status` 0: nobody answered. */
export interface Trouble extends Text {
  readonly code: string
  readonly status: number
  readonly facts: Readonly<Record<string, unknown>>
}

export type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly trouble: Trouble }

export interface Sent {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** What the door borrows: the network, and whom to tell that the sign-in has ended. */
export interface DoorParts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly onSignedOut: () => void
  /** What goes with every question, and who looks into every answer. */
  readonly headers?: () => Readonly<Record<string, string>>
  readonly heard?: (value: unknown) => void
}

/** The page's one way out: every question and every booking goes through here, and trouble comes back as data. */
export type Ask = (route: RoutePath, sent?: Sent) => Promise<Answer<unknown>>

export const openDoor =
  ({ fetch, onSignedOut, headers, heard }: DoorParts): Ask =>
  async (route, { query, body, signal } = {}) => {
    const ending = new AbortController()
    const slow = setTimeout(() => ending.abort(), ANSWER_WAIT_MS)
    const leave = () => ending.abort()
    signal?.addEventListener('abort', leave)
    let response: Response
    try {
      response = await fetch(urlOf(route.path, query), {
        method: route.method,
        credentials: 'same-origin',
        headers: { accept: 'application/json', ...headers?.(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        signal: ending.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch {
      return { ok: false, trouble: signal?.aborted ? TROUBLES.left : ending.signal.aborted ? TROUBLES.slow : TROUBLES.unreachable }
    } finally {
      clearTimeout(slow)
      signal?.removeEventListener('abort', leave)
    }
    const answer = await readAnswer(response)
    if (answer.ok) heard?.(answer.value)
    if (!answer.ok && isSignedOut(answer.trouble) && route.path !== SESSION_PATH) onSignedOut()
    return answer
  }

/** Whether trying again later may help: nobody answered, or the other side is in difficulty. */
export const mayRetry = (trouble: Trouble): boolean =>
  (trouble.status === 0 && trouble.code !== TROUBLES.left.code) || trouble.status >= 502

/** Whoever mistypes a password while signed in is told 401 too, and stays; a 401 of nobody knows whom (a proxy) ends the sign-in. */
const isSignedOut = ({ status, code }: Trouble): boolean => status === 401 && (code === 'access.not-signed-in' || code === 'http.401')

/** Troubles that never reached the other side. */
export const TROUBLES = {
  unreachable: {
    code: 'page.unreachable',
    status: 0,
    zh: '连不上，正在等网络恢复',
    en: 'No connection; waiting for the network',
    facts: {},
  },
  slow: { code: 'page.slow', status: 0, zh: '对方没有及时答复', en: 'No answer in time', facts: {} },
  left: { code: 'page.left', status: 0, zh: '已离开此页', en: 'The page was left', facts: {} },
} as const satisfies Record<string, Trouble>

/** What a status and a text say: a value, or why there is none. */
export const answerOf = (status: number, text: string): Answer<unknown> => {
  const value = readJson(text)
  if (status >= 200 && status < 300 && value !== undefined) return { ok: true, value }
  return { ok: false, trouble: troubleOf(status, value) }
}

const readAnswer = async (response: Response): Promise<Answer<unknown>> => answerOf(response.status, await response.text().catch(() => ''))

const readJson = (text: string): unknown => {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A problem answer [RFC 9457] as trouble; an answer that is no problem document still names its status. */
const troubleOf = (status: number, value: unknown): Trouble => {
  const problem = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  const { code, title, titleEn, facts } = problem
  if (typeof code !== 'string' || typeof title !== 'string') {
    return { code: `http.${status}`, status, zh: `对方答复异常（${status}）`, en: `Unexpected answer (${status})`, facts: {} }
  }
  const given = typeof facts === 'object' && facts !== null ? (facts as Readonly<Record<string, unknown>>) : {}
  return { code, status, zh: title, en: typeof titleEn === 'string' ? titleEn : title, facts: given }
}

const urlOf = (path: string, query: Sent['query']): string => {
  const asked = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined && value !== '') asked.set(name, String(value))
  const text = asked.toString()
  return text === '' ? path : `${path}?${text}`
}

/** Longest wait for an answer; a booking asked again carries the same action, so giving up is safe. */
const ANSWER_WAIT_MS = 15_000
const SESSION_PATH = '/api/session'
