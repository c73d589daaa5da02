import type { SessionView } from '@lotkeeper/protocol/api/hub-people.ts'
import { App, Button } from 'antd'
import { useContext } from 'react'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { EmptyNote, TroubleNote } from '../../parts/trouble.tsx'
import { useCounty, useHubPages, useMoments } from '../county.ts'
import { MomentCell } from '../parts/cells.tsx'
import { mayEverywhere } from '../parts/may-everywhere.ts'
import { type Column, Rows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { useWho } from '../parts/who.tsx'
import { SessionBy, SessionFrom } from '../people/session-words.tsx'
import { useOnce } from '../people/use-once.ts'
import { useSay } from '../words.ts'
import '../people/people.css'

/** Everybody who is signed in, last used first; any sign-in can be ended at once. */
export const SessionsPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const who = useWho()
  const user = choice['user']
  const pages = useHubPages('sessions', { limit: 100, ...(user ? { user } : {}) })
  const end = useOnce((session: string) => hub.ask('endSession', { body: { session } }))
  const send = async (session: string): Promise<void> => {
    await end.send(session)
    pages.renew()
    shelf.renew('ownSessions ')
  }
  const columns = useSessionColumns(send)
  return (
    <Sheet title={say('sessions.title')} hint={say('sessions.hint')} className="list-sheet">
      {user && (
        <div className="filters">
          <span className="mark mark-plain">{say('sessions.of', { name: who(user) })}</span>
          <Button size="small" onClick={() => replaceChoice('sessions', {})} data-testid="sessions-all">
            {say('sessions.all')}
          </Button>
        </div>
      )}
      {end.trouble && <TroubleNote trouble={end.trouble} />}
      <Rows
        name="sessions"
        label={say('sessions.title')}
        columns={columns}
        rows={pages.rows}
        keyOf={(row) => row.session}
        pages={pages}
        empty={<EmptyNote title={say('sessions.none')} />}
      />
    </Sheet>
  )
}

const useSessionColumns = (end: (session: string) => Promise<void>): readonly Column<SessionView>[] => {
  const say = useSay()
  const moments = useMoments()
  return [
    {
      id: 'item',
      title: say('user.name'),
      width: 'minmax(150px, 1.2fr)',
      cell: (row) => (
        <a className="record-link" href={hrefOf('users', { id: row.user })}>
          {row.name || row.user}
        </a>
      ),
    },
    { id: 'kind', title: say('session.from'), width: 'minmax(180px, 1.6fr)', cell: (row) => <SessionFrom row={row} /> },
    { id: 'model', title: say('session.by'), width: '120px', cell: (row) => <SessionBy row={row} /> },
    {
      id: 'at',
      title: say('session.seen'),
      width: '170px',
      cell: (row) => (
        <span className="two-lines">
          <MomentCell at={row.seenAt} />
          <small className="faint">{say('session.until', { at: moments.short(row.until, Date.now()) })}</small>
        </span>
      ),
    },
    { id: 'open', title: '', width: '110px', right: true, cell: (row) => <EndSession row={row} onEnd={end} /> },
  ]
}

const EndSession = ({ row, onEnd }: { readonly row: SessionView; readonly onEnd: (session: string) => Promise<void> }) => {
  const say = useSay()
  const { session } = useCounty()
  const { modal } = App.useApp()
  if (row.own) return <span className="mark mark-good mark-plain">{say('session.this')}</span>
  if (!mayEverywhere(session, 'users.write')) return null
  const ask = (): void => {
    void modal.confirm({
      title: say('session.end-sure', { name: row.name || row.user }),
      content: say('session.end-means'),
      okText: say('session.end'),
      cancelText: say('page.cancel'),
      okButtonProps: { danger: true, 'data-testid': 'session-sure' },
      onOk: () => onEnd(row.session),
    })
  }
  return (
    <Button size="small" danger onClick={ask} data-testid="session-end">
      {say('session.end')}
    </Button>
  )
}
