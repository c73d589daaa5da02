import { mayAsk, narrowed, staysWithin } from '@lotkeeper/hub/access/authorise.ts'
import { HUB_EXAMPLES } from '@lotkeeper/hub/api/examples.ts'
import { passwordHash } from '@lotkeeper/hub/people/passwords.ts'
import { openPeople } from '@lotkeeper/hub/people/people.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { type Grant, rightsOf } from '@lotkeeper/protocol/rules/access.ts'
import { type Bench, type Figure, type Measured, median } from './figures.ts'

/** What it costs to ask who may: a page of 100 movements, by somebody who sees everything and by keepers of one site and of twenty. */
export const access: Bench = {
  name: 'access',
  what: { zh: '每次请求的权限检查', en: 'authorisation of a request' },
  run: async (_scope, say) => {
    const figures: Figure[] = []
    for (const { who, grants } of CALLERS) {
      const values = measured(grants)
      const what = { zh: `权限检查，100 行流水，${who.zh}`, en: `authorisation, 100 movements, ${who.en}` }
      const slowest = { name: { zh: 'p99', en: 'p99' }, measured: { unit: 'ms', values, quantile: 0.99 } satisfies Measured }
      figures.push({ what, ours: median('ms', values), goal: { is: '<', value: GOAL_MS }, beside: [slowest] })
      say(`${what.en}: ${values.length} requests`)
    }
    const [right, nobody] = [await signIns(true), await signIns(false)]
    figures.push({
      what: { zh: '一次登录（核对口令）', en: 'one sign-in, the password verified' },
      ours: median('ms', right),
      beside: [{ name: { zh: '没有这个人', en: 'of nobody' }, measured: median('ms', nobody) }],
    })
    return figures
  },
}

/** Milliseconds of sign-ins, one after the other, of somebody who is known or of nobody: the same, or it would tell who exists. */
const signIns = async (isKnown: boolean): Promise<readonly number[]> => {
  const verifier = await passwordHash('三口铝锅 烧 lamian')
  const people = openPeople({
    file: ':memory:',
    login: { user: 'county', name: '', passwordHash: verifier },
    adminToken: 'x',
    now: Date.now,
  })
  const values: number[] = []
  for (let n = 0; n < SIGN_INS; n += 1) {
    const began = performance.now()
    const body = { user: isKnown ? 'county' : 'nobody', password: '三口铝锅 烧 lamian' }
    // An address each: many wrong tries of one would be held up.
    await people.signIn(body, { address: `10.0.0.${n}`, agent: 'bench' })
    values.push(performance.now() - began)
  }
  people.close()
  return values
}
const SIGN_INS = 25

/** Of a request that is answered in a few milliseconds, what nobody notices. */
const GOAL_MS = 0.2
const REQUESTS = 5_000
const WARM_UP = 1_000
const PAGE_ROWS = 100
const TOWNSHIPS = Array.from({ length: 20 }, (_, at) => `township-${at + 1}`)
const CALLERS: readonly { readonly who: Figure['what']; readonly grants: readonly Grant[] }[] = [
  { who: { zh: '看全县', en: 'of the whole county' }, grants: [{ role: 'keeper', sites: 'all' }] },
  { who: { zh: '看一个站点', en: 'of one site' }, grants: [{ role: 'keeper', sites: TOWNSHIPS.slice(0, 1) }] },
  { who: { zh: '看二十个站点', en: 'of twenty sites' }, grants: [{ role: 'keeper', sites: TOWNSHIPS }] },
]

/** Milliseconds of each request: may it be asked, does it stay within, and what is left of the answer. */
const measured = (grants: readonly Grant[]): readonly number[] => {
  const session = { rights: rightsOf({ grants }) } as Parameters<typeof mayAsk>[0]
  const [row] = HUB_EXAMPLES.movements.answer.rows
  const rows = Array.from({ length: PAGE_ROWS }, (_, at) => {
    const site = TOWNSHIPS[at % TOWNSHIPS.length] ?? ''
    return { ...row, site, from: 'hub/~supplier', to: `${site}/~transit`, line: at }
  })
  const asked = { query: { site: TOWNSHIPS[0], limit: PAGE_ROWS }, body: undefined }
  const values: number[] = []
  let left = 0
  for (let n = 0; n < REQUESTS + WARM_UP; n += 1) {
    const began = performance.now()
    const admitted = mayAsk(session, 'movements')
    if (isRefusal(admitted) || staysWithin('movements', admitted.scope, asked)) throw new Error('a keeper is refused')
    const answer = narrowed('movements', admitted.scope, { rows, next: null }) as { readonly rows: readonly unknown[] } | null
    const ms = performance.now() - began
    left += answer?.rows.length ?? 0
    if (n >= WARM_UP) values.push(ms)
  }
  if (left === 0) throw new Error('nothing was answered')
  return values
}
