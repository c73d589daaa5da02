import type { UserView } from '@lotkeeper/protocol/api/hub-people.ts'
import { Button, Segmented, Select } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useCounty, useHubPages } from '../county.ts'
import { MomentCell } from '../parts/cells.tsx'
import { mayEverywhere } from '../parts/may-everywhere.ts'
import { type Column, Rows } from '../parts/rows.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { RecordName } from '../records/record-name.tsx'
import { useSay } from '../words.ts'
import { NEW_USER } from './draft.ts'
import { UserDrawer } from './drawer.tsx'
import { GrantLines } from './grant-lines.tsx'
import { RolesTable } from './roles-table.tsx'
import { KeyMarks, StateMark } from './user-marks.tsx'
import '../people/people.css'

/** Who may come in, what each may see and do, and where; beside it what each role has. */
export const UsersPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const tab = choice['tab'] === 'roles' ? 'roles' : 'users'
  return (
    <Sheet title={say('users.title')} hint={say('users.hint')} className="list-sheet" aside={<NewUser />}>
      <div className="people-tabs">
        <Segmented<string>
          value={tab}
          onChange={(value) => replaceChoice('users', { tab: value === 'roles' ? value : undefined })}
          options={(['users', 'roles'] as const).map((value) => ({ value, label: say(`users.tab-${value}`) }))}
          data-testid="users-tabs"
        />
      </div>
      {tab === 'users' ? <UserList /> : <RolesTable />}
    </Sheet>
  )
}

const NewUser = () => {
  const say = useSay()
  const { session } = useCounty()
  if (!mayEverywhere(session, 'users.write')) return null
  return (
    <Button
      type="primary"
      icon={<Icon name="plus" size={18} />}
      onClick={() => replaceChoice('users', { id: NEW_USER })}
      data-testid="user-new"
    >
      {say('users.new')}
    </Button>
  )
}

const UserList = () => {
  const say = useSay()
  const { choice } = useRoute()
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('users', { ...choice, ...next })
  const state = STATES.find((one) => one === choice['state'])
  const pages = useHubPages('users', {
    limit: 100,
    ...(choice['search'] ? { search: choice['search'] } : {}),
    ...(state ? { state } : {}),
  })
  const columns = useUserColumns(choice)
  return (
    <>
      <div className="filters">
        <SearchBox value={choice['search'] ?? ''} onSearch={(search) => choose({ search })} placeholder={say('users.search')} />
        <Select
          value={state ?? ''}
          aria-label={say('user.state')}
          onChange={(value) => choose({ state: value })}
          options={[{ value: '', label: say('users.any-state') }, ...STATES.map((value) => ({ value, label: say(`user.${value}`) }))]}
          data-testid="users-state"
        />
      </div>
      <Rows
        name="users"
        label={say('users.title')}
        columns={columns}
        rows={pages.rows}
        keyOf={(row) => row.user}
        pages={pages}
        toneOf={(row) => (row.state === 'active' ? '' : 'row-ended')}
        empty={<EmptyNote title={say('users.none')} hint={say('users.none-hint')} />}
      />
      <UserDrawer
        id={choice['id'] ?? null}
        one={pages.rows?.find(({ user }) => user === choice['id'])}
        isRead={pages.rows !== undefined && !pages.asking}
        renew={pages.renew}
        onClose={() => choose({ id: undefined })}
      />
    </>
  )
}

const useUserColumns = (choice: Readonly<Record<string, string>>): readonly Column<UserView>[] => {
  const say = useSay()
  return [
    {
      id: 'item',
      title: say('user.name'),
      width: 'minmax(170px, 1.2fr)',
      cell: (row) => (
        <RecordName
          name={{ zh: row.name, en: row.name }}
          id={row.login}
          retired={false}
          href={hrefOf('users', { ...choice, id: row.user })}
        />
      ),
    },
    {
      id: 'kind',
      title: say('user.roles'),
      width: 'minmax(220px, 2fr)',
      cell: (row) => (row.roles.length === 0 ? <span className="faint">{say('user.no-roles')}</span> : <GrantLines grants={row.roles} />),
    },
    { id: 'model', title: say('user.keys'), width: 'minmax(150px, 1fr)', cell: (row) => <KeyMarks one={row} /> },
    { id: 'state', title: say('user.state'), width: '96px', cell: (row) => <StateMark state={row.state} /> },
    {
      id: 'at',
      title: say('user.seen'),
      width: '150px',
      cell: (row) => (row.seenAt ? <MomentCell at={row.seenAt} /> : <span className="faint">{say('user.not-in')}</span>),
    },
  ]
}

const STATES = ['active', 'ended', 'erased'] as const
