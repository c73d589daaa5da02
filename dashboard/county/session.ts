import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'

/** Who is signed in, as the page keeps it: without the token, which only the browser's cookie needs to hold. */
export type Session = Omit<HubAnswer<'session'>, 'token'>

export const sessionKept = ({ token: _, ...session }: HubAnswer<'session'>): Session => session
