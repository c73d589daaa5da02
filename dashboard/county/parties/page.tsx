import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { Button, Select } from 'antd'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf, replaceChoice, useRoute } from '../../parts/route.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { type RowOf, useHub, useHubPages } from '../county.ts'
import { Allowed } from '../may.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { SearchBox } from '../parts/search-box.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { NEW, RecordDrawer } from '../records/drawer.tsx'
import { Fact, Facts } from '../records/facts.tsx'
import { MergeModal } from '../records/merge.tsx'
import { PaperLink } from '../records/paper.tsx'
import { RecordName } from '../records/record-name.tsx'
import { RetiredPick, retiredAsked } from '../records/retired-pick.tsx'
import { ValidityMark } from '../records/validity.tsx'
import { type CountySay, useSay } from '../words.ts'
import { ContactShown } from './contact.tsx'
import { ROLES } from './draft.ts'
import { PartyFields } from './form.tsx'

/** Suppliers, makers and carriers, with the worst of their licences. */
export const PartiesPage = () => {
  const say = useSay()
  const { choice } = useRoute()
  const choose = (next: Readonly<Record<string, string | undefined>>): void => replaceChoice('parties', { ...choice, ...next })
  const role = ROLES.find((one) => one === choice['role'])
  const pages = useHubPages('parties', {
    limit: 100,
    ...(choice['search'] ? { search: choice['search'] } : {}),
    ...(role ? { role } : {}),
    ...retiredAsked(choice),
  })
  return (
    <Sheet
      title={say('parties.title')}
      hint={say('parties.hint')}
      className="list-sheet"
      aside={
        <Allowed route="saveParty">
          <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => choose({ id: NEW })} data-testid="party-new">
            {say('parties.new')}
          </Button>
        </Allowed>
      }
    >
      <div className="filters">
        <SearchBox value={choice['search'] ?? ''} onSearch={(search) => choose({ search })} placeholder={say('parties.search')} />
        <Select
          value={role ?? ''}
          aria-label={say('field.roles')}
          onChange={(value) => choose({ role: value })}
          options={[{ value: '', label: say('parties.any-role') }, ...ROLES.map((value) => ({ value, label: say(`role.${value}`) }))]}
        />
        <RetiredPick value={choice['retired']} onPick={(retired) => choose({ retired })} />
      </div>
      <Rows
        name="parties"
        label={say('parties.title')}
        columns={partyColumns(say, choice)}
        rows={pages.rows}
        keyOf={(row) => row.id}
        pages={pages}
        empty={<EmptyNote title={say('parties.none')} hint={say('parties.none-hint')} />}
      />
      <PartyDrawer id={choice['id'] ?? null} onClose={() => choose({ id: undefined })} />
    </Sheet>
  )
}

const PartyDrawer = ({ id, onClose }: { readonly id: string | null; readonly onClose: () => void }) => {
  const say = useSay()
  const { language } = useLanguage()
  const read = useHub('party', id === null || id === NEW ? null : { id })
  return (
    <RecordDrawer
      id={id}
      writes="saveParty"
      read={read}
      title={(one) => nameIn(one.record.name, language)}
      newTitle={say('parties.new')}
      show={(one) => <PartyShown one={one} />}
      edit={(known, onSaved) => <PartyFields known={known} onSaved={onSaved} />}
      merge={(one, close) => <MergeModal of="party" id={one.record.id} name={nameIn(one.record.name, language)} onClose={close} />}
      onClose={onClose}
    />
  )
}

const PartyShown = ({ one: { record, licences } }: { readonly one: HubAnswer<'party'> }) => {
  const say = useSay()
  return (
    <>
      <Facts>
        <Fact name={say('record.id')}>
          <span className="mono">{record.id}</span>
        </Fact>
        <Fact name={say('field.roles')}>{record.roles.map((role) => say(`role.${role}`)).join(' · ')}</Fact>
        <Fact name={say('field.creditCode')}>{record.creditCode && <span className="mono">{record.creditCode}</span>}</Fact>
        <Fact name={say('field.gln')}>{record.gln && <span className="mono">{record.gln}</span>}</Fact>
        <Fact name={say('field.contact')}>{record.contact && <ContactShown contact={record.contact} />}</Fact>
        <Fact name={say('record.use')}>{record.retired && <span className="mark mark-plain">{say('record.retired')}</span>}</Fact>
      </Facts>
      <section className="record-part">
        <h3>{say('field.licences')}</h3>
        {licences.length === 0 && <p className="faint">{say('party.no-licences')}</p>}
        <ul className="permits">
          {licences.map((licence) => (
            <li key={`${licence.kind} ${licence.number}`}>
              <ValidityMark validity={licence.validity} />
              <span>
                <b>{say(`licence.${licence.kind}`)}</b> {licence.number}
                <small className="faint">
                  {' '}
                  {licence.from ?? ''} ~ {licence.until ?? say('validity.endless')}
                </small>
              </span>
              {licence.file && <PaperLink file={licence.file} />}
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

const partyColumns = (say: CountySay, choice: Readonly<Record<string, string>>): readonly Column<RowOf<'parties'>>[] => [
  {
    id: 'item',
    title: say('column.party'),
    width: 'minmax(220px, 2fr)',
    cell: (row) => <RecordName name={row.name} id={row.id} retired={row.retired} href={hrefOf('parties', { ...choice, id: row.id })} />,
  },
  { id: 'kind', title: say('field.roles'), width: '150px', cell: (row) => row.roles.map((role) => say(`role.${role}`)).join(' · ') },
  {
    id: 'model',
    title: say('field.creditCode'),
    width: 'minmax(170px, 1fr)',
    cell: (row) => <span className="mono">{row.creditCode ?? say('page.nothing')}</span>,
  },
  {
    id: 'state',
    title: say('column.worst'),
    width: '170px',
    cell: (row) => (row.validity ? <ValidityMark validity={row.validity} /> : <span className="faint">{say('party.no-licences')}</span>),
  },
]
