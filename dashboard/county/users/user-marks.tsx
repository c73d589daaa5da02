import type { UserView } from '@lotkeeper/protocol/api/hub-people.ts'
import { useSay } from '../words.ts'

/** Whether somebody may come in. */
export const StateMark = ({ state }: { readonly state: UserView['state'] }) => {
  const say = useSay()
  return (
    <span className={`mark mark-plain ${state === 'active' ? 'mark-good' : 'mark-bad'}`} data-testid="user-state" data-state={state}>
      {say(`user.${state}`)}
    </span>
  )
}

/** By what somebody may come in: one that has nothing yet waits for the one-time code. */
export const KeyMarks = ({ one }: { readonly one: UserView }) => {
  const say = useSay()
  const marks = [
    one.hasPassword && say('user.has-password'),
    one.hasTotp && say('user.has-totp'),
    one.hasPin && say('user.has-pin'),
    one.sso !== null && say('user.has-sso'),
  ].filter((mark) => mark !== false)
  if (marks.length === 0) return one.state === 'active' ? <span className="mark mark-near mark-plain">{say('user.code-waits')}</span> : null
  return (
    <span className="marks">
      {marks.map((mark) => (
        <span key={mark} className="mark mark-plain">
          {mark}
        </span>
      ))}
    </span>
  )
}
