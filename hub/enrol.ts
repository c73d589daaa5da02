import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { HUB_ROUTES, type HubAnswer, type HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { fault } from './faults.ts'

/** `lotkeeper hub enrol`: asks the hub that runs in this home for a code, by the token only this machine's owner can read; prints the code. */
export const enrolNode = async (args: readonly string[], homeOf: (asked: string | null) => string): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const home = homeOf(values.home ?? null)
  const body: HubBody<'createEnrolment'> = {
    action: `enrol-${crypto.randomUUID()}`,
    node: values.node ?? '',
    name: { zh: values.name ?? values.node ?? '', en: values['name-en'] ?? values.node ?? '' },
    ...(values.zone === undefined ? {} : { zone: values.zone }),
    ...(values.room === undefined ? {} : { rooms: values.room.map(roomOf) }),
    ...(values.replace === true ? { replace: true } : {}),
  }
  const { code, until } = await askHub(home, body)
  process.stdout.write(`${code}\n`)
  process.stderr.write(`${until} 前有效，只能用一次 / good once until ${until}\n`)
  return 0
}

const OPTIONS = {
  home: { type: 'string' },
  node: { type: 'string' },
  name: { type: 'string' },
  'name-en': { type: 'string' },
  zone: { type: 'string' },
  room: { type: 'string', multiple: true },
  replace: { type: 'boolean' },
} as const

/** `main:库房:store` or `main:库房` (a store). */
const roomOf = (text: string): NonNullable<HubBody<'createEnrolment'>['rooms']>[number] => {
  const [room = '', zh = room, use = 'store'] = text.split(':')
  return { room, name: { zh, en: room }, use: use as 'store' | 'department' }
}

const askHub = async (home: string, body: HubBody<'createEnrolment'>): Promise<HubAnswer<'createEnrolment'>> => {
  const run = join(home, 'run.json')
  if (!existsSync(run)) throw fault('hub.not-running', { home })
  const { http } = JSON.parse(readFileSync(run, 'utf8')) as { readonly http: string }
  const token = readFileSync(join(home, 'keys', 'admin.token'), 'utf8').trim()
  const { method, path } = HUB_ROUTES.createEnrolment
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const answer = await fetch(new URL(path, http), { method, headers, body: JSON.stringify(body) }).catch((cause: unknown) => {
    throw fault('hub.not-running', { home }, cause)
  })
  const said = (await answer.json()) as Record<string, unknown>
  if (!answer.ok) throw fault('hub.answer-refused', { why: `${said['title']} / ${said['titleEn']} (${said['code']})` })
  return said as HubAnswer<'createEnrolment'>
}
