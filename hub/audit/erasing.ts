import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { People } from '../people/people.ts'
import type { Audit } from './audit.ts'

/** Erases who a user was: in the people's file, and in what the audit keeps beside its chain. The opaque id stays in books and chain. */
export const eraserOf =
  ({ users }: Pick<People, 'users'>, { forget }: Pick<Audit, 'forget'>) =>
  async (id: string, by: string): Promise<Refusal | null> => {
    const refused = users.erase(id, by)
    if (refused) return refused
    const forgotten = await forget(id)
    return isRefusal(forgotten) ? forgotten : null
  }
