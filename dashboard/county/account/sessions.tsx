import { App, Button } from 'antd'
import { useContext } from 'react'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useCounty, useHub } from '../county.ts'
import { MomentCell } from '../parts/cells.tsx'
import { SessionBy, SessionFrom } from '../people/session-words.tsx'
import { useOnce } from '../people/use-once.ts'
import { useSay } from '../words.ts'

/** Where one is signed in oneself; each but this one can be ended, or all at once. */
export const OwnSessions = () => {
  const say = useSay()
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const { message } = App.useApp()
  const read = useHub('ownSessions')
  const end = useOnce((session: string | null) => hub.ask('endOwnSession', { body: { session } }))
  const send = async (session: string | null): Promise<void> => {
    const answer = await end.send(session)
    shelf.renew('ownSessions ', 'sessions ')
    if (answer?.ok) void message.success(say('session.ended'))
  }
  const trouble = read.trouble ?? end.trouble
  const rows = read.value?.rows ?? []
  return (
    <section className="account-part" data-testid="account-sessions">
      <h3>
        {say('account.sessions')}
        {rows.length > 1 && (
          <Button size="small" danger loading={end.sending} onClick={() => void send(null)} data-testid="own-sessions-end">
            {say('account.end-others')}
          </Button>
        )}
      </h3>
      {trouble && <TroubleNote trouble={trouble} />}
      {!read.value && !read.trouble && <Waiting rows={2} />}
      <ul className="session-lines">
        {rows.map((row) => (
          <li key={row.session} data-testid="own-session">
            <SessionFrom row={row} />
            <SessionBy row={row} />
            <small className="faint">
              {say('session.seen')} <MomentCell at={row.seenAt} />
            </small>
            {row.own ? (
              <span className="mark mark-good mark-plain">{say('session.this')}</span>
            ) : (
              <Button size="small" loading={end.sending} onClick={() => void send(row.session)} data-testid="own-session-end">
                {say('session.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
