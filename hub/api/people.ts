import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { sessionView } from '../people/own.ts'
import { paged } from '../people/paged.ts'
import { pinHash } from '../people/passwords.ts'
import type { People } from '../people/people.ts'
import type { Answers, Asker } from './asker.ts'
import { qrOf } from './qr.ts'
import type { Repeats } from './repeats.ts'

/** What the people room answers. Acts whose answer holds a secret answer it again only to whoever asked first. */
export const peopleAnswers = (people: People, repeats: Repeats) => {
  const { users, machines, sessions, own } = people
  const selfOf = ({ user, token, from }: Asker) => ({ user, token, address: from.address, agent: from.agent })
  return {
    setUp: ({ body }, { from }) => people.setUp(body, from),
    signIn: ({ body }, { from }) => people.signIn(body, from),
    redeemCode: ({ body }, { from }) => people.redeemCode(body, from),
    session: async (_, { user, name, token, by, until, roles, rights }) => ({
      user,
      name,
      token: by === 'cookie' ? '' : token,
      until,
      roles,
      rights,
    }),
    signOut: async (_, { token }) => {
      people.signOut(token)
      return {}
    },
    changePassword: ({ body }, asker) => own.changePassword(selfOf(asker), body),
    startTotp: async ({ body }, asker) => {
      const made = await own.startTotp(selfOf(asker), body)
      return isRefusal(made) ? made : { ...made, svg: qrOf(made.uri) }
    },
    confirmTotp: async ({ body }, asker) => own.confirmTotp(selfOf(asker), body),
    endTotp: ({ body }, asker) => own.endTotp(selfOf(asker), body),
    setOwnPin: ({ body }, asker) => own.setPin(selfOf(asker), body),
    ownSessions: async (_, asker) => own.sessions(selfOf(asker)),
    endOwnSession: async ({ body }, asker) => own.endSession(selfOf(asker), body),
    names: async () => users.names(),
    users: async ({ query }) => users.list(query),
    saveUser: ({ body }, asker) => repeats('saveUser', asker, body, async () => users.save(body, asker.user)),
    endUser: ({ body }, asker) => repeats('endUser', asker, body, async () => users.end(body.user, asker.user)),
    resumeUser: ({ body }, asker) => repeats('resumeUser', asker, body, async () => users.resume(body.user)),
    resetPassword: ({ body }, asker) => repeats('resetPassword', asker, body, async () => users.resetPassword(body.user, asker.user)),
    resetTotp: ({ body }, asker) => repeats('resetTotp', asker, body, async () => users.resetTotp(body.user, asker.user)),
    setPin: ({ body }, asker) =>
      repeats('setPin', asker, body, async () => users.setPin(body.user, body.pin === null ? null : await pinHash(body.pin))),
    sessions: async ({ query }, { token }) => {
      const mine = sessions.idOf(token)
      const nameOf = new Map(users.names().rows.map(({ id, name }) => [id, name]))
      return paged(
        sessions.list(query.user ?? null),
        query,
        ({ id }) => id,
        (row) => sessionView(row, nameOf.get(row.user) ?? '', mine),
      )
    },
    endSession: async ({ body }) => sessions.end(body.session, null) ?? {},
    machines: async ({ query }) => machines.list(query),
    saveMachine: ({ body }, asker) => repeats('saveMachine', asker, body, async () => machines.save(body, asker.user)),
    endMachine: ({ body }, asker) => repeats('endMachine', asker, body, async () => machines.end(body.machine)),
  } satisfies Partial<Answers>
}
