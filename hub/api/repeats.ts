import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { Asker } from './asker.ts'

/** Actions whose answers are remembered. */
const REPEATS_MAX = 200

/** Remembers what acts were answered with. */
export type Repeats = ReturnType<typeof openRepeats>

/**
 * Answers a repeated action with its first answer while this process lives. For acts that leave no entry behind: a code's secret is kept
 * nowhere else, and a lost answer must not cost a second code.
 */
export const openRepeats = () => {
  const known = new Map<string, { readonly asked: string; readonly answer: object }>()
  return async <Answer extends object>(
    route: HubRoute,
    { user }: Pick<Asker, 'user'>,
    body: { readonly action: string },
    act: () => Promise<Answer | Refusal>,
  ): Promise<Answer | Refusal> => {
    // Whoever names somebody else's action is told nothing of its answer.
    const asked = canonicalText({ route, user, body } as never)
    const before = known.get(body.action)
    if (before) return before.asked === asked ? (before.answer as Answer) : refuse('api.action-reused')
    const answer = await act()
    if (isRefusal(answer)) return answer
    const [oldest] = known.keys()
    if (known.size >= REPEATS_MAX && oldest !== undefined) known.delete(oldest)
    known.set(body.action, { asked, answer })
    return answer
  }
}
