import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { CatalogNames, HubDraft, HubLedger, HubQuestions } from '../ledger/contract.ts'
import type { CatalogKind } from './kind.ts'

/**
 * Many acts of one kind in one commit: a flush of the disk for each would be what a table of 50,000 rows waits for. What hangs on another act of
 * the same list, was done before or is refused goes by itself afterwards, judged by what then stands; each is answered as its own act would be.
 */
export const actTogether = async <Body extends { readonly action: string }, View>(
  ledger: Pick<HubLedger, 'write'> & { readonly ask: Pick<HubQuestions, 'known' | 'acted'> },
  kind: CatalogKind<Body, View>,
  { bodies, actor, alone }: Together<Body, View>,
): Promise<readonly (View | Refusal)[]> => {
  const before = await Promise.all(bodies.map(({ action }) => ledger.ask.acted(action)))
  const fresh = bodies.filter((_, at) => before[at] === null)
  const known = await ledger.ask.known(namesOf(fresh.map(kind.names)))
  const taken = new Set<string>()
  const drafts: HubDraft[] = []
  const answers = new Map<Body, View>()
  const written: Body[] = []
  for (const body of fresh) {
    const keys = keysOf(kind.names(body))
    const hangs = keys.some((key) => taken.has(key)) || (kind.files?.(body) ?? []).length > 0
    for (const key of keys) taken.add(key)
    const judged = hangs ? null : kind.judge(kind.unmasked?.(body, { known }) ?? body, known)
    if (judged === null || isRefusal(judged)) continue
    if ('already' in judged) answers.set(body, judged.already)
    else {
      drafts.push(...judged.drafts.map((draft, part) => ({ ...draft, action: body.action, part, actor })))
      written.push(body)
    }
  }
  const answer = drafts.length === 0 ? null : await ledger.write(drafts)
  if (answer !== null && !isRefusal(answer))
    await Promise.all(written.map(async (body) => answers.set(body, kind.view((await ledger.ask.acted(body.action)) ?? []))))
  const all: (View | Refusal)[] = []
  for (const body of bodies) all.push(answers.get(body) ?? (await alone(body)))
  return all
}

interface Together<Body, View> {
  readonly bodies: readonly Body[]
  readonly actor: string
  /** The act by itself. */
  readonly alone: (body: Body) => Promise<View | Refusal>
}

/** What two acts must not both speak of: the record itself, which a kind of records names first, and its codes. */
const keysOf = ({ records = [], codes = [] }: CatalogNames): readonly string[] => [
  ...records.slice(0, 1).map(({ is, id }) => `${is} ${id}`),
  ...codes.map((code) => `code ${code}`),
]

const namesOf = (all: readonly CatalogNames[]): CatalogNames => ({
  items: all.flatMap(({ items }) => items),
  sites: all.flatMap(({ sites }) => sites),
  lots: all.flatMap(({ lots }) => lots),
  epcs: all.flatMap(({ epcs }) => epcs),
  records: unique(
    all.flatMap(({ records = [] }) => records),
    ({ is, id }) => `${is} ${id}`,
  ),
  codes: all.flatMap(({ codes = [] }) => codes),
})

const unique = <Named>(all: readonly Named[], key: (one: Named) => string): readonly Named[] => [
  ...new Map(all.map((one) => [key(one), one])).values(),
]
