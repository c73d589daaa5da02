import { parseArgs } from 'node:util'
import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { askHub } from './asking.ts'

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
  const { code, until } = await askHub(home, 'createEnrolment', body)
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
