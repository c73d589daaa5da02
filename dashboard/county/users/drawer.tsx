import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { UserView } from '@lotkeeper/protocol/api/hub-people.ts'
import { Button } from 'antd'
import { useState } from 'react'
import { hrefOf } from '../../parts/route.ts'
import { EmptyNote, Waiting } from '../../parts/trouble.tsx'
import { useCounty, useMoments } from '../county.ts'
import { mayEverywhere } from '../parts/may-everywhere.ts'
import { OneTime } from '../people/one-time.tsx'
import { Fact, Facts } from '../records/facts.tsx'
import { GuardedDrawer } from '../records/guarded-drawer.tsx'
import { useSay } from '../words.ts'
import { UserActs } from './acts.tsx'
import { type Coded, NEW_USER } from './draft.ts'
import { UserFields } from './form.tsx'
import { GrantLines } from './grant-lines.tsx'
import { SeesNote } from './sees-note.tsx'
import { KeyMarks, StateMark } from './user-marks.tsx'
import '../parts/forms.css'

interface DrawerLine {
  /** Whose; `NEW_USER` makes one; `null`: closed. */
  readonly id: string | null
  readonly one: UserView | undefined
  readonly isRead: boolean
  readonly renew: () => void
  readonly onClose: () => void
}

/** A user opened: who, by what they come in, what they may see and do; and the form, when one is changed or made. */
export const UserDrawer = ({ id, one, isRead, renew, onClose }: DrawerLine) => {
  const say = useSay()
  const { session } = useCounty()
  // What a change begins from is held fast: a newer version that is read meanwhile must not become it unseen.
  const [began, setBegan] = useState<UserView | null>(null)
  const [coded, setCoded] = useState<Coded | null>(null)
  const known = one && began?.user === one.user ? began : null
  const close = (): void => {
    setBegan(null)
    setCoded(null)
    onClose()
  }
  const saved = ({ user, code, until }: HubAnswer<'saveUser'>): void => {
    renew()
    setBegan(null)
    if (code !== null && until !== null) setCoded({ name: user.name, code, until })
    else if (id === NEW_USER) onClose()
  }
  const reload = (): void => {
    renew()
    setBegan(null)
  }
  const mayEdit = one && !known && !coded && one.state !== 'erased' && mayEverywhere(session, 'users.write')
  const isForm = id === NEW_USER || known !== null
  return (
    <GuardedDrawer
      open={id !== null}
      onClose={known && !coded ? () => setBegan(null) : close}
      title={id === NEW_USER ? say('users.new') : (one?.name ?? '')}
      size={720}
      footer={mayEdit ? <EditButton onEdit={() => setBegan(one)} /> : null}
    >
      {coded && <UserCode coded={coded} onDone={() => (id === NEW_USER ? close() : setCoded(null))} />}
      {!coded && isForm && <UserFields known={known} onSaved={saved} onReload={reload} />}
      {!coded && !isForm && one && <UserShown one={one} onChanged={renew} onCoded={setCoded} />}
      {id !== null && !coded && !isForm && !one && (isRead ? <EmptyNote title={say('user.not-listed')} /> : <Waiting rows={6} />)}
    </GuardedDrawer>
  )
}

const EditButton = ({ onEdit }: { readonly onEdit: () => void }) => {
  const say = useSay()
  return (
    <div className="record-acts">
      <Button type="primary" size="large" onClick={onEdit} data-testid="user-edit">
        {say('record.edit')}
      </Button>
    </div>
  )
}

const UserCode = ({ coded, onDone }: { readonly coded: Coded; readonly onDone: () => void }) => {
  const say = useSay()
  const moments = useMoments()
  return (
    <OneTime
      title={say('user.code-for', { name: coded.name })}
      secret={coded.code}
      warning={say('user.code-once', { until: moments.full(coded.until).slice(0, MINUTES) })}
      hints={[say('user.code-how')]}
      onDone={onDone}
    />
  )
}

interface ShownLine {
  readonly one: UserView
  readonly onChanged: () => void
  readonly onCoded: (coded: Coded) => void
}

const UserShown = ({ one, onChanged, onCoded }: ShownLine) => {
  const say = useSay()
  const moments = useMoments()
  const { session } = useCounty()
  return (
    <div className="person" data-testid="user">
      <Facts>
        <Fact name={say('user.login')}>
          <span className="mono">{one.login}</span>
        </Fact>
        <Fact name={say('user.state')}>
          <StateMark state={one.state} />
        </Fact>
        <Fact name={say('user.keys')}>
          <KeyMarks one={one} />
        </Fact>
        <Fact name={say('user.sso')}>{one.sso}</Fact>
        <Fact name={say('user.made')}>{moments.full(one.madeAt).slice(0, MINUTES)}</Fact>
        <Fact name={say('user.changed')}>{moments.full(one.changedAt).slice(0, MINUTES)}</Fact>
        <Fact name={say('user.sessions')}>
          <a className="record-link" href={hrefOf('sessions', { user: one.user })}>
            {one.seenAt ? say('user.seen-at', { at: moments.full(one.seenAt).slice(0, MINUTES) }) : say('user.not-in')}
          </a>
        </Fact>
        <Fact name={say('user.roles')} wide>
          <GrantLines grants={one.roles} />
        </Fact>
      </Facts>
      <SeesNote grants={one.roles} />
      {mayEverywhere(session, 'users.write') && one.state !== 'erased' && (
        <UserActs one={one} isOwn={one.user === session.user} onChanged={onChanged} onCoded={onCoded} />
      )}
    </div>
  )
}

/** `2026-11-22 11:24` of a moment told in full. */
const MINUTES = 16
